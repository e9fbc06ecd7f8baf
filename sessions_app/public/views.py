"""Readers' addresses: each reads the published agenda, cut for its reader, and draws it."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from sesame.views import LoginView

from participants.access.viewer import Viewer
from sessions_app.agenda.diff import changes
from sessions_app.models import Release
from sessions_app.public.requests import (
    base,
    for_reader,
    private,
    public,
    read,
    refusal,
    release_number,
    site,
    upper_case,
)
from sessions_app.publishing import queries
from sessions_app.renderers import json_export, time_ranges
from sessions_app.renderers.context import Reading
from sessions_app.renderers.diff import change_sentences
from sessions_app.renderers.html import pages
from sessions_app.staff_permission import forbidden
from workshop.zones import Zone

RELEASES_A_PAGE = 20

P = ParamSpec("P")


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """`/`: the one published event, or the list of events."""
    agendas = queries.list_published(Viewer())
    if len(agendas) == 1:
        query = request.META.get("QUERY_STRING", "")
        return redirect(base(agendas[0].slug) + (f"?{query}" if query else ""))
    return public(HttpResponse(pages.events_page(agendas, site(request))))


def _drawn(draw: Callable[Concatenate[Reading, P], str]) -> Callable[..., HttpResponse]:
    """A view that draws a page of the newest release."""

    def view(
        request: HttpRequest, slug: str, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        reading = read(request, queries.get_published(slug, viewer), viewer)
        return HttpResponse(draw(reading, *args, **kwargs))

    return wraps(draw)(for_reader(view))


@_drawn
def agenda(reading: Reading) -> str:
    return pages.agenda_page(reading)


@_drawn
def session(reading: Reading, key: str) -> str:
    for found in reading.agenda.sessions():
        if found.key == key:
            return pages.session_page(reading, found)
    raise Http404


@_drawn
def person(reading: Reading, key: str) -> str:
    found = reading.agenda.person_under(key)
    if found is None:
        raise Http404
    return pages.person_page(reading, found)


@_drawn
def _country(reading: Reading, code: str) -> str:
    if code not in reading.agenda.countries():
        raise Http404
    return pages.country_page(reading, code)


def country(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    return upper_case(request, slug, code, "country") or _country(request, slug, code)


@_drawn
def about(reading: Reading) -> str:
    return pages.about_page(reading)


@for_reader
def changes_list(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/changes/`: what each release changed in what this reader may read."""
    reading = read(request, queries.get_published(slug, viewer), viewer)
    before = release_number(request.GET, "before")
    releases = queries.list_releases(slug, before=before, most=RELEASES_A_PAGE + 1)
    lines = _release_lines(releases, viewer, reading.zones[0])[:RELEASES_A_PAGE]
    older = releases[RELEASES_A_PAGE - 1].number if len(releases) > RELEASES_A_PAGE else None
    shown = [line for line in lines if line.changes or line.is_first or viewer.is_organiser]
    return HttpResponse(pages.changes_page(reading, shown, older))


@for_reader
def release(request: HttpRequest, slug: str, viewer: Viewer, number: int) -> HttpResponse:
    """`/<event>/releases/<n>/`: an older release, by today's permissions."""
    if not request.path.endswith(f"/{number}/"):
        raise Http404  # 01 is no other way to write 1
    reading = read(request, queries.get_release(slug, number, viewer), viewer)
    newest = queries.list_releases(slug, most=1)[0].number
    return HttpResponse(pages.agenda_page(replace(reading, newest=newest)))


@for_reader
def agenda_json(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/agenda.json`: the reader's agenda as data."""
    reading = read(request, queries.get_published(slug, viewer), viewer)
    return HttpResponse(json_export.render(reading.agenda), content_type="application/json")


@require_safe
def schema(request: HttpRequest) -> HttpResponse:
    """`/agenda.schema.json`: the JSON Schema that every `agenda.json` keeps to."""
    answer = HttpResponse(json_export.schema(), content_type="application/schema+json")
    return public(answer)


class SignIn(LoginView):  # type: ignore[misc]  # sesame has no types
    """`/desk/sign-in/`: a one-time link signs an organiser in."""

    def login_failed(self) -> HttpResponse:
        return refusal(
            403,
            _("This sign-in link no longer works"),
            _("It has been used, or it is too old. Ask for a new one."),
        )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Not there and not allowed: one answer."""
    return refusal(
        404,
        _("There is no such page"),
        _("It may have been moved, or it is for people who are let in."),
    )


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What Django's admin refuses, told as at the desk."""
    return private(forbidden(request))


def not_trusted(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Something was sent without the mark that tells our own pages from others."""
    return refusal(
        403,
        _("Nothing was sent"),
        _(
            "The page was open for too long, or your browser keeps no cookies from this site. "
            "Go back, load the page again and send it once more."
        ),
    )


def _release_lines(
    releases: list[Release], viewer: Viewer, zone: Zone
) -> list[change_sentences.ReleaseLine]:
    """Each release with what it changed in the one before it, both cut for the viewer first."""
    read = [queries.read(each, viewer) for each in releases]
    lines = []
    for place, each in enumerate(releases):
        is_first = each.number == 1
        former = read[place + 1] if place + 1 < len(read) else None
        found = changes(former, read[place]) if former else ()
        lines.append(
            change_sentences.ReleaseLine(
                number=each.number,
                released=time_ranges.moment(each.made_at, zone),
                note=each.note if viewer.is_organiser else "",
                by=str(each.made_by or "") if viewer.is_organiser else "",
                is_first=is_first,
                changes=tuple(dict.fromkeys(change_sentences.sentence(one, zone) for one in found)),
            )
        )
    return lines
