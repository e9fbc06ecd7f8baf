"""View that saves a person's own time zone."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from participants.me.personal_view import personal_view
from participants.models import Person
from participants.personal.self_service_history import as_self_service
from workshop import zones


@require_POST
@personal_view
def choose(request: HttpRequest, person: Person) -> HttpResponse:
    """`/me/clock/`: save the chosen zone, for every device and for e-mails."""
    try:
        zone = zones.find(zones.current_key(request.POST.get("zone", "")[:64]))
    except zones.UnknownZone as unknown:
        message = _("“%(name)s” is not a known time zone. Choose one from the list.")
        messages.error(request, message % {"name": unknown.args[0]})
        return redirect("me")
    if person.own_clock != zone.key:
        person.own_clock = zone.key
        as_self_service(person).save()
    messages.success(request, _("Your time zone is now %(place)s.") % {"place": zone.label})
    return redirect("me")
