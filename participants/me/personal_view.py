"""Access decorators for views below /me/, and the pages shown when access is refused.

A refusal does not tell its reason.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils import timezone
from django.utils.decorators import decorator_from_middleware
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt

from participants.access.viewer import get_linked_person
from participants.models import Person
from sessions_app.public.requests import set_no_store
from sessions_app.response_cache import personal, versions

P = ParamSpec("P")
View = Callable[..., HttpResponse]

# Session key: the day on which the web session was last extended.
EXTENDED_ON = "personal_page_seen"


def personal_view(view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse]) -> View:
    """View for the person of an active personal link; never cached."""

    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        uid = get_linked_person(request)
        person = None if uid is None else Person.objects.filter(pk=uid).first()
        if person is None:
            return _with_headers(invalid_link_page(request))
        extend_session(request)
        return _with_headers(view(request, person, *args, **kwargs))

    return wrapped


def cached_personal_view(view: Callable[[HttpRequest, Person], HttpResponse]) -> View:
    """Like personal_view, with a cached response until the data or the minute changes."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        uid = get_linked_person(request)
        if uid is None:
            return _with_headers(invalid_link_page(request))
        extend_session(request)
        version = ("own page", versions.personal_version(uid), f"{timezone.now():%Y-%m-%d %H:%M}")
        return personal.cached_response(request, version, lambda: _with_headers(draw(request, uid)))

    def draw(request: HttpRequest, uid: UUID) -> HttpResponse:
        person = Person.objects.filter(pk=uid).first()
        return invalid_link_page(request) if person is None else view(request, person)

    return wrapped


def link_view(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> View:
    """View whose URL contains a token: no Referer, no cache, no search engine.

    With `Referrer-Policy: no-referrer` a browser posts `Origin: null`, so that CSRF protection
    relies on the form's token alone.
    """
    checked: Any = _csrf_by_form_token(view)

    @csrf_exempt
    @wraps(view)
    def wrapped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = _with_headers(checked(request, *args, **kwargs))
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped


class _CsrfByFormToken(CsrfViewMiddleware):
    """CSRF check that accepts `Origin: null` and a missing Referer."""

    def _origin_verified(self, request: HttpRequest) -> bool:
        parent: Any = super()
        return request.META["HTTP_ORIGIN"] == "null" or bool(parent._origin_verified(request))

    def _check_referer(self, request: HttpRequest) -> None:
        """Skip the check: browsers send no Referer here."""


_csrf_by_form_token = decorator_from_middleware(_CsrfByFormToken)


def extend_session(request: HttpRequest) -> None:
    """Extend the web session, once a day; that of a signed-in account keeps its own age."""
    today = timezone.now().date().isoformat()
    if not request.user.is_authenticated and request.session.get(EXTENDED_ON) != today:
        request.session[EXTENDED_ON] = today
        request.session.set_expiry(settings.PERSONAL_SESSION_AGE)


def invalid_link_page(request: HttpRequest) -> HttpResponse:
    """404 for unknown, expired and revoked links alike."""
    return message_page(
        request,
        404,
        _("This link is not valid"),
        _(
            "It may have been replaced, or it may be incomplete. Open the link in the newest "
            "e-mail from the organisers, or ask them for a new one."
        ),
    )


def too_many_requests_page(request: HttpRequest, seconds: int) -> HttpResponse:
    """429 for a network that tried too many invalid links, whatever the link."""
    minutes = max(1, -(-seconds // 60))
    message = ngettext(
        "Too many invalid links were tried from your network. Try again in %(count)s minute.",
        "Too many invalid links were tried from your network. Try again in %(count)s minutes.",
        minutes,
    )
    response = message_page(request, 429, _("Please wait"), message % {"count": minutes})
    response["Retry-After"] = str(seconds)
    return response


def message_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    """Page with one message and a link to the public programme."""
    context = {
        "title": title,
        "message": message,
        "back": "/",
        "back_text": _("To the public programme"),
        "language": "en",
    }
    return render(request, "refused.html", context, status=status)


def _with_headers(response: HttpResponse) -> HttpResponse:
    """Forbid indexing, and caching unless the view has set its own rule."""
    response["X-Robots-Tag"] = "noindex"
    return response if response.has_header("Cache-Control") else set_no_store(response)
