"""Content of an e-mail as lines, from which both its plain text and its HTML are rendered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from participants.access.tokens import PLACEHOLDER
from participants.mail import itip
from participants.mail.changes import ChangedItem, changed_items
from participants.mail.itip import ItipMessage
from participants.mail.pending_news import Kind, MailContext
from participants.mail.session_content import SessionContent, session_content, speaking_country
from participants.mail.snapshot import JoinInfo
from participants.mail.time_text import city_zone, long_time_range
from participants.models import Participation
from sessions_app.agenda.text import Text
from sessions_app.agenda.timezones import zone_heading
from sessions_app.agenda.types import Agenda, Workshop
from sessions_app.renderers import labels
from workshop.zones import Zone


@dataclass(frozen=True, slots=True)
class WorkshopContent:
    """A workshop with its announced times (the recipient's zone first) and their sessions."""

    heading: Text | str
    state: str
    times: tuple[str, ...]
    place: Text
    audience: Text
    roles: tuple[str, ...]
    sessions: tuple[SessionContent, ...]


@dataclass(frozen=True, slots=True)
class JoinContent:
    """How to join a workshop; `replaces` is true if earlier join information was sent."""

    title: Text
    replaces: bool
    url: str
    code: str
    room: str


@dataclass(frozen=True, slots=True)
class MailContent:
    """The whole content of an e-mail.

    `link` is a placeholder for the address of the personal page, or empty. If the e-mail
    `asks_for_reply`, `link_intro` and the link come first.
    """

    subject: str
    title: Text
    greeting: str
    intro: tuple[str, ...]
    changes: tuple[ChangedItem, ...]
    removed_entries: tuple[str, ...]
    join_info: tuple[JoinContent, ...]
    workshops: tuple[WorkshopContent, ...]
    link_intro: str
    asks_for_reply: bool
    link: str
    link_text: str
    attachments: tuple[str, ...]
    zone_notes: tuple[str, ...]
    office: str
    office_address: str


def mail_content(
    kind: str,
    context: MailContext,
    agenda: Agenda,
    messages: Sequence[ItipMessage],
    *,
    with_briefing: bool,
) -> MailContent:
    """Content of an e-mail of this kind, in the active language."""
    zone = city_zone(context.recipient.zone_key or agenda.zone)
    office = labels.split_lines(agenda.office_name) or labels.split_lines(agenda.organisers)
    needs_reply = _needs_reply(kind, context)
    return MailContent(
        subject=_subject(kind, agenda),
        title=agenda.title,
        greeting=_("Dear %(name)s,") % {"name": context.recipient.name},
        intro=tuple(_intro(kind, context, agenda)),
        changes=changed_items(context.changes, context.personal_agenda, zone),
        removed_entries=tuple(_removed_entries(messages, zone)),
        join_info=tuple(_join_content(info, context) for info in context.new_join_info),
        workshops=tuple(
            _workshop_content(workshop, context, agenda, zone)
            for workshop in context.personal_agenda.workshops
        ),
        link_intro=_link_intro(kind, context),
        asks_for_reply=kind in (Kind.INVITATION, Kind.REMINDER),
        link=PLACEHOLDER if context.participations else "",
        link_text=_("Reply on your own page") if needs_reply else _("Open your own page"),
        attachments=tuple(_attachments(messages, with_briefing=with_briefing)),
        zone_notes=tuple(_zone_notes(context, zone)),
        office=office[0] if office else str(agenda.title),
        office_address=agenda.office_address,
    )


def _subject(kind: str, agenda: Agenda) -> str:
    text = {
        Kind.INVITATION: _("Invitation: %(title)s"),
        Kind.REMINDER: _("Please reply: %(title)s"),
        Kind.CHANGE: _("Changed: %(title)s"),
        Kind.CANCELLATION: _("Invitation withdrawn: %(title)s"),
        Kind.JOINING: _("How to join: %(title)s"),
    }[Kind(kind)]
    return text % {"title": agenda.title}


def _intro(kind: str, context: MailContext, agenda: Agenda) -> Iterator[str]:
    text = {
        Kind.INVITATION: _("You are invited to take part."),
        Kind.REMINDER: _("We have not received your final reply. Will you attend?"),
        Kind.CHANGE: _("Something that concerns you has changed."),
        Kind.CANCELLATION: "",
        Kind.JOINING: _("Here is how you join."),
    }[Kind(kind)]
    if text:
        yield text
    titles = labels.join_list(
        [_("“%(title)s”") % {"title": workshop.title} for workshop in context.left_workshops]
    )
    if titles:
        removed = _("You are no longer on the list of participants of %(workshops)s.")
        yield removed % {"workshops": titles}
        if agenda.office_address:
            mistake = _("If you think that this is a mistake, please write to %(address)s.")
            yield mistake % {"address": agenda.office_address}


def _needs_reply(kind: str, context: MailContext) -> bool:
    """True if the recipient has not replied yet, or this e-mail asks for a reply."""
    open_states = Participation.State.LISTED, Participation.State.INVITED
    return kind in (Kind.INVITATION, Kind.REMINDER) or any(
        row.state in open_states for row in context.participations
    )


def _link_intro(kind: str, context: MailContext) -> str:
    if not context.participations:
        return ""
    if _needs_reply(kind, context):
        return _(
            "Please tell us on your own page whether you will attend, and how. You do not need a "
            "password."
        )
    return _("Your own page always shows the newest programme. You can change your reply there.")


def _removed_entries(messages: Sequence[ItipMessage], zone: Zone) -> Iterator[str]:
    """The entries that this e-mail removes from the recipient's calendar."""
    entries = [
        itip.parse_entry(message.sent_entry) for message in messages if message.method == "CANCEL"
    ]
    for entry in sorted(entries, key=lambda entry: entry.starts_at):
        yield f"{entry.summary}: {long_time_range(entry.starts_at, entry.ends_at, zone)}"


def _join_content(join_info: JoinInfo, context: MailContext) -> JoinContent:
    participation = context.participation_in(join_info.workshop)
    in_room = participation is not None and participation.attends_by == Participation.AttendsBy.ROOM
    return JoinContent(
        title=join_info.title,
        replaces=participation is not None
        and 0 < participation.sent_join_version < join_info.version,
        url=join_info.url,
        code=join_info.code,
        room=join_info.room if in_room else "",
    )


def _workshop_content(
    workshop: Workshop, context: MailContext, agenda: Agenda, zone: Zone
) -> WorkshopContent:
    recipient, event_zone = context.recipient, city_zone(agenda.zone)
    zones = (zone,) if zone.key == event_zone.key else (zone, event_zone)
    return WorkshopContent(
        heading=_("When and where")
        if _is_titled_already(workshop, context, agenda)
        else workshop.title,
        state=_("Cancelled") if workshop.uid in context.personal_agenda.cancelled_workshops else "",
        times=tuple(
            long_time_range(workshop.starts_at, workshop.ends_at, zone, year=True) for zone in zones
        ),
        place=workshop.place,
        audience=workshop.audience,
        roles=tuple(
            labels.role(appearance.role, 1, overall=True) for appearance in workshop.people
        ),
        sessions=tuple(
            session_content(
                session,
                workshop,
                recipient.uid,
                speaking_country(session, recipient.uid, recipient.country),
                zone,
            )
            for session in workshop.sessions
        ),
    )


def _is_titled_already(workshop: Workshop, context: MailContext, agenda: Agenda) -> bool:
    """True if the title of the e-mail is already that of its only workshop."""
    return len(context.personal_agenda.workshops) == 1 and workshop.title == agenda.title


def _attachments(messages: Sequence[ItipMessage], *, with_briefing: bool) -> list[str]:
    count = sum(message.method == "REQUEST" for message in messages)
    lines = []
    if count:
        entries = ngettext(
            "A calendar entry is attached.", "%(count)s calendar entries are attached.", count
        )
        lines.append(entries % {"count": count})
    if with_briefing:
        lines.append(_("Your briefing is attached."))
    return lines


def _zone_notes(context: MailContext, zone: Zone) -> Iterator[str]:
    """The names of the zone of the times; nothing if the e-mail has no times."""
    moments = [
        moment
        for workshop in context.personal_agenda.workshops
        for moment in (workshop.starts_at, workshop.ends_at)
    ]
    if not moments:
        return
    names = zone_heading(zone, moments).names
    if names:
        text = _("Times in %(place)s are %(names)s.")
        yield text % {"place": zone.label, "names": " / ".join(names)}
    if not context.recipient.zone_key:
        yield _("We do not know your time zone; on your own page you can choose it.")
