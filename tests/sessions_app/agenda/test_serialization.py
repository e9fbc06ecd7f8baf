"""An agenda is stored as JSON and read back, also from releases of long ago."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest

from sessions_app.agenda.serialization import decode, encode
from sessions_app.agenda.types import Agenda
from tests import make
from tests.sessions_app.agenda.test_types import filled

RELEASES = Path(__file__).parents[2] / "releases"
AWKWARD = 'ສູນບໍລິການປະຕູດຽວ 원스톱 서비스 đường \0\x1f\x7f\u2028"\\</script>\r\n\t🇱🇦'


def test_agenda_comes_back_as_it_was_stored() -> None:
    whole = filled(Agenda, AWKWARD)
    again = decode(encode(whole))
    assert (again, again.tracks) == (whole, whole.tracks)


def test_agenda_of_the_makers_comes_back_as_it_was_stored() -> None:
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
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text)


def test_release_of_version_1_still_decodes() -> None:
    agenda = decode((RELEASES / "v1.json").read_text())
    assert (agenda.slug, agenda.zone, agenda.zones) == (
        "odsc-laos-2021",
        "Asia/Vientiane",
        make.ZONES,
    )
    assert [(each.key, len(each.sessions)) for each in agenda.workshops] == [
        ("international", 15),
        ("national", 5),
    ]
