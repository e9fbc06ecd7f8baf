"""The way in and out: a personal link is exchanged for a web session by a button."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from participants.access import permissions, personal_links, rate_limit
from participants.access.tokens import find_link
from participants.me.personal_view import behind_a_link, not_let_in, plain_page, stay, too_many
from participants.models import PersonalLink

PAGE = PersonalLink.Purpose.PAGE


@behind_a_link
@require_http_methods(["GET", "HEAD", "POST"])
def open_page(request: HttpRequest, token: str) -> HttpResponse:
    """`/me/<token>/`: one page whatever the token; its button opens the person's own."""
    if request.method != "POST":
        return render(request, "me/open.html", {"language": "en"})
    now = timezone.now()
    if seconds := rate_limit.seconds_to_wait(request, PAGE, now):
        return too_many(request, seconds)
    link = find_link(token, PAGE, now)
    if link is None:
        rate_limit.count_wrong(request, PAGE, now)
        return not_let_in(request)
    personal_links.enter(link=link, now=now)
    request.session.cycle_key()
    request.session[permissions.LINK] = str(link.pk)
    stay(request)
    return redirect("me")


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """`/me/leave/`: this device forgets whose page it opened; an organiser stays signed in."""
    if request.user.is_authenticated:
        request.session.pop(permissions.LINK, None)
    else:
        request.session.flush()
    answer = plain_page(
        request,
        200,
        _("This device has left your page"),
        _("To come back, open the link in your mail once more."),
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
