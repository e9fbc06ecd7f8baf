"""Marks: what changes whenever an answer may, so that what was drawn before can be told apart.

Past the ORM: a mark is asked for with every request, and there is nothing in it to be built.
"""

from uuid import UUID

from django.db import connection

from participants.models import Person
from workshop.config.raw_queries import fetch

# What strangers get depends on the newest release, on when somebody was last erased, and on who
# may read which workshop, now and, for when calendars last changed, formerly.
_PUBLIC_MARK = """
    SELECT 'release', release.id || '', release.made_at || '', event.erased_at || '',
           (SELECT MAX(former.history_date) FROM workshop_historicalworkshop former
            WHERE former.event_id = event.uid) || ''
    FROM workshop_event event
    JOIN sessions_app_release release ON release.event_id = event.uid
    WHERE event.slug = %s
      AND release.number = (SELECT MAX(newest.number) FROM sessions_app_release newest
                            WHERE newest.event_id = event.uid)
    UNION ALL
    SELECT 'workshop', workshop.uid || '', workshop.readership, '', ''
    FROM workshop_event event JOIN workshop_workshop workshop ON workshop.event_id = event.uid
    WHERE event.slug = %s
"""


def get_public_mark(slug: str) -> str | None:
    """Of what strangers get of an event; None if nothing of it is published. One query."""
    rows = fetch(_PUBLIC_MARK, (slug, slug))
    is_published = any(kind == "release" for kind, *_rest in rows)
    return repr(sorted(rows)) if is_published else None


# What somebody's pages depend on beside what strangers' do: their own rows, and those of what they
# take part in. Sessions that were deleted since the release are known by their history.
_OWN_ROWS = (
    "SELECT * FROM participants_person WHERE uid = %s",
    """SELECT * FROM participants_participation participation
       JOIN workshop_workshop workshop ON workshop.uid = participation.workshop_id
       WHERE participation.person_id = %s ORDER BY participation.uid""",
    """SELECT reply.* FROM participants_sessionreply reply
       JOIN participants_participation participation ON participation.uid = reply.participation_id
       WHERE participation.person_id = %s ORDER BY reply.uid""",
    """SELECT uid, expires_at, revoked_at FROM participants_personallink
       WHERE person_id = %s ORDER BY uid""",
    # Calendars count changes of mind, and of the ways to join.
    "SELECT MAX(history_id) FROM participants_historicalparticipation WHERE person_id = %s",
)
_EVERY_RELEASE = """
    SELECT event.uid, event.slug, event.erased_at, MAX(release.id)
    FROM workshop_event event JOIN sessions_app_release release ON release.event_id = event.uid
    GROUP BY event.uid ORDER BY event.uid
"""
_EVERY_READERSHIP = "SELECT uid, readership FROM workshop_workshop ORDER BY uid"
_EVERY_EDIT = """
    SELECT (SELECT MAX(history_id) FROM sessions_app_historicalsession),
           (SELECT MAX(history_id) FROM workshop_historicalworkshop)
"""


def get_own_mark(person: UUID) -> str:
    """Of what one person gets at any address, but for what the time changes. Eight queries."""
    uid = Person._meta.pk.get_db_prep_value(person, connection)
    own = [fetch(query, (uid,)) for query in _OWN_ROWS]
    everybodys = map(fetch, (_EVERY_RELEASE, _EVERY_READERSHIP, _EVERY_EDIT))
    return repr([*own, *everybodys])
