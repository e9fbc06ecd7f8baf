"""manage.py check_agenda SLUG: findings of the checks on the draft of an event."""

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
    help = "Check the draft of an event; exit code 1 if an error would stop publishing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no event “{options['slug']}”.")
        findings = check(get_draft(event), country)
        if options["format"] == "json":
            data = [asdict(finding) for finding in findings]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(findings)))
        if any(finding.level is Level.ERROR for finding in findings):
            sys.exit(1)


def _lines(findings: tuple[Finding, ...]) -> Iterator[str]:
    for finding in findings:
        yield f"{finding.level:<8} {finding.code:<26} {finding.message}"
    count = Counter(finding.level for finding in findings)
    yield ", ".join(f"{count[level]} {level}{'' if count[level] == 1 else 's'}" for level in Level)
