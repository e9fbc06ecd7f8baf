"""Access rules: the Viewer of a request or a recipient. No other module decides about access."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from participants.access import groups
from participants.access.levels import Level, Viewer
from participants.models import Participation, PersonalLink
from workshop.models import Workshop

LINK_SESSION_KEY = "personal_link"  # the web session stores the UID of its personal link


def get_viewer(request: HttpRequest, slug: str) -> Viewer:
    """Return the Viewer of `request` for the event `slug`, by the rows at this moment.

    Staff with permission to read the desk see everything. A person with a personal link sees the
    workshops in which they are registered. All others see the workshops that are open to
    everyone. One query for an anonymous request, plus those that load the account or person.
    """
    user = request.user
    if user.is_active and user.is_staff and user.has_perm(groups.READ):
        return organiser_viewer(slug)
    person = get_linked_person(request)
    return recipient_viewer(slug, frozenset() if person is None else frozenset({person}))


def get_linked_person(request: HttpRequest) -> UUID | None:
    """UID of the person whose personal link opened this web session, if the link is active."""
    link = request.session.get(LINK_SESSION_KEY)
    if link is None:
        return None
    return PersonalLink.objects.get_person_uid(UUID(link), timezone.now())


def organiser_viewer(slug: str) -> Viewer:
    """Viewer of an organiser, who sees the whole event."""
    return Viewer(
        readable_workshops=_uids(Workshop.objects.filter(event__slug=slug)), level=Level.ORGANISER
    )


def recipient_viewer(slug: str, people: frozenset[UUID] = frozenset()) -> Viewer:
    """Viewer for a document or e-mail addressed to these people, whoever requests it.

    For several people, such as a delegation: the workshops in which all of them are registered.
    """
    workshops = Workshop.objects.filter(event__slug=slug)
    readable = Q(readership=Workshop.Readership.EVERYONE)
    if not people:
        return Viewer(readable_workshops=_uids(workshops.filter(readable)))
    listed = Participation.objects.filter(person__in=people, workshop__event__slug=slug)
    registered = listed.registered().order_by().values("workshop").annotate(count=Count("person"))
    shared = registered.filter(count=len(people)).values("workshop")
    withdrawn = listed.filter(state=Participation.State.WITHDRAWN)
    return Viewer(
        readable_workshops=_uids(workshops.filter(readable | Q(uid__in=shared))),
        people=people,
        withdrawn_workshops=frozenset(withdrawn.order_by().values_list("workshop_id", flat=True)),
    )


def recipient_viewers(
    slug: str, people: Collection[UUID], *, once_invited: bool = False
) -> Mapping[UUID, Viewer]:
    """Viewers as `recipient_viewer` returns them, by person, in two queries.

    With `once_invited`, listed people count as invited: used for the invitation itself.
    """
    workshops = Workshop.objects.filter(event__slug=slug)
    readable = _uids(workshops.filter(readership=Workshop.Readership.EVERYONE))
    invited_now = (Participation.State.LISTED,) if once_invited else ()
    registered, withdrawn = defaultdict(set), defaultdict(set)
    listed = Participation.objects.filter(workshop__event__slug=slug).order_by()
    for person, workshop, state in listed.values_list("person_id", "workshop_id", "state"):
        if state in (*Participation.REGISTERED_STATES, *invited_now):
            registered[person].add(workshop)
        elif state == Participation.State.WITHDRAWN:
            withdrawn[person].add(workshop)
    return {
        person: Viewer(
            readable_workshops=readable | registered[person],
            people=frozenset({person}),
            withdrawn_workshops=frozenset(withdrawn[person]),
        )
        for person in people
    }


def _uids(workshops: QuerySet[Workshop]) -> frozenset[UUID]:
    return frozenset(workshops.order_by().values_list("uid", flat=True))
