"""What one person is answered is kept while nothing that it says has changed; for them alone."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse

from sessions_app.shelf import Shelf, coding, in_coding
from workshop import build

ROOM = 32 * 2**20  # bytes in the memory of one process
SHELF = Shelf(ROOM)


def answer(
    request: HttpRequest, mark: tuple[str, ...], draw: Callable[[], HttpResponse]
) -> HttpResponse:
    """What was drawn for this person under this mark, else what is drawn now.

    `mark` names the person and changes with all that the answer depends on beside its address.
    """
    csrf = request.COOKIES.get(settings.CSRF_COOKIE_NAME, "")
    if len(get_messages(request)):
        return draw()  # said once
    packing = coding(request.headers.get("Accept-Encoding", ""))
    asked = (request.method, request.scheme, request.get_host(), request.get_full_path())
    key = (*mark, csrf, build.name(), *asked, packing)
    ready = SHELF.get(key)
    if ready is None:
        drawn = draw()
        # A form is good for the browser whose cookie it was drawn for, and for no other.
        is_for_this_browser = request.META.get("CSRF_COOKIE", csrf) == csrf
        if drawn.status_code != 200 or drawn.streaming or not is_for_this_browser:
            return drawn
        ready = in_coding(drawn, packing)
        SHELF.put(key, ready)
    return HttpResponse(ready.body, headers=dict(ready.headers))
