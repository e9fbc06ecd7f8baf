"""manage.py load_programme: load the programme of 4 August 2021 and publish it."""

import json
from argparse import ArgumentParser
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import timezone

from sessions_app import models
from sessions_app.publishing import services
from workshop.models import AboutSection, DisplayZone, Event, StatedWindow

FIXTURE = "odsc-laos-2021"


class Command(BaseCommand):
    help = "Load the programme of 4 August 2021 from the fixture and publish it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--replace",
            action="store_true",
            help="overwrite an existing event with the fixture; its releases are kept",
        )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        event = Event.objects.filter(uid__in=_uids_of("workshop.event")).first()
        if event is not None and not options["replace"]:
            self.stdout.write(f"{event.slug}: exists, not changed")
            return
        now = timezone.now()
        if event is not None:
            _clear(event)
        call_command("loaddata", FIXTURE, verbosity=0)
        if event is not None:
            loaded = _uids_of("sessions_app.session")
            added = models.Session.objects.current().filter(event=event)
            added.exclude(uid__in=loaded).update(dropped_at=now)
        _start_history(now)
        event = Event.objects.get(slug=FIXTURE)
        release, _ = services.publish(event=event, now=now, note="Loaded from the fixture")
        self.stdout.write(f"{FIXTURE}: loaded, release {release.number}")


def _clear(event: Event) -> None:
    """Delete rows that the fixture creates again; sessions stay, as their UIDs are permanent."""
    models.Appearance.objects.filter(workshop__event=event).delete()
    models.Appearance.objects.filter(session__event=event).delete()
    models.Presentation.objects.filter(session__event=event).delete()
    models.QuestionBlock.objects.filter(session__event=event).delete()
    DisplayZone.objects.filter(event=event).delete()
    AboutSection.objects.filter(event=event).delete()
    StatedWindow.objects.filter(workshop__event=event).delete()


def _start_history(now: datetime) -> None:
    """Create history records for the loaded rows: loaddata does not."""
    for name in {row["model"] for row in _fixture()}:
        model: Any = apps.get_model(name)
        rows = model.objects.filter(pk__in=_uids_of(name))
        with_history = set(model.history.values_list("uid", flat=True))
        for is_update in (False, True):
            selected = [row for row in rows if (row.uid in with_history) is is_update]
            model.history.bulk_history_create(selected, update=is_update, default_date=now)


def _uids_of(model: str) -> list[str]:
    return [row["pk"] for row in _fixture() if row["model"] == model]


@cache
def _fixture() -> list[dict[str, Any]]:
    path = Path(settings.BASE_DIR) / "fixtures" / f"{FIXTURE}.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text())
    return rows
