"""The desk's list of participants: looked at, brought in as looked at, changed one by one."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session as WebSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from participants.access import permissions
from participants.lists.importer import Kind
from participants.models import Participation, Person
from tests import make
from tests.lists import HEADINGS, as_csv, as_xlsx, everything
from tests.participants.access.test_groups import signed_in
from workshop.models import Workshop

State = Participation.State
LIST = "/desk/event/participants/"
SEND, LOOK = f"{LIST}import/", f"{LIST}import/preview/"
KIM, KEO = ("Juny Kim", "juny@acrc.example"), ("Dara Keo", "dara@moha.example")
ROWS = (HEADINGS, KIM, ("Nobody", ""), KEO)


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make.workshop_row(make.event_row())


def sent(client: Client, data: bytes = as_csv(ROWS), name: str = "list.csv", **typed: str) -> Any:
    """The page that follows when a list is sent."""
    file = SimpleUploadedFile(name, data)
    typed = {"workshop": "international", "role": "delegate"} | typed
    return client.post(SEND, {"file": file, **typed}, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def mark(answer: Any) -> str:
    fingerprint: str = answer.context["preview"].fingerprint
    return fingerprint


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["form"].errors)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_list_is_sent_looked_at_and_brought_in(
    organiser_client: Client, workshop: Workshop, write: Any
) -> None:
    before = everything()
    answer = sent(organiser_client, write(ROWS))
    assert answer.request["PATH_INFO"] == LOOK
    assert answer.context["summary"] == "2 new, 1 refused"
    assert "It has no e-mail, so no invitation could reach them." in answer.content.decode()
    assert everything() == before

    answer = organiser_client.post(LOOK, {"fingerprint": mark(answer)}, follow=True)
    assert said(answer) == ["The list was brought in: 2 new, 1 refused."]
    names = [each.name for each in answer.context["listing"].parts[0].people]
    assert names == ["Dara Keo", "Juny Kim"]
    assert {each.history_user.username for each in Person.history.all()} == {"organiser"}

    answer = organiser_client.post(LOOK, {"fingerprint": "x"}, follow=True)
    assert said(answer) == ["No list is waiting here. Choose the file once more."]


def test_list_is_refused_if_people_changed_since_it_was_looked_at(
    organiser_client: Client, workshop: Workshop
) -> None:
    answer = sent(organiser_client)
    make.person_row("Somebody Else", email=KEO[1])
    before = everything()
    answer = organiser_client.post(LOOK, {"fingerprint": mark(answer)}, follow=True)
    assert said(answer) == [
        "Somebody changed the list here since this preview. Nothing was brought in; look once more."
    ]
    assert everything() == before
    assert [each.is_known for each in answer.context["preview"].of(Kind.NEW)] == [False, True]
    answer = organiser_client.post(LOOK, {"fingerprint": mark(answer)}, follow=True)
    assert Participation.objects.count() == 2


@pytest.mark.parametrize("fingerprint", ["", "0" * 64])
def test_list_that_nobody_looked_at_is_refused(
    organiser_client: Client, workshop: Workshop, fingerprint: str
) -> None:
    sent(organiser_client)
    answer = organiser_client.post(LOOK, {"fingerprint": fingerprint})
    assert (answer.status_code, answer.url) == (302, LOOK)
    assert everything() == [[], []]


def test_organiser_says_who_is_known_without_an_address(
    organiser_client: Client, workshop: Workshop
) -> None:
    kim = make.person_row()
    answer = sent(organiser_client)
    assert "It is the Juny Kim who is known here without an e-mail" in answer.content.decode()
    answer = organiser_client.get(LOOK, {"same": ["2", "x", "99"]})
    typed = {"fingerprint": mark(answer), "same": answer.context["same"]}
    assert organiser_client.post(LOOK, {**typed, "same": []}).url == LOOK
    assert organiser_client.post(LOOK, typed).url == LIST
    kim.refresh_from_db()
    assert (kim.email, Person.objects.count()) == (KIM[1], 2)


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", "The file is empty."),
        (b"\x89PNG\r\n", "This file is a picture, not a list. Save the list as CSV or XLSX."),
        (
            b"a,b\n1,2\n",
            "This list has no column for names (“Name”) and addresses (“E-mail”). "
            "Its headings are: “a”, “b”.",
        ),
        (b"a" * 6_000_000, "The file is larger than 5 MB. Send the list in parts."),
    ],
)
def test_file_that_is_no_list_is_told_beside_its_field(
    organiser_client: Client, workshop: Workshop, data: bytes, fault: str
) -> None:
    assert errors(sent(organiser_client, data)) == {"file": [fault]}


def test_list_waits_for_one_account_one_event_and_an_hour(
    organiser_client: Client, workshop: Workshop
) -> None:
    make.workshop_row(make.event_row("other"))
    other = Client()
    other.force_login(make.account("other", "Organiser"))
    answer = sent(organiser_client)
    for client, path in (
        *((other, LOOK), (organiser_client, LOOK.replace("event", "other"))),
        (other, f"{SEND}refused.csv"),
    ):
        assert client.get(path).status_code == 302
        assert client.post(path, {"fingerprint": mark(answer)}).status_code in (302, 405)
    assert organiser_client.get(LOOK).status_code == 200
    WebSession.objects.exclude(session_key=organiser_client.session.session_key).exclude(
        session_key=other.session.session_key
    ).update(expire_date=timezone.now())
    assert organiser_client.get(LOOK).status_code == 302
    assert everything()[1] == []


def test_new_list_takes_the_place_of_the_one_that_waits(
    organiser_client: Client, workshop: Workshop
) -> None:
    first = mark(sent(organiser_client))
    waiting = WebSession.objects.count()
    answer = sent(organiser_client, as_csv([HEADINGS, KEO]))
    assert (WebSession.objects.count(), answer.context["summary"]) == (waiting, "1 new")
    assert organiser_client.post(LOOK, {"fingerprint": first}).url == LOOK
    Workshop.objects.all().delete()
    answer = organiser_client.get(LOOK, follow=True)
    assert said(answer)[-1] == "No list is waiting here. Choose the file once more."


def test_refused_rows_are_taken_out_with_why(organiser_client: Client, workshop: Workshop) -> None:
    rows = ((*HEADINGS, "Phone"), ("=Siri", "", "+856"), (*KIM, ""))
    sent(organiser_client, as_csv(rows, ";", "latin-1"))
    data = organiser_client.get(f"{SEND}refused.csv").content
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["Name", "E-mail", "Phone", "Why it stays out"],
        ["'=Siri", "", "'+856", "It has no e-mail, so no invitation could reach them."],
    ]
    sent(organiser_client, data.replace(b"=Siri,,", b"=Siri,siri@x.example,"))


@pytest.mark.parametrize("asked", ['x"\r\nX: y', "\0", "W" * 3000])
def test_filter_for_nonsense_finds_nobody_or_everybody(
    organiser_client: Client, workshop: Workshop, asked: str
) -> None:
    make.participation_row(make.person_row(), workshop)
    for path in (LIST, f"{LIST[:-1]}.csv", f"{LIST[:-1]}.xlsx"):
        assert organiser_client.get(path, {"workshop": asked}).status_code == 200


def test_list_is_filtered_by_links(organiser_client: Client, workshop: Workshop) -> None:
    for name, role, country in (
        ("Ana", "staff", "LA"),
        ("Bo", "delegate", "LA"),
        ("Cy", "staff", "KR"),
    ):
        make.participation_row(make.person_row(name, country=country), workshop, role=role)
    answer = organiser_client.get(f"{LIST}?role=staff&country=LA&reply=nonsense")
    assert answer.context["listing"].total == 0
    answer = organiser_client.get(f"{LIST}?role=staff&country=LA")
    assert [each.name for each in answer.context["listing"].parts[0].people] == ["Ana"]
    assert {
        facet.name: [(link.name, link.count, link.query) for link in facet.links]
        for facet in answer.context["facets"]
    } == {
        "As": [
            ("all", None, "country=LA"),
            ("Delegate", 1, "country=LA&role=delegate"),
            ("Staff", 2, "country=LA&role=staff"),
        ],
        "Country": [
            ("all", None, "role=staff"),
            ("Lao PDR", 2, "role=staff&country=LA"),
            ("Republic of Korea", 1, "role=staff&country=KR"),
        ],
    }
    assert "participants.xlsx?role=staff&amp;country=LA" in answer.content.decode()


TYPED = {"workshop": "international", "role": "observer", "country": "KR", "organisation": "ACRC"}


def added(client: Client, name: str = KIM[0], email: str = KIM[1], **more: str) -> Any:
    return client.post(f"{LIST}add/", TYPED | {"name": name, "email": email} | more, follow=True)


def test_somebody_is_added_once(organiser_client: Client, workshop: Workshop) -> None:
    assert said(added(organiser_client)) == ["Juny Kim is on the list of International."]
    row = Participation.objects.get()
    assert (row.role, row.state, row.person.country.code, row.person.organisation) == (
        *("observer", "listed"),
        *("KR", "ACRC"),
    )
    answer = added(organiser_client, "J. Kim", KIM[1].upper(), role="staff")
    assert said(answer) == [
        "Juny Kim is on the list of International already. Nothing was changed."
    ]
    row.refresh_from_db()
    assert (row.role, row.person.full_name, Person.objects.count()) == ("observer", "Juny Kim", 1)


@pytest.mark.parametrize(
    ("email", "fault"),
    [
        (
            "a@x.example\r\nBcc: b@x.example",
            "“a@x.example Bcc: b@x.example” has a line break in it: one address a row.",
        ),
        ("nowhere", "“nowhere” is no e-mail address."),
        (
            "ana@x.example",
            "Ana Ng and Ana Lee have the same address here. Correct one of them first.",
        ),
    ],
)
def test_address_that_cannot_be_is_told(
    organiser_client: Client, workshop: Workshop, email: str, fault: str
) -> None:
    for name in ("Ana Ng", "Ana Lee"):
        make.person_row(name, email="ana@x.example")
    answer = added(organiser_client, email=email)
    assert errors(answer) == {"email": [fault]}
    assert (Participation.objects.count(), Person.objects.count()) == (0, 2)
    assert answer.context["form"]["organisation"].value() == "ACRC"


@pytest.mark.parametrize(("same", "people"), [("yes", 1), ("no", 2)])
def test_adding_somebody_who_may_be_known_asks_first(
    organiser_client: Client, workshop: Workshop, same: str, people: int
) -> None:
    make.person_row(country="LA")
    answer = added(organiser_client)
    assert errors(answer) == {
        "same": ["Juny Kim is known here already, without an e-mail. Is it them?"]
    }
    assert Participation.objects.count() == 0
    added(organiser_client, same=same)
    assert Person.objects.count() == people
    assert Participation.objects.get().person.email == KIM[1]


def test_somebody_is_taken_off_when_asked_and_put_back_as_they_were(
    organiser_client: Client, workshop: Workshop
) -> None:
    Workshop.objects.update(readership="those_let_in")
    person = make.person_row(email=KIM[1])
    row = make.participation_row(person, workshop, State.INVITED)
    row.state = State.TENTATIVE
    row.save()
    one = f"{LIST}{row.pk}/"

    def reads() -> bool:
        return workshop.pk in permissions.recipient("event", frozenset({person.pk})).reads

    answer = organiser_client.get(f"{one}take-off/")
    assert "Take Juny Kim off the list?" in answer.content.decode()
    assert reads()
    answer = organiser_client.post(f"{one}take-off/", follow=True)
    assert said(answer) == ["Juny Kim is off the list of International."]
    assert (reads(), answer.context["listing"].total) == (False, 0)
    answer = added(organiser_client)
    assert errors(answer) == {"email": ["Juny Kim was taken off this list. Put them back there."]}
    answer = organiser_client.post(f"{one}take-off/", follow=True)
    assert said(answer) == ["Juny Kim was off the list of International already."]
    answer = organiser_client.post(f"{one}put-back/", follow=True)
    assert said(answer) == ["Juny Kim is back on the list of International: comes perhaps."]
    assert reads()
    answer = organiser_client.post(f"{one}put-back/", follow=True)
    assert said(answer) == ["Juny Kim is on the list of International already."]


@pytest.mark.parametrize(
    ("who", "codes"),
    [
        ("stranger", [302] * 4),
        ("nobody", [403] * 4),
        ("Reader", [200, 403, 403, 403]),
        ("Editor", [200, 403, 403, 403]),
        ("Organiser", [200, 200, 302, 302]),
    ],
)
def test_only_those_who_may_change_lists_change_them(
    workshop: Workshop, who: str, codes: list[int]
) -> None:
    row = make.participation_row(make.person_row(), workshop, State.WITHDRAWN)
    other = make.event_row("other")
    client, one = signed_in(who), f"{LIST}{row.pk}/"
    assert [
        client.get(LIST).status_code,
        client.get(f"{one}take-off/").status_code,
        client.post(f"{one}take-off/").status_code,
        client.post(f"{one}put-back/").status_code,
    ] == codes
    row.refresh_from_db()
    assert row.state == (State.LISTED if who == "Organiser" else State.WITHDRAWN)
    page = client.get(LIST).content.decode()
    assert ("Bring in a list" in page, "Take off the list" in page) == (who == "Organiser",) * 2
    assert client.post(f"/desk/{other.slug}/participants/{row.pk}/put-back/").status_code != 200


def test_one_who_reads_is_told_what_is_missing(workshop: Workshop) -> None:
    page = signed_in("Reader").get(SEND).content.decode()
    assert "You may read this list, not change it." in page


def test_forged_and_wrong_requests_are_refused(organiser: User, workshop: Workshop) -> None:
    row = make.participation_row(make.person_row(), workshop)
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    posts = (f"{LIST}add/", SEND, LOOK, f"{LIST}{row.pk}/take-off/", f"{LIST}{row.pk}/put-back/")
    assert [client.post(path).status_code for path in posts] == [403] * 5
    assert [
        client.get(f"{LIST}{path}").status_code for path in ("add/", f"{row.pk}/put-back/")
    ] == [*(405, 405)]


def test_event_without_workshops_has_no_list_to_bring_people_to(organiser_client: Client) -> None:
    make.event_row()
    for path in (LIST, SEND):
        assert "no workshop yet" in organiser_client.get(path).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    organiser_client: Client, workshop: Workshop, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make.participation_row(make.person_row(f"Person {number}"), workshop)
    with django_assert_num_queries(9):
        answer = organiser_client.get(LIST)
    assert len(answer.context["listing"].parts[0].people) == rows


def test_participant_is_edited_in_the_admin_and_remembered(
    organiser_client: Client, workshop: Workshop
) -> None:
    row = make.participation_row(make.person_row(), workshop, replied_at=make.at(9))
    address = f"/admin/participants/participation/{row.pk}/"
    page = organiser_client.get(f"{address}change/").content.decode()
    assert "09:00" in page  # on the event's clock
    typed = {"workshop": str(workshop.pk), "person": str(row.person_id), "role": "staff"}
    typed |= {"state": "accepted", "attends_by": "online", "office": "Sejong", "seen": ""}
    answer = organiser_client.post(f"{address}change/", typed)
    assert "An office is named only for who attends from one." in answer.content.decode()
    answer = organiser_client.post(f"{address}change/", typed | {"office": ""})
    assert (answer.status_code, answer.url) == (302, LIST)
    history = organiser_client.get(f"{address}history/").content.decode()
    assert "“invited” → “comes”" in history
    query = {"state__exact": "accepted", "role__exact": "staff", "q": "juny"}
    found = organiser_client.get("/admin/participants/participation/", query)
    assert found.context["cl"].result_count == 1


def test_second_organiser_is_told_of_the_first(
    organiser_client: Client, workshop: Workshop
) -> None:
    row = make.participation_row(make.person_row(), workshop)
    address = f"/admin/participants/participation/{row.pk}/change/"
    seen = str(organiser_client.get(address).context["seen"])
    row.note = "Vegetarian"
    row.save()
    typed = {"workshop": str(workshop.pk), "person": str(row.person_id), "role": "staff"}
    typed |= {"state": "invited", "note": "", "seen": seen}
    answer = organiser_client.post(address, typed)
    assert "Not saved yet" in answer.content.decode()
    assert "Vegetarian" in answer.content.decode()


def test_everybody_of_the_programme_is_listed_once_in_their_workshop(
    organiser_client: Client, programme: str
) -> None:
    morning = Workshop.objects.get(event__slug=programme, key="international")
    juny = Person.objects.get(key="juny-kim")
    make.participation_row(juny, morning, "withdrawn", role="observer")
    address = f"/desk/{programme}/participants/programme/"
    reader = Client()
    reader.force_login(make.account("reader", "Reader"))
    assert reader.post(address).status_code == 403
    assert organiser_client.get(address).status_code == 405
    for _ in range(2):
        assert organiser_client.post(address).status_code == 302
    listed = Participation.objects.filter(workshop=morning).values_list(
        "person__key", "role", "state"
    )
    found = {key: (role, state) for key, role, state in listed}
    assert found["juny-kim"] == ("observer", "withdrawn")
    assert found["adriana-alberti"] == ("moderator", "listed")
    assert found["james-buyekane"] == ("panelist", "listed")
    assert "debashis-nag" not in found
    assert Participation.objects.filter(person__key="debashis-nag").get().workshop.key == "national"
