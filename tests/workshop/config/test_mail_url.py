"""EMAIL_URL: what each form means, and what is refused."""

import pytest

from workshop.config.mail_url import BACKENDS, MailServer, read

SMTP = BACKENDS["smtp"]


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://127.0.0.1:2525/", MailServer(SMTP, host="127.0.0.1", port=2525)),
        (
            "smtp://me%40un.org:p%2F%3A%40@mail.un.org/?tls=1",
            MailServer(SMTP, "mail.un.org", 587, "me@un.org", "p/:@", starttls=True),
        ),
        ("smtps://mail.un.org", MailServer(SMTP, "mail.un.org", 465, tls=True)),
        ("file:///var/my%20mails", MailServer(BACKENDS["file"], folder="/var/my mails")),
        ("console:", MailServer(BACKENDS["console"])),
    ],
)
def test_url_says_where_mails_go(url: str, server: MailServer) -> None:
    assert read(url) == server


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.un.org", "begins with smtp:"),
        ("smtp:///?tls=1", "names no host"),
        ("smtps://mail.un.org/?tls=1", "leave out tls=1"),
        ("file:", "names no folder"),
        ("smtp://me:secret/word@mail.un.org/", "%2F"),
    ],
)
def test_url_that_makes_no_sense_is_refused_without_its_password(url: str, said: str) -> None:
    with pytest.raises(ValueError, match=said) as refused:
        read(url)
    assert "secret" not in str(refused.value)
