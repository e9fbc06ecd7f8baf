"""All the papers of an event in its newest release, each cut for those it is meant for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.access import permissions
from participants.access.viewer import Viewer
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda, Person, Workshop
from sessions_app.publishing import queries
from sessions_app.renderers import ical, labels
from sessions_app.renderers.context import Reading
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.pdf import documents
from sessions_app.renderers.pdf.documents import Paper


@dataclass(frozen=True, slots=True)
class Item:
    """A paper to be made: its place in the ZIP, what or whom it is of, and how."""

    path: str
    title: str
    draw: Callable[[], Paper]

    @property
    def kind(self) -> str:
        """The heading it stands under in a list of papers."""
        kinds = {
            "scripts": _("Moderators’ scripts"),
            "briefings": _("Briefings"),
            "delegations": _("Delegation sheets"),
        }
        return kinds.get(self.path.partition("/")[0], _("Programme"))


def programme(reading: Reading, *, short: bool = False) -> Paper:
    """The programme as the reader may read it, with the same as a calendar inside.

    A draft has none inside: whoever opened it would have times that nobody published.
    """
    if reading.draft:
        return documents.programme(reading, None, short=short)
    feed = Feed(
        name=str(reading.agenda.title),
        site=reading.site,
        base=reading.base,
        no_reply=settings.DEFAULT_FROM_EMAIL,
        asked=reading.asked,
    )
    return documents.programme(reading, ical.render(reading.agenda, feed), short=short)


def for_everybody(slug: str) -> Iterator[Paper]:
    """The programme as strangers ask for it, whole and short, in the newest release."""
    published = queries.get_published(slug, permissions.recipient(slug))
    if published is None:
        return
    reading = Reading(
        agenda=in_language(published, "en"),
        asked=(),
        language="en",
        path=reverse("programme", args=[slug]),
        site=settings.SITE,
        base=reverse("agenda", args=[slug]),
    )
    for short in (False, True):
        yield programme(reading, short=short)


def briefing(reading: Reading, person: Person) -> Paper:
    """A briefing says what its person may read, whoever asks for it."""
    return documents.briefing(_for(reading, frozenset({person.uid})), person)


def delegation(reading: Reading, country: str) -> Paper:
    """A delegation's sheet says what its people may read; a stranger's what strangers may."""
    if not reading.is_organiser:
        return documents.delegation(reading, country)
    people = frozenset(each.uid for each in reading.agenda.people if each.country == country)
    return documents.delegation(_for(reading, people), country)


def script(reading: Reading, workshop: Workshop) -> Paper:
    """A script holds the notes for moderators: it is theirs as much as the organisers'."""
    return documents.script(replace(reading, is_organiser=False), workshop)


def items(reading: Reading) -> Iterator[Item]:
    """Every paper of the event; `reading` is an organiser's."""
    agenda = reading.agenda
    stranger = _cut(reading, permissions.recipient(agenda.slug))
    yield Item("programme.pdf", _("For everybody"), lambda: programme(stranger))
    yield Item(
        "programme-short.pdf",
        _("For everybody, without questions"),
        lambda: programme(stranger, short=True),
    )
    yield Item(
        "programme-organisers.pdf",
        _("For organisers, with what is not public"),
        lambda: programme(reading),
    )
    for workshop in agenda.workshops:
        yield Item(
            f"scripts/{workshop.key}.pdf", str(workshop.title), partial(script, reading, workshop)
        )
    for person in agenda.people:
        yield Item(
            f"briefings/{person.key}.pdf", str(person.name), partial(briefing, reading, person)
        )
    for country in agenda.countries():
        yield Item(
            f"delegations/{country}.pdf",
            labels.country(country),
            partial(delegation, reading, country),
        )


def _for(reading: Reading, people: frozenset[UUID]) -> Reading:
    return _cut(reading, permissions.recipient(reading.agenda.slug, people))


def _cut(reading: Reading, viewer: Viewer) -> Reading:
    """The same reading of the same release in the same language, cut for somebody else."""
    agenda: Agenda | None = queries.get_release(reading.agenda.slug, reading.agenda.release, viewer)
    if agenda is None:
        raise ValueError("The release is gone.")
    return replace(reading, agenda=in_language(agenda, reading.language), is_organiser=False)
