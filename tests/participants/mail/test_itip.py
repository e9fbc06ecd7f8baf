"""Calendar entries by mail: what four readers find, and that SEQUENCE is right whatever happens."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.mail import itip
from participants.mail.itip import Held, Invite, Parties, messages
from participants.mail.personal_agenda import entries, own
from participants.models import Letter, Participation, Person, SentEntry, SessionReply
from participants.personal.calendar_state import entry_uid
from sessions_app import models
from sessions_app.agenda.sequences import follow
from sessions_app.agenda.types import Agenda, Session
from tests import make
from tests.calendars import READERS, Entry, by_icalendar, lint_itip, unfolded
from tests.mails import delegate, on_list, publish, send
from workshop.models import Event

ME, OTHER = make.uid("Juny Kim"), make.uid("Ana Ng")
MORNING = make.uid("international")
WHOLE = {MORNING: make.uid("my place in the morning")}
OFFICE = icalendar.vCalAddress("mailto:office@example.org")


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    event.office_name_en, event.office_address = "UNPOG", "unpog@example.org"
    event.save()
    publish(event, hour=7)
    on_list(event)
    delegate(event)
    return event


def calendars(kind: str = "", key: str = "") -> list[bytes]:
    letters = Letter.objects.filter(kind__contains=kind, person__key__contains=key)
    return [calendar.encode() for letter in letters for calendar in letter.calendars]


def line(text: bytes, name: str) -> str:
    (found,) = [each for each in unfolded(text) if re.match(rf"{name}\b", each)]
    return found


# Read back


@pytest.mark.django_db
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_the_sessions_of_a_panelist(event: Event, reader: Any) -> None:
    send(event, "invitation")
    rows = models.Session.objects.filter(
        workshop__key="international", appearances__person__key="juny-kim"
    )
    assert rows.count() == 4
    assert sorted(entry for text in calendars(key="juny-kim") for entry in reader(text)) == sorted(
        Entry(
            str(row.uid),
            row.starts_at,
            row.ends_at,
            f"Session {row.number}: {row.title}" if row.number else row.title,
            "CONFIRMED",
        )
        for row in rows
    )


@pytest.mark.django_db
@pytest.mark.parametrize("reader", READERS)
def test_every_reader_finds_what_is_cancelled(event: Event, reader: Any) -> None:
    send(event, "invitation")
    row = models.Session.objects.get(key="session-5")
    row.appearances.get(person__key="juny-kim").delete()
    publish(event)
    send(event, "change")
    (text,) = calendars("change", "juny-kim")
    title = f"Session 5: {row.title}"
    assert reader(text) == [Entry(str(row.uid), row.starts_at, row.ends_at, title, "CANCELLED")]
    assert (line(text, "METHOD"), line(text, "SEQUENCE")) == ("METHOD:CANCEL", "SEQUENCE:1")


@pytest.mark.django_db
def test_every_calendar_of_every_mail_is_clean(event: Event) -> None:
    send(event, "invitation")
    send(event, "reminder")
    for row in models.Session.objects.filter(workshop__key="international", number__gte=3):
        row.ends_at -= timedelta(minutes=1)
        row.status = "tentative" if row.number == 5 else "confirmed"
        row.save()
    models.Session.objects.get(key="session-2").appearances.all()[0].delete()
    publish(event)
    send(event, "change")
    Participation.objects.filter(person__key="abdul-aliyev").update(state="withdrawn")
    send(event, "cancellation")
    texts = calendars()
    assert len(texts) > 80
    assert {line(text, "METHOD") for text in texts} == {"METHOD:REQUEST", "METHOD:CANCEL"}
    assert [found for text in texts for found in lint_itip(text)] == []


@pytest.mark.django_db
def test_request_goes_to_one_person_from_the_office(event: Event) -> None:
    send(event, "invitation")
    by_person = {
        key: {line(text, "ATTENDEE") for text in calendars(key=key)}
        for key in ("juny-kim", "bokyun-shim", "dara-phommachanh")
    }
    facts = "PARTSTAT=NEEDS-ACTION;ROLE={};RSVP=FALSE:mailto:{}@example.org"
    assert by_person == {
        "juny-kim": {f'ATTENDEE;CN="Ms. Juny Kim";{facts.format("REQ-PARTICIPANT", "juny-kim")}'},
        "bokyun-shim": {
            f'ATTENDEE;CN="Mr. Bokyun Shim";{facts.format(role, "bokyun-shim")}'
            for role in ("CHAIR", "REQ-PARTICIPANT")
        },
        "dara-phommachanh": {
            f'ATTENDEE;CN="Dara Phommachanh";{facts.format("REQ-PARTICIPANT", "dara")}'
        },
    }
    assert {line(text, "ORGANIZER") for text in calendars()} == {
        "ORGANIZER;CN=UNPOG:mailto:unpog@example.org"
    }


@pytest.mark.django_db
def test_no_reply_address_organises_where_there_is_no_office(event: Event, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.org"
    Event.objects.update(office_address="", office_name_en="")
    publish(event)
    send(event, "invitation", "juny-kim")
    assert line(calendars()[0], "ORGANIZER") == (
        'ORGANIZER;CN="United Nations Department of Economic and Social Affairs (UN DESA)"'
        ":mailto:no-reply@example.org"
    )


@pytest.mark.django_db
def test_what_they_answered_stands_in_the_next_mail(event: Event) -> None:
    send(event, "invitation")
    place = Participation.objects.get(person__key="juny-kim")
    place.state = "tentative"
    place.save()
    session = models.Session.objects.get(key="session-5")
    SessionReply.objects.create(participation=place, session=session, takes_part=False)
    send(event, "reminder", "juny-kim")
    said = {
        line(text, "UID") == f"UID:{session.uid}": re.findall(
            r"PARTSTAT=([A-Z-]+)", line(text, "ATTENDEE")
        )
        for text in calendars("reminder")
    }
    assert said == {True: ["DECLINED"], False: ["TENTATIVE"]}


@pytest.mark.django_db
def test_observer_is_optional_and_a_workshop_has_a_uid_for_each_person(event: Event) -> None:
    delegate(event, "Ana Ng")
    Participation.objects.filter(person__key="ana-ng").update(role="observer")
    send(event, "invitation")
    places = Participation.objects.filter(person__country="LA", person__key__contains="-")
    uids = {str(entry_uid(place.uid)) for place in places.exclude(role="panelist")}
    found = calendars(key="dara-phommachanh") + calendars(key="ana-ng")
    assert {line(text, "UID").removeprefix("UID:") for text in found} == uids
    assert {
        "ROLE=OPT-PARTICIPANT" in line(text, "ATTENDEE") for text in calendars(key="ana-ng")
    } == {True}


@pytest.mark.django_db
def test_mail_never_says_less_than_the_feed(event: Event) -> None:
    """Moved there and back before the invitation: the feed is at 2 already."""
    row = models.Session.objects.get(key="session-5")
    for hour, minutes in ((8, 35), (9, 45)):
        row.ends_at = make.at(12, minutes)
        row.save()
        publish(event, hour=hour)
    send(event, "invitation", "juny-kim", hour=10)
    sent = SentEntry.objects.get(entry=row.uid)
    assert (sent.sequence, sent.is_cancelled) == (2, False)


@pytest.mark.django_db
def test_retitled_session_is_told_again_without_a_higher_sequence(event: Event) -> None:
    send(event, "invitation")
    models.Session.objects.filter(key="session-5").update(title_en="Results")
    publish(event)
    send(event, "change", hour=10)
    (text,) = calendars("change", "juny-kim")
    assert (line(text, "SEQUENCE"), line(text, "DTSTAMP"), line(text, "SUMMARY")) == (
        "SEQUENCE:0",
        "DTSTAMP:20210802T030000Z",
        "SUMMARY:Session 5: Results",
    )


@pytest.mark.django_db
def test_their_own_answer_alone_is_no_news_to_their_calendar(event: Event) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="juny-kim").update(state="accepted")
    models.Session.objects.filter(key="session-5").update(ends_at=make.at(12, 50))
    publish(event)
    send(event, "change")
    (text,) = calendars("change", "juny-kim")
    assert "PARTSTAT=ACCEPTED" in line(text, "ATTENDEE")
    assert by_icalendar(text)[0].ends_at == make.at(12, 50)


@pytest.mark.django_db
def test_text_of_the_programme_cannot_break_an_entry(event: Event) -> None:
    hostile = 'END:VEVENT\r\nATTENDEE:mailto:x@example.org\x07 "; \\n'
    models.Session.objects.filter(key="session-5").update(title_en=hostile, place_en=hostile)
    Person.objects.filter(key="juny-kim").update(full_name_en=hostile)
    event.office_name_en = hostile
    event.save()
    publish(event)
    send(event, "invitation", "juny-kim")
    texts = calendars()
    assert [found for text in texts for found in lint_itip(text)] == []
    assert len([entry for text in texts for entry in by_icalendar(text)]) == 4


# Whatever happens


class Story:
    """A programme that is edited and published, and the calendar of one who is told by mail."""

    def __init__(self) -> None:
        self.draft = _agenda()
        self.released: Agenda | None = None
        self.listed = True
        self.held: dict[Any, Held] = {}
        self.number = 0

    def publish(self) -> None:
        self.number += 1
        now = make.at(0) + timedelta(hours=self.number)
        tracks = follow(self.released, self.draft, number=self.number, now=now)
        self.released = replace(self.draft, tracks=tracks, release=self.number, released_at=now)

    def mail(self, again: bool) -> None:
        if self.released is None:
            return
        floor = {track.uid: track.sequence for track in self.released.tracks}
        places = {MORNING} if self.listed else set()
        mine = own(self.released, ME, listed=places, without={MORNING} - places)
        wanted = list(entries(mine, WHOLE if self.listed else {}))
        invites = [Invite(entry, entry.uid.hex, "Described") for entry in wanted]
        found = list(messages(invites, self.held.values(), floor, _parties(), again=again))
        before = dict(self.held)
        self.held |= {message.held.entry: message.held for message in found}
        self._check_sequence(before, floor, [each.held.entry for each in found])
        self._check_calendar(wanted)
        assert again or not list(messages(invites, self.held.values(), floor, _parties()))

    def _check_sequence(self, before: dict[Any, Held], floor: Any, told: Iterable[Any]) -> None:
        for uid in told:
            now, was = self.held[uid], before.get(uid)
            assert now.sequence >= floor.get(uid, 0)
            if was is None:
                assert now.sequence == floor.get(uid, 0)
                continue
            must = _scheduled(was) != _scheduled(now) or floor.get(uid, 0) > was.sequence
            assert now.sequence >= was.sequence
            assert (now.sequence > was.sequence) == must

    def _check_calendar(self, wanted: list[Any]) -> None:
        """It shows exactly what stands, and calls cancelled what was told and does not."""
        shown = {uid for uid, held in self.held.items() if not held.is_cancelled}
        assert shown == {entry.uid for entry in wanted if entry.status != "cancelled"}
        for held in self.held.values():
            text = _HEAD + held.vevent.encode() + b"END:VCALENDAR\r\n"
            told = itip.told(held)
            assert [(each.starts_at, each.ends_at) for each in by_icalendar(text)] == [
                (told.starts_at, told.ends_at)
            ]


_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"


def _parties() -> Parties:
    return Parties("Ms. Juny Kim", "juny@example.org", OFFICE, make.at(8, day=2))


def _scheduled(held: Held) -> tuple[Any, ...]:
    """What raises SEQUENCE, read from the entry as it was sent; the method is in the status."""
    event: Any = icalendar.Event.from_ical(held.vevent)
    return event["DTSTART"].dt, event["DTEND"].dt, event["LOCATION"], str(event["STATUS"])


def _agenda() -> Agenda:
    rows = (_session(number) for number in (1, 2, 3))
    return make.agenda(make.workshop(*rows, place=make.text("Room 1")))


def _session(number: int) -> Session:
    return make.session(
        f"session-{number}",
        number=number,
        starts_at=make.at(8 + number),
        ends_at=make.at(8 + number, 30),
        people=(make.appearance(), make.appearance("Ana Ng")),
    )


def _edited(agenda: Agenda, number: int, edit: str) -> Agenda:
    (workshop,) = agenda.workshops
    uid = make.uid(f"session-{number}")
    rows = {session.uid: session for session in workshop.sessions}
    if edit == "drop":
        rows.pop(uid, None)
    elif edit == "restore":
        rows[uid] = _session(number)
    elif edit == "window":
        workshop = replace(workshop, ends_at=workshop.ends_at + timedelta(minutes=5))
    elif uid in rows:
        rows[uid] = replace(rows[uid], **_change(rows[uid], edit))
    ordered = tuple(sorted(rows.values(), key=lambda each: each.key))
    return replace(agenda, workshops=(replace(workshop, sessions=ordered),))


def _change(session: Session, edit: str) -> dict[str, Any]:
    toggled = {"cancelled": "confirmed"}.get(session.status, "cancelled")
    mine = any(who.person == ME for who in session.people)
    others = tuple(who for who in session.people if who.person != ME)
    return {
        "later": {"starts_at": session.starts_at + timedelta(minutes=5)},
        "longer": {"ends_at": session.ends_at + timedelta(minutes=5)},
        "place": {"place": make.text("" if session.place else "Room 2")},
        "cancel": {"status": toggled},
        "tentative": {"status": "tentative"},
        "title": {"title": make.text(f"{session.title}!")},
        "people": {"people": others if mine else (make.appearance(), *others)},
    }[edit]


EDITS = ("later", "longer", "place", "cancel", "tentative", "title", "people", "drop", "restore")
STEPS = st.one_of(
    st.tuples(st.sampled_from((*EDITS, "window")), st.integers(1, 3)),
    st.tuples(st.sampled_from(("publish", "mail", "mail again", "list")), st.just(0)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_sequence_never_falls_and_rises_exactly_when_it_must(steps: list[tuple[str, int]]) -> None:
    story = Story()
    story.publish()
    for step, number in (*steps, ("publish", 0), ("mail", 0)):
        if step == "publish":
            story.publish()
        elif step.startswith("mail"):
            story.mail(step == "mail again")
        elif step == "list":
            story.listed = not story.listed
        else:
            story.draft = _edited(story.draft, number, step)


def test_entry_that_was_withdrawn_comes_back_above_its_cancellation() -> None:
    story = Story()
    story.publish()
    story.mail(False)
    for listed in (False, True):
        story.listed = listed
        story.mail(False)
    held = story.held[make.uid("session-1")]
    assert (held.sequence, held.is_cancelled) == (2, False)
