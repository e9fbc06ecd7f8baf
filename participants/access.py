"""A request becomes a Viewer: the one place that decides what a reader is let into."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest

from participants import groups
from participants.viewer import Level, Viewer
from workshop.models import Workshop


def viewer(request: HttpRequest, slug: str) -> Viewer:
    """What the sender of `request` may read of the event `slug`, as the rows say now.

    Staff who may read the desk read everything; everybody else the workshops whose readership
    is everyone. One query; for a signed-in reader also those that find the account, and for
    staff two that find their permissions.
    """
    user = request.user
    if user.is_active and user.is_staff and user.has_perm(groups.READ):
        return organiser(slug)
    return recipient(slug)


def organiser(slug: str) -> Viewer:
    """What those who organise the event read: all of it."""
    return Viewer(reads=_uids(Workshop.objects.filter(event__slug=slug)), level=Level.ORGANISER)


def recipient(slug: str, people: frozenset[UUID] = frozenset()) -> Viewer:
    """What these people may read, whoever asks for it: a paper made for them is cut for them."""
    open_to_all = Workshop.objects.filter(event__slug=slug, readership=Workshop.Readership.EVERYONE)
    return Viewer(reads=_uids(open_to_all), people=people)


def _uids(workshops: QuerySet[Workshop]) -> frozenset[UUID]:
    return frozenset(workshops.order_by().values_list("uid", flat=True))
