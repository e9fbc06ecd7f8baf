"""View of a reply to an invitation: quick buttons, full form and the stored reply."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.me.event_cards import reply_card, without_former_sessions
from participants.me.forms import ReplyForm
from participants.me.personal_view import personal_view
from participants.models import Participation, Person
from participants.personal.own_events import OwnWorkshop, list_own_events
from participants.personal.own_timezone import own_zone
from participants.personal.reply import ANSWERED_STATES, Reply, short_text
from participants.replies import CannotReply, ReplyConflict, reply_refusal, save_reply
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda


@dataclass(frozen=True, slots=True)
class _Invitation:
    """Workshop to which a person can reply, and its event in their language."""

    own: OwnWorkshop
    agenda: Agenda


@require_http_methods(["GET", "HEAD", "POST"])
@personal_view
def page(request: HttpRequest, person: Person, participation: UUID) -> HttpResponse:
    """`/me/replies/<participation>/`: the reply to one workshop, and its form."""
    row = Participation.objects.filter(pk=participation, person=person).first()
    if row is None:
        raise Http404
    invitation = _get_invitation(person, participation)
    if invitation is None:
        return _refuse(request, row)
    if request.method == "POST" and "quick" in request.POST:
        return _quick_reply(request, person, row, invitation)
    if request.method == "POST":
        return _full_reply(request, person, row, invitation)
    return _render(request, person, invitation, _form(request, person, invitation))


def _get_invitation(person: Person, participation: UUID) -> _Invitation | None:
    for event in list_own_events(person.pk, timezone.now()):
        for own in event.workshops:
            if own.participation == participation and own.can_reply:
                languages = event.agenda.languages
                language = person.language if person.language in languages else "en"
                return _Invitation(own, in_language(event.agenda, language))
    return None


def _refuse(request: HttpRequest, row: Participation) -> HttpResponse:
    """Redirect with the reason why a listed or former participant cannot reply."""
    unpublished = _("You cannot reply yet: the programme is not published.")
    messages.error(request, reply_refusal(row) or unpublished)
    return redirect("me")


def _quick_reply(
    request: HttpRequest, person: Person, row: Participation, invitation: _Invitation
) -> HttpResponse:
    """Save the state of a reply button; the rest of the stored reply stays."""
    state = request.POST["quick"]
    if state not in ANSWERED_STATES:
        raise Http404
    stored = without_former_sessions(invitation.own.reply, invitation.own)
    return _save(request, person, row, invitation, replace(stored, state=state))


def _full_reply(
    request: HttpRequest, person: Person, row: Participation, invitation: _Invitation
) -> HttpResponse:
    form = _form(request, person, invitation)
    if not form.is_valid():
        messages.error(request, _("Nothing was sent yet. Please correct the fields marked below."))
        return _render(request, person, invitation, form)
    try:
        seen = form.cleaned_data["seen"] or None
        return _save(request, person, row, invitation, form.answer(), seen)
    except ReplyConflict as conflict:
        advice = _("Your entries are still here. Send them again to replace the other reply.")
        messages.error(request, f"{conflict} {advice}")
        form.data = {**request.POST.dict(), "seen": invitation.own.reply.fingerprint}
        return _render(request, person, invitation, form)


def _save(
    request: HttpRequest,
    person: Person,
    row: Participation,
    invitation: _Invitation,
    answer: Reply,
    seen: str | None = None,
) -> HttpResponse:
    """Save the reply and redirect with a message: what is stored, or why it was refused."""
    try:
        save_reply(
            participation=row,
            answer=answer,
            agenda=invitation.agenda,
            now=timezone.now(),
            seen=seen,
        )
    except ReplyConflict:
        raise
    except CannotReply as refusal:
        messages.error(request, str(refusal))
        return redirect("me")
    message = short_text(answer, row.workshop.room)
    email = person.email
    confirmation = _("A confirmation will be sent to %(address)s.") % {"address": email}
    messages.success(request, f"{message} {confirmation}" if email else message)
    return redirect("me-reply", row.pk)


def _form(request: HttpRequest, person: Person, invitation: _Invitation) -> ReplyForm:
    return ReplyForm(
        request.POST if request.method == "POST" else None,
        own=invitation.own,
        agenda=invitation.agenda,
        zone=own_zone(person.preferred_zone_key, invitation.agenda),
        action=request.path,
    )


def _render(
    request: HttpRequest, person: Person, invitation: _Invitation, form: ReplyForm
) -> HttpResponse:
    zone = own_zone(person.preferred_zone_key, invitation.agenda)
    context = {
        "card": reply_card(invitation.own, invitation.agenda, zone),
        "zone": zone,
        "event": invitation.agenda.title,
        "form": form,
        "person": person,
        "language": "en",
    }
    return render(request, "me/reply.html", context)
