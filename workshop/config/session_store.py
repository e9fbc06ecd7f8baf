"""Django's database web sessions, loaded by one raw query."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from workshop.config.raw_queries import fetch

_FIND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Django's store with a faster `load`, which every request of a signed-in person makes."""

    def load(self) -> dict[str, Any]:
        if not str(self.session_key).isalnum():
            return self._empty()  # PostgreSQL refuses NUL, which no real key contains
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        rows = fetch(_FIND, (self.session_key, now))
        return self.decode(rows[0][0]) if rows else self._empty()

    def _empty(self) -> dict[str, Any]:
        self._session_key = None
        return {}
