"""SMTP server for tests: stores received e-mails, with configurable replies."""

import socket
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

OK = "250 OK"


class SmtpServer:
    """SMTP server on a free port.

    `replies` has, for "RCPT" and "DATA", replies instead of OK: one a command, then OK again.
    `on_command` is called with "RCPT" or "DATA" before the reply.
    """

    def __init__(self) -> None:
        self.received: list[EmailMessage] = []
        self.envelopes: list[list[str]] = []
        self.replies: dict[str, list[str]] = {"RCPT": [], "DATA": []}
        self.on_command: Callable[[str], None] = lambda _command: None
        self.port = _free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self) -> "SmtpServer":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()

    async def handle_RCPT(
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        self.on_command("RCPT")
        reply = self._reply("RCPT")
        if reply == OK:
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        reply = self._reply("DATA")
        if reply == OK:
            assert isinstance(envelope.content, bytes)
            assert envelope.content.isascii()
            mail = message_from_bytes(envelope.content, policy=policy.default)
            self.received.append(mail)
            self.envelopes.append(list(envelope.rcpt_tos))
        self.on_command("DATA")
        return reply

    def _reply(self, command: str) -> str:
        return self.replies[command].pop(0) if self.replies[command] else OK


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port
