"""Pages for e-mails: kinds to send, choice of recipients, and the outbox."""

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
from participants.mail.outbox import enqueue
from participants.mail.outbox.batches import Batch, list_batches, list_problem_mails
from participants.mail.pending_news import KINDS, Kind
from participants.mail.recipients import RecipientChoice, list_recipients
from participants.mail.snapshot import take_snapshot
from sessions_app.desk.desk_view import (
    apply_previewed,
    desk_view,
    event_zone,
    render_desk_page,
)
from sessions_app.renderers import labels, time_ranges
from workshop.models import Event
from workshop.zones import Zone

_DESCRIPTIONS = {
    Kind.INVITATION: gettext_lazy("To people on the list who are not invited yet."),
    Kind.REMINDER: gettext_lazy("To people who have not replied, or replied “perhaps”."),
    Kind.CHANGE: gettext_lazy(
        "To people whose sessions, questions or joining information changed since their last "
        "e-mail."
    ),
    Kind.JOINING: gettext_lazy(
        "To registered participants who do not have the newest link and passcode."
    ),
    Kind.CANCELLATION: gettext_lazy(
        "To people who were removed from the list after they received an e-mail."
    ),
}


@dataclass(frozen=True, slots=True)
class MailKindRow:
    """A kind of e-mail with its number of recipients now."""

    kind: str
    name: str
    description: str
    people: str
    count: int


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with its progress; `width` is the share that is sent, in percent."""

    batch: Batch
    name: str
    made: str
    made_by: str
    sent: str
    width: int
    states: str


@require_safe
@desk_view(permission=INVITE)
def mails(request: HttpRequest, event: Event) -> HttpResponse:
    """`/desk/<event>/mails/`: kinds of e-mails to send, and the outbox."""
    zone = event_zone(event)
    batches = [_batch_row(batch, zone) for batch in list_batches(event)]
    return render_desk_page(
        request,
        "mails.html",
        event,
        section="mails",
        heading=_("E-mails"),
        zone=zone,
        kinds=_kind_rows(event),
        batches=batches,
        is_sending=any(row.batch.waiting for row in batches),
        problem_mails=list_problem_mails(event),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=INVITE)
def mail_recipients(request: HttpRequest, event: Event, kind: str) -> HttpResponse:
    """`/desk/<event>/mails/<kind>/`: choice of recipients; a POST sends the e-mail to them."""
    check_kind(kind)
    if request.method == "POST":
        chosen = request.POST.getlist("person")
        return _send(request, event, kind, chosen) or _list(request, event, kind, chosen)
    return _list(request, event, kind, () if request.GET.get("chosen") == "none" else None)


def check_kind(kind: str) -> None:
    """Raise Http404 for a kind that organisers do not send by hand."""
    if kind not in KINDS:
        raise Http404


def kind_name(kind: str) -> str:
    label = str(Kind(kind).label)
    return label[:1].upper() + label[1:]


def _kind_rows(event: Event) -> list[MailKindRow]:
    snapshot = take_snapshot(event)
    rows = []
    for kind in KINDS:
        count = sum(choice.is_included for choice in list_recipients(snapshot, kind))
        people = ngettext("%(count)s person", "%(count)s people", count) % {"count": count}
        rows.append(MailKindRow(kind, kind_name(kind), str(_DESCRIPTIONS[kind]), people, count))
    return rows


def _batch_row(batch: Batch, zone: Zone) -> BatchRow:
    return BatchRow(
        batch=batch,
        name=kind_name(batch.kind),
        made=time_ranges.moment(batch.made_at, zone),
        made_by=batch.made_by,
        sent=_("%(sent)s of %(total)s sent") % {"sent": batch.sent, "total": batch.total},
        width=round(100 * batch.sent / batch.total),
        states=", ".join(f"{count} {state.label}" for state, count in batch.counts),
    )


def _list(
    request: HttpRequest, event: Event, kind: str, chosen: Collection[str] | None
) -> HttpResponse:
    """The list with a box for each recipient: all selected, or those `chosen`."""
    plan = enqueue.plan(event, kind)
    included = [choice for choice in plan.choices if choice.is_included]
    return render_desk_page(
        request,
        "mail_recipients.html",
        event,
        section="mails",
        heading=kind_name(kind),
        kind=kind,
        description=_DESCRIPTIONS[Kind(kind)],
        release=plan.snapshot.newest_release,
        included=[
            (choice, _country(choice), chosen is None or choice.key in chosen)
            for choice in included
        ],
        excluded=[(choice, _country(choice)) for choice in plan.choices if not choice.is_included],
        listed={recipient.key for recipient in plan.snapshot.recipients},
        fingerprint=plan.fingerprint,
    )


def _country(choice: RecipientChoice) -> str:
    return labels.country(choice.country) if choice.country else ""


def _send(
    request: HttpRequest, event: Event, kind: str, chosen: Collection[str]
) -> HttpResponse | None:
    """Put the e-mails into the outbox and redirect there; None and a message if that fails."""
    if not chosen:
        messages.error(request, _("No person is selected. Nothing was sent."))
        return None
    batch = apply_previewed(
        request,
        lambda fingerprint: enqueue.apply(
            event,
            kind,
            people=chosen,
            fingerprint=fingerprint,
            now=timezone.now(),
            made_by=cast(User, request.user),
        ),
    )
    if batch is None:
        return None
    text = ngettext(
        "%(count)s e-mail is in the outbox and will be sent automatically.",
        "%(count)s e-mails are in the outbox and will be sent automatically.",
        batch.count,
    )
    messages.success(request, text % {"count": batch.count})
    return redirect("mails", event.slug)
