"""What tests share: the programme of 4 August 2021, published, and somebody who organises it."""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.test import Client

SLUG = "odsc-laos-2021"


@pytest.fixture(autouse=True)
def _plain_static_files(settings: Any) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture
def programme(db: None) -> str:
    """The real programme, loaded and published; its slug."""
    call_command("load_programme", verbosity=0)
    return SLUG


@pytest.fixture
def organiser(db: None) -> User:
    return User.objects.create_superuser("organiser")


@pytest.fixture
def organiser_client(organiser: User) -> Client:
    client = Client()
    client.force_login(organiser)
    return client
