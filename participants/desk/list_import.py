"""Pages of the list import: upload, preview, import, and the refused rows as a file."""

from dataclasses import dataclass, replace
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from participants.access.groups import INVITE
from participants.desk.list_forms import UploadForm
from participants.lists import exporter, importer, pending_uploads
from participants.lists.importer import ImportPlan, ImportRequest
from participants.lists.row_import import OutcomeKind, RowOutcome
from sessions_app.desk.desk_view import apply_previewed, desk_view, render_desk_page
from workshop.models import Event, Workshop

MAX_SHOWN = 200  # rows of each kind on the page, unless `?all`


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind; `rows` may be only the first of `count`."""

    kind: OutcomeKind
    name: str
    count: int
    rows: tuple[RowOutcome, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=INVITE)
def upload(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/import/`: upload of a file for a workshop."""
    workshops = list(Workshop.objects.filter(event=event))
    is_post = request.method == "POST"
    form = UploadForm(
        request.POST if is_post else None, request.FILES if is_post else None, workshops=workshops
    )
    if form.is_valid():
        data = form.cleaned_data
        import_request = ImportRequest(data["file"], form.chosen.pk, data["role"])
        pending_uploads.save_upload(request.session, event, form.name, import_request)
        return redirect("list-preview", event.slug)
    heading = _("Import participants")
    return render_desk_page(
        request, "list_import.html", event, section="participants", heading=heading, form=form
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=INVITE)
def preview(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/import/preview/`: by GET the preview, by POST the import."""
    query = request.POST if request.method == "POST" else request.GET
    uploaded = _uploaded(request, event, query)
    if uploaded is None:
        return redirect("list-import", event.slug)
    name, import_request = uploaded
    if request.method == "POST":
        return _import(request, event, import_request)
    import_plan = importer.plan(event, import_request)
    outcomes = import_plan.outcomes
    return render_desk_page(
        request,
        "list_preview.html",
        event,
        section="participants",
        heading=_("Import: %(name)s") % {"name": name},
        preview=import_plan,
        count=sum(import_plan.counts[kind] for kind in (OutcomeKind.NEW, OutcomeKind.CHANGED)),
        summary=_summary(import_plan),
        sections=_sections(import_plan, None if "all" in request.GET else MAX_SHOWN),
        workshops=list(dict.fromkeys(row.workshop for row in outcomes if row.workshop)),
        confirmed_rows=sorted(import_request.confirmed_rows),
        needs_confirmation=any(row.needs_confirmation for row in outcomes)
        or import_request.confirmed_rows,
    )


@require_safe
@desk_view(permission=INVITE)
def refused_rows(request: HttpRequest, event: Event) -> HttpResponse:
    """The refused rows as uploaded, with the reasons, as a file to correct and upload again."""
    uploaded = _uploaded(request, event, request.GET)
    if uploaded is None:
        return redirect("list-import", event.slug)
    _name, import_request = uploaded
    import_plan = importer.plan(event, import_request)
    cells = {row.number: row.cells for row in import_request.table.rows}
    rows = [[*cells[import_plan.headings.row], _("Why it stays out")]]
    rows += [
        [*cells[outcome.number], " ".join(outcome.refusals)]
        for outcome in import_plan.of_kind(OutcomeKind.REFUSED)
    ]
    content = exporter.write_table(rows, exporter.Format.CSV)
    response = HttpResponse(content, content_type=exporter.Format.CSV.content_type)
    response["Content-Disposition"] = f'attachment; filename="{event.slug}-refused.csv"'
    return response


def _uploaded(
    request: HttpRequest, event: Event, query: QueryDict
) -> tuple[str, ImportRequest] | None:
    """File name and uploaded list, with the rows confirmed in the query; None with a message."""
    stored = pending_uploads.get_upload(request.session, event)
    if stored is None or not Workshop.objects.filter(event=event, pk=stored[1].workshop).exists():
        messages.warning(request, _("There is no uploaded list here. Choose the file again."))
        return None
    name, import_request = stored
    confirmed_rows = frozenset(
        int(number) for number in query.getlist("same") if number.isdecimal()
    )
    return name, replace(import_request, confirmed_rows=confirmed_rows)


def _import(request: HttpRequest, event: Event, import_request: ImportRequest) -> HttpResponse:
    """Import and redirect to the participant list; to a new preview where the result changed."""
    imported = apply_previewed(
        request,
        lambda fingerprint: importer.apply(
            event, import_request, fingerprint=fingerprint, by=cast(User, request.user)
        ),
    )
    if imported is None:
        query = urlencode({"same": sorted(import_request.confirmed_rows)}, doseq=True)
        response = redirect("list-preview", event.slug)
        response["Location"] += f"?{query}" if query else ""
        return response
    pending_uploads.delete_upload(request.session)
    messages.success(
        request, _("The list was imported: %(summary)s.") % {"summary": _summary(imported)}
    )
    return redirect("participants", event.slug)


def _summary(import_plan: ImportPlan) -> str:
    """`3 new, 2 changed, 40 unchanged, 1 refused`."""
    names = {
        OutcomeKind.NEW: _("new"),
        OutcomeKind.CHANGED: _("changed"),
        OutcomeKind.UNCHANGED: _("unchanged"),
        OutcomeKind.REFUSED: _("refused"),
    }
    counts = import_plan.counts
    return ", ".join(f"{counts[kind]} {name}" for kind, name in names.items() if counts[kind]) or _(
        "no rows"
    )


def _sections(import_plan: ImportPlan, limit: int | None) -> tuple[Section, ...]:
    counts = import_plan.counts
    names = {
        OutcomeKind.REFUSED: ngettext(
            "%(count)s refused row", "%(count)s refused rows", counts[OutcomeKind.REFUSED]
        ),
        OutcomeKind.CHANGED: ngettext(
            "%(count)s changed participant",
            "%(count)s changed participants",
            counts[OutcomeKind.CHANGED],
        ),
        OutcomeKind.NEW: ngettext(
            "%(count)s new participant", "%(count)s new participants", counts[OutcomeKind.NEW]
        ),
        OutcomeKind.UNCHANGED: ngettext(
            "%(count)s unchanged participant",
            "%(count)s unchanged participants",
            counts[OutcomeKind.UNCHANGED],
        ),
    }
    return tuple(
        Section(kind, name % {"count": len(rows)}, len(rows), rows[:limit])
        for kind, name in names.items()
        if (rows := import_plan.of_kind(kind))
    )
