"""A request becomes a Viewer: the one place that decides what a reader is let into."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from participants.access import groups
from participants.access.viewer import Level, Viewer
from participants.models import Participation, PersonalLink
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
    return PersonalLink.objects.person_behind(UUID(link), timezone.now())


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


def each_recipient(
    slug: str, people: Collection[UUID], *, once_invited: bool = False
) -> Mapping[UUID, Viewer]:
    """What each of these people may read, as `recipient` says of one. Two queries.

    `once_invited` asks what they may read when those on the list are invited: for the mail that
    does it.
    """
    workshops = Workshop.objects.filter(event__slug=slug)
    readable = _uids(workshops.filter(readership=Workshop.Readership.EVERYONE))
    inviting = (Participation.State.LISTED,) if once_invited else ()
    let_in, taken_off = defaultdict(set), defaultdict(set)
    listed = Participation.objects.filter(workshop__event__slug=slug).order_by()
    for person, workshop, state in listed.values_list("person_id", "workshop_id", "state"):
        if state in (*Participation.LET_IN, *inviting):
            let_in[person].add(workshop)
        elif state == Participation.State.WITHDRAWN:
            taken_off[person].add(workshop)
    return {
        person: Viewer(
            reads=readable | let_in[person],
            people=frozenset({person}),
            barred=frozenset(taken_off[person]),
        )
        for person in people
    }


def _uids(workshops: QuerySet[Workshop]) -> frozenset[UUID]:
    return frozenset(workshops.order_by().values_list("uid", flat=True))
