"""Differences side by side, in the order of the programme."""

from dataclasses import replace
from typing import Any

import pytest

from sessions_app.agenda.diff import changes
from sessions_app.agenda.types import Agenda, Presentation, Session, Workshop
from sessions_app.agenda.word_diff import Piece
from sessions_app.renderers.diff.side_by_side import Line, Section, count, difference, sections
from tests import make

PANEL = make.session(
    number=3,
    people=(make.appearance("Juny Kim"), make.appearance("James Buyekane", country="KE")),
    question_blocks=(
        make.block(
            "KE", questions=("How does it work?", "Why?"), minutes=5, minutes_are="per_country"
        ),
    ),
    presentations=(Presentation(make.uid("talk"), make.text("Huduma"), 5),),
)
LATER = make.session("session-2", starts_at=make.at(11), ends_at=make.at(12))
MORNING = make.workshop(PANEL, LATER)
BASE = make.agenda(MORNING, make.workshop(key="national"))


def of(session: Session) -> Agenda:
    return replace(
        BASE, workshops=(replace(MORNING, sessions=(session, LATER)), *BASE.workshops[1:])
    )


def lines(new: Agenda, old: Agenda = BASE) -> list[tuple[str, str, str]]:
    """Label and both sides of every line, changed words in brackets."""
    return [
        (line.label, marked(line.before), marked(line.after))
        for change in changes(old, new)
        for line in difference(change, make.LAO).lines
    ]


def marked(pieces: tuple[Piece, ...]) -> str:
    text = "".join(f"[{piece.text}]" if piece.changed else piece.text for piece in pieces)
    return text.replace("\N{NO-BREAK SPACE}", " ")


BLOCK = PANEL.question_blocks[0]
HOW, WHY = BLOCK.questions


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            {"ends_at": make.at(9, 50)},
            [("", "Wed 4 Aug [09:25–09:45] Lao Time", "Wed 4 Aug [09:25–09:50] Lao Time")],
        ),
        ({"title": make.text("Leadership now")}, [("", "Leadership", "Leadership [now]")]),
        ({"title": make.text("Leadership", "ການນຳພາ")}, [("", "", "ການນຳພາ")]),
        ({"kind": "other"}, [("Kind", "Session 3, [Panel]", "Session 3, [Session]")]),
        ({"status": "cancelled"}, [("", "Confirmed", "Cancelled")]),
        ({"place": make.text("Hall")}, [("", "", "Hall")]),
        ({"note": make.text("Be brief.")}, [("Printed note", "", "Be brief.")]),
        (
            {"people": (replace(PANEL.people[0], role="moderator"), PANEL.people[1])},
            [("", "Juny Kim, [panelist]", "Juny Kim, [moderator]")],
        ),
        (
            {"people": PANEL.people[::-1]},
            [
                (
                    "In this order",
                    "Juny Kim, panelist; James Buyekane, Kenya, panelist",
                    "James Buyekane, Kenya, panelist; Juny Kim, panelist",
                )
            ],
        ),
        ({"people": PANEL.people[:1]}, [("", "James Buyekane, Kenya, panelist", "")]),
        (
            {"presentations": (replace(PANEL.presentations[0], minutes=10),)},
            [("Huduma", "[5] min", "[10] min")],
        ),
        (
            {
                "question_blocks": (
                    replace(BLOCK, questions=(replace(HOW, text=make.text("How does it help?")),)),
                )
            },
            [("Kenya", "How does it [work?]", "How does it [help?]"), ("Kenya", "Why?", "")],
        ),
        (
            {"question_blocks": (replace(BLOCK, minutes=6, minutes_are="in_total"),)},
            [("Questions to", "Kenya, [5] min [per country]", "Kenya, [6] min [in total]")],
        ),
    ],
)
def test_changed_session_is_shown_before_and_after(facts: Any, expected: Any) -> None:
    assert lines(of(replace(PANEL, **facts))) == expected


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"audience": make.text("All")}, [("Audience", "", "All")]),
        ({"admission": "open"}, [("Admission", "By invitation", "Open to everybody")]),
        ({"other_titles": ("Peers",)}, [("Also called", "", "Peers")]),
    ],
)
def test_changed_workshop_is_shown_before_and_after(facts: Any, expected: Any) -> None:
    new = replace(BASE, workshops=(replace(MORNING, **facts), *BASE.workshops[1:]))
    assert lines(new) == expected


def test_session_in_another_workshop_is_named_with_it() -> None:
    new = replace(
        BASE,
        workshops=(
            replace(MORNING, sessions=(PANEL,)),
            replace(BASE.workshops[1], sessions=(LATER,)),
        ),
    )
    at = "Wed 4 Aug 11:00–12:00 Lao Time"
    assert lines(new) == [("", f"[International:] {at}", f"[National:] {at}")]
    for key in ("international", "national"):
        assert count(sections(BASE, new, make.LAO, workshop=key)) == 1


def test_language_of_a_line_is_that_of_its_text() -> None:
    (change,) = changes(BASE, of(replace(PANEL, title=make.text("Leadership", "ການນຳພາ"))))
    (line,) = difference(change, make.LAO).lines
    assert line == Line("", "lo", (), (Piece("ການນຳພາ"),))


def names(sections: tuple[Section, ...]) -> list[tuple[str, list[str]]]:
    return [(str(section.title), [group.title for group in section.groups]) for section in sections]


def test_sections_follow_the_programme_with_removed_sessions_in_place() -> None:
    early = make.session("early", title=make.text("Early"), starts_at=make.at(9))
    afternoon: Workshop = make.workshop(make.session("last", title=make.text("Last")), key="other")
    old = replace(BASE, workshops=(replace(MORNING, sessions=(early, PANEL, LATER)), afternoon))
    new = replace(
        old,
        title=make.text("Another event"),
        workshops=(
            replace(
                MORNING,
                title=make.text("Morning"),
                sessions=(
                    replace(PANEL, status="cancelled"),
                    replace(LATER, title=make.text("Later")),
                ),
            ),
        ),
    )
    differences = sections(old, new, make.LAO)
    assert names(differences) == [
        ("Another event", [""]),
        ("Morning", ["", "Early", "Session 3: Leadership", "Later"]),
        ("Other", ["", "Last"]),
    ]
    assert count(differences) == 7
    assert names(sections(old, new, make.LAO, workshop="other")) == [("Other", ["", "Last"])]
    assert sections(old, old, make.LAO) == ()
