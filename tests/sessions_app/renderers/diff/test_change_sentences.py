"""Sentences about changes between releases."""

from dataclasses import replace
from typing import Any

import pytest

from sessions_app.agenda.diff import changes
from sessions_app.renderers.diff import change_sentences
from tests import make

SESSION = make.session(number=3, title=make.text("Structure"))


def sentences(before: Any, after: Any) -> list[str]:
    return [change_sentences.sentence(change, make.LAO) for change in changes(before, after)]


def of_session(**facts: Any) -> list[str]:
    return sentences(
        make.agenda(make.workshop(SESSION)),
        make.agenda(make.workshop(replace(SESSION, **facts))),
    )


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (
            {"ends_at": make.at(9, 50)},
            "Session 3 moved from Wed 4 Aug 09:25–09:45 to Wed 4 Aug 09:25–09:50 Lao Time.",
        ),
        ({"title": make.text("Form")}, "Session 3: “Structure” is now “Form”."),
        ({"status": "cancelled"}, "Session 3 is cancelled."),
        ({"people": (make.appearance("Juny Kim"),)}, "Session 3: Juny Kim joined."),
        ({"place": make.text("Hall")}, "Session 3 has a new place."),
        (
            {"question_blocks": (make.block("KE"),)},
            "Session 3: its questions or their minutes changed.",
        ),
    ],
)
def test_sentence_names_the_session_and_both_readings(facts: Any, sentence: str) -> None:
    assert [line.replace("\N{NO-BREAK SPACE}", " ") for line in of_session(**facts)] == [sentence]


def test_sentence_names_who_joined_and_who_left() -> None:
    before = replace(SESSION, people=(make.appearance("A"), make.appearance("B")))
    after = replace(
        SESSION, people=(make.appearance("B", position=make.text("X")), make.appearance("C"))
    )
    assert sentences(make.agenda(make.workshop(before)), make.agenda(make.workshop(after))) == [
        "Session 3: C joined; A left; B: role or affiliation changed."
    ]


def test_sentence_reports_a_move_to_another_workshop() -> None:
    afternoon = make.workshop(key="national")
    (text,) = sentences(
        make.agenda(make.workshop(SESSION), afternoon),
        make.agenda(make.workshop(), replace(afternoon, sessions=(SESSION,))),
    )
    assert text.startswith("Session 3 moved to another workshop: Wed")
