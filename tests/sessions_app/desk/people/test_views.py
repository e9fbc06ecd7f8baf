"""Pages for changes of people: previews show everything and write nothing."""

import re
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from participants.models import Person
from sessions_app.models import Appearance, Session
from sessions_app.publishing import services
from sessions_app.publishing.queries import get_draft
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db

UNDO = (
    "Readers see it once you publish. Earlier values are in the history of each entry. "
    "To undo all unpublished changes, restore release 1 under “Releases”."
)
STALE = "The data were changed since this preview. Nothing was done. Check the new preview."
NEW = {
    "by": "new",
    "honorific": "Ms.",
    "full_name": "Grace Wanjiku",
    "position": "Director",
    "organisation": "Huduma Kenya Programme",
    "country": "KE",
    "zone": "",
}


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


@pytest.fixture
def placeholder(event: Event) -> Appearance:
    """A placeholder of the ministry in Session 2."""
    return make.appearance_row(
        session=Session.objects.get(key="session-2"),
        stands_for="to_be_confirmed",
        organisation_en="Ministry of Home Affairs",
        order=9,
    )


def replace_page(key: str) -> str:
    return reverse("replace-person", args=["odsc-laos-2021", key])


def withdraw_page(code: str) -> str:
    return reverse("withdraw-country", args=["odsc-laos-2021", code])


def merge_page(key: str) -> str:
    return reverse("merge-people", args=["odsc-laos-2021", key])


def people_page(event: Event) -> str:
    return reverse("people", args=[event.slug])


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def text(answer: Any) -> str:
    return plain(answer.content.decode())


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def faults(answer: Any) -> list[str]:
    return [plain(error) for error in re.findall(r'finding error">(.*?)<', answer.content.decode())]


def offered(answer: Any) -> list[str]:
    """UIDs of the sessions and workshops to choose, all chosen at first."""
    return re.findall(r'name="places" value="(.*?)"', answer.content.decode())


def hidden(answer: Any) -> dict[str, list[str]]:
    """Hidden fields that the button of the preview sends."""
    form = answer.content.decode().rpartition("<form")[2]
    fields: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form):
        fields.setdefault(name, []).append(value)
    return fields


def preview(client: Client, address: str, **typed: Any) -> Any:
    """Preview of what is typed, in all sessions unless `places` is given."""
    places = offered(client.get(address))
    return client.get(address, {"preview": "1", "places": places} | typed)


# The list


def test_people_are_listed_by_country_with_their_roles(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(people_page(event))
    countries = {country.name: country for country in answer.context["countries"]}
    assert list(countries)[-2:] == ["Vietnam", "No country"]
    kenya = countries["Kenya"]
    lessons = "Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery"
    assert [(str(row.name), row.roles) for row in kenya.people] == [
        (
            "Mr. James Buyekane",
            (("Panelist", f"Session 1, Session 2, Session 3, Session 5, {lessons}"),),
        )
    ]
    assert kenya.question_sessions == f"Session 1, Session 2, Session 3, Session 5, {lessons}"
    assert [str(row.name) for row in countries["Lao PDR"].people] == [
        "H.E. Mr. Nisith Keopanya",
        "H.E. Mr. Thongchan Manixay",
        "Mr. Laty Phimmachack",
    ]
    assert answer["Cache-Control"] == "private, no-store"
    assert 'aria-current="page">People' in answer.content.decode()


def test_list_shows_placeholders_and_possible_duplicates(
    organiser_client: Client, event: Event, placeholder: Appearance
) -> None:
    assert "to be confirmed" not in Client().get(f"/{event.slug}/").content.decode()
    duplicate = make.person_row("Kim Juny", email="kim@example.org")
    answer = organiser_client.get(people_page(event))
    page = answer.content.decode()
    assert "Panelist , Session 2 Ministry of Home Affairs" in text(answer)
    assert reverse("confirm-name", args=[event.slug, placeholder.uid]) in page
    assert "Ms. Juny Kim (juny-kim) and Kim Juny (kim-juny) same name" in text(answer)
    assert f"{merge_page('juny-kim')}?preview=1&amp;stays=this&amp;other={duplicate.key}" in page
    assert "kim@example.org" not in page


def test_empty_event_shows_first_steps(organiser_client: Client) -> None:
    make.event_row()
    assert "Add people to its sessions first." in text(organiser_client.get("/desk/event/people/"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    organiser_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    for number in range(count):
        make.appearance_row(make.person_row(f"Person {number}"), session=session)
        make.appearance_row(session=session, stands_for="to_be_confirmed")
    with django_assert_num_queries(17):
        organiser_client.get("/desk/event/people/")


# Replacing


def test_replace_page_starts_with_everything_chosen(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(replace_page("james-buyekane"))
    page = answer.content.decode()
    assert len(offered(answer)) == 5
    assert page.count(" checked") == 5
    assert (faults(answer), answer.context["preview"]) == ([], None)
    assert "CEO, Huduma Kenya Programme, Kenya" in page
    chosen = organiser_client.get(replace_page("james-buyekane"), {"by": "nobody"})
    assert chosen.content.decode().count(" checked") == 6
    assert chosen.context["preview"] is None


def test_preview_shows_the_new_roles_and_new_issues(organiser_client: Client, event: Event) -> None:
    before, known = get_draft(event), Person.objects.count()
    uganda = NEW | {"country": "UG", "full_name": "Juny Kim"}
    answer = preview(organiser_client, replace_page("james-buyekane"), **uganda)
    page = text(answer)
    assert "5 roles change" in page
    assert "Ms. Juny Kim is added to the people, in lists as “Kim, Juny”" in page
    assert "and in addresses as “juny-kim-2”." in page
    assert "Ms. Juny Kim (juny-kim) is on the list already." in page
    assert "Session 1 Panelist Ms. Juny Kim Director, Huduma Kenya Programme" in page
    assert (
        "Session 1 (09:25–09:45) has questions to Kenya, but nobody from there takes part." in page
    )
    assert "Early for Ms. Juny Kim in Session 1: 05:25–05:45 in Kampala, before 07:00." in page
    assert (get_draft(event), Person.objects.count()) == (before, known)


def test_preview_shows_removed_roles_and_texts(organiser_client: Client, event: Event) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    answer = preview(organiser_client, replace_page("adriana-alberti"), **shim)
    already = (
        "Mr. Bokyun Shim already appears there as overall moderator, so this entry is removed."
    )
    assert f"removed {already}" in text(answer)
    assert "No new issues." in text(answer)
    answer = preview(organiser_client, replace_page("laty-phimmachack"), **shim)
    assert (
        "“Deputy Director General, Department of Local Administration, MOHA”, "
        "which is printed only here, is removed." in text(answer)
    )


def test_replacement_is_applied_as_previewed_and_the_email_stays_private(
    organiser_client: Client, client: Client, event: Event
) -> None:
    shown = preview(organiser_client, replace_page("james-buyekane"), **NEW)
    answer = organiser_client.post(
        replace_page("james-buyekane"), hidden(shown) | {"email": "grace@example.org"}
    )
    assert (answer.status_code, answer.url) == (302, people_page(event))
    assert messages_of(answer) == [
        f"Ms. Grace Wanjiku replaces Mr. James Buyekane in 5 roles. {UNDO}"
    ]
    assert Person.objects.get(key="grace-wanjiku").email == "grace@example.org"
    history = Appearance.history.filter(history_user__username="organiser")
    assert history.count() == 5
    page = organiser_client.get(people_page(event)).content.decode()
    listed = [f'id="person:{key}"' in page for key in ("grace-wanjiku", "james-buyekane")]
    assert (listed, "grace@" in page) == ([True, False], False)
    assert "Grace" not in client.get(f"/{event.slug}/").content.decode()
    services.publish(event=event, now=make.at(9))
    assert "Grace" in client.get(f"/{event.slug}/").content.decode()


def test_invalid_email_of_a_new_person_keeps_the_preview(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    shown = preview(organiser_client, replace_page("james-buyekane"), **NEW)
    answer = organiser_client.post(
        replace_page("james-buyekane"), hidden(shown) | {"email": "grace at home"}
    )
    assert messages_of(answer) == ["Nothing was changed. Correct the e-mail address below."]
    assert faults(answer) == ["Enter a valid email address."]
    assert hidden(answer) == hidden(shown) | {
        "csrfmiddlewaretoken": hidden(answer)["csrfmiddlewaretoken"]
    }
    assert 'value="grace at home"' in answer.content.decode()
    assert get_draft(event) == before


@pytest.mark.parametrize(
    ("typed", "errors"),
    [
        ({}, ["Choose who comes."]),
        ({"by": "known"}, ["Choose a person from the list."]),
        ({"by": "known", "person": "nobody-at-all"}, 1),
        (
            {"by": "known", "person": "james-buyekane"},
            ["Mr. James Buyekane is the person to be replaced. Choose another person."],
        ),
        (NEW | {"full_name": " "}, ["Enter the full name."]),
        (NEW | {"country": "XX"}, 1),
        (NEW | {"zone": "EST"}, 1),
        ({"by": "nobody", "places": []}, ["Choose where."]),
        ({"by": "nobody", "places": ["x"]}, ["A chosen session no longer applies."]),
    ],
)
def test_form_with_errors_names_what_is_missing(
    organiser_client: Client, event: Event, typed: dict[str, Any], errors: Any
) -> None:
    answer = preview(organiser_client, replace_page("james-buyekane"), **typed)
    assert faults(answer) == errors if isinstance(errors, list) else len(faults(answer)) == errors
    assert answer.context["preview"] is None


def test_changed_sessions_are_refused_with_a_fresh_preview(
    organiser_client: Client, event: Event
) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    shown = preview(organiser_client, replace_page("james-buyekane"), **shim)
    Appearance.objects.filter(person__key="james-buyekane").update(organisation_en="Changed")
    before = get_draft(event)
    answer = organiser_client.post(replace_page("james-buyekane"), hidden(shown))
    assert (answer.status_code, messages_of(answer)) == (200, [STALE])
    assert get_draft(event) == before
    assert hidden(answer)["fingerprint"] != hidden(shown)["fingerprint"]
    assert organiser_client.post(replace_page("james-buyekane"), hidden(answer)).status_code == 302


def test_removed_session_is_refused_and_so_is_a_second_submit(
    organiser_client: Client, event: Event
) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    shown = preview(organiser_client, replace_page("james-buyekane"), **shim)
    Appearance.objects.get(person__key="james-buyekane", session__key="session-5").delete()
    answer = organiser_client.post(replace_page("james-buyekane"), hidden(shown))
    assert (messages_of(answer), faults(answer)) == (
        [STALE],
        ["A chosen session no longer applies."],
    )
    Appearance.objects.filter(person__key="james-buyekane").delete()
    answer = organiser_client.post(replace_page("james-buyekane"), hidden(shown))
    assert (answer.url, messages_of(answer)[-1:]) == (
        people_page(event),
        ["What you wanted to change no longer exists. Nothing was changed."],
    )
    assert organiser_client.get(replace_page("james-buyekane")).status_code == 404


def test_unpreviewed_replacement_is_refused(organiser_client: Client, event: Event) -> None:
    before = get_draft(event)
    places = offered(organiser_client.get(replace_page("juny-kim")))
    answer = organiser_client.post(
        replace_page("juny-kim"), {"preview": "1", "by": "nobody", "places": places}
    )
    assert (messages_of(answer), get_draft(event)) == ([STALE], before)


# Placeholders


def test_placeholder_is_set_and_confirmed_again(organiser_client: Client, event: Event) -> None:
    places = [str(Session.objects.get(key="session-2").uid)]
    typed = {"by": "nobody", "seat_organisation": "Huduma Kenya Programme", "places": places}
    shown = preview(organiser_client, replace_page("james-buyekane"), **typed)
    assert "Session 2 Panelist Name to be confirmed Huduma Kenya Programme" in text(shown)
    answer = organiser_client.post(replace_page("james-buyekane"), hidden(shown))
    assert messages_of(answer) == [
        f"Mr. James Buyekane was replaced by a name to be confirmed, in 1 role. {UNDO}"
    ]
    placeholder = Appearance.objects.get(stands_for="to_be_confirmed")
    address = reverse("confirm-name", args=[event.slug, placeholder.uid])
    page = text(organiser_client.get(address))
    assert "Enter the name: panelist, Session 2" in page
    assert "Keep the text “Huduma Kenya Programme” here" in page
    assert "A name to be confirmed" not in page

    shown = preview(organiser_client, address, **NEW)
    assert "“Huduma Kenya Programme”, which is printed only here, is removed." in text(shown)
    answer = organiser_client.post(address, hidden(shown))
    assert messages_of(answer)[-1] == f"Panelist of Session 2 is Ms. Grace Wanjiku. {UNDO}"
    placeholder.refresh_from_db()
    assert (str(placeholder.person), placeholder.stands_for, placeholder.organisation_en) == (
        "Ms. Grace Wanjiku",
        "person",
        "",
    )
    assert organiser_client.get(address).status_code == 404


# Withdrawing


def test_withdrawal_is_previewed_at_once_with_everything_removed(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    page = text(organiser_client.get(withdraw_page("KE")))
    assert (
        "1 person loses 5 roles; 1 question is deleted; 22 min of speaking time become free."
        in page
    )
    assert "Mr. James Buyekane Session 1 (panelist), Session 2 (panelist), " in page
    assert (
        "The question block for Kenya is deleted with its 1 question. "
        "5 min of speaking time become free. While the " in page
    )
    assert "Kenya is no longer asked. The questions stay for Azerbaijan and Vietnam." in page
    page = text(organiser_client.get(withdraw_page("BD")))
    assert "Wed 4 Aug 10:05–10:30 · Mr. Anir Chowdhury, panelist; questions" in page
    assert "The questions stay for Azerbaijan. The speaking time stays 6 min in total." in page
    overview = "Overview Presentation on International Experiences of One Door Service Centers"
    assert (
        f"Left without a speaker {overview} “Presentations of Checklist for Effective ODSCs” New"
        in page
    )
    assert f"“{overview}” (09:00–09:25) has no speaker." in page
    assert get_draft(event) == before


def test_withdrawal_is_applied_to_chosen_sessions(organiser_client: Client, event: Event) -> None:
    places = [str(Session.objects.get(key="session-5").uid)]
    shown = preview(organiser_client, withdraw_page("KE"), places=places)
    answer = organiser_client.post(withdraw_page("KE"), hidden(shown))
    assert (answer.url, messages_of(answer)) == (
        people_page(event),
        [
            "Kenya has withdrawn: 1 person loses 1 role; 1 question is deleted; "
            f"5\N{NO-BREAK SPACE}min of speaking time become free. {UNDO}"
        ],
    )
    assert Appearance.objects.filter(person__country="KE").count() == 4
    assert "5 roles" not in text(organiser_client.get(withdraw_page("KE")))


def test_withdrawal_of_changed_sessions_is_refused(organiser_client: Client, event: Event) -> None:
    shown = organiser_client.get(withdraw_page("KE"))
    make.appearance_row(
        make.person_row("Grace Wanjiku", country="KE"),
        session=Session.objects.get(key="session-1"),
    )
    before = get_draft(event)
    answer = organiser_client.post(withdraw_page("KE"), hidden(shown))
    assert (messages_of(answer), get_draft(event)) == ([STALE], before)
    assert "2 people lose 6 roles" in text(answer)
    assert organiser_client.post(withdraw_page("KE"), hidden(answer)).status_code == 302
    assert organiser_client.post(withdraw_page("KE"), hidden(answer)).url == people_page(event)
    assert organiser_client.get(withdraw_page("KE")).status_code == 404


# Merging


def test_merge_is_previewed_field_by_field_and_applied(
    organiser_client: Client, event: Event
) -> None:
    duplicate = make.person_row(
        "Kim Juny", honorific_en="Dr.", country="US", email="kim@example.org"
    )
    for key, role in (("session-2", "panelist"), ("session-1", "panelist")):
        make.appearance_row(duplicate, session=Session.objects.get(key=key), role=role)
    before = get_draft(event)
    choice = {"other": duplicate.key, "stays": "this"}
    shown = preview(organiser_client, merge_page("juny-kim"), **choice)
    page = text(shown)
    assert "kim-juny is merged into juny-kim" in page
    assert "Form of address Dr. Ms. Ms." in page
    assert "Country United States of America Republic of Korea Republic of Korea" in page
    assert "E-mail kim@example.org – kim@example.org" in page
    assert (
        "Panelist, Institutional Coordination – removed, because the kept entry has it already"
        in page
    )
    assert (
        "The addresses of kim-juny, of page and calendar, keep working and show juny-kim." in page
    )
    assert get_draft(event) == before

    answer = organiser_client.post(merge_page("juny-kim"), hidden(shown))
    assert answer.url == people_page(event)
    assert messages_of(answer)[0].startswith("Kim Juny (Dr.) was merged into Kim, Juny (Ms.), ")
    assert messages_of(answer)[0].endswith(f"with 2 roles. {UNDO}")
    kept = Person.objects.get(key="juny-kim")
    assert (kept.email, str(kept), kept.appearances.count()) == (
        "kim@example.org",
        "Ms. Juny Kim",
        5,
    )
    assert organiser_client.get(merge_page("kim-juny")).status_code == 404


def test_either_entry_can_be_kept(organiser_client: Client, event: Event) -> None:
    duplicate = make.person_row("Kim Juny")
    choice = {"other": duplicate.key, "stays": "other"}
    shown = preview(organiser_client, merge_page("juny-kim"), **choice)
    organiser_client.post(merge_page("juny-kim"), hidden(shown))
    duplicate.refresh_from_db()
    assert (duplicate.appearances.count(), duplicate.position_en) == (4, "Director General")
    assert not Person.objects.filter(key="juny-kim").exists()


def test_merge_of_changed_people_is_refused(organiser_client: Client, event: Event) -> None:
    duplicate = make.person_row("Kim Juny")
    choice = {"other": duplicate.key, "stays": "this"}
    shown = preview(organiser_client, merge_page("juny-kim"), **choice)
    duplicate.position_en = "Minister"
    duplicate.save()
    answer = organiser_client.post(merge_page("juny-kim"), hidden(shown))
    assert (messages_of(answer), Person.objects.filter(pk=duplicate.pk).count()) == ([STALE], 1)
    assert "Position Minister Director General Director General" in text(answer)
    duplicate.delete()
    answer = organiser_client.post(merge_page("juny-kim"), hidden(answer))
    assert messages_of(answer)[-1] == STALE


def test_merge_in_several_events_names_those_to_publish(
    organiser_client: Client, event: Event
) -> None:
    duplicate = make.person_row("Kim Juny")
    other = make.session_row(make.workshop_row(make.event_row("other", title_en="Other event")))
    for session in (other, Session.objects.get(key="session-1")):
        make.appearance_row(duplicate, session=session)
    shown = preview(organiser_client, merge_page("juny-kim"), other=duplicate.key, stays="this")
    answer = organiser_client.post(merge_page("juny-kim"), hidden(shown))
    (sentence,) = messages_of(answer)
    assert "Publish each of these events: " in sentence
    assert "Other event" in sentence


# Undo


def test_draft_is_restored_to_the_release(organiser_client: Client, event: Event) -> None:
    before, releases = get_draft(event), reverse("releases", args=[event.slug])
    restore = reverse("restore", args=[event.slug, 1])
    organiser_client.post(withdraw_page("KE"), hidden(organiser_client.get(withdraw_page("KE"))))
    assert restore in organiser_client.get(releases).content.decode()
    answer = organiser_client.post(restore)
    assert messages_of(answer)[-1] == "The draft is as in release 1, which readers see."
    assert get_draft(event) == before


# Permissions


def test_only_staff_with_change_permission_have_access(
    client: Client, event: Event, placeholder: Appearance
) -> None:
    pages = [
        replace_page("juny-kim"),
        reverse("confirm-name", args=[event.slug, placeholder.uid]),
        withdraw_page("KE"),
        merge_page("juny-kim"),
    ]
    assert {client.get(page).status_code for page in (people_page(event), *pages)} == {302}
    client.force_login(make.account("reader", "Reader"))
    assert client.get(people_page(event)).status_code == 200
    assert {call(page).status_code for page in pages for call in (client.get, client.post)} == {403}
    client.force_login(make.account("editor", "Editor"))
    assert {client.get(page).status_code for page in pages} == {200}


def test_new_person_is_not_offered_without_the_permission(client: Client, event: Event) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    wanted = ("view_session", "change_session")
    reader.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    client.force_login(reader)
    assert "A new person" not in text(client.get(replace_page("juny-kim")))
    answer = preview(client, replace_page("juny-kim"), **NEW)
    assert (len(faults(answer)), answer.context["preview"]) == (1, None)


def test_forged_and_wrong_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    assert [
        client.post(replace_page("juny-kim")).status_code,
        client.post(withdraw_page("KE")).status_code,
        client.post(merge_page("juny-kim")).status_code,
        client.post(people_page(event)).status_code,
        client.get(replace_page("nobody")).status_code,
        client.get(withdraw_page("ke")).status_code,
        client.get(merge_page("nobody")).status_code,
        client.get(reverse("confirm-name", args=[event.slug, make.uid("nothing")])).status_code,
    ] == [403, 403, 403, 403, 404, 404, 404, 404]
