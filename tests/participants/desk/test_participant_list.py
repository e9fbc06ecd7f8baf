"""Participant list of the desk: the list, import with preview, and changes of one person."""

import csv
import io
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session as WebSession
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from participants.access.viewer import recipient_viewer
from participants.lists.row_import import OutcomeKind
from participants.models import Participation, Person
from tests import make
from tests.lists import HEADINGS, as_csv, as_xlsx, list_rows
from tests.participants.access.test_groups import signed_in
from workshop.models import Workshop

State = Participation.State
LIST = "/desk/event/participants/"
UPLOAD, PREVIEW = f"{LIST}import/", f"{LIST}import/preview/"
KIM, KEO = ("Juny Kim", "juny@acrc.example"), ("Dara Keo", "dara@moha.example")
ROWS = (HEADINGS, KIM, ("Nobody", ""), KEO)


@pytest.fixture
def workshop(db: None) -> Workshop:
    return make.workshop_row(make.event_row())


def upload(
    client: Client, data: bytes = as_csv(ROWS), name: str = "list.csv", **fields: str
) -> Any:
    """Upload a list and return the page that follows."""
    file = SimpleUploadedFile(name, data)
    data_fields = {"workshop": "international", "role": "delegate"} | fields
    return client.post(UPLOAD, {"file": file, **data_fields}, follow=True)


def messages(response: Any) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def fingerprint(response: Any) -> str:
    return str(response.context["preview"].fingerprint)


def errors(response: Any) -> dict[str, list[str]]:
    return dict(response.context["form"].errors)


@pytest.mark.parametrize("write", [as_csv, as_xlsx])
def test_list_is_uploaded_previewed_and_imported(
    organiser_client: Client, workshop: Workshop, write: Any
) -> None:
    before = list_rows()
    response = upload(organiser_client, write(ROWS))
    assert response.request["PATH_INFO"] == PREVIEW
    assert response.context["summary"] == "2 new, 1 refused"
    assert (
        "The row has no e-mail, so this person could not be invited." in response.content.decode()
    )
    assert list_rows() == before

    response = organiser_client.post(PREVIEW, {"fingerprint": fingerprint(response)}, follow=True)
    assert messages(response) == ["The list was imported: 2 new, 1 refused."]
    names = [person.name for person in response.context["listing"].workshops[0].people]
    assert names == ["Dara Keo", "Juny Kim"]
    assert {change.history_user.username for change in Person.history.all()} == {"organiser"}

    response = organiser_client.post(PREVIEW, {"fingerprint": "x"}, follow=True)
    assert messages(response) == ["There is no uploaded list here. Choose the file again."]


def test_import_is_refused_if_people_changed_since_the_preview(
    organiser_client: Client, workshop: Workshop
) -> None:
    response = upload(organiser_client)
    make.person_row("Somebody Else", email=KEO[1])
    before = list_rows()
    response = organiser_client.post(PREVIEW, {"fingerprint": fingerprint(response)}, follow=True)
    assert messages(response) == [
        "The data were changed since this preview. Nothing was done. Check the new preview."
    ]
    assert list_rows() == before
    new_outcomes = response.context["preview"].of_kind(OutcomeKind.NEW)
    assert [outcome.is_known for outcome in new_outcomes] == [False, True]
    response = organiser_client.post(PREVIEW, {"fingerprint": fingerprint(response)}, follow=True)
    assert Participation.objects.count() == 2


@pytest.mark.parametrize("wrong_fingerprint", ["", "0" * 64])
def test_import_without_a_preview_is_refused(
    organiser_client: Client, workshop: Workshop, wrong_fingerprint: str
) -> None:
    upload(organiser_client)
    response = organiser_client.post(PREVIEW, {"fingerprint": wrong_fingerprint})
    assert (response.status_code, response.url) == (302, PREVIEW)
    assert list_rows() == [[], []]


def test_organiser_confirms_a_person_without_email(
    organiser_client: Client, workshop: Workshop
) -> None:
    kim = make.person_row()
    response = upload(organiser_client)
    assert "This is the Juny Kim who is stored without an e-mail" in response.content.decode()
    response = organiser_client.get(PREVIEW, {"same": ["2", "x", "99"]})
    fields = {"fingerprint": fingerprint(response), "same": response.context["confirmed_rows"]}
    assert organiser_client.post(PREVIEW, {**fields, "same": []}).url == PREVIEW
    assert organiser_client.post(PREVIEW, fields).url == LIST
    kim.refresh_from_db()
    assert (kim.email, Person.objects.count()) == (KIM[1], 2)


@pytest.mark.parametrize(
    ("data", "message"),
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
def test_file_that_is_no_list_is_an_error_of_its_field(
    organiser_client: Client, workshop: Workshop, data: bytes, message: str
) -> None:
    assert errors(upload(organiser_client, data)) == {"file": [message]}


def test_upload_is_stored_for_one_account_one_event_and_an_hour(
    organiser_client: Client, workshop: Workshop
) -> None:
    make.workshop_row(make.event_row("other"))
    other = Client()
    other.force_login(make.account("other", "Organiser"))
    response = upload(organiser_client)
    for client, path in (
        *((other, PREVIEW), (organiser_client, PREVIEW.replace("event", "other"))),
        (other, f"{UPLOAD}refused.csv"),
    ):
        assert client.get(path).status_code == 302
        assert client.post(path, {"fingerprint": fingerprint(response)}).status_code in (302, 405)
    assert organiser_client.get(PREVIEW).status_code == 200
    WebSession.objects.exclude(session_key=organiser_client.session.session_key).exclude(
        session_key=other.session.session_key
    ).update(expire_date=timezone.now())
    assert organiser_client.get(PREVIEW).status_code == 302
    assert list_rows()[1] == []


def test_new_upload_replaces_the_stored_one(organiser_client: Client, workshop: Workshop) -> None:
    first = fingerprint(upload(organiser_client))
    stored = WebSession.objects.count()
    response = upload(organiser_client, as_csv([HEADINGS, KEO]))
    assert (WebSession.objects.count(), response.context["summary"]) == (stored, "1 new")
    assert organiser_client.post(PREVIEW, {"fingerprint": first}).url == PREVIEW
    Workshop.objects.all().delete()
    response = organiser_client.get(PREVIEW, follow=True)
    assert messages(response)[-1] == "There is no uploaded list here. Choose the file again."


def test_refused_rows_are_exported_with_reasons(
    organiser_client: Client, workshop: Workshop
) -> None:
    rows = ((*HEADINGS, "Phone"), ("=Siri", "", "+856"), (*KIM, ""))
    upload(organiser_client, as_csv(rows, ";", "latin-1"))
    data = organiser_client.get(f"{UPLOAD}refused.csv").content
    assert list(csv.reader(io.StringIO(data.decode("utf-8-sig")))) == [
        ["Name", "E-mail", "Phone", "Why it stays out"],
        ["'=Siri", "", "'+856", "The row has no e-mail, so this person could not be invited."],
    ]
    upload(organiser_client, data.replace(b"=Siri,,", b"=Siri,siri@x.example,"))


@pytest.mark.parametrize("value", ['x"\r\nX: y', "\0", "W" * 3000])
def test_filter_with_nonsense_is_accepted(
    organiser_client: Client, workshop: Workshop, value: str
) -> None:
    make.participation_row(make.person_row(), workshop)
    for path in (LIST, f"{LIST[:-1]}.csv", f"{LIST[:-1]}.xlsx"):
        assert organiser_client.get(path, {"workshop": value}).status_code == 200


def test_list_is_filtered_by_links(organiser_client: Client, workshop: Workshop) -> None:
    for name, role, country in (
        ("Ana", "staff", "LA"),
        ("Bo", "delegate", "LA"),
        ("Cy", "staff", "KR"),
    ):
        make.participation_row(make.person_row(name, country=country), workshop, role=role)
    response = organiser_client.get(f"{LIST}?role=staff&country=LA&reply=nonsense")
    assert response.context["listing"].total == 0
    response = organiser_client.get(f"{LIST}?role=staff&country=LA")
    assert [person.name for person in response.context["listing"].workshops[0].people] == ["Ana"]
    assert {
        facet.name: [(link.name, link.count, link.query) for link in facet.links]
        for facet in response.context["facets"]
    } == {
        "Role": [
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
    assert "participants.xlsx?role=staff&amp;country=LA" in response.content.decode()


FIELDS = {"workshop": "international", "role": "observer", "country": "KR", "organisation": "ACRC"}


def add_person(client: Client, name: str = KIM[0], email: str = KIM[1], **more: str) -> Any:
    return client.post(f"{LIST}add/", FIELDS | {"name": name, "email": email} | more, follow=True)


def test_person_is_added_once(organiser_client: Client, workshop: Workshop) -> None:
    assert messages(add_person(organiser_client)) == ["Juny Kim is on the list of International."]
    row = Participation.objects.get()
    assert (row.role, row.state, row.person.country.code, row.person.organisation) == (
        *("observer", "listed"),
        *("KR", "ACRC"),
    )
    response = add_person(organiser_client, "J. Kim", KIM[1].upper(), role="staff")
    assert messages(response) == [
        "Juny Kim is on the list of International already. Nothing was changed."
    ]
    row.refresh_from_db()
    assert (row.role, row.person.full_name, Person.objects.count()) == ("observer", "Juny Kim", 1)


@pytest.mark.parametrize(
    ("email", "message"),
    [
        (
            "a@x.example\r\nBcc: b@x.example",
            "“a@x.example Bcc: b@x.example” contains a line break. Write one address per row.",
        ),
        ("nowhere", "“nowhere” is not an e-mail address."),
        (
            "ana@x.example",
            "Ana Ng and Ana Lee have the same e-mail address. Correct one of them first.",
        ),
    ],
)
def test_invalid_email_is_an_error_of_its_field(
    organiser_client: Client, workshop: Workshop, email: str, message: str
) -> None:
    for name in ("Ana Ng", "Ana Lee"):
        make.person_row(name, email="ana@x.example")
    response = add_person(organiser_client, email=email)
    assert errors(response) == {"email": [message]}
    assert (Participation.objects.count(), Person.objects.count()) == (0, 2)
    assert response.context["form"]["organisation"].value() == "ACRC"


@pytest.mark.parametrize(("same", "people"), [("yes", 1), ("no", 2)])
def test_adding_a_person_who_may_be_stored_asks_first(
    organiser_client: Client, workshop: Workshop, same: str, people: int
) -> None:
    make.person_row(country="LA")
    response = add_person(organiser_client)
    assert errors(response) == {
        "same": ["Juny Kim is stored already, without an e-mail. Is this the same person?"]
    }
    assert Participation.objects.count() == 0
    add_person(organiser_client, same=same)
    assert Person.objects.count() == people
    assert Participation.objects.get().person.email == KIM[1]


def test_person_is_taken_off_after_confirmation_and_put_back_with_their_reply(
    organiser_client: Client, workshop: Workshop
) -> None:
    Workshop.objects.update(readership="those_let_in")
    person = make.person_row(email=KIM[1])
    row = make.participation_row(person, workshop, State.INVITED)
    row.state = State.TENTATIVE
    row.save()
    row_url = f"{LIST}{row.pk}/"

    def can_read() -> bool:
        viewer = recipient_viewer("event", frozenset({person.pk}))
        return workshop.pk in viewer.readable_workshops

    response = organiser_client.get(f"{row_url}take-off/")
    assert "Take Juny Kim off the list?" in response.content.decode()
    assert can_read()
    response = organiser_client.post(f"{row_url}take-off/", follow=True)
    assert messages(response) == ["Juny Kim is off the list of International."]
    assert (can_read(), response.context["listing"].total) == (False, 0)
    response = add_person(organiser_client)
    assert errors(response) == {"email": ["Juny Kim was taken off this list. Put them back there."]}
    response = organiser_client.post(f"{row_url}take-off/", follow=True)
    assert messages(response) == ["Juny Kim was off the list of International already."]
    response = organiser_client.post(f"{row_url}put-back/", follow=True)
    assert messages(response) == ["Juny Kim is back on the list of International: comes perhaps."]
    assert can_read()
    response = organiser_client.post(f"{row_url}put-back/", follow=True)
    assert messages(response) == ["Juny Kim is on the list of International already."]


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("stranger", [302] * 4),
        ("nobody", [403] * 4),
        ("Reader", [200, 403, 403, 403]),
        ("Editor", [200, 403, 403, 403]),
        ("Organiser", [200, 200, 302, 302]),
    ],
)
def test_only_organisers_change_lists(workshop: Workshop, group: str, codes: list[int]) -> None:
    row = make.participation_row(make.person_row(), workshop, State.WITHDRAWN)
    other = make.event_row("other")
    client, row_url = signed_in(group), f"{LIST}{row.pk}/"
    assert [
        client.get(LIST).status_code,
        client.get(f"{row_url}take-off/").status_code,
        client.post(f"{row_url}take-off/").status_code,
        client.post(f"{row_url}put-back/").status_code,
    ] == codes
    row.refresh_from_db()
    assert row.state == (State.LISTED if group == "Organiser" else State.WITHDRAWN)
    page = client.get(LIST).content.decode()
    assert (">Import</a>" in page, "Take off the list" in page) == (group == "Organiser",) * 2
    assert client.post(f"/desk/{other.slug}/participants/{row.pk}/put-back/").status_code != 200


def test_reader_sees_that_the_permission_is_missing(workshop: Workshop) -> None:
    page = signed_in("Reader").get(UPLOAD).content.decode()
    assert "You can view this list but not change it." in page


def test_forged_and_wrong_requests_are_refused(organiser: User, workshop: Workshop) -> None:
    row = make.participation_row(make.person_row(), workshop)
    client = Client(enforce_csrf_checks=True)
    client.force_login(organiser)
    posts = (
        f"{LIST}add/",
        UPLOAD,
        PREVIEW,
        f"{LIST}{row.pk}/take-off/",
        f"{LIST}{row.pk}/put-back/",
    )
    assert [client.post(path).status_code for path in posts] == [403] * 5
    assert [
        client.get(f"{LIST}{path}").status_code for path in ("add/", f"{row.pk}/put-back/")
    ] == [*(405, 405)]


def test_event_without_workshops_has_no_list(organiser_client: Client) -> None:
    make.event_row()
    for path in (LIST, UPLOAD):
        assert "no workshop yet" in organiser_client.get(path).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    organiser_client: Client, workshop: Workshop, rows: int, django_assert_num_queries: Any
) -> None:
    for number in range(rows):
        make.participation_row(make.person_row(f"Person {number}"), workshop)
    with django_assert_num_queries(9):
        response = organiser_client.get(LIST)
    assert len(response.context["listing"].workshops[0].people) == rows


def test_participant_is_edited_in_the_admin_with_history(
    organiser_client: Client, workshop: Workshop
) -> None:
    row = make.participation_row(make.person_row(), workshop, replied_at=make.at(9))
    address = f"/admin/participants/participation/{row.pk}/"
    page = organiser_client.get(f"{address}change/").content.decode()
    assert "09:00" in page  # in the event's zone
    fields = {"workshop": str(workshop.pk), "person": str(row.person_id), "role": "staff"}
    fields |= {"state": "accepted", "attends_by": "online", "office": "Sejong", "seen": ""}
    response = organiser_client.post(f"{address}change/", fields)
    assert (
        "An office can only be given for a person who attends from one."
        in response.content.decode()
    )
    response = organiser_client.post(f"{address}change/", fields | {"office": ""})
    assert (response.status_code, response.url) == (302, LIST)
    history = organiser_client.get(f"{address}history/").content.decode()
    assert "“invited” → “comes”" in history
    query = {"state__exact": "accepted", "role__exact": "staff", "q": "juny"}
    results = organiser_client.get("/admin/participants/participation/", query)
    assert results.context["cl"].result_count == 1


def test_second_organiser_sees_the_change_of_the_first(
    organiser_client: Client, workshop: Workshop
) -> None:
    row = make.participation_row(make.person_row(), workshop)
    address = f"/admin/participants/participation/{row.pk}/change/"
    edit_version = str(organiser_client.get(address).context["edit_version"])
    row.note = "Vegetarian"
    row.save()
    fields = {"workshop": str(workshop.pk), "person": str(row.person_id), "role": "staff"}
    fields |= {"state": "invited", "note": "", "seen": edit_version}
    response = organiser_client.post(address, fields)
    assert "Not saved yet" in response.content.decode()
    assert "Vegetarian" in response.content.decode()


def test_people_of_the_programme_are_added_once_to_their_workshop(
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
    participations = Participation.objects.filter(workshop=morning).values_list(
        "person__key", "role", "state"
    )
    states = {key: (role, state) for key, role, state in participations}
    assert states["juny-kim"] == ("observer", "withdrawn")
    assert states["adriana-alberti"] == ("moderator", "listed")
    assert states["james-buyekane"] == ("panelist", "listed")
    assert "debashis-nag" not in states
    assert Participation.objects.filter(person__key="debashis-nag").get().workshop.key == "national"
