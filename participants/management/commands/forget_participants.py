"""manage.py forget_participants: delete lists, replies and mails of events long over."""

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from participants.lists import pending_uploads
from participants.privacy.erasure import forget_replies


class Command(BaseCommand):
    help = "Delete lists, replies, mails and personal links of events that were over before a day."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--before", type=date.fromisoformat, required=True, metavar="DATE")

    def handle(self, *args: Any, **options: Any) -> None:
        count = forget_replies(before=options["before"])
        pending_uploads.forget_all()
        self.stdout.write(f"{count} places in lists were deleted, with their mails and links")
