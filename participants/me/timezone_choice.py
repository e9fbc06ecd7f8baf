"""The clock that somebody lives by: asked once, remembered with them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.me.personal_view import own_page
from participants.models import Person
from participants.personal.self_service_history import by_themselves
from workshop import zones


@require_POST
@own_page
def choose(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/clock/`: remember the zone that was chosen, on every device and in mails."""
    try:
        zone = zones.find(zones.current_key(request.POST.get("zone", "")[:64]))
    except zones.UnknownZone as unknown:
        said = _("“%(name)s” is no place whose clock is known. Choose one from the list.")
        messages.error(request, said % {"name": unknown.args[0]})
        return redirect("me")
    if person.own_clock != zone.key:
        person.own_clock = zone.key
        by_themselves(person).save()
    messages.success(request, _("Times are those of %(place)s now.") % {"place": zone.label})
    return redirect("me")
