"""The list of participants: to look at, to take out, and to change one by one."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from participants.access.groups import INVITE
from participants.desk.list_filters import facets
from participants.desk.list_forms import AddForm
from participants.lists import exporter, queries, services
from participants.models import Participation
from sessions_app.desk.desk_view import at_desk, own_zone, page
from workshop.models import Event, Workshop

MOST = 500  # on one page, unless all are asked for


@require_safe
@at_desk
def participants(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/`: who is on the lists, filtered by links."""
    return _page(request, event, AddForm(workshops=_workshops(event), initial=request.GET.dict()))


@require_safe
@at_desk
def out(request: HttpRequest, event: Event, form: exporter.Format) -> HttpResponse:
    """The list as a file, filtered as the page is."""
    asked, clock = queries.wanted(request.GET), own_zone(event)
    people = queries.list_participations(event, asked)
    answer = HttpResponse(exporter.written(people, clock, form), content_type=form.content_type)
    now = clock.local(timezone.now())
    name = exporter.filename(event.slug, asked.get("workshop", ""), now, form)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@require_POST
@at_desk(needs=INVITE)
def add(request: HttpRequest, event: Event) -> HttpResponse:
    """Put somebody on a list; with what was typed and a sentence where that cannot be."""
    form = AddForm(request.POST, workshops=_workshops(event))
    done = _added(form) if form.is_valid() else None
    if done is None:
        return _page(request, event, form)
    said = _("%(name)s is on the list of %(workshop)s.")
    if done.was_known:
        said = _("%(name)s, who was known here, is on the list of %(workshop)s.")
    if not done.is_new:
        said = _("%(name)s is on the list of %(workshop)s already. Nothing was changed.")
    names = {"name": done.participation.person, "workshop": form.chosen.title}
    (messages.success if done.is_new else messages.info)(request, said % names)
    return redirect("participants", event.slug)


@require_POST
@at_desk(needs=INVITE)
def programme(request: HttpRequest, event: Event) -> HttpResponse:
    """Put everybody who has a part in the programme on the lists."""
    count = services.list_programme(event=event)
    said = ngettext(
        "%(count)s person of the programme is on the list now. Nobody was written to.",
        "%(count)s people of the programme are on the lists now. Nobody was written to.",
        count,
    )
    messages.success(request, said % {"count": count})
    return redirect("participants", event.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=INVITE)
def take_off(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Asked by GET, done by POST."""
    row = _participation(event, uid)
    if request.method != "POST":
        heading = _("Take %(name)s off the list?") % {"name": row.person}
        return page(
            request,
            "take_off.html",
            event,
            section="participants",
            heading=heading,
            row=row,
        )
    names = {"name": row.person, "workshop": row.workshop.title}
    if services.take_off(row):
        messages.success(request, _("%(name)s is off the list of %(workshop)s.") % names)
    else:
        messages.info(request, _("%(name)s was off the list of %(workshop)s already.") % names)
    return redirect("participants", event.slug)


@require_POST
@at_desk(needs=INVITE)
def put_back(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Put somebody back who was taken off, with the reply they had."""
    row = _participation(event, uid)
    names = {"name": row.person, "workshop": row.workshop.title}
    if services.put_back(row):
        row.refresh_from_db()
        said = _("%(name)s is back on the list of %(workshop)s: %(reply)s.")
        messages.success(request, said % {**names, "reply": row.get_state_display()})
    else:
        messages.info(request, _("%(name)s is on the list of %(workshop)s already.") % names)
    return redirect("participants", event.slug)


def _page(request: HttpRequest, event: Event, form: AddForm) -> HttpResponse:
    asked = queries.wanted(request.GET)
    found = queries.get_listing(event, asked, None if "all" in request.GET else MOST)
    return page(
        request,
        "participants.html",
        event,
        section="participants",
        heading=_("Participants"),
        listing=found,
        facets=facets(found, asked),
        query=urlencode(asked),
        is_filtered=bool(asked),
        form=form,
    )


def _added(form: AddForm) -> services.Added | None:
    """Who was put on the list, or None with what stands in the way in the form."""
    try:
        return services.add(**form.facts())
    except services.CannotAdd as refusal:
        form.add_error("email", str(refusal))
    except services.MustAsk as question:
        form.ask(question.somebody.name)
    return None


def _workshops(event: Event) -> list[Workshop]:
    return list(Workshop.objects.filter(event=event))


def _participation(event: Event, uid: UUID) -> Participation:
    rows = Participation.objects.select_related("person", "workshop")
    return get_object_or_404(rows, workshop__event=event, pk=uid)
