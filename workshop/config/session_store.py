"""Web sessions in the database, as Django keeps them, found by a query that needs no building."""

from typing import Any

from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone

from workshop.config.raw_queries import fetch

_FIND = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(db.SessionStore):
    """Loading is most of what a session costs, and each page of somebody known begins with it."""

    def load(self) -> dict[str, Any]:
        if not str(self.session_key).isalnum():
            return self._none()  # PostgreSQL knows no NUL, and no key of ours has one
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        found = fetch(_FIND, (self.session_key, now))
        return self.decode(found[0][0]) if found else self._none()

    def _none(self) -> dict[str, Any]:
        self._session_key = None
        return {}
