"""Whom a release concerns: exactly those whose own part of the programme differs, and why."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda.impact import Concern, Part, concerned
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.text import Text
from sessions_app.agenda.types import Agenda, Presentation, Session, Workshop
from tests import make
from tests.sessions_app.agenda.test_diff import edits

JUNY, JAMES, ADRIANA = "Juny Kim", "James Buyekane", "Adriana Alberti"
PEOPLE = (
    make.person(ADRIANA),
    make.person(JAMES, country="KE"),
    make.person(JUNY, country="KR"),
)
PANEL = make.session(
    people=(
        make.appearance(ADRIANA, "moderator"),
        make.appearance(JAMES, country="KE"),
        make.appearance(JUNY, country="KR"),
    ),
    question_blocks=(make.block("KE"), make.block("KR")),
    presentations=(
        Presentation(make.uid("talk"), make.text("Huduma"), 5, (make.appearance(JAMES),)),
    ),
)
ALONE = make.session("session-2", people=(make.appearance(JUNY, country="KR"),))
MORNING = make.workshop(PANEL, ALONE, people=(make.appearance(ADRIANA, "moderator"),))
BASE = make.agenda(MORNING, make.workshop(key="national"), people=PEOPLE)


def with_panel(**facts: Any) -> Agenda:
    return replace(
        BASE,
        workshops=(
            replace(MORNING, sessions=(replace(PANEL, **facts), ALONE)),
            *BASE.workshops[1:],
        ),
    )


def told(new: Agenda, old: Agenda = BASE) -> dict[str, list[tuple[str, ...]]]:
    """The reasons for each part of each person concerned."""
    return {
        str(each.person.full_name): [part.reasons for part in each.parts]
        for each in concerned(old, new)
    }


def everybody(*reasons: str) -> dict[str, list[tuple[str, ...]]]:
    return {name: [reasons] for name in (ADRIANA, JAMES, JUNY)}


def test_release_that_says_the_same_concerns_nobody() -> None:
    assert concerned(BASE, BASE) == ()


@pytest.mark.parametrize(
    ("facts", "reasons"),
    [
        ({"status": "cancelled"}, ("cancelled",)),
        ({"status": "tentative"}, ("status",)),
        ({"ends_at": make.at(9, 50)}, ("moved",)),
        ({"place": make.text("Hall")}, ("place",)),
        ({"title": make.text("Leaders")}, ("retitled",)),
        ({"note": make.text("Bring a laptop.")}, ("details",)),
        ({"ends_at": make.at(9, 50), "number": 4}, ("moved", "retitled")),
    ],
)
def test_session_that_changes_concerns_all_who_are_in_it(facts: Any, reasons: Any) -> None:
    assert told(with_panel(**facts)) == everybody(*reasons)


def test_concern_holds_the_session_as_it_was_and_is() -> None:
    new = with_panel(status="cancelled")
    (panel, *_rest) = new.sessions()
    part = Part(PANEL, panel, ("cancelled",))
    assert concerned(BASE, new) == tuple(Concern(person, (part,), ()) for person in PEOPLE)


def test_place_of_the_workshop_is_the_place_of_its_sessions() -> None:
    morning = replace(MORNING, place=make.text("Hall"))
    assert told(replace(BASE, workshops=(morning, *BASE.workshops[1:]))) == {
        ADRIANA: [("place",), ("place",)],
        JAMES: [("place",)],
        JUNY: [("place",), ("place",)],
    }


def test_who_comes_and_who_goes_have_and_lose_a_part() -> None:
    moderator, _james, juny = PANEL.people
    new = with_panel(people=(moderator, juny), presentations=())
    reasons = {
        ADRIANA: [("company", "details")],
        JAMES: [("part_gone",)],
        JUNY: [("company", "details")],
    }
    assert told(new) == reasons
    assert told(BASE, new) == reasons | {JAMES: [("new_part",)]}
    (gone,) = (each.parts for each in concerned(BASE, new) if each.person.key == "james-buyekane")
    assert gone == (Part(PANEL, None, ("part_gone",)),)


def test_role_is_theirs_and_company_for_the_others() -> None:
    moderator, james, juny = PANEL.people
    new = with_panel(people=(moderator, replace(james, role="speaker"), juny))
    assert told(new) == {ADRIANA: [("company",)], JAMES: [("role",)], JUNY: [("company",)]}


def test_new_moderator_learns_of_the_role_and_not_of_questions_that_stayed() -> None:
    moderator, james, juny = PANEL.people
    new = with_panel(people=(moderator, replace(james, role="moderator"), juny))
    assert told(new)[JAMES] == [("role",)]


def test_talk_is_theirs_and_a_detail_for_the_others() -> None:
    (talk,) = PANEL.presentations
    new = with_panel(presentations=(replace(talk, minutes=10),))
    assert told(new) == {
        ADRIANA: [("details",)],
        JAMES: [("presentation",)],
        JUNY: [("details",)],
    }


def test_questions_are_those_of_their_country_and_of_who_puts_them() -> None:
    kenya, korea = PANEL.question_blocks
    new = with_panel(question_blocks=(replace(kenya, minutes=6, minutes_are="in_total"), korea))
    assert told(new) == {
        ADRIANA: [("questions",)],
        JAMES: [("questions",)],
        JUNY: [("details",)],
    }


def test_role_over_a_workshop_is_a_part() -> None:
    later = replace(MORNING, ends_at=make.at(14))
    concerns = concerned(BASE, replace(BASE, workshops=(later, *BASE.workshops[1:])))
    adriana, james, _juny = concerns
    (part,) = adriana.parts
    assert (part.reasons, adriana.around) == (("moved",), ())
    assert (james.parts, [change.kind for change in james.around]) == ((), ["moved"])
    nobody = replace(MORNING, people=())
    assert told(replace(BASE, workshops=(nobody, *BASE.workshops[1:]))) == {
        ADRIANA: [("part_gone",)]
    }


def test_session_that_moves_to_another_workshop_is_moved() -> None:
    morning, afternoon = BASE.workshops
    new = replace(
        BASE,
        workshops=(
            replace(morning, sessions=(PANEL,)),
            replace(afternoon, sessions=(ALONE,)),
        ),
    )
    assert told(new) == {JUNY: [("moved",)]}


def test_what_all_share_is_around_and_no_part() -> None:
    concerns = concerned(BASE, replace(BASE, title=make.text("Another title")))
    assert [str(each.person.full_name) for each in concerns] == [ADRIANA, JAMES, JUNY]
    assert {(each.parts, each.around[0].kind) for each in concerns} == {((), "retitled")}


def test_session_of_others_concerns_nobody_else() -> None:
    sessions = (PANEL, replace(ALONE, title=make.text("Alone")))
    new = replace(BASE, workshops=(replace(MORNING, sessions=sessions), *BASE.workshops[1:]))
    assert told(new) == {JUNY: [("retitled",)]}


NAMES = ("Ann", "Ben", "Cho")


@st.composite
def agendas(draw: st.DrawFn) -> Agenda:
    """Two workshops, up to three sessions in them, and three people who may be anywhere."""
    people = st.lists(st.sampled_from(NAMES), max_size=2, unique=True)

    def appearances(role: str) -> Any:
        return tuple(make.appearance(name, role, country="KE") for name in draw(people))

    def session(key: str) -> Session:
        return make.session(
            key,
            title=make.text(draw(st.sampled_from("ab"))),
            ends_at=make.at(9, draw(st.sampled_from((45, 50)))),
            status=draw(st.sampled_from(("confirmed", "cancelled"))),
            people=appearances(draw(st.sampled_from(("panelist", "moderator")))),
            question_blocks=(make.block(draw(st.sampled_from(("KE", "KR")))),),
        )

    def workshop(key: str, *keys: str) -> Workshop:
        return make.workshop(
            *map(session, keys),
            key=key,
            place=draw(st.sampled_from((Text(), make.text("Hall")))),
            people=appearances("moderator"),
        )

    keys = draw(st.lists(st.sampled_from("xyz"), unique=True))
    cut = draw(st.integers(0, len(keys)))
    titles = st.sampled_from((make.text("Event"), make.text("Another")))
    return make.agenda(
        workshop("morning", *keys[:cut]),
        workshop("afternoon", *keys[cut:]),
        title=draw(titles),
        people=tuple(
            make.person(name, position=make.text(draw(st.sampled_from("ab")))) for name in NAMES
        ),
    )


EDITS = tuple(edit for edit in edits(BASE) if edit.uid == BASE.uid)


@settings(deadline=None, max_examples=400)
@given(pair=st.tuples(agendas(), agendas()) | st.tuples(st.just(BASE), st.sampled_from(EDITS)))
def test_concerned_are_exactly_those_whose_own_cut_differs(pair: tuple[Agenda, Agenda]) -> None:
    old, new = pair
    found = concerned(old, new)
    uids = {person.uid for person in (*old.people, *new.people)}
    assert [each.person.uid for each in found] == list(
        dict.fromkeys(
            person.uid
            for person in (*new.people, *old.people)
            if for_person(old, person.uid) != for_person(new, person.uid)
        )
    )
    assert all(each.parts or each.around for each in found)
    assert all(part.reasons for each in found for part in each.parts)
    for uid in uids:
        assert _differing(old, new, uid) == {
            part.after.uid if part.after else part.before.uid  # type: ignore[union-attr]
            for each in found
            for part in each.parts
            if each.person.uid == uid and not isinstance(part.after or part.before, Workshop)
        }


def _differing(old: Agenda, new: Agenda, person: Any) -> set[Any]:
    """The sessions of a person that are other ones, or elsewhere, in the two agendas."""
    was, now = (
        {
            session.uid: (session, workshop.uid, agenda.place_of(workshop, session))
            for workshop, session in for_person(agenda, person).placed_sessions()
        }
        for agenda in (old, new)
    )
    return {uid for uid in was.keys() | now.keys() if was.get(uid) != now.get(uid)}
