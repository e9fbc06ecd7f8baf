"""Django's SMTP back end with three promises more.

All recipients or none: by itself smtplib hands a mail over when one of two recipients is refused.
No false "not sent": a connection lost before the mail looks like one lost after it. Seven bits on
the way, whatever the server can do (RFC 6047, 2.5).
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
    """The server was lost between DATA and its answer: it may have taken the mail or not."""


class EmailBackend(smtp.EmailBackend):
    """Raises SMTPRecipientsRefused for the first recipient refused, and then sends nothing."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _OverTls if self.use_ssl else _Plain

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for mail in email_messages:
            mail.encoding = SEVEN_BITS
        return super().send_messages(email_messages)


class _Plain(smtplib.SMTP):
    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        code, said = super().rcpt(recip, options)
        if code not in (250, 251):
            with suppress(smtplib.SMTPServerDisconnected):
                self.rset()
            raise smtplib.SMTPRecipientsRefused({recip: (code, said)})
        return code, said

    def data(self, msg: Any) -> tuple[int, bytes]:
        try:
            return super().data(msg)
        except smtplib.SMTPDataError:
            raise
        except Exception as lost:
            raise OutcomeUnknown(str(lost)) from lost


class _OverTls(_Plain, smtplib.SMTP_SSL):
    pass
