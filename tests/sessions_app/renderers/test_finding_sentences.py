"""Findings as sentences: every code has one, in the time of the event."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from sessions_app.agenda.types import Agenda, Presentation, Session, StatedWindow
from sessions_app.checks.findings import SplitMove
from sessions_app.checks.registry import CHECKS, check
from sessions_app.publishing.queries import get_draft
from sessions_app.renderers.finding_sentences import TEMPLATES, with_sentences
from tests import make
from workshop.models import Event
from workshop.zones import Zone

KIM = make.person(honorific=make.text("Ms."), country="KR", zone="Asia/Seoul")
OVERALL = make.appearance("Adriana Alberti", "moderator", person=None)


def sentences(agenda: Agenda, code: str) -> list[str]:
    findings = with_sentences(check(agenda), agenda)
    return [sentence for finding, sentence in findings if finding.code == code]


def morning(*sessions: Session, people: Any = (KIM,), **facts: Any) -> Agenda:
    """An event of one workshop from 08:30 to 13:15."""
    return make.agenda(make.workshop(*sessions, **facts), people=people)


def row(number: int | None, start: tuple[int, int], end: tuple[int, int], **facts: Any) -> Session:
    """A session, by default one of Ms. Kim's."""
    return make.session(
        f"session-{number}",
        **{
            "number": number,
            "starts_at": make.at(*start),
            "ends_at": make.at(*end),
            "people": (make.appearance(),),
            **facts,
        },
    )


def panel(**facts: Any) -> Agenda:
    """An event with Session 1, from 09:25 to 09:45."""
    return morning(row(1, (9, 25), (9, 45), **facts))


def asked(*countries: str, minutes: int | None = 6) -> Any:
    minutes_are = None if minutes is None else "per_country"
    return make.block(*countries, minutes=minutes, minutes_are=minutes_are)


def talk(minutes: int) -> Presentation:
    return Presentation(make.uid("talk"), make.text("Talk"), minutes=minutes)


def over_the_change(*zones: Zone) -> Agenda:
    """An event across 7 November 2021, 06:00 UTC, when New York's clock goes back."""
    start = datetime(2021, 11, 7, 5, 0, tzinfo=UTC)
    window = make.workshop(starts_at=start, ends_at=start + timedelta(hours=2))
    return make.agenda(window, zones=zones)


BOTH = row(3, (10, 55), (12, 10)), row(4, (11, 55), (12, 15))
TWO_WORKSHOPS = make.agenda(
    make.workshop(BOTH[0]), make.workshop(BOTH[1], key="national"), people=(KIM,)
)
SENTENCES = [
    (
        "outside_window",
        morning(row(1, (13, 5), (13, 20))),
        "Session 1 is at 13:05–13:20, but its workshop is announced for 08:30–13:15. "
        "Move it, or change the announced hours.",
    ),
    (
        "double_booked",
        morning(*BOTH),
        "Ms. Juny Kim is in Session 3 and in Session 4 at 11:55–12:10. "
        "Move one of them, or assign somebody else.",
    ),
    (
        "double_booked",
        TWO_WORKSHOPS,
        "Ms. Juny Kim is in Session 3 of “International” and in Session 4 of “National” at "
        "11:55–12:10. Move one of them, or assign somebody else.",
    ),
    (
        "untitled",
        panel(title=make.text("")),
        "Session 1 (09:25–09:45) has no title. Add one.",
    ),
    (
        "untitled",
        morning(title=make.text("")),
        "The workshop at 08:30–13:15 has no title. Add one.",
    ),
    (
        "overlap",
        morning(*BOTH),
        "Session 3 and Session 4 overlap at 11:55–12:10. "
        "Move one of them, unless they are meant to run in parallel.",
    ),
    (
        "gap",
        morning(row(1, (8, 30), (9, 0)), row(None, (9, 20), (13, 15))),
        "Nothing is planned at 09:00–09:20 (20 min), after Session 1, before “Leadership”. "
        "Add a session, or move the sessions around it.",
    ),
    (
        "gap",
        morning(),
        "Nothing is planned at 08:30–13:15 (4 h 45 min). "
        "Add a session, or move the sessions around it.",
    ),
    (
        "window_disagreement",
        morning(
            stated_windows=(
                StatedWindow("Letter", make.at(8), make.at(13, 15)),
                StatedWindow("Letter", make.at(8, 15), make.at(13, 15)),
            )
        ),
        "“International” is announced for 08:30–13:15, but another document, “Letter”, says "
        "08:00–13:15 and 08:15–13:15. Correct one of the two.",
    ),
    (
        "over_budget",
        panel(question_blocks=(asked("KE", "KR", "VN", "AZ"),), questions_minutes=18),
        "Session 1 (09:25–09:45): its questions have 24 min, but 18 min are stated; its questions "
        "need 24 min, but the slot has 20 min. Remove 6 min, or add time.",
    ),
    (
        "over_budget",
        panel(presentations=(talk(25),)),
        "Session 1 (09:25–09:45): its presentations need 25 min, but the slot has 20 min. "
        "Remove 5 min, or add time.",
    ),
    (
        "over_budget",
        panel(presentations=(talk(15),), question_blocks=(asked("KR"),)),
        "Session 1 (09:25–09:45): its presentations and questions need 21 min, but the slot has "
        "20 min. Remove 1 min, or add time.",
    ),
    (
        "under_budget",
        panel(question_blocks=(asked("KR"),), questions_minutes=15),
        "Session 1 (09:25–09:45): its questions have 6 min of the stated 15 min; 9 min are free.",
    ),
    (
        "no_minutes",
        panel(question_blocks=(asked("KE", "VN", minutes=None), asked("VN", "AZ", minutes=None))),
        "Session 1 (09:25–09:45): the questions to Kenya, Vietnam and Azerbaijan have no minutes.",
    ),
    (
        "no_minutes",
        panel(question_blocks=(asked(minutes=None),)),
        "Session 1 (09:25–09:45): the questions have no minutes.",
    ),
    (
        "country_without_panelist",
        panel(question_blocks=(asked("KE"),)),
        "Session 1 (09:25–09:45) has questions to Kenya, but nobody from there takes part. "
        "Add a panelist, or remove the country from the questions.",
    ),
    (
        "panelist_without_questions",
        panel(question_blocks=(asked("KE"),)),
        "Ms. Juny Kim is a panelist of Session 1 (09:25–09:45), which has no questions to "
        "Republic of Korea.",
    ),
    (
        "no_moderator",
        panel(),
        "Session 1 (09:25–09:45) has no moderator of its own. Add one.",
    ),
    (
        "no_moderator",
        make.agenda(make.workshop(row(1, (9, 25), (9, 45)), people=(OVERALL,)), people=(KIM,)),
        "Session 1 (09:25–09:45) has no moderator of its own. Add one. "
        "The whole workshop is moderated by Adriana Alberti.",
    ),
    ("no_speaker", panel(people=()), "Session 1 (09:25–09:45) has no speaker."),
    (
        "duplicate_person",
        morning(people=(KIM, make.person("Kim Juny", key="kim-juny"))),
        "Possible duplicates: Kim Juny (kim-juny) and Ms. Juny Kim (juny-kim). "
        "If they are the same person, merge them.",
    ),
    (
        "unsocial_hours",
        morning(
            row(1, (10, 59), (11, 30)), people=(make.person(country="KE", zone="Africa/Nairobi"),)
        ),
        "Early for Juny Kim in Session 1: 06:59–07:30 in Nairobi, before 07:00.",
    ),
    (
        "unsocial_hours",
        morning(row(1, (8, 45), (9, 10)), people=(make.person(zone="America/New_York"),)),
        "Late for Juny Kim in Session 1: Tue 3 Aug 21:45–22:10 in New York, after 22:00.",
    ),
    (
        "label_clock_mismatch",
        make.agenda(make.workshop(), zones=(make.EST,)),
        "The times of New York are labelled EST, but its time zone on 4 August 2021 is EDT, "
        "UTC−4. Use the label EDT or New York.",
    ),
    (
        "label_clock_mismatch",
        over_the_change(make.EST),
        "The times of New York are labelled EST, but its time zone on 7 November 2021 is EDT, "
        "UTC−4 and EST, UTC−5. Use the label New York.",
    ),
    (
        "clock_change",
        over_the_change(make.EST),
        "The UTC offset of New York changes during the event, from UTC−4 to UTC−5. "
        "Check its times.",
    ),
]


@pytest.mark.parametrize(("code", "agenda", "sentence"), SENTENCES)
def test_finding_is_a_sentence(code: str, agenda: Agenda, sentence: str) -> None:
    assert sentence in sentences(agenda, code)


def test_every_check_has_a_sentence() -> None:
    codes = {row.__name__ for row in CHECKS}
    assert {code for code, _agenda, _sentence in SENTENCES} == codes
    assert {key.split()[0] for key in TEMPLATES} == codes


def test_session_moved_between_workshops_is_a_sentence() -> None:
    old, new = make.workshop(key="morning"), make.workshop(key="afternoon")
    move = SplitMove(make.session(number=3), old, new)
    assert with_sentences([move], make.agenda()) == (
        (move, "Session 3 moved from “Morning” to “Afternoon”. Publish both together."),
    )


def test_session_that_is_in_two_workshops_has_the_times_of_each() -> None:
    """As when it was moved and only one of the two workshops is to be published."""
    agenda = make.agenda(
        make.workshop(row(3, (9, 0), (9, 30), people=())),
        make.workshop(row(3, (9, 30), (10, 0), people=()), key="national"),
    )
    assert sentences(agenda, "no_speaker") == [
        "Session 3 (09:00–09:30) has no speaker.",
        "Session 3 (09:30–10:00) has no speaker.",
    ]
    both = make.agenda(
        make.workshop(BOTH[0]), make.workshop(BOTH[0], key="national"), people=(KIM,)
    )
    assert sentences(both, "double_booked") == [
        "Ms. Juny Kim is in Session 3 of “International” and in Session 3 of “National” at "
        "10:55–12:10. Move one of them, or assign somebody else."
    ]


def test_times_are_dated_where_the_event_has_several_days() -> None:
    late = make.session("late", starts_at=make.at(9, day=5), ends_at=make.at(10, day=5), number=2)
    agenda = make.agenda(make.workshop(late, ends_at=make.at(10, day=5)))
    assert sentences(agenda, "gap") == [
        "Nothing is planned at Wed 4 Aug 08:30–Thu 5 Aug 09:00 (24 h 30 min), before Session 2. "
        "Add a session, or move the sessions around it."
    ]


@pytest.mark.django_db
def test_sentences_on_the_real_programme_name_people_sessions_and_times(programme: str) -> None:
    draft = get_draft(Event.objects.get(slug=programme))
    lessons = "“Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery”"
    assert [
        sentence
        for finding, sentence in with_sentences(check(draft), draft)
        if finding.workshop != "national"
    ] == [
        "The times of New York are labelled EST, but its time zone on 4 August 2021 is EDT, "
        "UTC−4. Use the label EDT or New York.",
        "“Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers” is announced for "
        "08:30–13:15, but another document, “Concept note”, says 08:30–13:00. "
        "Correct one of the two.",
        "Nothing is planned at 09:45–10:05 (20 min), after Session 1, before Session 2. "
        "Add a session, or move the sessions around it.",
        "Early for Mr. Abdul Aliyev in Session 1: 06:25–06:45 in Baku, before 07:00.",
        "Early for Mr. James Buyekane in Session 1: 05:25–05:45 in Nairobi, before 07:00.",
        "Early for Mr. James Buyekane in Session 2: 06:05–06:30 in Nairobi, before 07:00.",
        "Session 3 (10:55–11:40): its questions have 42 min of the stated 45 min; 3 min are free.",
        "Early for Mr. James Buyekane in Session 3: 06:55–07:40 in Nairobi, before 07:00.",
        f"{lessons} (12:55–13:10): the questions to Azerbaijan, Bangladesh, Kenya, Republic of "
        "Korea, Singapore and Vietnam have no minutes.",
        f"{lessons} (12:55–13:10) has no moderator of its own. Add one. The whole workshop is "
        "moderated by Ms. Adriana Alberti, Mr. Bokyun Shim and Mr. Jonas Rabinovitch.",
    ]
