"""Site for the benchmarks, with events of every size, in a temporary folder."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

SLUGS = {size: f"forum-{size}" for size in (20, 100, 200, 300, 1000)}


@contextmanager
def prepare() -> Iterator[None]:
    """Prepare settings, database, static files and published events for servers in the block."""
    with TemporaryDirectory(prefix="bench-") as folder:
        for name in ("DATABASE", "DATABASE_URL", "CACHE_URL", "DEBUG", "BEHIND_PROXY", "SITE"):
            os.environ.pop(name, None)
        os.environ |= {
            "VAR": folder,
            "HTTPS": "0",
            "SECRET_KEY": secrets.token_urlsafe(50),
            "DJANGO_SETTINGS_MODULE": "workshop.settings",
        }
        _fill(Path(folder))
        yield


def personal_cookie(size: int) -> str:
    """The Cookie header of a moderator who opened their personal link."""
    from django.conf import settings
    from django.test import Client
    from django.utils import timezone

    from participants.access.tokens import make_link, token_of
    from participants.models import PersonalLink
    from tests.benchmarks import events
    from workshop.models import Event

    person = events.accept_invitations(Event.objects.get(slug=SLUGS[size]))
    link = make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    browser = Client(SERVER_NAME="127.0.0.1")
    response = browser.post(f"/me/{token_of(link)}/")
    if response.status_code != 302:
        raise RuntimeError(f"A personal link returned {response.status_code}.")
    name = settings.SESSION_COOKIE_NAME
    return f"{name}={browser.cookies[name].value}"


def _fill(folder: Path) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    from tests.benchmarks import events

    (folder / "static").mkdir()
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    for size, slug in SLUGS.items():
        events.publish(events.make_event(slug, size))
