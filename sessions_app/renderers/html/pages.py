"""The agenda as HTML pages: each function takes a RenderContext and returns a page."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sessions_app.agenda import types as value
from sessions_app.agenda.selection import for_country, for_person, for_session
from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import ZonedAgenda, zoned
from sessions_app.agenda.types import EventSummary, Person, Session
from sessions_app.renderers import labels, summary
from sessions_app.renderers.context import RenderContext, display_zones
from sessions_app.renderers.diff import change_sentences
from sessions_app.renderers.html import (
    descriptions,
    downloads,
    draft_banner,
    jsonld,
    timezone_picker,
)
from sessions_app.renderers.paragraphs import Prose, prose
from sessions_app.renderers.programme import ProgrammeBuilder
from sessions_app.renderers.time_ranges import TimesLine, times_line
from workshop import zones
from workshop.zones import Zone


def agenda_page(context: RenderContext) -> str:
    """The whole agenda; of a workshop that is not readable, only its window and audience."""
    view = zoned(context.agenda, context.zones)
    return _page(
        "agenda.html",
        context,
        view,
        description=descriptions.of_agenda(context, view),
        workshops=ProgrammeBuilder(
            context.agenda, context.links, linked=context.is_current
        ).workshops(view),
        calendar=downloads.calendar_links(context, "agenda.ics") if context.is_current else None,
        documents=() if context.is_old else downloads.programme_links(context),
        structured=jsonld.event(context.agenda, context.site, context.base)
        if context.draft is None
        else "",
    )


def session_page(context: RenderContext, session: Session) -> str:
    """One session, with links to the previous and the next."""
    agenda = context.agenda
    view = zoned(for_session(agenda, session.uid), context.zones)
    workshops = ProgrammeBuilder(agenda, context.links).workshops(view)
    workshop = view.workshops[0].workshop
    complete = next(entry for entry in agenda.workshops if entry.uid == workshop.uid)
    rows = complete.sessions
    index = rows.index(session)
    return _page(
        "session.html",
        context,
        view,
        title=labels.session_title(session),
        description=descriptions.of_session(view),
        session=workshops[0].days[0].sessions[0],
        workshop=workshops[0],
        before=_neighbour(context, rows[index - 1] if index else None),
        after=_neighbour(context, rows[index + 1] if index + 1 < len(rows) else None),
        calendar=downloads.calendar_links(
            context,
            f"sessions/{session.key}.ics",
            downloads.web_calendar_links(
                agenda,
                workshop,
                session,
                context.zones,
                f"{context.site}{context.base}sessions/{session.key}/",
            ),
        ),
        structured=jsonld.session(agenda, complete, session, context.site, context.base),
    )


def person_page(context: RenderContext, person: Person) -> str:
    """A person's sessions and questions, in their own zone first."""
    own_agenda = for_person(context.agenda, person.uid)
    context = with_own_zone(context, person.zone)
    view = zoned(own_agenda, context.zones)
    composer = ProgrammeBuilder(
        context.agenda, context.links, person=person.uid, country=person.country
    )
    return _page(
        "person.html",
        context,
        view,
        title=str(person.name),
        description=labels.affiliation(person),
        person=person,
        country=labels.country(person.country) if person.country else "",
        country_href=context.links.country(person.country) if person.country else "",
        calendar=downloads.calendar_links(context, f"people/{person.key}.ics"),
        documents=downloads.document_link(
            context, f"people/{person.key}/briefing.pdf", _("Briefing (PDF)")
        )
        if context.is_organiser
        else (),
        own_sessions=summary.person_summary(view, person.uid, person.country),
        workshops=composer.workshops(view),
    )


def country_page(context: RenderContext, country: str) -> str:
    """A country's delegation, sessions and questions, in its own zone first."""
    own_agenda = for_country(context.agenda, country)
    context = with_own_zone(context, zones.country_zone(country))
    view = zoned(own_agenda, context.zones)
    return _page(
        "country.html",
        context,
        view,
        title=labels.country(country),
        delegation=tuple(
            _DelegationMember(person, context.links.person(person.key))
            for person in context.agenda.people
            if person.country == country
        ),
        calendar=downloads.calendar_links(context, f"countries/{country}.ics"),
        documents=downloads.document_link(
            context, f"countries/{country}.pdf", _("Country brief (PDF)")
        ),
        own_sessions=summary.country_summary(view, country),
        workshops=ProgrammeBuilder(context.agenda, context.links, country=country).workshops(view),
    )


def about_page(context: RenderContext) -> str:
    """The about sections of the event, and of the workshops that the reader may see."""
    agenda = context.agenda
    chapters = [_Chapter(Text(), tuple(map(_section, agenda.about)))]
    chapters += [
        _Chapter(workshop.title, tuple(map(_section, workshop.about)))
        for workshop in agenda.workshops
        if workshop.about
    ]
    return _page(
        "about.html",
        context,
        zoned(agenda, context.zones),
        title=_("About"),
        chapters=tuple(chapter for chapter in chapters if chapter.sections),
        partners=labels.split_lines(agenda.partners),
        other_sources=change_sentences.other_sources(agenda, context.zones),
    )


def changes_page(
    context: RenderContext, releases: Iterable[change_sentences.ReleaseLine], older: int | None
) -> str:
    """The changes of each release; `older` is the release to continue below, None at the end."""
    return _page(
        "changes.html",
        context,
        zoned(context.agenda, context.zones),
        title=_("Changes"),
        releases=tuple(releases),
        older="" if older is None else context.older_releases_href(older),
    )


def documents_page(context: RenderContext, items: Sequence[object], archive: str) -> str:
    """All documents of the event, for organisers; `archive` is the address of the ZIP."""
    return _page(
        "documents.html",
        context,
        zoned(context.agenda, context.zones),
        title=_("Documents (PDF)"),
        items=items,
        archive=archive,
    )


def events_page(events: tuple[EventSummary, ...], site: str) -> str:
    """The published events, each with its days and workshops."""
    lines = tuple(_EventLine(event, _start_dates(event)) for event in events)
    return render_to_string("events.html", {"events": lines, "site": site, "language": "en"})


def refusal_page(template: str, **values: object) -> str:
    """An error page with a message and a link back."""
    return render_to_string(template, {"language": "en", **values})


@dataclass(frozen=True, slots=True)
class _EventLine:
    summary: EventSummary
    dates: str


@dataclass(frozen=True, slots=True)
class _DelegationMember:
    person: Person
    href: str


@dataclass(frozen=True, slots=True)
class _Neighbour:
    name: str
    href: str


@dataclass(frozen=True, slots=True)
class _Section:
    anchor: str
    title: Text
    language: str
    prose: tuple[Prose, ...]


@dataclass(frozen=True, slots=True)
class _Chapter:
    title: Text
    sections: tuple[_Section, ...]


def _section(section: value.AboutSection) -> _Section:
    return _Section(
        anchor=f"s-{section.uid}",
        title=section.title,
        language=section.body.language,
        prose=prose(str(section.body)),
    )


def _neighbour(context: RenderContext, session: Session | None) -> _Neighbour | None:
    if session is None:
        return None
    return _Neighbour(labels.session_name(session), context.links.session(session))


def with_own_zone(context: RenderContext, key: str) -> RenderContext:
    """The event's zones led by somebody's own, unless the address requests zones."""
    if context.requested_zones or not key:
        return context
    own_zone = next(
        (zone for zone in context.agenda.zones if zone.key == key), Zone(zones.city(key), key)
    )
    ordered = zones.unique((own_zone, *context.agenda.zones))[: zones.MAX_ZONES]
    return replace(context, agenda=replace(context.agenda, zones=ordered))


def _page(template: str, context: RenderContext, view: ZonedAgenda, **values: object) -> str:
    agenda = context.agenda
    released = agenda.released_at and view.zone_headings[0].zone.local(agenda.released_at)
    windows = _windows_by_zone(view)
    return render_to_string(
        template,
        {
            "context": context,
            "agenda": agenda,
            "links": context.links,
            "draft": draft_banner.banner(context),
            "language": context.language,
            "zone_headings": view.zone_headings,
            "dates": descriptions.dates(view),
            "windows": windows,
            "zone_windows": tuple(zip(view.zone_headings, windows, strict=True)),
            "organisers": labels.split_lines(agenda.organisers),
            "released_on": f"{labels.long_date(released)}, {released:%H:%M}" if released else "",
            "zone_options": timezone_picker.options(timezone_picker.participants_zones(agenda)),
            "has_lao": labels.has_lao(agenda),
            "canonical": f"{context.site}{context.path}",
            "title": "",
            "description": "",
            **values,
        },
    )


def _start_dates(event: EventSummary) -> str:
    """Dates on which the workshops start, in the first zone of the event."""
    zone = display_zones(event)[0]
    return labels.dates(zone.local(workshop.starts_at).date() for workshop in event.workshops)


def _windows_by_zone(view: ZonedAgenda) -> tuple[tuple[TimesLine, ...], ...]:
    """For each zone, the announced window of each workshop."""
    return tuple(
        tuple(times_line(workshop.window[index]) for workshop in view.workshops)
        for index in range(len(view.zone_headings))
    )
