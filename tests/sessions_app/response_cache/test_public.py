"""Ready bytes: never stale, never another's, bounded, and the same with and without Django."""

import gzip
from typing import Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import Client, RequestFactory

from participants.models import Participation, Person
from participants.privacy import erasure
from sessions_app.models import Session
from sessions_app.publishing import services
from sessions_app.response_cache import public, versions
from sessions_app.response_cache.lru import Ready, Shelf
from tests import make
from tests.participants.access.test_permissions import ADDRESSES
from tests.participants.access.test_permissions_of_people import on_the_list
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

READ = ("", "agenda.json", "agenda.ics", "sessions/session-2/", "people/juny-kim/", "countries/KR/")


def page(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers=headers)


@pytest.mark.parametrize("path", READ)
def test_warm_answer_is_the_cold_one_for_a_single_query(
    client: Client, programme: str, path: str, django_assert_num_queries: Any
) -> None:
    cold = client.get(f"/{programme}/{path}")
    with django_assert_num_queries(1):
        warm = client.get(f"/{programme}/{path}")
    assert (warm.status_code, warm.content) == (200, cold.content)
    assert dict(warm.headers) == dict(cold.headers)


@pytest.mark.parametrize("path", ["", "agenda.json", "agenda.ics"])
def test_new_release_is_read_at_once(client: Client, programme: str, path: str) -> None:
    assert b"Handover" not in client.get(f"/{programme}/{path}").content
    session = Session.objects.get(key="session-2")
    session.title_en = "Handover"
    session.save()
    services.publish(event=session.event, now=make.at(9))
    assert b"Handover" in client.get(f"/{programme}/{path}").content


@pytest.mark.parametrize("path", ["", "agenda.json", "agenda.ics", "releases/1/"])
def test_closing_and_opening_bite_at_once(client: Client, programme: str, path: str) -> None:
    rows = Workshop.objects.filter(key="international")

    def told() -> bool:
        return b"Leadership" in client.get(f"/{programme}/{path}").content

    seen = [told()]
    for readership in ("those_let_in", "everyone", "those_let_in"):
        rows.update(readership=readership)
        seen.append(told())
    assert seen == [True, False, True, False]


def test_erased_name_is_gone_from_what_was_ready(client: Client, programme: str) -> None:
    assert b"Juny Kim" in client.get(f"/{programme}/").content
    erasure.erase(person=Person.objects.get(key="juny-kim"))
    assert b"Juny Kim" not in client.get(f"/{programme}/").content


def test_strangers_never_get_what_was_drawn_for_somebody(client: Client, programme: str) -> None:
    known = on_the_list(Participation.State.ACCEPTED)
    address = f"/{programme}/"
    assert b"Keopanya" in known.get(address).content
    assert b"Keopanya" not in client.get(address).content
    again = known.get(address)
    assert b"Keopanya" in again.content
    assert again["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("zstd, identity", ""),
    ],
)
def test_codings_say_the_same_under_etags_of_their_own(
    client: Client, programme: str, accepted: str, coding: str
) -> None:
    plain = client.get(f"/{programme}/")
    packed = page(client, f"/{programme}/", accept_encoding=accepted)
    unpack = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[coding]
    assert unpack(packed.content) == plain.content
    assert packed.headers.get("Content-Encoding", "") == coding
    assert packed["Content-Length"] == str(len(packed.content))
    tag = plain["ETag"].strip('"')
    assert packed["ETag"] == (f'"{tag}-{coding}"' if coding else f'"{tag}"')
    assert {"Cookie", "Accept-Encoding"} <= set(packed["Vary"].split(", "))


def test_reader_who_has_it_gets_304(client: Client, programme: str) -> None:
    address = f"/{programme}/agenda.ics"
    got = page(client, address, accept_encoding="gzip")
    for held in (got["ETag"], f'"other", {got["ETag"]}', f"W/{got['ETag']}", "*"):
        again = page(client, address, accept_encoding="gzip", if_none_match=held)
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", got["ETag"])
    other = page(client, address, accept_encoding="br", if_none_match=got["ETag"])
    assert other.status_code == 200
    since = page(client, address, if_modified_since=got["Last-Modified"])
    assert since.status_code == 304


def test_head_tells_the_length_alone(client: Client, programme: str) -> None:
    whole = client.get(f"/{programme}/")
    head = client.head(f"/{programme}/")
    assert (head.content, dict(head.headers)) == (b"", dict(whole.headers))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("?tz=EST,KST", "?tz=EST&tz=KST"),
        ("?tz=KST", "?tz=KST,KST&utm_source=mail"),
        ("", "?utm_source=mail&tz="),
    ],
)
def test_spellings_of_one_question_share_an_answer(
    client: Client, programme: str, one: str, other: str, django_assert_num_queries: Any
) -> None:
    first = client.get(f"/{programme}/{one}")
    with django_assert_num_queries(1):
        second = client.get(f"/{programme}/{other}")
    assert second.content == first.content


def test_questions_that_differ_have_answers_that_differ(client: Client, programme: str) -> None:
    asked = ("", "?tz=KST", "?tz=EST", "?tz=KST,EST", "?tz=EST,KST", "?tz=Asia/Baku", "?lang=lo")
    drawn = {query: client.get(f"/{programme}/{query}").content for query in asked}
    assert len(set(drawn.values())) == len(asked)
    assert {query: client.get(f"/{programme}/{query}").content for query in asked} == drawn


def test_what_is_refused_or_not_there_is_not_kept(client: Client, programme: str) -> None:
    paths = ("?tz=Nowhere", "people/nobody/", "sessions/welcome/", "agenda.ics?tz=MST")
    for path in paths:
        client.get(f"/{programme}/{path}")
    client.get(f"/{programme}/", headers={"host": "elsewhere.example"})
    client.post(f"/{programme}/")
    assert (public.SHELF.used, public.SHELF_FOR_VARIANTS.used) == (0, 0)


def test_release_that_comes_while_drawing_is_not_kept_under_the_old_mark(
    programme: str, rf: RequestFactory
) -> None:
    request = rf.get(f"/{programme}/")

    def draws(_request: Any) -> Any:
        Workshop.objects.update(readership="everyone")
        return public.may_be_kept(HttpResponse("open"))

    assert public.ReadyMiddleware(draws)(request).content == b"open"
    Workshop.objects.filter(key="national").update(readership="those_let_in")
    shut = public.ReadyMiddleware(lambda _request: HttpResponse("shut"))
    assert shut(request).content == b"shut"


# What is kept


def kept(size: int) -> Ready:
    return Ready(headers=(), body=b"x" * size, etag='"x"', changed=None)


def key(name: str, **facts: str) -> public.Key:
    return public.Key(**dict.fromkeys(public.Key._fields, "") | {"path": name} | facts)


def test_shelf_never_takes_more_than_its_room_and_drops_what_was_asked_for_longest_ago() -> None:
    shelf = Shelf(room=10_000)
    for number in range(1000):
        shelf.put(key(str(number)), kept(500))
        shelf.get(key("0"))
        assert shelf.used <= shelf.room
    held = [number for number in range(1000) if shelf.get(key(str(number)))]
    assert held == [0, *range(1001 - len(held), 1000)]
    shelf.put(key("x" * 6_000), kept(1))  # keys take room as well
    assert shelf.get(key("x" * 6_000)) is None
    shelf.put(key("huge"), kept(5_000))
    assert shelf.get(key("huge")) is None


def test_who_tries_combinations_displaces_no_plain_address(
    programme: str, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.SITE = "http://testserver"
    client = Client(headers={"host": "testserver"})
    client.get(f"/{programme}/")
    assert public.SHELF.used > 0
    used = public.SHELF.used
    for zone in ("Asia/Baku", "Asia/Tokyo", "Africa/Nairobi", "Asia/Kathmandu"):
        client.get(f"/{programme}/?tz={zone}")
    client.get(f"/{programme}/", headers={"host": "localhost:4711"})
    assert public.SHELF.used == used
    with django_assert_num_queries(1):
        client.get(f"/{programme}/")


# Without Django


def through(application: Any, path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body as a web server gets them."""
    told: list[Any] = []
    request = RequestFactory().get(path, **environ)
    answer = application(request.environ, lambda *said: told.extend(said))
    return told[0], dict(told[1]), b"".join(answer)


def test_shortcut_answers_as_the_site_does(programme: str) -> None:
    site = WSGIHandler()
    quick = public.shortcut(site)
    paths = [each for paths in ADDRESSES.values() for each in paths if each.startswith("/{slug}")]
    for path in (each.format(slug=programme) for each in paths if ".pdf" not in each):
        slow = through(site, path)
        assert through(quick, path) == slow
        tag = slow[1].get("ETag", '"none"')
        since = {"HTTP_IF_MODIFIED_SINCE": slow[1].get("Last-Modified", "")}
        held = {"HTTP_IF_NONE_MATCH": tag}
        for environ in (held, {**held, **since}, since, {"REQUEST_METHOD": "HEAD"}):
            status, headers, body = through(quick, path, **environ)
            expected = through(site, path, **environ)
            assert (status, headers, body) == expected


def test_shortcut_leaves_alone_who_may_be_known(programme: str) -> None:
    reached: list[str] = []

    def site(environ: Any, start_response: Any) -> list[bytes]:
        reached.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b"site"]

    quick = public.shortcut(site)
    Client().get(f"/{programme}/")
    assert through(quick, f"/{programme}/")[2] != b"site"
    assert through(quick, f"/{programme}/", HTTP_COOKIE="a=b; sessionid=x")[2] == b"site"
    assert through(quick, f"/{programme}/", REQUEST_METHOD="POST")[2] == b"site"
    assert through(quick, f"/{programme}/", HTTP_HOST="elsewhere.example")[2] == b"site"
    assert through(quick, "/healthz")[2] == b"site"


@pytest.mark.parametrize("path", ["/healthz", "/static/nothing.css"])
def test_what_is_no_event_costs_no_query(
    client: Client, db: None, path: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.django_db(transaction=True)
def test_nobody_decides_for_others_where_the_site_is_mounted(programme: str) -> None:
    site = public.shortcut(WSGIHandler())
    bodies = [through(site, f"/{programme}/", SCRIPT_NAME=name)[2] for name in ("/evil", "")]
    assert [b"/evil/" in body for body in bodies] == [True, False]


def test_release_has_one_address(client: Client, programme: str) -> None:
    paths = ("releases/1/", "releases/01/", "releases/00001/", "releases/2/")
    statuses = [client.get(f"/{programme}/{path}").status_code for path in paths]
    assert statuses == [200, 404, 404, 404]


def test_long_host_is_answered_and_not_kept(client: Client, programme: str) -> None:
    answer = client.get(f"/{programme}/", headers={"host": "localhost:" + "0" * 7000})
    assert (answer.status_code, public.SHELF_FOR_VARIANTS.used) == (200, 0)


def test_mark_is_of_one_event(programme: str) -> None:
    mark = versions.get_public_mark(programme)
    other = make.workshop_row(make.event_row("other"))
    assert versions.get_public_mark("other") is None
    services.publish(event=Event.objects.get(slug="other"), now=make.at(9))
    other.readership = "those_let_in"
    other.save()
    assert versions.get_public_mark(programme) == mark
