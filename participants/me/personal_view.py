"""Who may open a page below /me/; everybody else is told the same, whatever the reason."""

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

from participants.access import permissions
from participants.models import Person
from sessions_app.public.requests import private
from sessions_app.response_cache import personal, versions

P = ParamSpec("P")
View = Callable[..., HttpResponse]

SEEN = "personal_page_seen"  # the day on which a web session was last made to last longer


def own_page(view: Callable[Concatenate[HttpRequest, Person, P], HttpResponse]) -> View:
    """A view for somebody who came in by a link that is still open; never kept by a cache."""

    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        uid = permissions.reader(request)
        person = None if uid is None else Person.objects.filter(pk=uid).first()
        if person is None:
            return _quiet(not_let_in(request))
        stay(request)
        return _quiet(view(request, person, *args, **kwargs))

    return opened


def kept_own_page(view: Callable[[HttpRequest, Person], HttpResponse]) -> View:
    """The same for a page that is drawn anew only when what it says has changed, or the minute."""

    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        uid = permissions.reader(request)
        if uid is None:
            return _quiet(not_let_in(request))
        stay(request)
        mark = ("own page", versions.get_own_mark(uid), f"{timezone.now():%Y-%m-%d %H:%M}")
        return personal.answer(request, mark, lambda: _quiet(drawn(request, uid)))

    def drawn(request: HttpRequest, uid: UUID) -> HttpResponse:
        person = Person.objects.filter(pk=uid).first()
        return not_let_in(request) if person is None else view(request, person)

    return opened


def behind_a_link(view: Callable[Concatenate[HttpRequest, P], HttpResponse]) -> View:
    """A view whose address is a way in: it goes into no Referer, no cache and no search engine.

    A browser that is told to send no Referer calls the origin of what it posts `null`. The form's
    own token, without which nothing is let through, has to do.
    """
    checked: Any = _form_token_alone(view)

    @csrf_exempt
    @wraps(view)
    def opened(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        answer = _quiet(checked(request, *args, **kwargs))
        answer["Referrer-Policy"] = "no-referrer"
        return answer

    return opened


class _FormTokenAlone(CsrfViewMiddleware):
    def _origin_verified(self, request: HttpRequest) -> bool:
        ours: Any = super()
        return request.META["HTTP_ORIGIN"] == "null" or bool(ours._origin_verified(request))

    def _check_referer(self, request: HttpRequest) -> None:
        """There is none to check."""


_form_token_alone = decorator_from_middleware(_FormTokenAlone)


def stay(request: HttpRequest) -> None:
    """Let the web session last from today; one that is an organiser's too lasts as theirs do."""
    today = timezone.now().date().isoformat()
    if not request.user.is_authenticated and request.session.get(SEEN) != today:
        request.session[SEEN] = today
        request.session.set_expiry(settings.PERSONAL_SESSION_AGE)


def not_let_in(request: HttpRequest) -> HttpResponse:
    """404: for a link that never was one, and for one that was revoked a minute ago."""
    return plain_page(
        request,
        404,
        _("This link opens no page"),
        _(
            "It may be an old one, or a part of it got lost. Open the link in the newest mail from "
            "the organisers once more, or ask them for a new one."
        ),
    )


def too_many(request: HttpRequest, seconds: int) -> HttpResponse:
    """429: nobody is let in from there for a while, with whatever link."""
    minutes = max(1, -(-seconds // 60))
    said = ngettext(
        "Too many links that open nothing were tried from your network. Try again in "
        "%(count)s minute.",
        "Too many links that open nothing were tried from your network. Try again in "
        "%(count)s minutes.",
        minutes,
    )
    answer = plain_page(request, 429, _("Please wait a little"), said % {"count": minutes})
    answer["Retry-After"] = str(seconds)
    return answer


def plain_page(request: HttpRequest, status: int, title: str, message: str) -> HttpResponse:
    """A page that says one thing and leads to what everybody may read."""
    context = {
        "title": title,
        "message": message,
        "back": "/",
        "back_text": _("To the public programme"),
        "language": "en",
    }
    return render(request, "refused.html", context, status=status)


def _quiet(answer: HttpResponse) -> HttpResponse:
    answer["X-Robots-Tag"] = "noindex"
    return answer if answer.has_header("Cache-Control") else private(answer)
