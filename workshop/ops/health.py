"""Health endpoints: liveness (`/healthz`) and readiness (`/readyz`)."""

from django.core.cache import caches
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """`/healthz`: 200 while the process responds."""
    return _plain_text("ok", 200)


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """`/readyz`: 200 while database and cache are up, else 503 with the name of the one down."""
    if not is_database_up():
        return _plain_text("the database does not answer", 503)
    if not is_cache_up():
        return _plain_text("the cache does not answer; pages are served without it", 503)
    return _plain_text("ok", 200)


def is_database_up() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, InterfaceError, OSError):
        return False
    return True


def is_cache_up() -> bool:
    """True while the cache is reachable; a local cache always is."""
    is_reachable = getattr(caches["default"], "is_reachable", None)
    return is_reachable is None or bool(is_reachable())


def _plain_text(text: str, status: int) -> HttpResponse:
    response = HttpResponse(text, content_type="text/plain", status=status)
    response["Cache-Control"] = "no-store"
    return response
