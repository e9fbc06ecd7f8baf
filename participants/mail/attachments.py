"""Attached files of an e-mail: the briefing of a person who is on the programme."""

from dataclasses import replace

from django.conf import settings
from django.urls import reverse

from participants.access.viewer import recipient_viewer
from participants.models import OutgoingMail
from sessions_app.agenda.text import in_language
from sessions_app.documents import catalogue, storage
from sessions_app.publishing import queries
from sessions_app.renderers.context import RenderContext


def briefing_attachment(mail: OutgoingMail) -> tuple[str, bytes] | None:
    """File name and PDF of a person's briefing, from the newest release as they may read it.

    In the language of the e-mail and in the person's time zone. None if the person is not on the
    programme that they may read. Raises RenderFailed.
    """
    slug = mail.event.slug
    viewer = recipient_viewer(slug, frozenset({mail.person_id}))
    published = queries.get_published(slug, viewer)
    if published is None:
        return None
    language = mail.language if mail.language in published.languages else "en"
    agenda = in_language(published, language)
    person = next((person for person in agenda.people if person.uid == mail.person_id), None)
    if person is None:
        return None
    context = RenderContext(
        agenda=agenda,
        requested_zones=(),
        language=language,
        path=reverse("briefing", args=[slug, person.key]),
        site=settings.SITE,
        base=reverse("agenda", args=[slug]),
    )
    document = catalogue.briefing(context, replace(person, zone=mail.person.preferred_zone_key))
    return document.name, storage.render_blocking(document)
