"""A request becomes a Viewer: the one place that decides what a reader is let into."""

from django.http import HttpRequest

from participants.viewer import Level, Viewer
from workshop.models import Workshop


def viewer(request: HttpRequest, slug: str) -> Viewer:
    """What the sender of `request` may read of the event `slug`, as the rows say now.

    Staff read everything; everybody else the workshops whose readership is everyone.
    One query, and for a signed-in reader those that find the account.
    """
    staff = request.user.is_authenticated and request.user.is_active and request.user.is_staff
    workshops = Workshop.objects.filter(event__slug=slug)
    if not staff:
        workshops = workshops.filter(readership=Workshop.Readership.EVERYONE)
    return Viewer(
        reads=frozenset(workshops.order_by().values_list("uid", flat=True)),
        level=Level.ORGANISER if staff else Level.PUBLIC,
    )
