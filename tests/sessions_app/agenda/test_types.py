"""The agenda as a value, and its visibility for each reader."""

import itertools
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import timedelta
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.access.levels import Level, Viewer
from sessions_app.agenda import serialization
from sessions_app.agenda import types as value
from sessions_app.agenda.selection import for_country, for_person, for_session
from sessions_app.agenda.text import LaoText, Text, in_language
from sessions_app.agenda.types import (
    Agenda,
    CalendarState,
    Presentation,
    QuestionBlock,
    Session,
    StatedWindow,
    Workshop,
)
from sessions_app.agenda.visibility import for_viewer
from tests import make


def filled(kind: Any, word: str = "word", count: Iterator[int] | None = None) -> Any:
    """A value of a type with something in every field, all the way down; `word` in every text."""
    count = count or itertools.count(1)
    origin, arguments = get_origin(kind), get_args(kind)
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(
            **{field.name: filled(hints[field.name], word, count) for field in fields(kind)}
        )
    if origin is tuple:
        return (filled(arguments[0], word, count), filled(arguments[0], word, count))
    if origin in (Union, UnionType):
        return filled(arguments[0], word, count)
    if origin is Literal:
        return arguments[0]
    number = next(count)
    plain = {str: f"{word} {number}", int: number, bool: True, UUID: make.uid(f"{word} {number}")}
    return plain[kind] if kind in plain else make.at(8) + timedelta(minutes=number)


# What a reader gets


def announced(workshop: Workshop, *sessions: Session) -> Workshop:
    """What everyone is told of a workshop that they may not read."""
    return Workshop(
        uid=workshop.uid,
        key=workshop.key,
        title=workshop.title,
        starts_at=workshop.starts_at,
        ends_at=workshop.ends_at,
        audience=workshop.audience,
        admission=workshop.admission,
        readable=False,
        sessions=sessions,
    )


def reader(
    *reads: Workshop, level: Level = Level.PUBLIC, people: frozenset[UUID] = frozenset()
) -> Viewer:
    return Viewer(frozenset(workshop.uid for workshop in reads), level, people)


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.MODERATOR])
def test_visitor_sees_of_a_closed_workshop_only_the_announced_fields(level: Level) -> None:
    whole = filled(Agenda)
    assert for_viewer(whole, reader(level=level)) == replace(
        whole, people=(), workshops=tuple(map(announced, whole.workshops))
    )


def test_reader_gets_the_open_workshop_beside_the_closed_one() -> None:
    morning, afternoon = make.workshop(filled(Session)), filled(Workshop)
    (row,) = morning.sessions
    cut = replace(
        row,
        question_blocks=tuple(
            replace(block, moderator_note=Text()) for block in row.question_blocks
        ),
    )
    assert for_viewer(make.agenda(morning, afternoon), reader(morning)) == make.agenda(
        replace(morning, sessions=(cut,)), announced(afternoon)
    )


SECRET = "SECRET"  # in no text but those of closed workshops and of people who appear only there


def secret_workshop(name: str) -> tuple[Workshop, tuple[value.Person, ...]]:
    """A workshop with its name in every text that is not announced, and those who appear in it."""
    whole = filled(Workshop, f"{SECRET} {name}")
    told = {"title": make.text(name), "audience": make.text("All"), "admission": "internal"}
    workshop = replace(whole, key=name, **told)
    appearing = {who.person for row in workshop.sessions for who in row.everybody}
    people = [replace(filled(value.Person, f"{SECRET} {name}"), uid=uid) for uid in appearing]
    return workshop, tuple(people)


@settings(deadline=None, max_examples=60)
@given(
    level=st.sampled_from(Level),
    strange=st.frozensets(st.uuids()),
    names=st.lists(st.sampled_from("abcdef"), min_size=1, max_size=4, unique=True),
    read=st.data(),
)
def test_closed_workshop_leaves_no_word_in_the_agenda_of_others(
    level: Level, strange: frozenset[UUID], names: list[str], read: st.DataObject
) -> None:
    planted = [secret_workshop(name) for name in names]
    open_names = read.draw(st.sets(st.sampled_from(names)))
    reads = {each.uid for each, _ in planted if each.key in open_names}
    # Organisers are told of everybody, so the names of people are no secret to them.
    people = () if level is Level.ORGANISER else tuple(who for _, some in planted for who in some)
    dropped = tuple(
        replace(filled(CalendarState, f"{SECRET} {each.key}"), workshop=each.uid)
        for each, _ in planted
    )
    agenda = make.agenda(*(each for each, _ in planted), people=people, calendar_states=dropped)

    sent = serialization.encode(for_viewer(agenda, Viewer(strange | reads, level)))

    assert {name for name in names if f"{SECRET} {name}" in sent} == open_names


NOTED = make.block("KE", moderator_note=make.text("Ask about costs first."))
STAFFED = make.workshop(
    make.session(question_blocks=(NOTED,)),
    other_titles=("Peer learning",),
    stated_windows=(StatedWindow("Invitation", make.at(9), make.at(12), "9 to noon"),),
)
PRINTED = replace(
    STAFFED,
    sessions=(make.session(question_blocks=(replace(NOTED, moderator_note=Text()),)),),
    other_titles=(),
    stated_windows=(),
)


@pytest.mark.parametrize(
    ("level", "seen"),
    [
        (Level.PUBLIC, PRINTED),
        (Level.MODERATOR, replace(PRINTED, sessions=STAFFED.sessions)),
        (Level.ORGANISER, STAFFED),
    ],
)
def test_readers_get_the_fields_up_to_their_level(level: Level, seen: Workshop) -> None:
    cut = for_viewer(make.agenda(STAFFED), reader(STAFFED, level=level))
    assert cut == make.agenda(seen)


def test_people_are_those_who_appear_in_what_is_readable() -> None:
    on_stage = make.session(people=(make.appearance("Panelist"),))
    talk = Presentation(make.uid("talk"), make.text("Talk"), people=(make.appearance("Speaker"),))
    talks = make.session("session-2", presentations=(talk,))
    morning = make.workshop(on_stage, talks, people=(make.appearance("Moderator"),))
    afternoon = make.workshop(
        make.session("welcome", people=(make.appearance("Host"), make.appearance("Panelist"))),
        key="national",
    )
    names = ("Host", "Moderator", "Nobody", "Panelist", "Speaker")
    agenda = make.agenda(morning, afternoon, people=tuple(map(make.person, names)))
    assert for_viewer(agenda, reader(morning)) == replace(
        agenda,
        workshops=(morning, announced(afternoon)),
        people=tuple(map(make.person, ("Moderator", "Panelist", "Speaker"))),
    )


def test_organiser_sees_everything() -> None:
    whole = filled(Agenda)
    assert for_viewer(whole, reader(*whole.workshops, level=Level.ORGANISER)) == whole


@pytest.mark.parametrize("level", list(Level))
def test_workshop_of_an_older_agenda_is_closed_by_todays_permissions(level: Level) -> None:
    kept, gone = make.workshop(make.session()), filled(Workshop)
    assert for_viewer(make.agenda(kept, gone), reader(kept, level=level)) == make.agenda(
        kept, announced(gone)
    )


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.MODERATOR])
def test_presenter_keeps_the_own_talk_of_a_closed_workshop_alone(level: Level) -> None:
    own = Presentation(
        make.uid("own"), make.text("Own"), minutes=10, people=(make.appearance("Presenter"),)
    )
    row, other = filled(Session), filled(Session, "other")
    row = replace(row, presentations=(*row.presentations, own))
    closed = make.workshop(other, row, people=(make.appearance("Moderator"),))
    names = ("Moderator", "Presenter")
    strangers = tuple(
        replace(make.person(f"Person {n}"), uid=who.person)
        for n, who in enumerate((*other.everybody, *row.people))
    )
    agenda = make.agenda(closed, people=(*map(make.person, names), *strangers))

    seen = for_viewer(agenda, reader(level=level, people=frozenset({make.uid("Presenter")})))

    talk_alone = Session(
        uid=row.uid,
        key=row.key,
        kind=row.kind,
        title=row.title,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        number=row.number,
        heading=row.heading,
        place=row.place,
        status=row.status,
        presentations=(own,),
    )
    assert seen == replace(
        agenda, workshops=(announced(closed, talk_alone),), people=(make.person("Presenter"),)
    )


@pytest.mark.parametrize("level", [Level.PUBLIC, Level.MODERATOR])
def test_panelist_keeps_the_own_row_of_a_closed_workshop_without_notes(level: Level) -> None:
    both = (make.appearance("Panelist"), make.appearance("Colleague"))
    row = make.session(people=both, question_blocks=(NOTED,))
    closed = make.workshop(row, filled(Session))
    seen = for_viewer(
        make.agenda(closed), reader(level=level, people=frozenset({make.uid("Panelist")}))
    )
    plain = replace(row, question_blocks=(replace(NOTED, moderator_note=Text()),))
    assert seen == make.agenda(announced(closed, plain))


def test_person_outside_of_a_closed_workshop_sees_it_as_a_visitor() -> None:
    agenda = make.agenda(filled(Workshop))
    known = for_viewer(agenda, reader(people=frozenset({make.uid("Juny Kim")})))
    assert known == for_viewer(agenda, reader())


# Parts of an agenda

KENYAN = make.appearance("Kenyan", country="KE")
BAKU = make.appearance("Host", country="AZ")
TALK = Presentation(make.uid("talk"), make.text("Talk"), people=(KENYAN,))
IN_PERSON = make.session("in-person", people=(BAKU, KENYAN))
BY_TALK = make.session("by-talk", people=(BAKU,), presentations=(TALK,))
ASKED = make.session("asked", people=(BAKU,), question_blocks=(make.block("VN", "KE"),))
WITHOUT = make.session("without", people=(BAKU,), question_blocks=(make.block("VN"),))
MORNING = make.workshop(IN_PERSON, BY_TALK, ASKED, WITHOUT, people=(BAKU,))
EVENING = make.workshop(WITHOUT, key="evening", people=(BAKU, KENYAN))
NIGHT = make.workshop(WITHOUT, key="night", people=(BAKU,))
PEOPLE = tuple(map(make.person, ("Host", "Kenyan", "Nobody")))
WHOLE = make.agenda(MORNING, EVENING, NIGHT, people=PEOPLE)


def test_for_person_keeps_the_own_sessions_and_roles() -> None:
    assert for_person(WHOLE, make.uid("Kenyan")) == make.agenda(
        replace(MORNING, sessions=(IN_PERSON, BY_TALK), people=()),
        replace(EVENING, sessions=(), people=(KENYAN,)),
        people=PEOPLE[:2],
    )


def test_for_country_keeps_sessions_of_its_people_and_questions() -> None:
    assert for_country(WHOLE, "KE") == make.agenda(
        replace(MORNING, sessions=(IN_PERSON, BY_TALK, ASKED), people=()),
        replace(EVENING, sessions=(), people=(KENYAN,)),
        people=PEOPLE[:2],
    )


def test_for_session_keeps_one_session_in_its_workshop() -> None:
    assert for_session(WHOLE, make.uid("asked")) == make.agenda(
        replace(MORNING, sessions=(ASKED,), people=()), people=PEOPLE[:1]
    )


@pytest.mark.parametrize(
    "part",
    [
        for_person(WHOLE, make.uid("Nobody")),
        for_country(WHOLE, "US"),
        for_session(WHOLE, make.uid("nowhere")),
    ],
)
def test_selection_of_an_unknown_person_country_or_session_is_empty(part: Agenda) -> None:
    assert part == make.agenda()


def test_countries_are_those_of_people_and_questions() -> None:
    people = (make.person("Host", country="AZ"), make.person("Nobody"))
    assert replace(WHOLE, people=people).countries() == ("AZ", "KE", "VN")


# Languages and sums


def test_in_language_reads_every_text_in_lao() -> None:
    whole = filled(Agenda)

    def lao(part: Any) -> Any:
        if isinstance(part, Text):
            return LaoText(part.en, part.lo)
        if isinstance(part, tuple):
            return tuple(map(lao, part))
        if is_dataclass(part):
            return type(part)(
                **{field.name: lao(getattr(part, field.name)) for field in fields(part)}
            )
        return part

    spoken = in_language(whole, "lo")
    assert (spoken, spoken.release, spoken.released_at) == (
        lao(whole),
        whole.release,
        whole.released_at,
    )


@pytest.mark.parametrize("language", ["en", "ko", ""])
def test_in_language_leaves_an_agenda_in_english(language: str) -> None:
    whole = filled(Agenda)
    assert in_language(whole, language) == whole


@pytest.mark.parametrize(
    ("text", "english", "lao"),
    [
        (Text("Break", "ພັກ"), ("Break", "en"), ("ພັກ", "lo")),
        (Text("Break"), ("Break", "en"), ("Break", "en")),
        (Text("", "ພັກ"), ("ພັກ", "lo"), ("ພັກ", "lo")),
        (Text(), ("", "en"), ("", "lo")),
    ],
)
def test_text_falls_back_to_the_other_language_and_says_so(
    text: Text, english: tuple[str, str], lao: tuple[str, str]
) -> None:
    spoken = in_language(make.agenda(title=text), "lo").title
    assert (str(text), text.language) == english
    assert (str(spoken), spoken.language) == lao
    assert bool(text) == bool(spoken) == bool(english[0])


@pytest.mark.parametrize(
    ("name", "full_name", "honorific"),
    [
        (Text("Ms. Juny Kim"), Text("Juny Kim"), Text("Ms.")),
        (Text("Juny Kim"), Text("Juny Kim"), Text()),
        (Text("Juny Kim", "ທ່ານ ຈູນີ"), Text("Juny Kim", "ຈູນີ"), Text("", "ທ່ານ")),
        (Text("", "ທ່ານ ຈູນີ"), Text("", "ຈູນີ"), Text("Ms.", "ທ່ານ")),
        (LaoText("Ms. Juny Kim", "ທ່ານ ຈູນີ"), LaoText("Juny Kim", "ຈູນີ"), LaoText("Ms.", "ທ່ານ")),
    ],
)
def test_name_is_printed_with_the_form_of_address(
    name: Text, full_name: Text, honorific: Text
) -> None:
    assert make.person(full_name=full_name, honorific=honorific).name == name


@pytest.mark.parametrize(
    ("block", "minutes"),
    [
        (make.block("KE", "AZ", minutes=5, minutes_are="per_country"), 10),
        (make.block("KE", "AZ", minutes=5, minutes_are="in_total"), 5),
        (make.block("KE", "AZ"), None),
    ],
)
def test_total_minutes_of_a_block_are_those_of_all_its_countries(
    block: QuestionBlock, minutes: int | None
) -> None:
    assert block.total_minutes == minutes


def test_everybody_is_the_people_of_the_session_then_of_its_talks() -> None:
    first, second, third, fourth = map(make.appearance, ("Zoe", "Adam", "Mary", "Bob"))
    talks = tuple(
        Presentation(make.uid(name), make.text(name), people=people)
        for name, people in (("one", (third,)), ("two", (fourth, first)))
    )
    session = make.session(people=(first, second), presentations=talks)
    assert session.everybody == (first, second, third, fourth, first)
