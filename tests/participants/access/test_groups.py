"""Tests of permissions: every group at every kind of page, and permissions by group."""

from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import AnonymousUser, Group, Permission, User
from django.test import Client, RequestFactory
from django.urls import reverse

from participants.access import groups
from participants.access.levels import Level
from participants.access.viewer import get_viewer
from sessions_app import models
from sessions_app.publishing.queries import get_draft
from tests import make
from tests.sessions_app.admin.test_admin import typed
from workshop.models import Event

pytestmark = pytest.mark.django_db

PEOPLE = ("stranger", "outsider", "nobody", "Reader", "Editor", "Organiser")
# "outsider": account without staff status; "nobody": staff account without a group.
TABLE = {
    # page or button                           stranger outsider nobody Reader Editor Organiser
    "GET /desk/": (302, 403, 403, 302, 302, 302),
    "GET /desk/?all": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/review/": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/awake/": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/participants/": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/participants.csv": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/participants.xlsx": (302, 403, 403, 200, 200, 200),
    "POST /desk/{slug}/participants/add/": (302, 403, 403, 403, 403, 200),
    "GET /desk/{slug}/participants/import/": (302, 403, 403, 403, 403, 200),
    "POST /desk/{slug}/participants/import/": (302, 403, 403, 403, 403, 200),
    "GET /desk/{slug}/participants/import/preview/": (302, 403, 403, 403, 403, 302),
    "POST /desk/{slug}/participants/import/preview/": (302, 403, 403, 403, 403, 302),
    "GET /desk/{slug}/participants/import/refused.csv": (302, 403, 403, 403, 403, 302),
    "GET /desk/{slug}/documents/": (302, 403, 403, 200, 200, 200),
    "GET /desk/{slug}/documents/nowhere.pdf": (302, 403, 403, 404, 404, 404),
    "GET /desk/{slug}/documents.zip": (302, 403, 403, 200, 200, 200),
    "GET /desk/nowhere/": (302, 403, 403, 404, 404, 404),
    "GET /desk/{slug}/sessions/break/move/": (302, 403, 403, 403, 200, 200),
    "POST /desk/{slug}/sessions/break/move/": (302, 403, 403, 403, 302, 302),
    "POST /desk/{slug}/undo-move/": (302, 403, 403, 403, 302, 302),
    "POST /desk/{slug}/sessions/break/cancel/": (302, 403, 403, 403, 302, 302),
    "POST /desk/{slug}/sessions/break/duplicate/": (302, 403, 403, 403, 302, 302),
    "POST /desk/{slug}/review/": (302, 403, 403, 403, 403, 302),
    "POST /desk/{slug}/releases/1/restore/": (302, 403, 403, 403, 403, 302),
    "GET /admin/": (302, 302, 200, 200, 200, 200),
    "GET /admin/sessions_app/session/": (302, 302, 403, 200, 200, 200),
    "GET /admin/sessions_app/session/{break}/change/": (302, 302, 403, 200, 200, 200),
    "GET /admin/sessions_app/session/{break}/history/": (302, 302, 403, 200, 200, 200),
    "POST /admin/sessions_app/session/{break}/change/": (302, 302, 403, 403, 302, 302),
    "GET /admin/sessions_app/session/add/": (302, 302, 403, 403, 200, 200),
    "POST /admin/sessions_app/session/{break}/delete/": (302, 302, 403, 403, 302, 302),
    "GET /admin/participants/person/": (302, 302, 403, 200, 200, 200),
    "GET /admin/participants/person/add/": (302, 302, 403, 403, 200, 200),
    "GET /admin/participants/participation/": (302, 302, 403, 200, 200, 200),
    "GET /admin/participants/participation/add/": (302, 302, 403, 403, 403, 200),
    "GET /admin/workshop/workshop/{morning}/change/": (302, 302, 403, 200, 200, 200),
    "POST /admin/workshop/workshop/{morning}/change/": (302, 302, 403, 403, 403, 200),
    "GET /admin/workshop/event/add/": (302, 302, 403, 403, 403, 200),
    "GET /admin/sessions_app/release/": (302, 302, 403, 200, 200, 200),
    "GET /admin/auth/user/": (302, 302, 403, 403, 403, 403),
    "GET /admin/auth/group/": (302, 302, 403, 403, 403, 403),
}
# Permissions by table and group: view, add, change, delete.
ROWS, EVENTS = ("v", "vacd", "vacd"), ("v", "v", "vacd")
HELD = {
    "participants.person": ROWS,
    "sessions_app.session": ROWS,
    "sessions_app.presentation": ROWS,
    "sessions_app.appearance": ROWS,
    "sessions_app.questionblock": ROWS,
    "sessions_app.question": ROWS,
    "sessions_app.release": ("v", "v", "v"),
    "workshop.event": EVENTS,
    "workshop.workshop": EVENTS,
    "workshop.statedwindow": EVENTS,
    "workshop.displayzone": EVENTS,
    "workshop.aboutsection": EVENTS,
    "participants.participation": EVENTS,
    "participants.sessionreply": EVENTS,
    "participants.outgoingmail": ("", "", "v"),
    "participants.personallink": ("", "", ""),
    "participants.sententry": ("", "", ""),
    "sessions_app.pdfjob": ("", "", ""),
    "workshop.worker": ("", "", ""),
}
VERBS = {"v": "view", "a": "add", "c": "change", "d": "delete"}


def signed_in(who: str) -> Client:
    client = Client()
    if who == "outsider":
        client.force_login(make.account(who, is_staff=False))
    elif who != "stranger":
        client.force_login(make.account(who.lower(), who))
    return client


def permissions_of(name: str) -> set[str]:
    granted = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{item.content_type.app_label}.{item.codename}" for item in granted}


@pytest.mark.parametrize("who", PEOPLE)
def test_status_codes_by_group(who: str, programme: str) -> None:
    client, event = signed_in(who), Event.objects.get()
    row = models.Session.objects.get(key="break")
    names = {"slug": programme, "break": row.pk, "morning": row.workshop_id}
    before, status_codes = get_draft(event), {}
    for line in TABLE:
        method, path = line.format(**names).split(" ")
        data = typed(row.workshop) if "session/{break}/change" in line else {"post": "yes"}
        is_get = method == "GET"
        status_codes[line] = client.generic(method, path).status_code if is_get else None
        status_codes[line] = status_codes[line] or client.post(path, data).status_code
    place = PEOPLE.index(who)
    assert status_codes == {line: codes[place] for line, codes in TABLE.items()}
    changed = (get_draft(event) != before, models.Release.objects.count() > 1)
    assert changed == {"Editor": (True, False), "Organiser": (True, True)}.get(who, (False, False))


@pytest.mark.parametrize("place", range(3))
def test_permissions_by_group(place: int) -> None:
    name = (groups.READER, groups.EDITOR, groups.ORGANISER)[place]
    expected = {
        f"{model.replace('.', f'.{VERBS[letter]}_')}"
        for model, letters in HELD.items()
        for letter in letters[place]
    }
    publish = {"sessions_app.publish_release"} if name == groups.ORGANISER else set()
    assert permissions_of(name) == expected | publish


def test_every_table_has_permissions_listed() -> None:
    tables = {
        model._meta.label_lower
        for app in groups.APPS
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    }
    assert set(HELD) == tables


def test_ensure_groups_keeps_additions_and_restores_missing_permissions() -> None:
    reader = Group.objects.get(name=groups.READER)
    reader.permissions.add(Permission.objects.get(codename="add_person"))
    reader.permissions.remove(Permission.objects.get(codename="view_person"))
    groups.ensure_groups()
    groups.ensure_groups()
    assert permissions_of(groups.READER) == groups.VIEW | {"participants.add_person"}
    assert Group.objects.count() == 3


def test_reader_gets_the_missing_right_and_contacts(programme: str) -> None:
    make.account("siri", groups.ORGANISER, first_name="Siri", last_name="Sok")
    make.account("gone", groups.ORGANISER, is_active=False)
    User.objects.create_superuser("ana")
    client = signed_in("Reader")
    page = client.post(f"/desk/{programme}/review/").content.decode()
    assert "You can view this desk but not publish." in page
    assert "Ask an organiser: ana and Siri Sok." in page
    assert reverse("awake", args=[programme]) in page
    page = client.get(f"/desk/{programme}/sessions/break/move/").content.decode()
    assert "You can view this desk but not change it." in page


@pytest.mark.parametrize("who", ["outsider", "nobody"])
def test_account_without_access_sees_no_event(who: str, programme: str) -> None:
    User.objects.create_superuser("ana")
    answer = signed_in(who).get(f"/desk/{programme}/")
    page = answer.content.decode()
    assert "This account has no access to the desk." in page
    assert f"You are signed in as {who}." in page
    assert "Ask an administrator (ana) to add it to a group" in page
    assert ("One-Door" in page, answer["Cache-Control"]) == (False, "private, no-store")


def test_refusal_of_the_admin_looks_like_that_of_the_desk(programme: str) -> None:
    User.objects.create_superuser("ana")
    page = signed_in("Organiser").get("/admin/auth/user/").content.decode()
    assert "You can use the desk but not this page." in page
    assert "Ask an administrator: ana." in page


BUTTONS = {"Move", "Add after", "Duplicate", "Cancel"}


@pytest.mark.parametrize(
    ("who", "board", "review"),
    [
        ("Reader", set(), set()),
        ("Editor", BUTTONS, set()),
        ("Organiser", BUTTONS, {"Publish", "Restore"}),
    ],
)
def test_buttons_are_shown_only_with_permission(
    who: str, board: set[str], review: set[str], programme: str
) -> None:
    models.Session.objects.filter(key="break").update(title_en="Tea")
    assert signed_in("Organiser").post(f"/desk/{programme}/review/").status_code == 302
    User.objects.all().delete()
    client = signed_in(who)

    def shown(path: str, names: set[str]) -> set[str]:
        page = client.get(path).content.decode()
        return {name for name in names if f'">{name}<' in page}

    assert shown(f"/desk/{programme}/", BUTTONS) == board
    on_review = shown(f"/desk/{programme}/review/", {"Publish"})
    assert on_review | shown(f"/desk/{programme}/releases/", {"Restore"}) == review


def test_staff_without_group_sees_the_public_page(programme: str, client: Client) -> None:
    nobody = signed_in("nobody").get(f"/{programme}/")
    assert nobody.content == client.get(f"/{programme}/").content
    assert b"Keopanya" not in nobody.content
    assert b"Keopanya" in signed_in("Reader").get(f"/{programme}/").content


@pytest.mark.parametrize(
    ("who", "level", "queries"),
    [("stranger", Level.PUBLIC, 1), ("Reader", Level.ORGANISER, 3), ("super", Level.ORGANISER, 1)],
)
def test_reading_as_staff_costs_two_queries(
    who: str, level: Level, queries: int, rf: RequestFactory, django_assert_num_queries: Any
) -> None:
    make.workshop_row(make.event_row())
    request = rf.get("/event/")
    request.user = {
        "stranger": AnonymousUser,
        "Reader": lambda: make.account("reader", "Reader"),
        "super": lambda: User.objects.create_superuser("super"),
    }[who]()
    request.session = Client().session
    with django_assert_num_queries(queries):
        assert get_viewer(request, "event").level == level
