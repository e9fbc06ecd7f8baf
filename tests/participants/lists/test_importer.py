"""Lists in: whatever offices send is read or refused in a sentence, and never half brought in."""

import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from participants.lists.importer import Kind
from participants.lists.parsing import cell_values, headings, parse
from participants.lists.parsing.columns import Column, column_of
from participants.lists.parsing.parse import read
from participants.lists.parsing.tables import Line, Unreadable
from participants.models import Participation, Person
from tests import make
from tests.lists import (
    HEADINGS,
    as_csv,
    as_xlsx,
    brought_in,
    everything,
    kinds,
    looked_at,
    refusals,
)
from workshop.models import Workshop

State = Participation.State
KIM = ("Juny Kim", "juny@acrc.example")
NEW, CHANGED, SAME, REFUSED = Kind


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make.workshop_row(make.event_row())


# Reading


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "notes"),
    [
        *((each, 0) for each in ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be")),
        *((each, 1) for each in ("latin-1", "cp1252")),
    ],
)
def test_every_encoding_and_separator_is_read(separator: str, encoding: str, notes: int) -> None:
    rows = (("Name", "E-mail", "Country"), ("Núñez, José; fils", "j@x.example", "España"))
    table = read(as_csv(rows, separator, encoding))
    assert ([line.cells for line in table.lines], len(table.notes)) == (list(rows), notes)


def test_numbers_are_those_that_a_spreadsheet_shows() -> None:
    csv = b'List of participants\n\nName,E-mail,Note\nA,a@x.example,"two\nlines"\n\nB,b@x.example,'
    table = read(csv)
    assert [line.number for line in table.lines] == [1, 3, 4, 6]
    assert headings.find(table).row == 3


def test_excels_own_line_about_the_separator_is_heard() -> None:
    assert read(b"sep=;\nName;E-mail\nKim, Juny;j@x.example\n").lines == (
        Line(2, ("Name", "E-mail")),
        Line(3, ("Kim, Juny", "j@x.example")),
    )


@pytest.mark.parametrize(
    ("data", "said"),
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
def test_file_that_is_no_list_is_refused_in_a_sentence(data: bytes, said: str) -> None:
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert str(refusal.value).startswith(said)


def packed(**parts: bytes) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (packed(**{"xl/a": b"\0" * 61_000_000}), "This file is far larger than a list"),
        (packed(**{f"xl/{n}": b"" for n in range(1001)}), "This file is far larger than a list"),
        (packed(**{"word/document.xml": b"<a/>"}), "This is a packed file, but no XLSX."),
        (packed(**{"xl/workbook.xml": b"<a/>"}), "This XLSX file cannot be opened."),
    ],
)
def test_packed_file_that_is_no_list_is_refused(data: bytes, said: str) -> None:
    assert len(data) < parse.MOST_BYTES
    with pytest.raises(Unreadable) as refusal:
        read(data)
    assert str(refusal.value).startswith(said)


def test_excel_dates_numbers_formulas_and_merged_cells_are_text() -> None:
    rows = [
        ["Participants, August 2021"],
        ["Name", "E-mail", "Country", "Note", "When"],
        ["A", "a@x.example", "Lao PDR", 12.0, make.at(9, 25).replace(tzinfo=None)],
        ["B", "b@x.example", None, True, date(2021, 8, 4)],
        ["C", "c@x.example", None, '=HYPERLINK("http://x.example")', None],
    ]
    table = read(as_xlsx(rows, "A1:E1", "C3:C5"))
    assert [line.cells for line in table.lines[2:]] == [
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
def test_headings_are_known_in_their_spellings(heading: str, column: Column | None) -> None:
    assert column_of(heading) == column


def test_missing_columns_are_one_message() -> None:
    with pytest.raises(Unreadable) as refusal:
        headings.find(read(b"Nom,Courriel,Pays\nA,a@x.example,Laos\n"))
    assert str(refusal.value) == (
        "This list has no column for names (“Name”) and addresses (“E-mail”). "
        "Its headings are: “Nom”, “Courriel”, “Pays”."
    )


@pytest.mark.parametrize(
    ("written", "code"),
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
def test_countries_are_known_in_their_spellings(written: str, code: str) -> None:
    assert cell_values.country(written) == code


@pytest.mark.parametrize("written", ["Korea", "no", "Atlantis", "the", "=Laos", ""])
def test_country_that_would_be_guessed_is_refused(written: str) -> None:
    with pytest.raises(cell_values.Refused):
        cell_values.country(written)


# What becomes of rows


def test_list_puts_people_on_the_list_and_knows_them_again(workshop: Workshop) -> None:
    data = as_csv(
        [
            ("Title", *HEADINGS, "Position", "Affiliation", "Country", "Role", "TZ", "Note"),
            ("Ms.", *KIM, "Director", "ACRC", "South Korea", "Panellist", "KST", "- tea"),
            ("", "Mr. Dara Keo", "dara@moha.example", "", "MOHA", "Laos", "", "", ""),
        ]
    )
    before = everything()
    assert kinds(looked_at(workshop, data)) == [NEW, NEW]
    assert everything() == before

    brought_in(workshop, data, "observer")
    people = Person.objects.rewrite(False).values_list(
        *("key", "sort_name", "honorific", "full_name", "full_name_en", "position", "country")
    )
    assert list(people) == [
        ("dara-keo", "Keo, Dara", "Mr.", "Dara Keo", "Dara Keo", "", "LA"),
        ("juny-kim", "Kim, Juny", "Ms.", "Juny Kim", "Juny Kim", "Director", "KR"),
    ]
    assert Person.objects.get(key="juny-kim").zone == "Asia/Seoul"
    listed = Participation.objects.order_by("person__key")
    assert list(listed.values_list("person__key", "role", "state", "note")) == [
        ("dara-keo", "observer", "listed", ""),
        ("juny-kim", "panelist", "listed", "- tea"),
    ]
    assert kinds(looked_at(workshop, data)) == [SAME, SAME]


def test_history_knows_who_brought_a_list_in(workshop: Workshop) -> None:
    officer = User.objects.create(username="siri")
    brought_in(workshop, as_csv([HEADINGS, KIM]), by=officer)
    data = as_csv([(*HEADINGS, "Role"), ("Juny Park", KIM[1], "staff")])
    brought_in(workshop, data, by=officer)
    assert [
        [(each.history_type, each.history_user) for each in model.history.order_by("history_id")]
        for model in (Person, Participation)
    ] == [[("+", officer), ("~", officer)]] * 2
    person = Person.objects.get()
    assert (person.full_name, person.sort_name, person.key) == (
        *("Juny Park", "Park, Juny"),
        "juny-kim",
    )
    assert Person.objects.rewrite(False).values_list("full_name", flat=True).get() == "Juny Park"


def test_preview_tells_what_changes_field_by_field(workshop: Workshop) -> None:
    kim = make.person_row(email="Juny@ACRC.example", position_en="Head", country="KR")
    make.participation_row(kim, workshop, State.ACCEPTED, role="panelist")
    make.person_row("Dara Keo", email="dara@moha.example")
    seen = looked_at(
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
        (each.kind, each.is_known, [(one.name, one.old, one.new) for one in each.differences])
        for each in seen.outcomes
    ] == [
        (CHANGED, True, [("Position", "Head", "Director"), ("Organisation", "", "ACRC")]),
        (NEW, True, [("Country", "", "Lao PDR")]),
    ]


@pytest.mark.parametrize("state", State)
def test_list_never_changes_a_reply(workshop: Workshop, state: State) -> None:
    person = make.person_row(email=KIM[1])
    columns = {"role": "moderator", "language": "lo", "replied_at": make.at(9)}
    row = make.participation_row(person, workshop, state, **columns)
    headed = (*HEADINGS, "Position", "Language needed", "Reply", "Attends")
    data = as_csv([headed, (*KIM, "Director", "English", "comes", "online")])
    seen = brought_in(workshop, data)
    row.refresh_from_db()
    assert (row.state, row.role, row.language, row.attends_by) == (state, "moderator", "lo", "")
    said = "They replied themselves, so “Language needed” stays as it is."
    assert said in seen.outcomes[0].remarks
    assert any("taken off this list" in each for each in seen.outcomes[0].remarks) == (
        state == State.WITHDRAWN
    )


def test_rows_are_refused_each_with_why(workshop: Workshop) -> None:
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
    before = everything()
    seen = brought_in(workshop, as_csv(rows))
    twice = "Rows 4 and 5 have the same address, “twice@x.example”. Keep one of them."
    roles = "panelist, moderator, delegate, observer, interpreter, staff"
    assert refusals(seen) == {
        2: ["It has no e-mail, so no invitation could reach them."],
        3: ["It has no name."],
        4: [twice],
        5: [twice],
        6: ["Ana Ng and Ana Lee have the same address here. Correct one of them first."],
        7: ["“a@x.example Bcc: b@x.example” has a line break in it: one address a row."],
        8: ["“a@x.example, b@x.example” is more than one address: one a row."],
        9: ["“=cmd@x.example” begins like a formula, not like an address."],
        10: ["“a@x.example” has a character in it that nobody can see."],
        11: [
            "“Atlantis” is no country known here. Write its name in English, or its ISO code.",
            "“EST5EDT” is no time zone of a place. Write it as Asia/Vientiane.",
            f"“VIP” is none of the roles here: {roles}.",
        ],
        12: ["The column “Name” has 5000 characters here; at most 300 fit."],
        13: ["Excel shows the fault “#N/A” in the column “Country”."],
        14: ["Their registration is “withdrawn”."],
    }
    assert everything() == before


def test_text_that_looks_like_a_formula_is_kept_and_told(workshop: Workshop) -> None:
    names = ["=cmd|' /C calc'!A1", "+1", "-1", "@x", "'=quoted"]
    data = as_csv([HEADINGS, *((name, f"p{n}@x.example") for n, name in enumerate(names))])
    seen = brought_in(workshop, data)
    kept = list(Person.objects.order_by("email").values_list("full_name", flat=True))
    assert kept == [*names[:4], "=quoted"]
    assert all("begins like a formula" in each.remarks[0] for each in seen.outcomes)


def test_character_that_nobody_sees_is_taken_out_and_told(workshop: Workshop) -> None:
    seen = brought_in(workshop, as_csv([HEADINGS, ("Ju\0ny\x07 Kim", KIM[1])]))
    assert Person.objects.get().full_name == "Juny Kim"
    assert seen.outcomes[0].remarks == (
        "A character that nobody can see was taken out of the column “Name”.",
    )


def test_name_known_under_another_address_is_new_and_told(workshop: Workshop) -> None:
    known = make.person_row("Juny KIM", key="juny-kim", email="kim@old.example")
    seen = brought_in(workshop, as_csv([HEADINGS, KIM]))
    assert [(each.kind, each.is_known, each.asks) for each in seen.outcomes] == [
        (NEW, False, False)
    ]
    assert [each.uid for each in seen.outcomes[0].namesakes] == [known.pk]
    assert (
        sorted(Person.objects.values_list("key", "email"))
        == [
            ("juny-kim", "juny@acrc.example"),
            ("juny-kim", "kim@old.example"),
        ]
        or Person.objects.count() == 2
    )


def test_somebody_known_without_address_is_matched_only_by_an_organisers_word(
    workshop: Workshop,
) -> None:
    known = make.person_row(position_en="Head")
    data = as_csv([(*HEADINGS, "Position"), (*KIM, "Director")])
    assert looked_at(workshop, data).outcomes[0].asks
    seen = brought_in(workshop, data, "delegate", 2)
    assert [(one.name, one.old, one.new) for one in seen.outcomes[0].differences] == [
        ("E-mail", "", "juny@acrc.example"),
        ("Position", "Head", "Director"),
    ]
    assert Person.objects.get() == known
    assert Participation.objects.get().person == known


def test_word_of_an_organiser_holds_for_a_person_not_for_a_row(workshop: Workshop) -> None:
    known = make.person_row()
    make.workshop_row(workshop.event, "national")
    headed = (*HEADINGS, "Workshop")
    rows = [(*KIM, ""), (*KIM, "national"), (KIM[0], "other@x.example", "")]
    seen = brought_in(workshop, as_csv([headed, *rows]), "delegate", 3, 4)
    assert refusals(seen) == {
        4: ["Rows 2 and 4 cannot both be the Juny Kim who is known here."],
    }
    assert list(Participation.objects.values_list("person", flat=True)) == [known.pk] * 2


def test_indico_export_of_registrants_is_read_as_it_is(workshop: Workshop) -> None:
    """The columns of Indico's own spreadsheet: ID, Name, the form's fields, then its facts."""
    data = as_csv(
        [
            *[("ID", "Name", "Email Address", "First Name", "Last Name", "Affiliation", "Title")],
            *[("1", "Jan van der Berg", "jan@x.example", "Jan", "van der Berg", "MOHA", "Mr")],
            *[("2", "Ana Ng", "ana@x.example", "Ana", "Ng", "UN", "Prof.")],
        ]
    )
    seen = brought_in(workshop, data)
    assert seen.headings.ignored == ("ID",)
    assert list(Person.objects.values_list("honorific", "full_name", "sort_name")) == [
        ("Prof.", "Ana Ng", "Ng, Ana"),
        ("Mr", "Jan van der Berg", "van der Berg, Jan"),
    ]


def test_last_name_first_is_turned_and_title_may_be_the_position(workshop: Workshop) -> None:
    data = as_csv(
        [
            (*HEADINGS, "Title"),
            ("KIM, Juny", KIM[1], "Director"),
            ("Keo, Jr.", "keo@x.example", "Head of Division"),
        ]
    )
    brought_in(workshop, data)
    assert list(Person.objects.order_by("email").values_list("full_name", "position")) == [
        ("Juny KIM", "Director"),
        ("Keo, Jr.", "Head of Division"),
    ]


def test_list_for_several_workshops_names_them_in_a_column(workshop: Workshop) -> None:
    other = make.workshop_row(workshop.event, "national", title_en="The afternoon")
    headed = (*HEADINGS, "Workshop", "Country")
    data = as_csv(
        [
            headed,
            (*KIM, "", "KR"),
            (*KIM, "the afternoon", "KR"),
            ("Ana", "ana@x.example", "national", "LA"),
            ("Ana", "ana@x.example", "", "VN"),
            ("Bo", "bo@x.example", "evening", ""),
        ]
    )
    seen = brought_in(workshop, data)
    conflict = "Rows 4 and 5 tell different things of one person, “ana@x.example”."
    assert refusals(seen) == {
        4: [conflict],
        5: [conflict],
        6: ["“evening” is no workshop of this event."],
    }
    listed = Participation.objects.values_list("person__email", "workshop__key")
    assert sorted(listed) == [(KIM[1], "international"), (KIM[1], other.key)]


def test_long_list_takes_a_fixed_number_of_queries(
    workshop: Workshop, django_assert_max_num_queries: Any
) -> None:
    rows = [(f"Person {n}, Ana", f"p{n}@x.example", f"Office {n % 9}") for n in range(5000)]
    data = as_csv([(*HEADINGS, "Affiliation"), *rows], ";", "latin-1")
    with django_assert_max_num_queries(500):
        seen = brought_in(workshop, data)
    assert seen.counts == {NEW: 5000, CHANGED: 0, SAME: 0, REFUSED: 0}
    assert len(set(Person.objects.values_list("key", flat=True))) == 5000
    with django_assert_max_num_queries(10):  # SQLite looks up 999 people at once
        assert looked_at(workshop, data).counts[SAME] == 5000


def test_one_row_takes_as_many_queries_as_many(
    workshop: Workshop, django_assert_num_queries: Any
) -> None:
    for count in (1, 3):
        rows = [(f"Person {n}", f"p{n}@x.example") for n in range(count)]
        with django_assert_num_queries(3):
            looked_at(workshop, as_csv([HEADINGS, *rows]))


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
    """Whatever stands in the cells."""

    def setUp(self) -> None:
        self.workshop = make.workshop_row(make.event_row())

    @settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(ROWS, st.sampled_from([as_csv, as_xlsx]))
    def test_any_text_is_brought_in_or_refused_and_never_half(self, rows: Any, write: Any) -> None:
        if write is as_xlsx:
            rows = [[cell_values.visible(cell) for cell in row] for row in rows]
        data = write([list(map(str, Column)), *rows])
        before = everything()
        seen = looked_at(self.workshop, data)
        assert everything() == before
        done = brought_in(self.workshop, data)
        assert done == seen
        listed = Participation.objects.filter(workshop=self.workshop)
        assert listed.count() == seen.counts[NEW]
        assert set(kinds(looked_at(self.workshop, data))) <= {SAME, REFUSED}


PRINTED = st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.just("\n"), max_size=40)


@given(
    st.lists(st.tuples(PRINTED, PRINTED, PRINTED), min_size=1, max_size=5),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
)
def test_what_is_written_is_read_again(rows: Any, separator: str, encoding: str) -> None:
    headed = ("Name", "E-mail", "Note")
    table = read(as_csv([headed, *rows], separator, encoding))
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    assert [line.cells for line in table.lines[1:]] == filled


@given(CELLS)
def test_quoting_is_undone(text: str) -> None:
    assert cell_values.unquoted(cell_values.quoted(text)) == text
    assert not cell_values.quoted(text).startswith(("=", "+", "-", "@", "\t", "\r"))
