"""First page of the desk: list of events, and first steps without one."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from sessions_app.publishing import services
from tests import make
from tests.sessions_app.public.test_views import text_of

pytestmark = pytest.mark.django_db


def rows(client: Client) -> list[tuple[str, str, str]]:
    lines = client.get("/desk/?all").context["events"]
    return [(line.slug, line.dates, line.release) for line in lines]


def test_events_are_listed_with_dates_and_releases_the_latest_first(
    organiser_client: Client,
) -> None:
    make.event_row("empty")
    make.workshop_row(make.event_row("first"))
    two_days = make.event_row("second")
    make.workshop_row(two_days, starts_at=make.at(1, day=5), ends_at=make.at(2, day=5))
    make.workshop_row(
        two_days, "late", starts_at=make.at(23, day=6), ends_at=make.at(23, 30, day=6)
    )
    services.publish(event=two_days, now=make.at(9))
    assert rows(organiser_client) == [
        ("empty", "No dates yet", "Not published yet"),
        (
            "second",
            "Thursday 5 August 2021 – Friday 6 August 2021",
            "Release 1, published Wednesday 4 August 2021",
        ),
        ("first", "Wednesday 4 August 2021", "Not published yet"),
    ]
    assert organiser_client.get("/desk/").status_code == 200


def test_only_event_redirects_to_its_board_unless_all_are_requested(
    organiser_client: Client,
) -> None:
    make.event_row()
    assert organiser_client.get("/desk/").url == "/desk/event/"
    assert 'href="/desk/event/"' in organiser_client.get("/desk/?all").content.decode()


def test_desk_without_events_shows_first_steps(organiser_client: Client) -> None:
    page = organiser_client.get("/desk/")
    assert "There is no event yet. Add an event : its title," in text_of(page)
    assert "/admin/workshop/event/add/" in page.content.decode()
    reader = Client()
    reader.force_login(make.account("reader", "Reader"))
    text = text_of(reader.get("/desk/"))
    assert "There is no event yet. Ask an organiser: organiser." in text
    assert "Add an event" not in text


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    organiser_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    for number in range(count):
        event = make.event_row(f"event-{number}")
        make.workshop_row(event)
        services.publish(event=event, now=timezone.now())
    # The web session, its user, their permissions; the events with their releases, the workshops.
    with django_assert_num_queries(6):
        assert len(rows(organiser_client)) == count
