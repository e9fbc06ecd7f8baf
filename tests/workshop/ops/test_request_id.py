"""Ids, log lines, numbers and health: what those who look after the site go by."""

import json
import logging
import re
import sys
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.test import Client, RequestFactory
from django.test.utils import override_settings
from gunicorn.config import Config

from sessions_app.response_cache import public as response_cache_public
from workshop import metrics
from workshop.ops import logs
from workshop.ops.logs import JsonLines, request_id
from workshop.ops.request_id import with_request_id

ID = re.compile(r"[0-9a-f]{16}")
# As served, a connection is closed that is left within a transaction.
AS_SERVED = pytest.mark.django_db(transaction=True)


def asked(path: str, *, method: str = "GET", **headers: str) -> Any:
    """What the site answers as gunicorn calls it."""
    started: list[Any] = []
    environ = RequestFactory(headers=headers).generic(method, path).environ
    site = with_request_id(
        response_cache_public.shortcut(WSGIHandler()),
        metrics.count if settings.METRICS_TOKEN else None,
    )
    body = b"".join(site(environ, lambda *said: started.extend(said)))
    return SimpleNamespace(status=int(started[0][:3]), headers=dict(started[1]), body=body)


@AS_SERVED
def test_every_answer_has_an_id_of_its_own(programme: str) -> None:
    response_cache_public.clear()
    page = f"/{programme}/"
    paths = "/healthz", page, page, "/nothing/", "/desk/", "/static/nothing.css"
    numbers = [asked(path).headers["X-Request-ID"] for path in paths]
    assert [bool(ID.fullmatch(number)) for number in numbers] == [True] * len(paths)
    assert len(set(numbers)) == len(paths)
    assert request_id.get() == ""


@pytest.mark.parametrize(
    ("behind_proxy", "given", "is_kept"),
    [
        (True, "4bf92f3577b34da6a3ce929d0e0e4736", True),
        (False, "4bf92f3577b34da6a3ce929d0e0e4736", False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, "evil\nline-of-log", False),
    ],
)
def test_id_is_kept_where_a_proxy_gave_a_sane_one(
    behind_proxy: bool, given: str, is_kept: bool, db: None
) -> None:
    with override_settings(BEHIND_PROXY=behind_proxy):
        answer = asked("/healthz", **{"X-Request-ID": given})
    assert (answer.headers["X-Request-ID"] == given) == is_kept


def line(message: str, *args: object, **rest: Any) -> dict[str, Any]:
    record = logging.LogRecord("a.logger", logging.WARNING, "", 0, message, args, None)
    for name, value in rest.items():
        setattr(record, name, value)
    record.created = 1_628_042_400.25
    read: dict[str, Any] = json.loads(JsonLines().format(record))
    return read


def test_log_line_is_one_json_object_with_the_id_of_its_request() -> None:
    mark = request_id.set("4bf92f35")
    try:
        said = line("Not Found: %s", "/me/a-secret/\n", facts={"status": 404})
    finally:
        request_id.reset(mark)
    assert said == {
        "time": "2021-08-04T02:00:00.250+00:00",
        "level": "warning",
        "logger": "a.logger",
        "message": "Not Found: /me/…\n",
        "request": "4bf92f35",
        "status": 404,
    }


def test_log_line_tells_what_was_raised_without_personal_links() -> None:
    try:
        raise LookupError("at /me/a-secret/ of ສະບາຍດີ")
    except LookupError:
        said = line("Lost", exc_info=sys.exc_info())
    assert said["error"].splitlines()[-1] == "LookupError: at /me/… of ສະບາຍດີ"
    assert "request" not in said


def test_access_line_of_the_server_has_no_query_and_no_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logs, "AS_JSON", True)
    settings = Config()
    settings.set("accesslog", "-")
    server = logs.ServerLog(settings)
    answer = SimpleNamespace(status_code=200, sent=12, headers=[("X-Request-ID", "4bf92f35")])
    asked = SimpleNamespace(method="GET")
    monkeypatch.setattr(server.access_log, "propagate", True)
    with caplog.at_level(logging.INFO):
        for path in ("/me/a-secret/", "/desk/sign-in/"):
            environ = {"PATH_INFO": path, "QUERY_STRING": "sesame=secret"}
            server.access(answer, asked, environ, timedelta(milliseconds=3))
    assert [record.facts for record in caplog.records] == [
        {"request": "4bf92f35", "method": "GET", "path": path}
        | {"status": 200, "ms": 3.0, "bytes": 12}
        for path in ("/me/…", "/desk/sign-in/")
    ]


@AS_SERVED
def test_proxy_may_keep_what_is_public_and_must_ask_each_time(
    programme: str, organiser_client: Client
) -> None:
    own = f"sessionid={organiser_client.cookies['sessionid'].value}"
    with override_settings(BEHIND_PROXY=True):
        public = [asked(f"/{programme}/") for _ in range(2)]
        private = [asked("/desk/"), asked(f"/{programme}/", Cookie=own)]
    told = [(each.headers["Cache-Control"], each.headers["X-Accel-Expires"]) for each in public]
    assert told == [("no-cache", "@1")] * 2
    assert ["X-Accel-Expires" in each.headers for each in private] == [False] * 2
    assert "X-Accel-Expires" not in asked(f"/{programme}/").headers


def test_numbers_are_for_who_has_the_token(programme: str) -> None:
    def code(**headers: str) -> int:
        return Client(headers=headers).get("/healthz/metrics").status_code

    assert code(Authorization="Bearer ") == 404
    with override_settings(METRICS_TOKEN="a token"):
        assert [code(), code(Authorization="Bearer other"), code(Authorization="Bearer ຂ")] == (
            [404] * 3
        )
        assert code(Authorization="Bearer a token") == 200


@AS_SERVED
def test_numbers_tell_what_was_asked_for_and_what_is_in_the_rows(programme: str) -> None:
    def told() -> dict[str, float]:
        lines = asked("/healthz/metrics", Authorization="Bearer a token").body.decode().splitlines()
        return {
            name: float(value)
            for name, _space, value in (each.rpartition(" ") for each in lines)
            if not name.startswith("#")
        }

    with override_settings(METRICS_TOKEN="a token"):
        before = told()
        for path in (f"/{programme}/", f"/{programme}/", "/nothing/here/", "/admin/", "/healthz"):
            asked(path)
        after = told()
    grown = {name: value - before.get(name, 0) for name, value in after.items()}
    assert {name: value for name, value in grown.items() if "seconds_count" in name and value} == {
        f'workshop_request_seconds_count{{route="{route}",status="{status}"}}': 1
        for route, status in (
            *(("agenda", 200), ("ready-bytes", 200), ("none", 404), ("admin", 302)),
            *(("alive", 200), ("metrics", 200)),
        )
    }
    rows = ("releases", "database_up", "cache_up")
    assert [after[f"workshop_{name}"] for name in rows] == [1, 1, 1]
    waiting = ('letters{state="waiting"}', 'papers{state="waiting"}')
    assert [after[f"workshop_{name}"] for name in waiting] == [0, 0]


def test_nothing_is_counted_without_a_token(db: None) -> None:
    def count() -> object:
        return metrics.SECONDS.labels("alive", "200")._sum.get()

    before = count()
    asked("/healthz")
    assert count() == before
