"""manage.py export_documents SLUG --to DIR: all documents of an event as PDF files and a ZIP."""

import zipfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from participants.access.viewer import organiser_viewer
from sessions_app.documents import catalogue, storage
from sessions_app.publishing import queries
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.pdf.engine import RenderFailed

BAR_WIDTH = 30


class Command(BaseCommand):
    help = "Write all documents of an event's newest release into a folder, and a ZIP of them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--to", required=True, metavar="DIR", type=Path)
        parser.add_argument("--site", default="http://127.0.0.1:8000", help="scheme and host")

    def handle(self, *args: Any, **options: Any) -> None:
        context = _context(options["slug"], options["site"])
        folder: Path = options["to"]
        items = tuple(catalogue.items(context))
        written, errors = [], []
        for count, item in enumerate(items, start=1):
            self._progress(count, len(items), item.path)
            try:
                content = storage.render_blocking(item.render())
            except (RenderFailed, storage.StorageFailed) as error:
                errors.append(f"{item.path}: {error}")
                continue
            target = folder / item.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
            written.append(item.path)
        with zipfile.ZipFile(folder / f"{options['slug']}-documents.zip", "w") as archive:
            for path in written:
                archive.write(folder / path, path)
        self.stdout.write(f"\n{len(written)} documents in {folder}")
        if errors:
            raise CommandError("Not rendered:\n" + "\n".join(errors))

    def _progress(self, count: int, total: int, name: str) -> None:
        done = BAR_WIDTH * count // total
        bar = "█" * done + "·" * (BAR_WIDTH - done)
        self.stdout.write(f"\r{bar} {count}/{total} {name:<44.44}", ending="")
        self.stdout.flush()


def _context(slug: str, site: str) -> RenderContext:
    agenda = queries.get_published(slug, organiser_viewer(slug))
    if agenda is None:
        raise CommandError(f"“{slug}” has no release.")
    return RenderContext(
        agenda=agenda,
        requested_zones=(),
        language="en",
        path=reverse("programme", args=[slug]),
        site=site,
        base=reverse("agenda", args=[slug]),
        is_organiser=True,
    )
