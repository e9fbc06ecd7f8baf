"""Export and erasure of the personal data of one person."""

import json

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from participants.access.groups import INVITE
from participants.desk.queries import event_people
from participants.lists import pending_uploads
from participants.privacy import erasure
from sessions_app.desk.desk_view import desk_view, render_desk_page
from workshop.models import Event


@require_http_methods(["GET", "HEAD", "POST"])
@desk_view(permission=INVITE)
def data(request: HttpRequest, event: Event, key: str) -> HttpResponse:
    """`/desk/<event>/participants/<key>/data/`: counts of data; by POST with the name, erasure."""
    person = get_object_or_404(event_people(event), key=key)
    is_wrong_name = False
    if request.method == "POST":
        if request.POST.get("name", "").strip() == person.full_name:
            remaining_texts = erasure.erase(person=person)
            pending_uploads.delete_all_uploads()
            _add_messages(request, remaining_texts)
            return redirect("replies", event.slug)
        is_wrong_name = True
    stored = erasure.export_personal_data(person)
    return render_desk_page(
        request,
        "privacy.html",
        event,
        section="replies",
        heading=_("Personal data of %(name)s") % {"name": person},
        person=person,
        counts=[(name.replace("_", " "), len(rows)) for name, rows in stored.items() if rows],
        is_wrong_name=is_wrong_name,
    )


@require_safe
@desk_view(permission=INVITE)
def data_file(request: HttpRequest, event: Event, key: str) -> HttpResponse:  # noqa: ARG001
    """`/desk/<event>/participants/<key>/data.json`: all data on a person, as a file."""
    person = get_object_or_404(event_people(event), key=key)
    text = json.dumps(erasure.export_personal_data(person), ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="{person.key}.json"'
    return response


def _add_messages(request: HttpRequest, remaining_texts: tuple[str, ...]) -> None:
    messages.success(request, _("All data on this person are erased, in old releases too."))
    for text in remaining_texts:
        message = _("This text still contains the name. Please change it yourself: “%(text)s”")
        messages.warning(request, message % {"text": text[:300]})
