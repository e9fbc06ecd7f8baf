"""Login throttling: callbacks for django-axes, and the page of a locked account.

Five wrong passwords for one name from one address lock that name for that address for 15 minutes.
A sign-in link still works then, and removes the lock.
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

from workshop.ops.client_network import client_network


def is_sign_in_link(_request: HttpRequest, credentials: dict[str, Any] | None) -> bool:
    """Whether this is a sign-in link, which django-axes must neither count nor block."""
    return "sesame" in (credentials or {})


def locked_out_response(
    request: HttpRequest, _response: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """429 page with the time to wait; the same whether or not the account exists."""
    seconds = _seconds_left(client_network(request), (credentials or {}).get("username"))
    minutes = max(1, ceil(seconds / 60))
    message = ngettext(
        "Too many wrong passwords for this name. Try again in %(count)s minute, or ask your "
        "administrator for a sign-in link.",
        "Too many wrong passwords for this name. Try again in %(count)s minutes, or ask your "
        "administrator for a sign-in link.",
        minutes,
    )
    context = {
        "title": _("Please wait a little"),
        "message": message % {"count": minutes},
        "back": request.get_full_path(),
        "back_text": _("To the sign-in page"),
        "language": "en",
    }
    response = render(request, "refused.html", context, status=429)
    response["Retry-After"] = str(ceil(max(1, seconds)))
    response["Cache-Control"] = "private, no-store"
    return response


def _seconds_left(address: str | None, name: str | None) -> float:
    """Seconds until the lock ends; further attempts do not extend it."""
    attempts = AccessAttempt.objects.filter(ip_address=address, username=name)
    last = attempts.aggregate(at=Max("attempt_time"))["at"] or timezone.now()
    seconds: float = (last + settings.AXES_COOLOFF_TIME - timezone.now()).total_seconds()
    return seconds
