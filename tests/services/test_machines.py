"""Two web servers on one PostgreSQL and one Redis, behind the project's nginx."""

import gzip
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg

from tests.services.conftest import Machines
from tests.services.machines import Nginx, PostgreSQL, Redis
from tests.serving import (
    ROOT,
    SLUG,
    Site,
    SiteClient,
    duplicate_session,
    killing_web_processes,
    wait_until,
)

PAGES = [f"/{SLUG}/", f"/{SLUG}/agenda.ics", f"/{SLUG}/agenda.json", f"/{SLUG}/?tz=Asia/Baku"]


def retitle(machines: Machines, key: str, title: str) -> None:
    with psycopg.connect(machines.database) as rows:
        rows.execute(
            "UPDATE sessions_app_session SET title_en = %s, title = %s WHERE key = %s",
            (title, title, key),
        )


def is_on_all_pages(machines: Machines, word: str) -> bool:
    """Whether every page of both servers and of nginx contains a word."""
    return all(
        word.encode() in client.get(path).body for client in machines.clients for path in PAGES
    )


def set_readership(machines: Machines, readership: str) -> None:
    with psycopg.connect(machines.database) as rows:
        rows.execute(
            "UPDATE workshop_workshop SET readership = %s WHERE key = 'international'",
            (readership,),
        )


def test_release_is_on_all_servers_within_two_seconds(machines: Machines) -> None:
    assert is_on_all_pages(machines, "Juny Kim")
    for number in range(3):
        retitle(machines, "break", f"Coffee {number}")
        machines.one.manage("publish", SLUG)
        assert wait_until(lambda: is_on_all_pages(machines, f"Coffee {number}"), 2) < 2  # noqa: B023


def test_closed_workshop_is_hidden_at_once_on_all_servers(machines: Machines) -> None:
    assert is_on_all_pages(machines, "Juny Kim")
    try:
        set_readership(machines, "those_let_in")
        visible = [
            (client.port, path)
            for client in machines.clients
            for path in PAGES
            if b"Juny Kim" in client.get(path).body
        ]
        assert visible == []
    finally:
        set_readership(machines, "everyone")
    assert is_on_all_pages(machines, "Juny Kim")


def test_nginx_caches_public_pages_and_revalidates(machines: Machines) -> None:
    client = SiteClient(machines.nginx.port)
    path = f"/{SLUG}/about/"
    responses = [client.get(path, **{"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert len({response.body for response in responses}) == 1
    assert "Learning" in gzip.decompress(responses[0].body).decode()
    tag = responses[0].headers["ETag"]
    unchanged = client.get(path, **{"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (unchanged.status, unchanged.body) == (304, b"")

    def logged(field: str, *servers: Site | Nginx) -> list[object]:
        lines = [line for server in servers for line in server.lines()]
        return [line[field] for line in lines if line.get("path") == path]

    wait_until(lambda: logged("kept", machines.nginx) == ["MISS", *["REVALIDATED"] * 3], 2)
    wait_until(
        lambda: sorted(logged("status", machines.one, machines.two)) == [200, 304, 304, 304], 2
    )


def test_nginx_never_sends_a_personal_page_to_others(machines: Machines) -> None:
    client = SiteClient(machines.nginx.port).sign_in(machines.one)
    stranger = SiteClient(machines.nginx.port)
    for path in PAGES:
        for _ in range(2):
            own = client.get(path)
            assert (b"Keopanya" in own.body, own.headers["Cache-Control"]) == (
                True,
                "private, no-store",
            )
            assert b"Keopanya" not in stranger.get(path).body
    personal = [client.get(path) for path in (f"/desk/{SLUG}/", "/admin/", "/me/a-token/")]
    assert ["X-Accel-Expires" in response.headers for response in personal] == [False] * 3
    own = ("/me/…", "/admin/", f"/desk/{SLUG}/")

    def cache_states() -> dict[object, object]:
        lines = machines.nginx.lines()
        return {line["path"]: line["kept"] for line in lines if line["path"] in own}

    wait_until(lambda: cache_states() == dict.fromkeys(own, ""), 2)
    logs = machines.nginx.access_log.read_text() + machines.one.log.read_text()
    assert ("a-token" in logs, "sesame" in logs, "/me/…" in logs) == (False, False, True)


def test_request_id_is_the_same_in_all_logs(machines: Machines) -> None:
    response = SiteClient(machines.nginx.port).get(f"/{SLUG}/changes/")
    [request_id] = response.headers.get_all("X-Request-ID")
    servers = machines.one, machines.two, machines.nginx

    def logged() -> list[tuple[object, object]]:
        lines = [line for server in servers for line in server.lines()]
        return [
            (line["path"], line["status"]) for line in lines if line.get("request") == request_id
        ]

    wait_until(lambda: len(logged()) >= 2, 2)  # a line is written after its response was sent
    assert logged() == [(f"/{SLUG}/changes/", 200)] * 2


def test_metrics_include_all_web_processes(machines: Machines) -> None:
    client = SiteClient(machines.one.port)

    def request_count() -> float:
        metrics = client.get("/healthz/metrics", Authorization="Bearer a token").body.decode()
        assert "workshop_database_up 1.0" in metrics
        assert "workshop_cache_up 1.0" in metrics
        match = re.search(r'seconds_count\{route="schema",status="200"\} ([\d.]+)', metrics)
        return float(match[1]) if match else 0

    before = request_count()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client.get, ["/agenda.schema.json"] * 20))
    assert request_count() - before == 20


def test_site_works_without_redis(machines: Machines, redis: Redis) -> None:
    redis.stop(signal.SIGKILL)
    try:
        assert is_on_all_pages(machines, "Juny Kim")
        assert SiteClient(machines.one.port).get("/readyz").status == 503
        start = time.monotonic()
        assert is_on_all_pages(machines, "Juny Kim")
        assert time.monotonic() - start < 5
        retitle(machines, "break", "Coffee without Redis")
        machines.one.manage("publish", SLUG)
        assert wait_until(lambda: is_on_all_pages(machines, "Coffee without Redis"), 2) < 2
    finally:
        redis.start()
    assert is_on_all_pages(machines, "Coffee without Redis")
    assert wait_until(lambda: SiteClient(machines.one.port).get("/readyz").body == b"ok", 2) < 2


def test_database_outage_gives_503_and_ends_by_itself(
    machines: Machines, postgresql: PostgreSQL
) -> None:
    client = SiteClient(machines.one.port).sign_in(machines.one)
    paths = [f"/{SLUG}/", f"/desk/{SLUG}/", "/admin/", "/"]
    others = [SiteClient(machines.two.port), SiteClient(machines.nginx.port)]
    postgresql.stop(signal.SIGINT)
    try:
        requests = [(client, path) for path in paths] + [(other, paths[0]) for other in others]
        responses = [sender.get(path) for sender, path in requests]
        assert {response.status for response in responses} == {503}
        assert {response.headers["Retry-After"] for response in responses} == {"10"}
        assert all(b"cannot be shown right now" in response.body for response in responses)
        assert client.get("/healthz").status == 200
        assert client.get("/readyz").body == b"the database does not answer"
    finally:
        postgresql.start()
    for other in (client, *others):
        wait_until(lambda: other.get(f"/{SLUG}/").status == 200, 10)  # noqa: B023
    wait_until(lambda: client.get(f"/desk/{SLUG}/").status == 200, 10)


def test_database_restart_between_two_requests_is_not_noticed(
    machines: Machines, postgresql: PostgreSQL
) -> None:
    client = SiteClient(machines.one.port)
    assert {client.get(f"/{SLUG}/").status for _ in range(4)} == {200}
    postgresql.stop(signal.SIGINT)
    postgresql.start()
    assert {client.get(f"/{SLUG}/").status for _ in range(8)} == {200}


def test_killed_web_processes_lose_no_acknowledged_edit(machines: Machines) -> None:
    client = SiteClient(machines.one.port).sign_in(machines.one)
    keys = []
    with killing_web_processes(machines.one, every=0.4) as kills:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            keys.append(duplicate_session(client))
    acknowledged = {key for key in keys if key}
    with psycopg.connect(machines.database) as rows:
        stored = {key for (key,) in rows.execute("SELECT key FROM sessions_app_session")}
    assert acknowledged - stored == set()
    assert (kills[0] > 4, len(acknowledged) > 4) == (True, True)


def test_concurrent_publishing_makes_two_releases_in_order(machines: Machines) -> None:
    with psycopg.connect(machines.database) as rows:
        (last,) = rows.execute("SELECT max(number) FROM sessions_app_release").fetchone()
    retitle(machines, "break", "Coffee at last")
    retitle(machines, "odsc-roadmap", "The Roadmap at last")
    processes = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "publish", SLUG, "--workshop", key],
            cwd=ROOT,
            env=site.environment,
        )
        for site, key in ((machines.one, "international"), (machines.two, "national"))
    ]
    assert [process.wait() for process in processes] == [0, 0]
    with psycopg.connect(machines.database) as rows:
        made = rows.execute(
            "SELECT number, agenda LIKE '%%Coffee at last%%', agenda LIKE '%%Roadmap at last%%' "
            "FROM sessions_app_release WHERE number > %s ORDER BY number",
            (last,),
        ).fetchall()
    assert [number for number, *_ in made] == [last + 1, last + 2]
    assert sorted(made[0][1:]) == [False, True]
    assert made[1][1:] == (True, True)


def test_concurrent_duplicates_get_different_keys(machines: Machines) -> None:
    clients = [SiteClient(site.port).sign_in(site) for site in (machines.one, machines.two)]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(5):
            keys = list(pool.map(lambda client: duplicate_session(client, "welcome"), clients))
            assert (None in keys, len(set(keys))) == (False, 2)
