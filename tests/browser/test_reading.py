"""Readers' pages in a browser: times in every zone, the device's zone, no JavaScript."""

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from sessions_app.publishing import services
from tests import make
from tests.browser.conftest import OpenPage

# From the programme, in Lao Time.
PROGRAMME = (
    ("Opening remarks", "08:30", "08:50"),
    ("Overview Presentation on One Door Service Centers", "08:50", "09:00"),
    (
        "Overview Presentation on International Experiences of One Door Service Centers",
        "09:00",
        "09:25",
    ),
    (
        "Critical Role of Leadership for Effective One-Door-Service Centers (ODSCs)",
        "09:25",
        "09:45",
    ),
    ("Institutional Coordination", "10:05", "10:30"),
    ("Q & A for Session 2", "10:30", "10:45"),
    ("Break", "10:45", "10:55"),
    (
        "Structural Organization, Processes, Digitization and Financing of One Stop Shops",
        "10:55",
        "11:40",
    ),
    ("Q & A for Session 3", "11:40", "11:55"),
    ("Effective National to Local Governance", "11:55", "12:15"),
    ("Q & A for Session 4", "12:15", "12:25"),
    ("Monitoring, Reporting, and Evaluation", "12:25", "12:45"),
    ("Q & A for Session 5", "12:45", "12:55"),
    (
        "Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery",
        "12:55",
        "13:10",
    ),
    ("Closing Remarks", "13:10", "13:15"),
    ("Welcome", "14:15", "14:25"),
    (
        "Debriefing about the International Presentations and Discussions "
        "during the Morning Segment",
        "14:25",
        "14:35",
    ),
    ("Presentations of Checklist for Effective ODSCs", "14:35", "15:05"),
    (
        "Presentations by Saysettha ODSC and Bachieng ODSC - "
        "Challenges, lessons learned and way forward",
        "15:05",
        "15:20",
    ),
    ("Presentation on ODSC Roadmap", "15:20", "15:50"),
)
# The label, hours ahead of Lao Time, the offset on 4 August 2021.
ZONES = (("Lao Time", 0, "+07:00"), ("KST", 2, "+09:00"), ("EST", -11, "-04:00"))

# A row as a reader sees it, without visually hidden text.
READ_ROWS = """rows => rows.map(row => {
  const plain = text => text.replace(/\\s+/g, " ").trim();
  const seen = time => plain([...time.childNodes].filter(
    node => node.nodeType === Node.TEXT_NODE || node.getBoundingClientRect().width > 1
  ).map(node => node.textContent).join(""));
  return [
    plain(row.querySelector("h4").textContent),
    [...row.querySelectorAll(".times > li")].map(line => [
      plain(line.querySelector(".zone").firstChild.textContent),
      ...[...line.querySelectorAll("time")].flatMap(time => [seen(time), time.dateTime]),
    ]),
  ];
})"""
READ_FIRST_LINES = """rows => rows.map(row =>
  [...row.querySelectorAll(".times > li:first-child time")].map(each => each.innerText).join("–")
)"""


def test_agenda_shows_every_row_in_every_zone(
    event_url: str, open_page: OpenPage, organiser: User
) -> None:
    page = open_page(signed_in=(event_url, organiser))
    page.goto(f"{event_url}/")

    assert page.locator("article.row").evaluate_all(READ_ROWS) == [
        [title, [_line(*zone, start, end) for zone in ZONES]] for title, start, end in PROGRAMME
    ]


def _line(label: str, ahead: int, offset: str, start: str, end: str) -> list[str]:
    """A line of a row under the heading “Wednesday 4 August 2021”."""
    first, last = (_moved(time, ahead) for time in (start, end))
    days = first.day, last.day
    start_date = "Tue 3 Aug " if days[0] == 3 else ""
    end_date = "Wed 4 Aug " if days == (3, 4) else ""
    return [
        label,
        f"{start_date}{first:%H:%M}",
        f"{first:%Y-%m-%dT%H:%M}{offset}",
        f"{end_date}{last:%H:%M}",
        f"{last:%Y-%m-%dT%H:%M}{offset}",
    ]


def _moved(time: str, hours: int) -> datetime:
    return datetime.fromisoformat(f"2021-08-04T{time}") + timedelta(hours=hours)


def test_session_3_carries_both_dates_in_new_york(event_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{event_url}/")

    assert page.locator("#session-3").evaluate_all(READ_ROWS)[0][1][2] == [
        "EST",
        "Tue 3 Aug 23:55",
        "2021-08-03T23:55-04:00",
        "Wed 4 Aug 00:40",
        "2021-08-04T00:40-04:00",
    ]


def test_offer_links_to_the_devices_zone_unless_it_is_shown(
    event_url: str, open_page: OpenPage
) -> None:
    for shown in ("Asia/Vientiane", "Asia/Ho_Chi_Minh", "America/New_York"):
        page = open_page(timezone=shown)
        page.goto(f"{event_url}/")
        expect(page.locator("[id='page:offer']")).to_be_hidden()

    page = open_page(timezone="Asia/Baku")
    page.goto(f"{event_url}/")
    expect(page.locator("[id='page:offer']")).to_have_text(
        "Your device is set to UTC+4. Show times in this zone"
    )
    page.locator("[id='page:offer'] a").click()

    assert unquote(page.url) == f"{event_url}/?tz=Asia/Baku"
    expect(page.locator(".clock-name")).to_have_text("Baku UTC+4")
    assert _times(page)[:2] == ["05:30–05:50", "05:50–06:00"]
    expect(page.locator("[id='page:offer']")).to_be_hidden()


def test_chosen_zone_is_remembered_until_reset(event_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{event_url}/")
    page.get_by_label("Show times in").select_option("Africa/Nairobi")
    page.get_by_role("button", name="Show").click()
    assert unquote(page.url) == f"{event_url}/?tz=Africa/Nairobi"
    assert _times(page)[0] == "04:30–04:50"

    page.goto(f"{event_url}/")
    assert _times(page)[0] == "08:30–08:50"
    expect(page.locator("[id='page:offer']")).to_have_text(
        "Last time you chose Nairobi. Show times in this zone"
    )
    page.locator("#session-1 h4 a").click()
    assert unquote(page.url) == f"{event_url}/sessions/session-1/?tz=Africa/Nairobi"

    page.get_by_role("link", name="Back to the programme’s time zones").click()
    assert page.url == f"{event_url}/sessions/session-1/"
    page.goto(f"{event_url}/")
    expect(page.locator("[id='page:offer']")).to_be_hidden()
    assert page.locator("#session-1 h4 a").get_attribute("href") == (
        "/odsc-laos-2021/sessions/session-1/"
    )


def test_remembered_zone_is_added_to_the_same_links_as_a_requested_one(
    event_url: str, open_page: OpenPage
) -> None:
    page = open_page()
    page.goto(f"{event_url}/")
    page.get_by_label("Show times in").select_option("Africa/Nairobi")
    page.get_by_role("button", name="Show").click()

    differing = {}
    for path in ("/", "/sessions/session-3/", "/people/juny-kim/"):
        page.goto(f"{event_url}{path}?tz=Africa/Nairobi")
        requested = _links(page)
        page.goto(f"{event_url}{path}")
        differing[path] = [
            pair for pair in zip(_links(page), requested, strict=True) if pair[0] != pair[1]
        ]

    assert differing == {"/": [], "/sessions/session-3/": [], "/people/juny-kim/": []}


def test_every_link_carries_the_zones(live_server: Any, open_page: OpenPage) -> None:
    _event_in_lao_with_21_releases()
    page = open_page(java_script_enabled=False)

    plain = {}
    for path in ("", "sessions/leadership/", "people/juny-kim/", "countries/KR/", "changes/"):
        page.goto(f"{live_server.url}/event/{path}?tz=Asia/Baku")
        plain[path] = [link for link in _links(page) if link[0] == "/" and "tz=" not in link]

    assert plain == {path: [] for path in plain}


def _event_in_lao_with_21_releases() -> None:
    event = make.event_row(languages="en,lo", title_lo="ກອງປະຊຸມ")
    session = make.session_row(make.workshop_row(event), key="leadership")
    make.appearance_row(make.person_row(country="KR"), session=session)
    for number in range(1, 22):
        session.title_en = f"Leadership {number}"
        session.save()
        services.publish(event=event, now=datetime(2021, 7, number, tzinfo=UTC))


def _links(page: Page) -> list[str]:
    """Addresses of links within the site, except the two that change the zone."""
    links = page.locator("a[href]:not(.own-zones):not([id='page:offer'] a)")
    hrefs = links.evaluate_all("all => all.map(a => decodeURIComponent(a.getAttribute('href')))")
    return [href for href in hrefs if href[0] in "/#"]


def _times(page: Page) -> list[str]:
    return page.locator("article.row").evaluate_all(READ_FIRST_LINES)


def test_site_works_without_javascript(event_url: str, open_page: OpenPage) -> None:
    page = open_page(timezone="Asia/Baku", java_script_enabled=False)
    page.goto(f"{event_url}/")
    expect(page.locator("[id='page:offer']")).to_be_hidden()

    question = page.locator("#session-1 .block li").first
    expect(question).to_be_hidden()
    page.locator("#session-1 summary").click()
    expect(question).to_be_visible()

    page.get_by_label("Show times in").select_option("Asia/Baku")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#opening-remarks time").first).to_have_text("05:30")

    trail = []
    nav = page.get_by_role("navigation", name="This event")
    for link in (
        page.locator("#session-2 h4 a"),
        page.get_by_role("link", name="Ms. Juny Kim"),
        page.locator("main").get_by_role("link", name="Republic of Korea").first,
        nav.get_by_role("link", name="About"),
        nav.get_by_role("link", name="Changes"),
        nav.get_by_role("link", name="Programme"),
    ):
        link.click()
        trail.append((page.url.removeprefix(event_url), page.locator("h1").inner_text()))

    assert trail == [
        ("/sessions/session-2/?tz=Asia/Baku", "Institutional Coordination"),
        ("/people/juny-kim/?tz=Asia/Baku", "Ms. Juny Kim"),
        ("/countries/KR/?tz=Asia/Baku", "Republic of Korea"),
        ("/about/?tz=Asia/Baku", "About"),
        ("/changes/?tz=Asia/Baku", "Changes"),
        (
            "/?tz=Asia/Baku",
            "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        ),
    ]


def test_questions_expand_for_print_and_collapse_again(event_url: str, open_page: OpenPage) -> None:
    page = open_page()
    page.goto(f"{event_url}/")
    page.locator("#session-2 summary").click()
    page.evaluate(
        """() => {
          const open = () => [...document.querySelectorAll(".questions")].map(each => each.open);
          window.seen = [open()];
          for (const name of ["beforeprint", "afterprint"])
            addEventListener(name, () => window.seen.push(open()));
        }"""
    )
    page.emulate_media(media="print")
    page.pdf()

    only_session_2 = [False, True, False, False, False, False]
    assert page.evaluate("window.seen") == [only_session_2, [True] * 6, only_session_2]


def test_questions_are_all_printed_without_javascript(event_url: str, open_page: OpenPage) -> None:
    page = open_page(java_script_enabled=False)
    page.goto(f"{event_url}/")
    page.emulate_media(media="print")

    questions: list[Any] = page.locator(".block li").all()
    assert [question.is_visible() for question in questions] == [True] * 27
