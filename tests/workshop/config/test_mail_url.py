"""EMAIL_URL parsing: settings of each form, and the messages of errors."""

import pytest

from workshop.config.mail_url import BACKENDS, MailSettings, parse

SMTP = BACKENDS["smtp"]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("smtp://127.0.0.1:2525/", MailSettings(SMTP, host="127.0.0.1", port=2525)),
        (
            "smtp://me%40un.org:p%2F%3A%40@mail.un.org/?tls=1",
            MailSettings(SMTP, "mail.un.org", 587, "me@un.org", "p/:@", starttls=True),
        ),
        ("smtps://mail.un.org", MailSettings(SMTP, "mail.un.org", 465, tls=True)),
        ("file:///var/my%20mails", MailSettings(BACKENDS["file"], folder="/var/my mails")),
        ("console:", MailSettings(BACKENDS["console"])),
    ],
)
def test_url_becomes_settings(url: str, expected: MailSettings) -> None:
    assert parse(url) == expected


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("mail.un.org", "begin with smtp:"),
        ("smtp:///?tls=1", "names no host"),
        ("smtps://mail.un.org/?tls=1", "leave out tls=1"),
        ("file:", "names no folder"),
        ("smtp://me:secret/word@mail.un.org/", "%2F"),
    ],
)
def test_error_message_contains_no_password(url: str, message: str) -> None:
    with pytest.raises(ValueError, match=message) as error:
        parse(url)
    assert "secret" not in str(error.value)
