"""Page of the replies: counts, declined invitations and substitutes, and all people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participants.desk.queries import EventPerson, ListedParticipant, list_participants, list_people
from participants.desk.reply_counts import STATES, count_replies
from participants.models import Participation
from participants.personal.reply import ANSWERED_STATES, State, attendance_text
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from sessions_app.renderers import labels
from workshop.models import Event
from workshop.zones import Zone

_STATE_WORDS = {state.value: word for state, word in STATES}


@dataclass(frozen=True, slots=True)
class ReplyCell:
    """Role and reply of a person in one workshop, as text."""

    role: str
    state: str
    place: str
    language: str
    note: str
    replied: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person of the event; `link` is the state of their personal link.

    `replies` are in the order of the workshops, None where the person is not on the list.
    """

    key: str
    name: str
    country: str
    edit_url: str
    replies: tuple[ReplyCell | None, ...]
    link: str
    has_link: bool
    has_email: bool


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A reply to act on: a declined invitation or session, with details."""

    name: str
    edit_url: str
    workshop: str
    details: tuple[str, ...]


@require_safe
@desk_view
def reply_overview(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/replies/`: counts and replies of all people."""
    zone = event_zone(event)
    participants = list_participants(event)
    people = list_people(event, timezone.now())
    replies = {(row.person, row.workshop): row for row in participants}
    workshops = count_replies(participants)
    replied = sum(row.reply.state in ANSWERED_STATES for row in participants)
    invited = replied + sum(row.reply.state == State.INVITED for row in participants)
    return render_desk_page(
        request,
        "replies.html",
        event,
        section="replies",
        heading=_("Replies"),
        zone=zone,
        replied=replied,
        invited=invited,
        states=[word for _state, word in STATES],
        workshops=workshops,
        declined=[_declined(row) for row in participants if row.reply.state == State.DECLINED],
        declined_sessions=[
            FollowUp(row.name, _edit_url(row.person), row.workshop_title, row.declined_sessions)
            for row in participants
            if row.declined_sessions
        ],
        people=[
            _person(
                person, [replies.get((person.uid, counts.workshop)) for counts in workshops], zone
            )
            for person in people
        ],
    )


def _declined(row: ListedParticipant) -> FollowUp:
    details = []
    if row.reply.substitute_name:
        substitute = _("Substitute: %(name)s, %(email)s")
        name, email = row.reply.substitute_name, row.reply.substitute_email
        details.append(substitute % {"name": name, "email": email})
    return FollowUp(row.name, _edit_url(row.person), row.workshop_title, (*details, row.reply.note))


def _edit_url(person: UUID) -> str:
    return reverse("admin:participants_person_change", args=[person])


def _person(
    person: EventPerson, participations: list[ListedParticipant | None], zone: Zone
) -> PersonRow:
    return PersonRow(
        key=person.key,
        name=person.name,
        country=labels.country(person.country) if person.country else "",
        edit_url=_edit_url(person.uid),
        replies=tuple(None if row is None else _reply(row, zone) for row in participations),
        link=_link_state(person, zone),
        has_link=person.link_made_at is not None,
        has_email=person.has_email,
    )


def _reply(row: ListedParticipant, zone: Zone) -> ReplyCell:
    reply = row.reply
    language = Participation.Language(reply.language).label if reply.language else ""
    return ReplyCell(
        role=str(Participation.Role(row.role).label),
        state=str(_STATE_WORDS[reply.state]),
        place=attendance_text(reply, row.room),
        language=str(language),
        note=reply.note,
        replied=_day(row.replied_at, zone) if row.replied_at else "",
    )


def _link_state(person: EventPerson, zone: Zone) -> str:
    if person.link_opened_at:
        return _("opened %(day)s") % {"day": _day(person.link_opened_at, zone)}
    if person.link_made_at:
        return _("made %(day)s, not opened") % {"day": _day(person.link_made_at, zone)}
    return _("none")


def _day(at: datetime, zone: Zone) -> str:
    return labels.short_date(zone.local(at))
