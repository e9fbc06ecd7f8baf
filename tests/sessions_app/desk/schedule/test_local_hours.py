"""Page “Who is awake”: local hours of everybody for thirteen start times, for organisers only."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import make
from tests.sessions_app.public.test_views import text_of

pytestmark = pytest.mark.django_db


def get_page(client: Client, slug: str, shift: str = "") -> Any:
    return client.get(reverse("awake", args=[slug]), {"shift": shift} if shift else {})


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("\N{NO-BREAK SPACE}", " ").split())


def rows(page: str, workshop: int = 0) -> list[str]:
    """Texts of the rows of a workshop's table, without each person's sessions."""
    table = re.sub(
        r"<details>.*?</details>", "", page.split("<table")[workshop + 1], flags=re.DOTALL
    )
    return [words_of(row) for row in re.findall(r"<tr class.*?</tr>", table, re.DOTALL)]


def starts(page: str, workshop: int = 0) -> list[str]:
    listed = page.split('<ol class="starts')[workshop + 1].split("</ol>")[0]
    return [words_of(f"<li{item}") for item in listed.split("<li")[1:]]


def test_page_is_for_organisers(client: Client, programme: str) -> None:
    assert get_page(client, programme).status_code == 302


def test_page_is_never_cached(organiser_client: Client, programme: str) -> None:
    answer = get_page(organiser_client, programme)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_lines_show_local_hours_and_night_time_the_worst_first(
    organiser_client: Client, programme: str
) -> None:
    lines = rows(get_page(organiser_client, programme).content.decode())
    assert lines[:5] == [
        "New York EST · display time zone Tue 3 Aug 21:30 – Wed 02:15 4 h 15 min at night",
        "Kenya Nairobi 04:30 – 09:15 2 h 30 min at night",
        "Mr. James Buyekane 05:25 – 09:10 50 min at night",
        "Azerbaijan Baku 05:30 – 10:15 90 min at night",
        "Mr. Abdul Aliyev 06:25 – 08:40 20 min at night",
    ]
    assert "Vietnam Ho Chi Minh 08:30 – 13:15 none at night" in lines
    assert "Republic of Korea Seoul · KST 10:30 – 15:15 none at night" in lines


def test_people_are_shown_with_their_sessions(organiser_client: Client, programme: str) -> None:
    page = text_of(get_page(organiser_client, programme)).replace("\N{NO-BREAK SPACE}", " ")
    sessions = "Session 1 05:25–05:45 , 20 min at night Session 2 06:05–06:30 , 25 min at night"
    assert sessions in page


def test_thirteen_start_times_show_their_night_hours_and_the_best_one(
    organiser_client: Client, programme: str
) -> None:
    page = get_page(organiser_client, programme).content.decode()
    listed = starts(page)
    assert (len(listed), len(starts(page, 1))) == (13, 13)
    assert listed[3:9] == [
        "−3 h 05:30 9 people 6 h 5 min",
        "−2 h 06:30 7 people 4 h 25 min",
        "−1 h 07:30 3 people 2 h 20 min",
        "as planned 08:30 2 people 70 min shown",
        "+1 h 09:30 1 person 20 min",
        "+2 h 10:30 nobody best",
    ]


def test_chosen_start_moves_the_hours(organiser_client: Client, programme: str) -> None:
    page = get_page(organiser_client, programme, "-2").content.decode()
    assert "−2 h 06:30 7 people 4 h 25 min shown" in starts(page)
    assert "Kenya Nairobi 02:30 – 07:15 4 h 30 min at night" in rows(page)
    assert page.count('aria-current="true"') == 2
    text = words_of(page)
    assert (
        "2 hours earlier, 06:30–11:15 Lao Time: "
        "7 people have 4 h 25 min of their own sessions" in text
    )
    assert "Best start time: 2 hours later, at 10:30, nobody has a session at night." in text


@pytest.mark.parametrize("shift", ["7", "-7", "1.5", "two", "٣", "--2", "9" * 5000])
def test_unknown_shift_shows_the_planned_start(
    organiser_client: Client, programme: str, shift: str
) -> None:
    planned = get_page(organiser_client, programme).content
    assert get_page(organiser_client, programme, shift).content == planned


def test_people_without_a_known_time_zone_are_named_as_not_counted(
    organiser_client: Client, programme: str
) -> None:
    page = text_of(get_page(organiser_client, programme))
    named = (
        "Ms. Adriana Alberti, Mr. Prabin Maharjan, Mr. Jonas Rabinovitch, Ms. Ricarda Rieger, "
        "Mr. Sanva Saephan, Mr. Bokyun Shim and Mr. Juwang Zhu"
    )
    assert f"Not counted, because the time zone is not known: {named}." in page


def test_page_needs_neither_scripts_nor_styles_in_its_markup(
    organiser_client: Client, programme: str
) -> None:
    page = get_page(organiser_client, programme).content.decode()
    assert re.findall(r"<script| style=|<style| on\w+=", page) == []


def test_page_takes_the_same_queries_for_every_shift(
    organiser_client: Client, programme: str, django_assert_num_queries: Any
) -> None:
    for shift in ("", "-2"):
        # Twelve for the draft; the web session, its user, permissions, the event, its zone.
        with django_assert_num_queries(18):
            get_page(organiser_client, programme, shift)


def test_event_without_workshops_shows_the_first_step(organiser_client: Client) -> None:
    make.event_row()
    assert "Add one with its start and end first." in text_of(get_page(organiser_client, "event"))


def test_workshop_without_people_says_so(organiser_client: Client) -> None:
    make.workshop_row(make.event_row())
    page = get_page(organiser_client, "event").content.decode()
    assert "Nobody with a known time zone has a session in it yet." in page
    assert rows(page)[-1] == "Vientiane Lao Time · display time zone 08:30 – 13:15 none at night"


def test_markup_in_a_name_is_escaped(organiser_client: Client, organiser: User) -> None:
    event = make.event_row()
    row = make.session_row(make.workshop_row(event))
    person = make.person_row("Juny Kim", full_name_en="<b>Juny</b> Kim", country="KR")
    make.appearance_row(person, session=row)
    page = get_page(organiser_client, "event").content.decode()
    assert ("<b>Juny" in page, "&lt;b&gt;Juny" in page) == (False, True)
