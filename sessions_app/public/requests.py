"""A request becomes a Reading: what is asked for, by whom, of which agenda, or why not."""

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

from participants.access import permissions
from participants.access.viewer import Viewer
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda
from sessions_app.renderers import labels as renderers_labels
from sessions_app.renderers.context import Reading
from sessions_app.renderers.html import pages
from sessions_app.response_cache import personal, versions
from sessions_app.response_cache.public import may_be_kept
from workshop import zones
from workshop.zones import Zone

P = ParamSpec("P")
Answer = TypeVar("Answer", bound=HttpResponseBase)


class Refused(ValueError):
    """A request that cannot be answered; the message says why, `parameter` what is to blame."""

    def __init__(self, message: str, parameter: str) -> None:
        super().__init__(message)
        self.parameter = parameter


def refusing(view: Callable[..., Answer]) -> Callable[..., Answer | HttpResponse]:
    """A view that answers what it cannot understand with a sentence and the way back."""

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> Answer | HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except Refused as refused:
            return _unknown(request, refused)

    return answer


def for_reader(
    view: Callable[Concatenate[HttpRequest, str, Viewer, P], HttpResponse],
) -> Callable[..., HttpResponse]:
    """A view that knows its reader, refuses in a sentence and says who may keep its answer."""

    # Nothing here is ever posted to: what is posted gets a 405, not a question for a token.
    @csrf_exempt
    @require_safe
    @refusing
    @wraps(view)
    def answer(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        def drawn() -> HttpResponse:
            viewer = permissions.viewer(request, slug)
            response = view(request, slug, viewer, *args, **kwargs)
            return private(response) if viewer.is_known else may_be_kept(public(response))

        person = None if request.user.is_authenticated else permissions.reader(request)
        if person is None:
            return drawn()
        return personal.answer(request, ("reader", versions.get_own_mark(person)), drawn)

    return answer


def read(request: HttpRequest, published: Agenda | None, viewer: Viewer) -> Reading:
    """What the request asks for of an agenda; raises Http404 and Refused."""
    if published is None:
        raise Http404
    language = request.GET.get("lang", "en") or "en"
    if language not in {"en", *published.languages}:
        offered = renderers_labels.listed(published.languages)
        raise Refused(
            _("This programme has no language “%(name)s”; it has: %(offered)s.")
            % {"name": language[:60], "offered": offered},
            "lang",
        )
    return Reading(
        agenda=in_language(published, language),
        asked=_asked(request, published.zones),
        language=language,
        path=request.path,
        site=site(request),
        base=base(published.slug),
        is_organiser=viewer.is_organiser,
    )


def _asked(request: HttpRequest, own: tuple[Zone, ...]) -> tuple[Zone, ...]:
    try:
        return zones.requested(request.GET.getlist("tz"), own)
    except zones.UnknownZone as unknown:
        labels = renderers_labels.listed([zone.label for zone in own])
        raise Refused(
            _(
                "“%(name)s” is no time zone that this programme knows. Use one of its labels "
                "(%(labels)s) or the name of a place, such as Asia/Baku."
            )
            % {"name": unknown.args[0][:60], "labels": labels},
            "tz",
        ) from unknown
    except zones.TooManyZones as many:
        raise Refused(
            _("At most %(most)s time zones fit side by side; you asked for %(count)s.")
            % {"most": zones.MOST_ZONES, "count": many.args[0]},
            "tz",
        ) from many


def release_number(sent: QueryDict, parameter: str) -> int | None:
    """The number that an address names, None where it names none; raises Refused."""
    text = sent.get(parameter)
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise Refused(_("“%(text)s” is no release number.") % {"text": text[:60]}, parameter)
    return int(text)


def upper_case(request: HttpRequest, slug: str, code: str, name: str) -> HttpResponse | None:
    """The way from a country's code in lower case to its address; None where it is upper."""
    if code == code.upper():
        return None
    query = request.META.get("QUERY_STRING", "")
    address = reverse(name, args=[slug, code.upper()])
    return redirect(address + (f"?{query}" if query else ""), permanent=True)


def refusal(
    status: int, title: str, message: str, *, back: str = "/", back_text: str = ""
) -> HttpResponse:
    """A page that says what is wrong and leads on; nobody may keep it."""
    page = pages.refusal_page(
        "refused.html",
        title=title,
        message=message,
        back=back,
        back_text=back_text or _("To the programme"),
    )
    return public(HttpResponse(page, status=status))


def _unknown(request: HttpRequest, refused: Refused) -> HttpResponse:
    """400, with the way back to the same page without what it did not understand."""
    rest = request.GET.copy()
    rest.pop(refused.parameter, None)
    return refusal(
        400,
        _("This address asks for something unknown"),
        str(refused),
        back=request.path + (f"?{rest.urlencode(safe='/')}" if rest else ""),
        back_text=_("The same page without it"),
    )


def base(slug: str) -> str:
    return reverse("agenda", args=[slug])


def site(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


def public(answer: HttpResponse) -> HttpResponse:
    """Anybody may keep it, and must ask whether it still holds."""
    answer["Cache-Control"] = "no-cache"
    return answer


def private(answer: HttpResponse) -> HttpResponse:
    answer["Cache-Control"] = "private, no-store"
    return answer
