"""Request IDs, log lines and metrics."""

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
from workshop.ops.logs import JsonFormatter, request_id
from workshop.ops.request_id import with_request_id

ID = re.compile(r"[0-9a-f]{16}")
# In production, a connection is closed if it is left within a transaction.
AS_SERVED = pytest.mark.django_db(transaction=True)


def fetch(path: str, *, method: str = "GET", **headers: str) -> Any:
    """Response of the site, called as gunicorn calls it."""
    start: list[Any] = []
    environ = RequestFactory(headers=headers).generic(method, path).environ
    site = with_request_id(
        response_cache_public.serve_cached(WSGIHandler()),
        metrics.record_request if settings.METRICS_TOKEN else None,
    )
    body = b"".join(site(environ, lambda *arguments: start.extend(arguments)))
    return SimpleNamespace(status=int(start[0][:3]), headers=dict(start[1]), body=body)


@AS_SERVED
def test_every_response_has_its_own_id(programme: str) -> None:
    response_cache_public.clear()
    page = f"/{programme}/"
    paths = "/healthz", page, page, "/nothing/", "/desk/", "/static/nothing.css"
    ids = [fetch(path).headers["X-Request-ID"] for path in paths]
    assert [bool(ID.fullmatch(request_number)) for request_number in ids] == [True] * len(paths)
    assert len(set(ids)) == len(paths)
    assert request_id.get() == ""


@pytest.mark.parametrize(
    ("behind_proxy", "sent_id", "is_used"),
    [
        (True, "4bf92f3577b34da6a3ce929d0e0e4736", True),
        (False, "4bf92f3577b34da6a3ce929d0e0e4736", False),
        (True, "short", False),
        (True, "x" * 65, False),
        (True, "evil\nline-of-log", False),
    ],
)
def test_id_of_the_proxy_is_used_if_valid(
    behind_proxy: bool, sent_id: str, is_used: bool, db: None
) -> None:
    with override_settings(BEHIND_PROXY=behind_proxy):
        response = fetch("/healthz", **{"X-Request-ID": sent_id})
    assert (response.headers["X-Request-ID"] == sent_id) == is_used


def line(message: str, *args: object, **rest: Any) -> dict[str, Any]:
    record = logging.LogRecord("a.logger", logging.WARNING, "", 0, message, args, None)
    for name, value in rest.items():
        setattr(record, name, value)
    record.created = 1_628_042_400.25
    entry: dict[str, Any] = json.loads(JsonFormatter().format(record))
    return entry


def test_log_line_is_one_json_object_with_the_id_of_its_request() -> None:
    token = request_id.set("4bf92f35")
    try:
        entry = line("Not Found: %s", "/me/a-secret/\n", fields={"status": 404})
    finally:
        request_id.reset(token)
    assert entry == {
        "time": "2021-08-04T02:00:00.250+00:00",
        "level": "warning",
        "logger": "a.logger",
        "message": "Not Found: /me/…\n",
        "request": "4bf92f35",
        "status": 404,
    }


def test_log_line_of_an_error_contains_no_personal_link() -> None:
    try:
        raise LookupError("at /me/a-secret/ of ສະບາຍດີ")
    except LookupError:
        entry = line("Lost", exc_info=sys.exc_info())
    assert entry["error"].splitlines()[-1] == "LookupError: at /me/… of ສະບາຍດີ"
    assert "request" not in entry


def test_access_log_contains_no_query_and_no_personal_link(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(logs, "AS_JSON", True)
    settings = Config()
    settings.set("accesslog", "-")
    server = logs.GunicornLogger(settings)
    response = SimpleNamespace(status_code=200, sent=12, headers=[("X-Request-ID", "4bf92f35")])
    request = SimpleNamespace(method="GET")
    monkeypatch.setattr(server.access_log, "propagate", True)
    with caplog.at_level(logging.INFO):
        for path in ("/me/a-secret/", "/desk/sign-in/"):
            environ = {"PATH_INFO": path, "QUERY_STRING": "sesame=secret"}
            server.access(response, request, environ, timedelta(milliseconds=3))
    assert [record.fields for record in caplog.records] == [
        {"request": "4bf92f35", "method": "GET", "path": path}
        | {"status": 200, "ms": 3.0, "bytes": 12}
        for path in ("/me/…", "/desk/sign-in/")
    ]


@AS_SERVED
def test_proxy_may_store_public_responses_and_must_revalidate(
    programme: str, organiser_client: Client
) -> None:
    cookie = f"sessionid={organiser_client.cookies['sessionid'].value}"
    with override_settings(BEHIND_PROXY=True):
        public = [fetch(f"/{programme}/") for _ in range(2)]
        private = [fetch("/desk/"), fetch(f"/{programme}/", Cookie=cookie)]
    headers = [
        (response.headers["Cache-Control"], response.headers["X-Accel-Expires"])
        for response in public
    ]
    assert headers == [("no-cache", "@1")] * 2
    assert ["X-Accel-Expires" in response.headers for response in private] == [False] * 2
    assert "X-Accel-Expires" not in fetch(f"/{programme}/").headers


def test_metrics_require_the_token(programme: str) -> None:
    def code(**headers: str) -> int:
        return Client(headers=headers).get("/healthz/metrics").status_code

    assert code(Authorization="Bearer ") == 404
    with override_settings(METRICS_TOKEN="a token"):
        assert [code(), code(Authorization="Bearer other"), code(Authorization="Bearer ຂ")] == (
            [404] * 3
        )
        assert code(Authorization="Bearer a token") == 200


@AS_SERVED
def test_metrics_count_requests_and_rows(programme: str) -> None:
    def read_metrics() -> dict[str, float]:
        lines = fetch("/healthz/metrics", Authorization="Bearer a token").body.decode().splitlines()
        return {
            name: float(value)
            for name, _space, value in (row.rpartition(" ") for row in lines)
            if not name.startswith("#")
        }

    with override_settings(METRICS_TOKEN="a token"):
        before = read_metrics()
        for path in (f"/{programme}/", f"/{programme}/", "/nothing/here/", "/admin/", "/healthz"):
            fetch(path)
        after = read_metrics()
    growth = {name: value - before.get(name, 0) for name, value in after.items()}
    assert {name: value for name, value in growth.items() if "seconds_count" in name and value} == {
        f'workshop_request_seconds_count{{route="{route}",status="{status}"}}': 1
        for route, status in (
            *(("agenda", 200), ("cached", 200), ("none", 404), ("admin", 302)),
            *(("alive", 200), ("metrics", 200)),
        )
    }
    rows = ("releases", "database_up", "cache_up")
    assert [after[f"workshop_{name}"] for name in rows] == [1, 1, 1]
    waiting = ('mails{state="waiting"}', 'documents{state="waiting"}')
    assert [after[f"workshop_{name}"] for name in waiting] == [0, 0]


def test_nothing_is_counted_without_a_token(db: None) -> None:
    def count() -> object:
        return metrics.REQUEST_SECONDS.labels("alive", "200")._sum.get()

    before = count()
    fetch("/healthz")
    assert count() == before
