"""The agenda as pages. Each function takes what a reader may see and returns a page's text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from sessions_app.agenda import types as value
from sessions_app.agenda.selection import for_country, for_person, for_session
from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import ZonedAgenda, zoned
from sessions_app.agenda.types import Agenda, Person, Session
from sessions_app.renderers import labels, summary
from sessions_app.renderers.context import Reading, shown
from sessions_app.renderers.diff import change_sentences
from sessions_app.renderers.html import downloads, draft_banner, jsonld, timezone_picker
from sessions_app.renderers.paragraphs import Prose, prose
from sessions_app.renderers.programme import Composer, TimesLine, times
from workshop import zones
from workshop.zones import Zone


def agenda_page(reading: Reading) -> str:
    """The whole agenda; of a workshop that is not readable, its window and audience."""
    view = zoned(reading.agenda, reading.zones)
    return _page(
        "agenda.html",
        reading,
        view,
        description=_description(reading, view),
        workshops=Composer(reading.agenda, reading.links, linked=reading.is_current).workshops(
            view
        ),
        calendar=downloads.calendar(reading, "agenda.ics") if reading.is_current else None,
        papers=() if reading.is_old else downloads.programmes(reading),
        structured=jsonld.event(reading.agenda, reading.site, reading.base)
        if reading.draft is None
        else "",
    )


def session_page(reading: Reading, session: Session) -> str:
    """One session, with the way to the one before and the one after."""
    agenda = reading.agenda
    view = zoned(for_session(agenda, session.uid), reading.zones)
    workshops = Composer(agenda, reading.links).workshops(view)
    workshop = view.workshops[0].workshop
    whole = next(each for each in agenda.workshops if each.uid == workshop.uid)
    rows = whole.sessions
    place = rows.index(session)
    return _page(
        "session.html",
        reading,
        view,
        title=labels.session_title(session),
        description=_when(view),
        session=workshops[0].days[0].sessions[0],
        workshop=workshops[0],
        before=_neighbour(reading, rows[place - 1] if place else None),
        after=_neighbour(reading, rows[place + 1] if place + 1 < len(rows) else None),
        calendar=downloads.calendar(
            reading,
            f"sessions/{session.key}.ics",
            downloads.web(
                agenda,
                workshop,
                session,
                reading.zones,
                f"{reading.site}{reading.base}sessions/{session.key}/",
            ),
        ),
        structured=jsonld.session(agenda, whole, session, reading.site, reading.base),
    )


def person_page(reading: Reading, person: Person) -> str:
    """When somebody is on, in their own clock first, what their country is asked, who is beside."""
    own = for_person(reading.agenda, person.uid)
    reading = with_own_zone(reading, person.zone)
    view = zoned(own, reading.zones)
    composer = Composer(reading.agenda, reading.links, person=person.uid, country=person.country)
    return _page(
        "person.html",
        reading,
        view,
        title=str(person.name),
        description=labels.affiliation(person),
        person=person,
        country=labels.country(person.country) if person.country else "",
        country_href=reading.links.country(person.country) if person.country else "",
        calendar=downloads.calendar(reading, f"people/{person.key}.ics"),
        papers=downloads.paper(reading, f"people/{person.key}/briefing.pdf", _("Briefing (PDF)"))
        if reading.is_organiser
        else (),
        parts=summary.of_person(view, person.uid, person.country),
        workshops=composer.workshops(view),
    )


def country_page(reading: Reading, country: str) -> str:
    """A country's delegation, where it speaks and what it is asked, in its own clock first."""
    own = for_country(reading.agenda, country)
    reading = with_own_zone(reading, zones.country_zone(country))
    view = zoned(own, reading.zones)
    return _page(
        "country.html",
        reading,
        view,
        title=labels.country(country),
        delegation=tuple(
            _Delegate(person, reading.links.person(person.key))
            for person in reading.agenda.people
            if person.country == country
        ),
        calendar=downloads.calendar(reading, f"countries/{country}.ics"),
        papers=downloads.paper(reading, f"countries/{country}.pdf", _("Delegation sheet (PDF)")),
        parts=summary.of_country(view, country),
        workshops=Composer(reading.agenda, reading.links, country=country).workshops(view),
    )


def about_page(reading: Reading) -> str:
    """What is told about the event, and about the workshops that the reader may read."""
    agenda = reading.agenda
    chapters = [_Part(Text(), tuple(map(_section, agenda.about)))]
    chapters += [
        _Part(workshop.title, tuple(map(_section, workshop.about)))
        for workshop in agenda.workshops
        if workshop.about
    ]
    return _page(
        "about.html",
        reading,
        zoned(agenda, reading.zones),
        title=_("About"),
        parts=tuple(chapter for chapter in chapters if chapter.sections),
        partners=labels.lines(agenda.partners),
        other_readings=change_sentences.other_readings(agenda, reading.zones),
    )


def changes_page(
    reading: Reading, releases: Iterable[change_sentences.ReleaseLine], older: int | None
) -> str:
    """What each release changed; `older` is the release to go on below, None at the end."""
    return _page(
        "changes.html",
        reading,
        zoned(reading.agenda, reading.zones),
        title=_("Changes"),
        releases=tuple(releases),
        older="" if older is None else reading.older(older),
    )


def papers_page(reading: Reading, items: Sequence[object], archive: str) -> str:
    """Every paper of the event, for organisers; `archive` is the address of all as one ZIP."""
    return _page(
        "papers.html",
        reading,
        zoned(reading.agenda, reading.zones),
        title=_("Papers"),
        items=items,
        archive=archive,
    )


def events_page(agendas: tuple[Agenda, ...], site: str) -> str:
    """The published events, each with its days and workshops."""
    lines = tuple(_EventLine(agenda, _dates(zoned(agenda, shown(agenda)))) for agenda in agendas)
    return render_to_string("events.html", {"events": lines, "site": site, "language": "en"})


def refusal_page(template: str, **context: object) -> str:
    """A page that says what is not there or not understood, and the way back."""
    return render_to_string(template, {"language": "en", **context})


@dataclass(frozen=True, slots=True)
class _EventLine:
    agenda: Agenda
    dates: str


@dataclass(frozen=True, slots=True)
class _Delegate:
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
class _Part:
    title: Text
    sections: tuple[_Section, ...]


def _section(section: value.AboutSection) -> _Section:
    return _Section(
        anchor=f"s-{section.uid}",
        title=section.title,
        language=section.body.language,
        prose=prose(str(section.body)),
    )


def _neighbour(reading: Reading, session: Session | None) -> _Neighbour | None:
    if session is None:
        return None
    return _Neighbour(labels.session_name(session), reading.links.session(session))


def with_own_zone(reading: Reading, key: str) -> Reading:
    """The event's zones led by somebody's own, unless the address names others."""
    if reading.asked or not key:
        return reading
    own = next(
        (zone for zone in reading.agenda.zones if zone.key == key), Zone(zones.city(key), key)
    )
    led = zones.unique((own, *reading.agenda.zones))[: zones.MOST_ZONES]
    return replace(reading, agenda=replace(reading.agenda, zones=led))


def _page(template: str, reading: Reading, view: ZonedAgenda, **context: object) -> str:
    agenda = reading.agenda
    released = agenda.released_at and view.clocks[0].zone.local(agenda.released_at)
    return render_to_string(
        template,
        {
            "reading": reading,
            "agenda": agenda,
            "links": reading.links,
            "draft": draft_banner.line(reading),
            "language": reading.language,
            "clocks": view.clocks,
            "dates": _dates(view),
            "windows": _windows(view),
            "clock_hours": tuple(zip(view.clocks, _windows(view), strict=True)),
            "organisers": labels.lines(agenda.organisers),
            "released_on": f"{labels.long_date(released)}, {released:%H:%M}" if released else "",
            "zone_options": timezone_picker.options(timezone_picker.near(agenda)),
            "lao": labels.has_lao(agenda),
            "canonical": f"{reading.site}{reading.path}",
            "title": "",
            "description": "",
            **context,
        },
    )


def _dates(view: ZonedAgenda) -> str:
    return labels.dates(
        cell.starts_at.date() for workshop in view.workshops for cell in workshop.window[:1]
    )


def _windows(view: ZonedAgenda) -> tuple[tuple[TimesLine, ...], ...]:
    """For each clock, the announced window of each workshop."""
    return tuple(
        tuple(times(workshop.window[place]) for workshop in view.workshops)
        for place in range(len(view.clocks))
    )


def _when(view: ZonedAgenda) -> str:
    """`Wednesday 4 August 2021, 10:55–11:40 Lao Time` for the one session of a view."""
    (cell, *_others) = view.workshops[0].days[0].rows[0].cells
    span = f"{labels.clock_time(cell.starts_at)}–{labels.clock_time(cell.ends_at)}"
    return f"{labels.long_date(cell.starts_at)}, {span} {cell.zone.label}"


def _description(reading: Reading, view: ZonedAgenda) -> str:
    """One sentence for link previews: when, in the first zone, and by whom."""
    zone = reading.zones[0]
    windows = labels.listed(
        [
            f"{each.window[0].starts_at:%H:%M}–{each.window[0].ends_at:%H:%M}"
            for each in view.workshops
        ]
    )
    said = f"{_dates(view)}, {windows} {zone.label}" if windows else ""
    return ". ".join(filter(None, (said, *labels.lines(reading.agenda.organisers)[:1])))
