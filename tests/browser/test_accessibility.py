"""Accessibility of every page: keyboard, small screens, axe rules, hostile text."""

import gzip
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from playwright.sync_api import Page, Response, expect

from participants.models import OutgoingMail, Person
from sessions_app import models
from sessions_app.publishing import services
from tests import make
from tests.browser.conftest import OpenPage
from tests.browser.problems import OPEN_QUESTIONS, OVERFLOWING, find_violations
from tests.mails import add_panelists, send
from workshop.models import AboutSection, Event
from workshop.ops import workers

AGENDA = "/odsc-laos-2021/"
PAGES = (
    "/",
    AGENDA,
    f"{AGENDA}releases/1/",
    f"{AGENDA}sessions/session-3/",
    f"{AGENDA}people/juny-kim/",
    f"{AGENDA}countries/KR/",
    f"{AGENDA}about/",
    f"{AGENDA}changes/",
    f"{AGENDA}nowhere/",
    f"{AGENDA}?tz={'X' * 80}",
    "/desk/sign-in/?sesame=worn-out",
)
IN_FOUR_ZONES = f"{AGENDA}?tz=Asia/Dhaka,Africa/Nairobi,America/New_York,Asia/Seoul"
DESK = "/desk/odsc-laos-2021/"
ORGANISERS_PAGES = (
    *(AGENDA, f"{AGENDA}about/", f"{AGENDA}changes/"),
    *(DESK, f"{DESK}review/", f"{DESK}awake/?shift=-2", f"{DESK}documents/"),
    "/desk/?all",
    f"{DESK}?show=findings",
    f"{DESK}sessions/session-3/move/",
    f"{DESK}sessions/session-3/reorder/?before=end",
    *(f"{DESK}people/", f"{DESK}people/juny-kim/replace/?by=nobody"),
    f"{DESK}people/juny-kim/replace/?preview=1&by=new&full_name=Grace&places={make.uid('none')}",
    f"{DESK}people/adriana-alberti/replace/?preview=1&by=known&person=bokyun-shim"
    "&places=f4c8f7e1-aac4-5624-85c6-30fff698dba8",
    f"{DESK}people/juny-kim/merge/?preview=1&stays=this&other=kim-juny",
    f"{DESK}to-confirm/{make.uid('seat')}/",
    f"{DESK}countries/BD/withdraw/",
    *(f"{DESK}sessions/session-3/move/", f"{DESK}copy/?starts_on=2021-11-10"),
    *(f"{DESK}timezone/?zone=Seoul", f"{DESK}timezone/?zone=America/New_York&keep=moments"),
    *(f"{DESK}draft/", f"{DESK}draft/?as=public", f"{DESK}compare/?old=1&new=2"),
    *(f"{DESK}compare/?old=1&new=draft", f"{DESK}releases/", f"{DESK}releases/2/"),
    *(f"{DESK}participants/", f"{DESK}participants/import/"),
    *(f"{DESK}sessions/session-3/move/", "/desk/?all"),
    *(f"{DESK}mails/", f"{DESK}mails/change/", f"{DESK}mails/change/preview/juny-kim/"),
)

LONG = "W" * 5000
LAO = "ກອງປະຊຸມແລກປ່ຽນບົດຮຽນລະດັບພາກພື້ນກ່ຽວກັບສູນບໍລິການປະຕູດຽວ" * 8
KOREAN = "원도어서비스센터에관한동료학습지역워크숍" * 12
MARKUP = "<img src=x onerror=alert(1)></script><script>alert(2)</script>"
HOSTILE_PAGES = (
    "/",
    "/hostile/",
    "/hostile/?lang=lo",
    "/hostile/sessions/long/",
    "/hostile/sessions/next/",
    "/hostile/people/markup/",
    "/hostile/countries/UM/",
    "/hostile/about/",
    "/hostile/changes/",
    "/hostile/releases/1/",
)

# What has the focus, and whether one can see it: outlined, in the window, covered by nothing.
FOCUSED = """wanted => {
  const it = document.activeElement, style = getComputedStyle(it), box = it.getClientRects()[0];
  const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return {
    name: (it.labels?.[0] ?? it).innerText.replace(/\\s+/g, " "),
    arrived: it.matches(wanted),
    seen: outlined && top !== null && it.contains(top),
  };
}"""


@pytest.fixture
def busy_site(live_server: Any, programme: str) -> str:
    """The programme in a second release, which shortens the break, beside a second event.

    Its rows have a place to be confirmed and somebody entered twice, which no release has. Its
    panelists were invited before the second release; one mail came back.
    """
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    send(event, "invitation")
    OutgoingMail.objects.filter(person__key="juny-kim").update(state="bounced", error="550 unknown")
    for key, facts in (("break", {"starts_at": make.at(10, 50)}), ("session-5", {"number": 6})):
        models.Session.objects.filter(key=key).update(**facts)
    services.publish(event=event, now=timezone.now())
    event = make.event_row("huduma", title_en="Visit to a Huduma Centre")
    make.session_row(make.workshop_row(event, title_en="Counter services"))
    services.publish(event=event, now=timezone.now())
    session = models.Session.objects.get(key="session-2")
    make.appearance_row(uid=make.uid("seat"), session=session, stands_for="to_be_confirmed")
    make.appearance_row(make.person_row("Kim Juny"), session=session)
    return str(live_server.url)


@pytest.fixture
def hostile_site(live_server: Any, db: None) -> str:
    """Two events with hostile texts; one has two releases."""
    for slug in ("hostile", "also-hostile"):
        event = make.event_row(
            slug,
            title_en=LONG,
            title_lo=LAO,
            languages="en,lo",
            organisers_en=f"{LONG}\n{KOREAN}",
            platform_en=LONG[:200],
            interpretation_en=KOREAN,
        )
        AboutSection.objects.create(
            event=event, title_en=LONG[:300], body_en=f"{LONG}\n\n- {LONG}\n- {MARKUP}"
        )
        _hostile_workshop(event)
        services.publish(event=event, now=timezone.now())
    models.Session.objects.filter(key="long").update(title_en=f"{LONG[:-1]}V", title=LONG)
    event = Event.objects.get(slug="hostile")
    services.publish(event=event, now=timezone.now(), note=LONG)
    return str(live_server.url)


def _hostile_workshop(event: Event) -> None:
    workshop = make.workshop_row(event, title_en=KOREAN, title_lo=LAO, audience_en=LONG[:500])
    session = make.session_row(
        workshop,
        key="long",
        title_en=LONG,
        title_lo=LAO,
        heading_en=LONG[:300],
        note_en=LONG,
        place_en=LONG[:300],
    )
    make.session_row(
        workshop, key="next", title_en=MARKUP, starts_at=make.at(10), ends_at=make.at(11)
    )
    person = Person.objects.filter(key="markup").first() or make.person_row(
        MARKUP,
        key="markup",
        country="UM",
        position_en=LONG[:500],
        organisation_en=KOREAN,
    )
    talk = models.Presentation.objects.create(session=session, title_en=LONG, minutes=5)
    make.appearance_row(person, session=session)
    make.appearance_row(person, presentation=talk, role="presenter")
    make.appearance_row(
        session=session, stands_for="organisation", name_en=LONG[:300], role="speaker"
    )
    block = models.QuestionBlock.objects.create(session=session, countries=["UM", "FM", "GB"])
    for text in (LONG, LAO, KOREAN, MARKUP):
        models.Question.objects.create(block=block, text_en=text)


def test_everything_works_by_keyboard(event_url: str, open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce")
    page.goto(f"{event_url}/")

    stops = _tab_until(page, ".questions summary")
    assert [stop["name"] for stop in stops][:9] == [
        *("Skip to the content", "Programme", "About", "Changes"),
        *("Add to calendar", "Programme (PDF)", "Without questions (PDF)"),
        *("Show times in", "Show"),
    ]
    assert [stop["name"] for stop in stops if not stop["seen"]] == []
    assert stops[-1]["name"] == "3 questions for Azerbaijan, Kenya and Vietnam 15 min"
    page.keyboard.press("Enter")
    expect(page.locator("#session-1 .block li").first).to_be_visible()

    page.goto(f"{event_url}/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert len(_tab_until(page, "[id='page:tz']")) == 4
    page.keyboard.type("Nairobi")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".clock-name")).to_have_text("Nairobi EAT, UTC+3")


def test_focus_is_never_under_the_sticky_day_heading(event_url: str, open_page: OpenPage) -> None:
    page = open_page(reduced_motion="reduce", height=600)
    page.goto(f"{event_url}/")
    page.locator(".colophon a").last.focus()

    stops = _tab_until(page, "[id='page:tz']", key="Shift+Tab")

    assert [stop["name"] for stop in stops if not stop["seen"]] == []


def _tab_until(page: Page, wanted: str, *, key: str = "Tab") -> list[dict[str, Any]]:
    """The elements that get the focus until the selector `wanted` matches."""
    stops: list[dict[str, Any]] = []
    while not stops or not stops[-1]["arrived"]:
        assert len(stops) < 400
        page.keyboard.press(key)
        stops.append(page.evaluate(FOCUSED, wanted))
    return stops


def test_no_page_is_wider_than_its_window(busy_site: str, open_page: OpenPage) -> None:
    assert _overflowing_elements(busy_site, (*PAGES, IN_FOUR_ZONES), open_page) == {}


def test_hostile_text_makes_no_page_wider_than_its_window(
    hostile_site: str, open_page: OpenPage
) -> None:
    assert _overflowing_elements(hostile_site, HOSTILE_PAGES, open_page) == {}


def _overflowing_elements(
    site: str, paths: tuple[str, ...], open_page: OpenPage
) -> dict[tuple[str, int], list[Any]]:
    """Elements that overflow, by page and width; 720 is 1440 px zoomed to 200 %."""
    plain = open_page(timezone="Asia/Baku")
    zoomed = open_page(timezone="Asia/Baku", width=720, height=450, device_scale_factor=2)
    overflowing = {}
    for path in paths:
        for page, widths in ((plain, (320, 360, 768, 1440)), (zoomed, (720,))):
            page.goto(site + path)
            page.evaluate(OPEN_QUESTIONS)
            for width in widths:
                page.set_viewport_size({"width": width, "height": 900})
                overflowing[path, width] = page.evaluate(OVERFLOWING)
    return {key: elements for key, elements in overflowing.items() if elements}


def test_hostile_text_is_shown_and_not_run(hostile_site: str, open_page: OpenPage) -> None:
    page = open_page()
    messages = _listen(page)
    page.on("dialog", lambda dialog: messages.append(dialog.message))
    shown = {}
    for path in ("/hostile/", "/hostile/sessions/next/", "/hostile/people/markup/"):
        page.goto(hostile_site + path)
        shown[path] = (
            page.locator("h1, h4, .role .name").filter(has_text="<img").first.inner_text(),
            page.locator("img").count(),
            page.locator("script:not([src]):not([type='application/ld+json'])").count(),
        )

    assert shown == dict.fromkeys(shown, (MARKUP, 0, 0))
    assert messages == []


def test_axe_finds_no_violation(busy_site: str, open_page: OpenPage, organiser: User) -> None:
    stranger = open_page(timezone="Asia/Baku", bypass_csp=True)
    signed_in = open_page(signed_in=(busy_site, organiser), bypass_csp=True)
    violations = []
    for page, paths in ((stranger, PAGES), (signed_in, ORGANISERS_PAGES)):
        for path in paths:
            page.goto(busy_site + path)
            page.evaluate(OPEN_QUESTIONS)
            violations += find_violations(page)

    assert violations == []


def test_progress_page_is_accessible_and_opens_the_document(
    busy_site: str, open_page: OpenPage, settings: Any
) -> None:
    settings.QUICK_DOCUMENT_LENGTH = 0
    page = open_page(timezone="Asia/Baku", bypass_csp=True)
    for alive in (0, 1):
        if alive:
            workers.beat("documents", "elsewhere", now=timezone.now())
        page.goto(f"{busy_site}{AGENDA}agenda.pdf?short=1")
        assert (find_violations(page), page.locator("progress").count()) == ([], alive)
    call_command("work", "--once")
    with page.expect_response(
        lambda response: "made=" in response.url and response.ok
    ) as response_info:
        pass  # the page reloads by itself
    assert response_info.value.headers["content-type"] == "application/pdf"


def test_console_has_no_messages(busy_site: str, open_page: OpenPage, organiser: User) -> None:
    stranger = open_page(timezone="Asia/Baku"), "stranger", PAGES
    signed_in = open_page(signed_in=(busy_site, organiser)), "organiser", ORGANISERS_PAGES
    logged = {}
    for page, viewer, paths in (stranger, signed_in):
        messages = _listen(page)
        for path in paths:
            page.goto(busy_site + path)
            page.evaluate("document.fonts.ready.then(() => 0)")
            logged[viewer, path] = messages.copy()
            messages.clear()

    failed = "Failed to load resource: the server responded with a status of "
    refusals = zip(
        PAGES[-3:], ("404 (Not Found)", "400 (Bad Request)", "403 (Forbidden)"), strict=True
    )
    assert logged == {key: [] for key in logged} | {
        ("stranger", path): [failed + status] for path, status in refusals
    }


def _listen(page: Page) -> list[str]:
    """A list that collects console messages and uncaught errors from now on."""
    messages: list[str] = []
    page.on("console", lambda message: messages.append(message.text))
    page.on("pageerror", lambda error: messages.append(str(error)))
    return messages


def test_agenda_page_weighs_less_than_100_kilobytes(event_url: str, open_page: OpenPage) -> None:
    """The gzipped size of all that the page loads, without fonts and icon."""
    page = open_page()
    loaded: list[Response] = []
    page.on("response", lambda response: loaded.append(response))
    page.goto(f"{event_url}/")

    weights = {
        urlsplit(response.url).path: len(gzip.compress(response.body()))
        for response in loaded
        if response.request.resource_type != "font" and not response.url.endswith("icon.svg")
    }
    assert sorted(weights) == [
        "/odsc-laos-2021/",
        "/static/css/fonts.css",
        "/static/css/site.css",
        "/static/js/reader.js",
    ]
    assert sum(weights.values()) < 100_000
    assert loaded[0].header_value("content-encoding") in ("br", "gzip")
