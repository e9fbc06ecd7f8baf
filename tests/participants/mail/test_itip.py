"""iTIP messages: read back by four calendar readers; SEQUENCE over random edits."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.mail import itip
from participants.mail.itip import Invite, Parties, SentCalendarEntry, itip_messages
from participants.mail.personal_agenda import list_calendar_entries, personal_agenda
from participants.models import OutgoingMail, Participation, Person, SentEntry, SessionReply
from participants.personal.calendar_state import entry_uid
from sessions_app import models
from sessions_app.agenda.sequences import next_calendar_states
from sessions_app.agenda.types import Agenda, Session
from tests import make
from tests.calendars import PARSERS, Entry, lint_itip, parse_with_icalendar, unfold
from tests.mails import add_delegate, add_panelists, publish, send
from workshop.models import Event

ME, OTHER = make.uid("Juny Kim"), make.uid("Ana Ng")
MORNING = make.uid("international")
ENTRY_UIDS = {MORNING: make.uid("participation in the morning")}
OFFICE = icalendar.vCalAddress("mailto:office@example.org")


@pytest.fixture
def event(programme: str) -> Event:
    event = Event.objects.get(slug=programme)
    event.office_name_en, event.office_address = "UNPOG", "unpog@example.org"
    event.save()
    publish(event, hour=7)
    add_panelists(event)
    add_delegate(event)
    return event


def calendars(kind: str = "", key: str = "") -> list[bytes]:
    mails = OutgoingMail.objects.filter(kind__contains=kind, person__key__contains=key)
    return [calendar.encode() for mail in mails for calendar in mail.calendars]


def line(text: bytes, name: str) -> str:
    (found,) = [entry for entry in unfold(text) if re.match(rf"{name}\b", entry)]
    return found


# Read back


@pytest.mark.django_db
@pytest.mark.parametrize("reader", PARSERS)
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
@pytest.mark.parametrize("reader", PARSERS)
def test_every_reader_finds_cancelled_entries(event: Event, reader: Any) -> None:
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
def test_every_calendar_is_valid(event: Event) -> None:
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
def test_request_has_one_attendee_and_the_office_as_organizer(event: Event) -> None:
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
def test_organizer_without_an_office_has_the_no_reply_address(event: Event, settings: Any) -> None:
    settings.DEFAULT_FROM_EMAIL = "no-reply@example.org"
    Event.objects.update(office_address="", office_name_en="")
    publish(event)
    send(event, "invitation", "juny-kim")
    assert line(calendars()[0], "ORGANIZER") == (
        'ORGANIZER;CN="United Nations Department of Economic and Social Affairs (UN DESA)"'
        ":mailto:no-reply@example.org"
    )


@pytest.mark.django_db
def test_reply_is_in_the_next_mail(event: Event) -> None:
    send(event, "invitation")
    participation = Participation.objects.get(person__key="juny-kim")
    participation.state = "tentative"
    participation.save()
    session = models.Session.objects.get(key="session-5")
    SessionReply.objects.create(participation=participation, session=session, takes_part=False)
    send(event, "reminder", "juny-kim")
    partstats = {
        line(text, "UID") == f"UID:{session.uid}": re.findall(
            r"PARTSTAT=([A-Z-]+)", line(text, "ATTENDEE")
        )
        for text in calendars("reminder")
    }
    assert partstats == {True: ["DECLINED"], False: ["TENTATIVE"]}


@pytest.mark.django_db
def test_observer_is_optional_and_workshop_entries_have_a_uid_per_person(event: Event) -> None:
    add_delegate(event, "Ana Ng")
    Participation.objects.filter(person__key="ana-ng").update(role="observer")
    send(event, "invitation")
    participations = Participation.objects.filter(person__country="LA", person__key__contains="-")
    uids = {
        str(entry_uid(participation.uid))
        for participation in participations.exclude(role="panelist")
    }
    found = calendars(key="dara-phommachanh") + calendars(key="ana-ng")
    assert {line(text, "UID").removeprefix("UID:") for text in found} == uids
    assert {
        "ROLE=OPT-PARTICIPANT" in line(text, "ATTENDEE") for text in calendars(key="ana-ng")
    } == {True}


@pytest.mark.django_db
def test_sequence_is_never_lower_than_in_the_feed(event: Event) -> None:
    """Changed twice before the invitation: SEQUENCE in the feed is already 2."""
    row = models.Session.objects.get(key="session-5")
    for hour, minutes in ((8, 35), (9, 45)):
        row.ends_at = make.at(12, minutes)
        row.save()
        publish(event, hour=hour)
    send(event, "invitation", "juny-kim", hour=10)
    sent = SentEntry.objects.get(entry=row.uid)
    assert (sent.sequence, sent.is_cancelled) == (2, False)


@pytest.mark.django_db
def test_new_title_is_sent_without_a_higher_sequence(event: Event) -> None:
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
def test_own_reply_alone_sends_no_entry(event: Event) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="juny-kim").update(state="accepted")
    models.Session.objects.filter(key="session-5").update(ends_at=make.at(12, 50))
    publish(event)
    send(event, "change")
    (text,) = calendars("change", "juny-kim")
    assert "PARTSTAT=ACCEPTED" in line(text, "ATTENDEE")
    assert parse_with_icalendar(text)[0].ends_at == make.at(12, 50)


@pytest.mark.django_db
def test_text_of_the_programme_cannot_inject_properties(event: Event) -> None:
    hostile = 'END:VEVENT\r\nATTENDEE:mailto:x@example.org\x07 "; \\n'
    models.Session.objects.filter(key="session-5").update(title_en=hostile, place_en=hostile)
    Person.objects.filter(key="juny-kim").update(full_name_en=hostile)
    event.office_name_en = hostile
    event.save()
    publish(event)
    send(event, "invitation", "juny-kim")
    texts = calendars()
    assert [found for text in texts for found in lint_itip(text)] == []
    assert len([entry for text in texts for entry in parse_with_icalendar(text)]) == 4


# Random edits


class Simulation:
    """A programme that is edited and published, and the calendar of one person who gets e-mails."""

    def __init__(self) -> None:
        self.draft = _agenda()
        self.released: Agenda | None = None
        self.listed = True
        self.sent_entries: dict[Any, SentCalendarEntry] = {}
        self.number = 0

    def publish(self) -> None:
        self.number += 1
        now = make.at(0) + timedelta(hours=self.number)
        states = next_calendar_states(self.released, self.draft, number=self.number, now=now)
        self.released = replace(
            self.draft, calendar_states=states, release=self.number, released_at=now
        )

    def mail(self, resend: bool) -> list[str]:
        """Send what is due; what is wrong with it, in words."""
        if self.released is None:
            return []
        minimum_sequences = {state.uid: state.sequence for state in self.released.calendar_states}
        participations = {MORNING} if self.listed else set()
        agenda = personal_agenda(
            self.released, ME, listed=participations, without={MORNING} - participations
        )
        entries = list(list_calendar_entries(agenda, ENTRY_UIDS if self.listed else {}))
        invites = [Invite(entry, entry.uid.hex, "Described") for entry in entries]
        sent_messages = list(
            itip_messages(
                invites, self.sent_entries.values(), minimum_sequences, _parties(), resend=resend
            )
        )
        before = dict(self.sent_entries)
        sent = {message.sent_entry.uid: message.sent_entry for message in sent_messages}
        self.sent_entries |= sent
        again = itip_messages(invites, self.sent_entries.values(), minimum_sequences, _parties())
        return [
            *self._sequence_faults(before, minimum_sequences, sent),
            *self._calendar_faults(entries),
            *("sent twice" for _message in again if not resend),
        ]

    def _sequence_faults(
        self, before: dict[Any, SentCalendarEntry], minimum_sequences: Any, uids: Iterable[Any]
    ) -> Iterator[str]:
        for uid in uids:
            now, was = self.sent_entries[uid], before.get(uid)
            minimum = minimum_sequences.get(uid, 0)
            if now.sequence < minimum:
                yield "below the feed"
            if was is None:
                if now.sequence != minimum:
                    yield "not that of the feed at first"
                continue
            is_required = _sequence_facts(was) != _sequence_facts(now) or minimum > was.sequence
            if now.sequence < was.sequence:
                yield "fell"
            elif (now.sequence > was.sequence) != is_required:
                yield "rose without need, or not at all"

    def _calendar_faults(self, entries: list[Any]) -> Iterator[str]:
        """The calendar shows exactly the active entries, all others as cancelled."""
        shown = {
            uid for uid, sent_entry in self.sent_entries.items() if not sent_entry.is_cancelled
        }
        if shown != {entry.uid for entry in entries if entry.status != "cancelled"}:
            yield "shows other entries"
        for sent_entry in self.sent_entries.values():
            text = _HEAD + sent_entry.vevent.encode() + b"END:VCALENDAR\r\n"
            parsed = itip.parse_entry(sent_entry)
            times = [(entry.starts_at, entry.ends_at) for entry in parse_with_icalendar(text)]
            if times != [(parsed.starts_at, parsed.ends_at)]:
                yield "is read with other times"


_HEAD = b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n"


def _parties() -> Parties:
    return Parties("Ms. Juny Kim", "juny@example.org", OFFICE, make.at(8, day=2))


def _sequence_facts(sent_entry: SentCalendarEntry) -> tuple[Any, ...]:
    """The facts that raise SEQUENCE, read from the sent entry; the status shows the method."""
    event: Any = icalendar.Event.from_ical(sent_entry.vevent)
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
    ordered = tuple(sorted(rows.values(), key=lambda entry: entry.key))
    return replace(agenda, workshops=(replace(workshop, sessions=ordered),))


def _change(session: Session, edit: str) -> dict[str, Any]:
    toggled = {"cancelled": "confirmed"}.get(session.status, "cancelled")
    agenda = any(appearance.person == ME for appearance in session.people)
    others = tuple(appearance for appearance in session.people if appearance.person != ME)
    return {
        "later": {"starts_at": session.starts_at + timedelta(minutes=5)},
        "longer": {"ends_at": session.ends_at + timedelta(minutes=5)},
        "place": {"place": make.text("" if session.place else "Room 2")},
        "cancel": {"status": toggled},
        "tentative": {"status": "tentative"},
        "title": {"title": make.text(f"{session.title}!")},
        "people": {"people": others if agenda else (make.appearance(), *others)},
    }[edit]


EDITS = ("later", "longer", "place", "cancel", "tentative", "title", "people", "drop", "restore")
STEPS = st.one_of(
    st.tuples(st.sampled_from((*EDITS, "window")), st.integers(1, 3)),
    st.tuples(st.sampled_from(("publish", "mail", "mail again", "list")), st.just(0)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=30))
def test_sequence_never_falls_and_rises_exactly_if_required(steps: list[tuple[str, int]]) -> None:
    simulation = Simulation()
    simulation.publish()
    for step, number in (*steps, ("publish", 0), ("mail", 0)):
        if step == "publish":
            simulation.publish()
        elif step.startswith("mail"):
            assert simulation.mail(step == "mail again") == []
        elif step == "list":
            simulation.listed = not simulation.listed
        else:
            simulation.draft = _edited(simulation.draft, number, step)


def test_restored_entry_has_a_higher_sequence_than_its_cancellation() -> None:
    simulation = Simulation()
    simulation.publish()
    assert simulation.mail(False) == []
    for listed in (False, True):
        simulation.listed = listed
        assert simulation.mail(False) == []
    sent_entry = simulation.sent_entries[make.uid("session-1")]
    assert (sent_entry.sequence, sent_entry.is_cancelled) == (2, False)
