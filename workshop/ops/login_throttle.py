"""Passwords cannot be guessed: what django-axes is told of a sign-in, and what the locked out read.

Five wrong passwords for one name from one address close that name to that address for a
quarter of an hour. A sign-in link is no password: it works all the while, and opens the name again.
"""

from math import ceil
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from workshop.ops.client_network import network_of


def is_link(_request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Whether somebody signs in with a link; such are neither counted nor stopped."""
    return "sesame" in (credentials or {})


def locked_out(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429, with the time to wait; the same whether there is such an account or not."""
    seconds = _seconds_left(network_of(request), (credentials or {}).get("username"))
    minutes = max(1, ceil(seconds / 60))
    said = ngettext(
        "Too many wrong passwords for this name. Try again in %(count)s minute, or ask whoever "
        "looks after the accounts for a sign-in link.",
        "Too many wrong passwords for this name. Try again in %(count)s minutes, or ask whoever "
        "looks after the accounts for a sign-in link.",
        minutes,
    )
    context = {
        "title": _("Please wait a little"),
        "message": said % {"count": minutes},
        "back": request.get_full_path(),
        "back_text": _("To the sign-in page"),
        "language": "en",
    }
    answer = render(request, "refused.html", context, status=429)
    answer["Retry-After"] = str(ceil(max(1, seconds)))
    answer["Cache-Control"] = "private, no-store"
    return answer


def _seconds_left(address: str | None, name: str | None) -> float:
    """Until the last wrong password is forgotten; a new one while locked out does not count."""
    attempts = AccessAttempt.objects.filter(ip_address=address, username=name)
    last = attempts.aggregate(at=Max("attempt_time"))["at"] or timezone.now()
    left: float = (last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()
    return left
