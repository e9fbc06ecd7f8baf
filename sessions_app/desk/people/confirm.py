"""The button under a preview of people: it does what was previewed, or says why not."""

from collections.abc import Callable
from typing import TypeVar

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from sessions_app.models import Release
from sessions_app.people_changes.change_plan import RowsChanged
from workshop.models import Event

Done = TypeVar("Done")


def sent(request: HttpRequest) -> QueryDict:
    """What the page's form is filled with: by GET for a preview, by POST to do it."""
    return request.POST if request.method == "POST" else request.GET


def done(request: HttpRequest, form: forms.Form, do: Callable[[str], Done]) -> Done | None:
    """What `do` answers to the preview's mark; None where it is not asked for, or refused.

    A refusal is said on the page, which previews the rows as they are now.
    """
    if request.method != "POST":
        return None
    try:
        if form.is_valid():
            return do(request.POST.get("fingerprint", ""))
    except RowsChanged:
        pass
    messages.error(
        request,
        _("The rows have changed since this preview. Nothing was changed; look once more."),
    )
    return None


def to_people(request: HttpRequest, event: Event, said: str) -> HttpResponse:
    """Back to the people, saying what was done, who sees it and how to go back."""
    after = [said, _("Readers see it once you publish.")]
    newest = Release.objects.newest(event.slug)
    if newest is not None:
        back = _(
            "The history of every row keeps what it said before. To put all rows back to what "
            "readers see now, restore release %(number)s under “Releases”."
        )
        after.append(back % {"number": newest.number})
    messages.success(request, " ".join(after))
    return redirect("people", event.slug)


def gone(request: HttpRequest, event: Event) -> HttpResponse:
    """Somebody who was about to change it is told that it is gone; others find nothing."""
    if request.method != "POST":
        raise Http404
    messages.error(
        request, _("What you were about to change is not there any more. Nothing was changed.")
    )
    return redirect("people", event.slug)
