"""Tests of the personal calendar feed: entries, sequences and access."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from participants.access import personal_links, tokens
from participants.models import Participation, Person, PersonalLink
from participants.personal.calendar_feed import entry_uid
from participants.personal.reply import Reply
from sessions_app.models import Session
from sessions_app.publishing import services
from tests import make
from tests.calendars import PARSERS, lint, parse_with_icalendar, unfold
from tests.participants.test_replies import save_reply
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

NOW = make.at(9, day=2)
JOIN = {"join_url": "https://example.org/join/7", "join_code": "Door-7"}


@pytest.fixture
def james(programme: str) -> Person:
    return Person.objects.get(key="james-buyekane")


@pytest.fixture
def delegate(programme: str) -> Participation:
    """Delegate without sessions, invited to the closed afternoon."""
    person = make.person_row("Dara Phommachanh", country="LA")
    return make.participation_row(person, Workshop.objects.get(key="national"))


def feed_path(person: Person) -> str:
    token = personal_links.calendar_token(person, timezone.now())
    if token is None:
        purpose = PersonalLink.Purpose.CALENDAR
        link = tokens.make_link(person=person, purpose=purpose, now=NOW)
        token = tokens.token_of(link)
    return f"/me/calendar/{token}.ics"


def calendar(person: Person) -> bytes:
    answer = Client().get(feed_path(person))
    assert answer.status_code == 200
    content: bytes = answer.content
    return content


def entries(text: bytes) -> dict[str, dict[str, str]]:
    """Properties of each VEVENT, by UID."""
    lines = "\n".join(unfold(text))
    by_uid = {}
    for event in re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", lines, re.DOTALL):
        pairs = [line.partition(":") for line in event.strip().split("\n")]
        properties = {name.partition(";")[0]: value for name, _, value in pairs}
        by_uid[properties["UID"]] = properties
    return by_uid


def workshop_entry(row: Participation) -> dict[str, str]:
    """Properties of the entry of the whole workshop; empty if there is none."""
    return entries(calendar(row.person)).get(str(entry_uid(row.pk)), {})


def answer_with(row: Participation, state: str, at: datetime = NOW) -> None:
    save_reply(participation=row, answer=Reply(state), now=at)


def test_sessions_have_the_same_entries_as_the_public_calendar(james: Person) -> None:
    public = entries(Client().get("/odsc-laos-2021/people/james-buyekane.ics").content)
    own = entries(calendar(james))
    names = ("UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "STATUS", "URL")
    assert len(own) == 5
    assert [[entry[name] for name in names] for entry in own.values()] == [
        [entry[name] for name in names] for entry in public.values()
    ]
    assert "Nairobi (UTC+3): Wed 4 Aug 05:25–05:45" in own[str(uid("session-1"))]["DESCRIPTION"]


def uid(key: str) -> Any:
    return Session.objects.get(key=key).uid


@pytest.mark.parametrize("reader", PARSERS)
def test_independent_parsers_find_sessions_and_whole_workshops(james: Person, reader: Any) -> None:
    """Sessions in the morning, and the whole afternoon, in which James only listens."""
    national = Workshop.objects.get(key="national")
    national.join_url = JOIN["join_url"]
    national.save()
    for key in ("international", "national"):
        row = make.participation_row(james, Workshop.objects.get(key=key))
        answer_with(row, "tentative")
    text = calendar(james)
    assert lint(text) == []
    parsed = reader(text)
    assert len(parsed) == 6
    afternoon = parsed[[entry.uid for entry in parsed].index(str(entry_uid(row.pk)))]
    assert (afternoon.starts_at, afternoon.ends_at, afternoon.status) == (
        *(make.at(14, 15), make.at(16), "TENTATIVE"),
    )


@pytest.mark.parametrize(
    ("states", "status", "sequence"),
    [
        ([], None, None),
        (["declined"], None, None),
        (["accepted"], "CONFIRMED", "0"),
        (["tentative"], "TENTATIVE", "0"),
        (["declined", "accepted"], "CONFIRMED", "0"),
        (["tentative", "accepted"], "CONFIRMED", "1"),
        (["accepted", "declined"], "CANCELLED", "1"),
        (["accepted", "declined", "tentative"], "TENTATIVE", "2"),
    ],
)
def test_whole_workshop_follows_the_reply(
    delegate: Participation, states: list[str], status: str | None, sequence: str | None
) -> None:
    for state in states:
        answer_with(delegate, state)
    entry = workshop_entry(delegate)
    assert (entry.get("STATUS"), entry.get("SEQUENCE")) == (status, sequence)


def test_whole_workshop_is_cancelled_for_a_withdrawn_person(delegate: Participation) -> None:
    Workshop.objects.filter(key="national").update(**JOIN)
    answer_with(delegate, "accepted")
    assert JOIN["join_url"] in workshop_entry(delegate)["DESCRIPTION"]
    delegate.refresh_from_db()
    delegate.state = "withdrawn"
    delegate.save()
    entry = workshop_entry(delegate)
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", "1")
    assert [value for value in JOIN.values() if value in entry["DESCRIPTION"]] == []
    assert b"Keopanya" not in calendar(delegate.person)


def test_sequence_rises_when_a_release_moves_the_workshop_and_not_otherwise(
    delegate: Participation,
) -> None:
    answer_with(delegate, "accepted")

    def after(**columns: Any) -> tuple[str, str, str]:
        workshop = Workshop.objects.get(key="national")
        for name, value in columns.items():
            setattr(workshop, name, value)
        workshop.save()
        number = workshop.event.releases.count() + 1
        services.publish(event=workshop.event, now=make.at(number, day=3), checked=False)
        entry = workshop_entry(delegate)
        return entry["SEQUENCE"], entry["DTSTART"], entry["LAST-MODIFIED"]

    made = workshop_entry(delegate)["LAST-MODIFIED"]
    assert after(other_titles="Also called") == ("0", "20210804T071500Z", made)
    Participation.history.update(history_date=NOW)  # type: ignore[attr-defined]
    assert after(title_en="Renamed") == ("0", "20210804T071500Z", "20210802T200000Z")
    assert after(starts_at=make.at(14)) == ("1", "20210804T070000Z", "20210802T210000Z")
    assert after(place_en="Hall 2") == ("2", "20210804T070000Z", "20210802T220000Z")


def test_unpublished_edits_change_no_calendar(delegate: Participation) -> None:
    answer_with(delegate, "accepted")
    before = calendar(delegate.person)
    workshop = Workshop.objects.get(key="national")
    workshop.title_en, workshop.starts_at = "Secret", make.at(13)
    workshop.save()
    assert calendar(delegate.person) == before


def test_dropped_session_stays_as_cancelled(james: Person) -> None:
    session = Session.objects.get(key="session-1")
    session.dropped_at = NOW
    session.save()
    services.publish(event=Event.objects.get(), now=NOW, checked=False)
    entry = entries(calendar(james))[str(session.uid)]
    assert (entry["STATUS"], entry["SEQUENCE"]) == ("CANCELLED", "1")


def test_sessions_have_join_information_for_registered_participants(james: Person) -> None:
    workshop = Workshop.objects.get(key="international")
    for name, value in JOIN.items():
        setattr(workshop, name, value)
    workshop.save()
    assert JOIN["join_url"].encode() not in calendar(james)
    row = make.participation_row(james, workshop)
    entry = entries(calendar(james))[str(uid("session-1"))]
    assert entry["DESCRIPTION"].endswith(
        "\\n\\nJoin: https://example.org/join/7\\nPasscode: Door-7"
    )
    assert entry["SEQUENCE"] == "0"
    assert entry["LAST-MODIFIED"] > "2022"
    answer_with(row, "declined")
    assert JOIN["join_url"].encode() not in calendar(james)


def test_feed_is_private_and_revalidated(james: Person) -> None:
    path, client = feed_path(james), Client()
    answer = client.get(path)
    token = path.split("/")[-1].removesuffix(".ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "private, no-cache"
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "Cookie" not in answer.get("Vary", "")
    assert token not in str(answer.headers)
    assert token.encode() not in answer.content
    again = client.get(path, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    make.participation_row(james, Workshop.objects.get(key="national"), "accepted")
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 200
    assert client.post(path).status_code == 405


def test_new_address_replaces_the_old_one(james: Person) -> None:
    link = tokens.make_link(person=james, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    client = Client()
    client.post(f"/me/{tokens.token_of(link)}/")
    old = feed_path(james)
    page = client.get("/me/").content.decode()
    assert f'href="webcal://testserver{old}"' in page
    assert f'value="http://testserver{old}"' in page
    answer = client.post("/me/calendar/", follow=True)
    new = feed_path(james)
    assert "Your calendar has a new address." in answer.content.decode()
    assert f'href="webcal://testserver{new}"' in answer.content.decode()
    assert [Client().get(path).status_code for path in (old, new)] == [404, 200]
    # The personal link opens no calendar, and the calendar's address no page.
    token = new.split("/")[-1].removesuffix(".ics")
    assert Client().post(f"/me/{token}/").status_code == 404
    assert Client().get(f"/me/calendar/{tokens.token_of(link)}.ics").status_code == 404


def test_presenter_of_a_closed_item_has_that_item_until_withdrawn(programme: str) -> None:
    person = Person.objects.get(key="debashis-nag")
    assert len(parse_with_icalendar(calendar(person))) == 1
    assert b"Keopanya" not in calendar(person)
    national = Workshop.objects.get(key="national")
    make.participation_row(person, national, "withdrawn")
    assert parse_with_icalendar(calendar(person)) == []


def test_feed_without_entries_is_valid(db: None) -> None:
    person = make.person_row('A;B,"C"\\\n' + "Ď" * 200, key="odd")
    text = calendar(person)
    assert (lint(text), entries(text)) == ([], {})
    (name,) = (line for line in unfold(text) if line.startswith("NAME:"))
    assert name == 'NAME:A\\;B\\,"C"\\\\ ' + "Ď" * 200 + ": own calendar"
