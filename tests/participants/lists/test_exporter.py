"""Export of lists: no cell is a formula in Excel, and an import of the file changes nothing."""

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

from participants.lists.exporter import Format, export_list
from participants.lists.queries import list_participations
from participants.lists.row_import import OutcomeKind
from participants.models import Participation, Person
from tests import make
from tests.lists import list_rows, outcome_kinds, preview_list
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


def add_participant(workshop: Workshop, name: str = "Juny Kim", **columns: Any) -> Participation:
    """A participant who has accepted, and attends from an office."""
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
    reply = {"role": "panelist", "attends_by": "office", "office": "Sejong", "language": "lo"}
    reply |= {"replied_at": make.at(9), "substitute_name": "Minho Kim", "note": "- tea\n- seat"}
    return make.participation_row(person, workshop, State.ACCEPTED, **{**reply, **columns})


def exported(event: Event, file_format: Format, **filters: str) -> bytes:
    return export_list(list_participations(event, filters), make.LAO, file_format)


def cells(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def test_export_holds_the_reply_in_the_events_zone(workshop: Workshop) -> None:
    add_participant(workshop)
    data = exported(workshop.event, Format.CSV)
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


@pytest.mark.parametrize("file_format", Format)
def test_no_cell_is_a_formula(workshop: Workshop, file_format: Format) -> None:
    for text in (*HOSTILE, "\tx", "\r=x", "Ju\1ny"):
        add_participant(workshop, text, office=text, note=text)
    data = exported(workshop.event, file_format)
    if file_format is Format.CSV:
        texts = [cell for row in cells(data) for cell in row]
    else:
        sheet_cells = [cell for row in load_workbook(io.BytesIO(data)).active for cell in row]
        assert "f" not in {cell.data_type for cell in sheet_cells}
        texts = [cell.value for cell in sheet_cells if cell.value is not None]
    assert "'=cmd|' /C calc'!A1" in texts
    assert [text for text in texts if text.startswith(("=", "+", "-", "@", "\t", "\r", "＝"))] == []


@pytest.mark.parametrize("file_format", Format)
def test_import_of_an_export_changes_nothing(workshop: Workshop, file_format: Format) -> None:
    other = make.workshop_row(workshop.event, "national")
    for name in HOSTILE:
        row = add_participant(workshop, name)
        make.participation_row(row.person, other, State.DECLINED, note=name)
    before = list_rows()
    preview = preview_list(other, exported(workshop.event, file_format))
    assert outcome_kinds(preview) == [OutcomeKind.UNCHANGED] * 2 * len(HOSTILE)
    assert [heading for heading in preview.headings.ignored if heading not in HEADINGS] == []
    assert list_rows() == before


# PostgreSQL stores no NUL, and no form accepts one.
TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), max_size=30)
STARTS = st.sampled_from(["", "=", "+", "-", "@", "\t", "\r", "'", "'=", "''+", "Mr. ", "Kim, "])


class AnyName(TestCase):
    def setUp(self) -> None:
        self.workshop = make.workshop_row(make.event_row())

    @settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.builds(str.__add__, STARTS, TEXTS).filter(bool), TEXTS, st.sampled_from(Format))
    def test_any_name_and_note_are_unchanged_after_import(
        self, name: Any, note: Any, file_format: Any
    ) -> None:
        person = make.person_row(name, key="x", email="x@x.example", position_en=note)
        make.participation_row(person, self.workshop, note=note)
        assert outcome_kinds(
            preview_list(self.workshop, exported(self.workshop.event, file_format))
        ) == [OutcomeKind.UNCHANGED]


def test_export_is_filtered_and_leaves_out_withdrawn_people(workshop: Workshop) -> None:
    other = make.workshop_row(workshop.event, "national")
    add_participant(workshop, "Ana Ng", role="staff")
    add_participant(workshop, "Bo Li")
    add_participant(other, "Cy Oh")
    Participation.objects.filter(person__full_name="Bo Li").update(state=State.WITHDRAWN)

    def names(**filters: str) -> list[str]:
        return [row[2] for row in cells(exported(workshop.event, Format.CSV, **filters))[1:]]

    assert names() == ["Ana Ng", "Cy Oh"]
    assert names(workshop="national") == ["Cy Oh"]
    assert names(role="staff", country="KR") == ["Ana Ng"]
    assert names(reply="withdrawn") == ["Bo Li"]


@pytest.mark.parametrize("file_format", Format)
def test_file_name_has_event_and_date_in_the_events_zone(
    workshop: Workshop,
    organiser_client: Client,
    monkeypatch: pytest.MonkeyPatch,
    file_format: Format,
) -> None:
    add_participant(workshop)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: make.at(1, day=2))  # still the first in London
        response = organiser_client.get(
            f"/desk/event/participants.{file_format}?workshop=international"
        )
    assert response["Content-Disposition"] == (
        f'attachment; filename="event-international-participants-2021-08-02.{file_format}"'
    )
    assert (response["Content-Type"], response["Cache-Control"]) == (
        file_format.content_type,
        "private, no-store",
    )


@pytest.mark.parametrize("rows", [1, 3])
def test_export_takes_a_fixed_number_of_queries(
    workshop: Workshop, rows: int, django_assert_num_queries: Any
) -> None:
    for _ in range(rows):
        add_participant(workshop)
    with django_assert_num_queries(1):
        assert len(cells(exported(workshop.event, Format.CSV))) == rows + 1
