"""manage.py publish SLUG: publish the draft of an event as a new release."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_app.publishing import services
from sessions_app.renderers.finding_sentences import with_sentences
from workshop.models import Event, Workshop


class Command(BaseCommand):
    help = "Publish the draft of an event as a new release."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--workshop", action="append", metavar="KEY", help="only this workshop")
        parser.add_argument("--note", default="", help="for organisers")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no event “{options['slug']}”.")
        try:
            release, is_new = services.publish(
                event=event,
                now=timezone.now(),
                note=options["note"],
                workshops=self._selected(event, options["workshop"]),
            )
        except services.CannotPublish as error:
            errors = with_sentences(error.errors, error.candidate.would_release)
            reasons = "\n".join(sentence for _error, sentence in errors)
            raise CommandError(f"Not published:\n{reasons}") from error
        outcome = "published" if is_new else "unchanged, no new release"
        self.stdout.write(f"{event.slug}: release {release.number} {outcome}")

    def _selected(self, event: Event, keys: list[str] | None) -> set[Any] | None:
        if not keys:
            return None
        uids = dict(Workshop.objects.filter(event=event).values_list("key", "uid"))
        missing = [key for key in keys if key not in uids]
        if missing:
            raise CommandError(f"{event.slug} has no workshop “{missing[0]}”.")
        return {uids[key] for key in keys}
