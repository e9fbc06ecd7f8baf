"""What a list says of people: its columns, in the spellings of offices and of Indico."""

import re
from collections.abc import Iterable
from enum import StrEnum

from participants.names import plain

HEADINGS_WITHIN = 20  # a title and a date may stand over them


class Column(StrEnum):
    """What a list says of people, by our own heading."""

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
    MAILS_IN = "Language of mails"
    ASSISTANT = "Assistant's e-mail"
    ROLE = "Role"
    LANGUAGE = "Language needed"
    NOTE = "Note"
    REGISTRATION = "Registration state"


# In small letters and without anything but letters and digits, as `bare` makes them.
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
    Column.MAILS_IN: (
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
_COLUMNS = {bare: column for column, said in _SPELLINGS.items() for bare in said.split()}


def column_of(heading: str) -> Column | None:
    """The column that a heading means, also with a remark in brackets: `E-mail (office)`."""
    without_remark = re.sub(r"[(\[].*?[)\]]", "", heading)
    return _COLUMNS.get(bare(heading)) or _COLUMNS.get(bare(without_remark))


def known(cells: Iterable[str]) -> int:
    """How many different columns a row of headings names."""
    return len({column_of(cell) for cell in cells} - {None})


def bare(heading: str) -> str:
    """A heading in small letters, without accents and anything but letters and digits."""
    return re.sub(r"[\W_]", "", plain(heading))
