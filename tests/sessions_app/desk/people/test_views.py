"""The desk when people change: previews say everything and write nothing; nothing surprises."""

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

BACK = (
    "Readers see it once you publish. The history of every row keeps what it said before. "
    "To put all rows back to what readers see now, restore release 1 under “Releases”."
)
STALE = "The rows have changed since this preview. Nothing was changed; look once more."
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
def seat(event: Event) -> Appearance:
    """Somebody of the ministry in Session 2, whose name is to be confirmed."""
    return make.appearance_row(
        session=Session.objects.get(key="session-2"),
        stands_for="to_be_confirmed",
        organisation_en="Ministry of Home Affairs",
        order=9,
    )


def replacing(key: str) -> str:
    return reverse("replace-person", args=["odsc-laos-2021", key])


def withdrawing(code: str) -> str:
    return reverse("withdraw-country", args=["odsc-laos-2021", code])


def merging(key: str) -> str:
    return reverse("merge-people", args=["odsc-laos-2021", key])


def people(event: Event) -> str:
    return reverse("people", args=[event.slug])


def plain(html: str) -> str:
    return " ".join(re.sub("<[^>]*>", " ", html).split())


def text(answer: Any) -> str:
    return plain(answer.content.decode())


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def faults(answer: Any) -> list[str]:
    return [plain(each) for each in re.findall(r'finding error">(.*?)<', answer.content.decode())]


def offered(answer: Any) -> list[str]:
    """The places to choose, all chosen at first."""
    return re.findall(r'name="places" value="(.*?)"', answer.content.decode())


def hidden(answer: Any) -> dict[str, list[str]]:
    """What the button of the preview sends."""
    form = answer.content.decode().rpartition("<form")[2]
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(.*?)" value="(.*?)"', form):
        found.setdefault(name, []).append(value)
    return found


def preview(client: Client, address: str, **typed: Any) -> Any:
    """The preview of what is typed, in all places unless they are said."""
    places = offered(client.get(address))
    return client.get(address, {"preview": "1", "places": places} | typed)


# The list


def test_people_are_listed_by_country_with_what_they_do(
    organiser_client: Client, event: Event
) -> None:
    answer = organiser_client.get(people(event))
    found = {country.name: country for country in answer.context["countries"]}
    assert list(found)[-2:] == ["Vietnam", "No country"]
    kenya = found["Kenya"]
    lessons = "Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery"
    assert [(str(row.name), row.roles) for row in kenya.people] == [
        (
            "Mr. James Buyekane",
            (("Panelist", f"Session 1, Session 2, Session 3, Session 5, {lessons}"),),
        )
    ]
    assert kenya.asked == f"Session 1, Session 2, Session 3, Session 5, {lessons}"
    assert [str(row.name) for row in found["Lao PDR"].people] == [
        "H.E. Mr. Nisith Keopanya",
        "H.E. Mr. Thongchan Manixay",
        "Mr. Laty Phimmachack",
    ]
    assert answer["Cache-Control"] == "private, no-store"
    assert 'aria-current="page">People' in answer.content.decode()


def test_list_offers_names_to_be_confirmed_and_likely_twins(
    organiser_client: Client, event: Event, seat: Appearance
) -> None:
    assert "to be confirmed" not in Client().get(f"/{event.slug}/").content.decode()
    twin = make.person_row("Kim Juny", email="kim@example.org")
    answer = organiser_client.get(people(event))
    page = answer.content.decode()
    assert "Panelist , Session 2 Ministry of Home Affairs" in text(answer)
    assert reverse("say-who", args=[event.slug, seat.uid]) in page
    assert "Ms. Juny Kim (juny-kim) and Kim Juny (kim-juny) same name" in text(answer)
    assert f"{merging('juny-kim')}?preview=1&amp;stays=this&amp;other={twin.key}" in page
    assert "kim@example.org" not in page


def test_empty_event_says_what_to_do_first(organiser_client: Client) -> None:
    make.event_row()
    assert "Put people into its rows first." in text(organiser_client.get("/desk/event/people/"))


@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    organiser_client: Client, count: int, django_assert_num_queries: Any
) -> None:
    session = make.session_row(make.workshop_row(make.event_row()))
    for number in range(count):
        make.appearance_row(make.person_row(f"Person {number}"), session=session)
        make.appearance_row(session=session, stands_for="to_be_confirmed")
    with django_assert_num_queries(18):
        organiser_client.get("/desk/event/people/")


# Replacing


def test_replacing_begins_with_everything_chosen(organiser_client: Client, event: Event) -> None:
    answer = organiser_client.get(replacing("james-buyekane"))
    page = answer.content.decode()
    assert len(offered(answer)) == 5
    assert page.count(" checked") == 5
    assert (faults(answer), answer.context["preview"]) == ([], None)
    assert "CEO, Huduma Kenya Programme, Kenya" in page
    chosen = organiser_client.get(replacing("james-buyekane"), {"by": "nobody"})
    assert chosen.content.decode().count(" checked") == 6
    assert chosen.context["preview"] is None


def test_preview_says_who_comes_where_and_what_the_checks_would_say(
    organiser_client: Client, event: Event
) -> None:
    before, known = get_draft(event), Person.objects.count()
    uganda = NEW | {"country": "UG", "full_name": "Juny Kim"}
    answer = preview(organiser_client, replacing("james-buyekane"), **uganda)
    page = text(answer)
    assert "5 parts change hands" in page
    assert "Ms. Juny Kim is added to the people: in lists as “Kim, Juny”" in page
    assert "in addresses as “juny-kim-2”." in page
    assert "Ms. Juny Kim (juny-kim) is on the list already." in page
    assert "Session 1 Panelist Ms. Juny Kim Director, Huduma Kenya Programme" in page
    assert "Session 1 (09:25-09:45) has questions to Kenya, and nobody from there is in it." in page
    assert "at 09:25-09:45, which is 05:25-05:45 in Kampala." in page
    assert (get_draft(event), Person.objects.count()) == (before, known)


def test_preview_says_what_is_taken_out_and_what_text_goes(
    organiser_client: Client, event: Event
) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    answer = preview(organiser_client, replacing("adriana-alberti"), **shim)
    already = "Mr. Bokyun Shim is there as overall moderator already, so this part is taken out."
    assert f"taken out {already}" in text(answer)
    assert "It leads to no new findings." in text(answer)
    answer = preview(organiser_client, replacing("laty-phimmachack"), **shim)
    assert (
        "“Deputy Director General, Department of Local Administration, MOHA”, "
        "as it is printed here alone, goes." in text(answer)
    )


def test_replacement_is_done_as_previewed_with_the_address_that_stays_private(
    organiser_client: Client, client: Client, event: Event
) -> None:
    shown = preview(organiser_client, replacing("james-buyekane"), **NEW)
    answer = organiser_client.post(
        replacing("james-buyekane"), hidden(shown) | {"email": "grace@example.org"}
    )
    assert (answer.status_code, answer.url) == (302, people(event))
    assert said(answer) == [
        f"Ms. Grace Wanjiku comes instead of Mr. James Buyekane, in 5 places. {BACK}"
    ]
    assert Person.objects.get(key="grace-wanjiku").email == "grace@example.org"
    history = Appearance.history.filter(history_user__username="organiser")
    assert history.count() == 5
    page = organiser_client.get(people(event)).content.decode()
    listed = [f'id="person:{key}"' in page for key in ("grace-wanjiku", "james-buyekane")]
    assert (listed, "grace@" in page) == ([True, False], False)
    assert "Grace" not in client.get(f"/{event.slug}/").content.decode()
    services.publish(event=event, now=make.at(9))
    assert "Grace" in client.get(f"/{event.slug}/").content.decode()


def test_wrong_address_of_a_new_person_keeps_the_preview(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    shown = preview(organiser_client, replacing("james-buyekane"), **NEW)
    answer = organiser_client.post(
        replacing("james-buyekane"), hidden(shown) | {"email": "grace at home"}
    )
    assert said(answer) == ["Nothing was changed: correct the e-mail address below."]
    assert faults(answer) == ["Enter a valid email address."]
    assert hidden(answer) == hidden(shown) | {
        "csrfmiddlewaretoken": hidden(answer)["csrfmiddlewaretoken"]
    }
    assert 'value="grace at home"' in answer.content.decode()
    assert get_draft(event) == before


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({}, ["Say who comes."]),
        ({"by": "known"}, ["Choose somebody from the list."]),
        ({"by": "known", "person": "nobody-at-all"}, 1),
        (
            {"by": "known", "person": "james-buyekane"},
            ["That is Mr. James Buyekane, who is to be replaced. Choose somebody else."],
        ),
        (NEW | {"full_name": " "}, ["Write the full name."]),
        (NEW | {"country": "XX"}, 1),
        (NEW | {"zone": "EST"}, 1),
        ({"by": "nobody", "places": []}, ["Choose where."]),
        ({"by": "nobody", "places": ["x"]}, ["A place that was chosen is not concerned any more."]),
    ],
)
def test_form_with_errors_says_what_is_missing(
    organiser_client: Client, event: Event, typed: dict[str, Any], found: Any
) -> None:
    answer = preview(organiser_client, replacing("james-buyekane"), **typed)
    assert faults(answer) == found if isinstance(found, list) else len(faults(answer)) == found
    assert answer.context["preview"] is None


def test_changed_rows_refuse_and_show_a_fresh_preview(
    organiser_client: Client, event: Event
) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    shown = preview(organiser_client, replacing("james-buyekane"), **shim)
    Appearance.objects.filter(person__key="james-buyekane").update(organisation_en="Changed")
    before = get_draft(event)
    answer = organiser_client.post(replacing("james-buyekane"), hidden(shown))
    assert (answer.status_code, said(answer)) == (200, [STALE])
    assert get_draft(event) == before
    assert hidden(answer)["fingerprint"] != hidden(shown)["fingerprint"]
    assert organiser_client.post(replacing("james-buyekane"), hidden(answer)).status_code == 302


def test_place_that_is_gone_refuses_too_and_a_second_press_says_so(
    organiser_client: Client, event: Event
) -> None:
    shim = {"by": "known", "person": "bokyun-shim"}
    shown = preview(organiser_client, replacing("james-buyekane"), **shim)
    Appearance.objects.get(person__key="james-buyekane", session__key="session-5").delete()
    answer = organiser_client.post(replacing("james-buyekane"), hidden(shown))
    assert (said(answer), faults(answer)) == (
        [STALE],
        ["A place that was chosen is not concerned any more."],
    )
    Appearance.objects.filter(person__key="james-buyekane").delete()
    answer = organiser_client.post(replacing("james-buyekane"), hidden(shown))
    assert (answer.url, said(answer)[-1:]) == (
        people(event),
        ["What you were about to change is not there any more. Nothing was changed."],
    )
    assert organiser_client.get(replacing("james-buyekane")).status_code == 404


def test_unpreviewed_replacement_is_refused(organiser_client: Client, event: Event) -> None:
    before = get_draft(event)
    places = offered(organiser_client.get(replacing("juny-kim")))
    answer = organiser_client.post(
        replacing("juny-kim"), {"preview": "1", "by": "nobody", "places": places}
    )
    assert (said(answer), get_draft(event)) == ([STALE], before)


# Names to be confirmed


def test_name_to_be_confirmed_comes_and_goes_again(organiser_client: Client, event: Event) -> None:
    places = [str(Session.objects.get(key="session-2").uid)]
    typed = {"by": "nobody", "seat_organisation": "Huduma Kenya Programme", "places": places}
    shown = preview(organiser_client, replacing("james-buyekane"), **typed)
    assert "Session 2 Panelist Name to be confirmed Huduma Kenya Programme" in text(shown)
    answer = organiser_client.post(replacing("james-buyekane"), hidden(shown))
    assert said(answer) == [
        f"Who comes instead of Mr. James Buyekane is to be confirmed, in 1 place. {BACK}"
    ]
    seat = Appearance.objects.get(stands_for="to_be_confirmed")
    address = reverse("say-who", args=[event.slug, seat.uid])
    page = text(organiser_client.get(address))
    assert "Say who it is: panelist, Session 2" in page
    assert "Go on printing “Huduma Kenya Programme” here" in page
    assert "A name to be confirmed" not in page

    shown = preview(organiser_client, address, **NEW)
    assert "“Huduma Kenya Programme”, as it is printed here alone, goes." in text(shown)
    answer = organiser_client.post(address, hidden(shown))
    assert said(answer)[-1] == f"Panelist of Session 2 is Ms. Grace Wanjiku. {BACK}"
    seat.refresh_from_db()
    assert (str(seat.person), seat.stands_for, seat.organisation_en) == (
        "Ms. Grace Wanjiku",
        "person",
        "",
    )
    assert organiser_client.get(address).status_code == 404


# Withdrawing


def test_withdrawal_is_previewed_at_once_and_names_what_goes(
    organiser_client: Client, event: Event
) -> None:
    before = get_draft(event)
    page = text(organiser_client.get(withdrawing("KE")))
    assert "1 person leaves 5 parts; 1 question goes; 22 min become free." in page
    assert "Mr. James Buyekane Session 1 (panelist), Session 2 (panelist), " in page
    assert "The block for Kenya goes with its 1 question. 5 min become free. While the " in page
    assert "Kenya is no longer asked; the questions stay for Azerbaijan and Vietnam." in page
    page = text(organiser_client.get(withdrawing("BD")))
    assert "Wed 4 Aug 10:05–10:30 · Mr. Anir Chowdhury, panelist; asked" in page
    assert "the questions stay for Azerbaijan. Its minutes stay: 6 min in total." in page
    overview = "Overview Presentation on International Experiences of One Door Service Centers"
    assert (
        f"Left without a speaker {overview} “Presentations of Checklist for Effective ODSCs” New"
        in page
    )
    assert f"“{overview}” (09:00-09:25) has nobody in it." in page
    assert get_draft(event) == before


def test_withdrawal_is_done_where_it_is_chosen(organiser_client: Client, event: Event) -> None:
    places = [str(Session.objects.get(key="session-5").uid)]
    shown = preview(organiser_client, withdrawing("KE"), places=places)
    answer = organiser_client.post(withdrawing("KE"), hidden(shown))
    assert (answer.url, said(answer)) == (
        people(event),
        [
            "Kenya has withdrawn: 1 person leaves 1 part; 1 question goes; "
            f"5\N{NO-BREAK SPACE}min become free. {BACK}"
        ],
    )
    assert Appearance.objects.filter(person__country="KE").count() == 4
    assert "5 parts" not in text(organiser_client.get(withdrawing("KE")))


def test_withdrawal_of_changed_rows_is_refused(organiser_client: Client, event: Event) -> None:
    shown = organiser_client.get(withdrawing("KE"))
    make.appearance_row(
        make.person_row("Grace Wanjiku", country="KE"),
        session=Session.objects.get(key="session-1"),
    )
    before = get_draft(event)
    answer = organiser_client.post(withdrawing("KE"), hidden(shown))
    assert (said(answer), get_draft(event)) == ([STALE], before)
    assert "2 people leave 6 parts" in text(answer)
    assert organiser_client.post(withdrawing("KE"), hidden(answer)).status_code == 302
    assert organiser_client.post(withdrawing("KE"), hidden(answer)).url == people(event)
    assert organiser_client.get(withdrawing("KE")).status_code == 404


# Merging


def test_merger_is_previewed_field_by_field_and_done(
    organiser_client: Client, event: Event
) -> None:
    twin = make.person_row("Kim Juny", honorific_en="Dr.", country="US", email="kim@example.org")
    for key, role in (("session-2", "panelist"), ("session-1", "panelist")):
        make.appearance_row(twin, session=Session.objects.get(key=key), role=role)
    before = get_draft(event)
    asked = {"other": twin.key, "stays": "this"}
    shown = preview(organiser_client, merging("juny-kim"), **asked)
    page = text(shown)
    assert "kim-juny goes, juny-kim stays" in page
    assert "Form of address Dr. Ms. Ms." in page
    assert "Country United States of America Republic of Korea Republic of Korea" in page
    assert "E-mail kim@example.org – kim@example.org" in page
    assert (
        "Panelist, Institutional Coordination – taken out, since the row that stays has it already"
        in page
    )
    assert "calendar under the address kim-juny go on answering, with what juny-kim has." in page
    assert get_draft(event) == before

    answer = organiser_client.post(merging("juny-kim"), hidden(shown))
    assert answer.url == people(event)
    assert said(answer)[0].startswith("Kim Juny (Dr.) was merged into Kim, Juny (Ms.), ")
    assert said(answer)[0].endswith(f"with 2 parts. {BACK}")
    kept = Person.objects.get(key="juny-kim")
    assert (kept.email, str(kept), kept.appearances.count()) == (
        "kim@example.org",
        "Ms. Juny Kim",
        5,
    )
    assert organiser_client.get(merging("kim-juny")).status_code == 404


def test_either_row_can_stay(organiser_client: Client, event: Event) -> None:
    twin = make.person_row("Kim Juny")
    asked = {"other": twin.key, "stays": "other"}
    shown = preview(organiser_client, merging("juny-kim"), **asked)
    organiser_client.post(merging("juny-kim"), hidden(shown))
    twin.refresh_from_db()
    assert (twin.appearances.count(), twin.position_en) == (4, "Director General")
    assert not Person.objects.filter(key="juny-kim").exists()


def test_merger_of_changed_rows_is_refused(organiser_client: Client, event: Event) -> None:
    twin = make.person_row("Kim Juny")
    asked = {"other": twin.key, "stays": "this"}
    shown = preview(organiser_client, merging("juny-kim"), **asked)
    twin.position_en = "Minister"
    twin.save()
    answer = organiser_client.post(merging("juny-kim"), hidden(shown))
    assert (said(answer), Person.objects.filter(pk=twin.pk).count()) == ([STALE], 1)
    assert "Position Minister Director General Director General" in text(answer)
    twin.delete()
    answer = organiser_client.post(merging("juny-kim"), hidden(answer))
    assert said(answer)[-1] == STALE


def test_merger_in_several_events_says_which_to_publish(
    organiser_client: Client, event: Event
) -> None:
    twin = make.person_row("Kim Juny")
    other = make.session_row(make.workshop_row(make.event_row("other", title_en="Other event")))
    for session in (other, Session.objects.get(key="session-1")):
        make.appearance_row(twin, session=session)
    shown = preview(organiser_client, merging("juny-kim"), other=twin.key, stays="this")
    answer = organiser_client.post(merging("juny-kim"), hidden(shown))
    (sentence,) = said(answer)
    assert "Publish each of these events: " in sentence
    assert "Other event" in sentence


# Going back


def test_rows_go_back_to_what_readers_see(organiser_client: Client, event: Event) -> None:
    before, releases = get_draft(event), reverse("releases", args=[event.slug])
    restore = reverse("restore", args=[event.slug, 1])
    organiser_client.post(withdrawing("KE"), hidden(organiser_client.get(withdrawing("KE"))))
    assert restore in organiser_client.get(releases).content.decode()
    answer = organiser_client.post(restore)
    assert said(answer)[-1] == "All rows are as in release 1, which readers see."
    assert get_draft(event) == before


# Who may


def test_only_those_who_may_change_rows_are_let_in(
    client: Client, event: Event, seat: Appearance
) -> None:
    pages = [
        replacing("juny-kim"),
        reverse("say-who", args=[event.slug, seat.uid]),
        withdrawing("KE"),
        merging("juny-kim"),
    ]
    assert {client.get(page).status_code for page in (people(event), *pages)} == {302}
    client.force_login(make.account("reader", "Reader"))
    assert client.get(people(event)).status_code == 200
    assert {call(page).status_code for page in pages for call in (client.get, client.post)} == {403}
    client.force_login(make.account("editor", "Editor"))
    assert {client.get(page).status_code for page in pages} == {200}


def test_who_may_not_add_people_is_not_offered_to(client: Client, event: Event) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    wanted = ("view_session", "change_session")
    reader.user_permissions.add(*Permission.objects.filter(codename__in=wanted))
    client.force_login(reader)
    assert "A new person" not in text(client.get(replacing("juny-kim")))
    answer = preview(client, replacing("juny-kim"), **NEW)
    assert (len(faults(answer)), answer.context["preview"]) == (1, None)


def test_forged_and_wrong_requests_are_refused(organiser: User, event: Event) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    assert [
        client.post(replacing("juny-kim")).status_code,
        client.post(withdrawing("KE")).status_code,
        client.post(merging("juny-kim")).status_code,
        client.post(people(event)).status_code,
        client.get(replacing("nobody")).status_code,
        client.get(withdrawing("ke")).status_code,
        client.get(merging("nobody")).status_code,
        client.get(reverse("say-who", args=[event.slug, make.uid("nothing")])).status_code,
    ] == [403, 403, 403, 403, 404, 404, 404, 404]
