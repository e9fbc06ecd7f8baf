"""What tests share: the programme of 4 August 2021, published, and somebody who organises it."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone

from sessions_app.response_cache import personal, public
from tests import again, make

SLUG = "odsc-laos-2021"
# `make test-services` alone has the servers that these need.
collect_ignore = [] if os.environ.get("SERVICES") else ["services"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On another database than one's own machine's, only what asks a database is worth the time."""
    if not os.environ.get("DATABASE_URL"):
        return
    others = [each for each in items if not _asks_a_database(each)]
    config.hook.pytest_deselected(items=others)
    items[:] = [each for each in items if _asks_a_database(each)]


def _asks_a_database(item: pytest.Item) -> bool:
    asks = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    is_case = issubclass(getattr(item, "cls", None) or object, TestCase)
    return bool(asks or is_case or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session", autouse=True)
def _papers_of_the_tests(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Papers are kept for the run and no longer, and so is what processes count together."""
    from django.conf import settings

    settings.VAR = tmp_path_factory.mktemp("var")
    for cache in settings.CACHES.values():
        if "KEY_PREFIX" in cache:  # in Redis: each process of the tests counts for itself
            cache["KEY_PREFIX"] += os.environ.get("PYTEST_XDIST_WORKER", "")
    if isinstance(settings.CACHES["shared"]["LOCATION"], Path):
        settings.CACHES["shared"]["LOCATION"] = settings.VAR / "shared"
    settings.STORAGES["papers"]["OPTIONS"]["location"] = settings.VAR


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    caches["shared"].clear()
    public.clear()
    personal.SHELF.clear()


@pytest.fixture
def programme(db: None, monkeypatch: pytest.MonkeyPatch, _rows_of_the_programme: again.Rows) -> str:
    """The real programme, loaded and published, always at the same moment; its slug."""
    if _rows_of_the_programme:
        again.put(_rows_of_the_programme)
        return SLUG
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: make.at(6, day=1))
        call_command("load_programme", verbosity=0)
    _rows_of_the_programme |= again.taken()
    return SLUG


@pytest.fixture(scope="session")
def _rows_of_the_programme() -> again.Rows:
    """Empty until a test has loaded it."""
    return {}


@pytest.fixture
def organiser(db: None) -> User:
    """In the group Organiser and no more: what is tried is what the group may do."""
    return make.account("organiser", "Organiser")


@pytest.fixture
def organiser_client(organiser: User) -> Client:
    client = Client()
    client.force_login(organiser)
    return client
