"""Delivers one message with the configured e-mail back end, and returns the result."""

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

MAX_MESSAGE_LENGTH = 500
PERMANENT_ERROR_CODE = 500  # SMTP codes from here on are permanent


class DeliveryStatus(Enum):
    """SENT, certainly not sent (NOT_NOW, FAILED, BOUNCED), or not known (UNKNOWN)."""

    SENT = auto()
    NOT_NOW = auto()
    FAILED = auto()
    BOUNCED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True)
class DeliveryResult:
    """Status after an attempt, and a message for organisers that never has a token."""

    status: DeliveryStatus
    message: str = ""


def deliver(message: EmailMessage) -> DeliveryResult:
    """Send a message. Raises only if the message itself is invalid, never because of a server.

    If the address of the copy is refused, the message is sent without the copy.
    """
    connection = get_connection()
    try:
        connection.open()
    except OSError as error:
        return DeliveryResult(
            DeliveryStatus.NOT_NOW, error_message(_("The mail server cannot be reached."), error)
        )
    try:
        return _send(connection, message)
    finally:
        # The status is decided by now; an error at the end of the connection does not change it.
        with suppress(OSError):
            connection.close()


def error_message(sentence: str, error: object) -> str:
    """A sentence and the answer of a server or library, in one line and without any token."""
    text = re.sub(rf"[\w-]{{{tokens.LENGTH},}}", "…", " ".join(str(error).split()))
    return f"{sentence} {text}"[:MAX_MESSAGE_LENGTH].strip()


def _send(connection: Any, message: EmailMessage) -> DeliveryResult:
    try:
        connection.send_messages([message])
    except OutcomeUnknown as error:
        sentence = _(
            "The connection to the mail server was lost while it was receiving this e-mail."
        )
        return DeliveryResult(DeliveryStatus.UNKNOWN, error_message(sentence, error))
    except SMTPRecipientsRefused as refusal:
        return _recipient_refused(connection, message, refusal)
    except SMTPHeloError as error:
        return DeliveryResult(
            DeliveryStatus.NOT_NOW, error_message(_("The mail server cannot be reached."), error)
        )
    except SMTPResponseException as error:
        status = (
            DeliveryStatus.FAILED
            if error.smtp_code >= PERMANENT_ERROR_CODE
            else DeliveryStatus.NOT_NOW
        )
        return DeliveryResult(
            status, error_message(_("The mail server refused this e-mail:"), _answer(*error.args))
        )
    except SMTPNotSupportedError as error:
        return DeliveryResult(
            DeliveryStatus.FAILED, error_message(_("The mail server cannot process it:"), error)
        )
    except (SMTPException, OSError) as error:
        return DeliveryResult(
            DeliveryStatus.NOT_NOW,
            error_message(_("The connection to the mail server was lost."), error),
        )
    return DeliveryResult(DeliveryStatus.SENT)


def _recipient_refused(
    connection: Any, message: EmailMessage, refusal: SMTPRecipientsRefused
) -> DeliveryResult:
    ((address, (code, text)),) = tuple(refusal.recipients.items())[:1]
    error = f"{address}: {_answer(code, text)}"
    if message.cc and address != sanitize_address(message.to[0], "utf-8"):
        message.cc = []
        result = _send(connection, message)
        if result.status is not DeliveryStatus.SENT:
            return result
        return DeliveryResult(
            DeliveryStatus.SENT, error_message(_("Sent, but not the copy to"), error)
        )
    status = DeliveryStatus.BOUNCED if code >= PERMANENT_ERROR_CODE else DeliveryStatus.NOT_NOW
    return DeliveryResult(
        status, error_message(_("The mail server does not accept e-mails for"), error)
    )


def _answer(code: int, text: bytes | str, *_rest: object) -> str:
    text = text.decode(errors="replace") if isinstance(text, bytes) else text
    return f"{code} {text}"
