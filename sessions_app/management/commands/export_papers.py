"""manage.py export_papers SLUG --to DIR: every paper of an event, as files and as one ZIP."""

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from participants.access import permissions
from sessions_app.documents import catalogue, storage
from sessions_app.publishing import queries
from sessions_app.renderers.context import Reading
from sessions_app.renderers.pdf.engine import PaperFailed

BAR = 30


class Command(BaseCommand):
    help = "Write every paper of an event's newest release into a folder, and a ZIP of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--to", required=True, metavar="DIR", type=Path)
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="scheme and host")

    def handle(self, *args: Any, **options: Any) -> None:
        reading = _reading(options["slug"], options["site"])
        folder: Path = options["to"]
        items = tuple(catalogue.items(reading))
        made, failed = [], []
        for count, item in enumerate(items, start=1):
            self._progress(count, len(items), item.path)
            try:
                content = storage.written(item.draw())
            except (PaperFailed, storage.NotKept) as problem:
                failed.append(f"{item.path}: {problem}")
                continue
            target = folder / item.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            made.append(item.path)
        with zipfile.ZipFile(folder / f"{options['slug']}-papers.zip", "w") as archive:
            for path in made:
                archive.write(folder / path, path)
        self.stdout.write(f"\n{len(made)} papers in {folder}")
        if failed:
            raise CommandError("Not made:\n" + "\n".join(failed))

    def _progress(self, count: int, of: int, name: str) -> None:
        done = BAR * count // of
        bar = "█" * done + "·" * (BAR - done)
        self.stdout.write(f"\r{bar} {count}/{of} {name:<44.44}", ending="")
        self.stdout.flush()


def _reading(slug: str, site: str) -> Reading:
    published = queries.get_published(slug, permissions.organiser(slug))
    if published is None:
        raise CommandError(f"“{slug}” has no release.")
    return Reading(
        agenda=published,
        asked=(),
        language="en",
        path=reverse("programme", args=[slug]),
        site=site,
        base=reverse("agenda", args=[slug]),
        is_organiser=True,
    )
