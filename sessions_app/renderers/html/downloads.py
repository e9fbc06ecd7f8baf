"""What a reader can take away from a page: calendars in every form, and papers."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from sessions_app.agenda.types import Agenda, Session, Workshop
from sessions_app.renderers import labels, plain_text
from sessions_app.renderers.context import Reading
from sessions_app.renderers.plain_text import NOBODY
from workshop.zones import Zone

# Web calendars take their text from the address, and browsers take no endless addresses.
LONGEST_DETAILS = 1200


@dataclass(frozen=True, slots=True)
class CalendarLinks:
    """`https` is to be copied, `webcal` opens a calendar; the web links are of one session only."""

    download: str
    https: str
    webcal: str
    web: tuple[tuple[str, str], ...] = ()


def _links(
    site: str, path: str, query: str, web: tuple[tuple[str, str], ...] = ()
) -> CalendarLinks:
    """The links to the calendar at `path`, which keeps the zones and the language of `query`."""
    address = f"{site}{path}{query}"
    return CalendarLinks(
        download=f"{path}{query}",
        https=address,
        webcal=f"webcal:{address.partition(':')[2]}",
        web=web,
    )


def web(
    agenda: Agenda, workshop: Workshop, session: Session, zones: tuple[Zone, ...], address: str
) -> tuple[tuple[str, str], ...]:
    """Links that open a filled-in entry in Google Calendar and in Outlook on the web."""
    title = plain_text.clean(labels.session_title(session))
    clocks = plain_text.clocks(session.starts_at, session.ends_at, zones)
    told = f"{clocks}\n\n{plain_text.short(session, NOBODY)}"
    details = f"{plain_text.clean(told)[:LONGEST_DETAILS].rstrip()}\n\n{address}"
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


def calendar(reading: Reading, path: str, web: tuple[tuple[str, str], ...] = ()) -> CalendarLinks:
    """The calendar at `path`, below the agenda's address."""
    return _links(reading.site, f"{reading.base}{path}", reading.query, web)


def paper(reading: Reading, path: str, name: str) -> tuple[tuple[str, str], ...]:
    """A paper at `path`, below the agenda's address, under a name."""
    return ((name, reading.links.to(path)),)


def programmes(reading: Reading) -> tuple[tuple[str, str], ...]:
    """The programme on paper; for organisers the way to all papers. Of a draft, the draft."""
    if reading.draft:
        address = reverse("draft-pdf", args=[reading.agenda.slug])
        return (
            (_("Draft (PDF)"), f"{address}{reading.query}"),
            (_("Without questions (PDF)"), f"{address}{reading.with_query(short=1)}"),
        )
    short = f"{reading.base}agenda.pdf{reading.with_query(short=1)}"
    all_papers = ((_("All papers"), f"/desk/{reading.agenda.slug}/papers/"),)
    return (
        *paper(reading, "agenda.pdf", _("Programme (PDF)")),
        (_("Without questions (PDF)"), short),
        *(all_papers if reading.is_organiser else ()),
    )
