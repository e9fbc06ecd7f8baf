"""Whether the process lives, and whether it can serve."""

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: 200 while the process answers."""
    return _said("ok", 200)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: 200 while database and cache answer, else 503 and which of them does not."""
    if not database_answers():
        return _said("the database does not answer", 503)
    if not cache_answers():
        return _said("the cache does not answer; pages are served without it", 503)
    return _said("ok", 200)


def database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError, OSError):
        return False
    return True


def cache_answers() -> bool:
    """A cache in this process or on this machine's disk always does."""
    answers = getattr(caches["default"], "answers", None)
    return answers is None or bool(answers())


def _said(text: str, status: int) -> HttpResponse:
    answer = HttpResponse(text, content_type="text/plain", status=status)
    answer["Cache-Control"] = "no-store"
    return answer
