"""Process that edits all sessions and publishes through the site, again and again.

`python -m tests.soak.organiser RELEASES` prepares the database, prints the event's slug and the
number of sessions, reads the port of the site from standard input, and publishes RELEASES times.
Every title of release n contains `edition n`.
"""

import http.client
import sys
from urllib.parse import urlencode

ROWS = 20
SLUG = "forum"
FORM_TOKEN = "t" * 32


def main(releases: int) -> None:
    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.test import Client

    from tests.benchmarks import events

    call_command("migrate", verbosity=0)
    event = events.make_event(SLUG, ROWS)
    _edit(1)
    events.publish(event)
    browser = Client()
    browser.force_login(User.objects.create_superuser("organiser"))
    cookie = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={FORM_TOKEN}"
    print(SLUG, ROWS, flush=True)
    port = int(sys.stdin.readline())
    for edition in range(2, releases + 1):
        _edit(edition)
        _publish(port, cookie, edition)
        print(edition, flush=True)


def _edit(edition: int) -> None:
    """Change all rows in one query, so that a page with two editions is inconsistent."""
    from django.db.models import F, Value
    from django.db.models.functions import Concat

    from sessions_app.models import Session

    Session.objects.update(
        title_en=Concat(Value("Row "), F("key"), Value(f" of edition {edition}."))
    )


def _publish(port: int, cookie: str, edition: int) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request(
        "POST",
        f"/desk/{SLUG}/review/",
        urlencode({"csrfmiddlewaretoken": FORM_TOKEN, "note": f"Edition {edition}"}),
        {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"},
    )
    response = connection.getresponse()
    location = response.headers.get("Location", "")
    connection.close()
    if response.status != 302 or f"/{edition}/" not in location:
        raise RuntimeError(f"Edition {edition} got {response.status}, location {location!r}.")


if __name__ == "__main__":
    main(int(sys.argv[1]))
