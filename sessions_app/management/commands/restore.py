"""manage.py restore SLUG NUMBER: restore an older release and publish it as a new one."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_app.models import Release
from sessions_app.publishing import services


class Command(BaseCommand):
    help = "Restore an older release of an event, as a new release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("number", type=int)

    def handle(self, *args: Any, **options: Any) -> None:
        slug, number = options["slug"], options["number"]
        release = Release.objects.filter(event__slug=slug, number=number).first()
        if release is None:
            raise CommandError(f"“{slug}” has no release {number}.")
        restored, is_new = services.restore(release=release, now=timezone.now())
        outcome = f"restored as release {restored.number}" if is_new else "is already published"
        self.stdout.write(f"{slug}: release {number} {outcome}")
