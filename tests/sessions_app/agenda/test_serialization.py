"""Serialization of agendas, and releases stored by older versions."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest

from sessions_app.agenda.serialization import decode, encode
from sessions_app.agenda.types import Agenda, CalendarState
from tests import make
from tests.sessions_app.agenda.test_types import filled

RELEASES = Path(__file__).parents[2] / "releases"
AWKWARD = 'ສູນບໍລິການປະຕູດຽວ 원스톱 서비스 đường \0\x1f\x7f\u2028"\\</script>\r\n\t🇱🇦'


def test_decode_reverses_encode() -> None:
    whole = filled(Agenda, AWKWARD)
    again = decode(encode(whole))
    assert (again, again.calendar_states) == (whole, whole.calendar_states)


def test_decode_reverses_encode_of_an_agenda_with_all_its_parts() -> None:
    row = make.session(
        title=make.text("Leadership", "ການນຳພາ"),
        people=(make.appearance("김주니"),),
        question_blocks=(make.block("KE", "AZ", questions=("How?\x0b", "ແນວໃດ?")),),
    )
    agenda = make.agenda(make.workshop(row), make.workshop(key="national"), people=(make.person(),))
    assert decode(encode(agenda)) == agenda


def test_equal_agendas_give_equal_text() -> None:
    assert encode(filled(Agenda, AWKWARD)) == encode(filled(Agenda, AWKWARD))


def test_equal_agendas_of_two_releases_give_equal_text() -> None:
    draft = make.agenda(make.workshop(make.session()))
    released = replace(draft, release=3, released_at=make.at(8))
    assert draft == released
    assert encode(draft) == encode(released)


@pytest.mark.parametrize("text", ["", "{}", "null", "[]", '{"slug": "event"}', "nonsense"])
def test_decode_refuses_anything_else(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text)


def test_release_of_version_1_still_decodes() -> None:
    agenda = decode((RELEASES / "v1.json").read_text())
    assert (agenda.slug, agenda.zone, agenda.zones) == (
        "odsc-laos-2021",
        "Asia/Vientiane",
        make.ZONES,
    )
    assert [(workshop.key, len(workshop.sessions)) for workshop in agenda.workshops] == [
        ("international", 15),
        ("national", 5),
    ]


# Keys of stored JSON as in the first releases: old processes read new releases in an upgrade.
AWKWARD_KEYS = '"tracks":"gone":\\"windows\\":calendar_states": "last_known"'


def with_states() -> Agenda:
    session = make.session(title=make.text(AWKWARD_KEYS))
    state = CalendarState(session.uid, make.uid("international"), 2, 3, make.at(8))
    removed = replace(state, uid=make.uid("removed"), last_known=session)
    return make.agenda(
        make.workshop(session), calendar_states=(state, removed), workshop_states=(state,)
    )


def test_stored_keys_of_calendar_states_are_the_first_ones() -> None:
    stored = json.loads(encode(with_states()))
    assert [state["gone"] and state["gone"]["title"]["en"] for state in stored["tracks"]] == [
        None,
        AWKWARD_KEYS,
    ]
    assert [state["sequence"] for state in stored["windows"]] == [2]
    assert not {"calendar_states", "workshop_states"} & stored.keys()


@pytest.mark.parametrize("options", [{}, {"indent": 2}, {"separators": (" , ", " : ")}])
def test_stored_calendar_states_decode_whatever_the_whitespace(options: Any) -> None:
    agenda = with_states()
    decoded = decode(json.dumps(json.loads(encode(agenda)), **options))
    assert decoded == agenda
    assert decoded.calendar_states == agenda.calendar_states
    assert decoded.workshop_states == agenda.workshop_states


def test_calendar_states_of_a_release_of_version_1_decode() -> None:
    stored = (RELEASES / "v1.json").read_text()
    state = (
        '{"uid":"00000000-0000-0000-0000-000000000001",'
        '"workshop":"00000000-0000-0000-0000-000000000002","sequence":1,"changed_in":4,'
        '"changed_at":"2021-08-03T00:00:00Z","gone":null}'
    )
    assert '"tracks"' not in stored
    agenda = decode(f'{stored.strip()[:-1]},"tracks":[{state}],"windows":[{state}]}}')
    expected = CalendarState(UUID(int=1), UUID(int=2), 1, 4, datetime(2021, 8, 3, tzinfo=UTC))
    assert (agenda.calendar_states, agenda.workshop_states) == ((expected,), (expected,))
