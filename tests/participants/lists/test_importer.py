"""Import of lists: every file is parsed or refused with a message, and never imported in part."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from participants.lists.parsing import cell_values, headings, parse
from participants.lists.parsing.headings import Column, column_of
from participants.lists.parsing.parse import parse_table
from participants.lists.parsing.tables import TableRow, Unreadable
from participants.lists.row_import import OutcomeKind
from participants.models import Participation, Person
from tests import make
from tests.lists import (
    HEADINGS,
    as_csv,
    as_xlsx,
    import_list,
    list_rows,
    outcome_kinds,
    preview_list,
    refusals,
)
from workshop.models import Workshop

State = Participation.State
KIM = ("Juny Kim", "juny@acrc.example")
NEW, CHANGED, UNCHANGED, REFUSED = OutcomeKind


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make.workshop_row(make.event_row())


# Files


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        *((encoding, 0) for encoding in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        *((encoding, 1) for encoding in ("latin-1", "cp1252")),
    ],
)
def test_every_encoding_and_separator_is_parsed(separator: str, encoding: str, notes: int) -> None:
    rows = (("Name", "E-mail", "Country"), ("Núñez, José; fils", "j@x.example", "España"))
    table = parse_table(as_csv(rows, separator, encoding))
    assert ([row.cells for row in table.rows], len(table.notes)) == (list(rows), notes)


def test_row_numbers_are_those_of_a_spreadsheet() -> None:
    csv = b'List of participants\n\nName,E-mail,Note\nA,a@x.example,"two\nlines"\n\nB,b@x.example,'
    table = parse_table(csv)
    assert [row.number for row in table.rows] == [1, 3, 4, 6]
    assert headings.find_headings(table).row == 3


def test_separator_line_of_excel_is_used() -> None:
    assert parse_table(b"sep=;\nName;E-mail\nKim, Juny;j@x.example\n").rows == (
        TableRow(2, ("Name", "E-mail")),
        TableRow(3, ("Kim, Juny", "j@x.example")),
    )


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "The file is empty."),
        (b"\xef\xbb\xbf \r\n,,\r\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\0\0", "This file is a picture, not a list."),
        (b"%PDF-1.7", "This file is a PDF, not a list."),
        (bytes(range(256)) * 20, "This file is not a list."),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "This file is an old Excel workbook"),
        (b"PK\x03\x04 broken", "This file is damaged."),
        (b"a" * 5_000_001, "The file is larger than 5 MB."),
        (b"Name,E-mail\n" * 10_002, "The list has more than 10,000 rows."),
        (b"x," * 201 + b"x", "Row 1 has more than 200 columns."),
        (b'Name,E-mail\nA,a@x.example\n"B,b@x.example\n', "In row 3 a quotation mark"),
        (b'Name,E-mail\n"' + b"x" * 200_000, "In row 2 a quotation mark"),
    ],
)
def test_file_that_is_no_list_is_refused_with_a_message(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        parse_table(data)
    assert str(refusal.value).startswith(message)


def make_zip(**files: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (make_zip(**{"xl/a": b"\0" * 61_000_000}), "This file is far larger than a list"),
        (make_zip(**{f"xl/{n}": b"" for n in range(1001)}), "This file is far larger than a list"),
        (make_zip(**{"word/document.xml": b"<a/>"}), "This is a packed file, but no XLSX."),
        (make_zip(**{"xl/workbook.xml": b"<a/>"}), "This XLSX file cannot be opened."),
    ],
)
def test_zip_that_is_no_list_is_refused(data: bytes, message: str) -> None:
    assert len(data) < parse.MAX_BYTES
    with pytest.raises(Unreadable) as refusal:
        parse_table(data)
    assert str(refusal.value).startswith(message)


def test_excel_dates_numbers_formulas_and_merged_cells_are_text() -> None:
    rows = [
        ["Participants, August 2021"],
        ["Name", "E-mail", "Country", "Note", "When"],
        ["A", "a@x.example", "Lao PDR", 12.0, make.at(9, 25).replace(tzinfo=None)],
        ["B", "b@x.example", None, True, date(2021, 8, 4)],
        ["C", "c@x.example", None, '=HYPERLINK("http://x.example")', None],
    ]
    table = parse_table(as_xlsx(rows, "A1:E1", "C3:C5"))
    assert [row.cells for row in table.rows[2:]] == [
        ("A", "a@x.example", "Lao PDR", "12", "2021-08-04 02:25"),
        ("B", "b@x.example", "Lao PDR", "True", "2021-08-04"),
        ("C", "c@x.example", "Lao PDR", '=HYPERLINK("http://x.example")', ""),
    ]


# Headings and cells


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("FULL NAME", Column.NAME),
        ("Name of Participant", Column.NAME),
        ("first_name", Column.FIRST),
        ("Surname:", Column.LAST),
        ("e-mail address", Column.EMAIL),
        ("E-mail (office) *", Column.EMAIL),
        ("Mr./Ms.", Column.HONORIFIC),
        ("Job title", Column.POSITION),
        ("Organization / Institution", Column.ORGANISATION),
        ("Time-zone", Column.ZONE),
        ("Assistant’s e-mail", Column.ASSISTANT),
        ("Phone Number", None),
    ],
)
def test_headings_are_recognised_in_many_spellings(heading: str, column: Column | None) -> None:
    assert column_of(heading) == column


def test_missing_columns_are_one_message() -> None:
    with pytest.raises(Unreadable) as refusal:
        headings.find_headings(parse_table(b"Nom,Courriel,Pays\nA,a@x.example,Laos\n"))
    assert str(refusal.value) == (
        "This list has no column for names (“Name”) and addresses (“E-mail”). "
        "Its headings are: “Nom”, “Courriel”, “Pays”."
    )


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Lao People's Democratic Republic", "LA"),
        ("Lao People’s Democratic Republic", "LA"),
        ("LAO P.D.R.", "LA"),
        ("LA", "LA"),
        ("LAO", "LA"),
        ("Viet Nam", "VN"),
        ("South Korea", "KR"),
        ("Korea, Republic of", "KR"),
        ("Korea (Rep. of)", "KR"),
        ("Democratic People's Republic of Korea", "KP"),
        ("Cote d'Ivoire", "CI"),
        ("the Philippines", "PH"),
        ("Nauru", "NR"),
        ("Tanzania, United Republic of", "TZ"),
    ],
)
def test_countries_are_parsed_in_many_spellings(text: str, code: str) -> None:
    assert cell_values.parse_country(text) == code


@pytest.mark.parametrize("text", ["Korea", "no", "Atlantis", "the", "=Laos", ""])
def test_ambiguous_country_is_refused(text: str) -> None:
    with pytest.raises(cell_values.InvalidValue):
        cell_values.parse_country(text)


# Rows


def test_import_adds_people_and_matches_them_the_next_time(workshop: Workshop) -> None:
    data = as_csv(
        [
            ("Title", *HEADINGS, "Position", "Affiliation", "Country", "Role", "TZ", "Note"),
            ("Ms.", *KIM, "Director", "ACRC", "South Korea", "Panellist", "KST", "- tea"),
            ("", "Mr. Dara Keo", "dara@moha.example", "", "MOHA", "Laos", "", "", ""),
        ]
    )
    before = list_rows()
    assert outcome_kinds(preview_list(workshop, data)) == [NEW, NEW]
    assert list_rows() == before

    import_list(workshop, data, "observer")
    people = Person.objects.rewrite(False).values_list(
        *("key", "sort_name", "honorific", "full_name", "full_name_en", "position", "country")
    )
    assert list(people) == [
        ("dara-keo", "Keo, Dara", "Mr.", "Dara Keo", "Dara Keo", "", "LA"),
        ("juny-kim", "Kim, Juny", "Ms.", "Juny Kim", "Juny Kim", "Director", "KR"),
    ]
    assert Person.objects.get(key="juny-kim").zone == "Asia/Seoul"
    participations = Participation.objects.order_by("person__key")
    assert list(participations.values_list("person__key", "role", "state", "note")) == [
        ("dara-keo", "observer", "listed", ""),
        ("juny-kim", "panelist", "listed", "- tea"),
    ]
    assert outcome_kinds(preview_list(workshop, data)) == [UNCHANGED, UNCHANGED]


def test_history_holds_the_account_that_imported(workshop: Workshop) -> None:
    officer = User.objects.create(username="siri")
    import_list(workshop, as_csv([HEADINGS, KIM]), by=officer)
    data = as_csv([(*HEADINGS, "Role"), ("Juny Park", KIM[1], "staff")])
    import_list(workshop, data, by=officer)
    assert [
        [
            (change.history_type, change.history_user)
            for change in model.history.order_by("history_id")
        ]
        for model in (Person, Participation)
    ] == [[("+", officer), ("~", officer)]] * 2
    person = Person.objects.get()
    assert (person.full_name, person.sort_name, person.key) == (
        *("Juny Park", "Park, Juny"),
        "juny-kim",
    )
    assert Person.objects.rewrite(False).values_list("full_name", flat=True).get() == "Juny Park"


def test_preview_shows_changes_column_by_column(workshop: Workshop) -> None:
    kim = make.person_row(email="Juny@ACRC.example", position_en="Head", country="KR")
    make.participation_row(kim, workshop, State.ACCEPTED, role="panelist")
    make.person_row("Dara Keo", email="dara@moha.example")
    preview = preview_list(
        workshop,
        as_csv(
            [
                (*HEADINGS, "Position", "Country", "Organisation"),
                (*KIM, "Director", "", "ACRC"),
                ("KEO, Dara", "dara@moha.example", "", "Laos", ""),
            ]
        ),
    )
    assert [
        (
            outcome.kind,
            outcome.is_known,
            [(change.name, change.old, change.new) for change in outcome.differences],
        )
        for outcome in preview.outcomes
    ] == [
        (CHANGED, True, [("Position", "Head", "Director"), ("Organisation", "", "ACRC")]),
        (NEW, True, [("Country", "", "Lao PDR")]),
    ]


@pytest.mark.parametrize("state", State)
def test_import_never_changes_a_reply(workshop: Workshop, state: State) -> None:
    person = make.person_row(email=KIM[1])
    columns = {"role": "moderator", "language": "lo", "replied_at": make.at(9)}
    row = make.participation_row(person, workshop, state, **columns)
    headings_row = (*HEADINGS, "Position", "Language needed", "Reply", "Attends")
    data = as_csv([headings_row, (*KIM, "Director", "English", "comes", "online")])
    preview = import_list(workshop, data)
    row.refresh_from_db()
    assert (row.state, row.role, row.language, row.attends_by) == (state, "moderator", "lo", "")
    message = "They replied themselves, so “Language needed” is not changed."
    assert message in preview.outcomes[0].remarks
    assert any("taken off this list" in remark for remark in preview.outcomes[0].remarks) == (
        state == State.WITHDRAWN
    )


def test_rows_are_refused_with_reasons(workshop: Workshop) -> None:
    for name in ("Ana Ng", "Ana Lee"):
        make.person_row(name, email="ana@x.example")
    rows = [
        (*HEADINGS, "Country", "Time zone", "Role", "Registration state"),
        ("No Address", "", "", "", "", ""),
        ("", "nobody@x.example", "", "", "", ""),
        ("Twice", "twice@x.example", "", "", "", ""),
        ("Twice", " TWICE@x.example ", "", "", "", ""),
        ("Shared", "Ana@x.example", "", "", "", ""),
        ("Break", "a@x.example\nBcc: b@x.example", "", "", "", ""),
        ("Comma", "a@x.example, b@x.example", "", "", "", ""),
        ("Formula", "=cmd@x.example", "", "", "", ""),
        ("Unseen", "a\0@x.example", "", "", "", ""),
        ("Lost", "lost@x.example", "Atlantis", "EST5EDT", "VIP", ""),
        ("W" * 5000, "long@x.example", "", "", "", ""),
        ("Fault", "fault@x.example", "#N/A", "", "", ""),
        ("Gone", "gone@x.example", "", "", "", "Withdrawn"),
    ]
    before = list_rows()
    preview = import_list(workshop, as_csv(rows))
    twice = "Rows 4 and 5 have the same e-mail, “twice@x.example”. Keep one of them."
    roles = "panelist, moderator, delegate, observer, interpreter, staff"
    assert refusals(preview) == {
        2: ["The row has no e-mail, so this person could not be invited."],
        3: ["The row has no name."],
        4: [twice],
        5: [twice],
        6: ["Ana Ng and Ana Lee have the same e-mail address. Correct one of them first."],
        7: ["“a@x.example Bcc: b@x.example” contains a line break. Write one address per row."],
        8: ["“a@x.example, b@x.example” is more than one address. Write one per row."],
        9: ["“=cmd@x.example” starts like a formula, not like an address."],
        10: ["“a@x.example” contains an invisible character."],
        11: [
            "“Atlantis” is not a known country. Write its English name or its ISO code.",
            "“EST5EDT” is not a time zone of a place. Write it like Asia/Vientiane.",
            f"“VIP” is not a role. The roles are: {roles}.",
        ],
        12: ["The column “Name” has 5000 characters; the limit is 300."],
        13: ["Excel shows the error “#N/A” in the column “Country”."],
        14: ["Their registration is “withdrawn”."],
    }
    assert list_rows() == before


def test_text_like_a_formula_is_stored_with_a_remark(workshop: Workshop) -> None:
    names = ["=cmd|' /C calc'!A1", "+1", "-1", "@x", "'=quoted"]
    data = as_csv([HEADINGS, *((name, f"p{n}@x.example") for n, name in enumerate(names))])
    preview = import_list(workshop, data)
    stored = list(Person.objects.order_by("email").values_list("full_name", flat=True))
    assert stored == [*names[:4], "=quoted"]
    assert all("starts like a formula" in outcome.remarks[0] for outcome in preview.outcomes)


def test_invisible_character_is_removed_with_a_remark(workshop: Workshop) -> None:
    preview = import_list(workshop, as_csv([HEADINGS, ("Ju\0ny\x07 Kim", KIM[1])]))
    assert Person.objects.get().full_name == "Juny Kim"
    assert preview.outcomes[0].remarks == (
        "An invisible character was removed from the column “Name”.",
    )


def test_name_stored_with_another_email_is_new_and_shown(workshop: Workshop) -> None:
    known = make.person_row("Juny KIM", key="juny-kim", email="kim@old.example")
    preview = import_list(workshop, as_csv([HEADINGS, KIM]))
    assert [
        (outcome.kind, outcome.is_known, outcome.needs_confirmation) for outcome in preview.outcomes
    ] == [(NEW, False, False)]
    assert [person.uid for person in preview.outcomes[0].namesakes] == [known.pk]
    assert (
        sorted(Person.objects.values_list("key", "email"))
        == [
            ("juny-kim", "juny@acrc.example"),
            ("juny-kim", "kim@old.example"),
        ]
        or Person.objects.count() == 2
    )


def test_person_without_email_is_matched_only_when_an_organiser_confirms(
    workshop: Workshop,
) -> None:
    known = make.person_row(position_en="Head")
    data = as_csv([(*HEADINGS, "Position"), (*KIM, "Director")])
    assert preview_list(workshop, data).outcomes[0].needs_confirmation
    preview = import_list(workshop, data, "delegate", 2)
    assert [
        (change.name, change.old, change.new) for change in preview.outcomes[0].differences
    ] == [
        ("E-mail", "", "juny@acrc.example"),
        ("Position", "Head", "Director"),
    ]
    assert Person.objects.get() == known
    assert Participation.objects.get().person == known


def test_confirmation_is_for_one_person_only(workshop: Workshop) -> None:
    known = make.person_row()
    make.workshop_row(workshop.event, "national")
    headings_row = (*HEADINGS, "Workshop")
    rows = [(*KIM, ""), (*KIM, "national"), (KIM[0], "other@x.example", "")]
    preview = import_list(workshop, as_csv([headings_row, *rows]), "delegate", 3, 4)
    assert refusals(preview) == {
        4: ["Rows 2 and 4 cannot both be the Juny Kim who is stored already."],
    }
    assert list(Participation.objects.values_list("person", flat=True)) == [known.pk] * 2


def test_indico_export_of_registrants_is_imported(workshop: Workshop) -> None:
    """The columns of Indico's own spreadsheet: ID, Name, the form's fields, then its facts."""
    data = as_csv(
        [
            *[("ID", "Name", "Email Address", "First Name", "Last Name", "Affiliation", "Title")],
            *[("1", "Jan van der Berg", "jan@x.example", "Jan", "van der Berg", "MOHA", "Mr")],
            *[("2", "Ana Ng", "ana@x.example", "Ana", "Ng", "UN", "Prof.")],
        ]
    )
    preview = import_list(workshop, data)
    assert preview.headings.ignored == ("ID",)
    assert list(Person.objects.values_list("honorific", "full_name", "sort_name")) == [
        ("Prof.", "Ana Ng", "Ng, Ana"),
        ("Mr", "Jan van der Berg", "van der Berg, Jan"),
    ]


def test_last_name_first_is_reordered_and_title_may_be_the_position(workshop: Workshop) -> None:
    data = as_csv(
        [
            (*HEADINGS, "Title"),
            ("KIM, Juny", KIM[1], "Director"),
            ("Keo, Jr.", "keo@x.example", "Head of Division"),
        ]
    )
    import_list(workshop, data)
    assert list(Person.objects.order_by("email").values_list("full_name", "position")) == [
        ("Juny KIM", "Director"),
        ("Keo, Jr.", "Head of Division"),
    ]


def test_list_for_several_workshops_has_a_workshop_column(workshop: Workshop) -> None:
    other = make.workshop_row(workshop.event, "national", title_en="The afternoon")
    headings_row = (*HEADINGS, "Workshop", "Country")
    data = as_csv(
        [
            headings_row,
            (*KIM, "", "KR"),
            (*KIM, "the afternoon", "KR"),
            ("Ana", "ana@x.example", "national", "LA"),
            ("Ana", "ana@x.example", "", "VN"),
            ("Bo", "bo@x.example", "evening", ""),
        ]
    )
    preview = import_list(workshop, data)
    conflict = "Rows 4 and 5 have different details of one person, “ana@x.example”."
    assert refusals(preview) == {
        4: [conflict],
        5: [conflict],
        6: ["“evening” is not a workshop of this event."],
    }
    participations = Participation.objects.values_list("person__email", "workshop__key")
    assert sorted(participations) == [(KIM[1], "international"), (KIM[1], other.key)]


def test_long_list_takes_a_fixed_number_of_queries(
    workshop: Workshop, django_assert_max_num_queries: Any
) -> None:
    rows = [(f"Person {n}, Ana", f"p{n}@x.example", f"Office {n % 9}") for n in range(5000)]
    data = as_csv([(*HEADINGS, "Affiliation"), *rows], ";", "latin-1")
    with django_assert_max_num_queries(500):
        preview = import_list(workshop, data)
    assert preview.counts == {NEW: 5000, CHANGED: 0, UNCHANGED: 0, REFUSED: 0}
    assert len(set(Person.objects.values_list("key", flat=True))) == 5000
    with django_assert_max_num_queries(10):  # SQLite looks up 999 people at once
        assert preview_list(workshop, data).counts[UNCHANGED] == 5000


def test_preview_takes_the_same_number_of_queries_for_1_and_3_rows(
    workshop: Workshop, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        rows = [(f"Person {n}", f"p{n}@x.example") for n in range(count)]
        with django_assert_num_queries(3):
            preview_list(workshop, as_csv([HEADINGS, *rows]))


CELLS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40) | st.sampled_from(
    ["=1+1", "@a", "a@x.example", "A@X.example", "Laos", "Asia/Seoul", "Mr. Kim, Juny", "-", "\0"]
)
ADDRESSES = st.sampled_from([f"{name}@x.example" for name in "abcdef"])
LIKELY = {Column.EMAIL: ADDRESSES | CELLS, Column.NAME: CELLS, Column.NOTE: CELLS}
ROWS = st.lists(
    st.tuples(*(LIKELY.get(column, st.just("") | st.just("") | CELLS) for column in Column)),
    max_size=5,
)


class AnyText(TestCase):
    """Lists with random text in all columns."""

    def setUp(self) -> None:
        self.workshop = make.workshop_row(make.event_row())

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ROWS, st.sampled_from([as_csv, as_xlsx]))
    def test_any_text_is_imported_or_refused_and_never_in_part(self, rows: Any, write: Any) -> None:
        if write is as_xlsx:
            rows = [[cell_values.strip_invisible(cell) for cell in row] for row in rows]
        data = write([list(map(str, Column)), *rows])
        before = list_rows()
        preview = preview_list(self.workshop, data)
        assert list_rows() == before
        result = import_list(self.workshop, data)
        assert result == preview
        participations = Participation.objects.filter(workshop=self.workshop)
        assert participations.count() == preview.counts[NEW]
        assert set(outcome_kinds(preview_list(self.workshop, data))) <= {UNCHANGED, REFUSED}


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=40)


@given(
    st.lists(st.tuples(PRINTED, PRINTED, PRINTED), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_written_csv_is_parsed_to_the_same_cells(rows: Any, separator: str, encoding: str) -> None:
    headings_row = ("Name", "E-mail", "Note")
    table = parse_table(as_csv([headings_row, *rows], separator, encoding))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [row.cells for row in table.rows[1:]] == filled


@given(CELLS)
def test_formula_escape_is_reversible(text: str) -> None:
    assert cell_values.unescape_formula(cell_values.escape_formula(text)) == text
    assert not cell_values.escape_formula(text).startswith(("=", "+", "-", "@", "\t", "\r"))
