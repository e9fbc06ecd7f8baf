"""Pages of the participant list: the list itself, export, and changes of one person."""

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
from sessions_app.desk.desk_view import desk_view, event_zone, render_desk_page
from workshop.models import Event, Workshop

MAX_SHOWN = 500  # people on one page, unless `?all`


@require_safe
@desk_view
def participants(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/`: the lists of all workshops, filtered by links."""
    return _page(request, event, AddForm(workshops=_workshops(event), initial=request.GET.dict()))


@require_safe
@desk_view
def export(request: HttpRequest, event: Event, file_format: exporter.Format) -> HttpResponse:
    """`/desk/<event>/participants.csv`, `.xlsx`: the list as a file, with the page's filters."""
    filters, zone = queries.parse_filters(request.GET), event_zone(event)
    content = exporter.export_list(queries.list_participations(event, filters), zone, file_format)
    now = zone.local(timezone.now())
    name = exporter.filename(event.slug, filters.get("workshop", ""), now, file_format)
    response = HttpResponse(content, content_type=file_format.content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
@desk_view(permission=INVITE)
def add(request: HttpRequest, event: Event) -> HttpResponse:
    """Add a person to a list; show the form again with errors where that is not possible."""
    form = AddForm(request.POST, workshops=_workshops(event))
    result = _add(form) if form.is_valid() else None
    if result is None:
        return _page(request, event, form)
    message = _("%(name)s is on the list of %(workshop)s.")
    if result.was_known:
        message = _("%(name)s, who was stored already, is on the list of %(workshop)s.")
    if not result.is_new:
        message = _("%(name)s is on the list of %(workshop)s already. Nothing was changed.")
    names = {"name": result.participation.person, "workshop": form.chosen.title}
    (messages.success if result.is_new else messages.info)(request, message % names)
    return redirect("participants", event.slug)


@require_POST
@desk_view(permission=INVITE)
def add_programme_people(request: HttpRequest, event: Event) -> HttpResponse:
    """Add all people of the programme to the lists."""
    count = services.add_programme_people(event=event)
    message = ngettext(
        "%(count)s person of the programme was added. No e-mail was sent.",
        "%(count)s people of the programme were added. No e-mail was sent.",
        count,
    )
    messages.success(request, message % {"count": count})
    return redirect("participants", event.slug)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=INVITE)
def take_off(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Take a person off a list: by GET a page to confirm, by POST the change."""
    row = _participation(event, uid)
    if request.method != "POST":
        heading = _("Take %(name)s off the list?") % {"name": row.person}
        return render_desk_page(
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
@desk_view(permission=INVITE)
def put_back(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Put a person back on a list, with their former reply."""
    row = _participation(event, uid)
    names = {"name": row.person, "workshop": row.workshop.title}
    if services.put_back(row):
        row.refresh_from_db()
        message = _("%(name)s is back on the list of %(workshop)s: %(reply)s.")
        messages.success(request, message % {**names, "reply": row.get_state_display()})
    else:
        messages.info(request, _("%(name)s is on the list of %(workshop)s already.") % names)
    return redirect("participants", event.slug)


def _page(request: HttpRequest, event: Event, form: AddForm) -> HttpResponse:
    filters = queries.parse_filters(request.GET)
    listing = queries.get_listing(event, filters, None if "all" in request.GET else MAX_SHOWN)
    return render_desk_page(
        request,
        "participants.html",
        event,
        section="participants",
        heading=_("Participants"),
        listing=listing,
        facets=facets(listing, filters),
        query=urlencode(filters),
        is_filtered=bool(filters),
        form=form,
    )


def _add(form: AddForm) -> services.AddResult | None:
    """Add the person of a valid form; None after adding an error to the form."""
    try:
        return services.add_participant(**form.service_arguments())
    except services.CannotAdd as refusal:
        form.add_error("email", str(refusal))
    except services.ConfirmationNeeded as question:
        form.ask_if_same(question.known_person.name)
    return None


def _workshops(event: Event) -> list[Workshop]:
    return list(Workshop.objects.filter(event=event))


def _participation(event: Event, uid: UUID) -> Participation:
    rows = Participation.objects.select_related("person", "workshop")
    return get_object_or_404(rows, workshop__event=event, pk=uid)
