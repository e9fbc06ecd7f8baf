"""Readers' requests: the RenderContext of a request, its errors and its cache headers."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from participants.access.levels import Viewer
from participants.access.viewer import get_linked_person, get_viewer
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import labels as renderers_labels
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.html import pages
from sessions_app.response_cache import personal, versions
from sessions_app.response_cache.public import cacheable
from workshop import zones
from workshop.zones import Zone

P = ParamSpec("P")
ResponseType = TypeVar("ResponseType", bound=HttpResponseBase)


class BadParameter(ValueError):
    """A query parameter with an unknown value; the message says why, `parameter` is its name."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def explain_bad_parameters(
    view: Callable[..., ResponseType],
) -> Callable[..., ResponseType | HttpResponse]:
    """Decorator that turns BadParameter into a 400 page with a sentence and the way back."""

    @wraps(view)
    def respond(
        request: HttpRequest, *args: object, **kwargs: object
    ) -> ResponseType | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadParameter as error:
            return _bad_parameter_response(request, error)

    return respond


def reader_view(
    view: Callable[Concatenate[HttpRequest, str, Viewer, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Decorator of readers' views: passes the Viewer, answers 400 pages, sets cache headers."""

    # Readers' views accept no POST: it gets a 405, not a CSRF error.
    @csrf_exempt
    @require_safe
    @explain_bad_parameters
    @wraps(view)
    def respond(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        def render() -> HttpResponse:
            viewer = get_viewer(request, slug)
            response = view(request, slug, viewer, *args, **kwargs)
            return (
                set_no_store(response)
                if viewer.is_identified
                else cacheable(set_public_cache(response))
            )

        person = None if request.user.is_authenticated else get_linked_person(request)
        if person is None:
            return render()
        version = versions.reader_version(slug, person)
        return personal.cached_response(request, ("reader", version), render)

    return respond


def build_context(request: HttpRequest, published: Agenda | None, viewer: Viewer) -> RenderContext:
    """The RenderContext of a request for an agenda. Raises Http404 or BadParameter."""
    if published is None:
        raise Http404
    language = request.GET.get("lang", "en") or "en"
    if language not in {"en", *published.languages}:
        available = renderers_labels.join_list(published.languages)
        raise BadParameter(
            _("This programme has no language “%(name)s”; it has: %(offered)s.")
            % {"name": language[:60], "offered": available},
            "lang",
        )
    return RenderContext(
        agenda=in_language(published, language),
        requested_zones=_requested_zones(request, published.zones),
        language=language,
        path=request.path,
        site=site_address(request),
        base=event_path(published.slug),
        is_organiser=viewer.is_organiser,
    )


def _requested_zones(request: HttpRequest, event_zones: tuple[Zone, ...]) -> tuple[Zone, ...]:
    try:
        return zones.requested(request.GET.getlist("tz"), event_zones)
    except zones.UnknownZone as error:
        labels = renderers_labels.join_list([zone.label for zone in event_zones])
        raise BadParameter(
            _(
                "“%(name)s” is not a known time zone. Use one of this programme’s labels "
                "(%(labels)s) or the name of a place, such as Asia/Baku."
            )
            % {"name": error.args[0][:60], "labels": labels},
            "tz",
        ) from error
    except zones.TooManyZones as error:
        raise BadParameter(
            _("At most %(most)s time zones can be shown; you requested %(count)s.")
            % {"most": zones.MAX_ZONES, "count": error.args[0]},
            "tz",
        ) from error


def release_number(query: QueryDict, parameter: str) -> int | None:
    """The release number in a query parameter, None if it is empty. Raises BadParameter."""
    text = query.get(parameter)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise BadParameter(
            _("“%(text)s” is not a release number.") % {"text": text[:60]}, parameter
        )
    return int(text)


def upper_case_redirect(
    request: HttpRequest, slug: str, code: str, name: str
) -> HttpResponse | None:
    """Redirect from a lower-case country code to its address; None if it is upper case."""
    if code == code.upper():
        return None
    query = request.META.get("QUERY_STRING", "")
    address = reverse(name, args=[slug, code.upper()])
    return redirect(address + (f"?{query}" if query else ""), permanent=True)


def error_response(
    status: int, title: str, message: str, *, back: str = "/", back_text: str = ""
) -> HttpResponse:
    """An error page with a link back; caches must revalidate it."""
    page = pages.refusal_page(
        "refused.html",
        title=title,
        message=message,
        back=back,
        back_text=back_text or _("To the programme"),
    )
    return set_public_cache(HttpResponse(page, status=status))


def _bad_parameter_response(request: HttpRequest, error: BadParameter) -> HttpResponse:
    """400, with a link to the same page without the bad parameter."""
    query = request.GET.copy()
    query.pop(error.parameter, None)
    return error_response(
        400,
        _("Unknown value in this address"),
        str(error),
        back=request.path + (f"?{query.urlencode(safe='/')}" if query else ""),
        back_text=_("This page without that value"),
    )


def event_path(slug: str) -> str:
    return reverse("agenda", args=[slug])


def site_address(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def set_public_cache(response: HttpResponse) -> HttpResponse:
    """Allow shared caches, which must revalidate."""
    response["Cache-Control"] = "no-cache"
    return response


def set_no_store(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "private, no-store"
    return response
