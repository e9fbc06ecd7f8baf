"""Somebody replies to an invitation: by one of three buttons, or in full; and sees what is kept."""

from dataclasses import dataclass, replace
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from participants.me.event_cards import card, in_current_sessions
from participants.me.forms import ReplyForm
from participants.me.personal_view import own_page
from participants.models import Participation, Person
from participants.personal.own_events import OwnWorkshop, list_own
from participants.personal.own_timezone import own_zone
from participants.personal.reply import ANSWERS, Reply, in_short
from participants.replies import AnsweredMeanwhile, CannotReply, reply, why_not
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda


@dataclass(frozen=True, slots=True)
class _Asked:
    """A workshop that asks somebody for a reply, and its event in their language."""

    own: OwnWorkshop
    agenda: Agenda


@require_http_methods(["GET", "HEAD", "POST"])
@own_page
def page(request: HttpRequest, person: Person, participation: UUID) -> HttpResponse:
    """`/me/replies/<participation>/`: what was replied to one workshop, and the form for it."""
    row = Participation.objects.filter(pk=participation, person=person).first()
    if row is None:
        raise Http404
    asked = _asked(person, participation)
    if asked is None:
        return _refused(request, row)
    if request.method == "POST" and "quick" in request.POST:
        return _quick(request, person, row, asked)
    if request.method == "POST":
        return _in_full(request, person, row, asked)
    return _shown(request, person, asked, _form(request, person, asked))


def _asked(person: Person, participation: UUID) -> _Asked | None:
    for event in list_own(person.pk, timezone.now()):
        for own in event.workshops:
            if own.participation == participation and own.may_answer:
                languages = event.agenda.languages
                language = person.language if person.language in languages else "en"
                return _Asked(own, in_language(event.agenda, language))
    return None


def _refused(request: HttpRequest, row: Participation) -> HttpResponse:
    """Why somebody who stands in a list, or stood there, cannot reply."""
    unpublished = _("There is no programme yet to which you could reply.")
    messages.error(request, why_not(row) or unpublished)
    return redirect("me")


def _quick(request: HttpRequest, person: Person, row: Participation, asked: _Asked) -> HttpResponse:
    """One of the three buttons: everything else that was said before stays."""
    state = request.POST["quick"]
    if state not in ANSWERS:
        raise Http404
    stands = in_current_sessions(asked.own.reply, asked.own)
    return _kept(request, person, row, replace(stands, state=state))


def _in_full(
    request: HttpRequest, person: Person, row: Participation, asked: _Asked
) -> HttpResponse:
    form = _form(request, person, asked)
    if not form.is_valid():
        messages.error(request, _("Nothing was sent yet: please look at what is marked below."))
        return _shown(request, person, asked, form)
    try:
        return _kept(request, person, row, form.answer(), form.cleaned_data["seen"] or None)
    except AnsweredMeanwhile as why:
        said = _("What you typed is still here: send it again to put it in the other's place.")
        messages.error(request, f"{why} {said}")
        form.data = {**request.POST.dict(), "seen": asked.own.reply.mark}
        return _shown(request, person, asked, form)


def _kept(
    request: HttpRequest,
    person: Person,
    row: Participation,
    answer: Reply,
    seen: str | None = None,
) -> HttpResponse:
    """To the page that says what is kept now, or why nothing was."""
    try:
        reply(participation=row, answer=answer, now=timezone.now(), seen=seen)
    except AnsweredMeanwhile:
        raise
    except CannotReply as why:
        messages.error(request, str(why))
        return redirect("me")
    said = in_short(answer, row.workshop.room)
    sent = _("A confirmation goes to %(address)s.") % {"address": person.email}
    messages.success(request, f"{said} {sent}" if person.email else said)
    return redirect("me-reply", row.pk)


def _form(request: HttpRequest, person: Person, asked: _Asked) -> ReplyForm:
    return ReplyForm(
        request.POST if request.method == "POST" else None,
        own=asked.own,
        agenda=asked.agenda,
        zone=own_zone(person.clock_key, asked.agenda),
        action=request.path,
    )


def _shown(request: HttpRequest, person: Person, asked: _Asked, form: ReplyForm) -> HttpResponse:
    zone = own_zone(person.clock_key, asked.agenda)
    context = {
        "card": card(asked.own, asked.agenda, zone),
        "zone": zone,
        "event": asked.agenda.title,
        "form": form,
        "person": person,
        "language": "en",
    }
    return render(request, "me/reply.html", context)
