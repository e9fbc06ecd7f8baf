"""A mail as lines: all that its text and its HTML say, once, so that both say the same."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.access.tokens import PLACEHOLDER
from participants.mail import itip
from participants.mail.changes import ChangedLines, changed
from participants.mail.itip import Message
from participants.mail.pending_news import Kind, Knowing
from participants.mail.session_content import PartLines, country_of, part
from participants.mail.snapshot import Joining
from participants.mail.time_text import clock_of, when
from participants.models import Participation
from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import clock
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class WorkshopLines:
    """A workshop with its announced times, their own clock first, and their parts in it."""

    heading: Text | str
    state: str
    whens: tuple[str, ...]
    place: Text
    audience: Text
    roles: tuple[str, ...]
    parts: tuple[PartLines, ...]


@dataclass(frozen=True, slots=True)
class JoinLines:
    """How to join a workshop; `replaces` what they were told before."""

    title: Text
    replaces: bool
    url: str
    code: str
    room: str


@dataclass(frozen=True, slots=True)
class LetterLines:
    """A whole mail; `link` stands for the address of their own page, empty where they need none.

    Where it `asks` for a reply, that stands at its head.
    """

    subject: str
    title: Text
    greeting: str
    intro: tuple[str, ...]
    changes: tuple[ChangedLines, ...]
    gone: tuple[str, ...]
    joining: tuple[JoinLines, ...]
    workshops: tuple[WorkshopLines, ...]
    ask: str
    asks: bool
    link: str
    link_text: str
    attached: tuple[str, ...]
    clocks: tuple[str, ...]
    office: str
    office_address: str


def lines(
    kind: str,
    known: Knowing,
    agenda: Agenda,
    messages: Sequence[Message],
    *,
    with_briefing: bool,
) -> LetterLines:
    """What a mail of this kind says, in the language that is active."""
    zone = clock_of(known.to.clock or agenda.zone)
    office = labels.lines(agenda.office_name) or labels.lines(agenda.organisers)
    return LetterLines(
        subject=_subject(kind, agenda),
        title=agenda.title,
        greeting=_("Dear %(name)s,") % {"name": known.to.name},
        intro=tuple(_intro(kind, known, agenda)),
        changes=changed(known.changes, known.now, zone),
        gone=tuple(_gone(messages, zone)),
        joining=tuple(_join(each, known) for each in known.joining),
        workshops=tuple(_workshop(each, known, agenda, zone) for each in known.now.workshops),
        ask=_ask(kind, known),
        asks=kind in (Kind.INVITATION, Kind.REMINDER),
        link=PLACEHOLDER if known.places else "",
        link_text=_("Reply on your own page") if _asks(kind, known) else _("Open your own page"),
        attached=tuple(_attached(messages, with_briefing=with_briefing)),
        clocks=tuple(_clocks(known, zone)),
        office=office[0] if office else str(agenda.title),
        office_address=agenda.office_address,
    )


def _subject(kind: str, agenda: Agenda) -> str:
    said = {
        Kind.INVITATION: _("Invitation: %(title)s"),
        Kind.REMINDER: _("Please reply: %(title)s"),
        Kind.CHANGE: _("Changed: %(title)s"),
        Kind.CANCELLATION: _("Invitation withdrawn: %(title)s"),
        Kind.JOINING: _("How to join: %(title)s"),
    }[Kind(kind)]
    return said % {"title": agenda.title}


def _intro(kind: str, known: Knowing, agenda: Agenda) -> Iterator[str]:
    said = {
        Kind.INVITATION: _("You are invited to take part."),
        Kind.REMINDER: _("We have no reply from you yet, or not a final one: do you take part?"),
        Kind.CHANGE: _("Something that concerns you has changed."),
        Kind.CANCELLATION: "",
        Kind.JOINING: _("Here is how you join."),
    }[Kind(kind)]
    if said:
        yield said
    titles = labels.listed([_("“%(title)s”") % {"title": each.title} for each in known.left])
    if titles:
        left = _("You are no longer on the list of participants of %(workshops)s.")
        yield left % {"workshops": titles}
        if agenda.office_address:
            mistake = _("If you think that this is a mistake, please write to %(address)s.")
            yield mistake % {"address": agenda.office_address}


def _asks(kind: str, known: Knowing) -> bool:
    """Whether an answer is awaited."""
    open_ones = Participation.State.LISTED, Participation.State.INVITED
    return kind in (Kind.INVITATION, Kind.REMINDER) or any(
        place.state in open_ones for place in known.places
    )


def _ask(kind: str, known: Knowing) -> str:
    if not known.places:
        return ""
    if _asks(kind, known):
        return _(
            "Please say on your own page whether you come and how you attend. It needs no "
            "password and takes a moment."
        )
    return _("Your own page shows all of this as it stands, and there you can change your reply.")


def _gone(messages: Sequence[Message], zone: Zone) -> Iterator[str]:
    """The entries that this mail takes out of their calendar."""
    told = [itip.told(each.held) for each in messages if each.method == "CANCEL"]
    for each in sorted(told, key=lambda entry: entry.starts_at):
        yield f"{each.summary}: {when(each.starts_at, each.ends_at, zone)}"


def _join(joining: Joining, known: Knowing) -> JoinLines:
    place = known.place_in(joining.workshop)
    in_room = place is not None and place.attends_by == Participation.AttendsBy.ROOM
    return JoinLines(
        title=joining.title,
        replaces=place is not None and 0 < place.told_join < joining.version,
        url=joining.url,
        code=joining.code,
        room=joining.room if in_room else "",
    )


def _workshop(workshop: Workshop, known: Knowing, agenda: Agenda, zone: Zone) -> WorkshopLines:
    to, own = known.to, clock_of(agenda.zone)
    clocks = (zone,) if zone.key == own.key else (zone, own)
    return WorkshopLines(
        heading=_("When and where") if _is_whole(workshop, known, agenda) else workshop.title,
        state=_("Called off") if workshop.uid in known.now.called_off else "",
        whens=tuple(when(workshop.starts_at, workshop.ends_at, each, year=True) for each in clocks),
        place=workshop.place,
        audience=workshop.audience,
        roles=tuple(labels.role(who.role, 1, overall=True) for who in workshop.people),
        parts=tuple(
            part(session, workshop, to.uid, country_of(session, to.uid, to.country), zone)
            for session in workshop.sessions
        ),
    )


def _is_whole(workshop: Workshop, known: Knowing, agenda: Agenda) -> bool:
    """Whether the mail's own title has named it already."""
    return len(known.now.workshops) == 1 and workshop.title == agenda.title


def _attached(messages: Sequence[Message], *, with_briefing: bool) -> list[str]:
    count = sum(message.method == "REQUEST" for message in messages)
    said = []
    if count:
        entries = ngettext(
            "A calendar entry is attached.", "%(count)s calendar entries are attached.", count
        )
        said.append(entries % {"count": count})
    if with_briefing:
        said.append(_("Your briefing is attached."))
    return said


def _clocks(known: Knowing, zone: Zone) -> Iterator[str]:
    """What the clock of their times is called; nothing where the mail tells of no times."""
    windows = [at for each in known.now.workshops for at in (each.starts_at, each.ends_at)]
    if not windows:
        return
    names = clock(zone, windows).names
    if names:
        said = _("Times in %(place)s are %(names)s.")
        yield said % {"place": zone.label, "names": " / ".join(names)}
    if not known.to.clock:
        yield _("We do not know your time zone; on your own page you can choose it.")
