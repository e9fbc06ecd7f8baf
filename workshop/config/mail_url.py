"""Where mails go, in one line of the environment: EMAIL_URL."""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

BACKENDS = {
    "smtp": "participants.mail.outbox.smtp.EmailBackend",
    "smtps": "participants.mail.outbox.smtp.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """What Django wants to know of the way mails go; `folder` is where files are written."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    folder: str = ""


def read(url: str) -> MailServer:
    """`smtp://user:password@host:587/?tls=1`, `smtps://…`, `file:///folder` or `console:`.

    User and password are percent-encoded. Raises ValueError, which does not repeat the password.
    """
    parts = urlsplit(url)
    backend = BACKENDS.get(parts.scheme)
    if backend is None:
        raise ValueError("EMAIL_URL begins with smtp:, smtps:, file: or console:.")
    if parts.scheme == "file":
        if not parts.path:
            raise ValueError("EMAIL_URL names no folder: write it as file:///var/mails.")
        return MailServer(backend, folder=unquote(parts.path))
    return MailServer(backend) if parts.scheme == "console" else _server(backend, parts)


def _server(backend: str, parts: SplitResult) -> MailServer:
    if not parts.hostname:
        raise ValueError("EMAIL_URL names no host: write it as smtp://user:password@host:587/.")
    starttls = parse_qs(parts.query).get("tls") == ["1"]
    tls = parts.scheme == "smtps"
    if tls and starttls:
        raise ValueError("EMAIL_URL: smtps: is TLS from the first byte; leave out tls=1.")
    return MailServer(
        backend,
        host=parts.hostname,
        port=_port(parts) or (465 if tls else 587 if starttls else 25),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        starttls=starttls,
        tls=tls,
    )


def _port(parts: SplitResult) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise ValueError(
            "EMAIL_URL: what stands after the host’s colon is no port. "
            "Write / : @ in a user or password as %2F %3A %40."
        ) from None
