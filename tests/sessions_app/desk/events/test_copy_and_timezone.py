"""Copy an event to a new date and change its time zone; previews write nothing."""

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from sessions_app import models
from sessions_app.desk.schedule.time_changes import TimeColumn, zone_lines
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.sessions_app.desk.schedule.test_move import faults, plain
from workshop.models import Event, Workshop
from workshop.zones import Zone

pytestmark = pytest.mark.django_db

NOVEMBER = {"starts_on": "2021-11-10"}
NAMES = {"slug": "odsc-laos-2021-11", "title_en": "Follow-up", "title_lo": "ຕິດຕາມ"}
SEOUL = {"zone": "Asia/Seoul", "keep": "clock"}


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def copy_page(event: Event) -> str:
    return reverse("copy", args=[event.slug])


def timezone_page(event: Event) -> str:
    return reverse("timezone", args=[event.slug])


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def tables(answer: Any) -> list[list[list[str]]]:
    """Cells of every table of a page, without their heads."""
    result = []
    for table in re.findall(r"<tbody>(.*?)</tbody>", answer.content.decode(), re.DOTALL):
        rows = re.findall(r"<tr.*?>(.*?)</tr>", table, re.DOTALL)
        cells = (re.findall(r"<t[hd].*?>(.*?)</t[hd]>", row, re.DOTALL) for row in rows)
        result.append([[plain(cell) for cell in row] for row in cells])
    return result


def text(answer: Any) -> str:
    return plain(re.sub(r"<(title|option).*?>", " ", answer.content.decode()))


# Copy to a new date


def test_copy_asks_for_the_day_first(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(copy_page(event))
    assert (answer.context["preview"], answer.context["names_form"], faults(answer)) == (
        None,
        None,
        [],
    )
    assert answer["Cache-Control"] == "private, no-store"


def test_copy_shows_every_zone_and_marks_shifted_clock_times(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    answer = organiser_client.get(copy_page(event), NOVEMBER)
    morning, sessions, afternoon, _more = tables(answer)
    assert morning == [
        ["Lao Time Vientiane", "08:30–13:15 UTC+7", "08:30–13:15 UTC+7"],
        ["KST Seoul", "10:30–15:15 UTC+9", "10:30–15:15 UTC+9"],
        [
            "EST New York",
            "Tue 3 Aug 21:30–Wed 4 Aug 02:15 EDT, UTC−4",
            "Tue 9 Nov 20:30–Wed 10 Nov 01:15 UTC−5 1 hour earlier",
        ],
    ]
    assert afternoon[2] == [
        *("EST New York", "03:15–05:00 EDT, UTC−4", "02:15–04:00 UTC−5 1 hour earlier")
    ]
    assert (len(sessions), sessions[0]) == (
        15,
        [
            "Opening remarks KST 10:30–10:50, EST Tue 9 Nov 20:30–Tue 9 Nov 20:50",
            *("08:30–08:50", "08:30–08:50"),
        ],
    )
    page = text(answer)
    assert "Wednesday 10 November 2021" in page
    assert "98 days (14 weeks) later than Wednesday 4 August 2021" in page
    assert "The clock times change in some time zones: EST: 1 hour earlier." in page
    assert (get_draft(event), Event.objects.count()) == (before, 1)


def test_zone_with_a_clock_change_in_between_shows_start_and_end() -> None:
    """New York's clock goes back on 7 November 2021, that of Lord Howe by half an hour in April."""
    howe = Zone("Howe", "Australia/Lord_Howe")
    old = make.at(8), make.at(12, day=8)
    new = old[0].replace(month=11, day=5), old[1].replace(month=11, day=9)
    columns = TimeColumn(make.LAO, date(2021, 8, 4)), TimeColumn(make.LAO, date(2021, 11, 5))
    lines = zone_lines(old, new, columns=columns, others=(make.KST, make.EST, howe))
    assert [(line.new_names, line.change.replace("\xa0", " ")) for line in lines] == [
        ("UTC+7", ""),
        ("UTC+9", ""),
        ("EDT, UTC−4 → UTC−5", "starts as now, ends 1 hour earlier"),
        ("UTC+11", "30 min later"),
    ]


def test_copy_names_what_is_not_copied_and_texts_with_the_old_date(
    organiser_client: Client, event: Event
) -> None:
    models.Session.objects.filter(key__in=("break", "welcome")).update(status="cancelled")
    preview = organiser_client.get(copy_page(event), NOVEMBER).context["preview"]
    assert preview.not_copied == (
        "The 2 cancelled sessions: Break and Welcome.",
        "The old hours as stated in other documents: “Concept note”.",
        "Join links and passcodes. They belong to the old meeting.",
        "Participants and their replies. Export the old list and import it here.",
        "Releases. Readers see the copy once you publish it.",
    )
    assert preview.date_mentions == "“Description”"
    assert [len(workshop.sessions) for workshop in preview.workshops] == [14, 4]


@pytest.mark.parametrize(
    ("day", "distance"),
    [
        ("2021-08-03", "1 day earlier than Wednesday 4 August 2021"),
        ("2021-08-04", "The same day as this event"),
        ("2021-08-14", "10 days later than Wednesday 4 August 2021"),
        ("2021-08-25", "21 days (3 weeks) later than Wednesday 4 August 2021"),
    ],
)
def test_copy_shows_the_distance_of_the_days(
    organiser_client: Client, event: Event, day: str, distance: str
) -> None:
    preview = organiser_client.get(copy_page(event), {"starts_on": day}).context["preview"]
    assert (preview.days_later, preview.date_mentions == "") == (distance, day == "2021-08-04")


def test_copy_suggests_names_and_a_lao_title_if_the_event_has_one(
    organiser_client: Client, event: Event
) -> None:
    def initial(source: Event) -> dict[str, Any]:
        names = organiser_client.get(copy_page(source), NOVEMBER).context["names_form"]
        return {field.name: field.value() for field in names}

    assert initial(event) == {
        "slug": "odsc-laos-2021-11",
        "title_en": "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "title_lo": "",
    }
    other = make.workshop_row(make.event_row("visit")).event
    assert initial(other) == {"slug": "visit-2021-11", "title_en": "Event"}


def test_copy_is_made_and_redirects_to_its_board(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.post(copy_page(event), NOVEMBER | NAMES)
    assert (answer.status_code, answer.url) == (302, "/desk/odsc-laos-2021-11/")
    assert messages_of(answer) == [
        "This is the copy, on Wednesday 10 November 2021. Readers see it once you publish. "
        "Add the new join links to its workshops."
    ]
    copied = Event.objects.get(slug="odsc-laos-2021-11")
    assert (copied.title_en, copied.title_lo) == ("Follow-up", "ຕິດຕາມ")  # type: ignore[attr-defined]
    assert copied.workshops.earliest("starts_at").starts_at == datetime(
        2021, 11, 10, 1, 30, tzinfo=UTC
    )
    assert organiser_client.get(answer.url).content.count(b'class="handle"') == 20
    assert copied.sessions.first().history.get().history_user.username == "organiser"  # type: ignore


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (
            {"slug": "odsc-laos-2021"},
            "“Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers” has the "
            "address “odsc-laos-2021” already. Choose another.",
        ),
        ({"slug": "me"}, "The site itself uses the address “me”. Choose another."),
        (
            {"slug": "next time"},
            "Write the address with letters, digits and hyphens, such as odsc-laos-2021-11.",
        ),
        ({"title_en": " "}, "This field is required."),
    ],
)
def test_copy_refuses_names_and_keeps_what_was_typed(
    organiser_client: Client, event: Event, typed: dict[str, str], fault: str
) -> None:
    answer = organiser_client.post(copy_page(event), NOVEMBER | NAMES | typed)
    assert answer.status_code == 200
    assert [*answer.context["names_form"].errors.values()] == [[fault]]
    assert {field.name: field.value() for field in answer.context["names_form"]} == NAMES | typed
    assert 'name="starts_on" value="2021-11-10"' in answer.content.decode()
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        ("soon", "Enter a valid date."),
        ("0001-01-01", "Ensure this value is greater than or equal to 1970-01-01."),
        ("9999-12-31", "Ensure this value is less than or equal to 2999-12-31."),
    ],
)
def test_copy_refuses_invalid_days(
    organiser_client: Client, event: Event, day: str, fault: str
) -> None:
    for answer in (
        organiser_client.get(copy_page(event), {"starts_on": day}),
        organiser_client.post(copy_page(event), NAMES | {"starts_on": day}),
    ):
        assert faults(answer) == [fault]
    assert Event.objects.count() == 1


def test_copy_names_the_session_whose_time_occurs_twice(
    organiser_client: Client,
) -> None:
    event = make.event_row(zone="America/New_York")
    start = datetime(2021, 8, 4, 5, 30, tzinfo=UTC)  # 01:30
    hours = {"starts_at": start - timedelta(hours=1), "ends_at": start + timedelta(hours=3)}
    workshop = make.workshop_row(event, **hours)
    make.session_row(workshop, number=1, starts_at=start, ends_at=start + timedelta(hours=2))
    problem = (
        "Session 1: 01:30 occurs twice on 07 Nov 2021 in New York: "
        "07 Nov 2021 05:30 UTC or 07 Nov 2021 06:30 UTC."
    )
    typed = {"starts_on": "2021-11-07"}
    for answer in (
        organiser_client.get(copy_page(event), typed),
        organiser_client.post(copy_page(event), NAMES | typed),
    ):
        assert faults(answer) == [problem]
        assert "Copy the event" not in answer.content.decode()
    assert Event.objects.count() == 1


def test_copy_of_an_event_without_workshops_says_so(organiser_client: Client) -> None:
    answer = organiser_client.get(copy_page(make.event_row()), NOVEMBER)
    assert faults(answer) == ["This event has no workshop yet: there is nothing to copy."]


# Change the time zone


def change(client: Client, event: Event, **typed: str) -> Any:
    """Preview, then press the button of the preview; the fingerprint may be given."""
    preview = client.get(timezone_page(event), SEOUL | typed).context["preview"]
    return client.post(timezone_page(event), SEOUL | {"fingerprint": preview.fingerprint} | typed)


def test_timezone_offers_zones_and_keeps_clock_times_by_default(
    organiser_client: Client, event: Event
) -> None:
    page = organiser_client.get(timezone_page(event)).content.decode()
    assert '<option value="Asia/Kathmandu">' in page
    assert re.findall(r'value="(\w+)"[^>]*checked', page) == ["clock"]
    assert "Preview" in page


def test_timezone_shows_every_time_in_both_zones_and_the_others(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    answer = organiser_client.get(timezone_page(event), SEOUL)
    morning, afternoon = tables(answer)
    assert (len(morning), len(afternoon)) == (17, 7)
    assert morning[:3] == [
        [
            "Announced hours Lao Time 06:30–11:15, EST Tue 3 Aug 19:30–Wed 4 Aug 00:15",
            *("08:30–13:15", "08:30–13:15"),
        ],
        [
            "Hours stated in “Concept note” "
            "Lao Time 06:30–11:00, EST Tue 3 Aug 19:30–Wed 4 Aug 00:00",
            *("08:30–13:00", "08:30–13:00"),
        ],
        [
            "Opening remarks Lao Time 06:30–06:50, EST Tue 3 Aug 19:30–Tue 3 Aug 19:50",
            *("08:30–08:50", "08:30–08:50"),
        ],
    ]
    page = text(answer)
    assert "From Lao Time, Vientiane, UTC+7 to KST, Seoul, UTC+9" in page
    assert "Keep the actual moments: 08:30 in Vientiane becomes 10:30 in Seoul" in page
    assert "Readers still see these time zones: Lao Time, KST and EST." in page
    assert get_draft(event) == before


def test_timezone_shows_the_effect_of_keeping_the_moments(
    organiser_client: Client, event: Event
) -> None:
    typed = {"zone": "America/New_York", "keep": "moments"}
    morning, _afternoon = tables(organiser_client.get(timezone_page(event), typed))
    assert morning[0] == [
        "Announced hours Lao Time 08:30–13:15, KST 10:30–15:15",
        *("08:30–13:15", "Tue 3 Aug 21:30–Wed 4 Aug 02:15"),
    ]


def test_timezone_notes_if_the_new_one_is_not_displayed(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(timezone_page(event), SEOUL | {"zone": "Asia/Tokyo"})
    assert "Lao Time, KST and EST. Tokyo is not one of them." in text(answer)


def test_timezone_is_changed_as_previewed(organiser_client: Client, event: Event) -> None:
    answer = change(organiser_client, event)
    assert (answer.status_code, answer.url) == (302, reverse("board", args=[event.slug]))
    assert messages_of(answer) == [
        "The time zone of the event is now Seoul. Readers see it once you publish."
    ]
    event.refresh_from_db()
    first = event.workshops.earliest("starts_at")
    assert (event.zone, first.starts_at) == ("Asia/Seoul", make.at(6, 30))
    assert Event.history.first().history_user.username == "organiser"  # type: ignore[attr-defined]
    assert "Wed 4 Aug 08:30–13:15" in text(organiser_client.get(answer.url))


def test_timezone_is_changed_with_the_moments_kept(organiser_client: Client, event: Event) -> None:
    change(organiser_client, event, zone="KST", keep="moments")  # a label of the event's
    event.refresh_from_db()
    first = event.workshops.earliest("starts_at")
    assert (event.zone, first.starts_at) == ("Asia/Seoul", make.at(8, 30))


def test_timezone_change_is_refused_if_sessions_changed_since_the_preview(
    organiser_client: Client, event: Event
) -> None:
    fingerprint = organiser_client.get(timezone_page(event), SEOUL).context["preview"].fingerprint
    row = models.Session.objects.get(event=event, key="session-3")
    row.ends_at = make.at(11, 35)
    row.save()
    before = get_draft(event)
    sent = SEOUL | {"fingerprint": fingerprint}
    answer = organiser_client.post(timezone_page(event), sent, follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "The data were changed since this preview. Nothing was done. Check the new preview."
    ]
    assert get_draft(Event.objects.get()) == before
    fresh = answer.context["preview"].fingerprint
    assert fresh != fingerprint
    answer = organiser_client.post(timezone_page(event), SEOUL | {"fingerprint": fresh})
    assert answer.url == reverse("board", args=[event.slug])


def test_fingerprint_depends_on_what_is_kept(organiser_client: Client, event: Event) -> None:
    fingerprint = organiser_client.get(timezone_page(event), SEOUL).context["preview"].fingerprint
    sent = SEOUL | {"fingerprint": fingerprint, "keep": "moments"}
    assert messages_of(organiser_client.post(timezone_page(event), sent))[0].startswith(
        "The data were changed"
    )
    assert Event.objects.get().zone == "Asia/Vientiane"


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        (
            {"zone": "Seoul"},
            "“Seoul” is not the time zone of a place. Did you mean Asia/Seoul?",
        ),
        ({"zone": "MST"}, "“MST” is not the time zone of a place. Write it as Asia/Vientiane."),
        ({"zone": "Lao Time"}, "The event has this time zone already: Lao Time."),
        ({"zone": ""}, "This field is required."),
        (
            {"keep": "nothing"},
            "Select a valid choice. nothing is not one of the available choices.",
        ),
    ],
)
def test_invalid_timezone_is_refused(
    organiser_client: Client, event: Event, typed: dict[str, str], fault: str
) -> None:
    for answer in (
        organiser_client.get(timezone_page(event), SEOUL | typed),
        organiser_client.post(timezone_page(event), SEOUL | typed),
    ):
        assert (faults(answer), answer.context["preview"]) == ([fault], None)
    assert Event.objects.get().zone == "Asia/Vientiane"


def test_timezone_names_the_sessions_whose_time_occurs_twice(organiser_client: Client) -> None:
    event = make.event_row()
    start = make.at(0).replace(month=11, day=6)  # 00:00 on the 7th in Vientiane
    workshop = make.workshop_row(event, starts_at=start, ends_at=start + timedelta(hours=5))
    at = start + timedelta(minutes=90)
    make.session_row(workshop, number=1, starts_at=at, ends_at=at + timedelta(hours=2))
    answer = organiser_client.get(timezone_page(event), SEOUL | {"zone": "America/New_York"})
    assert faults(answer) == [
        "Session 1: 01:30 occurs twice on 07 Nov 2021 in New York: "
        "07 Nov 2021 05:30 UTC or 07 Nov 2021 06:30 UTC."
    ]
    assert "fingerprint" not in answer.content.decode()
    assert change(organiser_client, event, zone="America/New_York").status_code == 302
    assert Event.objects.get().zone == "Asia/Vientiane"


def test_timezone_of_an_event_without_times_can_be_changed(organiser_client: Client) -> None:
    event = make.event_row()
    answer = organiser_client.get(timezone_page(event), SEOUL)
    assert "There are no times yet. Only the time zone changes." in text(answer)
    change(organiser_client, event)
    assert Event.objects.get().zone == "Asia/Seoul"


# Permissions


def test_board_links_to_both_pages_if_permitted(
    organiser_client: Client, client: Client, event: Event
) -> None:
    board = reverse("board", args=[event.slug])
    page = organiser_client.get(board).content.decode()
    assert (page.count(copy_page(event)), page.count(timezone_page(event))) == (1, 1)
    client.force_login(make.account("reader", "Reader"))
    page = client.get(board).content.decode()
    assert (page.count(copy_page(event)), page.count(timezone_page(event))) == (0, 0)


@pytest.mark.parametrize("name", ["copy", "timezone"])
def test_only_organisers_have_access(client: Client, event: Event, name: str) -> None:
    address = reverse(name, args=[event.slug])
    statuses = []
    for group in ("", "Reader", "Editor", "Organiser"):
        if group:
            client.force_login(make.account(group.lower(), group))
        statuses.append((client.get(address).status_code, client.post(address).status_code))
    assert statuses == [(302, 302), (403, 403), (403, 403), (200, 200)]


def test_forged_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    assert [
        client.post(copy_page(event), NOVEMBER | NAMES).status_code,
        client.post(timezone_page(event), SEOUL).status_code,
        client.get(reverse("copy", args=["nowhere"])).status_code,
    ] == [403, 403, 404]


@pytest.mark.parametrize("rows", [1, 3])
def test_previews_take_a_fixed_number_of_queries(
    organiser_client: Client, rows: int, django_assert_num_queries: Any
) -> None:
    workshop: Workshop = make.workshop_row(make.event_row())
    for hour in range(9, 9 + rows):
        make.session_row(workshop, starts_at=make.at(hour), ends_at=make.at(hour, 30))
    organiser_client.get("/desk/event/")
    with django_assert_num_queries(17):
        organiser_client.get(copy_page(workshop.event), NOVEMBER)
    with django_assert_num_queries(16):
        organiser_client.get(timezone_page(workshop.event), SEOUL)
