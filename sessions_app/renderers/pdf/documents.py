"""HTML and file names of an event's documents, ready for `engine.render`."""

from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sessions_app.agenda.selection import for_person
from sessions_app.agenda.timezones import ZoneHeading, zoned
from sessions_app.agenda.types import Agenda, Person, Workshop
from sessions_app.renderers import labels, time_ranges
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.html import draft_banner, pages
from sessions_app.renderers.pdf import handouts, run_sheet
from sessions_app.renderers.pdf.engine import Attachment
from sessions_app.renderers.programme import ProgrammeBuilder, WorkshopLines
from workshop import zones
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class Document:
    """A document before rendering: HTML, file name, attachments, and whether it is PDF/A."""

    name: str
    html: str
    archived: bool = False
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """Title, language, running header and footer of a document."""

    title: str
    language: str
    author: str
    made_at: datetime | None
    header: str
    footer: str
    address: str
    draft: draft_banner.DraftBanner | None = None


def render_programme(
    context: RenderContext, calendar: bytes | None, *, short: bool = False
) -> Document:
    """The programme with every zone, person and question; without questions if `short`.

    `calendar` is the iCalendar file to attach, None for a draft.
    """
    agenda = context.agenda
    view = zoned(agenda, context.zones)
    workshops = ProgrammeBuilder(agenda, context.links, linked=False).workshops(view)
    text = render_to_string(
        "pdf/programme.html",
        {
            "frame": frame(context, str(agenda.title)),
            "agenda": agenda,
            "language": context.language,
            "zone_headings": view.zone_headings,
            "organisers": labels.split_lines(agenda.organisers),
            "partners": labels.split_lines(agenda.partners),
            "dates": labels.dates(
                workshop.window[0].starts_at.date()
                for workshop in view.workshops
                if workshop.window
            ),
            "windows": windows(workshops, view.zone_headings),
            "workshops": workshops,
            "short": short,
            "is_pdf": True,
        },
    )
    return Document(
        name=_file_name(context, short),
        html=text,
        archived=True,
        attachments=() if calendar is None else (_calendar(agenda, calendar),),
    )


def _file_name(context: RenderContext, short: bool) -> str:
    suffixes = {"draft": context.draft, "organisers": context.is_organiser, "short": short}
    return "-".join([context.agenda.slug, *(name for name in suffixes if suffixes[name])]) + ".pdf"


def render_briefing(context: RenderContext, person: Person) -> Document:
    """For one person: their sessions, neighbours and questions, in their own zone."""
    context = pages.with_own_zone(context, person.zone)
    agenda = for_person(context.agenda, person.uid)
    overall = tuple(
        f"{labels.role(appearance.role, 1, overall=True)}: {workshop.title}"
        for workshop in agenda.workshops
        for appearance in workshop.people
    )
    return _handout(
        "pdf/briefing.html",
        context,
        f"{context.agenda.slug}-{person.key}-briefing.pdf",
        _("Briefing for %(name)s") % {"name": person.name},
        person=person,
        affiliation=labels.affiliation(person),
        overall=overall,
        sessions=handouts.person_sessions(context.agenda, person.uid, context.zones),
        overview=handouts.overview(
            context.agenda, context.zones[0], lambda appearance: appearance.person == person.uid
        ),
    )


def render_country_brief(context: RenderContext, country: str) -> Document:
    """For one country: its delegation, sessions and questions, in its own zone."""
    context = pages.with_own_zone(context, zones.country_zone(country))
    return _handout(
        "pdf/country_brief.html",
        context,
        f"{context.agenda.slug}-{country}.pdf",
        _("Country brief: %(country)s") % {"country": labels.country(country)},
        country=labels.country(country),
        people=tuple(
            (str(person.name), labels.affiliation(person))
            for person in handouts.people_in_programme_order(context.agenda)
            if person.country == country
        ),
        sessions=handouts.country_sessions(context.agenda, country, context.zones),
        overview=handouts.overview(
            context.agenda, context.zones[0], lambda appearance: appearance.country == country
        ),
    )


def render_run_sheet(context: RenderContext, workshop: Workshop) -> Document:
    """For the moderators of a workshop: its running order to the minute, with space for notes."""
    overall = tuple(
        f"{labels.role(appearance.role, 1, overall=True)}: {labels.name(appearance)}"
        for appearance in workshop.people
    )
    return _handout(
        "pdf/run_sheet.html",
        context,
        f"{context.agenda.slug}-{workshop.key}-run-sheet.pdf",
        _("Run sheet: %(title)s") % {"title": workshop.title},
        workshop=workshop,
        window=f"{time_ranges.span(workshop.starts_at, workshop.ends_at, context.zones[0])}",
        overall=overall,
        rows=run_sheet.rows(workshop, context.zones),
    )


def _handout(
    template: str, context: RenderContext, name: str, title: str, **values: object
) -> Document:
    agenda = context.agenda
    return Document(
        name=name,
        html=render_to_string(
            template,
            {
                "frame": frame(context, title),
                "agenda": agenda,
                "zone_headings": zoned(agenda, context.zones).zone_headings,
                "zone": context.zones[0],
                "office": labels.split_lines(agenda.office_name)
                or labels.split_lines(agenda.organisers)[:1],
                "office_address": agenda.office_address,
                **values,
            },
        ),
    )


@dataclass(frozen=True, slots=True)
class WindowRow:
    """A workshop and its announced window, one cell per zone."""

    title: str
    cells: tuple[str, ...]


def windows(
    workshops: tuple[WorkshopLines, ...], zone_headings: tuple[ZoneHeading, ...]
) -> tuple[WindowRow, ...]:
    """Announced windows with the date in every cell: screen readers read a table cell by cell."""
    return tuple(
        WindowRow(
            str(lines.workshop.title),
            tuple(_span(lines, heading.zone) for heading in zone_headings),
        )
        for lines in workshops
    )


def frame(context: RenderContext, title: str) -> Frame:
    """The frame of a document of this release or draft; `title` is the PDF's title."""
    agenda = context.agenda
    draft = draft_banner.banner(context)
    footer = [draft.footer] if draft else [_release(context)]
    if context.is_organiser:
        footer.append(_("for organisers only"))
    return Frame(
        title=f"{draft.label}: {title}" if draft else title,
        language=context.language,
        author=", ".join(labels.split_lines(agenda.organisers)),
        made_at=context.draft.made_at if context.draft else agenda.released_at,
        header=str(agenda.title),
        footer=" · ".join(footer),
        address=f"{context.site}{context.base}",
        draft=draft,
    )


def _release(context: RenderContext) -> str:
    """The release and its date: `Release 3 · Wednesday 4 August 2021, 08:30 Lao Time`."""
    text = f"Release {context.agenda.release}"
    if context.agenda.released_at is None:
        return text
    return f"{text} · {time_ranges.moment(context.agenda.released_at, context.zones[0])}"


def _span(lines: WorkshopLines, zone: Zone) -> str:
    return time_ranges.span(lines.workshop.starts_at, lines.workshop.ends_at, zone)


def _calendar(agenda: Agenda, calendar: bytes) -> Attachment:
    if agenda.released_at is None:
        raise ValueError("Only a published agenda has a calendar.")
    return Attachment(
        name=f"{agenda.slug}.ics",
        content=calendar,
        description="The same programme as calendar entries",
        made_at=agenda.released_at,
    )
