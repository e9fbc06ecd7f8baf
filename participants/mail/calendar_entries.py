"""Calendar entries of an e-mail: summary, description, role and reply of each."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from participants.mail.itip import Invite
from participants.mail.pending_news import MailContext
from participants.mail.personal_agenda import CalendarEntry, list_calendar_entries
from participants.mail.session_content import speaking_country
from participants.mail.time_text import city_zone
from participants.models import Participation
from participants.personal.calendar_state import entry_uid
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import display_zones
from sessions_app.renderers.ical import LONGEST_DESCRIPTION
from sessions_app.renderers.plain_text import CalendarOwner
from workshop import zones

_PARTSTAT = {
    Participation.State.ACCEPTED: "ACCEPTED",
    Participation.State.TENTATIVE: "TENTATIVE",
}


def calendar_invites(context: MailContext, agenda: Agenda, base: str) -> Iterator[Invite]:
    """Every calendar entry of the recipient, cancelled ones too.

    `base` is the address of the agenda.
    """
    entry_uids = {row.workshop: entry_uid(row.uid) for row in context.participations}
    for entry in list_calendar_entries(context.personal_agenda, entry_uids):
        session, workshop = entry.session, entry.workshop
        path = f"sessions/{session.key}/" if session else ""
        title = labels.session_title(session) if session else str(workshop.title)
        yield Invite(
            entry=entry,
            summary=title or str(agenda.title),
            description=_description(entry, context, agenda, f"{base}{path}"),
            category=labels.kind(session) if session else "",
            url=f"{base}{path}",
            role=_role(entry, context),
            partstat=_partstat(entry, context),
        )


def _role(entry: CalendarEntry, context: MailContext) -> str:
    """ROLE of the attendee (RFC 5545, 3.2.16)."""
    people = entry.session.everybody if entry.session else entry.workshop.people
    own = [appearance for appearance in people if appearance.person == context.recipient.uid]
    participation = context.participation_in(entry.workshop.uid)
    if any(appearance.behaviour.leads for appearance in own):
        return "CHAIR"
    if not own and participation and participation.role == Participation.Role.OBSERVER:
        return "OPT-PARTICIPANT"
    return "REQ-PARTICIPANT"


def _partstat(entry: CalendarEntry, context: MailContext) -> str:
    """PARTSTAT (RFC 5545, 3.2.12): the reply to the session, else the reply to the workshop."""
    takes_part = dict(context.recipient.session_replies).get(entry.uid)
    if takes_part is not None:
        return "ACCEPTED" if takes_part else "DECLINED"
    participation = context.participation_in(entry.workshop.uid)
    if participation is None:
        return "NEEDS-ACTION"
    return _PARTSTAT.get(Participation.State(participation.state), "NEEDS-ACTION")


def _description(entry: CalendarEntry, context: MailContext, agenda: Agenda, address: str) -> str:
    """Times in each zone (the recipient's first), how to join, the session, and the address."""
    zone_key = context.recipient.zone_key
    own_zone = (city_zone(zone_key),) if zone_key else ()
    times = plain_text.zone_times(
        entry.starts_at, entry.ends_at, zones.unique((*own_zone, *display_zones(agenda)))
    )
    paragraphs = [times, *_join_lines(entry, context), *_session_lines(entry, context)]
    text = plain_text.clean("\n\n".join(filter(None, paragraphs)))
    if len(text) > LONGEST_DESCRIPTION:
        text = text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    return f"{text}\n\n{address}"


def _session_lines(entry: CalendarEntry, context: MailContext) -> Iterator[str]:
    if entry.session is None:
        yield str(entry.workshop.audience)
        return
    recipient = context.recipient
    country = speaking_country(entry.session, recipient.uid, recipient.country)
    yield str(entry.workshop.title)
    yield plain_text.short_description(entry.session, CalendarOwner(recipient.uid, country))


def _join_lines(entry: CalendarEntry, context: MailContext) -> Iterator[str]:
    """Join link and passcode, if the recipient was sent them or gets them in this e-mail."""
    for join_info in context.known_join_info:
        if join_info.workshop == entry.workshop.uid:
            code = _("Passcode: %(code)s") % {"code": join_info.code} if join_info.code else ""
            yield "\n".join(filter(None, (_("Join: %(link)s") % {"link": join_info.url}, code)))
