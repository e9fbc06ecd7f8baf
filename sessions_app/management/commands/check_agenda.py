"""manage.py check_agenda SLUG: what is wrong with an event's rows as they stand now."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.checks.registry import Finding, Level, check
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers.labels import country
from workshop.models import Event


class Command(BaseCommand):
    help = "Check an event's rows; the exit code is 1 where an error would stop publishing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no event “{options['slug']}”.")
        findings = check(get_draft(event), country)
        if options["format"] == "json":
            said = json.dumps([asdict(each) for each in findings], ensure_ascii=False, indent=2)
            self.stdout.write(said)
        else:
            self.stdout.write("\n".join(_lines(findings)))
        if any(each.level is Level.ERROR for each in findings):
            sys.exit(1)


def _lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    for each in findings:
        yield f"{each.level:<8} {each.code:<26} {each.message}"
    count = Counter(each.level for each in findings)
    yield ", ".join(f"{count[level]} {level}{'' if count[level] == 1 else 's'}" for level in Level)
