"""Permission decorator of staff views, and the 403 page with people to contact."""

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


def staff_permission_required(
    permission: str, *, post_permission: str = ""
) -> Callable[[View], View]:
    """Decorator for views that require staff with a permission, and for POST another one too.

    Others get a 403 page that names the missing permission and people to contact; anonymous
    users are sent to the sign-in page. No response may be cached.
    """

    def decorator(view: View) -> View:
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            is_post = post_permission and request.method == "POST"
            required = (permission, post_permission) if is_post else (permission,)
            response = _refusal(request, required) or view(request, *args, **kwargs)
            response["Cache-Control"] = "private, no-store"
            return response

        return wrapper

    return decorator


def forbidden_response(request: HttpRequest, missing_permission: str = "") -> HttpResponse:
    """403 page; users without access to the desk see neither its menu nor the event."""
    can_read = _has_permission(request, groups.READ)
    slug = request.resolver_match.kwargs.get("slug") if request.resolver_match else None
    context = {
        "event": Event.objects.filter(slug=slug).first() if can_read and slug else None,
        "heading": _("This is not open to you"),
        "message": _refusal_message(missing_permission if can_read else groups.READ),
        "contacts": _contacts(request, can_read),
        "can_read": can_read,
        "language": "en",
    }
    return render(request, "desk/refused.html", context, status=403)


def organiser_contacts() -> str:
    """Names of users who may publish: `Ask an organiser: Siri Sok and Ana Ng.`; can be empty."""
    return _contact_sentence(_("Ask an organiser: %(names)s."), groups.PUBLISH)


def _contacts(request: HttpRequest, can_read: bool) -> str:
    if not can_read:
        sentence = _(
            "Ask an administrator (%(names)s) to add it to a group: Reader, Editor or Organiser."
        )
        return _contact_sentence(sentence, groups.ACCOUNTS)
    if _has_permission(request, groups.PUBLISH):
        return _contact_sentence(_("Ask an administrator: %(names)s."), groups.ACCOUNTS)
    return organiser_contacts()


def _contact_sentence(sentence: str, permission: str) -> str:
    names = labels.join_list(groups.list_names_with_permission(permission))
    return sentence % {"names": names} if names else ""


def _refusal(request: HttpRequest, required: tuple[str, ...]) -> HttpResponse | None:
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    missing = next((name for name in required if not _has_permission(request, name)), None)
    return None if missing is None else forbidden_response(request, missing)


def _has_permission(request: HttpRequest, permission: str) -> bool:
    user = request.user
    return user.is_active and user.is_staff and user.has_perm(permission)


def _refusal_message(missing_permission: str) -> str:
    messages = {
        groups.READ: _("This account has no access to the desk."),
        groups.CHANGE: _("You can view this desk but not change it."),
        groups.INVITE: _("You can view this list but not change it."),
        groups.PUBLISH: _("You can view this desk but not publish."),
    }
    return messages.get(missing_permission) or _("You can use the desk but not this page.")
