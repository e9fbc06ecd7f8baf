"""Debian's Chromium before the site: readers with a clock and a screen, with scripts or without."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import BrowserContext, Page

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def base_url() -> None:
    """In place of the plugin's fixture, a method, of which pytest 9 warns."""


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_type_launch_args,
        "executable_path": "/usr/bin/chromium",
        "args": [
            "--no-sandbox",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--no-first-run",
        ],
    }


@pytest.fixture
def event_url(live_server: Any, programme: str) -> str:
    """The address of the programme of 4 August 2021, served; no slash at the end."""
    return f"{live_server.url}/{programme}"


@pytest.fixture
def open_page(new_context: Callable[..., BrowserContext]) -> OpenPage:
    """Opens a page in a browser of its own: a reader with a clock, a screen and a scheme."""

    def opened(
        *,
        timezone: str = "Asia/Vientiane",
        width: int = 1440,
        height: int = 900,
        signed_in: tuple[str, User] | None = None,
        **options: Any,
    ) -> Page:
        context = new_context(
            timezone_id=timezone, viewport={"width": width, "height": height}, **options
        )
        context.set_default_timeout(5000)
        if signed_in:
            url, user = signed_in
            client = Client()
            client.force_login(user)
            value = client.cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": value, "url": url}])
        return context.new_page()

    return opened
