"""Django's SMTP back end with three more guarantees.

All recipients or none: smtplib itself sends a message although one of two recipients is refused.
No false "not sent": smtplib reports a connection lost after the message like one lost before it.
Seven-bit encoding, whatever the server supports (RFC 6047, 2.5).
"""

import smtplib
from collections.abc import Sequence
from contextlib import suppress
from email.charset import QP, Charset
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends import smtp

SEVEN_BITS = Charset("utf-8")
SEVEN_BITS.body_encoding = QP


class OutcomeUnknown(Exception):
    """Connection lost between DATA and the answer: the message may have been accepted or not."""


class EmailBackend(smtp.EmailBackend):
    """SMTP back end that sends nothing, and raises SMTPRecipientsRefused, if one is refused."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _OverTls if self.use_ssl else _Plain

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            message.encoding = SEVEN_BITS
        return super().send_messages(email_messages)


class _Plain(smtplib.SMTP):
    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        code, answer = super().rcpt(recip, options)
        if code not in (250, 251):
            with suppress(smtplib.SMTPServerDisconnected):
                self.rset()
            raise smtplib.SMTPRecipientsRefused({recip: (code, answer)})
        return code, answer

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except Exception as error:
            raise OutcomeUnknown(str(error)) from error


class _OverTls(_Plain, smtplib.SMTP_SSL):
    pass
