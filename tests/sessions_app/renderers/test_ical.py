"""iCalendar feeds: read by independent libraries, over releases, and for each reader."""

import datetime as dt
import re
from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar.parser import Contentline

from sessions_app import models
from sessions_app.agenda.sequences import next_calendar_states
from sessions_app.agenda.types import Agenda
from sessions_app.publishing import services
from sessions_app.publishing.queries import full_agenda, get_draft
from sessions_app.renderers import ical, labels, plain_text
from sessions_app.renderers.ical import Feed
from tests import make
from tests.calendars import PARSERS, Entry, lint, parse_with_icalendar, unfold
from workshop.models import Event, Workshop

FEED = Feed(
    name="Event", site="https://example.org", base="/event/", no_reply="no-reply@example.org"
)


def entries(agenda: Agenda) -> list[Entry]:
    """The entries expected from an agenda, with removed sessions as cancelled."""

    def title(session: Any) -> str:
        return plain_text.clean(labels.session_title(session)) or labels.kind(session)

    standing = [
        Entry(
            str(session.uid),
            session.starts_at,
            session.ends_at,
            title(session),
            session.status.upper(),
        )
        for session in agenda.sessions()
    ]
    removed = [
        Entry(str(g.uid), g.starts_at, g.ends_at, title(g), "CANCELLED")
        for g in (state.last_known for state in agenda.calendar_states)
        if g
    ]
    return sorted((*standing, *removed))


def publish(event: Event, hour: int) -> models.Release:
    release, is_new = services.publish(event=event, now=make.at(hour, day=2))
    assert is_new
    return release


def entry(client: Client, path: str, key: str) -> dict[str, str]:
    """The properties of a session's VEVENT in a feed, by name."""
    uid = str(models.Session.objects.get(key=key).uid)
    text = "\n".join(unfold(client.get(path).content))
    for event in re.findall(r"BEGIN:VEVENT\n(.*?)END:VEVENT", text, re.DOTALL):
        pairs = [line.partition(":") for line in event.strip().split("\n")]
        properties = {name.partition(";")[0]: value for name, _, value in pairs}
        if properties["UID"] == uid:
            return properties
    return {}


@pytest.mark.django_db
@pytest.mark.parametrize("reader", PARSERS)
def test_real_programme_reads_the_same_everywhere(
    organiser_client: Client, programme: str, reader: Any
) -> None:
    text = organiser_client.get(f"/{programme}/agenda.ics").content
    assert reader(text) == entries(get_draft(Event.objects.get()))
    assert len(reader(text)) == 20


@pytest.mark.django_db
def test_every_calendar_of_the_programme_is_clean(organiser_client: Client, programme: str) -> None:
    agenda = get_draft(Event.objects.get())
    paths = ["agenda.ics", "agenda.ics?tz=Asia/Kathmandu&lang=lo", "workshops/national.ics"]
    paths += [f"sessions/{session.key}.ics" for session in agenda.sessions()]
    paths += [f"people/{person.key}.ics" for person in agenda.people]
    paths += [f"countries/{country}.ics" for country in agenda.countries()]
    for path in paths:
        answer = organiser_client.get(f"/{programme}/{path}")
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        assert lint(answer.content) == [], path
        assert parse_with_icalendar(answer.content), path


HOSTILE = st.text(
    alphabet=st.one_of(
        st.characters(codec="utf-8"), st.sampled_from(list(",;:\\\n\r\t\"'\x00\x07\x1f😀ກ້ຳ김"))
    ),
    max_size=120,
)
MOMENTS = st.datetimes(
    min_value=dt.datetime.fromisoformat("1971-01-01"),
    max_value=dt.datetime.fromisoformat("2037-01-01"),
    timezones=st.just(UTC),
).map(lambda at: at.replace(microsecond=0))


@st.composite
def agendas(draw: st.DrawFn) -> Agenda:
    sessions = [
        make.session(
            f"s{number}",
            title=make.text(draw(HOSTILE) or "A title"),
            number=draw(st.one_of(st.none(), st.integers(1, 99))),
            place=make.text(draw(HOSTILE)),
            note=make.text(draw(HOSTILE)),
            status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
            starts_at=(at := draw(MOMENTS)),
            ends_at=at + timedelta(minutes=draw(st.integers(1, 2000))),
            people=(make.appearance(draw(HOSTILE) or "Somebody"),),
            question_blocks=(make.block("KE", questions=(draw(HOSTILE),)),),
        )
        for number in range(draw(st.integers(0, 4)))
    ]
    return make.agenda(make.workshop(*sessions), organisers=make.text(draw(HOSTILE)))


@settings(max_examples=60, deadline=None)
@given(first=agendas(), second=agendas())
def test_calendar_reads_back_as_the_same_facts(first: Agenda, second: Agenda) -> None:
    now = make.at(8)
    old = replace(
        first,
        calendar_states=next_calendar_states(None, first, number=1, now=now),
        release=1,
        released_at=now,
    )
    states = next_calendar_states(old, second, number=2, now=make.at(9))
    published = replace(second, calendar_states=states, release=2, released_at=make.at(9))
    for full in (False, True):
        text = ical.render(published, replace(FEED, full=full))
        assert lint(text) == []
        facts = [
            (entry.uid, entry.starts_at, entry.ends_at, entry.status)
            for entry in entries(published)
        ]
        for reader in PARSERS:
            parsed = reader(text)
            assert [(e.uid, e.starts_at, e.ends_at, e.status) for e in parsed] == facts
        assert [_folded(e.summary) for e in parse_with_icalendar(text)] == [
            _folded(e.summary) for e in entries(published)
        ]


def _folded(text: str) -> str:
    return " ".join(text.split())


@pytest.mark.django_db
def test_same_release_gives_the_same_bytes(client: Client, programme: str) -> None:
    address = f"/{programme}/agenda.ics"
    assert client.get(address).content == client.get(address).content


@pytest.mark.django_db
def test_retitling_changes_last_modified_and_moving_raises_sequence(
    client: Client, programme: str
) -> None:
    event, address = Event.objects.get(), f"/{programme}/agenda.ics"
    session = models.Session.objects.get(key="session-3")
    first = entry(client, address, "session-3")
    session.title_en = "Structure"
    session.save()
    publish(event, 1)
    retitled = entry(client, address, "session-3")
    session.starts_at += timedelta(minutes=5)
    session.save()
    publish(event, 2)
    moved = entry(client, address, "session-3")
    assert [version["SEQUENCE"] for version in (first, retitled, moved)] == ["0", "0", "1"]
    assert retitled["LAST-MODIFIED"] == retitled["DTSTAMP"] == "20210801T180000Z"
    assert moved["LAST-MODIFIED"] == "20210801T190000Z"
    assert (moved["DTSTART"], moved["SUMMARY"]) == ("20210804T040000Z", "Session 3: Structure")
    other = entry(client, address, "session-4")
    assert (other["SEQUENCE"], other["LAST-MODIFIED"]) == ("0", first["LAST-MODIFIED"])


@pytest.mark.django_db
def test_dropped_session_is_cancelled_with_its_old_time_and_comes_back_higher(
    client: Client, programme: str
) -> None:
    event = Event.objects.get()
    session = models.Session.objects.get(key="session-4")
    models.Session.objects.filter(pk=session.pk).update(dropped_at=make.at(1))
    publish(event, 1)
    for path in ("agenda.ics", "sessions/session-4.ics", "people/ruslan-akbarov.ics"):
        cancelled = entry(client, f"/{programme}/{path}", "session-4")
        assert (cancelled["STATUS"], cancelled["SEQUENCE"], cancelled["DTSTART"]) == (
            "CANCELLED",
            "1",
            "20210804T045500Z",
        )
        assert "no longer on the programme" in cancelled["DESCRIPTION"]
    assert client.get(f"/{programme}/sessions/session-4/").status_code == 404
    models.Session.objects.filter(pk=session.pk).update(dropped_at=None)
    publish(event, 2)
    back = entry(client, f"/{programme}/agenda.ics", "session-4")
    assert (back["STATUS"], back["SEQUENCE"]) == ("CONFIRMED", "2")


@pytest.mark.django_db
def test_session_that_a_person_leaves_is_removed_from_their_feed(
    client: Client, programme: str
) -> None:
    address = f"/{programme}/people/juny-kim.ics"
    assert len(parse_with_icalendar(client.get(address).content)) == 4
    models.Appearance.objects.filter(session__key="session-3", person__key="juny-kim").delete()
    publish(Event.objects.get(), 1)
    left = parse_with_icalendar(client.get(address).content)
    assert {item.status for item in left} == {"CONFIRMED"}
    assert len(left) == 3


@pytest.mark.django_db
def test_person_feed_has_their_role_and_their_countrys_questions(
    client: Client, programme: str
) -> None:
    description = entry(client, f"/{programme}/people/james-buyekane.ics", "session-5")[
        "DESCRIPTION"
    ]
    assert "Mr. James Buyekane: Panelist" in description
    assert "Huduma Secretariat" in description
    assert "user feedback collected" not in description


@pytest.mark.django_db
def test_description_lists_the_zones_with_the_requested_one_first(
    client: Client, programme: str
) -> None:
    properties = entry(
        client, f"/{programme}/sessions/session-3.ics?tz=Asia/Kathmandu", "session-3"
    )
    assert properties["DESCRIPTION"].split("\\n")[:4] == [
        "Kathmandu (UTC+5:45): Wed 4 Aug 09:40–10:25",
        "Lao Time (Vientiane\\, UTC+7): Wed 4 Aug 10:55–11:40",
        "KST (Seoul\\, UTC+9): Wed 4 Aug 12:55–13:40",
        "EST (New York\\, UTC−4): Tue 3 Aug 23:55–Wed 4 Aug 00:40",
    ]
    assert properties["DESCRIPTION"].endswith(f"http://testserver/{programme}/sessions/session-3/")
    assert "What regulatory\\, legislative" in properties["DESCRIPTION"]
    whole = entry(client, f"/{programme}/agenda.ics", "session-3")
    assert "9 questions for Republic of Korea" in whole["DESCRIPTION"]
    assert "What regulatory" not in whole["DESCRIPTION"]


@pytest.mark.django_db
def test_entry_has_the_properties_of_the_contract(client: Client, programme: str) -> None:
    pause = entry(client, f"/{programme}/agenda.ics", "break")
    panel = entry(client, f"/{programme}/agenda.ics", "session-1")
    assert (pause["TRANSP"], panel["TRANSP"]) == ("TRANSPARENT", "OPAQUE")
    assert (pause["CATEGORIES"], panel["CATEGORIES"]) == ("Break", "Panel")
    assert panel["LOCATION"] == "zoom platform"
    assert panel["URL"] == f"http://testserver/{programme}/sessions/session-1/"
    head = unfold(client.get(f"/{programme}/agenda.ics").content)
    for line in (
        "METHOD:PUBLISH",
        "NAME:Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "X-WR-CALNAME:Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "X-WR-TIMEZONE:Asia/Vientiane",
        "REFRESH-INTERVAL;VALUE=DURATION:PT1H",
        "X-PUBLISHED-TTL:PT1H",
        'ORGANIZER;CN="United Nations Department of Economic and Social Affairs (UN DES'
        'A)":mailto:no-reply@localhost',
    ):
        assert line in head


@pytest.mark.django_db
def test_organizer_is_the_public_office_where_there_is_one(client: Client, programme: str) -> None:
    event = Event.objects.get()
    event.office_name_en, event.office_address = 'The "Office"', "office@example.org"
    event.save()
    publish(event, 1)
    lines = unfold(client.get(f"/{programme}/agenda.ics").content)
    assert """ORGANIZER;CN="The 'Office'":mailto:office@example.org""" in lines


@pytest.mark.django_db
def test_unchanged_calendar_is_not_sent_again(client: Client, programme: str) -> None:
    for coding in ({}, {"Accept-Encoding": "gzip"}):
        first = client.get(f"/{programme}/agenda.ics", headers=coding)
        assert not first["ETag"].startswith("W/")
        assert first["Cache-Control"] == "no-cache"
        for condition in (
            {"If-None-Match": first["ETag"]},
            {"If-Modified-Since": first["Last-Modified"]},
        ):
            again = client.get(f"/{programme}/agenda.ics", headers={**coding, **condition})
            assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    models.Session.objects.filter(key="session-1").update(title_en="Other")
    publish(Event.objects.get(), 1)
    changed = client.get(f"/{programme}/agenda.ics", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200


@pytest.mark.django_db
def test_session_dropped_from_a_closed_workshop_is_not_public(
    client: Client, organiser_client: Client, programme: str
) -> None:
    models.Session.objects.filter(key="welcome").update(dropped_at=make.at(1))
    publish(Event.objects.get(), 1)
    address = f"/{programme}/agenda.ics"
    assert b"Welcome" not in client.get(address).content
    assert entry(organiser_client, address, "welcome")["STATUS"] == "CANCELLED"
    assert client.get(f"/{programme}/sessions/welcome.ics").status_code == 404


@pytest.mark.django_db
def test_closing_a_workshop_removes_it_without_cancelling(client: Client, programme: str) -> None:
    Workshop.objects.update(readership="those_let_in")
    text = client.get(f"/{programme}/agenda.ics").content
    assert parse_with_icalendar(text) == []
    assert lint(text) == []


@pytest.mark.django_db
def test_unpublished_event_has_no_calendar(client: Client) -> None:
    make.workshop_row(make.event_row())
    assert client.get("/event/agenda.ics").status_code == 404


@pytest.mark.django_db
def test_long_titles_and_sessions_of_nobody_make_a_calendar(client: Client) -> None:
    event = make.event_row()
    workshop = make.workshop_row(event, ends_at=make.at(2, day=5))
    make.session_row(workshop, title_en="x" * 5000, key="long")
    make.session_row(
        workshop, title_en="ກ" * 5000, key="lao", starts_at=make.at(23), ends_at=make.at(1, day=5)
    )
    publish(event, 1)
    text = client.get("/event/agenda.ics").content
    assert lint(text) == []
    for reader in PARSERS:
        assert reader(text) == entries(full_agenda(models.Release.objects.get()))


@pytest.mark.django_db
def test_pages_link_to_their_calendar(client: Client, programme: str) -> None:
    for page, feed in (
        ("", "agenda.ics"),
        ("sessions/session-3/", "sessions/session-3.ics"),
        ("people/juny-kim/", "people/juny-kim.ics"),
        ("countries/KE/", "countries/KE.ics"),
    ):
        text = client.get(f"/{programme}/{page}?tz=KST").content.decode()
        assert f'href="webcal://testserver/{programme}/{feed}?tz=KST"' in text
        assert f'value="http://testserver/{programme}/{feed}?tz=KST"' in text
        assert f'href="/{programme}/{feed}?tz=KST" download' in text
        assert "may take up to a day" in text
        web = re.findall(r'href="(https://(?:calendar\.google|outlook)[^"]+)"', text)
        assert len(web) == (3 if "sessions" in page else 0)
    assert (
        "dates=20210804T035500Z%2F20210804T044000Z"
        in client.get(f"/{programme}/sessions/session-3/").content.decode()
    )


@pytest.mark.django_db
def test_person_whose_last_session_was_dropped_gets_a_cancellation(
    client: Client, programme: str
) -> None:
    for key in ("opening-remarks", "overview-one-door-service-centers"):
        models.Session.objects.filter(key=key).update(dropped_at=make.at(1))
    publish(Event.objects.get(), 1)
    for path in ("people/ricarda-rieger.ics", "countries/LA.ics"):
        entry_of = entry(client, f"/{programme}/{path}", "opening-remarks")
        assert entry_of["STATUS"] == "CANCELLED"
    assert client.get(f"/{programme}/people/ricarda-rieger/").status_code == 404


@pytest.mark.django_db
def test_closing_a_workshop_reaches_clients_that_ask_by_date(
    client: Client, programme: str
) -> None:
    address = f"/{programme}/agenda.ics"
    first = client.get(address)
    workshop = Workshop.objects.get(key="international")
    workshop.readership = "those_let_in"
    workshop.save()
    again = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, parse_with_icalendar(again.content)) == (200, [])


@pytest.mark.django_db
def test_repeated_hour_is_named_in_every_format(client: Client) -> None:
    event = make.event_row(zone="America/New_York")
    back = {
        "starts_at": dt.datetime(2021, 11, 7, 5, 30, tzinfo=UTC),
        "ends_at": dt.datetime(2021, 11, 7, 6, 30, tzinfo=UTC),
    }
    make.session_row(make.workshop_row(event, **back), key="night", **back)
    publish(event, 1)
    for path in ("", "agenda.ics"):
        content = client.get(f"/event/{path}").content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert "01:30 EDT" in content.replace("\r\n ", "")
        assert "01:30 EST" in content.replace("\r\n ", "")


@pytest.mark.django_db
def test_event_without_display_zones_is_shown_in_its_own_zone(client: Client) -> None:
    event = make.event_row()
    event.display_zones.all().delete()
    make.session_row(make.workshop_row(event), key="s")
    publish(event, 1)
    description = entry(client, "/event/agenda.ics", "s")["DESCRIPTION"]
    assert description.startswith("Vientiane (UTC+7): Wed 4 Aug 09:25–09:45")
    assert "Vientiane" in client.get("/event/").content.decode()


@given(st.text(st.sampled_from("\\^aé€😀,") | st.characters(exclude_characters="\n"), max_size=300))
def test_long_lines_are_folded_as_the_library_folds_them(line: str) -> None:
    line = line.encode(errors="ignore").decode()
    assert ical.fold_line(line) == Contentline(line).to_ical()
