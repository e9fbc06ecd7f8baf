"""Actions on e-mails in the outbox: stop, retry, send again, count as sent."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from participants.access.groups import INVITE
from participants.mail.outbox import mail_queue
from participants.models import OutgoingMail
from sessions_app.desk.desk_view import desk_view
from workshop.models import Event


@require_POST
@desk_view(permission=INVITE)
def stop(request: HttpRequest, event: Event, batch: UUID) -> HttpResponse:
    """Stop the waiting e-mails of a batch; one that is being sent is finished."""
    get_object_or_404(OutgoingMail.objects.filter(event=event, batch=batch)[:1])
    count = mail_queue.stop(batch=batch)
    text = ngettext("%(count)s e-mail was stopped.", "%(count)s e-mails were stopped.", count)
    messages.success(request, text % {"count": count})
    return redirect("mails", event.slug)


@require_POST
@desk_view(permission=INVITE)
def retry(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Send a failed or bounced e-mail again, to the current address of the person."""
    return _apply(
        request,
        event,
        uid,
        lambda mail: mail_queue.retry(mail=mail),
        _("The e-mail will be sent again."),
    )


@require_POST
@desk_view(permission=INVITE)
def send_again(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Send an unknown e-mail again: it has not arrived."""
    return _apply(
        request,
        event,
        uid,
        lambda mail: mail_queue.send_again(mail=mail),
        _("The e-mail will be sent again."),
    )


@require_POST
@desk_view(permission=INVITE)
def counts_as_sent(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """Count an unknown e-mail as sent: it has arrived."""
    return _apply(
        request,
        event,
        uid,
        lambda mail: mail_queue.count_as_sent(mail=mail),
        _("The e-mail counts as sent."),
    )


def _apply(
    request: HttpRequest,
    event: Event,
    uid: UUID,
    action: Callable[[OutgoingMail], OutgoingMail],
    text: str,
) -> HttpResponse:
    mail = get_object_or_404(OutgoingMail.objects.select_related("person"), event=event, pk=uid)
    try:
        action(mail)
    except mail_queue.CannotSend as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{mail.person}: {text}")
    return redirect("mails", event.slug)
