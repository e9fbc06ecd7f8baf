"""An organiser makes, renews or revokes somebody's personal link; its address is shown once."""

from typing import cast

from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.access import personal_links, tokens
from participants.access.groups import INVITE
from participants.desk.queries import of_event
from participants.models import Person, PersonalLink
from sessions_app.desk.desk_view import at_desk, page
from sessions_app.public.requests import site
from workshop.models import Event


@require_POST
@at_desk(needs=INVITE)
def link(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/participants/<key>/link/`: `do` is `make`, `renew` or `revoke`."""
    person = get_object_or_404(of_event(event), key=key)
    made, closed = _done(request.POST.get("do", ""), person, cast(User, request.user))
    token = tokens.token_of(made) if made else None
    return page(
        request,
        "link.html",
        event,
        section="replies",
        heading=_("Personal link of %(name)s") % {"name": person},
        person=person,
        address=f"{site(request)}{reverse('me-open', args=[token])}" if token else "",
        closed=closed,
    )


def _done(wanted: str, person: Person, by: User) -> tuple[PersonalLink | None, bool]:
    """The link that was made, if any, and whether older ones were closed."""
    now = timezone.now()
    if wanted == "make":
        purpose = PersonalLink.Purpose.PAGE
        return tokens.make_link(person=person, purpose=purpose, now=now, by=by), False
    if wanted == "renew":
        return personal_links.renew_page(person=person, now=now, by=by), True
    if wanted == "revoke":
        return None, bool(personal_links.revoke(person=person, now=now))
    raise Http404
