"""Readers' pages: the published agenda, cut for the reader."""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from sesame.views import LoginView

from participants.access.levels import Viewer
from sessions_app.agenda.diff import changes
from sessions_app.models import Release
from sessions_app.public.requests import (
    build_context,
    error_response,
    event_path,
    reader_view,
    release_number,
    set_no_store,
    set_public_cache,
    site_address,
    upper_case_redirect,
)
from sessions_app.publishing import queries
from sessions_app.renderers import json_export, time_ranges
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.diff import change_sentences
from sessions_app.renderers.html import pages
from sessions_app.staff_permission import forbidden_response
from workshop.zones import Zone

RELEASES_A_PAGE = 20

P = ParamSpec("P")


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """`/`: the one published event, or the list of events."""
    published = queries.list_published()
    if len(published) == 1:
        query = request.META.get("QUERY_STRING", "")
        return redirect(event_path(published[0].slug) + (f"?{query}" if query else ""))
    return set_public_cache(HttpResponse(pages.events_page(published, site_address(request))))


def _page_view(render: Callable[Concatenate[RenderContext, P], str]) -> Callable[..., HttpResponse]:
    """Decorator that makes a view of the newest release from a function that renders."""

    def view(
        request: HttpRequest, slug: str, viewer: Viewer, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        context = build_context(request, queries.get_published(slug, viewer), viewer)
        return HttpResponse(render(context, *args, **kwargs))

    return wraps(render)(reader_view(view))


@_page_view
def agenda(context: RenderContext) -> str:
    return pages.agenda_page(context)


@_page_view
def session(context: RenderContext, key: str) -> str:
    for candidate in context.agenda.sessions():
        if candidate.key == key:
            return pages.session_page(context, candidate)
    raise Http404


@_page_view
def person(context: RenderContext, key: str) -> str:
    subject = context.agenda.find_person(key)
    if subject is None:
        raise Http404
    return pages.person_page(context, subject)


@_page_view
def _country(context: RenderContext, code: str) -> str:
    if code not in context.agenda.countries():
        raise Http404
    return pages.country_page(context, code)


def country(request: HttpRequest, slug: str, code: str) -> HttpResponse:
    return upper_case_redirect(request, slug, code, "country") or _country(request, slug, code)


@_page_view
def about(context: RenderContext) -> str:
    return pages.about_page(context)


@reader_view
def changes_page(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/changes/`: changes of each release in what this reader may see."""
    context = build_context(request, queries.get_published(slug, viewer), viewer)
    before = release_number(request.GET, "before")
    limit = RELEASES_A_PAGE + 1
    releases = queries.list_releases(slug, before=before, limit=limit, with_agendas=True)
    lines = _releases_with_changes(releases, viewer, context.zones[0])[:RELEASES_A_PAGE]
    older = releases[RELEASES_A_PAGE - 1].number if len(releases) > RELEASES_A_PAGE else None
    shown = [line for line in lines if line.changes or line.is_first or viewer.is_organiser]
    return HttpResponse(pages.changes_page(context, shown, older))


@reader_view
def release(request: HttpRequest, slug: str, viewer: Viewer, number: int) -> HttpResponse:
    """`/<event>/releases/<n>/`: an older release, with today's permissions."""
    if not request.path.endswith(f"/{number}/"):
        raise Http404  # 01 is not the address of release 1
    context = build_context(request, queries.get_release(slug, number, viewer), viewer)
    newest = queries.list_releases(slug, limit=1)[0].number
    return HttpResponse(pages.agenda_page(replace(context, newest_release=newest)))


@reader_view
def agenda_json(request: HttpRequest, slug: str, viewer: Viewer) -> HttpResponse:
    """`/<event>/agenda.json`: the reader's agenda as JSON."""
    context = build_context(request, queries.get_published(slug, viewer), viewer)
    return HttpResponse(json_export.render(context.agenda), content_type="application/json")


@require_safe
def agenda_schema(request: HttpRequest) -> HttpResponse:
    """`/agenda.schema.json`: the JSON Schema of every `agenda.json`."""
    response = HttpResponse(json_export.schema(), content_type="application/schema+json")
    return set_public_cache(response)


class SignIn(LoginView):  # type: ignore[misc]  # sesame has no types
    """`/desk/sign-in/`: sign-in of an organiser with a one-time link."""

    def login_failed(self) -> HttpResponse:
        return error_response(
            403,
            _("This sign-in link no longer works"),
            _("It has been used or has expired. Request a new one."),
        )


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404, for pages that do not exist and for those the reader may not see."""
    return error_response(
        404,
        _("Page not found"),
        _("It may have moved, or it is visible to registered participants only."),
    )


def forbidden_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 of Django's admin, with the same page as at the desk."""
    return set_no_store(forbidden_response(request))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form without a valid CSRF token."""
    return error_response(
        403,
        _("The form was not sent"),
        _(
            "The page was open for too long, or your browser blocks cookies from this site. "
            "Go back, reload the page and send the form again."
        ),
    )


def _releases_with_changes(
    releases: list[Release], viewer: Viewer, zone: Zone
) -> list[change_sentences.ReleaseLine]:
    """Each release with its changes to the one before, both cut for the viewer first."""
    agendas = [queries.agenda_for(release, viewer) for release in releases]
    lines = []
    for release, new, old in zip(releases, agendas, (*agendas[1:], None), strict=False):
        differences = changes(old, new) if old else ()
        lines.append(
            change_sentences.ReleaseLine(
                number=release.number,
                released=time_ranges.moment(release.made_at, zone),
                note=release.note if viewer.is_organiser else "",
                by=str(release.made_by or "") if viewer.is_organiser else "",
                is_first=release.number == 1,
                changes=tuple(
                    dict.fromkeys(change_sentences.sentence(change, zone) for change in differences)
                ),
            )
        )
    return lines
