"""Sign-in and sign-out of participants: a button exchanges a personal link for a web session."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from participants.access import guess_limits, personal_links
from participants.access.tokens import find_link
from participants.access.viewer import LINK_SESSION_KEY
from participants.me.personal_view import (
    extend_session,
    invalid_link_page,
    link_view,
    message_page,
    too_many_requests_page,
)
from participants.models import PersonalLink

PAGE = PersonalLink.Purpose.PAGE


@link_view
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, token: str) -> HttpResponse:
    """`/me/<token>/`: the same page for every token; its button signs in with the link."""
    if request.method != "POST":
        return render(request, "me/sign_in.html", {"language": "en"})
    now = timezone.now()
    if seconds := guess_limits.seconds_to_wait(request, PAGE, now):
        return too_many_requests_page(request, seconds)
    link = find_link(token, PAGE, now)
    if link is None:
        seconds = guess_limits.count_failure(request, PAGE, now)
        return too_many_requests_page(request, seconds) if seconds else invalid_link_page(request)
    personal_links.open_link(link=link, now=now)
    request.session.cycle_key()
    request.session[LINK_SESSION_KEY] = str(link.pk)
    extend_session(request)
    return redirect("me")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """`/me/leave/`: sign out from the personal page; an organiser's account stays signed in."""
    if request.user.is_authenticated:
        request.session.pop(LINK_SESSION_KEY, None)
    else:
        request.session.flush()
    response = message_page(
        request,
        200,
        _("You are signed out"),
        _("To open your page again, use the link in your e-mail."),
    )
    response["Cache-Control"] = "private, no-store"
    return response
