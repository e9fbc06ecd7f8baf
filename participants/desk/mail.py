"""Mails: what can be sent now, to whom and why, and what became of what was sent."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import cast

from django.contrib import messages
from django.contrib.auth.models import User
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from participants.access.groups import INVITE
from participants.mail.outbox.batches import Batch, list_batches, list_trouble
from participants.mail.outbox.enqueue import CannotQueue, queue
from participants.mail.pending_news import KINDS, Kind
from participants.mail.recipients import Recipient, fingerprint, recipients
from participants.mail.snapshot import open_book
from sessions_app.desk.desk_view import at_desk, own_zone, page
from sessions_app.renderers import labels, time_ranges
from workshop.models import Event
from workshop.zones import Zone

_ABOUT = {
    Kind.INVITATION: gettext_lazy("To those on the list who are not invited yet."),
    Kind.REMINDER: gettext_lazy("To those who have not replied, or said “perhaps”."),
    Kind.CHANGE: gettext_lazy(
        "To those whose sessions, questions or joining information changed since their last mail."
    ),
    Kind.JOINING: gettext_lazy("To those let in who do not know the newest link and passcode."),
    Kind.CANCELLATION: gettext_lazy("To those who were taken off the list after a mail to them."),
}


@dataclass(frozen=True, slots=True)
class KindLine:
    """A kind of mail and how many would get it now."""

    kind: str
    name: str
    about: str
    people: str
    count: int


@dataclass(frozen=True, slots=True)
class BatchLine:
    """A batch and what became of it; `width` is how much of it is sent, in hundredths."""

    batch: Batch
    name: str
    made: str
    by: str
    sent: str
    width: int
    states: str


@require_safe
@at_desk(needs=INVITE)
def letters(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/letters/`: what can be sent, and what became of what was."""
    zone = own_zone(event)
    batches = [_batch_line(each, zone) for each in list_batches(event)]
    return page(
        request,
        "letters.html",
        event,
        section="letters",
        heading=_("Mails"),
        zone=zone,
        kinds=_kind_lines(event),
        batches=batches,
        is_under_way=any(each.batch.waiting for each in batches),
        trouble=list_trouble(event),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=INVITE)
def addressees(request: HttpRequest, event: Event, kind: str) -> HttpResponse:
    """`/desk/<event>/letters/<kind>/`: by GET who gets it and why, by POST it is sent."""
    check_kind(kind)
    if request.method == "POST":
        chosen = request.POST.getlist("person")
        return _send(request, event, kind, chosen) or _list(request, event, kind, chosen)
    return _list(request, event, kind, () if request.GET.get("chosen") == "none" else None)


def check_kind(kind: str) -> None:
    """Raises Http404 for what organisers do not send by hand."""
    if kind not in KINDS:
        raise Http404


def name_of(kind: str) -> str:
    label = str(Kind(kind).label)
    return label[:1].upper() + label[1:]


def _kind_lines(event: Event) -> list[KindLine]:
    book = open_book(event)
    found = []
    for kind in KINDS:
        count = sum(each.gets_it for each in recipients(book, kind))
        people = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
        found.append(KindLine(kind, name_of(kind), str(_ABOUT[kind]), people, count))
    return found


def _batch_line(batch: Batch, zone: Zone) -> BatchLine:
    return BatchLine(
        batch=batch,
        name=name_of(batch.kind),
        made=time_ranges.moment(batch.made_at, zone),
        by=batch.by,
        sent=_("%(sent)s of %(total)s sent") % {"sent": batch.sent, "total": batch.total},
        width=round(100 * batch.sent / batch.total),
        states=", ".join(f"{count} {state.label}" for state, count in batch.counts),
    )


def _list(
    request: HttpRequest, event: Event, kind: str, chosen: Collection[str] | None
) -> HttpResponse:
    """Everybody with a box beside those who would get it: all ticked, or those `chosen`."""
    book = open_book(event, inviting=kind == Kind.INVITATION)
    found = recipients(book, kind)
    ready = [each for each in found if each.gets_it]
    return page(
        request,
        "letter_list.html",
        event,
        section="letters",
        heading=name_of(kind),
        kind=kind,
        about=_ABOUT[Kind(kind)],
        release=book.newest,
        ready=[(each, _from(each), chosen is None or each.key in chosen) for each in ready],
        others=[(each, _from(each)) for each in found if not each.gets_it],
        listed={to.key for to in book.people},
        fingerprint=fingerprint(book, kind),
    )


def _from(each: Recipient) -> str:
    return labels.country(each.country) if each.country else ""


def _send(
    request: HttpRequest, event: Event, kind: str, chosen: Collection[str]
) -> HttpResponse | None:
    """Into the outbox and on to it; None with a message where nothing was sent."""
    try:
        queued = queue(
            event=event,
            kind=kind,
            people=chosen,
            seen=request.POST.get("seen", ""),
            now=timezone.now(),
            by=cast(User, request.user),
        )
    except CannotQueue as refusal:
        messages.error(request, str(refusal))
        return None
    said = ngettext(
        "%(count)s mail is in the outbox and goes out by itself.",
        "%(count)s mails are in the outbox and go out by themselves.",
        queued.count,
    )
    messages.success(request, said % {"count": queued.count})
    return redirect("letters", event.slug)
