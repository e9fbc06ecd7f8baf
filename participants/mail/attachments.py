"""The briefing that goes with a mail to somebody who is on the programme."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from participants.access import permissions
from participants.models import Letter
from sessions_app.agenda.text import in_language
from sessions_app.documents import catalogue, storage
from sessions_app.publishing import queries
from sessions_app.renderers.context import Reading


def briefing(letter: Letter) -> tuple[str, bytes] | None:
    """Name and content of a person's briefing, as they may read the newest release.

    In the letter's language and on the person's clock. None where they are not on the programme
    that they may read. Raises pdf.PaperFailed.
    """
    slug = letter.event.slug
    viewer = permissions.recipient(slug, frozenset({letter.person_id}))
    published = queries.get_published(slug, viewer)
    if published is None:
        return None
    language = letter.language if letter.language in published.languages else "en"
    agenda = in_language(published, language)
    person = next((each for each in agenda.people if each.uid == letter.person_id), None)
    if person is None:
        return None
    reading = Reading(
        agenda=agenda,
        asked=(),
        language=language,
        path=reverse("briefing", args=[slug, person.key]),
        site=settings.SITE,
        base=reverse("agenda", args=[slug]),
    )
    paper = catalogue.briefing(reading, replace(person, zone=letter.person.clock_key))
    return paper.name, storage.written(paper)
