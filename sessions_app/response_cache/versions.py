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


# Triggers raise the counter with every change of what a person's own pages show. What the person
# may read is in the version itself, and so are the newest release, change of a workshop and erasure
# of all events: only its JSON says which people a release names.
_PERSONAL_VERSION = """
    SELECT person.response_version,
           (SELECT MAX(id) FROM sessions_app_release),
           (SELECT MAX(history_id) FROM workshop_historicalworkshop),
           (SELECT MAX(erased_at) FROM workshop_event) || '',
           participation.workshop_id || '', participation.state
    FROM participants_person person
    LEFT JOIN participants_participation participation ON participation.person_id = person.uid
    WHERE person.uid = %s
"""

# What a person may read of an event.
_STATES = """
    SELECT participation.workshop_id || '', participation.state
    FROM participants_participation participation
    JOIN workshop_workshop workshop ON workshop.uid = participation.workshop_id
    JOIN workshop_event event ON event.uid = workshop.event_id
    WHERE participation.person_id = %s AND event.slug = %s
"""


def personal_version(person: UUID) -> str:
    """Version of a person's own pages, apart from what depends on time. One query."""
    return repr((person, sorted(fetch(_PERSONAL_VERSION, (_uid(person),)))))


def reader_version(slug: str, person: UUID) -> str:
    """Version of an event's responses to one person, who sees more than the public. Two queries."""
    states = sorted(fetch(_STATES, (_uid(person), slug)))
    return repr((person, states, public_version(slug)))


def _uid(person: UUID) -> object:
    return Person._meta.pk.get_db_prep_value(person, connection)
