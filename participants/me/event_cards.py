"""A person's own page as the lines that it prints, each event on the clock they live by."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Participation, Person
from participants.personal.join_links import Joining
from participants.personal.own_events import OwnEvent, OwnWorkshop
from participants.personal.own_timezone import own_zone, with_the_events
from participants.personal.reply import ANSWERS, Reply, in_full
from sessions_app.agenda.text import Text, in_language
from sessions_app.agenda.timezones import Clock, ZonedAgenda, cells, zoned
from sessions_app.agenda.types import Agenda, Session
from sessions_app.renderers import labels, summary, time_ranges
from sessions_app.renderers.context import Reading
from sessions_app.renderers.programme import Composer, TimesLine, WorkshopLines, anchor, times
from sessions_app.renderers.summary import PartLine
from workshop.zones import Zone

State = Participation.State

# The word on a button, in the order of the buttons.
BUTTONS = (
    (State.ACCEPTED, gettext_lazy("Accept")),
    (State.TENTATIVE, gettext_lazy("Tentative")),
    (State.DECLINED, gettext_lazy("Decline")),
)


@dataclass(frozen=True, slots=True)
class Next:
    """The part that comes next, or the first one of an event that is over."""

    heading: str
    part: PartLine
    on: str


@dataclass(frozen=True, slots=True)
class Card:
    """A workshop to which somebody is invited: when it is, what they replied, how to join.

    `asks` says that no reply has come yet; `open_sessions` that some of their sessions wait for
    a yes or a no.
    """

    anchor: str
    title: Text
    repeats_title: bool
    on: str
    window: TimesLine
    role: str
    asks: bool
    said: tuple[str, ...]
    replied: str
    open_sessions: bool
    action: str
    buttons: tuple[tuple[str, str], ...]
    joining: Joining | None


@dataclass(frozen=True, slots=True)
class EventLines:
    """An event on somebody's page. `workshops` hold only what they have a part in."""

    anchor: str
    title: Text
    href: str
    dates: str
    clocks: tuple[Clock, ...]
    next: Next | None
    parts: tuple[PartLine, ...]
    workshops: tuple[WorkshopLines, ...]
    cards: tuple[Card, ...]
    briefing: str


def event_lines(own: OwnEvent, person: Person, site: str, now: datetime) -> EventLines:
    """One event of somebody's page; anchors begin with its slug, since others stand beside it."""
    language = person.language if person.language in own.agenda.languages else "en"
    agenda, mine = (in_language(each, language) for each in (own.agenda, own.own))
    zone = own_zone(person.clock_key, agenda)
    country = str(person.country.code or "")
    reading = _reading(agenda, zone, language, site)
    mine = _with_own_questions(mine, person.pk, country)
    view = zoned(mine, with_the_events(zone, agenda))
    composer = Composer(agenda, reading.links, person=person.pk, country=country)
    found = summary.of_person(view, person.pk, country)
    return EventLines(
        anchor=agenda.slug,
        title=agenda.title,
        href=reading.links.to(),
        dates=_dates(agenda, zone),
        clocks=zoned(agenda, with_the_events(zone, agenda)).clocks,
        next=_next(mine, found, zone, now),
        parts=tuple(replace(each, href=_apart(each.href, agenda.slug)) for each in found),
        workshops=tuple(_anchored(each, agenda.slug) for each in composer.workshops(view)),
        cards=tuple(card(each, agenda, zone) for each in own.workshops if each.may_answer),
        briefing=_briefing(view, person, reading),
    )


def card(own: OwnWorkshop, agenda: Agenda, zone: Zone) -> Card:
    """A workshop and somebody's reply to it."""
    workshop = next(each for each in agenda.workshops if each.uid == own.workshop.uid)
    on = zone.local(workshop.starts_at).date()
    (cell,) = cells(workshop.starts_at, workshop.ends_at, (zone,), on)
    said_of = {uid for uid, _takes_part in own.reply.sessions}
    answered = own.reply.state in ANSWERS
    return Card(
        anchor=f"reply:{own.participation}",
        title=workshop.title,
        repeats_title=workshop.title == agenda.title,
        on=_day(workshop.starts_at, zone),
        window=times(cell),
        role=own.role,
        asks=not answered,
        said=tuple(in_full(own.reply, own.room)),
        replied=time_ranges.moment(own.replied_at, zone) if own.replied_at else "",
        open_sessions=answered
        and own.reply.state != State.DECLINED
        and any(session.uid not in said_of for session in own.to_answer),
        action=reverse("me-reply", args=[own.participation]),
        buttons=tuple((state.value, str(word)) for state, word in BUTTONS),
        joining=own.joining,
    )


def in_current_sessions(reply: Reply, own: OwnWorkshop) -> Reply:
    """The reply without what was said of sessions that are no longer theirs."""
    uids: set[UUID] = {session.uid for session in own.to_answer}
    return replace(reply, sessions=tuple(each for each in reply.sessions if each[0] in uids))


def _reading(agenda: Agenda, zone: Zone, language: str, site: str) -> Reading:
    return Reading(
        agenda=agenda,
        asked=() if zone.key == agenda.zone else (zone,),
        language=language,
        path=reverse("me"),
        site=site,
        base=reverse("agenda", args=[agenda.slug]),
    )


def _next(agenda: Agenda, found: tuple[PartLine, ...], zone: Zone, now: datetime) -> Next | None:
    standing = (each for each in agenda.sessions() if each.status != "cancelled")
    sessions = sorted(standing, key=lambda session: session.starts_at)
    if not sessions:
        return None
    coming = next((session for session in sessions if session.ends_at > now), None)
    session = coming or sessions[0]
    part = next(each for each in found if each.href == f"#{anchor(session)}")
    return Next(
        heading=_("Your next part") if coming else _("Your first part"),
        part=replace(part, href=_apart(part.href, agenda.slug)),
        on=_day(session.starts_at, zone),
    )


def _with_own_questions(agenda: Agenda, person: UUID, country: str) -> Agenda:
    """The agenda with only the questions put to their country; a moderator has to know all."""

    def cut(session: Session) -> Session:
        leads = {who.role for who in session.everybody if who.person == person}
        if leads.intersection(("moderator", "facilitator")):
            return session
        asked = tuple(each for each in session.question_blocks if country in each.countries)
        if asked == session.question_blocks:
            return session
        return replace(session, question_blocks=asked, questions_minutes=None)

    workshops = (
        replace(each, sessions=tuple(map(cut, each.sessions))) for each in agenda.workshops
    )
    return replace(agenda, workshops=tuple(workshops))


def _day(at: datetime, zone: Zone) -> str:
    """`Wed 4 Aug 2021`."""
    on = zone.local(at).date()
    return f"{labels.short_date(on)} {on.year}"


def _anchored(workshop: WorkshopLines, slug: str) -> WorkshopLines:
    days = tuple(
        replace(
            day,
            anchor=f"{slug}:{day.anchor}",
            sessions=tuple(
                replace(session, anchor=f"{slug}:{session.anchor}") for session in day.sessions
            ),
        )
        for day in workshop.days
    )
    return replace(workshop, anchor=f"{slug}:{workshop.anchor}", days=days)


def _apart(href: str, slug: str) -> str:
    return f"#{slug}:{href[1:]}" if href.startswith("#") else href


def _briefing(view: ZonedAgenda, person: Person, reading: Reading) -> str:
    """The address of their briefing; empty for who does not appear in the programme.

    A briefing is on its person's clock anyway, unless they chose another here.
    """
    if all(each.uid != person.pk for each in view.agenda.people):
        return ""
    chosen = reading.asked if person.own_clock not in ("", person.zone_key) else ()
    return replace(reading, asked=chosen).links.to(f"people/{quote(person.key)}/briefing.pdf")


def _dates(agenda: Agenda, zone: Zone) -> str:
    return labels.dates(zone.local(each.starts_at).date() for each in agenda.workshops)
