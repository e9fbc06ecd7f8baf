"""Public response cache: always up to date, bounded, and equal with and without Django."""

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
from sessions_app.response_cache.lru import CachedResponse, LruCache
from tests import make
from tests.participants.access.test_viewer import ADDRESSES
from tests.participants.access.test_viewer_of_people import listed_as
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

READ = ("", "agenda.json", "agenda.ics", "sessions/session-2/", "people/juny-kim/", "countries/KR/")


def page(client: Client, path: str, **headers: str) -> Any:
    return client.get(path, headers=headers)


@pytest.mark.parametrize("path", READ)
def test_cached_response_equals_the_rendered_one_for_a_single_query(
    client: Client, programme: str, path: str, django_assert_num_queries: Any
) -> None:
    rendered = client.get(f"/{programme}/{path}")
    with django_assert_num_queries(1):
        cached = client.get(f"/{programme}/{path}")
    assert (cached.status_code, cached.content) == (200, rendered.content)
    assert dict(cached.headers) == dict(rendered.headers)


@pytest.mark.parametrize("path", ["", "agenda.json", "agenda.ics"])
def test_new_release_is_shown_at_once(client: Client, programme: str, path: str) -> None:
    assert b"Handover" not in client.get(f"/{programme}/{path}").content
    session = Session.objects.get(key="session-2")
    session.title_en = "Handover"
    session.save()
    services.publish(event=session.event, now=make.at(9))
    assert b"Handover" in client.get(f"/{programme}/{path}").content


@pytest.mark.parametrize("path", ["", "agenda.json", "agenda.ics", "releases/1/"])
def test_change_of_readership_takes_effect_at_once(
    client: Client, programme: str, path: str
) -> None:
    rows = Workshop.objects.filter(key="international")

    def is_visible() -> bool:
        return b"Leadership" in client.get(f"/{programme}/{path}").content

    visible = [is_visible()]
    for readership in ("those_let_in", "everyone", "those_let_in"):
        rows.update(readership=readership)
        visible.append(is_visible())
    assert visible == [True, False, True, False]


def test_erased_name_is_not_in_cached_responses(client: Client, programme: str) -> None:
    assert b"Juny Kim" in client.get(f"/{programme}/").content
    erasure.erase(person=Person.objects.get(key="juny-kim"))
    assert b"Juny Kim" not in client.get(f"/{programme}/").content


def test_anonymous_readers_never_get_a_personal_response(client: Client, programme: str) -> None:
    participant = listed_as(Participation.State.ACCEPTED)
    address = f"/{programme}/"
    assert b"Keopanya" in participant.get(address).content
    assert b"Keopanya" not in client.get(address).content
    second = participant.get(address)
    assert b"Keopanya" in second.content
    assert second["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("", ""),
        ("gzip", "gzip"),
        ("gzip, deflate, br", "br"),
        ("br;q=0, gzip;q=0.5", "gzip"),
        ("gzip;q=0", ""),
        ("zstd, identity", ""),
    ],
)
def test_encodings_have_the_same_content_and_different_etags(
    client: Client, programme: str, accepted: str, encoding: str
) -> None:
    plain = client.get(f"/{programme}/")
    compressed = page(client, f"/{programme}/", accept_encoding=accepted)
    decompress = {"": bytes, "gzip": gzip.decompress, "br": brotli.decompress}[encoding]
    assert decompress(compressed.content) == plain.content
    assert compressed.headers.get("Content-Encoding", "") == encoding
    assert compressed["Content-Length"] == str(len(compressed.content))
    tag = plain["ETag"].strip('"')
    assert compressed["ETag"] == (f'"{tag}-{encoding}"' if encoding else f'"{tag}"')
    assert {"Cookie", "Accept-Encoding"} <= set(compressed["Vary"].split(", "))


def test_matching_condition_gets_304(client: Client, programme: str) -> None:
    address = f"/{programme}/agenda.ics"
    first = page(client, address, accept_encoding="gzip")
    for etags in (first["ETag"], f'"other", {first["ETag"]}', f"W/{first['ETag']}", "*"):
        second = page(client, address, accept_encoding="gzip", if_none_match=etags)
        assert (second.status_code, second.content, second["ETag"]) == (304, b"", first["ETag"])
    other = page(client, address, accept_encoding="br", if_none_match=first["ETag"])
    assert other.status_code == 200
    since = page(client, address, if_modified_since=first["Last-Modified"])
    assert since.status_code == 304


def test_head_has_headers_only(client: Client, programme: str) -> None:
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
def test_equivalent_queries_share_a_response(
    client: Client, programme: str, one: str, other: str, django_assert_num_queries: Any
) -> None:
    first = client.get(f"/{programme}/{one}")
    with django_assert_num_queries(1):
        second = client.get(f"/{programme}/{other}")
    assert second.content == first.content


def test_different_queries_have_different_responses(client: Client, programme: str) -> None:
    queries = ("", "?tz=KST", "?tz=EST", "?tz=KST,EST", "?tz=EST,KST", "?tz=Asia/Baku", "?lang=lo")
    contents = {query: client.get(f"/{programme}/{query}").content for query in queries}
    assert len(set(contents.values())) == len(queries)
    assert {query: client.get(f"/{programme}/{query}").content for query in queries} == contents


def test_errors_are_not_cached(client: Client, programme: str) -> None:
    paths = ("?tz=Nowhere", "people/nobody/", "sessions/welcome/", "agenda.ics?tz=MST")
    for path in paths:
        client.get(f"/{programme}/{path}")
    client.get(f"/{programme}/", headers={"host": "elsewhere.example"})
    client.post(f"/{programme}/")
    assert (public.CACHE.used, public.VARIANTS_CACHE.used) == (0, 0)


def test_response_is_not_cached_if_the_version_changes_while_rendering(
    programme: str, rf: RequestFactory
) -> None:
    request = rf.get(f"/{programme}/")

    def render(_request: Any) -> Any:
        Workshop.objects.update(readership="everyone")
        return public.cacheable(HttpResponse("open"))

    assert public.CachedResponseMiddleware(render)(request).content == b"open"
    Workshop.objects.filter(key="national").update(readership="those_let_in")
    closed = public.CachedResponseMiddleware(lambda _request: HttpResponse("closed"))
    assert closed(request).content == b"closed"


# The LRU cache


def cached_response(size: int) -> CachedResponse:
    return CachedResponse(headers=(), body=b"x" * size, etag='"x"', last_modified=None)


def key(name: str, **facts: str) -> public.CacheKey:
    return public.CacheKey(**dict.fromkeys(public.CacheKey._fields, "") | {"path": name} | facts)


def test_lru_cache_stays_below_its_limit_and_evicts_the_least_recently_used() -> None:
    cache = LruCache(max_bytes=10_000)
    for number in range(1000):
        cache.put(key(str(number)), cached_response(500))
        cache.get(key("0"))
        assert cache.used <= cache.max_bytes
    remaining = [number for number in range(1000) if cache.get(key(str(number)))]
    assert remaining == [0, *range(1001 - len(remaining), 1000)]
    cache.put(key("x" * 6_000), cached_response(1))  # keys count as well
    assert cache.get(key("x" * 6_000)) is None
    cache.put(key("huge"), cached_response(5_000))
    assert cache.get(key("huge")) is None


def test_query_combinations_evict_no_plain_address(
    programme: str, settings: Any, django_assert_num_queries: Any
) -> None:
    settings.SITE = "http://testserver"
    client = Client(headers={"host": "testserver"})
    client.get(f"/{programme}/")
    assert public.CACHE.used > 0
    used = public.CACHE.used
    for zone in ("Asia/Baku", "Asia/Tokyo", "Africa/Nairobi", "Asia/Kathmandu"):
        client.get(f"/{programme}/?tz={zone}")
    client.get(f"/{programme}/", headers={"host": "localhost:4711"})
    assert public.CACHE.used == used
    with django_assert_num_queries(1):
        client.get(f"/{programme}/")


# Without Django


def call(application: Any, path: str, **environ: str) -> tuple[str, dict[str, str], bytes]:
    """Status, headers and body of a WSGI application."""
    start: list[Any] = []
    request = RequestFactory().get(path, **environ)
    response = application(request.environ, lambda *arguments: start.extend(arguments))
    return start[0], dict(start[1]), b"".join(response)


def test_wsgi_cache_responds_as_django_does(programme: str) -> None:
    site = WSGIHandler()
    cached_site = public.serve_cached(site)
    paths = [path for paths in ADDRESSES.values() for path in paths if path.startswith("/{slug}")]
    for path in (path.format(slug=programme) for path in paths if ".pdf" not in path):
        expected = call(site, path)
        assert call(cached_site, path) == expected
        tag = expected[1].get("ETag", '"none"')
        since = {"HTTP_IF_MODIFIED_SINCE": expected[1].get("Last-Modified", "")}
        match = {"HTTP_IF_NONE_MATCH": tag}
        for environ in (match, {**match, **since}, since, {"REQUEST_METHOD": "HEAD"}):
            status, headers, body = call(cached_site, path, **environ)
            uncached = call(site, path, **environ)
            assert (status, headers, body) == uncached


def test_wsgi_cache_passes_on_requests_with_a_session(programme: str) -> None:
    reached: list[str] = []

    def site(environ: Any, start_response: Any) -> list[bytes]:
        reached.append(environ["PATH_INFO"])
        start_response("200 OK", [])
        return [b"site"]

    cached_site = public.serve_cached(site)
    Client().get(f"/{programme}/")
    assert call(cached_site, f"/{programme}/")[2] != b"site"
    assert call(cached_site, f"/{programme}/", HTTP_COOKIE="a=b; sessionid=x")[2] == b"site"
    assert call(cached_site, f"/{programme}/", REQUEST_METHOD="POST")[2] == b"site"
    assert call(cached_site, f"/{programme}/", HTTP_HOST="elsewhere.example")[2] == b"site"
    assert call(cached_site, "/healthz")[2] == b"site"


@pytest.mark.parametrize("path", ["/healthz", "/static/nothing.css"])
def test_address_outside_events_costs_no_query(
    client: Client, db: None, path: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(0):
        client.get(path)


@pytest.mark.django_db(transaction=True)
def test_script_name_of_one_request_does_not_affect_others(programme: str) -> None:
    site = public.serve_cached(WSGIHandler())
    bodies = [call(site, f"/{programme}/", SCRIPT_NAME=name)[2] for name in ("/evil", "")]
    assert [b"/evil/" in body for body in bodies] == [True, False]


def test_release_has_one_address(client: Client, programme: str) -> None:
    paths = ("releases/1/", "releases/01/", "releases/00001/", "releases/2/")
    statuses = [client.get(f"/{programme}/{path}").status_code for path in paths]
    assert statuses == [200, 404, 404, 404]


def test_response_to_a_long_host_is_not_cached(client: Client, programme: str) -> None:
    response = client.get(f"/{programme}/", headers={"host": "localhost:" + "0" * 7000})
    assert (response.status_code, public.VARIANTS_CACHE.used) == (200, 0)


def test_version_is_of_one_event(programme: str) -> None:
    version = versions.public_version(programme)
    other = make.workshop_row(make.event_row("other"))
    assert versions.public_version("other") is None
    services.publish(event=Event.objects.get(slug="other"), now=make.at(9))
    other.readership = "those_let_in"
    other.save()
    assert versions.public_version(programme) == version
