"""Previews of an e-mail to one person as it would be sent now; nothing is written or sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from participants.access.groups import INVITE
from participants.desk.mail import check_kind, kind_name
from participants.mail import itip
from participants.mail.draft import DraftMail, draft_mail
from participants.mail.itip import ItipMessage
from participants.mail.pending_news import Kind
from participants.mail.recipients import list_recipients
from participants.mail.snapshot import MailSnapshot, Recipient, take_snapshot
from participants.mail.time_text import city_zone, long_time_range
from sessions_app.desk.desk_view import desk_view, render_desk_page
from workshop.models import Event

# Policy for the HTML of an e-mail: no external content, no scripts, no forms.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


@dataclass(frozen=True, slots=True)
class CalendarEntryRow:
    """A calendar entry of the e-mail and what the e-mail does to it."""

    action: str
    summary: str
    time: str
    place: str
    sequence: int


@require_safe
@desk_view(permission=INVITE)
def preview(request: HttpRequest, event: Event, kind: str, key: str) -> HttpResponse:
    """`/desk/<event>/mails/<kind>/preview/<person>/`: the whole e-mail, for organisers."""
    snapshot, recipient = _get_or_404(event, kind, key)
    draft = draft_mail(snapshot, recipient, kind, timezone.now())
    choice = next(row for row in list_recipients(snapshot, kind) if row.key == key)
    zone_key = recipient.zone_key or event.zone
    response = render_desk_page(
        request,
        "mail_preview.html",
        event,
        section="mails",
        heading=_("%(kind)s to %(name)s") % {"kind": kind_name(kind), "name": recipient.name},
        kind=kind,
        kind_name=kind_name(kind),
        recipient=recipient,
        choice=choice,
        draft=draft,
        zone=city_zone(zone_key).label,
        entries=tuple(_entries(draft, zone_key)),
    )
    response._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # django-csp's
    return response


@require_safe
@xframe_options_sameorigin
@desk_view(permission=INVITE)
def html(request: HttpRequest, event: Event, kind: str, key: str) -> HttpResponse:  # noqa: ARG001
    """The HTML of the e-mail alone, for the frame in the preview."""
    snapshot, recipient = _get_or_404(event, kind, key)
    draft = draft_mail(snapshot, recipient, kind, timezone.now())
    response = HttpResponse(draft.rendered.html)
    response._csp_config = MAIL_POLICY  # type: ignore[attr-defined]  # django-csp's
    return response


def _get_or_404(event: Event, kind: str, key: str) -> tuple[MailSnapshot, Recipient]:
    check_kind(kind)
    snapshot = take_snapshot(event, inviting=kind == Kind.INVITATION)
    recipient = next((row for row in snapshot.recipients if row.key == key), None)
    if recipient is None or not snapshot.newest_release:
        raise Http404
    return snapshot, recipient


def _entries(draft: DraftMail, zone_key: str) -> Iterator[CalendarEntryRow]:
    for message in draft.messages:
        entry = itip.parse_entry(message.sent_entry)
        yield CalendarEntryRow(
            action=_action(message),
            summary=entry.summary,
            time=long_time_range(entry.starts_at, entry.ends_at, city_zone(zone_key)),
            place=entry.place,
            sequence=message.sent_entry.sequence,
        )


def _action(message: ItipMessage) -> str:
    if message.method == "CANCEL":
        return _("Removed")
    if message.previous is None or message.previous.is_cancelled:
        return _("New")
    if message.previous.digest != message.sent_entry.digest:
        return _("Moved or changed")
    return _("Sent again")
