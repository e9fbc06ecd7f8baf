"""A request becomes a Viewer: the one place that decides what a reader is let into."""

from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from participants import groups
from participants.models import Participation, PersonalLink
from participants.viewer import Level, Viewer
from workshop.models import Workshop

LINK = "personal_link"  # where a web session keeps the UID of the link that opened it


def viewer(request: HttpRequest, slug: str) -> Viewer:
    """What the sender of `request` may read of the event `slug`, as the rows say now.

    Staff who may read the desk read everything; whoever came in by a personal link what they
    are let into; everybody else the workshops whose readership is everyone. One query for a
    stranger; those that find the account and its permissions, or the person, come on top.
    """
    user = request.user
    if user.is_active and user.is_staff and user.has_perm(groups.READ):
        return organiser(slug)
    person = reader(request)
    return recipient(slug, frozenset() if person is None else frozenset({person}))


def reader(request: HttpRequest) -> UUID | None:
    """The person who came in by a personal link that is still open."""
    link = request.session.get(LINK)
    if link is None:
        return None
    links = PersonalLink.objects.open_at(timezone.now())
    found: UUID | None = (
        links.filter(pk=link, purpose=PersonalLink.Purpose.PAGE)
        .values_list("person_id", flat=True)
        .first()
    )
    return found


def organiser(slug: str) -> Viewer:
    """What those who organise the event read: all of it."""
    return Viewer(reads=_uids(Workshop.objects.filter(event__slug=slug)), level=Level.ORGANISER)


def recipient(slug: str, people: frozenset[UUID] = frozenset()) -> Viewer:
    """What these people may read, whoever asks for it: a paper made for them is cut for them.

    Of several people, a delegation, only what every one of them is let into.
    """
    workshops = Workshop.objects.filter(event__slug=slug)
    readable = Q(readership=Workshop.Readership.EVERYONE)
    if not people:
        return Viewer(reads=_uids(workshops.filter(readable)))
    listed = Participation.objects.filter(person__in=people, workshop__event__slug=slug)
    let_in = listed.let_in().order_by().values("workshop").annotate(count=Count("person"))
    everybody = let_in.filter(count=len(people)).values("workshop")
    taken_off = listed.filter(state=Participation.State.WITHDRAWN)
    return Viewer(
        reads=_uids(workshops.filter(readable | Q(uid__in=everybody))),
        people=people,
        barred=frozenset(taken_off.order_by().values_list("workshop_id", flat=True)),
    )


def _uids(workshops: QuerySet[Workshop]) -> frozenset[UUID]:
    return frozenset(workshops.order_by().values_list("uid", flat=True))
