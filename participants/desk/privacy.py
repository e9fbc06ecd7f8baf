"""What is held on somebody: to be handed over, or to be erased."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from participants.access.groups import INVITE
from participants.desk.queries import of_event
from participants.lists import pending_uploads
from participants.privacy import erasure
from sessions_app.desk.desk_view import at_desk, page
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@at_desk(needs=INVITE)
def data(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/participants/<key>/data/`: by POST, with the name typed, all is erased."""
    person = get_object_or_404(of_event(event), key=key)
    wrong = False
    if request.method == "POST":
        if request.POST.get("name", "").strip() == person.full_name:
            kept = erasure.erase(person=person)
            pending_uploads.forget_all()
            _tell(request, kept)
            return redirect("replies", event.slug)
        wrong = True
    held = erasure.held_on(person)
    return page(
        request,
        "data.html",
        event,
        section="replies",
        heading=_("What is held on %(name)s") % {"name": person},
        person=person,
        held=[(name.replace("_", " "), len(rows)) for name, rows in held.items() if rows],
        wrong=wrong,
    )


@require_safe
@at_desk(needs=INVITE)
def data_file(request: HttpRequest, event: Event, key: str) -> HttpResponse:  # noqa: ARG001
    """`/desk/<event>/participants/<key>/data.json`: all of it, as a file to hand over."""
    person = get_object_or_404(of_event(event), key=key)
    text = json.dumps(erasure.held_on(person), ensure_ascii=False, indent=1)
    answer = HttpResponse(text, content_type="application/json")
    answer["Content-Disposition"] = f'attachment; filename="{person.key}.json"'
    return answer


def _tell(request: HttpRequest, kept: tuple[str, ...]) -> None:
    messages.success(request, _("Everything on this person is erased, in old releases too."))
    for text in kept:
        said = _("The name still stands in this text, which only you can change: “%(text)s”")
        messages.warning(request, said % {"text": text[:300]})
