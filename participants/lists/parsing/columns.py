"""Columns of a participant list, and the headings that offices and Indico write for them."""

import re
from collections.abc import Iterable
from enum import StrEnum

from participants.names import fold

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
