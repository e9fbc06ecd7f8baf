"""Content of a personal page: one section per event, in the person's time zone."""

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from participants.models import Participation, Person
from participants.personal.join_links import JoinInfo
from participants.personal.own_events import OwnEvent, OwnWorkshop
from participants.personal.own_timezone import own_zone, with_event_zone
from participants.personal.reply import ANSWERED_STATES, Reply, full_sentences
from sessions_app.agenda.text import Text, in_language
from sessions_app.agenda.timezones import ZonedAgenda, ZoneHeading, cells, zoned
from sessions_app.agenda.types import Agenda, Session
from sessions_app.renderers import labels, summary, time_ranges
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.programme import ProgrammeBuilder, WorkshopLines, anchor
from sessions_app.renderers.summary import SummaryLine
from sessions_app.renderers.time_ranges import TimesLine, times_line
from workshop.zones import Zone

State = Participation.State

# Labels of the reply buttons, in order.
BUTTONS = (
    (State.ACCEPTED, gettext_lazy("Accept")),
    (State.TENTATIVE, gettext_lazy("Tentative")),
    (State.DECLINED, gettext_lazy("Decline")),
)


@dataclass(frozen=True, slots=True)
class NextSession:
    """Next session of a person, or the first one of a past event."""

    heading: str
    line: SummaryLine
    date: str


@dataclass(frozen=True, slots=True)
class ReplyCard:
    """Card of a workshop with a person's invitation: times, reply and join information.

    `needs_reply` is true without a final reply, `has_unconfirmed_sessions` if a session of
    theirs has neither yes nor no.
    """

    anchor: str
    title: Text
    repeats_title: bool
    date: str
    window: TimesLine
    role: str
    needs_reply: bool
    reply_sentences: tuple[str, ...]
    replied_at: str
    has_unconfirmed_sessions: bool
    action: str
    buttons: tuple[tuple[str, str], ...]
    join_info: JoinInfo | None


@dataclass(frozen=True, slots=True)
class EventSection:
    """Section of an event on a personal page; `workshops` holds only the person's sessions."""

    anchor: str
    title: Text
    href: str
    dates: str
    zone_headings: tuple[ZoneHeading, ...]
    next: NextSession | None
    sessions: tuple[SummaryLine, ...]
    workshops: tuple[WorkshopLines, ...]
    cards: tuple[ReplyCard, ...]
    briefing: str


def event_section(own: OwnEvent, person: Person, site: str, now: datetime) -> EventSection:
    """Section of one event; its anchors start with its slug, as the page has several events."""
    language = person.language if person.language in own.agenda.languages else "en"
    agenda, own_agenda = (in_language(value, language) for value in (own.agenda, own.own))
    zone = own_zone(person.preferred_zone_key, agenda)
    country = str(person.country.code or "")
    context = _render_context(agenda, zone, language, site)
    own_agenda = _with_own_questions(own_agenda, person.pk, country)
    view = zoned(own_agenda, with_event_zone(zone, agenda))
    composer = ProgrammeBuilder(agenda, context.links, person=person.pk, country=country)
    lines = summary.person_summary(view, person.pk, country)
    return EventSection(
        anchor=agenda.slug,
        title=agenda.title,
        href=context.links.to(),
        dates=_dates(agenda, zone),
        zone_headings=zoned(agenda, with_event_zone(zone, agenda)).zone_headings,
        next=_next_session(own_agenda, lines, zone, now),
        sessions=tuple(replace(line, href=_with_slug(line.href, agenda.slug)) for line in lines),
        workshops=tuple(
            _with_slug_anchors(workshop, agenda.slug) for workshop in composer.workshops(view)
        ),
        cards=tuple(
            reply_card(workshop, agenda, zone) for workshop in own.workshops if workshop.can_reply
        ),
        briefing=_briefing_url(view, person, context),
    )


def reply_card(own: OwnWorkshop, agenda: Agenda, zone: Zone) -> ReplyCard:
    """Card of one workshop with the person's reply."""
    workshop = next(item for item in agenda.workshops if item.uid == own.workshop.uid)
    starts_on = zone.local(workshop.starts_at).date()
    (cell,) = cells(workshop.starts_at, workshop.ends_at, (zone,), starts_on)
    confirmed = {uid for uid, _takes_part in own.reply.sessions}
    has_replied = own.reply.state in ANSWERED_STATES
    return ReplyCard(
        anchor=f"reply:{own.participation}",
        title=workshop.title,
        repeats_title=workshop.title == agenda.title,
        date=_date_text(workshop.starts_at, zone),
        window=times_line(cell),
        role=own.role,
        needs_reply=not has_replied,
        reply_sentences=tuple(full_sentences(own.reply, own.room)),
        replied_at=time_ranges.moment(own.replied_at, zone) if own.replied_at else "",
        has_unconfirmed_sessions=has_replied
        and own.reply.state != State.DECLINED
        and any(session.uid not in confirmed for session in own.sessions_to_confirm),
        action=reverse("me-reply", args=[own.participation]),
        buttons=tuple((state.value, str(label)) for state, label in BUTTONS),
        join_info=own.join_info,
    )


def without_former_sessions(reply: Reply, own: OwnWorkshop) -> Reply:
    """Drop replies to sessions that are no longer the person's own."""
    uids: set[UUID] = {session.uid for session in own.sessions_to_confirm}
    return replace(reply, sessions=tuple(pair for pair in reply.sessions if pair[0] in uids))


def _render_context(agenda: Agenda, zone: Zone, language: str, site: str) -> RenderContext:
    return RenderContext(
        agenda=agenda,
        requested_zones=() if zone.key == agenda.zone else (zone,),
        language=language,
        path=reverse("me"),
        site=site,
        base=reverse("agenda", args=[agenda.slug]),
    )


def _next_session(
    agenda: Agenda, lines: tuple[SummaryLine, ...], zone: Zone, now: datetime
) -> NextSession | None:
    not_cancelled = (item for item in agenda.sessions() if item.status != "cancelled")
    sessions = sorted(not_cancelled, key=lambda session: session.starts_at)
    if not sessions:
        return None
    coming = next((session for session in sessions if session.ends_at > now), None)
    session = coming or sessions[0]
    line = next(item for item in lines if item.href == f"#{anchor(session)}")
    return NextSession(
        heading=_("Your next session") if coming else _("Your first session"),
        line=replace(line, href=_with_slug(line.href, agenda.slug)),
        date=_date_text(session.starts_at, zone),
    )


def _with_own_questions(agenda: Agenda, person: UUID, country: str) -> Agenda:
    """Keep only questions to the person's country; moderators and facilitators keep all."""

    def with_own_questions(session: Session) -> Session:
        own = (appearance for appearance in session.everybody if appearance.person == person)
        if any(appearance.behaviour.leads for appearance in own):
            return session
        blocks = tuple(block for block in session.question_blocks if country in block.countries)
        if blocks == session.question_blocks:
            return session
        return replace(session, question_blocks=blocks, questions_minutes=None)

    workshops = (
        replace(workshop, sessions=tuple(map(with_own_questions, workshop.sessions)))
        for workshop in agenda.workshops
    )
    return replace(agenda, workshops=tuple(workshops))


def _date_text(moment: datetime, zone: Zone) -> str:
    """Date with year: `Wed 4 Aug 2021`."""
    date = zone.local(moment).date()
    return f"{labels.short_date(date)} {date.year}"


def _with_slug_anchors(workshop: WorkshopLines, slug: str) -> WorkshopLines:
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


def _with_slug(href: str, slug: str) -> str:
    return f"#{slug}:{href[1:]}" if href.startswith("#") else href


def _briefing_url(view: ZonedAgenda, person: Person, context: RenderContext) -> str:
    """URL of the person's briefing; empty if they are not in the programme.

    A briefing uses the person's zone by default; the URL names a zone only if they chose another.
    """
    if all(value.uid != person.pk for value in view.agenda.people):
        return ""
    chosen = context.requested_zones if person.own_clock not in ("", person.zone_key) else ()
    return replace(context, requested_zones=chosen).links.to(
        f"people/{quote(person.key)}/briefing.pdf"
    )


def _dates(agenda: Agenda, zone: Zone) -> str:
    return labels.dates(zone.local(workshop.starts_at).date() for workshop in agenda.workshops)
