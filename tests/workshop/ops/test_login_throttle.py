"""Sign-in: login throttling, sign-in links, accounts and the first page afterwards."""

from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessLog
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone

from tests import make
from workshop.ops.client_network import client_network

pytestmark = pytest.mark.django_db

RIGHT = "a right password"


@pytest.fixture
def siri() -> User:
    return make.account("siri", "Organiser", password=RIGHT)


def sign_in(client: Client, name: str = "siri", password: str = RIGHT, **headers: str) -> Any:
    return client.post("/admin/login/", {"username": name, "password": password}, **headers)


def fail(client: Client, times: int, name: str = "siri", **headers: str) -> list[int]:
    return [sign_in(client, name, "wrong", **headers).status_code for _ in range(times)]


def sign_in_link(name: str, capsys: Any) -> str:
    call_command("sign_in_link", name, "--site", "http://testserver")
    link: str = capsys.readouterr().out.strip()
    return link


@pytest.mark.parametrize("name", ["siri", "nobody-of-that-name"])
def test_five_wrong_passwords_lock_a_name_whether_or_not_it_exists(
    client: Client, siri: User, name: str
) -> None:
    assert fail(client, 6, name) == [200, 200, 200, 200, 429, 429]
    response = sign_in(client, name)
    page_text = response.content.decode()
    assert "Try again in 15 minutes, or ask your administrator" in page_text
    assert 890 < int(response["Retry-After"]) <= 900
    assert ("Account locked" in page_text, "css/site.css" in page_text) == (False, True)
    assert "_auth_user_id" not in client.session


def test_wrong_names_and_wrong_passwords_get_the_same_response(client: Client, siri: User) -> None:
    def page(name: str) -> str:
        page_text = sign_in(client, name, "wrong").content.decode()
        return page_text.replace(name, "").split("<form")[0]

    make.account("outsider", is_staff=False)
    assert page("siri") == page("xxxx") == page("outsider")
    assert "The name and password do not match" in page("siri")


def test_invalid_name_is_never_counted(client: Client) -> None:
    assert fail(client, 6, "x" * 151) == [200] * 6
    assert AccessAttempt.objects.count() == 0


def test_lock_is_per_name_and_address(client: Client, siri: User) -> None:
    make.account("ana", "Reader", password=RIGHT)
    fail(client, 5)
    assert sign_in(client, "ana").status_code == 302
    other_address = Client(REMOTE_ADDR="192.0.2.7")
    assert sign_in(other_address).status_code == 302


def test_lock_ends_after_15_minutes(client: Client, siri: User) -> None:
    fail(client, 5)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
    response = sign_in(client)
    assert (response.status_code, "in 1 minute," in response.content.decode()) == (429, True)
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15))
    assert sign_in(client).status_code == 302


def test_right_password_deletes_failed_attempts(client: Client, siri: User) -> None:
    fail(client, 4)
    assert sign_in(client).status_code == 302
    client.logout()
    assert fail(client, 4) == [200, 200, 200, 200]
    sign_in(client)
    assert (AccessAttempt.objects.count(), AccessLog.objects.count()) == (0, 0)


def test_sign_in_link_works_during_a_lock_and_removes_it(
    client: Client, siri: User, programme: str, capsys: Any
) -> None:
    fail(client, 5)
    link = sign_in_link("siri", capsys)
    assert client.get(link, follow=True).status_code == 200
    client.logout()
    assert sign_in(client).status_code == 302


def test_expired_links_cause_no_lock(client: Client, siri: User, capsys: Any) -> None:
    link = sign_in_link("siri", capsys)
    assert client.get(link).status_code == 302
    client.logout()
    assert {client.get(link).status_code for _ in range(6)} == {403}
    assert client.get(sign_in_link("siri", capsys)).status_code == 302
    assert AccessAttempt.objects.count() == 0


@pytest.mark.parametrize(
    ("proxy", "remote", "forwarded", "address"),
    [
        (False, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (True, "10.0.0.1", "198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1", "192.0.2.66, 198.51.100.9", "198.51.100.9"),
        (True, "10.0.0.1", "", "10.0.0.1"),
        (True, "10.0.0.1", "no address", None),
        (False, "", "198.51.100.9", None),
        (False, "2001:db8:1:2:3:4:5:6", "", "2001:db8:1:2::"),
        (False, "::ffff:192.0.2.1", "", "192.0.2.1"),
    ],
)
def test_address_is_taken_from_a_proxy_only_where_there_is_one(
    rf: RequestFactory,
    settings: Any,
    proxy: bool,
    remote: str,
    forwarded: str,
    address: str | None,
) -> None:
    settings.BEHIND_PROXY = proxy
    request = rf.get("/", REMOTE_ADDR=remote, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_network(request) == address


def test_forged_address_does_not_unlock(client: Client, siri: User) -> None:
    forged = {"HTTP_X_FORWARDED_FOR": "198.51.100.1"}
    assert fail(client, 5) == [200, 200, 200, 200, 429]
    assert sign_in(client, **forged).status_code == 429


def test_sign_in_page_explains_itself(client: Client) -> None:
    page = client.get("/admin/login/").content.decode()
    assert "Sign in with the link you were sent, or with name and password." in page
    assert "rgb(0, 96, 140)" in page


def test_sign_in_leads_to_the_board_of_the_only_event(
    client: Client, siri: User, programme: str, capsys: Any
) -> None:
    board = reverse("board", args=[programme])
    assert sign_in(client).url == "/desk/"
    assert client.get("/desk/").url == board
    client.logout()
    response = client.get(sign_in_link("siri", capsys), follow=True)
    assert response.request["PATH_INFO"] == board


def test_sign_in_leads_to_the_requested_page(client: Client, siri: User, programme: str) -> None:
    login_url = client.get(f"/desk/{programme}/review/").url
    assert login_url == f"/admin/login/?next=/desk/{programme}/review/"
    response = client.post(login_url, {"username": "siri", "password": RIGHT})
    assert response.url == f"/desk/{programme}/review/"


def test_first_organiser_is_a_superuser(capsys: Any) -> None:
    call_command("sign_in_link", "--create")
    user = User.objects.get()
    assert (user.username, user.is_superuser, user.has_usable_password()) == (
        *("organiser", True, False),
    )
    assert [group.name for group in user.groups.all()] == ["Organiser"]


@pytest.fixture
def superuser_client() -> Client:
    """A client signed in as a superuser."""
    client = Client()
    client.force_login(User.objects.create_superuser("admin"))
    return client


def test_editor_is_added_by_name_and_signs_in_with_a_link(
    superuser_client: Client, client: Client, programme: str
) -> None:
    assert superuser_client.get("/admin/auth/user/add/").status_code == 200
    editor = Group.objects.get(name="Editor")
    sent = {"username": "edda", "groups": [editor.pk], "is_staff": "on", "usable_password": "false"}
    response = superuser_client.post("/admin/auth/user/add/", sent)
    user = User.objects.get(username="edda")
    assert (response.status_code, user.has_usable_password()) == (302, False)
    page = superuser_client.get(f"/admin/auth/user/{user.pk}/sign-in-link/")
    assert "no-store" in page["Cache-Control"]
    response = client.get(page.context["link"], follow=True)
    assert response.request["PATH_INFO"] == f"/desk/{programme}/"
    assert response.wsgi_request.user == user


def test_account_can_be_changed_and_given_a_password(
    superuser_client: Client, client: Client
) -> None:
    user = make.account("edda", "Editor")
    address = f"/admin/auth/user/{user.pk}/"
    assert superuser_client.get("/admin/auth/user/").status_code == 200
    assert superuser_client.get(f"{address}change/").status_code == 200
    sent = {"username": "edda", "first_name": "Edda", "is_staff": "on", "is_active": "on"}
    assert superuser_client.post(f"{address}change/", sent).status_code == 302
    assert superuser_client.get(f"{address}password/").status_code == 200
    twice = {"password1": RIGHT, "password2": RIGHT}
    assert superuser_client.post(f"{address}password/", twice).status_code == 302
    user.refresh_from_db()
    assert (user.first_name, user.groups.count(), user.check_password(RIGHT)) == ("Edda", 0, True)
    assert (
        superuser_client.post(
            f"{address}password/", {"password1": "1", "password2": "1"}
        ).status_code
        == 200
    )


def test_no_link_for_an_account_that_may_not_sign_in(superuser_client: Client) -> None:
    user = make.account("edda", is_active=False)
    page = superuser_client.get(f"/admin/auth/user/{user.pk}/sign-in-link/")
    assert (page.context["link"], "may not sign in" in page.content.decode()) == ("", True)


def test_only_superusers_make_sign_in_links(organiser_client: Client, organiser: User) -> None:
    rights = Permission.objects.filter(content_type__app_label="auth")
    organiser.user_permissions.add(*rights)
    for path in ("", f"{organiser.pk}/change/", f"{organiser.pk}/sign-in-link/", "add/"):
        assert organiser_client.get(f"/admin/auth/user/{path}").status_code == 403


def test_groups_of_the_project_keep_their_names(superuser_client: Client) -> None:
    group = Group.objects.get(name="Reader")
    address = f"/admin/auth/group/{group.pk}/"
    page = superuser_client.get(f"{address}change/").content.decode()
    assert ('name="name"' in page, "historical" in page, "Can view session" in page) == (
        *(False, False, True),
    )
    assert superuser_client.post(f"{address}delete/", {"post": "yes"}).status_code == 403
    assert superuser_client.get("/admin/auth/group/add/").status_code == 200


def test_admin_index_lists_models_in_sections(
    superuser_client: Client, organiser_client: Client
) -> None:
    def listed(client: Client) -> dict[str, list[str]]:
        sections = client.get("/admin/").context["app_list"]
        return {
            str(section["name"]): [str(model["name"]) for model in section["models"]]
            for section in sections
        }

    names = ["Events", "Workshops", "Sessions", "People", "Participants", "Releases"]
    programme = {"Programme": names}
    assert listed(organiser_client) == programme
    assert listed(superuser_client) == programme | {"Accounts": ["Users", "Groups"]}
    page = organiser_client.get("/admin/").content.decode()
    assert ("Historical" in page, "Access" in page, 'href="/desk/"' in page) == (False, False, True)
