"""The organiser's view of replies: counts, who cannot come and who could instead, everybody."""

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from participants.desk.queries import Listed, Somebody, list_listed, list_people
from participants.desk.reply_counts import STATES, count
from participants.models import Participation
from participants.personal.reply import ANSWERS, State, place_of
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.renderers import labels
from workshop.models import Event
from workshop.zones import Zone

_SHORT = {state.value: word for state, word in STATES}


@dataclass(frozen=True, slots=True)
class ReplyLine:
    """What somebody is in one workshop, and what they said of it."""

    role: str
    state: str
    place: str
    language: str
    note: str
    replied: str


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody of the event; `link` says how they may come in.

    `replies` stand in the order of the workshops, None where they are in no list.
    """

    key: str
    name: str
    country: str
    edit: str
    replies: tuple[ReplyLine | None, ...]
    link: str
    has_link: bool
    has_address: bool


@dataclass(frozen=True, slots=True)
class Matter:
    """Something for the organiser to see to: who cannot come, and what they said of it."""

    name: str
    edit: str
    workshop: str
    said: tuple[str, ...]


@require_safe
@at_desk
def board(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/replies/`."""
    zone = own_zone(event)
    listed = list_listed(event)
    people = list_people(event, timezone.now())
    replies = {(each.person, each.workshop): each for each in listed}
    workshops = count(listed)
    replied = sum(each.reply.state in ANSWERS for each in listed)
    asked = replied + sum(each.reply.state == State.INVITED for each in listed)
    return page(
        request,
        "replies.html",
        event,
        section="replies",
        heading=_("Replies"),
        zone=zone,
        replied=replied,
        asked=asked,
        states=[word for _state, word in STATES],
        workshops=workshops,
        declined=[_declined(each) for each in listed if each.reply.state == State.DECLINED],
        no_to=[
            Matter(each.name, _edit(each), each.workshop_title, each.no_to)
            for each in listed
            if each.no_to
        ],
        people=[
            _person(each, [replies.get((each.uid, one.workshop)) for one in workshops], zone)
            for each in people
        ],
    )


def _declined(each: Listed) -> Matter:
    said = []
    if each.reply.substitute_name:
        instead = _("Could come instead: %(name)s, %(email)s")
        name, email = each.reply.substitute_name, each.reply.substitute_email
        said.append(instead % {"name": name, "email": email})
    return Matter(each.name, _edit(each), each.workshop_title, (*said, each.reply.note))


def _edit(each: Listed) -> str:
    return reverse("admin:participants_person_change", args=[each.person])


def _person(somebody: Somebody, listed: list[Listed | None], zone: Zone) -> PersonLine:
    return PersonLine(
        key=somebody.key,
        name=somebody.name,
        country=labels.country(somebody.country) if somebody.country else "",
        edit=reverse("admin:participants_person_change", args=[somebody.uid]),
        replies=tuple(None if each is None else _reply(each, zone) for each in listed),
        link=_link(somebody, zone),
        has_link=somebody.link_made_at is not None,
        has_address=somebody.has_address,
    )


def _reply(each: Listed, zone: Zone) -> ReplyLine:
    said = each.reply
    language = Participation.Language(said.language).label if said.language else ""
    return ReplyLine(
        role=str(Participation.Role(each.role).label),
        state=str(_SHORT[said.state]),
        place=place_of(said, each.room),
        language=str(language),
        note=said.note,
        replied=_day(each.replied_at, zone) if each.replied_at else "",
    )


def _link(somebody: Somebody, zone: Zone) -> str:
    if somebody.link_opened_at:
        return _("opened %(day)s") % {"day": _day(somebody.link_opened_at, zone)}
    if somebody.link_made_at:
        return _("made %(day)s, not opened") % {"day": _day(somebody.link_made_at, zone)}
    return _("none")


def _day(at: datetime, zone: Zone) -> str:
    return labels.short_date(zone.local(at))
