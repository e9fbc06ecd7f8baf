"""Two web machines on one PostgreSQL and one Redis, behind the project's nginx."""

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
from tests.serving import ROOT, SLUG, Reader, Site, duplicated, wait_until, while_killing

PAGES = [f"/{SLUG}/", f"/{SLUG}/agenda.ics", f"/{SLUG}/agenda.json", f"/{SLUG}/?tz=Asia/Baku"]


def retitle(machines: Machines, key: str, title: str) -> None:
    with psycopg.connect(machines.database) as rows:
        rows.execute(
            "UPDATE sessions_app_session SET title_en = %s, title = %s WHERE key = %s",
            (title, title, key),
        )


def read_by(machines: Machines, word: str) -> bool:
    """Whether every page of every machine, and of nginx, has the word."""
    return all(
        word.encode() in reader.get(path).body for reader in machines.readers for path in PAGES
    )


def set_readership(machines: Machines, readership: str) -> None:
    with psycopg.connect(machines.database) as rows:
        rows.execute(
            "UPDATE workshop_workshop SET readership = %s WHERE key = 'international'",
            (readership,),
        )


def test_release_of_one_machine_is_on_every_other_within_two_seconds(machines: Machines) -> None:
    assert read_by(machines, "Juny Kim")
    for number in range(3):
        retitle(machines, "break", f"Coffee {number}")
        machines.one.manage("publish", SLUG)
        assert wait_until(lambda: read_by(machines, f"Coffee {number}"), 2) < 2  # noqa: B023


def test_closed_workshop_is_closed_for_the_next_reader_of_each(machines: Machines) -> None:
    assert read_by(machines, "Juny Kim")
    try:
        set_readership(machines, "those_let_in")
        found = [
            (reader.port, path)
            for reader in machines.readers
            for path in PAGES
            if b"Juny Kim" in reader.get(path).body
        ]
        assert found == []
    finally:
        set_readership(machines, "everyone")
    assert read_by(machines, "Juny Kim")


def test_nginx_keeps_what_is_public_and_asks_each_time(machines: Machines) -> None:
    reader = Reader(machines.nginx.port)
    path = f"/{SLUG}/about/"
    answers = [reader.get(path, **{"Accept-Encoding": "gzip"}) for _ in range(3)]
    assert len({answer.body for answer in answers}) == 1
    assert "Learning" in gzip.decompress(answers[0].body).decode()
    tag = answers[0].headers["ETag"]
    unchanged = reader.get(path, **{"Accept-Encoding": "gzip", "If-None-Match": tag})
    assert (unchanged.status, unchanged.body) == (304, b"")

    def told(fact: str, *servers: Site | Nginx) -> list[object]:
        lines = [line for each in servers for line in each.lines()]
        return [line[fact] for line in lines if line.get("path") == path]

    wait_until(lambda: told("kept", machines.nginx) == ["MISS", *["REVALIDATED"] * 3], 2)
    wait_until(
        lambda: sorted(told("status", machines.one, machines.two)) == [200, 304, 304, 304], 2
    )


def test_one_reader_never_gets_what_is_another_s(machines: Machines) -> None:
    reader = Reader(machines.nginx.port).sign_in(machines.one)
    stranger = Reader(machines.nginx.port)
    for path in PAGES:
        for _ in range(2):
            own = reader.get(path)
            assert (b"Keopanya" in own.body, own.headers["Cache-Control"]) == (
                True,
                "private, no-store",
            )
            assert b"Keopanya" not in stranger.get(path).body
    personal = [reader.get(path) for path in (f"/desk/{SLUG}/", "/admin/", "/me/a-token/")]
    assert ["X-Accel-Expires" in answer.headers for answer in personal] == [False] * 3
    own = ("/me/…", "/admin/", f"/desk/{SLUG}/")

    def kept() -> dict[object, object]:
        lines = machines.nginx.lines()
        return {line["path"]: line["kept"] for line in lines if line["path"] in own}

    wait_until(lambda: kept() == dict.fromkeys(own, ""), 2)
    told = machines.nginx.access_log.read_text() + machines.one.log.read_text()
    assert ("a-token" in told, "sesame" in told, "/me/…" in told) == (False, False, True)


def test_id_of_a_request_is_one_from_nginx_to_the_last_log_line(machines: Machines) -> None:
    answer = Reader(machines.nginx.port).get(f"/{SLUG}/changes/")
    number = answer.headers.get_all("X-Request-ID")
    assert len(number) == 1
    servers = machines.one, machines.two, machines.nginx

    def told() -> list[tuple[object, object]]:
        lines = [line for each in servers for line in each.lines()]
        return [
            (line["path"], line["status"]) for line in lines if line.get("request") == number[0]
        ]

    # A line is written when its answer has gone.
    wait_until(lambda: told() == [(f"/{SLUG}/changes/", 200)] * 2, 2)


def test_numbers_of_all_web_processes_are_told_together(machines: Machines) -> None:
    reader = Reader(machines.one.port)

    def answered() -> float:
        told = reader.get("/healthz/metrics", Authorization="Bearer a token").body.decode()
        assert "workshop_database_up 1.0" in told
        assert "workshop_cache_up 1.0" in told
        found = re.search(r'seconds_count\{route="schema",status="200"\} ([\d.]+)', told)
        return float(found[1]) if found else 0

    before = answered()
    with ThreadPoolExecutor(8) as many:
        list(many.map(reader.get, ["/agenda.schema.json"] * 20))
    assert answered() - before == 20


def test_redis_gone_makes_it_slower_not_down(machines: Machines, redis: Redis) -> None:
    redis.stop(signal.SIGKILL)
    try:
        assert read_by(machines, "Juny Kim")
        assert Reader(machines.one.port).get("/readyz").status == 503
        start = time.monotonic()
        assert read_by(machines, "Juny Kim")
        assert time.monotonic() - start < 5
        retitle(machines, "break", "Coffee without Redis")
        machines.one.manage("publish", SLUG)
        assert wait_until(lambda: read_by(machines, "Coffee without Redis"), 2) < 2
    finally:
        redis.start()
    assert read_by(machines, "Coffee without Redis")
    assert wait_until(lambda: Reader(machines.one.port).get("/readyz").body == b"ok", 2) < 2


def test_database_stopped_is_told_in_plain_words_and_comes_back_by_itself(
    machines: Machines, postgresql: PostgreSQL
) -> None:
    reader = Reader(machines.one.port).sign_in(machines.one)
    paths = [f"/{SLUG}/", f"/desk/{SLUG}/", "/admin/", "/"]
    strangers = [Reader(machines.two.port), Reader(machines.nginx.port)]
    postgresql.stop(signal.SIGINT)
    try:
        asked = [(reader, path) for path in paths] + [(who, paths[0]) for who in strangers]
        answers = [who.get(path) for who, path in asked]
        assert {answer.status for answer in answers} == {503}
        assert {answer.headers["Retry-After"] for answer in answers} == {"10"}
        assert all(b"cannot be shown right now" in answer.body for answer in answers)
        assert reader.get("/healthz").status == 200
        assert reader.get("/readyz").body == b"the database does not answer"
    finally:
        postgresql.start()
    for who in (reader, *strangers):
        wait_until(lambda: who.get(f"/{SLUG}/").status == 200, 10)  # noqa: B023
    wait_until(lambda: reader.get(f"/desk/{SLUG}/").status == 200, 10)


def test_database_started_again_between_two_requests_is_not_noticed(
    machines: Machines, postgresql: PostgreSQL
) -> None:
    reader = Reader(machines.one.port)
    assert {reader.get(f"/{SLUG}/").status for _ in range(4)} == {200}
    postgresql.stop(signal.SIGINT)
    postgresql.start()
    assert {reader.get(f"/{SLUG}/").status for _ in range(8)} == {200}


def test_killed_web_processes_lose_no_edit_that_was_acknowledged(machines: Machines) -> None:
    reader = Reader(machines.one.port).sign_in(machines.one)
    made = []
    with while_killing(machines.one, every=0.4) as killed:
        end = time.monotonic() + 4
        while time.monotonic() < end:
            made.append(duplicated(reader))
    acknowledged = {key for key in made if key}
    with psycopg.connect(machines.database) as rows:
        kept = {key for (key,) in rows.execute("SELECT key FROM sessions_app_session")}
    assert acknowledged - kept == set()
    assert (killed[0] > 4, len(acknowledged) > 4) == (True, True)


def test_two_who_publish_at_once_make_two_releases_in_order(machines: Machines) -> None:
    with psycopg.connect(machines.database) as rows:
        (last,) = rows.execute("SELECT max(number) FROM sessions_app_release").fetchone()
    retitle(machines, "break", "Coffee at last")
    retitle(machines, "odsc-roadmap", "The Roadmap at last")
    both = [
        subprocess.Popen(  # noqa: S603
            [sys.executable, "manage.py", "publish", SLUG, "--workshop", key],
            cwd=ROOT,
            env=site.environment,
        )
        for site, key in ((machines.one, "international"), (machines.two, "national"))
    ]
    assert [each.wait() for each in both] == [0, 0]
    with psycopg.connect(machines.database) as rows:
        made = rows.execute(
            "SELECT number, agenda LIKE '%%Coffee at last%%', agenda LIKE '%%Roadmap at last%%' "
            "FROM sessions_app_release WHERE number > %s ORDER BY number",
            (last,),
        ).fetchall()
    assert [number for number, *_ in made] == [last + 1, last + 2]
    assert sorted(made[0][1:]) == [False, True]
    assert made[1][1:] == (True, True)


def test_two_copies_of_one_moment_get_keys_of_their_own(machines: Machines) -> None:
    readers = [Reader(site.port).sign_in(site) for site in (machines.one, machines.two)]
    with ThreadPoolExecutor(2) as both:
        for _ in range(5):
            keys = list(both.map(lambda reader: duplicated(reader, "welcome"), readers))
            assert (None in keys, len(set(keys))) == (False, 2)
