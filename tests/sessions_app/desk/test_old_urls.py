"""Former addresses of the desk redirect to the current ones."""

import pytest
from django.test import Client


@pytest.mark.parametrize(
    ("former", "current"),
    [
        ("letters/", "mails/"),
        ("letters/invitation/", "mails/invitation/"),
        ("letters/change/preview/juny-kim/mail.html", "mails/change/preview/juny-kim/mail.html"),
        ("papers/", "documents/"),
        ("papers/briefings/juny-kim.pdf?tz=KST", "documents/briefings/juny-kim.pdf?tz=KST"),
        ("papers.zip", "documents.zip"),
        ("clock/?zone=Asia/Seoul", "timezone/?zone=Asia/Seoul"),
    ],
)
def test_former_address_redirects_to_the_current_one(
    client: Client, db: None, former: str, current: str
) -> None:
    answer = client.get(f"/desk/odsc-laos-2021/{former}")
    assert (answer.status_code, answer["Location"]) == (301, f"/desk/odsc-laos-2021/{current}")
