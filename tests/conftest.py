"""What tests share: the programme of 4 August 2021, published, and somebody who organises it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import caches
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from sessions_app import ready
from tests import make

SLUG = "odsc-laos-2021"


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
    for name in ("papers", "shared"):
        settings.CACHES[name]["LOCATION"] = settings.VAR / name


@pytest.fixture(autouse=True)
def _nothing_counted_before() -> None:
    caches["shared"].clear()
    ready.clear()


@pytest.fixture
def programme(db: None, monkeypatch: pytest.MonkeyPatch) -> str:
    """The real programme, loaded and published, always at the same moment; its slug."""
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: make.at(6, day=1))
        call_command("load_programme", verbosity=0)
    return SLUG


@pytest.fixture
def organiser(db: None) -> User:
    """In the group Organiser and no more: what is tried is what the group may do."""
    return make.account("organiser", "Organiser")


@pytest.fixture
def organiser_client(organiser: User) -> Client:
    client = Client()
    client.force_login(organiser)
    return client
