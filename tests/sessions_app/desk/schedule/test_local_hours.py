"""Who is awake, the page: for organisers alone, everybody's clock, thirteen starts, no script."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests import make
from tests.sessions_app.public.test_views import text_of

pytestmark = pytest.mark.django_db


def awake(client: Client, slug: str, shift: str = "") -> Any:
    return client.get(reverse("awake", args=[slug]), {"shift": shift} if shift else {})


def words_of(markup: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", markup).replace("\N{NO-BREAK SPACE}", " ").split())


def rows(page: str, part: int = 0) -> list[str]:
    """What the lines of one workshop's table say, without the sessions of each person."""
    table = re.sub(r"<details>.*?</details>", "", page.split("<table")[part + 1], flags=re.DOTALL)
    return [words_of(row) for row in re.findall(r"<tr class.*?</tr>", table, re.DOTALL)]


def starts(page: str, part: int = 0) -> list[str]:
    listed = page.split('<ol class="starts')[part + 1].split("</ol>")[0]
    return [words_of(f"<li{each}") for each in listed.split("<li")[1:]]


def test_page_is_for_organisers(client: Client, programme: str) -> None:
    assert awake(client, programme).status_code == 302


def test_page_is_kept_by_no_cache(organiser_client: Client, programme: str) -> None:
    answer = awake(organiser_client, programme)
    assert (answer.status_code, answer["Cache-Control"]) == (200, "private, no-store")


def test_lines_tell_local_hours_and_minutes_at_night_the_worst_first(
    organiser_client: Client, programme: str
) -> None:
    lines = rows(awake(organiser_client, programme).content.decode())
    assert lines[:5] == [
        "New York EST · programme clock Tue 3 Aug 21:30 – Wed 02:15 255 min at night",
        "Kenya Nairobi 04:30 – 09:15 150 min at night",
        "Mr. James Buyekane 05:25 – 09:10 50 min at night",
        "Azerbaijan Baku 05:30 – 10:15 90 min at night",
        "Mr. Abdul Aliyev 06:25 – 08:40 20 min at night",
    ]
    assert "Vietnam Ho Chi Minh 08:30 – 13:15 none at night" in lines
    assert "Republic of Korea Seoul · KST 10:30 – 15:15 none at night" in lines


def test_parts_are_told_with_their_sessions(organiser_client: Client, programme: str) -> None:
    page = text_of(awake(organiser_client, programme)).replace("\N{NO-BREAK SPACE}", " ")
    parts = "Session 1 05:25–05:45 , 20 min at night Session 2 06:05–06:30 , 25 min at night"
    assert parts in page


def test_thirteen_starts_say_what_they_cost_which_is_shown_and_which_is_best(
    organiser_client: Client, programme: str
) -> None:
    page = awake(organiser_client, programme).content.decode()
    told = starts(page)
    assert (len(told), len(starts(page, 1))) == (13, 13)
    assert told[3:9] == [
        "−3 h 05:30 9 people 365 min",
        "−2 h 06:30 7 people 265 min",
        "−1 h 07:30 3 people 140 min",
        "as planned 08:30 2 people 70 min shown",
        "+1 h 09:30 1 person 20 min",
        "+2 h 10:30 nobody best",
    ]


def test_chosen_start_moves_the_hours(organiser_client: Client, programme: str) -> None:
    page = awake(organiser_client, programme, "-2").content.decode()
    assert "−2 h 06:30 7 people 265 min shown" in starts(page)
    assert "Kenya Nairobi 02:30 – 07:15 270 min at night" in rows(page)
    assert page.count('aria-current="true"') == 2
    told = words_of(page)
    assert "2 hours earlier, 06:30–11:15 Lao Time: 7 people have 265 min of their own parts" in told
    assert "Best of these: 2 hours later, at 10:30, nobody has a part at night." in told


@pytest.mark.parametrize("shift", ["7", "-7", "1.5", "two", "٣", "--2", "9" * 5000])
def test_refused_shift_shows_what_is_planned(
    organiser_client: Client, programme: str, shift: str
) -> None:
    planned = awake(organiser_client, programme).content
    assert awake(organiser_client, programme, shift).content == planned


def test_nothing_is_claimed_of_people_whose_clock_is_not_known(
    organiser_client: Client, programme: str
) -> None:
    page = text_of(awake(organiser_client, programme))
    named = (
        "Ms. Adriana Alberti, Mr. Prabin Maharjan, Mr. Jonas Rabinovitch, Ms. Ricarda Rieger, "
        "Mr. Sanva Saephan, Mr. Bokyun Shim and Mr. Juwang Zhu"
    )
    assert f"Nothing is claimed about the night of {named}:" in page


def test_page_needs_neither_scripts_nor_styles_in_its_markup(
    organiser_client: Client, programme: str
) -> None:
    page = awake(organiser_client, programme).content.decode()
    assert re.findall(r"<script| style=|<style| on\w+=", page) == []


def test_page_takes_the_same_queries_whatever_is_asked(
    organiser_client: Client, programme: str, django_assert_num_queries: Any
) -> None:
    for shift in ("", "-2"):
        # The draft's twelve; the session, its user, what they may do, the event, its own clock.
        with django_assert_num_queries(18):
            awake(organiser_client, programme, shift)


def test_event_without_workshops_says_what_to_do_first(organiser_client: Client) -> None:
    make.event_row()
    assert "Add a workshop with its start and its end first" in text_of(
        awake(organiser_client, "event")
    )


def test_workshop_without_people_says_whom_it_lacks(organiser_client: Client) -> None:
    make.workshop_row(make.event_row())
    page = awake(organiser_client, "event").content.decode()
    assert "Nobody whose clock is known has a part in it yet." in page
    assert rows(page)[-1] == "Vientiane Lao Time · programme clock 08:30 – 13:15 none at night"


def test_markup_in_a_name_stays_text(organiser_client: Client, organiser: User) -> None:
    event = make.event_row()
    row = make.session_row(make.workshop_row(event))
    person = make.person_row("Juny Kim", full_name_en="<b>Juny</b> Kim", country="KR")
    make.appearance_row(person, session=row)
    page = awake(organiser_client, "event").content.decode()
    assert ("<b>Juny" in page, "&lt;b&gt;Juny" in page) == (False, True)
