"""Local times in the admin: read in the event's time zone, ambiguous ones refused."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from sessions_app import models
from tests import make
from tests.sessions_app.admin.test_admin import formset, typed
from workshop.models import Event, StatedWindow, Workshop

pytestmark = pytest.mark.django_db

ADD = "/admin/sessions_app/session/add/"
SKIPPED = (
    "02:30 does not exist on 14 Mar 2021 in New York: "
    "14 Mar 2021 06:30 UTC or 14 Mar 2021 07:30 UTC."
)
TWICE = (
    "01:30 occurs twice on 07 Nov 2021 in New York: 07 Nov 2021 05:30 UTC or 07 Nov 2021 06:30 UTC."
)
SECOND = datetime(2021, 11, 7, 6, 30, tzinfo=UTC)  # 01:30 for the second time
LATER = datetime(2021, 11, 7, 8, 0, tzinfo=UTC)  # 03:00


@pytest.fixture
def new_york(db: None) -> Workshop:
    """A workshop in New York; another one in Vientiane, whose event sorts first by slug."""
    make.workshop_row(make.event_row("a-first-event"), "of-vientiane")
    row: Workshop = make.workshop_row(make.event_row("new-york", zone="America/New_York"))
    return row


def times(start: str, end: str, *, prefix: str = "") -> dict[str, str]:
    """`2021-03-14 02:30` as the two fields of a start, and of an end."""
    return {
        f"{prefix}{name}_{index}": value
        for name, text in (("starts_at", start), ("ends_at", end))
        for index, value in enumerate(text.split())
    }


def change(row: Any) -> str:
    return f"/admin/{row._meta.label_lower.replace('.', '/')}/{row.pk}/change/"


def workshop_form(row: Workshop, **more: str) -> dict[str, Any]:
    return {
        **formset("appearances"),
        **formset("stated_windows"),
        "event": str(row.event_id),
        "key": row.key,
        "title_en": row.title_en,  # type: ignore[attr-defined]
        "admission": row.admission,
        "readership": row.readership,
        **times("2021-08-04 08:30", "2021-08-04 13:15"),
        **more,
    }


@pytest.mark.parametrize(
    ("start", "fault"),
    [
        ("2021-03-14 02:30", SKIPPED),
        ("2021-11-07 01:30", TWICE),
        ("0001-01-01 00:00", "Choose a day between 1970 and 2999."),
        ("9999-12-31 23:00", "Choose a day between 1970 and 2999."),
    ],
)
def test_time_that_is_skipped_ambiguous_or_out_of_range_is_refused(
    organiser_client: Client, new_york: Workshop, start: str, fault: str
) -> None:
    response = organiser_client.post(ADD, typed(new_york, **times(start, "9999-12-31 23:30")))
    assert response.context["adminform"].form.errors["starts_at"] == [fault]
    assert models.Session.objects.count() == 0


def test_workshop_and_its_stated_windows_refuse_such_times(
    organiser_client: Client, new_york: Workshop
) -> None:
    stated = formset("stated_windows", 1) | {"stated_windows-0-source": "Concept note"}
    response = organiser_client.post(
        change(new_york),
        workshop_form(new_york)
        | times("2021-03-14 02:30", "2021-03-14 05:00")
        | stated
        | times("2021-11-07 01:30", "2021-11-07 05:00", prefix="stated_windows-0-"),
    )
    (_leaders, windows) = response.context["inline_admin_formsets"]
    assert response.context["adminform"].form.errors == {"starts_at": [SKIPPED]}
    assert windows.formset.errors == [{"starts_at": [TWICE]}]


def test_unchanged_time_keeps_its_utc_value(organiser_client: Client, new_york: Workshop) -> None:
    row = make.session_row(new_york, starts_at=SECOND, ends_at=LATER)
    window = StatedWindow.objects.create(
        workshop=new_york, source="Concept note", starts_at=SECOND, ends_at=LATER
    )
    unchanged = "2021-11-07 01:30", "2021-11-07 03:00"
    responses = [
        organiser_client.post(
            change(row), typed(new_york, key=row.key, title_en="Renamed", **times(*unchanged))
        ),
        organiser_client.post(
            change(new_york),
            workshop_form(new_york)
            | formset("stated_windows", 1)
            | {"stated_windows-INITIAL_FORMS": "1", "stated_windows-0-uid": str(window.pk)}
            | {"stated_windows-0-source": "Renamed", "stated_windows-0-as_printed": ""}
            | times(*unchanged, prefix="stated_windows-0-"),
        ),
    ]
    row.refresh_from_db()
    window.refresh_from_db()
    assert [response.status_code for response in responses] == [302, 302]
    assert (row.title_en, row.starts_at, row.ends_at) == ("Renamed", SECOND, LATER)
    assert (window.source, window.starts_at, window.ends_at) == ("Renamed", SECOND, LATER)


def test_new_session_starts_in_the_time_zone_of_its_workshop(
    organiser_client: Client, new_york: Workshop
) -> None:
    row = make.session_row(new_york, starts_at=make.at(20), ends_at=make.at(21))
    page = organiser_client.get(ADD, {"after": row.pk}).content.decode()
    assert (page.count('value="10:00"'), page.count("Local time in New York.")) == (2, 2)
    page = organiser_client.get(ADD, {"workshop": new_york.pk}).content.decode()
    assert page.count("Local time in New York.") == 2
    for query in ({}, {"workshop": "nowhere"}):
        page = organiser_client.get(ADD, query).content.decode()
        assert page.count("Local time of the event.") == 2


def test_times_are_read_in_the_time_zone_of_the_chosen_workshop(
    organiser_client: Client, new_york: Workshop
) -> None:
    other = Workshop.objects.get(key="of-vientiane")
    for address in (ADD, f"{ADD}?workshop={other.pk}"):
        organiser_client.post(address, typed(new_york))
    moved = make.session_row(other)
    organiser_client.post(change(moved), typed(new_york, key="moved"))
    in_new_york = datetime(2021, 8, 4, 13, 25, tzinfo=UTC)
    rows = models.Session.objects.filter(workshop=new_york)
    assert [row.starts_at for row in rows] == [in_new_york] * 3
    organiser_client.post(ADD, typed(other))
    assert models.Session.objects.get(workshop=other).starts_at == make.at(9, 25)


def test_session_moved_to_an_event_that_has_its_key_is_refused(
    organiser_client: Client, new_york: Workshop
) -> None:
    make.session_row(new_york)
    moved = make.session_row(Workshop.objects.get(key="of-vientiane"))
    response = organiser_client.post(change(moved), typed(new_york, key=moved.key))
    assert response.context["adminform"].form.errors == {
        "key": ["Another session of this event has this key."]
    }


def test_new_workshop_is_in_the_time_zone_of_its_event(
    organiser_client: Client, new_york: Workshop
) -> None:
    data = workshop_form(new_york) | {"key": "second"}
    response = organiser_client.post("/admin/workshop/workshop/add/", data)
    assert response.status_code == 302, response.context["errors"]
    added = Workshop.objects.get(key="second")
    assert added.starts_at == datetime(2021, 8, 4, 12, 30, tzinfo=UTC)


def test_lists_name_their_time_zone(organiser_client: Client, new_york: Workshop) -> None:
    make.session_row(new_york)
    address = "/admin/sessions_app/session/"
    every = organiser_client.get(address).content.decode()
    one = organiser_client.get(address, {"workshop__uid__exact": new_york.pk}).content.decode()
    assert ("Time zone: UTC" in every, "Wed 4 Aug 2021, 02:25" in every) == (True, True)
    assert "Time zone: America/New_York" in one
    assert "Tue 3 Aug 2021, 22:25" in one


def test_choices_show_the_slug_of_their_event(organiser_client: Client, new_york: Workshop) -> None:
    page = organiser_client.get(ADD).content.decode()
    assert "International (new-york)" in page
    page = organiser_client.get("/admin/workshop/workshop/add/").content.decode()
    assert ("Event (new-york)" in page, "Event (a-first-event)" in page) == (True, True)
    page = organiser_client.get(change(new_york.event)).content.decode()
    others = Workshop.objects.get(key="of-vientiane")
    assert (str(new_york.pk) in page, str(others.pk) in page) == (True, False)


def test_zone_of_an_existing_event_is_changed_only_at_the_desk(
    organiser_client: Client, new_york: Workshop
) -> None:
    event = new_york.event
    page = organiser_client.get(change(event)).content.decode()
    assert ('name="zone"' in page, 'href="/desk/new-york/timezone/"' in page) == (False, True)
    sent = {
        **formset("display_zones"),
        **formset("about_sections"),
        "slug": event.slug,
        "title_en": "Renamed",
        "languages": "en",
        "zone": "Asia/Seoul",
    }
    assert organiser_client.post(change(event), sent).status_code == 302
    event.refresh_from_db()
    assert (event.title_en, event.zone) == ("Renamed", "America/New_York")  # type: ignore[attr-defined]

    page = organiser_client.get("/admin/workshop/event/add/").content.decode()
    assert ('name="zone"' in page, "Change time zone" in page) == (True, False)
    sent |= {"slug": "new", "zone": "Asia/Seoul"}
    assert organiser_client.post("/admin/workshop/event/add/", sent).status_code == 302
    assert Event.objects.get(slug="new").zone == "Asia/Seoul"


def test_user_with_view_permission_sees_the_zone(client: Client, new_york: Workshop) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.add(Permission.objects.get(codename="view_event"))
    client.force_login(reader)
    assert "America/New_York" in client.get(change(new_york.event)).content.decode()
