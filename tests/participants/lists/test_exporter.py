"""Lists out: what Excel opens without calculating it, and what comes in again as it went out."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from openpyxl import load_workbook

from participants.lists.exporter import Format, written
from participants.lists.importer import Kind
from participants.lists.queries import list_participations
from participants.models import Participation, Person
from tests import make
from tests.lists import everything, kinds, looked_at
from workshop.models import Event, Workshop

State = Participation.State
HOSTILE = ("=cmd|' /C calc'!A1", "+1", "-1+2", "@SUM(A1)", "'=1", "''@x", "＝1", "Mr. Kim, Juny")
HEADINGS = [
    *("Workshop", "Title", "Name", "E-mail", "Position", "Organisation", "Country", "Time zone"),
    *("Language of mails", "Assistant's e-mail", "Role", "Reply", "Attends", "Office"),
    *("Language needed", "Substitute", "Substitute's e-mail", "Replied (Lao Time)", "Note"),
]


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make.workshop_row(make.event_row())


def listed(workshop: Workshop, name: str = "Juny Kim", **columns: Any) -> Participation:
    """Somebody who has replied that they come, from an office."""
    address = f"p{Person.objects.count()}@x.example"
    person = make.person_row(
        name,
        key=f"p{Person.objects.count()}",
        honorific_en="Ms.",
        email=address,
        country="KR",
        zone="Asia/Seoul",
        organisation_en="ACRC",
    )
    facts = {"role": "panelist", "attends_by": "office", "office": "Sejong", "language": "lo"}
    facts |= {"replied_at": make.at(9), "substitute_name": "Minho Kim", "note": "- tea\n- seat"}
    return make.participation_row(person, workshop, State.ACCEPTED, **{**facts, **columns})


def out(event: Event, form: Format, **asked: str) -> bytes:
    return written(list_participations(event, asked), make.LAO, form)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_list_tells_everything_about_the_reply_on_the_events_clock(workshop: Workshop) -> None:
    listed(workshop)
    data = out(workshop.event, Format.CSV)
    assert data.startswith(b"\xef\xbb\xbf")
    assert cells(data) == [
        HEADINGS,
        [
            *("International", "Ms.", "Juny Kim", "p0@x.example", "", "ACRC"),
            *("Republic of Korea", "Asia/Seoul", "English", "", "panelist", "comes"),
            *("from an own office", "Sejong", "Lao", "Minho Kim", "", "2021-08-04 09:00"),
            "'- tea\n- seat",
        ],
    ]


@pytest.mark.parametrize("form", Format)
def test_nothing_in_a_list_is_calculated(workshop: Workshop, form: Format) -> None:
    for text in (*HOSTILE, "\tx", "\r=x", "Ju\1ny"):
        listed(workshop, text, office=text, note=text)
    data = out(workshop.event, form)
    if form is Format.CSV:
        texts = [cell for row in cells(data) for cell in row]
    else:
        found = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
        assert "f" not in {cell.data_type for cell in found}
        texts = [cell.value for cell in found if cell.value is not None]
    assert "'=cmd|' /C calc'!A1" in texts
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []


@pytest.mark.parametrize("form", Format)
def test_list_that_comes_in_again_changes_nothing(workshop: Workshop, form: Format) -> None:
    other = make.workshop_row(workshop.event, "national")
    for name in HOSTILE:
        row = listed(workshop, name)
        make.participation_row(row.person, other, State.DECLINED, note=name)
    before = everything()
    seen = looked_at(other, out(workshop.event, form))
    assert kinds(seen) == [Kind.SAME] * 2 * len(HOSTILE)
    assert [each for each in seen.headings.ignored if each not in HEADINGS] == []
    assert everything() == before


# PostgreSQL keeps no NUL, and no form takes one.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "'", "'=", "''+", "Mr. ", "Kim, "])


class AnyName(TestCase):
    def setUp(self) -> None:
        self.workshop = make.workshop_row(make.event_row())

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.builds(str.__add__, STARTS, TEXTS).filter(bool), TEXTS, st.sampled_from(Format))
    def test_any_name_and_note_come_in_again_unchanged(
        self, name: Any, note: Any, form: Any
    ) -> None:
        person = make.person_row(name, key="x", email="x@x.example", position_en=note)
        make.participation_row(person, self.workshop, note=note)
        assert kinds(looked_at(self.workshop, out(self.workshop.event, form))) == [Kind.SAME]


def test_lists_are_filtered_and_leave_out_who_was_taken_off(workshop: Workshop) -> None:
    other = make.workshop_row(workshop.event, "national")
    listed(workshop, "Ana Ng", role="staff")
    listed(workshop, "Bo Li")
    listed(other, "Cy Oh")
    Participation.objects.filter(person__full_name="Bo Li").update(state=State.WITHDRAWN)

    def names(**asked: str) -> list[str]:
        return [row[2] for row in cells(out(workshop.event, Format.CSV, **asked))[1:]]

    assert names() == ["Ana Ng", "Cy Oh"]
    assert names(workshop="national") == ["Cy Oh"]
    assert names(role="staff", country="KR") == ["Ana Ng"]
    assert names(reply="withdrawn") == ["Bo Li"]


@pytest.mark.parametrize("form", Format)
def test_file_is_called_by_event_and_date_on_its_own_clock(
    workshop: Workshop, organiser_client: Client, monkeypatch: pytest.MonkeyPatch, form: Format
) -> None:
    listed(workshop)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: make.at(1, day=2))  # still the first in London
        answer = organiser_client.get(f"/desk/event/participants.{form}?workshop=international")
    assert answer["Content-Disposition"] == (
        f'attachment; filename="event-international-participants-2021-08-02.{form}"'
    )
    assert (answer["Content-Type"], answer["Cache-Control"]) == (
        form.content_type,
        "private, no-store",
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    workshop: Workshop, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        listed(workshop)
    with django_assert_num_queries(1):
        assert len(cells(out(workshop.event, Format.CSV))) == rows + 1
