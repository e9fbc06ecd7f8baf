"""Tests of replies: saving, confirmation e-mail, pages and the organisers' counts."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from participants import replies
from participants.access import tokens
from participants.access.viewer import recipient_viewer
from participants.models import OutgoingMail, Participation, Person, PersonalLink, SessionReply
from participants.personal.reply import Reply, reply_from_row
from participants.personal.self_service_history import SELF_SERVICE_REASON
from participants.replies import CannotReply, ReplyConflict
from sessions_app.models import Session
from sessions_app.publishing.queries import get_published
from tests import make
from tests.sessions_app.public.test_views import text_of
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

NOW = make.at(9, day=2)


@pytest.fixture
def invited(programme: str) -> Participation:
    """James Buyekane of Kenya, a panelist, invited to the morning."""
    Workshop.objects.filter(key="international").update(room="MOHA, 2nd floor")
    Event.objects.update(languages="en,lo")
    james = Person.objects.get(key="james-buyekane")
    james.email, james.assistant_email = "james@example.org", "desk@example.org"
    james.save()
    workshop = Workshop.objects.get(key="international")
    return make.participation_row(james, workshop, role="panelist")


def signed_in(person: Person) -> Client:
    link = tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    client = Client()
    client.post(f"/me/{tokens.token_of(link)}/")
    return client


def save_reply(*, participation: Participation, **options: Any) -> bool:
    """Save a reply with the agenda that its page shows."""
    slug, person = participation.workshop.event.slug, participation.person_id
    agenda = get_published(slug, recipient_viewer(slug, frozenset({person})))
    assert agenda is not None
    return replies.save_reply(participation=participation, agenda=agenda, **options)


def stored(row: Participation) -> Reply:
    return reply_from_row(Participation.objects.get(pk=row.pk))


def send(row: Participation, **typed: str) -> Any:
    return signed_in(row.person).post(f"/me/replies/{row.pk}/", typed, follow=True)


def messages_of(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def uid(key: str) -> UUID:
    session_uid: UUID = Session.objects.get(key=key).uid
    return session_uid


def waiting_mails() -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(state=OutgoingMail.State.WAITING))


# The service


def test_reply_is_saved_with_time_and_author(invited: Participation) -> None:
    answer = Reply(
        state="accepted",
        attends_by="office",
        office="Huduma Centre",
        language="en",
        note="After lunch, please.",
        sessions=((uid("session-1"), True), (uid("session-2"), False)),
    )
    assert save_reply(participation=invited, answer=answer, now=NOW)
    assert stored(invited) == answer.normalised()
    invited.refresh_from_db()
    assert invited.replied_at == NOW
    histories = (
        Participation.history.latest(),  # type: ignore[attr-defined]
        *SessionReply.history.all(),  # type: ignore[attr-defined]
    )
    assert [(record.history_user, record.history_change_reason) for record in histories] == [
        (None, SELF_SERVICE_REASON)
    ] * 3


def test_reply_drops_values_that_do_not_fit_the_state(invited: Participation) -> None:
    everything = {
        "office": "Nowhere",
        "substitute_name": "Amina Otieno",
        "substitute_email": "amina@example.org",
        "sessions": ((uid("session-1"), True),),
    }
    attending = Reply("tentative", attends_by="room", **everything)
    save_reply(participation=invited, answer=attending, now=NOW)
    assert stored(invited) == Reply(
        "tentative", attends_by="room", sessions=((uid("session-1"), True),)
    )
    save_reply(participation=invited, answer=Reply("declined", **everything), now=NOW)
    assert stored(invited) == Reply(
        "declined", substitute_name="Amina Otieno", substitute_email="amina@example.org"
    )
    assert SessionReply.history.filter(history_type="-").count() == 1  # type: ignore[attr-defined]


def test_same_reply_once_more_changes_nothing(invited: Participation) -> None:
    answer = Reply("accepted", attends_by="online")
    assert save_reply(participation=invited, answer=answer, now=NOW)
    history = Participation.history.count()  # type: ignore[attr-defined]
    later = NOW + timedelta(seconds=1)
    assert not save_reply(participation=invited, answer=answer, now=later, seen="stale")
    assert Participation.history.count() == history  # type: ignore[attr-defined]
    assert OutgoingMail.objects.count() == 1


@pytest.mark.parametrize(
    ("state", "reason"), [("withdrawn", "no longer"), ("listed", "not invited")]
)
def test_reply_is_refused_without_an_invitation(
    invited: Participation, state: str, reason: str
) -> None:
    Participation.objects.update(state=state)
    with pytest.raises(CannotReply, match=reason):
        save_reply(participation=invited, answer=Reply("accepted"), now=NOW)
    assert stored(invited).state == state
    assert waiting_mails() == []


def test_reply_is_refused_after_the_row_was_deleted(invited: Participation) -> None:
    Participation.objects.get(pk=invited.pk).delete()
    with pytest.raises(CannotReply, match="no longer on the list"):
        save_reply(participation=invited, answer=Reply("accepted"), now=NOW)


@pytest.mark.parametrize("key", ["welcome", "session-1"])
def test_reply_to_an_unknown_session_saves_nothing(invited: Participation, key: str) -> None:
    """A session of another workshop, and one removed meanwhile."""
    session = uid(key)
    Session.objects.filter(key="session-1").update(dropped_at=NOW)
    answer = Reply("accepted", sessions=((uid("session-2"), True), (session, True)))
    with pytest.raises(CannotReply, match="removed from the programme"):
        save_reply(participation=invited, answer=answer, now=NOW)
    assert (stored(invited).state, SessionReply.objects.count()) == ("invited", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"substitute_email": "a@b.org\nBcc: c@d.org"},
        {"substitute_email": "nobody"},
        {"state": "accepted", "language": "xx"},
    ],
)
def test_invalid_values_save_nothing(invited: Participation, wrong: dict[str, str]) -> None:
    answer = Reply(**({"state": "declined", "substitute_name": "Amina"} | wrong))
    with pytest.raises(ValidationError):
        save_reply(participation=invited, answer=answer, now=NOW)
    assert (stored(invited).state, waiting_mails()) == ("invited", [])


@pytest.mark.parametrize("state", ["invited", "listed", "withdrawn", "x"])
def test_only_three_answers_are_replies(invited: Participation, state: str) -> None:
    with pytest.raises(ValueError, match="is no reply"):
        save_reply(participation=invited, answer=Reply(state), now=NOW)


def test_stale_reply_is_not_saved(invited: Participation) -> None:
    seen = stored(invited).fingerprint
    save_reply(participation=invited, answer=Reply("accepted", note="First"), now=NOW)
    with pytest.raises(ReplyConflict):
        save_reply(participation=invited, answer=Reply("declined"), now=NOW, seen=seen)
    assert stored(invited).note == "First"


# The e-mail


def test_confirmation_shows_the_stored_reply_in_the_persons_zone(invited: Participation) -> None:
    answer = Reply(
        "accepted",
        attends_by="room",
        language="lo",
        note="After lunch.\nThank you.",
        sessions=((uid("session-1"), True), (uid("session-5"), False)),
    )
    save_reply(participation=invited, answer=answer, now=NOW)
    (mail,) = waiting_mails()
    assert (mail.kind, mail.to, mail.copy_to, mail.made_at, mail.language) == (
        *("confirmation", "james@example.org", "desk@example.org", NOW, "en"),
    )
    assert mail.message_id == f"<{mail.uid}@testserver>"
    assert mail.subject.startswith("Your reply: Peer-to-Peer Learning Regional Workshop")
    assert mail.text.splitlines()[:13] == [
        "Dear Mr. James Buyekane,",
        "",
        "thank you for your reply. We have recorded:",
        "",
        "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers",
        "Wed 4 Aug 04:30–09:15, Nairobi (UTC+3)",
        "You accepted, in the conference room (MOHA, 2nd floor).",
        "You need Lao.",
        "Your note: After lunch.",
        "Thank you.",
        "- Session 1: Critical Role of Leadership for Effective One-Door-Service Centers (ODSCs), "
        "Wed 4 Aug 05:25–05:45, Nairobi (UTC+3): yes",
        "- Session 5: Monitoring, Reporting, and Evaluation, "
        "Wed 4 Aug 08:25–08:45, Nairobi (UTC+3): no",
        "",
    ]
    assert f'<a href="{tokens.PLACEHOLDER}">' in mail.html
    assert tokens.PLACEHOLDER in mail.text
    assert "Wed 4 Aug 05:25–05:45" in mail.html.replace("\xa0", " ")


def test_newer_reply_replaces_a_waiting_mail(invited: Participation) -> None:
    national = Workshop.objects.get(key="national")
    other = make.participation_row(invited.person, national)
    for row, state in ((invited, "accepted"), (other, "declined"), (invited, "tentative")):
        save_reply(participation=row, answer=Reply(state), now=NOW)
    (mail,) = waiting_mails()
    assert [line for line in mail.text.splitlines() if line.startswith("You ")] == [
        *("You accepted tentatively.", "You declined.")
    ]
    assert OutgoingMail.objects.filter(state=OutgoingMail.State.STOPPED).count() == 2


def test_person_without_address_gets_no_mail(invited: Participation) -> None:
    Person.objects.update(email="")
    assert save_reply(participation=invited, answer=Reply("accepted"), now=NOW)
    assert OutgoingMail.objects.count() == 0


def test_mail_escapes_what_was_typed(invited: Participation) -> None:
    note = "<script>alert(1)</script> [[x]] {{ 7 }}\r\n.\r\n"
    answer = Reply("declined", "", "", "", note, "A <b>", "a@example.org")
    save_reply(participation=invited, answer=answer, now=NOW)
    (mail,) = waiting_mails()
    assert "<script>" not in mail.html
    assert "A &lt;b&gt;" in mail.html
    assert "A <b>" in mail.text
    assert "\n" not in mail.subject


# The page


def test_quick_reply_accepts_and_is_shown_on_the_page(invited: Participation) -> None:
    answer = send(invited, quick="accepted")
    assert answer.redirect_chain == [(f"/me/replies/{invited.pk}/", 302)]
    page = text_of(answer)
    assert "You accepted. A confirmation will be sent to james@example.org." in page
    assert "Confirm each session, or change your reply" in page
    assert stored(invited) == Reply("accepted")
    home = text_of(signed_in(invited.person).get("/me/"))
    assert "You accepted." in home
    assert "The organisers also ask you to confirm each of your sessions." in home
    assert "Will you attend?" not in home


def test_reply_page_reads_the_agenda_once(invited: Participation) -> None:
    client = signed_in(invited.person)
    with CaptureQueriesContext(connection) as captured:
        client.post(f"/me/replies/{invited.pk}/", {"quick": "accepted"})
    agendas = [query for query in captured if '"sessions_app_release"."agenda"' in query["sql"]]
    assert (len(agendas), len(waiting_mails())) == (1, 1)


def test_quick_reply_keeps_the_details_of_an_earlier_reply(invited: Participation) -> None:
    first, second = (f"session_{uid(key).hex}" for key in ("session-1", "session-2"))
    details = {"attends_by": "online", "language": "lo", "note": "Hello"}
    send(invited, state="accepted", **details, **{first: "yes", second: "no"})
    Session.objects.filter(key="session-1").update(dropped_at=NOW)
    send(invited, quick="tentative")
    # The reply to a dropped session is dropped too.
    assert stored(invited) == Reply(
        *("tentative", "online", "", "lo", "Hello"), sessions=((uid("session-2"), False),)
    )


def test_form_has_only_fields_that_apply(invited: Participation) -> None:
    page = signed_in(invited.person).get(f"/me/replies/{invited.pk}/").content.decode()
    labels = re.findall(r"<(?:legend|label)[^>]*form-label[^>]*>\s*([^<]*?)\s*<", page)
    assert [label.split(",")[0].split(":")[0] for label in labels] == [
        *("Your reply", "Session 1", "Session 2", "Session 3", "Session 5"),
        *("Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery",),
        *("How you attend", "Which office", "Language you need", "Who could attend instead of you"),
        *("Their e-mail", "A note to the organisers"),
    ]
    assert "In the conference room (MOHA, 2nd floor)" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "This field is required."),
        ({"state": "withdrawn"}, "Select a valid choice."),
        ({"state": "accepted", "attends_by": "office"}, "Enter the office that you attend from."),
        ({"state": "accepted", "note": "x" * 5001}, "at most 5000 characters (it has 5001)"),
        (
            {
                "state": "declined",
                "substitute_name": "A",
                "substitute_email": "a@b.org\nBcc: x@y.z",
            },
            "Enter a valid email address.",
        ),
        ({"state": "declined", "substitute_name": "Amina"}, "Enter their e-mail too"),
        ({"state": "declined", "substitute_email": "a@example.org"}, "Enter their name."),
        ({"state": "accepted", "note": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_errors_are_shown_and_input_is_kept_but_not_saved(
    invited: Participation, typed: dict[str, str], fault: str
) -> None:
    answer = send(invited, **typed)
    assert fault in text_of(answer)
    assert messages_of(answer) == ["Nothing was sent yet. Please correct the fields marked below."]
    assert all(value.split("\n")[0][:50] in answer.content.decode() for value in typed.values())
    assert (stored(invited), waiting_mails()) == (Reply("invited"), [])


def test_note_of_five_thousand_characters_in_many_lines_is_saved(invited: Participation) -> None:
    note = "\r\n".join(["x" * 9] * 500)
    send(invited, state="accepted", note=note)
    assert stored(invited).note == note.replace("\r\n", "\n")


def test_double_click_replies_once(invited: Participation) -> None:
    client = signed_in(invited.person)
    for _click in range(2):
        answer = client.post(f"/me/replies/{invited.pk}/", {"quick": "accepted"})
        assert answer.status_code == 302
    assert OutgoingMail.objects.count() == 1


def test_second_window_gets_a_message_and_keeps_its_input(invited: Participation) -> None:
    client, path = signed_in(invited.person), f"/me/replies/{invited.pk}/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert seen
    client.post(path, {"quick": "declined"})
    late = {"state": "accepted", "note": "I can come after all", "seen": seen[1]}
    answer = client.post(path, late)
    assert "Your reply was changed in another window meanwhile." in text_of(answer)
    assert "I can come after all" in answer.content.decode()
    assert stored(invited).state == "declined"
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert again
    client.post(path, late | {"seen": again[1]})
    assert stored(invited).state == "accepted"


def test_reply_of_a_withdrawn_person_gets_a_message(
    invited: Participation,
) -> None:
    client = signed_in(invited.person)
    Participation.objects.update(state="withdrawn")
    for typed in ({"quick": "accepted"}, {"state": "accepted"}):
        answer = client.post(f"/me/replies/{invited.pk}/", typed, follow=True)
        assert "You are no longer on the list of this workshop" in text_of(answer)
    assert stored(invited).state == "withdrawn"


def test_reply_for_another_person_is_refused(invited: Participation) -> None:
    other = Person.objects.get(key="juny-kim")
    client = signed_in(other)
    path = f"/me/replies/{invited.pk}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"quick": "declined"}).status_code == 404
    assert Client().post(path, {"quick": "declined"}).status_code == 404
    assert client.post("/me/replies/not-a-uid/", {}).status_code == 404
    assert stored(invited).state == "invited"


def test_declining_ends_access_to_a_closed_workshop(programme: str) -> None:
    person = make.person_row("Dara Phommachanh", country="LA")
    row = make.participation_row(person, Workshop.objects.get(key="national"))
    client = signed_in(person)
    assert b"Keopanya" in client.get(f"/{programme}/").content
    client.post(f"/me/replies/{row.pk}/", {"quick": "declined"})
    assert b"Keopanya" not in client.get(f"/{programme}/").content
    client.post(f"/me/replies/{row.pk}/", {"quick": "accepted"})
    assert b"Keopanya" in client.get(f"/{programme}/").content


# The desk


def table(page: str, heading: str) -> dict[str, list[str]]:
    """Rows of the first count table below a heading, with the numbers by state."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    names = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in rows]
    start = next(index for index, row in enumerate(names) if row[:1] == [heading])
    counts = {}
    for row in names[start + 1 :]:
        if len(row) < 8:
            break
        counts[row[0]] = row[1:]
    return counts


def test_desk_counts_replies_and_lists_open_tasks(
    organiser_client: Client, invited: Participation
) -> None:
    workshop = invited.workshop
    save_reply(
        participation=invited,
        answer=Reply("accepted", "online", sessions=((uid("session-2"), False),)),
        now=NOW,
    )
    juny = make.participation_row(Person.objects.get(key="juny-kim"), workshop, role="panelist")
    declined = Reply(
        *("declined", "", "", "", "On leave."),
        substitute_name="Min Park",
        substitute_email="min@example.org",
    )
    save_reply(participation=juny, answer=declined, now=NOW)
    for number in range(3):
        make.participation_row(make.person_row(f"D {number}", country="LA"), workshop)
    answer = organiser_client.get("/desk/odsc-laos-2021/replies/")
    page, plain = answer.content.decode(), text_of(answer)
    assert "2 of 5 invited people have replied." in plain
    assert table(page, "By role") == {
        "Delegate": ["–", "3", "–", "–", "–", "–", "3"],
        "Panelist": ["–", "–", "1", "–", "1", "–", "2"],
    }
    assert list(table(page, "By country")) == ["Kenya", "Lao PDR", "Republic of Korea"]
    assert list(table(page, "By place")) == ["Online", "not stated"]
    assert "Substitute: Min Park, min@example.org On leave." in plain
    assert "Session 2: Institutional Coordination" in plain
    assert f"/admin/participants/person/{juny.person.pk}/change/" in page
    assert "Ms. Vu Thi Kim Chi" in plain  # in no list, and yet to be given a link


def test_desk_has_a_message_for_an_empty_list(organiser_client: Client, programme: str) -> None:
    plain = text_of(organiser_client.get(f"/desk/{programme}/replies/"))
    assert "No workshop has participants yet" in plain


def test_desk_takes_a_constant_number_of_queries(
    organiser_client: Client, invited: Participation, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        make.participation_row(make.person_row(f"D {number}"), invited.workshop)
    with django_assert_max_num_queries(12):
        organiser_client.get("/desk/odsc-laos-2021/replies/")
