"""EMAIL_URL as Django's e-mail settings: SMTP, files or the console."""

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

BACKENDS = {
    "smtp": "participants.mail.outbox.smtp.EmailBackend",
    "smtps": "participants.mail.outbox.smtp.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}


@dataclass(frozen=True, slots=True)
class MailSettings:
    """Values of Django's EMAIL_* settings; `folder` is for the file backend."""

    backend: str
    host: str = ""
    port: int = 25
    user: str = ""
    password: str = ""
    starttls: bool = False
    tls: bool = False
    folder: str = ""


def parse(url: str) -> MailSettings:
    """Settings for `smtp://user:password@host:587/?tls=1`, `smtps://…`, `file:///…` or `console:`.

    User and password are percent-encoded. Raises ValueError, whose message never
    contains the password.
    """
    url_parts = urlsplit(url)
    backend = BACKENDS.get(url_parts.scheme)
    if backend is None:
        raise ValueError("EMAIL_URL must begin with smtp:, smtps:, file: or console:.")
    if url_parts.scheme == "file":
        if not url_parts.path:
            raise ValueError("EMAIL_URL names no folder: write it as file:///var/mails.")
        return MailSettings(backend, folder=unquote(url_parts.path))
    return (
        MailSettings(backend)
        if url_parts.scheme == "console"
        else _smtp_settings(backend, url_parts)
    )


def _smtp_settings(backend: str, url_parts: SplitResult) -> MailSettings:
    if not url_parts.hostname:
        raise ValueError("EMAIL_URL names no host: write it as smtp://user:password@host:587/.")
    starttls = parse_qs(url_parts.query).get("tls") == ["1"]
    tls = url_parts.scheme == "smtps"
    if tls and starttls:
        raise ValueError("EMAIL_URL: smtps: is TLS from the first byte; leave out tls=1.")
    return MailSettings(
        backend,
        host=url_parts.hostname,
        port=_port(url_parts) or (465 if tls else 587 if starttls else 25),
        user=unquote(url_parts.username or ""),
        password=unquote(url_parts.password or ""),
        starttls=starttls,
        tls=tls,
    )


def _port(url_parts: SplitResult) -> int | None:
    try:
        return url_parts.port
    except ValueError:
        raise ValueError(
            "EMAIL_URL: the text after the host’s colon is not a port. "
            "Write / : @ in a user or password as %2F %3A %40."
        ) from None
