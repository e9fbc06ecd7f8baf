"""The papers of an event as HTML, ready for `pdf.write`: what they say and how they are named."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sessions_app.agenda.selection import for_person
from sessions_app.agenda.timezones import Clock, zoned
from sessions_app.agenda.types import Agenda, Person, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.context import Reading
from sessions_app.renderers.html import draft_banner, pages
from sessions_app.renderers.pdf import handouts, run_sheet
from sessions_app.renderers.pdf.engine import Attachment
from sessions_app.renderers.programme import Composer, WorkshopLines
from workshop import zones
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper before it is set: its HTML, its file's name, and whether it is to be archived."""

    name: str
    html: str
    archived: bool = False
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every paper: title, language, head and foot of the page."""

    title: str
    language: str
    author: str
    made_at: datetime | None
    head: str
    foot: str
    address: str
    draft: draft_banner.DraftLine | None = None


def programme(reading: Reading, calendar: bytes | None, *, short: bool = False) -> Paper:
    """The programme with every zone, person and question; without questions where `short`.

    `calendar` is the same as iCalendar, None for a draft: its times are nobody's yet.
    """
    agenda = reading.agenda
    view = zoned(agenda, reading.zones)
    workshops = Composer(agenda, reading.links, linked=False).workshops(view)
    text = render_to_string(
        "paper/programme.html",
        {
            "frame": frame(reading, str(agenda.title)),
            "agenda": agenda,
            "language": reading.language,
            "clocks": view.clocks,
            "organisers": labels.lines(agenda.organisers),
            "partners": labels.lines(agenda.partners),
            "dates": labels.dates(
                each.window[0].starts_at.date() for each in view.workshops if each.window
            ),
            "windows": windows(workshops, view.clocks),
            "workshops": workshops,
            "short": short,
            "paper": True,
        },
    )
    return Paper(
        name=_name(reading, short),
        html=text,
        archived=True,
        attachments=() if calendar is None else (_calendar(agenda, calendar),),
    )


def _name(reading: Reading, short: bool) -> str:
    marks = {"draft": reading.draft, "organisers": reading.is_organiser, "short": short}
    return "-".join([reading.agenda.slug, *(mark for mark in marks if marks[mark])]) + ".pdf"


def briefing(reading: Reading, person: Person) -> Paper:
    """For one person: when they are on in their own clock, after whom, what they are asked."""
    reading = pages.with_own_zone(reading, person.zone)
    agenda = for_person(reading.agenda, person.uid)
    overall = tuple(
        f"{labels.role(who.role, 1, overall=True)}: {workshop.title}"
        for workshop in agenda.workshops
        for who in workshop.people
    )
    return _sheet(
        "paper/briefing.html",
        reading,
        f"{reading.agenda.slug}-{person.key}-briefing.pdf",
        _("Briefing for %(name)s") % {"name": person.name},
        person=person,
        affiliation=labels.affiliation(person),
        overall=overall,
        parts=handouts.of_person(reading.agenda, person.uid, reading.zones),
        glance=handouts.glance(
            reading.agenda, reading.zones[0], lambda who: who.person == person.uid
        ),
    )


def delegation(reading: Reading, country: str) -> Paper:
    """For one country: its delegation, where it speaks, what it is asked, in its own clock."""
    reading = pages.with_own_zone(reading, zones.country_zone(country))
    return _sheet(
        "paper/delegation.html",
        reading,
        f"{reading.agenda.slug}-{country}.pdf",
        _("Delegation sheet: %(country)s") % {"country": labels.country(country)},
        country=labels.country(country),
        people=tuple(
            (str(person.name), labels.affiliation(person))
            for person in handouts.in_order(reading.agenda)
            if person.country == country
        ),
        parts=handouts.of_country(reading.agenda, country, reading.zones),
        glance=handouts.glance(
            reading.agenda, reading.zones[0], lambda who: who.country == country
        ),
    )


def script(reading: Reading, workshop: Workshop) -> Paper:
    """For the moderators of a workshop: its running order to the minute, with room for notes."""
    overall = tuple(
        f"{labels.role(who.role, 1, overall=True)}: {labels.name(who)}" for who in workshop.people
    )
    return _sheet(
        "paper/script.html",
        reading,
        f"{reading.agenda.slug}-{workshop.key}-script.pdf",
        _("Moderator’s script: %(title)s") % {"title": workshop.title},
        workshop=workshop,
        window=f"{time_ranges.span(workshop.starts_at, workshop.ends_at, reading.zones[0])}",
        overall=overall,
        rows=run_sheet.rows(workshop, reading.zones),
    )


def _sheet(template: str, reading: Reading, name: str, title: str, **context: object) -> Paper:
    agenda = reading.agenda
    return Paper(
        name=name,
        html=render_to_string(
            template,
            {
                "frame": frame(reading, title),
                "agenda": agenda,
                "clocks": zoned(agenda, reading.zones).clocks,
                "zone": reading.zones[0],
                "office": labels.lines(agenda.office_name) or labels.lines(agenda.organisers)[:1],
                "office_address": agenda.office_address,
                **context,
            },
        ),
    )


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A workshop and its announced window, a cell a clock."""

    title: str
    cells: tuple[str, ...]


def windows(
    workshops: tuple[WorkshopLines, ...], clocks: tuple[Clock, ...]
) -> tuple[WindowRow, ...]:
    """Announced windows with the date in every cell: a table is read cell by cell."""
    return tuple(
        WindowRow(
            str(each.workshop.title),
            tuple(_span(each, clock.zone) for clock in clocks),
        )
        for each in workshops
    )


def frame(reading: Reading, title: str) -> Frame:
    """The frame of a paper of this release or draft; `title` is what the file calls itself."""
    agenda = reading.agenda
    draft = draft_banner.line(reading)
    foot = [draft.foot] if draft else [_release(reading)]
    if reading.is_organiser:
        foot.append(_("for organisers only"))
    return Frame(
        title=f"{draft.mark}: {title}" if draft else title,
        language=reading.language,
        author=", ".join(labels.lines(agenda.organisers)),
        made_at=reading.draft.made_at if reading.draft else agenda.released_at,
        head=str(agenda.title),
        foot=" · ".join(foot),
        address=f"{reading.site}{reading.base}",
        draft=draft,
    )


def _release(reading: Reading) -> str:
    """`Release 3 · Wednesday 4 August 2021, 08:30 Lao Time`."""
    said = f"Release {reading.agenda.release}"
    if reading.agenda.released_at is None:
        return said
    return f"{said} · {time_ranges.moment(reading.agenda.released_at, reading.zones[0])}"


def _span(each: WorkshopLines, zone: Zone) -> str:
    return time_ranges.span(each.workshop.starts_at, each.workshop.ends_at, zone)


def _calendar(agenda: Agenda, calendar: bytes) -> Attachment:
    if agenda.released_at is None:
        raise ValueError("Only a published agenda has a calendar.")
    return Attachment(
        name=f"{agenda.slug}.ics",
        content=calendar,
        description="The same programme as calendar entries",
        made_at=agenda.released_at,
    )
