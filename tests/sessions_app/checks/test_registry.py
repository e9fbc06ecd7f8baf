"""Checks: each finds its fault and nothing similar; all of them on the real programme."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given, settings
from hypothesis import strategies as st

from sessions_app import models
from sessions_app.agenda import intervals
from sessions_app.agenda.types import Agenda, Presentation, Session, StatedWindow, Workshop
from sessions_app.checks.registry import CHECKS, Finding, Level, check
from sessions_app.publishing.queries import get_draft
from tests import make
from workshop.models import Event
from workshop.zones import Zone

LEVELS = {
    **dict.fromkeys(("outside_window", "double_booked", "untitled"), "error"),
    **dict.fromkeys(("overlap", "gap", "over_budget", "country_without_panelist"), "warning"),
    **dict.fromkeys(("no_moderator", "unsocial_hours", "label_clock_mismatch"), "warning"),
    **dict.fromkeys(("clock_change", "window_disagreement"), "warning"),
    **dict.fromkeys(("under_budget", "no_minutes", "panelist_without_questions"), "note"),
    **dict.fromkeys(("no_speaker", "duplicate_person"), "note"),
}
KIM = make.person(honorific=make.text("Ms."), country="KR", zone="Asia/Seoul")


# The real programme, read by hand.

MORNING, AFTERNOON = "international", "national"
BY_HAND = [
    # EST stands over New York's column; in August New York is on EDT.
    ("label_clock_mismatch", "warning", "", (), (), None),
    # Programme 8:30-13:15, concept note 08:30-13:00.
    ("window_disagreement", "warning", MORNING, (), (), None),
    # Session 1 is printed 09:25-09:45, Session 2 10:05-10:30.
    ("gap", "warning", MORNING, ("session-1", "session-2"), (), 20),
    # Baku is three hours behind Vientiane (06:25), Nairobi four (05:25, 06:05, 06:55). Nobody
    # else whose country has one clock is up before seven: Mr. Khudaverdiyev begins at 07:05.
    ("unsocial_hours", "warning", MORNING, ("session-1",), ("abdul-aliyev",), 20),
    ("unsocial_hours", "warning", MORNING, ("session-1",), ("james-buyekane",), 20),
    ("unsocial_hours", "warning", MORNING, ("session-2",), ("james-buyekane",), 25),
    # (2 + 3 + 2) countries x 6 = 42 of the 45 min printed.
    ("under_budget", "note", MORNING, ("session-3",), (), 3),
    ("unsocial_hours", "warning", MORNING, ("session-3",), ("james-buyekane",), 5),
    # "Questions to Panelists: (15 min)", none said for each of the six countries; no moderator.
    ("no_minutes", "note", MORNING, ("lessons-learned",), (), None),
    ("no_moderator", "warning", MORNING, ("lessons-learned",), (), None),
    # Programme 14:15-16:00, concept note 14:00-15:50; the last row ends at 15:50.
    ("window_disagreement", "warning", AFTERNOON, (), (), None),
    ("gap", "warning", AFTERNOON, ("odsc-roadmap",), (), 10),
]


@pytest.mark.django_db
def test_real_programme_has_exactly_these_findings(programme: str) -> None:
    findings = check(get_draft(Event.objects.get(slug=programme)))
    assert [
        (it.code, it.level, it.workshop, it.sessions, it.people, it.minutes) for it in findings
    ] == BY_HAND


# One check at a time.


def references(code: str, agenda: Agenda) -> list[tuple[Any, ...]]:
    """Workshop, sessions, people and minutes of the findings of a code, whose level is checked."""
    findings = [finding for finding in check(agenda) if finding.code == code]
    assert {finding.level for finding in findings} <= {LEVELS[code]}
    return [
        (finding.workshop, finding.sessions, finding.people, finding.minutes)
        for finding in findings
    ]


def morning(*sessions: Session, **facts: Any) -> Agenda:
    """An event of one workshop from 08:30 to 13:15, with Ms. Kim among its people."""
    return make.agenda(make.workshop(*sessions), **{"people": (KIM,)} | facts)


def row(key: str, start: tuple[int, int], end: tuple[int, int], **facts: Any) -> Session:
    return make.session(key, starts_at=make.at(*start), ends_at=make.at(*end), **facts)


def test_checks_are_the_codes_of_the_issue() -> None:
    assert sorted(check_.__name__ for check_ in CHECKS) == sorted(LEVELS)


@pytest.mark.parametrize(
    ("start", "end", "outside"),
    [((13, 5), (13, 20), 5), ((8, 0), (8, 40), 30), ((14, 0), (14, 20), 20), ((8, 0), (14, 0), 75)],
)
def test_session_outside_its_workshops_window_is_found(start: Any, end: Any, outside: int) -> None:
    assert references("outside_window", morning(row("late", start, end))) == [
        ("international", ("late",), (), outside)
    ]


def test_session_that_fills_the_window_is_within_it() -> None:
    assert references("outside_window", morning(row("all", (8, 30), (13, 15)))) == []


def with_kim(key: str, start: tuple[int, int], end: tuple[int, int], **facts: Any) -> Session:
    return row(key, start, end, **{"people": (make.appearance(),)} | facts)


def test_person_in_two_sessions_at_once_is_found_with_the_time_they_share() -> None:
    agenda = morning(
        with_kim("session-4", (11, 55), (12, 15), number=4),
        with_kim("session-3", (10, 55), (12, 10), number=3),
    )
    (finding,) = [finding for finding in check(agenda) if finding.code == "double_booked"]
    assert finding == Finding(
        "double_booked",
        Level.ERROR,
        "international",
        ("session-3", "session-4"),
        ("juny-kim",),
        15,
        (make.at(11, 55), make.at(12, 10)),
    )


def test_person_is_found_in_two_workshops_at_once_and_in_a_talk() -> None:
    talk = Presentation(make.uid("talk"), make.text("Talk"), people=(make.appearance(),))
    agenda = make.agenda(
        make.workshop(with_kim("panel", (9, 0), (10, 0))),
        make.workshop(row("talks", (9, 30), (10, 0), presentations=(talk,)), key="national"),
        people=(KIM,),
    )
    assert references("double_booked", agenda) == [
        ("international", ("panel", "talks"), ("juny-kim",), 30)
    ]


@pytest.mark.parametrize(
    "agenda",
    [
        # one after the other
        morning(with_kim("one", (9, 0), (9, 30)), with_kim("two", (9, 30), (10, 0))),
        # two roles in one session, and a talk of it
        morning(
            row(
                "one",
                (9, 0),
                (9, 30),
                people=(make.appearance(), make.appearance(role="moderator")),
                presentations=(
                    Presentation(make.uid("t"), make.text("T"), people=(make.appearance(),)),
                ),
            )
        ),
        # one of them is cancelled
        morning(
            with_kim("one", (9, 0), (9, 30)), with_kim("two", (9, 0), (9, 30), status="cancelled")
        ),
        # an overall role, here and in a parallel workshop
        make.agenda(
            make.workshop(with_kim("one", (9, 0), (9, 30)), people=(make.appearance(),)),
            make.workshop(key="national", people=(make.appearance(),)),
            people=(KIM,),
        ),
        # an organisation may be in two places
        morning(
            *(
                row(key, (9, 0), (9, 30), people=(make.appearance("DPIDG", person=None),))
                for key in ("one", "two")
            )
        ),
    ],
)
def test_person_in_one_place_at_a_time_is_not_double_booked(agenda: Agenda) -> None:
    assert references("double_booked", agenda) == []


def test_untitled_sessions_and_workshops_are_found_and_breaks_are_not() -> None:
    blank = make.text("")
    rows = [
        row(kind, (8, 30), (13, 15), kind=kind, title=blank)
        for kind in ("break", "q_and_a", "closing")
    ]
    lao = row("lao", (8, 30), (13, 15), title=make.text("", "ເປີດ"))
    agenda = make.agenda(make.workshop(*rows, lao, title=blank))
    assert references("untitled", agenda) == [
        ("international", (), (), None),
        ("international", ("closing",), (), None),
    ]


def test_sessions_of_one_workshop_at_once_overlap() -> None:
    agenda = make.agenda(
        make.workshop(
            row("one", (9, 0), (9, 30)),
            row("two", (9, 20), (10, 0)),
            row("three", (10, 0), (11, 0)),
        ),
        make.workshop(row("parallel", (9, 0), (11, 0)), key="national"),
    )
    assert references("overlap", agenda) == [("international", ("one", "two"), (), 10)]


def test_gaps_are_times_without_a_session_also_at_start_and_end() -> None:
    agenda = morning(
        row("long", (8, 45), (10, 0)),
        row("short", (9, 0), (9, 15)),
        row("cancelled", (10, 0), (10, 30), status="cancelled"),
        row("last", (10, 30), (13, 0)),
    )
    assert references("gap", agenda) == [
        ("international", ("long",), (), 15),
        ("international", ("long", "last"), (), 30),
        ("international", ("last",), (), 15),
    ]


def test_workshop_without_sessions_is_one_gap_and_a_full_one_has_none() -> None:
    assert references("gap", morning()) == [("international", (), (), 285)]
    assert (
        references("gap", morning(row("one", (8, 0), (9, 0)), row("two", (9, 0), (13, 15)))) == []
    )


def stated(source: str, start: tuple[int, int], end: tuple[int, int]) -> StatedWindow:
    return StatedWindow(source, make.at(*start), make.at(*end))


def test_stated_hours_that_differ_are_found_once_per_document() -> None:
    windows = (
        stated("Concept note", (8, 30), (13, 0)),
        stated("Invitation", (8, 30), (13, 15)),
        stated("Letter", (8, 0), (13, 15)),
        stated("Letter", (8, 15), (13, 15)),
    )
    agenda = make.agenda(make.workshop(stated_windows=windows))
    assert [
        (finding.level, finding.workshop, finding.document)
        for finding in check(agenda)
        if finding.code == "window_disagreement"
    ] == [("warning", "international", source) for source in ("Concept note", "Letter")]


def each(*countries: str, minutes: int | None = 6) -> Any:
    minutes_are = None if minutes is None else "per_country"
    return make.block(*countries, minutes=minutes, minutes_are=minutes_are)


def total(*countries: str, minutes: int = 6) -> Any:
    return make.block(*countries, minutes=minutes, minutes_are="in_total")


def talk(minutes: int | None) -> Presentation:
    return Presentation(make.uid(f"talk {minutes}"), make.text("Talk"), minutes=minutes)


@pytest.mark.parametrize(
    ("facts", "minutes"),
    [  # of a slot of 20 min
        ({"question_blocks": (each("KE", "KR", "VN"),), "questions_minutes": 15}, 3),
        ({"question_blocks": (each("KE", "KR", "VN"), total("AZ", "BD"))}, 4),
        ({"question_blocks": (each("KE", "KR", "VN", "AZ"),), "questions_minutes": 18}, 6),
        ({"questions_minutes": 25}, 5),
        ({"presentations": (talk(15), talk(10), talk(None))}, 5),
        ({"presentations": (talk(15),), "question_blocks": (each("KE"),)}, 1),
    ],
)
def test_more_minutes_than_there_are_is_over_budget(facts: Any, minutes: int) -> None:
    assert references("over_budget", morning(make.session(**facts))) == [
        ("international", ("session-1",), (), minutes)
    ]


@pytest.mark.parametrize(
    "facts",
    [
        {"question_blocks": (each("KE", "KR"), total("AZ", "BD", "VN", minutes=8))},
        {"question_blocks": (each("KE", "KR", "VN"),), "questions_minutes": 18},
        {"presentations": (talk(10), talk(4)), "question_blocks": (each("KE"),)},
    ],
)
def test_minutes_that_just_fit_are_within_budget(facts: Any) -> None:
    agenda = morning(make.session(**facts))
    assert (references("over_budget", agenda), references("under_budget", agenda)) == ([], [])


def test_fewer_minutes_than_stated_are_under_budget() -> None:
    rows = make.session(question_blocks=(each("KE"), total("AZ", "BD")), questions_minutes=15)
    assert references("under_budget", morning(rows)) == [("international", ("session-1",), (), 3)]


@pytest.mark.parametrize(
    "facts",
    [
        {"question_blocks": (each("KE"), total("AZ"))},
        {"question_blocks": (each("KE"), each("AZ", minutes=None)), "questions_minutes": 15},
        {"question_blocks": (each(),), "questions_minutes": 15},
        {"questions_minutes": 15},
    ],
)
def test_minutes_that_are_not_all_known_are_not_under_budget(facts: Any) -> None:
    assert references("under_budget", morning(make.session(**facts))) == []


def test_blocks_without_minutes_are_found_once_a_session() -> None:
    blocks = (each("KE", "VN", minutes=None), each("VN", "AZ", minutes=None), each("BD"))
    agenda = morning(make.session(question_blocks=blocks))
    assert references("no_minutes", agenda) == [("international", ("session-1",), (), None)]
    assert references("no_minutes", morning(make.session(question_blocks=(each("BD"),)))) == []


def test_country_that_is_asked_and_not_there_is_found() -> None:
    facts = {
        "people": (make.appearance(country="KR"), make.appearance("Somebody", country="")),
        "presentations": (replace(talk(5), people=(make.appearance("Alam", country="BD"),)),),
        "question_blocks": (each("KR", "SG", "BD"), each("SG", "KE")),
    }
    agenda = morning(make.session(**facts))
    at = ("country_without_panelist", Level.WARNING, "international", ("session-1",))
    findings = [finding for finding in check(agenda) if finding.code == at[0]]
    assert findings == [Finding(*at, countries=(country,)) for country in ("KE", "SG")]


def test_panelist_whose_country_is_asked_nothing_is_found() -> None:
    agenda = morning(make.session(people=(make.appearance(),), question_blocks=(each("KE"),)))
    assert references("panelist_without_questions", agenda) == [
        ("international", ("session-1",), ("juny-kim",), None)
    ]


@pytest.mark.parametrize(
    ("facts", "person"),
    [
        ({"question_blocks": (each("KE"), each("SG", "KR"))}, KIM),
        ({"question_blocks": (each("KE"), each())}, KIM),
        ({"question_blocks": ()}, KIM),
        ({"question_blocks": (each("KE"),)}, replace(KIM, country="")),
        ({"question_blocks": (each("KE"),), "people": (make.appearance(role="moderator"),)}, KIM),
    ],
)
def test_panelist_is_asked_something_or_nobody_is(facts: Any, person: Any) -> None:
    rows = make.session(**{"people": (make.appearance(),)} | facts)
    assert references("panelist_without_questions", morning(rows, people=(person,))) == []


def test_panel_needs_a_moderator_of_its_own() -> None:
    overall = make.appearance(role="moderator")
    bare, own = make.session("bare"), make.session("own", people=(overall,))
    talks = make.session("talks", kind="presentation")
    agenda = make.agenda(make.workshop(bare, own, talks, people=(overall,)))
    assert references("no_moderator", agenda) == [("international", ("bare",), (), None)]


def test_moderator_to_be_confirmed_is_a_moderator_and_somebody() -> None:
    tbc = make.appearance("", "moderator", stands_for="to_be_confirmed", person=None)
    agenda = morning(make.session(people=(tbc,)))
    assert (references("no_moderator", agenda), references("no_speaker", agenda)) == ([], [])


def test_session_without_anybody_is_found_unless_it_needs_nobody() -> None:
    kinds = ("break", "q_and_a", "opening", "panel", "other")
    spoken = make.session("spoken", presentations=(replace(talk(5), people=(make.appearance(),)),))
    agenda = morning(*(make.session(kind, kind=kind) for kind in kinds), spoken)
    assert references("no_speaker", agenda) == [
        ("international", (key,), (), None) for key in ("opening", "other", "panel")
    ]


def test_names_that_look_like_one_person_are_found() -> None:
    names = {
        "juny-kim": make.text("Juny Kim"),
        "kim-juny": make.text("KIM,  Juny"),
        "juny-kim-2": make.text("juny kim"),
        "juny-kimm": make.text("Juny Kimm"),
        "juny": make.text("Juny"),
        "lao-1": make.text("Thongchan Manixay", "ທອງຈັນ ມະນີໄຊ"),
        "lao-2": make.text("Thongchanh Manisay", "ທອງຈັນ  ມະນີໄຊ"),
        "empty-1": make.text("Ruslan Akbarov"),
    }
    people = tuple(
        make.person(key, key=key, full_name=full_name) for key, full_name in names.items()
    )
    assert references("duplicate_person", morning(people=people)) == [
        ("", (), ("juny-kim", "juny-kim-2", "kim-juny"), None),
        ("", (), ("lao-1", "lao-2"), None),
    ]


@pytest.mark.parametrize(
    ("zone", "start", "end", "night"),
    [
        ("America/New_York", (8, 45), (9, 10), 10),
        ("America/New_York", (8, 45), (9, 0), None),
        ("Africa/Nairobi", (10, 59), (11, 30), 1),
        ("Africa/Nairobi", (11, 0), (11, 30), None),
        ("Asia/Kathmandu", (8, 14), (8, 30), 1),
        ("Pacific/Kiritimati", (16, 30), (17, 30), 60),
        ("UTC", (8, 30), (9, 0), 30),
        ("", (1, 0), (2, 0), None),
    ],
)
def test_night_is_that_of_the_persons_own_zone(
    zone: str, start: Any, end: Any, night: int | None
) -> None:
    both = (make.appearance(), make.appearance(role="moderator"))
    rows = row("session-1", start, end, people=both)
    agenda = morning(rows, people=(replace(KIM, zone=zone),))
    expected = [("international", ("session-1",), ("juny-kim",), night)]
    assert references("unsocial_hours", agenda) == (expected if night else [])


def month(value: int) -> Agenda:
    """A morning in a month of 2021."""
    start = datetime(2021, value, 10, 1, 30, tzinfo=UTC)
    return make.agenda(make.workshop(starts_at=start, ends_at=start + timedelta(hours=4)))


@pytest.mark.parametrize(
    ("label", "key", "when", "misleads"),
    [
        ("EST", "America/New_York", 8, True),
        ("EST", "America/New_York", 1, False),
        ("EDT", "America/New_York", 8, False),
        ("EDT", "America/New_York", 1, True),
        ("EST", "America/Panama", 8, False),  # EST all the year
        ("EST", "America/Lima", 8, False),  # the same offset, and no name of its own
        ("EST", "Asia/Vientiane", 8, True),
        ("PST", "America/Los_Angeles", 8, True),
        ("CET", "Europe/Paris", 8, True),
        ("GMT", "Europe/London", 8, True),
        ("BST", "Europe/London", 8, False),
        ("IST", "Asia/Kolkata", 8, False),
        ("CST", "Asia/Shanghai", 8, False),
        ("KST", "Asia/Seoul", 8, False),
        ("ICT", "Asia/Vientiane", 8, False),  # a name that zoneinfo does not know
        ("Lao Time", "Asia/Vientiane", 8, False),
        ("New York", "America/New_York", 8, False),
    ],
)
def test_label_is_the_name_of_the_clock_or_no_clocks_name(
    label: str, key: str, when: int, misleads: bool
) -> None:
    agenda = replace(month(when), zones=(Zone(label, key),))
    expected = [("", (), (), None)] if misleads else []
    assert references("label_clock_mismatch", agenda) == expected


def over_the_change(zones: tuple[Zone, ...], zone: str = "Asia/Vientiane") -> Agenda:
    """An event across 7 November 2021, 06:00 UTC, when New York's clock goes back."""
    start = datetime(2021, 11, 7, 5, 0, tzinfo=UTC)
    window = make.workshop(starts_at=start, ends_at=start + timedelta(hours=2))
    return make.agenda(window, zones=zones, zone=zone)


def test_clock_that_changes_during_the_event_is_found_with_its_label() -> None:
    agenda = over_the_change(make.ZONES)
    assert [finding for finding in check(agenda) if not finding.workshop] == [
        Finding(code, Level.WARNING, zones=(make.EST,))
        for code in ("clock_change", "label_clock_mismatch")
    ]


def test_label_that_is_right_for_a_part_of_the_event_misleads() -> None:
    # Chicago is on UTC−5, which is what EST means, until the last minute.
    agenda = over_the_change((Zone("EST", "America/Chicago"),))
    assert references("label_clock_mismatch", agenda) == [("", (), (), None)]


def test_clock_change_of_the_events_own_zone_counts_once() -> None:
    assert len(references("clock_change", over_the_change((make.EST,), make.EST.key))) == 1
    assert len(references("clock_change", over_the_change((make.LAO,), make.EST.key))) == 1
    assert references("clock_change", over_the_change((make.LAO, make.KST))) == []
    assert references("clock_change", make.agenda(zones=(make.EST,))) == []


# Properties.

NAMES = ("Juny Kim", "Kim Juny", "James Buyekane")
PEOPLE = tuple(
    make.person(name, country=code, zone=zone)
    for name, code, zone in zip(
        NAMES, ("KR", "KE", ""), ("Asia/Seoul", "Africa/Nairobi", ""), strict=True
    )
)
appearances = st.builds(
    make.appearance,
    st.sampled_from(NAMES),
    st.sampled_from(["panelist", "moderator"]),
    country=st.sampled_from(["KR", "KE", ""]),
)
blocks = st.builds(
    make.block,
    st.sampled_from(["KR", "KE"]),
    minutes=st.integers(1, 30),
    minutes_are=st.sampled_from(["per_country", "in_total"]),
)


@st.composite
def sessions(draw: st.DrawFn, key: str) -> Session:
    start = make.at(8, 30) + timedelta(minutes=draw(st.integers(-60, 330)))
    return make.session(
        key,
        kind=draw(st.sampled_from(["panel", "break", "opening"])),
        title=make.text(draw(st.sampled_from(["", "Leadership"]))),
        starts_at=start,
        ends_at=start + timedelta(minutes=draw(st.integers(1, 120))),
        status=draw(st.sampled_from(["confirmed", "tentative", "cancelled"])),
        questions_minutes=draw(st.none() | st.integers(1, 60)),
        people=tuple(draw(st.lists(appearances, max_size=3))),
        question_blocks=tuple(draw(st.lists(blocks, max_size=2))),
    )


@st.composite
def agendas(draw: st.DrawFn) -> Agenda:
    keys = [f"row-{number}" for number in range(draw(st.integers(0, 6)))]
    rows = [draw(sessions(key)) for key in keys]
    cut = draw(st.integers(0, len(rows)))
    return make.agenda(
        make.workshop(*rows[:cut]), make.workshop(*rows[cut:], key="national"), people=PEOPLE
    )


def with_rows(agenda: Agenda, rows: Any) -> Agenda:
    workshops = tuple(
        replace(workshop, sessions=tuple(rows(workshop))) for workshop in agenda.workshops
    )
    return replace(agenda, workshops=workshops)


@settings(deadline=None)
@given(agenda=agendas(), random=st.randoms(use_true_random=False))
def test_order_of_the_sessions_does_not_matter(agenda: Agenda, random: Any) -> None:
    mixed = with_rows(agenda, lambda each: random.sample(each.sessions, len(each.sessions)))
    assert check(mixed) == check(agenda)


@settings(deadline=None)
@given(agenda=agendas())
def test_cancelled_sessions_are_ignored(agenda: Agenda) -> None:
    standing = with_rows(
        agenda, lambda each: [row for row in each.sessions if row.status != "cancelled"]
    )
    assert check(agenda) == check(standing)


def minutes_of(span: Session | Workshop) -> set[datetime]:
    return {span.starts_at + timedelta(minutes=count) for count in range(length(span))}


def length(span: Session | Workshop) -> int:
    return round((span.ends_at - span.starts_at) / timedelta(minutes=1))


@settings(deadline=None)
@given(agenda=agendas())
def test_gaps_and_sessions_fill_the_announced_hours(agenda: Agenda) -> None:
    for workshop in agenda.workshops:
        rows = [row for row in workshop.sessions if row.status != "cancelled"]
        covered = set().union(*map(minutes_of, rows)) & minutes_of(workshop)
        gaps = sum(
            minutes for key, _, _, minutes in references("gap", agenda) if key == workshop.key
        )
        assert gaps + len(covered) == length(workshop)


@settings(deadline=None)
@given(agenda=agendas())
def test_findings_name_existing_items_in_the_order_of_the_agenda(agenda: Agenda) -> None:
    findings = check(agenda)
    starts = {session.key: session.starts_at for session in agenda.sessions()}
    keys = ["", "international", "national"]
    assert {finding.code: finding.level for finding in findings}.items() <= LEVELS.items()
    assert {key for finding in findings for key in finding.people} <= {
        person.key for person in PEOPLE
    }
    order = [
        (
            keys.index(finding.workshop),
            min((starts[key] for key in finding.sessions), default=make.at(8, 30)),
            finding.code,
        )
        for finding in findings
    ]
    assert order == sorted(order)


@settings(deadline=None)
@given(
    after=st.integers(0, 2 * 365 * 24 * 60),
    minutes=st.integers(1, 2000),
    key=st.sampled_from(
        ["America/New_York", "Asia/Kolkata", "Pacific/Kiritimati", "Australia/Lord_Howe", "UTC"]
    ),
)
def test_night_minutes_are_those_that_the_clock_shows(after: int, minutes: int, key: str) -> None:
    start = datetime(2021, 1, 1, tzinfo=UTC) + timedelta(minutes=after)
    span = make.session(starts_at=start, ends_at=start + timedelta(minutes=minutes))
    zone = Zone(key, key)
    shown = [zone.local(at).hour for at in minutes_of(span)]
    assert intervals.night_minutes(span, zone) == sum(hour >= 22 or hour < 7 for hour in shown)


# The command.


@pytest.mark.django_db
def test_command_prints_findings_as_json(programme: str, capsys: Any) -> None:
    call_command("check_agenda", programme, "--format", "json")
    printed = json.loads(capsys.readouterr().out)
    keys = ["code", "level", "message", "workshop", "sessions", "people", "minutes"]
    assert [list(finding) for finding in printed] == [keys] * len(BY_HAND)
    assert printed[3] == {
        "code": "unsocial_hours",
        "level": "warning",
        "message": "Early for Mr. Abdul Aliyev in Session 1: 06:25–06:45 in Baku, before 07:00.",
        "workshop": "international",
        "sessions": ["session-1"],
        "people": ["abdul-aliyev"],
        "minutes": 20,
    }


@pytest.mark.django_db
@pytest.mark.parametrize("as_what", ["text", "json"])
def test_command_reads_the_draft_and_fails_on_an_error(
    programme: str, capsys: Any, as_what: str
) -> None:
    models.Session.objects.filter(key="session-1").update(title_en="", title_lo="")
    with pytest.raises(SystemExit) as stopped:
        call_command("check_agenda", programme, "--format", as_what)
    assert stopped.value.code == 1
    assert "Session 1 (09:25–09:45) has no title. Add one." in capsys.readouterr().out


@pytest.mark.django_db
def test_command_prints_one_line_per_finding_and_counts(programme: str, capsys: Any) -> None:
    call_command("check_agenda", programme)
    *lines, count = capsys.readouterr().out.splitlines()
    assert [tuple(line.split()[:2]) for line in lines] == [
        (level, code) for code, level, *_ in BY_HAND
    ]
    assert count == "0 errors, 10 warnings, 2 notes"


@pytest.mark.django_db
def test_command_says_that_there_is_no_such_event() -> None:
    with pytest.raises(CommandError, match="nowhere"):
        call_command("check_agenda", "nowhere")
