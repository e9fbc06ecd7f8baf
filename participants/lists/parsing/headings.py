"""Headings of a participant list: the spellings of each column's heading, and the heading row."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _

from participants.lists.parsing.tables import Table, TableRow, Unreadable
from participants.names import fold, is_form_of_address

MAX_HEADING_ROW = 20  # rows with a title or a date may come before the headings


class Column(StrEnum):
    """A column of the list; the value is its heading in our exports."""

    WORKSHOP = "Workshop"
    HONORIFIC = "Title"
    NAME = "Name"
    FIRST = "First name"
    LAST = "Last name"
    EMAIL = "E-mail"
    POSITION = "Position"
    ORGANISATION = "Organisation"
    COUNTRY = "Country"
    ZONE = "Time zone"
    MAIL_LANGUAGE = "Language of mails"
    ASSISTANT = "Assistant's e-mail"
    ROLE = "Role"
    LANGUAGE = "Language needed"
    NOTE = "Note"
    REGISTRATION = "Registration state"


# Normalised as by `normalise_heading`: lower case, letters and digits only.
_SPELLINGS = {
    Column.WORKSHOP: "workshop workshopname",
    Column.HONORIFIC: (
        "title honorific honorifics salutation formofaddress prefix mrms mrmsmrs mrmrsms "
        "courtesytitle titlemrms"
    ),
    Column.NAME: (
        "name names fullname completename nameinfull namefull participant participantname "
        "participantsname nameofparticipant nameofparticipants nameoftheparticipant "
        "delegatename nameofdelegate personname nameenglish nameinenglish namesurname"
    ),
    Column.FIRST: (
        "firstname firstnames givenname givennames forename forenames firstgivenname namefirst"
    ),
    Column.LAST: "lastname lastnames surname surnames familyname familynames namelast",
    Column.EMAIL: (
        "email emails emailaddress emailaddresses mail mailaddress emailid workemail "
        "workemailaddress officialemail officialemailaddress primaryemail primaryemailaddress "
        "contactemail businessemail businessemailaddress participantemail participantsemail"
    ),
    Column.POSITION: (
        "position jobtitle job post designation function functionaltitle professionaltitle "
        "officialtitle positiontitle titleposition occupation currentposition positiondesignation"
    ),
    Column.ORGANISATION: (
        "affiliation organisation organization institution institute agency ministry company "
        "entity employer organisationname organizationname nameoforganisation "
        "nameoforganization nameofinstitution organisationinstitution organizationinstitution "
        "affiliationorganisation affiliationorganization ministryagency"
    ),
    Column.COUNTRY: (
        "country countryname countrycode countryofaffiliation countryofresidence memberstate "
        "countryterritory iso isocode countryiso countryregion countryorganisation"
    ),
    Column.ZONE: "timezone timezones tz zone",
    Column.MAIL_LANGUAGE: (
        "language languageofmails languageofmail lang preferredlanguage languagepreference "
        "correspondencelanguage languageofcorrespondence maillanguage"
    ),
    Column.ASSISTANT: (
        "assistantsemail assistantemail assistantsemailaddress assistantemailaddress "
        "emailofassistant emailofassistants emailassistant assistantsmail assistantmail "
        "assistant cc ccemail copyto secretarysemail secretaryemail"
    ),
    Column.ROLE: (
        "role roles participantrole participationrole roleinworkshop participatesas "
        "participantstype participanttype typeofparticipant capacity as"
    ),
    Column.LANGUAGE: (
        "languageneeded languagetheyneed languageneeds languagerequired interpretation "
        "interpretationlanguage interpretationneeded languageofinterpretation"
    ),
    Column.NOTE: "note notes remark remarks comment comments",
    Column.REGISTRATION: "registrationstate registrationstatus",
}
_COLUMNS = {
    spelling: column for column, spellings in _SPELLINGS.items() for spelling in spellings.split()
}


def column_of(heading: str) -> Column | None:
    """The column of a heading, also with a remark in brackets: `E-mail (office)`."""
    without_remark = re.sub(r"[(\[].*?[)\]]", "", heading)
    return _COLUMNS.get(normalise_heading(heading)) or _COLUMNS.get(
        normalise_heading(without_remark)
    )


def count_known_columns(cells: Iterable[str]) -> int:
    """Count the different columns that a row of headings names."""
    return len({column_of(cell) for cell in cells} - {None})


def normalise_heading(heading: str) -> str:
    """Normalise a heading: lower case, no accents, letters and digits only."""
    return re.sub(r"[\W_]", "", fold(heading))


@dataclass(frozen=True, slots=True)
class Headings:
    """Row of headings: index of each column, pairs of recognised headings and columns, the rest."""

    row: int
    indexes: dict[Column, int]
    recognised: tuple[tuple[str, Column], ...]
    ignored: tuple[str, ...]


def find_headings(table: Table) -> Headings:
    """Find the headings of a list; raises Unreadable where names or e-mails have no column."""
    candidates = table.rows[:MAX_HEADING_ROW]
    best = max(candidates, key=lambda row: (count_known_columns(row.cells), -row.number))
    indexes = _column_indexes(best, [row for row in table.rows if row.number > best.number])
    if missing := _missing_columns(indexes):
        headings = ", ".join(f"“{cell}”" for cell in best.cells if cell.strip())
        raise Unreadable(
            _("This list has no column for %(missing)s. Its headings are: %(headings)s.")
            % {"missing": _(" and ").join(missing), "headings": headings[:500]}
        )
    columns = {index: column for column, index in indexes.items()}
    return Headings(
        row=best.number,
        indexes=indexes,
        recognised=tuple(
            (cell.strip(), columns[index])
            for index, cell in enumerate(best.cells)
            if index in columns
        ),
        ignored=tuple(
            cell.strip()
            for index, cell in enumerate(best.cells)
            if index not in columns and cell.strip()
        ),
    )


def _column_indexes(headings: TableRow, body: Sequence[TableRow]) -> dict[Column, int]:
    """Index of the first cell for each column.

    `Title` is the position unless at least half of its cells are forms of address (`Mr.`).
    """
    indexes: dict[Column, int] = {}
    for index, cell in enumerate(headings.cells):
        column = column_of(cell)
        if column is not None:
            indexes.setdefault(column, index)
    title = indexes.get(Column.HONORIFIC)
    if (
        title is not None
        and normalise_heading(headings.cells[title]) == "title"
        and Column.POSITION not in indexes
    ):
        titles = [row.cells[title] for row in body if row.cells[title].strip()]
        if sum(map(is_form_of_address, titles)) * 2 < len(titles):
            indexes[Column.POSITION] = indexes.pop(Column.HONORIFIC)
    return indexes


def _missing_columns(indexes: dict[Column, int]) -> list[str]:
    has_names = Column.NAME in indexes or {Column.FIRST, Column.LAST} & indexes.keys()
    required = {_("names (“Name”)"): has_names, _("addresses (“E-mail”)"): Column.EMAIL in indexes}
    return [column for column, is_present in required.items() if not is_present]
