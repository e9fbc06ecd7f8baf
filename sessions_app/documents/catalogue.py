"""Catalogue of an event's documents in its newest release, each cut for its recipients."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from participants.access.levels import Viewer
from participants.access.viewer import recipient_viewer
from sessions_app.agenda.text import in_language
from sessions_app.agenda.types import Agenda, Person, Workshop
from sessions_app.publishing import queries
from sessions_app.renderers import ical, labels
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.ical import Feed
from sessions_app.renderers.pdf import documents
from sessions_app.renderers.pdf.documents import Document


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """A document to render: its path in the ZIP, its title, and the function that renders it."""

    path: str
    title: str
    render: Callable[[], Document]

    @property
    def kind(self) -> str:
        """The heading above it in the list of documents."""
        kinds = {
            "scripts": _("Run sheets"),
            "briefings": _("Briefings"),
            "delegations": _("Country briefs"),
        }
        return kinds.get(self.path.partition("/")[0], _("Programme"))


def programme(context: RenderContext, *, short: bool = False) -> Document:
    """The programme as the reader may see it, with its iCalendar file attached.

    A draft has no calendar attached: its times are not published.
    """
    if context.draft:
        return documents.render_programme(context, None, short=short)
    feed = Feed(
        name=str(context.agenda.title),
        site=context.site,
        base=context.base,
        no_reply=settings.DEFAULT_FROM_EMAIL,
        requested_zones=context.requested_zones,
    )
    return documents.render_programme(context, ical.render(context.agenda, feed), short=short)


def public_programmes(slug: str) -> Iterator[Document]:
    """The programme of the newest release for the public, in full and short."""
    published = queries.get_published(slug, recipient_viewer(slug))
    if published is None:
        return
    context = RenderContext(
        agenda=in_language(published, "en"),
        requested_zones=(),
        language="en",
        path=reverse("programme", args=[slug]),
        site=settings.SITE,
        base=reverse("agenda", args=[slug]),
    )
    for short in (False, True):
        yield programme(context, short=short)


def briefing(context: RenderContext, person: Person) -> Document:
    """The briefing of a person: contains what that person may see, whoever requests it."""
    return documents.render_briefing(_for_people(context, frozenset({person.uid})), person)


def country_brief(context: RenderContext, country: str) -> Document:
    """The brief of a country: for organisers what its people may see, for others what they may."""
    if not context.is_organiser:
        return documents.render_country_brief(context, country)
    people = frozenset(person.uid for person in context.agenda.people if person.country == country)
    return documents.render_country_brief(_for_people(context, people), country)


def run_sheet(context: RenderContext, workshop: Workshop) -> Document:
    """The run sheet of a workshop: contains the moderator notes, for moderators and organisers."""
    return documents.render_run_sheet(replace(context, is_organiser=False), workshop)


def items(context: RenderContext) -> Iterator[CatalogueItem]:
    """Every document of the event; `context` is an organiser's."""
    agenda = context.agenda
    public = _for_viewer(context, recipient_viewer(agenda.slug))
    yield CatalogueItem("programme.pdf", _("For everybody"), lambda: programme(public))
    yield CatalogueItem(
        "programme-short.pdf",
        _("For everybody, without questions"),
        lambda: programme(public, short=True),
    )
    yield CatalogueItem(
        "programme-organisers.pdf",
        _("For organisers, with unpublished details"),
        lambda: programme(context),
    )
    for workshop in agenda.workshops:
        yield CatalogueItem(
            f"scripts/{workshop.key}.pdf",
            str(workshop.title),
            partial(run_sheet, context, workshop),
        )
    for person in agenda.people:
        yield CatalogueItem(
            f"briefings/{person.key}.pdf", str(person.name), partial(briefing, context, person)
        )
    for country in agenda.countries():
        yield CatalogueItem(
            f"delegations/{country}.pdf",
            labels.country(country),
            partial(country_brief, context, country),
        )


def _for_people(context: RenderContext, people: frozenset[UUID]) -> RenderContext:
    return _for_viewer(context, recipient_viewer(context.agenda.slug, people))


def _for_viewer(context: RenderContext, viewer: Viewer) -> RenderContext:
    """The same release and language, cut for another viewer."""
    agenda: Agenda | None = queries.get_release(context.agenda.slug, context.agenda.release, viewer)
    if agenda is None:
        raise ValueError("The release no longer exists.")
    return replace(context, agenda=in_language(agenda, context.language), is_organiser=False)
