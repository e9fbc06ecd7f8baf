"""Links on a page to calendars and PDF documents."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import RenderContext
from sessions_app.renderers.plain_text import NO_OWNER
from workshop.zones import Zone

# Web calendars read the text from the address, and browsers limit its length.
LONGEST_DETAILS = 1200


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """Links to a calendar: file, `https` to copy, `webcal` to subscribe, and web calendars.

    `web` is set for a single session only.
    """

    download: str
    https: str
    webcal: str
    web: tuple[tuple[str, str], ...] = ()


def _links(
    site: str, path: str, query: str, web: tuple[tuple[str, str], ...] = ()
) -> CalendarLinks:
    """The links to the calendar at `path`, with the zones and language in `query`."""
    address = f"{site}{path}{query}"
    return CalendarLinks(
        download=f"{path}{query}",
        https=address,
        webcal=f"webcal:{address.partition(':')[2]}",
        web=web,
    )


def web_calendar_links(
    agenda: Agenda, workshop: Workshop, session: Session, zones: tuple[Zone, ...], address: str
) -> tuple[tuple[str, str], ...]:
    """Links that open a filled-in entry in Google Calendar and in Outlook on the web."""
    title = plain_text.clean(labels.session_title(session))
    times = plain_text.zone_times(session.starts_at, session.ends_at, zones)
    text = f"{times}\n\n{plain_text.short_description(session, NO_OWNER)}"
    details = f"{plain_text.clean(text)[:LONGEST_DETAILS].rstrip()}\n\n{address}"
    place = plain_text.clean(agenda.place_of(workshop, session))
    start, end = (f"{at:%Y%m%dT%H%M%SZ}" for at in (session.starts_at, session.ends_at))
    google = {"action": "TEMPLATE", "text": title, "dates": f"{start}/{end}"}
    outlook = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": title,
        "startdt": f"{session.starts_at:%Y-%m-%dT%H:%M:%SZ}",
        "enddt": f"{session.ends_at:%Y-%m-%dT%H:%M:%SZ}",
        "body": details,
        "location": place,
    }
    compose = f"/calendar/0/deeplink/compose?{urlencode(outlook)}"
    more = urlencode({**google, "details": details, "location": place})
    return (
        ("Google Calendar", f"https://calendar.google.com/calendar/render?{more}"),
        ("Outlook (Microsoft 365)", f"https://outlook.office.com{compose}"),
        ("Outlook.com", f"https://outlook.live.com{compose}"),
    )


def calendar_links(
    context: RenderContext, path: str, web: tuple[tuple[str, str], ...] = ()
) -> CalendarLinks:
    """The calendar at `path`, below the agenda's address."""
    return _links(context.site, f"{context.base}{path}", context.query, web)


def document_link(context: RenderContext, path: str, name: str) -> tuple[tuple[str, str], ...]:
    """The name and address of a document at `path`, below the agenda's address."""
    return ((name, context.links.to(path)),)


def programme_links(context: RenderContext) -> tuple[tuple[str, str], ...]:
    """Names and addresses of the programme as PDF; for organisers also of all documents.

    For a draft, those of the draft.
    """
    if context.draft:
        address = reverse("draft-pdf", args=[context.agenda.slug])
        return (
            (_("Draft (PDF)"), f"{address}{context.query}"),
            (_("Without questions (PDF)"), f"{address}{context.with_query(short=1)}"),
        )
    short = f"{context.base}agenda.pdf{context.with_query(short=1)}"
    all_documents = ((_("All documents"), f"/desk/{context.agenda.slug}/documents/"),)
    return (
        *document_link(context, "agenda.pdf", _("Programme (PDF)")),
        (_("Without questions (PDF)"), short),
        *(all_documents if context.is_organiser else ()),
    )
