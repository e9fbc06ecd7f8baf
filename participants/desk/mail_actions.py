"""What an organiser decides on mails: stop them, try once more, count as sent."""

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
from participants.models import Letter
from sessions_app.desk.desk_view import at_desk
from workshop.models import Event


@require_POST
@at_desk(needs=INVITE)
def stop(request: HttpRequest, event: Event, batch: UUID) -> HttpResponse:
    """Of a batch, what still waits stays here; one that is on its way arrives."""
    get_object_or_404(Letter.objects.filter(event=event, batch=batch)[:1])
    count = mail_queue.stop(batch=batch)
    said = ngettext("%(count)s mail was stopped.", "%(count)s mails were stopped.", count)
    messages.success(request, said % {"count": count})
    return redirect("letters", event.slug)


@require_POST
@at_desk(needs=INVITE)
def retry(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """One that failed or came back, to the address that its person has now."""
    return _done(
        request, event, uid, lambda row: mail_queue.retry(letter=row), _("It goes out again.")
    )


@require_POST
@at_desk(needs=INVITE)
def send_again(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """One that was perhaps sent, and is known not to have arrived."""
    return _done(
        request, event, uid, lambda row: mail_queue.send_again(letter=row), _("It goes out again.")
    )


@require_POST
@at_desk(needs=INVITE)
def counts_as_sent(request: HttpRequest, event: Event, uid: UUID) -> HttpResponse:
    """One that was perhaps sent, and is known to have arrived."""
    return _done(
        request,
        event,
        uid,
        lambda row: mail_queue.count_as_sent(letter=row),
        _("It counts as sent."),
    )


def _done(
    request: HttpRequest, event: Event, uid: UUID, do: Callable[[Letter], Letter], said: str
) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.select_related("person"), event=event, pk=uid)
    try:
        do(letter)
    except mail_queue.CannotSend as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{letter.person}: {said}")
    return redirect("letters", event.slug)
