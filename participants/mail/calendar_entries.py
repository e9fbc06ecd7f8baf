"""What stands in somebody's calendar, in words: the entries of a mail as they are drawn."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from participants.mail.itip import Invite
from participants.mail.pending_news import Knowing
from participants.mail.personal_agenda import Entry, entries
from participants.mail.session_content import country_of
from participants.mail.time_text import clock_of
from participants.models import Participation
from participants.personal.calendar_state import entry_uid
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import shown
from sessions_app.renderers.ical import LONGEST_DESCRIPTION
from sessions_app.renderers.plain_text import Reader
from workshop import zones

_PARTSTAT = {
    Participation.State.ACCEPTED: "ACCEPTED",
    Participation.State.TENTATIVE: "TENTATIVE",
}
_LEADS = ("moderator", "facilitator")


def invites(known: Knowing, agenda: Agenda, base: str) -> Iterator[Invite]:
    """Every entry of theirs, cancelled ones too; `base` is the address of the agenda."""
    whole = {place.workshop: entry_uid(place.uid) for place in known.places}
    for entry in entries(known.now, whole):
        session, workshop = entry.session, entry.workshop
        path = f"sessions/{session.key}/" if session else ""
        title = labels.session_title(session) if session else str(workshop.title)
        yield Invite(
            entry=entry,
            summary=title or str(agenda.title),
            description=_description(entry, known, agenda, f"{base}{path}"),
            category=labels.kind(session) if session else "",
            url=f"{base}{path}",
            role=_role(entry, known),
            partstat=_partstat(entry, known),
        )


def _role(entry: Entry, known: Knowing) -> str:
    people = entry.session.everybody if entry.session else entry.workshop.people
    own = {who.role for who in people if who.person == known.to.uid}
    place = known.place_in(entry.workshop.uid)
    if own.intersection(_LEADS):
        return "CHAIR"
    if not own and place and place.role == Participation.Role.OBSERVER:
        return "OPT-PARTICIPANT"
    return "REQ-PARTICIPANT"


def _partstat(entry: Entry, known: Knowing) -> str:
    """What they answered: to the session, else to the workshop."""
    said = dict(known.to.replies).get(entry.uid)
    if said is not None:
        return "ACCEPTED" if said else "DECLINED"
    place = known.place_in(entry.workshop.uid)
    return (
        _PARTSTAT.get(Participation.State(place.state), "NEEDS-ACTION")
        if place
        else ("NEEDS-ACTION")
    )


def _description(entry: Entry, known: Knowing, agenda: Agenda, address: str) -> str:
    """Clocks, their own first; how to join; what it is of; where more stands."""
    own = (clock_of(known.to.clock),) if known.to.clock else ()
    clocks = plain_text.clocks(entry.starts_at, entry.ends_at, zones.unique((*own, *shown(agenda))))
    told = [clocks, *_joining(entry, known), *_told(entry, known)]
    text = plain_text.clean("\n\n".join(filter(None, told)))
    if len(text) > LONGEST_DESCRIPTION:
        text = text[: LONGEST_DESCRIPTION - 1].rstrip() + "…"
    return f"{text}\n\n{address}"


def _told(entry: Entry, known: Knowing) -> Iterator[str]:
    if entry.session is None:
        yield str(entry.workshop.audience)
        return
    to = known.to
    yield str(entry.workshop.title)
    yield plain_text.short(
        entry.session, Reader(to.uid, country_of(entry.session, to.uid, to.country))
    )


def _joining(entry: Entry, known: Knowing) -> Iterator[str]:
    """Only for people let into the workshop who were sent the link, or are with this mail."""
    for each in known.joined:
        if each.workshop == entry.workshop.uid:
            code = _("Passcode: %(code)s") % {"code": each.code} if each.code else ""
            yield "\n".join(filter(None, (_("Join: %(link)s") % {"link": each.url}, code)))
