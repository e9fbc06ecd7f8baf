"""Page to make, renew or revoke a personal link; its address is shown once."""

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
from participants.desk.queries import event_people
from participants.models import Person, PersonalLink
from sessions_app.desk.desk_view import desk_view, render_desk_page
from sessions_app.public.requests import site_address
from workshop.models import Event


@require_POST
@desk_view(permission=INVITE)
def personal_link(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/participants/<key>/link/`: `do` is `make`, `renew` or `revoke`."""
    person = get_object_or_404(event_people(event), key=key)
    link, is_older_closed = _apply(request.POST.get("do", ""), person, cast(User, request.user))
    token = tokens.token_of(link) if link else None
    return render_desk_page(
        request,
        "personal_link.html",
        event,
        section="replies",
        heading=_("Personal link of %(name)s") % {"name": person},
        person=person,
        address=f"{site_address(request)}{reverse('me-open', args=[token])}" if token else "",
        is_older_closed=is_older_closed,
    )


def _apply(action: str, person: Person, by: User) -> tuple[PersonalLink | None, bool]:
    """Return the new link, if any, and True where older links were closed."""
    now = timezone.now()
    if action == "make":
        purpose = PersonalLink.Purpose.PAGE
        return tokens.make_link(person=person, purpose=purpose, now=now, by=by), False
    if action == "renew":
        return personal_links.renew_page(person=person, now=now, by=by), True
    if action == "revoke":
        return None, bool(personal_links.revoke(person=person, now=now))
    raise Http404
