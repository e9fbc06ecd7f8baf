"""The fixture: the printed programme of 4 August 2021."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.db.models import Model

from participants.models import Person
from sessions_app import models
from sessions_app.agenda.types import Agenda
from sessions_app.publishing.queries import get_draft
from tests import make
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

MORNING = """
08:30 08:50 opening        Opening remarks
08:50 09:00 presentation   Overview Presentation on One Door Service Centers
09:00 09:25 presentation   Overview Presentation on International Experiences of One Door Service Centers
09:25 09:45 panel 1        Critical Role of Leadership for Effective One-Door-Service Centers (ODSCs)
10:05 10:30 panel 2        Institutional Coordination
10:30 10:45 q_and_a        Q & A for Session 2
10:45 10:55 break          Break
10:55 11:40 panel 3        Structural Organization, Processes, Digitization and Financing of One Stop Shops
11:40 11:55 q_and_a        Q & A for Session 3
11:55 12:15 panel 4        Effective National to Local Governance
12:15 12:25 q_and_a        Q & A for Session 4
12:25 12:45 panel 5        Monitoring, Reporting, and Evaluation
12:45 12:55 q_and_a        Q & A for Session 5
12:55 13:10 panel          Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery
13:10 13:15 closing        Closing Remarks
"""  # noqa: E501 rows as they are printed
AFTERNOON = """
14:15 14:25 opening        Welcome
14:25 14:35 presentation   Debriefing about the International Presentations and Discussions during the Morning Segment
14:35 15:05 presentation   Presentations of Checklist for Effective ODSCs
15:05 15:20 presentation   Presentations by Saysettha ODSC and Bachieng ODSC - Challenges, lessons learned and way forward
15:20 15:50 presentation   Presentation on ODSC Roadmap
"""  # noqa: E501


@pytest.fixture
def draft(programme: str) -> Agenda:
    return get_draft(Event.objects.get(slug=programme))


def rows(workshop: Any) -> list[str]:
    return [
        f"{make.LAO.local(session.starts_at):%H:%M} {make.LAO.local(session.ends_at):%H:%M} "
        f"{session.kind}{f' {session.number}' if session.number else ''} {session.title}"
        for session in workshop.sessions
    ]


def printed(table: str) -> list[str]:
    return [" ".join(line.split()) for line in table.strip().splitlines()]


def test_sessions_are_as_printed_with_the_gap(draft: Agenda) -> None:
    morning, afternoon = draft.workshops
    assert rows(morning) == printed(MORNING)
    assert rows(afternoon) == printed(AFTERNOON)


def test_speaking_times_are_as_printed(draft: Agenda) -> None:
    stated = {
        session.key: (
            session.questions_minutes,
            [
                (block.countries, block.minutes, block.minutes_are)
                for block in session.question_blocks
            ],
        )
        for session in draft.sessions()
        if session.question_blocks
    }
    each, total = "per_country", "in_total"
    assert stated == {
        "session-1": (15, [(("AZ", "KE", "VN"), 5, each)]),
        "session-2": (24, [(("KE", "KR", "VN"), 6, each), (("AZ", "BD"), 6, total)]),
        "session-3": (
            45,
            [
                (("KR", "SG"), 6, each),
                (("AZ", "KE", "VN"), 6, each),
                (("BD", "SG"), 6, each),
            ],
        ),
        "session-4": (20, [(("AZ", "VN"), 5, each), (("BD", "SG"), 5, each)]),
        "session-5": (
            20,
            [(("KR",), 5, each), (("AZ", "VN"), 5, each), (("KE",), 5, each)],
        ),
        "lessons-learned": (15, [(("AZ", "BD", "KE", "KR", "SG", "VN"), None, None)]),
    }


def test_people_are_counted_once_and_appear_where_printed(draft: Agenda) -> None:
    morning, afternoon = draft.workshops
    assert len(draft.people) == Person.objects.count() == 21
    assert [str(appearance.name) for appearance in morning.people] == [
        "Ms. Adriana Alberti",
        "Mr. Bokyun Shim",
        "Mr. Jonas Rabinovitch",
    ]
    assert [(appearance.role, str(appearance.name)) for appearance in afternoon.people] == [
        ("facilitator", "Mr. Bokyun Shim"),
        ("facilitator", "Mr. Jonas Rabinovitch"),
    ]
    assert [
        (appearance.stands_for, str(appearance.name)) for appearance in afternoon.sessions[0].people
    ] == [
        ("person", "H.E. Mr. Nisith Keopanya"),
        ("function", "RC"),
        ("function", "UNDP RR"),
        ("organisation", "DPIDG"),
    ]
    assert [str(appearance.name) for appearance in afternoon.sessions[3].people] == [
        "Saysettha ODSC",
        "Bachieng ODSC",
    ]
    assert {person.key: person.sort_name for person in draft.people}["vu-thi-kim-chi"] == (
        "Vu Thi Kim Chi"
    )


def test_presentations_of_one_row_have_their_minutes(draft: Agenda) -> None:
    talks = draft.workshops[1].sessions[2].presentations
    assert [(str(talk.people[0].name), talk.minutes) for talk in talks] == [
        ("Mr. Aslam Alam", 10),
        ("Mr. Jonas Rabinovitch", 5),
        ("Mr. Sanva Saephan", 10),
        ("Mr. Debashis Nag", 5),
    ]


def test_note_to_the_moderator_is_not_a_question(draft: Agenda) -> None:
    session = next(session for session in draft.sessions() if session.key == "session-2")
    first, second = session.question_blocks
    assert str(first.moderator_note).startswith("The moderator poses the three questions")
    assert ([len(first.questions), len(second.questions)], str(second.moderator_note)) == (
        [3, 2],
        "",
    )


def test_hours_are_those_of_the_programme_and_of_the_concept_note(draft: Agenda) -> None:
    def hours(thing: Any) -> str:
        start, end = map(make.LAO.local, (thing.starts_at, thing.ends_at))
        return f"{start:%H:%M}-{end:%H:%M}"

    assert [
        (hours(workshop), *map(hours, workshop.stated_windows)) for workshop in draft.workshops
    ] == [
        ("08:30-13:15", "08:30-13:00"),
        ("14:15-16:00", "14:00-15:50"),
    ]


def test_nothing_is_invented(programme: str) -> None:
    assert list(Person.objects.exclude(zone="")) == []
    assert list(Workshop.objects.exclude(join_url="", join_code="")) == []
    assert sorted(Person.objects.exclude(email="").values_list("email", flat=True)) == [
        "alberti@un.org",
        "bokyun.shim@un.org",
        "prabin.maharjan@un.org",
        "rabinovitch@un.org",
        "zhu@un.org",
    ]


def test_uids_and_keys_are_written_in_the_fixture() -> None:
    path = Path(settings.BASE_DIR) / "fixtures" / "odsc-laos-2021.json"
    fixture = json.loads(path.read_text())
    assert len({row["pk"] for row in fixture}) == len(fixture)
    sessions = [row["fields"] for row in fixture if row["model"] == "sessions_app.session"]
    assert all(fields["key"] for fields in sessions)


def test_every_row_of_the_fixture_is_valid(programme: str) -> None:
    models_to_check = [
        Event,
        Workshop,
        Person,
        models.Session,
        models.Appearance,
        models.QuestionBlock,
    ]
    assert [row for model in models_to_check for row in invalid_rows(model)] == []


def invalid_rows(model: type[Model]) -> Iterator[tuple[Model, list[str]]]:
    """Invalid rows with their error messages."""
    for row in model._default_manager.all():
        try:
            row.full_clean()
        except ValidationError as error:
            yield row, error.messages


def test_loading_again_does_not_change_an_event(programme: str, capsys: Any) -> None:
    Event.objects.update(title="Ours", title_en="Ours")
    call_command("load_programme")
    assert "exists, not changed" in capsys.readouterr().out
    assert Event.objects.get().title == "Ours"


def test_loading_with_replace_writes_the_fixture_over_and_keeps_releases(programme: str) -> None:
    before = get_draft(Event.objects.get())
    workshop = Workshop.objects.get(key="international")
    added = make.session_row(workshop, title_en="Added")
    models.Session.objects.filter(key="session-1").update(title_en="Edited")
    models.Question.objects.first().delete()
    call_command("publish", programme, verbosity=0)
    call_command("load_programme", "--replace", verbosity=0)
    assert get_draft(Event.objects.get()) == before
    assert list(models.Release.objects.values_list("number", flat=True)) == [3, 2, 1]
    added.refresh_from_db()
    assert added.dropped_at is not None


def test_publish_and_restore_by_command(programme: str, capsys: Any) -> None:
    call_command("publish", programme)
    assert "release 1 unchanged" in capsys.readouterr().out
    models.Session.objects.filter(key="session-1").update(title_en="Edited")
    call_command("publish", programme, "--workshop", "international", "--note", "Why")
    assert "release 2 published" in capsys.readouterr().out
    call_command("restore", programme, "1")
    assert "release 1 restored as release 3" in capsys.readouterr().out
    assert models.Session.objects.get(key="session-1").title_en.startswith("Critical Role")


@pytest.mark.parametrize(
    "call",
    [
        ("publish", "nowhere"),
        ("publish", "odsc-laos-2021", "--workshop", "evening"),
        ("restore", "odsc-laos-2021", "7"),
        ("sign_in_link", "nobody"),
    ],
)
def test_commands_name_what_does_not_exist(programme: str, call: tuple[str, ...]) -> None:
    with pytest.raises(CommandError, match=call[-1]):
        call_command(*call)


def test_sign_in_link_works_once(programme: str, client: Any, capsys: Any) -> None:
    call_command("sign_in_link", "--create", "--site", "http://testserver")
    link = capsys.readouterr().out.strip()
    response = client.get(link, follow=True)
    assert response.request["PATH_INFO"] == f"/desk/{programme}/"
    assert b"Session 3" in response.content
    client.logout()
    second = client.get(link)
    assert (second.status_code, b"no longer works" in second.content) == (403, True)
