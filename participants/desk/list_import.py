"""Bringing a list in: sent, looked at, then brought in exactly as it was looked at."""

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
from participants.desk.list_forms import ListForm
from participants.lists import exporter, importer, pending_uploads
from participants.lists.importer import Asked, CannotBringIn, Kind, Outcome, Preview
from sessions_app.desk.desk_view import at_desk, page
from workshop.models import Event, Workshop

MOST = 200  # rows of a kind on the page, unless all are asked for


@dataclass(frozen=True, slots=True)
class Section:
    """The rows of one kind: all of them, or the first."""

    kind: Kind
    name: str
    count: int
    rows: tuple[Outcome, ...]


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=INVITE)
def upload(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/import/`: the file and where it is to go."""
    workshops = list(Workshop.objects.filter(event=event))
    sent = request.method == "POST"
    form = ListForm(
        request.POST if sent else None, request.FILES if sent else None, workshops=workshops
    )
    if form.is_valid():
        typed = form.cleaned_data
        asked = Asked(typed["file"], form.chosen.pk, typed["role"])
        pending_uploads.keep(request.session, event, form.name, asked)
        return redirect("list-preview", event.slug)
    heading = _("Bring in a list")
    return page(request, "list_in.html", event, section="participants", heading=heading, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=INVITE)
def preview(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/participants/import/preview/`: by GET what it would do, by POST that."""
    sent = request.POST if request.method == "POST" else request.GET
    found = _waiting(request, event, sent)
    if found is None:
        return redirect("list-in", event.slug)
    name, asked = found
    if request.method == "POST":
        return _brought_in(request, event, asked)
    seen = importer.preview(event=event, asked=asked)
    return page(
        request,
        "list_preview.html",
        event,
        section="participants",
        heading=_("Bring in a list: %(name)s") % {"name": name},
        preview=seen,
        count=sum(seen.counts[kind] for kind in (Kind.NEW, Kind.CHANGED)),
        summary=_summary(seen),
        sections=_sections(seen, None if "all" in request.GET else MOST),
        workshops=list(dict.fromkeys(each.workshop for each in seen.outcomes if each.workshop)),
        same=sorted(asked.same),
        asks=any(each.asks for each in seen.outcomes) or asked.same,
    )


@require_safe
@at_desk(needs=INVITE)
def refused(request: HttpRequest, event: Event) -> HttpResponse:
    """The rows that stay out, as they were sent, each with why: to be mended and sent again."""
    found = _waiting(request, event, request.GET)
    if found is None:
        return redirect("list-in", event.slug)
    _name, asked = found
    seen = importer.preview(event=event, asked=asked)
    why = {each.number: " ".join(each.refusals) for each in seen.of(Kind.REFUSED)}
    lines = {line.number: line.cells for line in asked.table.lines}
    rows = [[*lines[seen.headings.row], _("Why it stays out")]]
    rows += [[*lines[number], said] for number, said in why.items()]
    form = exporter.Format.CSV
    answer = HttpResponse(exporter.table(rows, form), content_type=form.content_type)
    answer["Content-Disposition"] = f'attachment; filename="{event.slug}-refused.csv"'
    return answer


def _waiting(request: HttpRequest, event: Event, sent: QueryDict) -> tuple[str, Asked] | None:
    """The list that waits, with what was said of its people; None with a message."""
    found = pending_uploads.waiting(request.session, event)
    if found is None or not Workshop.objects.filter(event=event, pk=found[1].workshop).exists():
        messages.warning(request, _("No list is waiting here. Choose the file once more."))
        return None
    name, asked = found
    same = frozenset(int(each) for each in sent.getlist("same") if each.isdecimal())
    return name, replace(asked, same=same)


def _brought_in(request: HttpRequest, event: Event, asked: Asked) -> HttpResponse:
    """To the list of participants if all went in as previewed, else to a fresh preview."""
    mark = request.POST.get("fingerprint", "")
    try:
        done = importer.bring_in(
            event=event, asked=asked, fingerprint=mark, by=cast(User, request.user)
        )
    except CannotBringIn:
        messages.error(
            request,
            _(
                "Somebody changed the list here since this preview. Nothing was brought in; "
                "look once more."
            ),
        )
        query = urlencode({"same": sorted(asked.same)}, doseq=True)
        address = redirect("list-preview", event.slug)
        address["Location"] += f"?{query}" if query else ""
        return address
    pending_uploads.forget(request.session)
    messages.success(
        request, _("The list was brought in: %(summary)s.") % {"summary": _summary(done)}
    )
    return redirect("participants", event.slug)


def _summary(seen: Preview) -> str:
    """`3 new, 2 changed, 40 unchanged, 1 refused`."""
    names = {
        Kind.NEW: _("new"),
        Kind.CHANGED: _("changed"),
        Kind.SAME: _("unchanged"),
        Kind.REFUSED: _("refused"),
    }
    told = (f"{seen.counts[kind]} {name}" for kind, name in names.items() if seen.counts[kind])
    return ", ".join(told) or _("no rows")


def _sections(seen: Preview, most: int | None) -> tuple[Section, ...]:
    names = {
        Kind.REFUSED: ngettext(
            "%(count)s row stays out", "%(count)s rows stay out", seen.counts[Kind.REFUSED]
        ),
        Kind.CHANGED: ngettext("%(count)s changes", "%(count)s change", seen.counts[Kind.CHANGED]),
        Kind.NEW: ngettext(
            "%(count)s is new on the list", "%(count)s are new on the list", seen.counts[Kind.NEW]
        ),
        Kind.SAME: ngettext(
            "%(count)s stays as it is", "%(count)s stay as they are", seen.counts[Kind.SAME]
        ),
    }
    return tuple(
        Section(kind, name % {"count": len(rows)}, len(rows), rows[:most])
        for kind, name in names.items()
        if (rows := seen.of(kind))
    )
