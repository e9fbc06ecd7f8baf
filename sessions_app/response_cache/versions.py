"""Cache versions: a string that changes whenever a cached response could be out of date.

Raw SQL instead of the ORM: a version is computed with every request.
"""

from uuid import UUID

from django.db import connection

from participants.models import Person
from workshop.config.raw_queries import fetch

# Public responses depend on the newest release, the last erasure, and the readership of each
# workshop; its history decides when calendars last changed.
_PUBLIC_VERSION = """
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


def public_version(slug: str) -> str | None:
    """Version of an event's public responses; None if it is not published. One query."""
    rows = fetch(_PUBLIC_VERSION, (slug, slug))
    is_published = any(kind == "release" for kind, *_rest in rows)
    return repr(sorted(rows)) if is_published else None


# A person's pages depend also on the person's own rows and on the workshops they attend. Sessions
# that were deleted since the release are in the history.
_PERSONAL_ROWS = (
    "SELECT * FROM participants_person WHERE uid = %s",
    """SELECT * FROM participants_participation participation
       JOIN workshop_workshop workshop ON workshop.uid = participation.workshop_id
       WHERE participation.person_id = %s ORDER BY participation.uid""",
    """SELECT reply.* FROM participants_sessionreply reply
       JOIN participants_participation participation ON participation.uid = reply.participation_id
       WHERE participation.person_id = %s ORDER BY reply.uid""",
    """SELECT uid, expires_at, revoked_at FROM participants_personallink
       WHERE person_id = %s ORDER BY uid""",
    # The SEQUENCE of calendar entries counts changes of participation and of join links.
    "SELECT MAX(history_id) FROM participants_historicalparticipation WHERE person_id = %s",
)
_ALL_RELEASES = """
    SELECT event.uid, event.slug, event.erased_at, MAX(release.id)
    FROM workshop_event event JOIN sessions_app_release release ON release.event_id = event.uid
    GROUP BY event.uid ORDER BY event.uid
"""
_ALL_READERSHIPS = "SELECT uid, readership FROM workshop_workshop ORDER BY uid"
_LATEST_EDITS = """
    SELECT (SELECT MAX(history_id) FROM sessions_app_historicalsession),
           (SELECT MAX(history_id) FROM workshop_historicalworkshop)
"""


def personal_version(person: UUID) -> str:
    """Version of all responses to one person, apart from what depends on time. Eight queries."""
    uid = Person._meta.pk.get_db_prep_value(person, connection)
    personal = [fetch(query, (uid,)) for query in _PERSONAL_ROWS]
    common = map(fetch, (_ALL_RELEASES, _ALL_READERSHIPS, _LATEST_EDITS))
    return repr([*personal, *common])
