"""Previews: a mail to one person as it would go out now; nothing is written or sent."""

from collections.abc import Iterator
from dataclasses import dataclass

from csp.constants import NONE, SELF, UNSAFE_INLINE
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_safe

from participants.access.groups import INVITE
from participants.desk.mail import check_kind, name_of
from participants.mail import itip
from participants.mail.draft import Mail, mail
from participants.mail.itip import Message
from participants.mail.pending_news import Kind
from participants.mail.recipients import recipients
from participants.mail.snapshot import Addressee, Book, open_book
from participants.mail.time_text import clock_of, when
from sessions_app.desk.desk_view import at_desk, page
from workshop.models import Event

# A mail is its own document: it loads nothing, runs nothing and leads nowhere.
MAIL_POLICY = {
    "default-src": [NONE],
    "style-src": [UNSAFE_INLINE],
    "base-uri": [NONE],
    "form-action": [NONE],
    "frame-ancestors": [SELF],
    "sandbox": True,
}


@dataclass(frozen=True, slots=True)
class EntryLine:
    """What the mail does to a calendar: what happens to which entry."""

    what: str
    summary: str
    when: str
    place: str
    sequence: int


@require_safe
@at_desk(needs=INVITE)
def preview(request: HttpRequest, event: Event, kind: str, key: str) -> HttpResponse:
    """`/desk/<event>/letters/<kind>/preview/<person>/`: all of a mail, for organisers."""
    book, to = _open(event, kind, key)
    made = _made(book, to, kind)
    found = next(each for each in recipients(book, kind) if each.key == key)
    answer = page(
        request,
        "letter_preview.html",
        event,
        section="letters",
        heading=_("%(kind)s to %(name)s") % {"kind": name_of(kind), "name": to.name},
        kind=kind,
        kind_name=name_of(kind),
        to=to,
        found=found,
        mail=made,
        clock=clock_of(to.clock or event.zone).label,
        entries=tuple(_entries(made, to.clock or event.zone)),
    )
    answer._csp_update = {"frame-src": [SELF]}  # type: ignore[attr-defined]  # django-csp's
    return answer


@require_safe
@xframe_options_sameorigin
@at_desk(needs=INVITE)
def html(request: HttpRequest, event: Event, kind: str, key: str) -> HttpResponse:  # noqa: ARG001
    """The mail's HTML alone, for the frame in its preview."""
    book, to = _open(event, kind, key)
    answer = HttpResponse(_made(book, to, kind).written.html)
    answer._csp_config = MAIL_POLICY  # type: ignore[attr-defined]  # django-csp's
    return answer


def _open(event: Event, kind: str, key: str) -> tuple[Book, Addressee]:
    check_kind(kind)
    book = open_book(event, inviting=kind == Kind.INVITATION)
    to = next((each for each in book.people if each.key == key), None)
    if to is None or not book.newest:
        raise Http404
    return book, to


def _made(book: Book, to: Addressee, kind: str) -> Mail:
    return mail(book, to, kind, timezone.now())


def _entries(made: Mail, clock: str) -> Iterator[EntryLine]:
    for message in made.messages:
        told = itip.told(message.held)
        yield EntryLine(
            what=_what(message),
            summary=told.summary,
            when=when(told.starts_at, told.ends_at, clock_of(clock)),
            place=told.place,
            sequence=message.held.sequence,
        )


def _what(message: Message) -> str:
    if message.method == "CANCEL":
        return _("Taken out")
    if message.was is None or message.was.is_cancelled:
        return _("New")
    if message.was.digest != message.held.digest:
        return _("Moved or changed")
    return _("Sent again")
