"""manage.py check_agenda SLUG: findings of the checks on the draft of an event."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_app.checks.registry import Finding, Level, check
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers.finding_sentences import with_sentences
from workshop.models import Event

REFERENCES = ("workshop", "sessions", "people", "minutes")


class Command(BaseCommand):
    help = "Check the draft of an event; exit code 1 if an error would stop publishing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("slug")
        parser.add_argument("--format", choices=["text", "json"], default="text")

    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(slug=options["slug"]).first()
        if event is None:
            raise CommandError(f"There is no event “{options['slug']}”.")
        draft = get_draft(event)
        findings = with_sentences(check(draft), draft)
        if options["format"] == "json":
            data = [
                {"code": finding.code, "level": finding.level, "message": sentence}
                | {name: getattr(finding, name) for name in REFERENCES}
                for finding, sentence in findings
            ]
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lines(findings)))
        if any(finding.level is Level.ERROR for finding, _sentence in findings):
            sys.exit(1)


def _lines(findings: tuple[tuple[Finding, str], ...]) -> Iterator[str]:
    for finding, sentence in findings:
        yield f"{finding.level:<8} {finding.code:<26} {sentence}"
    count = Counter(finding.level for finding, _sentence in findings)
    yield ", ".join(f"{count[level]} {level}{'' if count[level] == 1 else 's'}" for level in Level)
