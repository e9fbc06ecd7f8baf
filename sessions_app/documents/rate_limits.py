"""Papers in zones of a stranger's choice are bounded: so many wait, so many a network may ask for.

The counts are a fixed window's, in the cache that all processes share; two in the same instant may
count once.
"""

from datetime import datetime

from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from sessions_app.documents import job_queue, storage
from sessions_app.public.requests import refusal
from sessions_app.renderers.pdf.documents import Paper
from workshop.ops.client_network import network_of

WAITING = 20
OF_ONE_NETWORK = 40  # an office with people from many countries is one
SECONDS = 600


def turned_away(request: HttpRequest, paper: Paper) -> HttpResponse | None:
    """An answer to who asks for one paper too many, None where it may be asked for.

    One that anybody asked for before is counted no more.
    """
    now = timezone.now()
    if job_queue.find(storage.name_of(paper)) is not None:
        return None
    if job_queue.count_waiting_variants(now=now) >= WAITING:
        said = _("Many papers in other time zones are being made. Please try again in a minute.")
        return _refused(request, 503, said, 60)
    cache, counted = caches["shared"], _counted(request, now)
    count = cache.get(counted, 0)
    if count >= OF_ONE_NETWORK:
        seconds = SECONDS - int(now.timestamp()) % SECONDS
        said = _(
            "From your network %(count)s new papers in other time zones were asked for in the last "
            "ten minutes. Please try again in %(minutes)s min."
        ) % {"count": count, "minutes": seconds // 60 + 1}
        return _refused(request, 429, said, seconds)
    cache.set(counted, count + 1, SECONDS)
    return None


def _refused(request: HttpRequest, status: int, said: str, seconds: int) -> HttpResponse:
    plain = request.GET.copy()
    for parameter in ("tz", "lang", "made"):
        plain.pop(parameter, None)
    answer = refusal(
        status,
        _("This paper cannot be made right now"),
        said,
        back=request.path + (f"?{plain.urlencode()}" if plain else ""),
        back_text=_("The paper in the programme’s own time zones"),
    )
    answer["Retry-After"] = str(seconds)
    return answer


def _counted(request: HttpRequest, now: datetime) -> str:
    return f"papers:{int(now.timestamp()) // SECONDS}:{network_of(request)}"
