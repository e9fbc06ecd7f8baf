"""Deterministic test events of any size."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count, cycle, islice

from participants.models import Participation, Person
from sessions_app import models
from sessions_app.models import Release
from sessions_app.publishing import services
from tests import make
from workshop.models import AboutSection, DisplayZone, Event, Workshop

DAYS = 5
ROWS_A_DAY = 20
ROW = timedelta(minutes=25)
# 08:30 in Vientiane.
OPENS = datetime(2021, 8, 2, 1, 30, tzinfo=UTC)
MADE_AT = datetime(2021, 7, 1, 6, tzinfo=UTC)

KINDS = ("presentation", "panel", "q_and_a", "panel", "break")
COUNTRIES = ("LA", "KR", "VN", "AZ", "KE", "BD", "SG", "NP", "US", "FR")
HONORIFICS = ("Ms.", "Mr.", "Dr.", "H.E. Ms.")
GIVEN = ("Somphone", "Ji-woo", "Ngọc Ánh", "Leyla", "Wanjiru", "Farhana", "Mui Ling", "Prabin")
FAMILY = ("Phommachanh", "Kim", "Nguyễn", "Aliyeva", "Kamau", "Rahman", "Lee", "Maharjan", "Silva")
POSITIONS = ("Director General", "Senior Adviser, Service Delivery", "Head of Division")
OFFICES = ("Ministry of Home Affairs", "Agency for Public Service & Innovation", "Office of State")
SUBJECTS = (
    "One-Door Service Centers & their reach into districts",
    "Structural organization, processes, digitization and financing of one stop shops",
    "Effective national to local governance",
    "Inclusion: services for women, older people and remote villages",
)
LAO = ("ສູນບໍລິການປະຕູດຽວ ແລະ ການເຂົ້າເຖິງເມືອງ", "ການຈັດຕັ້ງ ແລະ ການເງິນ ຂອງສູນບໍລິການ")
QUESTIONS = (
    "What measures has your country undertaken to overcome the digital divide?",
    "How are fees set, and who may be exempted from “small” charges?",
    "Which lessons from your first year would you pass on to a new center?",
)


@dataclass(slots=True)
class _Rows:
    """Rows to insert in bulk."""

    sessions: list[models.Session] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    appearances: list[models.Appearance] = field(default_factory=list)
    talks: list[models.Presentation] = field(default_factory=list)
    blocks: list[models.QuestionBlock] = field(default_factory=list)
    questions: list[models.Question] = field(default_factory=list)

    def write(self) -> None:
        Person.objects.bulk_create(self.people, batch_size=500)
        models.Session.objects.bulk_create(self.sessions, batch_size=500)
        models.Presentation.objects.bulk_create(self.talks, batch_size=500)
        models.QuestionBlock.objects.bulk_create(self.blocks, batch_size=500)
        models.Question.objects.bulk_create(self.questions, batch_size=500)
        models.Appearance.objects.bulk_create(self.appearances, batch_size=500)


def make_event(slug: str, sessions: int) -> Event:
    """Event with this number of sessions, in parallel workshops of up to 100 sessions.

    Public and not published; nobody is invited.
    """
    event = _empty(slug)
    rows, remaining, names = _Rows(), sessions, _names(slug)
    for number in count(1):
        count_here = min(remaining, DAYS * ROWS_A_DAY)
        workshop = _workshop(event, number, count_here)
        _fill(rows, workshop, count_here, names)
        remaining -= count_here
        if not remaining:
            break
    rows.write()
    return event


def publish(event: Event) -> Release:
    """Publish at a fixed time."""
    release, _is_new = services.publish(event=event, now=MADE_AT)
    return release


def accept_invitations(event: Event) -> Person:
    """Let a moderator accept the invitation to every workshop."""
    appearance = models.Appearance.objects.filter(session__event=event, role="moderator")
    person = appearance.select_related("person")[0].person
    assert person is not None
    for workshop in Workshop.objects.filter(event=event):
        Participation.objects.create(person=person, workshop=workshop, state="accepted")
    return person


def _empty(slug: str) -> Event:
    event = Event.objects.create(
        slug=slug,
        title_en=f"Regional forum on public services ({slug})",
        title_lo="ເວທີພາກພື້ນ ວ່າດ້ວຍການບໍລິການສາທາລະນະ",
        zone="Asia/Vientiane",
        organisers_en="Department of Economic and Social Affairs\nProject Office on Governance",
        office_name_en="Project Office on Governance",
        office_address="office@example.org",
        languages="en,lo",
        platform_en="zoom platform",
    )
    for order, zone in enumerate(make.ZONES, start=1):
        DisplayZone.objects.create(event=event, label=zone.label, key=zone.key, order=order)
    for order, title in enumerate(("Background", "Objectives", "Who it is for"), start=1):
        body = "\n\n".join(QUESTIONS)
        AboutSection.objects.create(event=event, title_en=title, body_en=body, order=order)
    return event


def _workshop(event: Event, number: int, sessions: int) -> Workshop:
    days = -(-sessions // ROWS_A_DAY)
    return Workshop.objects.create(
        event=event,
        key=f"strand-{number}",
        title_en=f"Strand {number}: {SUBJECTS[number % len(SUBJECTS)]}",
        starts_at=OPENS,
        ends_at=OPENS + timedelta(days=days - 1) + ROWS_A_DAY * ROW,
        audience_en="By invitation; everybody may read the programme.",
        admission="by_invitation",
        readership="everyone",
    )


def _fill(rows: _Rows, workshop: Workshop, sessions: int, names: Iterator[Person]) -> None:
    """Add sessions with people; the same 12 people of a day appear in all its panels."""
    start = len(rows.sessions)
    for place, kind in zip(range(sessions), cycle(KINDS), strict=False):
        day, row = divmod(place, ROWS_A_DAY)
        if row == 0:
            group = list(islice(names, 12))
            rows.people += group
            turn = cycle(group)
        session = _session(
            workshop, start + place + 1, kind, OPENS + timedelta(days=day) + row * ROW
        )
        rows.sessions.append(session)
        if kind == "panel":
            _panel(rows, session, turn)
        elif kind == "presentation":
            _talks(rows, session, turn)
        elif kind == "q_and_a":
            _questions(rows, session)


def _session(workshop: Workshop, number: int, kind: str, starts_at: datetime) -> models.Session:
    is_break = kind == "break"
    subject = SUBJECTS[number % len(SUBJECTS)]
    return models.Session(
        event=workshop.event,
        workshop=workshop,
        key=f"break-{number}" if is_break else f"session-{number}",
        kind=kind,
        number=None if is_break else number,
        title_en="Coffee break" if is_break else f"{subject} ({number})",
        title_lo=LAO[number % len(LAO)] if number % 3 == 0 else "",
        note_en="Slides will be shared afterwards." if number % 7 == 0 else "",
        starts_at=starts_at,
        ends_at=starts_at + ROW,
    )


def _panel(rows: _Rows, session: models.Session, turn: Iterator[Person]) -> None:
    people = list(islice(turn, 5))
    for order, person in enumerate(people):
        role = "panelist" if order else "moderator"
        rows.appearances.append(
            models.Appearance(session=session, person=person, role=role, order=order)
        )
    countries = [person.country for person in people[1:]]
    for half in (countries[:2], countries[2:]):
        _block(rows, session, half)


def _talks(rows: _Rows, session: models.Session, turn: Iterator[Person]) -> None:
    for order, person in enumerate(islice(turn, 2)):
        talk = models.Presentation(
            session=session,
            title_en=f"{OFFICES[order]}: {SUBJECTS[order]}",
            minutes=10,
            order=order,
        )
        rows.talks.append(talk)
        rows.appearances.append(
            models.Appearance(presentation=talk, person=person, role="presenter")
        )


def _questions(rows: _Rows, session: models.Session) -> None:
    for half in (COUNTRIES[:3], COUNTRIES[3:6]):
        _block(rows, session, half)


def _block(rows: _Rows, session: models.Session, countries: object) -> None:
    order = len(rows.blocks)
    block = models.QuestionBlock(
        session=session,
        countries=list(dict.fromkeys(map(str, countries))),
        minutes=3,
        minutes_are="per_country",
        moderator_note_en="Keep to the time." if order % 5 == 0 else "",
        order=order % 100,
    )
    rows.blocks.append(block)
    rows.questions += [
        models.Question(block=block, text_en=text, order=number)
        for number, text in enumerate(QUESTIONS)
    ]


def _names(slug: str) -> Iterator[Person]:
    """Endless people, from countries with one time zone and with several."""
    for number in count(1):
        given, family = GIVEN[number % len(GIVEN)], FAMILY[number % len(FAMILY)]
        yield Person(
            key=f"{slug}-{number}",
            honorific_en=HONORIFICS[number % len(HONORIFICS)],
            full_name_en=f"{given} {family} {number}",
            full_name_lo=f"ທ່ານ ສົມພອນ {number}" if number % 6 == 0 else "",
            sort_name=f"{family} {given} {number}",
            position_en=POSITIONS[number % len(POSITIONS)],
            organisation_en=OFFICES[number % len(OFFICES)],
            country=COUNTRIES[number % len(COUNTRIES)],
            email=f"{slug}-{number}@example.org",
        )
