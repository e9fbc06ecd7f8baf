"""A mail server for tests: it remembers what arrived and answers as it is told."""

import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class PostOffice:
    """`answers` holds, for "RCPT" and "DATA", what to say instead of OK: one a call, then OK.

    `on` is called with "RCPT" or "DATA" before the answer, when a mail's text has arrived.
    """

    def __init__(self) -> None:
        self.arrived: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.answers: dict[str, list[str]] = {"RCPT": [], "DATA": []}
        self.on: Callable[[str], None] = lambda _step: None
        self.port = _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "PostOffice":
        self._controller.start()
        return self

    def __exit__(self, *_problem: object) -> None:
        self._controller.stop()

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self.on("RCPT")
        answer = self._answer("RCPT")
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        answer = self._answer("DATA")
        if answer == OK:
            assert isinstance(envelope.content, bytes)
            assert envelope.content.isascii()
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.arrived.append(mail)
            self.envelopes.append(list(envelope.rcpt_tos))
        self.on("DATA")
        return answer

    def _answer(self, step: str) -> str:
        return self.answers[step].pop(0) if self.answers[step] else OK


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
