"""Hands one mail to the back end that the settings name, and says what came of it."""

import re
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from smtplib import (
    SMTPException,
    SMTPHeloError,
    SMTPNotSupportedError,
    SMTPRecipientsRefused,
    SMTPResponseException,
)
from typing import Any

from django.core.mail import EmailMessage, get_connection
from django.core.mail.message import sanitize_address
from django.utils.translation import gettext as _

from participants.access import tokens
from participants.mail.outbox.smtp import OutcomeUnknown

LONGEST = 500
PERMANENT = 500  # what a server answers from here on will not change by waiting


class Result(Enum):
    """SENT, surely not sent (NOT_NOW, FAILED, BOUNCED), or nobody knows (UNKNOWN)."""

    SENT = auto()
    NOT_NOW = auto()
    FAILED = auto()
    BOUNCED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a mail, and what organisers are told of it; `told` never holds a token."""

    result: Result
    told: str = ""


def deliver(mail: EmailMessage) -> Outcome:
    """Send a mail. Raises nothing that a server can cause; a mail that cannot be written, yes.

    The person's mail does not wait for the copy: where its address is refused, it goes without.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as problem:
        return Outcome(Result.NOT_NOW, tell(_("The mail server cannot be reached."), problem))
    try:
        return _hand_over(connection, mail)
    finally:
        # By now it is sent or not; how the server takes its leave changes nothing.
        with suppress(OSError):
            connection.close()


def tell(what: str, problem: object) -> str:
    """A sentence and what a server or a library said, in one line and without any token."""
    said = re.sub(rf"[\w-]{{{tokens.LENGTH},}}", "…", " ".join(str(problem).split()))
    return f"{what} {said}"[:LONGEST].strip()


def _hand_over(connection: Any, mail: EmailMessage) -> Outcome:
    try:
        connection.send_messages([mail])
    except OutcomeUnknown as lost:
        told = _("The mail server was lost while it was taking this mail.")
        return Outcome(Result.UNKNOWN, tell(told, lost))
    except SMTPRecipientsRefused as refused:
        return _refused(connection, mail, refused)
    except SMTPHeloError as answer:
        return Outcome(Result.NOT_NOW, tell(_("The mail server cannot be reached."), answer))
    except SMTPResponseException as answer:
        result = Result.FAILED if answer.smtp_code >= PERMANENT else Result.NOT_NOW
        return Outcome(result, tell(_("The mail server refused this mail:"), _answer(*answer.args)))
    except SMTPNotSupportedError as problem:
        return Outcome(Result.FAILED, tell(_("The mail server cannot take it:"), problem))
    except (SMTPException, OSError) as problem:
        return Outcome(Result.NOT_NOW, tell(_("The mail server was lost."), problem))
    return Outcome(Result.SENT)


def _refused(connection: Any, mail: EmailMessage, refused: SMTPRecipientsRefused) -> Outcome:
    ((address, (code, said)),) = tuple(refused.recipients.items())[:1]
    answer = f"{address}: {_answer(code, said)}"
    if mail.cc and address != sanitize_address(mail.to[0], "utf-8"):
        mail.cc = []
        outcome = _hand_over(connection, mail)
        if outcome.result is not Result.SENT:
            return outcome
        return Outcome(Result.SENT, tell(_("Sent, but not the copy to"), answer))
    result = Result.BOUNCED if code >= PERMANENT else Result.NOT_NOW
    return Outcome(result, tell(_("The mail server does not take mails for"), answer))


def _answer(code: int, said: bytes | str, *_rest: object) -> str:
    text = said.decode(errors="replace") if isinstance(said, bytes) else said
    return f"{code} {text}"
