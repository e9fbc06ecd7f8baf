"""Responses after a change of people, and the submitted data of its form."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sessions_app.models import Release
from workshop.models import Event


def submitted_data(request: HttpRequest) -> QueryDict:
    """Return the data of the page's form: GET previews, POST applies."""
    return request.POST if request.method == "POST" else request.GET


def redirect_to_people(request: HttpRequest, event: Event, result: str) -> HttpResponse:
    """Redirect to the people with the result and the way to undo it."""
    sentences = [result, _("Readers see it once you publish.")]
    newest = Release.objects.newest(event.slug)
    if newest is not None:
        undo = _(
            "Earlier values are in the history of each entry. To undo all unpublished changes, "
            "restore release %(number)s under “Releases”."
        )
        sentences.append(undo % {"number": newest.number})
    messages.success(request, " ".join(sentences))
    return redirect("people", event.slug)


def no_longer_there(request: HttpRequest, event: Event) -> HttpResponse:
    """Redirect a POST to the people with a message that the entry no longer exists; else 404."""
    if request.method != "POST":
        raise Http404
    messages.error(request, _("What you wanted to change no longer exists. Nothing was changed."))
    return redirect("people", event.slug)
