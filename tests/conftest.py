"""Shared fixtures: the published programme of 4 August 2021, an organiser, isolated storage."""

import os
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client, TestCase
from django.utils import timezone
from django_tasks_db.management.commands import db_worker

from sessions_app.response_cache import personal, public
from tests import make, row_snapshot

SLUG = "odsc-laos-2021"
# These tests need the servers of `make test-services`.
collect_ignore = [] if os.environ.get("SERVICES") else ["services"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With DATABASE_URL, run only the tests that use the database."""
    if not os.environ.get("DATABASE_URL"):
        return
    others = [item for item in items if not _uses_database(item)]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if _uses_database(item)]


def _uses_database(item: pytest.Item) -> bool:
    has_fixture = {"db", "transactional_db"}.intersection(getattr(item, "fixturenames", ()))
    is_case = issubclass(getattr(item, "cls", None) or object, TestCase)
    return bool(has_fixture or is_case or item.get_closest_marker("django_db"))


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(scope="session", autouse=True)
def _temporary_storage(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Folder of this run for documents and shared counters."""
    from django.conf import settings

    settings.VAR = tmp_path_factory.mktemp("var")
    for cache in settings.CACHES.values():
        if "KEY_PREFIX" in cache:  # Redis: a prefix for each test process
            cache["KEY_PREFIX"] += os.environ.get("PYTEST_XDIST_WORKER", "")
    if isinstance(settings.CACHES["shared"]["LOCATION"], Path):
        settings.CACHES["shared"]["LOCATION"] = settings.VAR / "shared"
    settings.STORAGES["documents"]["OPTIONS"]["location"] = settings.VAR


@pytest.fixture(autouse=True)
def _open_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test's transaction where the task engine closes connections between tasks."""
    monkeypatch.setattr(db_worker, "close_old_connections", lambda: None)


@pytest.fixture(autouse=True)
def _empty_caches() -> None:
    caches["shared"].clear()
    public.clear()
    personal.CACHE.clear()


@pytest.fixture
def programme(db: None, monkeypatch: pytest.MonkeyPatch, _programme_rows: row_snapshot.Rows) -> str:
    """Slug of the programme of 4 August 2021, loaded and published at a fixed time."""
    if _programme_rows:
        row_snapshot.restore_snapshot(_programme_rows)
        return SLUG
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: make.at(6, day=1))
        call_command("load_programme", verbosity=0)
    _programme_rows |= row_snapshot.take_snapshot()
    return SLUG


@pytest.fixture(scope="session")
def _programme_rows() -> row_snapshot.Rows:
    """Snapshot of the loaded programme; empty before the first test that uses it."""
    return {}


@pytest.fixture
def organiser(db: None) -> User:
    """An account with the permissions of the group Organiser only."""
    return make.account("organiser", "Organiser")


@pytest.fixture
def organiser_client(organiser: User) -> Client:
    client = Client()
    client.force_login(organiser)
    return client
