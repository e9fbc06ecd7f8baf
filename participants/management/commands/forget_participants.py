"""manage.py forget_participants: delete participant lists, replies and e-mails of old events."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participants.lists import pending_uploads
from participants.privacy.erasure import delete_old_participations


class Command(BaseCommand):
    help = "Delete participant lists, replies, e-mails and personal links of events before a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", type=date.fromisoformat, required=True, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        count = delete_old_participations(before=options["before"])
        pending_uploads.delete_all_uploads()
        self.stdout.write(f"{count} participations deleted, with their e-mails and links")
