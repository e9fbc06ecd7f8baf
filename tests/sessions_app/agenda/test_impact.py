"""Impact of a release: the people whose own selection differs, with the reasons."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app.agenda.impact import AffectedItem, PersonImpact, list_impacts
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


def reasons_by_person(new: Agenda, old: Agenda = BASE) -> dict[str, list[tuple[str, ...]]]:
    """Reasons of all items of each affected person, by name."""
    return {
        str(impact.person.full_name): [part.reasons for part in impact.items]
        for impact in list_impacts(old, new)
    }


def everybody(*reasons: str) -> dict[str, list[tuple[str, ...]]]:
    return {name: [reasons] for name in (ADRIANA, JAMES, JUNY)}


def test_equal_agendas_affect_nobody() -> None:
    assert list_impacts(BASE, BASE) == ()


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
def test_changed_session_affects_everybody_in_it(facts: Any, reasons: Any) -> None:
    assert reasons_by_person(with_panel(**facts)) == everybody(*reasons)


def test_item_has_the_session_before_and_after() -> None:
    new = with_panel(status="cancelled")
    (panel, *_rest) = new.sessions()
    part = AffectedItem(PANEL, panel, ("cancelled",))
    assert list_impacts(BASE, new) == tuple(PersonImpact(person, (part,), ()) for person in PEOPLE)


def test_place_of_the_workshop_is_the_place_of_its_sessions() -> None:
    morning = replace(MORNING, place=make.text("Hall"))
    assert reasons_by_person(replace(BASE, workshops=(morning, *BASE.workshops[1:]))) == {
        ADRIANA: [("place",), ("place",)],
        JAMES: [("place",)],
        JUNY: [("place",), ("place",)],
    }


def test_added_and_removed_people_have_these_reasons() -> None:
    moderator, _james, juny = PANEL.people
    new = with_panel(people=(moderator, juny), presentations=())
    reasons = {
        ADRIANA: [("other_people", "details")],
        JAMES: [("removed",)],
        JUNY: [("other_people", "details")],
    }
    assert reasons_by_person(new) == reasons
    assert reasons_by_person(BASE, new) == reasons | {JAMES: [("added",)]}
    (gone,) = (
        impact.items for impact in list_impacts(BASE, new) if impact.person.key == "james-buyekane"
    )
    assert gone == (AffectedItem(PANEL, None, ("removed",)),)


def test_changed_role_is_role_for_the_person_and_other_people_for_the_rest() -> None:
    moderator, james, juny = PANEL.people
    new = with_panel(people=(moderator, replace(james, role="speaker"), juny))
    assert reasons_by_person(new) == {
        ADRIANA: [("other_people",)],
        JAMES: [("role",)],
        JUNY: [("other_people",)],
    }


def test_new_moderator_has_the_reason_role_and_not_questions() -> None:
    moderator, james, juny = PANEL.people
    new = with_panel(people=(moderator, replace(james, role="moderator"), juny))
    assert reasons_by_person(new)[JAMES] == [("role",)]


def test_changed_talk_is_presentation_for_the_presenter_and_details_for_the_rest() -> None:
    (talk,) = PANEL.presentations
    new = with_panel(presentations=(replace(talk, minutes=10),))
    assert reasons_by_person(new) == {
        ADRIANA: [("details",)],
        JAMES: [("presentation",)],
        JUNY: [("details",)],
    }


def test_changed_questions_affect_their_country_and_the_moderator() -> None:
    kenya, korea = PANEL.question_blocks
    new = with_panel(question_blocks=(replace(kenya, minutes=6, minutes_are="in_total"), korea))
    assert reasons_by_person(new) == {
        ADRIANA: [("questions",)],
        JAMES: [("questions",)],
        JUNY: [("details",)],
    }


def test_role_over_a_workshop_is_an_item() -> None:
    later = replace(MORNING, ends_at=make.at(14))
    impacts = list_impacts(BASE, replace(BASE, workshops=(later, *BASE.workshops[1:])))
    adriana, james, _juny = impacts
    (part,) = adriana.items
    assert (part.reasons, adriana.other_changes) == (("moved",), ())
    assert (james.items, [change.kind for change in james.other_changes]) == ((), ["moved"])
    nobody = replace(MORNING, people=())
    assert reasons_by_person(replace(BASE, workshops=(nobody, *BASE.workshops[1:]))) == {
        ADRIANA: [("removed",)]
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
    assert reasons_by_person(new) == {JUNY: [("moved",)]}


def test_change_of_the_event_is_an_other_change_and_no_item() -> None:
    impacts = list_impacts(BASE, replace(BASE, title=make.text("Another title")))
    assert [str(impact.person.full_name) for impact in impacts] == [ADRIANA, JAMES, JUNY]
    assert {(impact.items, impact.other_changes[0].kind) for impact in impacts} == {
        ((), "retitled")
    }


def test_session_of_others_affects_nobody_else() -> None:
    sessions = (PANEL, replace(ALONE, title=make.text("Alone")))
    new = replace(BASE, workshops=(replace(MORNING, sessions=sessions), *BASE.workshops[1:]))
    assert reasons_by_person(new) == {JUNY: [("retitled",)]}


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
def test_affected_are_exactly_those_whose_own_selection_differs(
    pair: tuple[Agenda, Agenda],
) -> None:
    old, new = pair
    found = list_impacts(old, new)
    uids = {person.uid for person in (*old.people, *new.people)}
    assert [item.person.uid for item in found] == list(
        dict.fromkeys(
            person.uid
            for person in (*new.people, *old.people)
            if for_person(old, person.uid) != for_person(new, person.uid)
        )
    )
    assert all(item.items or item.other_changes for item in found)
    assert all(part.reasons for item in found for part in item.items)
    for uid in uids:
        assert _differing(old, new, uid) == {
            part.after.uid if part.after else part.before.uid  # type: ignore[union-attr]
            for item in found
            for part in item.items
            if item.person.uid == uid and not isinstance(part.after or part.before, Workshop)
        }


def _differing(old: Agenda, new: Agenda, person: Any) -> set[Any]:
    """The sessions of a person that are other ones, or elsewhere, in the two agendas."""
    was, now = (
        {
            session.uid: (session, workshop.uid, agenda.place_of(workshop, session))
            for workshop, session in for_person(agenda, person).workshop_sessions()
        }
        for agenda in (old, new)
    )
    return {uid for uid in was.keys() | now.keys() if was.get(uid) != now.get(uid)}
