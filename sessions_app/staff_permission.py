"""Who may open a page or press a button; what others are told, and whom they may ask."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _

from participants.access import groups
from sessions_app.renderers import labels
from workshop.models import Event

View = Callable[..., HttpResponseBase]


def permitted(needs: str, *, posting: str = "") -> Callable[[View], View]:
    """A view for staff who hold the permission `needs`, and to post to it also `posting`.

    Others are told what is missing and whom to ask, strangers are asked to sign in. No answer
    is kept by a cache.
    """

    def opening(view: View) -> View:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            asked = (needs, posting) if posting and request.method == "POST" else (needs,)
            answer = _turned_away(request, asked) or view(request, *args, **kwargs)
            answer["Cache-Control"] = "private, no-store"
            return answer

        return opened

    return opening


def forbidden(request: HttpRequest, lacking: str = "") -> HttpResponse:
    """403, in a sentence; who reads the desk keeps its menu, who does not learns of no event."""
    reads = _may(request, groups.READ)
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    context = {
        "event": Event.objects.filter(slug=slug).first() if reads and slug else None,
        "heading": _("This is not open to you"),
        "said": _said(lacking if reads else groups.READ),
        "ask": _whom_to_ask(request, reads),
        "reads": reads,
        "language": "en",
    }
    return render(request, "desk/refused.html", context, status=403)


def ask_an_organiser() -> str:
    """`Ask an organiser: Siri Sok and Ana Ng.`, of those who may publish; empty without any."""
    return _asking(_("Ask an organiser: %(names)s."), groups.PUBLISH)


def _whom_to_ask(request: HttpRequest, reads: bool) -> str:
    if not reads:
        way_in = _(
            "Ask somebody who looks after accounts (%(names)s) to put it into a group: "
            "Reader, Editor or Organiser."
        )
        return _asking(way_in, groups.ACCOUNTS)
    if _may(request, groups.PUBLISH):
        return _asking(_("Ask somebody who looks after accounts: %(names)s."), groups.ACCOUNTS)
    return ask_an_organiser()


def _asking(sentence: str, permission: str) -> str:
    names = labels.listed(groups.who_may(permission))
    return sentence % {"names": names} if names else ""


def _turned_away(request: HttpRequest, asked: tuple[str, ...]) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    lacking = next((each for each in asked if not _may(request, each)), None)
    return None if lacking is None else forbidden(request, lacking)


def _may(request: HttpRequest, permission: str) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm(permission)


def _said(lacking: str) -> str:
    told = {
        groups.READ: _("This account is not let into the desk."),
        groups.CHANGE: _("You may read this desk, not change it."),
        groups.INVITE: _("You may read this list, not change it."),
        groups.PUBLISH: _("You may read this desk, not publish."),
    }
    return told.get(lacking) or _("You may use the desk, not this.")
