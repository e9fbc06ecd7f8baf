"""A reply is kept whole or not at all, confirmed by mail, and counted for the organisers."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.contrib.messages import get_messages
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from participants.access import tokens
from participants.models import Letter, Participation, Person, PersonalLink, SessionReply
from participants.personal.reply import Reply, reply_of
from participants.personal.self_service_history import BY_THEMSELVES
from participants.replies import AnsweredMeanwhile, CannotReply, reply
from sessions_app.models import Session
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


def came_in(person: Person) -> Client:
    link = tokens.make_link(person=person, purpose=PersonalLink.Purpose.PAGE, now=timezone.now())
    client = Client()
    client.post(f"/me/{tokens.token_of(link)}/")
    return client


def kept(row: Participation) -> Reply:
    return reply_of(Participation.objects.get(pk=row.pk))


def send(row: Participation, **typed: str) -> Any:
    return came_in(row.person).post(f"/me/replies/{row.pk}/", typed, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def uid(key: str) -> UUID:
    found: UUID = Session.objects.get(key=key).uid
    return found


def letters() -> list[Letter]:
    return list(Letter.objects.filter(state=Letter.State.WAITING))


# The service


def test_reply_is_kept_with_who_gave_it_and_when(invited: Participation) -> None:
    answer = Reply(
        state="accepted",
        attends_by="office",
        office="Huduma Centre",
        language="en",
        note="After lunch, please.",
        sessions=((uid("session-1"), True), (uid("session-2"), False)),
    )
    assert reply(participation=invited, answer=answer, now=NOW)
    assert kept(invited) == answer.settled()
    invited.refresh_from_db()
    assert invited.replied_at == NOW
    histories = (
        Participation.history.latest(),  # type: ignore[attr-defined]
        *SessionReply.history.all(),  # type: ignore[attr-defined]
    )
    assert [(each.history_user, each.history_change_reason) for each in histories] == [
        (None, BY_THEMSELVES)
    ] * 3


def test_reply_drops_what_does_not_go_with_it(invited: Participation) -> None:
    everything = {
        "office": "Nowhere",
        "substitute_name": "Amina Otieno",
        "substitute_email": "amina@example.org",
        "sessions": ((uid("session-1"), True),),
    }
    coming = Reply("tentative", attends_by="room", **everything)
    reply(participation=invited, answer=coming, now=NOW)
    assert kept(invited) == Reply(
        "tentative", attends_by="room", sessions=((uid("session-1"), True),)
    )
    reply(participation=invited, answer=Reply("declined", **everything), now=NOW)
    assert kept(invited) == Reply(
        "declined", substitute_name="Amina Otieno", substitute_email="amina@example.org"
    )
    assert SessionReply.history.filter(history_type="-").count() == 1  # type: ignore[attr-defined]


def test_same_reply_once_more_changes_nothing(invited: Participation) -> None:
    answer = Reply("accepted", attends_by="online")
    assert reply(participation=invited, answer=answer, now=NOW)
    history = Participation.history.count()  # type: ignore[attr-defined]
    later = NOW + timedelta(seconds=1)
    assert not reply(participation=invited, answer=answer, now=later, seen="stale")
    assert Participation.history.count() == history  # type: ignore[attr-defined]
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(("state", "why"), [("withdrawn", "no longer"), ("listed", "not invited")])
def test_reply_of_who_is_not_invited_is_refused(
    invited: Participation, state: str, why: str
) -> None:
    Participation.objects.update(state=state)
    with pytest.raises(CannotReply, match=why):
        reply(participation=invited, answer=Reply("accepted"), now=NOW)
    assert kept(invited).state == state
    assert letters() == []


def test_reply_after_the_row_is_gone_is_refused(invited: Participation) -> None:
    Participation.objects.get(pk=invited.pk).delete()
    with pytest.raises(CannotReply, match="no longer on the list"):
        reply(participation=invited, answer=Reply("accepted"), now=NOW)


@pytest.mark.parametrize("key", ["welcome", "session-1"])
def test_reply_on_a_session_that_is_not_there_keeps_nothing(
    invited: Participation, key: str
) -> None:
    """Neither one of another workshop nor one that was taken off meanwhile."""
    session = uid(key)
    Session.objects.filter(key="session-1").update(dropped_at=NOW)
    answer = Reply("accepted", sessions=((uid("session-2"), True), (session, True)))
    with pytest.raises(CannotReply, match="taken off the programme"):
        reply(participation=invited, answer=answer, now=NOW)
    assert (kept(invited).state, SessionReply.objects.count()) == ("invited", 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"substitute_email": "a@b.org\nBcc: c@d.org"},
        {"substitute_email": "nobody"},
        {"state": "accepted", "language": "xx"},
    ],
)
def test_what_no_row_may_hold_keeps_nothing(invited: Participation, wrong: dict[str, str]) -> None:
    answer = Reply(**({"state": "declined", "substitute_name": "Amina"} | wrong))
    with pytest.raises(ValidationError):
        reply(participation=invited, answer=answer, now=NOW)
    assert (kept(invited).state, letters()) == ("invited", [])


@pytest.mark.parametrize("state", ["invited", "listed", "withdrawn", "x"])
def test_only_three_answers_are_replies(invited: Participation, state: str) -> None:
    with pytest.raises(ValueError, match="is no reply"):
        reply(participation=invited, answer=Reply(state), now=NOW)


def test_reply_that_began_before_another_is_not_kept(invited: Participation) -> None:
    seen = kept(invited).mark
    reply(participation=invited, answer=Reply("accepted", note="First"), now=NOW)
    with pytest.raises(AnsweredMeanwhile):
        reply(participation=invited, answer=Reply("declined"), now=NOW, seen=seen)
    assert kept(invited).note == "First"


# The mail


def test_confirmation_says_what_is_kept_on_the_persons_clock(invited: Participation) -> None:
    answer = Reply(
        "accepted",
        attends_by="room",
        language="lo",
        note="After lunch.\nThank you.",
        sessions=((uid("session-1"), True), (uid("session-5"), False)),
    )
    reply(participation=invited, answer=answer, now=NOW)
    (letter,) = letters()
    assert (letter.kind, letter.to, letter.copy_to, letter.made_at, letter.language) == (
        *("confirmation", "james@example.org", "desk@example.org", NOW, "en"),
    )
    assert letter.message_id == f"<{letter.uid}@testserver>"
    assert letter.subject.startswith("Your reply: Peer-to-Peer Learning Regional Workshop")
    assert letter.text.splitlines()[:13] == [
        "Dear Mr. James Buyekane,",
        "",
        "thank you for your reply. This is what we have:",
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
    assert f'<a href="{tokens.PLACEHOLDER}">' in letter.html
    assert tokens.PLACEHOLDER in letter.text
    assert "Wed 4 Aug 05:25–05:45" in letter.html.replace("\xa0", " ")


def test_newer_reply_takes_the_place_of_a_mail_that_waits(invited: Participation) -> None:
    national = Workshop.objects.get(key="national")
    other = make.participation_row(invited.person, national)
    for row, state in ((invited, "accepted"), (other, "declined"), (invited, "tentative")):
        reply(participation=row, answer=Reply(state), now=NOW)
    (letter,) = letters()
    assert [line for line in letter.text.splitlines() if line.startswith("You ")] == [
        *("You accepted tentatively.", "You declined.")
    ]
    assert Letter.objects.filter(state=Letter.State.STOPPED).count() == 2


def test_who_has_no_address_gets_no_mail(invited: Participation) -> None:
    Person.objects.update(email="")
    assert reply(participation=invited, answer=Reply("accepted"), now=NOW)
    assert Letter.objects.count() == 0


def test_mail_cannot_be_broken_out_of(invited: Participation) -> None:
    note = "<script>alert(1)</script> [[x]] {{ 7 }}\r\n.\r\n"
    answer = Reply("declined", "", "", "", note, "A <b>", "a@example.org")
    reply(participation=invited, answer=answer, now=NOW)
    (letter,) = letters()
    assert "<script>" not in letter.html
    assert "A &lt;b&gt;" in letter.html
    assert "A <b>" in letter.text
    assert "\n" not in letter.subject


# The page


def test_one_press_accepts_and_the_answer_stands_on_the_page(invited: Participation) -> None:
    answer = send(invited, quick="accepted")
    assert answer.redirect_chain == [(f"/me/replies/{invited.pk}/", 302)]
    page = text_of(answer)
    assert "You accepted. A confirmation goes to james@example.org." in page
    assert "Say yes or no to your sessions, or change your reply" in page
    assert kept(invited) == Reply("accepted")
    mine = text_of(came_in(invited.person).get("/me/"))
    assert "You accepted." in mine
    assert "The organisers also ask for a yes or a no" in mine
    assert "Will you take part?" not in mine


def test_one_press_keeps_what_was_said_before_in_full(invited: Participation) -> None:
    first, second = (f"session_{uid(key).hex}" for key in ("session-1", "session-2"))
    said_in_full = {"attends_by": "online", "language": "lo", "note": "Hello"}
    send(invited, state="accepted", **said_in_full, **{first: "yes", second: "no"})
    Session.objects.filter(key="session-1").update(dropped_at=NOW)
    send(invited, quick="tentative")
    # What was said of a session that is gone goes with it.
    assert kept(invited) == Reply(
        *("tentative", "online", "", "lo", "Hello"), sessions=((uid("session-2"), False),)
    )


def test_form_asks_only_for_what_there_is(invited: Participation) -> None:
    page = came_in(invited.person).get(f"/me/replies/{invited.pk}/").content.decode()
    labels = re.findall(r"<(?:legend|label)[^>]*form-label[^>]*>\s*([^<]*?)\s*<", page)
    assert [label.split(",")[0].split(":")[0] for label in labels] == [
        *("Your reply", "Session 1", "Session 2", "Session 3", "Session 5"),
        *("Lessons Learned from the Implementation of One-Stop-Shops for Service Delivery",),
        *("How you attend", "Which office", "Language you need", "Who could come instead of you"),
        *("Their e-mail", "A note to the organisers"),
    ]
    assert "In the conference room (MOHA, 2nd floor)" in page
    assert "style=" not in page


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({}, "This field is required."),
        ({"state": "withdrawn"}, "Select a valid choice."),
        ({"state": "accepted", "attends_by": "office"}, "Name the office that you attend from."),
        ({"state": "accepted", "note": "x" * 5001}, "at most 5000 characters (it has 5001)"),
        (
            {
                "state": "declined",
                "substitute_name": "A",
                "substitute_email": "a@b.org\nBcc: x@y.z",
            },
            "Enter a valid email address.",
        ),
        ({"state": "declined", "substitute_name": "Amina"}, "Give their e-mail too"),
        ({"state": "declined", "substitute_email": "a@example.org"}, "Say who it is."),
        ({"state": "accepted", "note": "a\0b"}, "Null characters are not allowed."),
    ],
)
def test_mistakes_are_marked_and_nothing_is_lost_or_kept(
    invited: Participation, typed: dict[str, str], fault: str
) -> None:
    answer = send(invited, **typed)
    assert fault in text_of(answer)
    assert said(answer) == ["Nothing was sent yet: please look at what is marked below."]
    assert all(value.split("\n")[0][:50] in answer.content.decode() for value in typed.values())
    assert (kept(invited), letters()) == (Reply("invited"), [])


def test_note_of_five_thousand_characters_over_many_lines_is_kept(invited: Participation) -> None:
    note = "\r\n".join(["x" * 9] * 500)
    send(invited, state="accepted", note=note)
    assert kept(invited).note == note.replace("\r\n", "\n")


def test_double_click_answers_once(invited: Participation) -> None:
    client = came_in(invited.person)
    for _click in range(2):
        answer = client.post(f"/me/replies/{invited.pk}/", {"quick": "accepted"})
        assert answer.status_code == 302
    assert Letter.objects.count() == 1


def test_second_window_is_told_and_keeps_what_was_typed(invited: Participation) -> None:
    client, path = came_in(invited.person), f"/me/replies/{invited.pk}/"
    seen = re.search(r'name="seen" value="(\w+)"', client.get(path).content.decode())
    assert seen
    client.post(path, {"quick": "declined"})
    late = {"state": "accepted", "note": "I can come after all", "seen": seen[1]}
    answer = client.post(path, late)
    assert "Your reply was changed in another window meanwhile." in text_of(answer)
    assert "I can come after all" in answer.content.decode()
    assert kept(invited).state == "declined"
    again = re.search(r'name="seen" value="(\w+)"', answer.content.decode())
    assert again
    client.post(path, late | {"seen": again[1]})
    assert kept(invited).state == "accepted"


def test_reply_after_being_taken_off_the_list_is_answered_in_a_sentence(
    invited: Participation,
) -> None:
    client = came_in(invited.person)
    Participation.objects.update(state="withdrawn")
    for typed in ({"quick": "accepted"}, {"state": "accepted"}):
        answer = client.post(f"/me/replies/{invited.pk}/", typed, follow=True)
        assert "You are no longer on the list of this workshop" in text_of(answer)
    assert kept(invited).state == "withdrawn"


def test_nobody_replies_for_somebody_else(invited: Participation) -> None:
    other = Person.objects.get(key="juny-kim")
    client = came_in(other)
    path = f"/me/replies/{invited.pk}/"
    assert client.get(path).status_code == 404
    assert client.post(path, {"quick": "declined"}).status_code == 404
    assert Client().post(path, {"quick": "declined"}).status_code == 404
    assert client.post("/me/replies/not-a-uid/", {}).status_code == 404
    assert kept(invited).state == "invited"


def test_declining_closes_the_closed_workshop(programme: str) -> None:
    person = make.person_row("Dara Phommachanh", country="LA")
    row = make.participation_row(person, Workshop.objects.get(key="national"))
    client = came_in(person)
    assert b"Keopanya" in client.get(f"/{programme}/").content
    client.post(f"/me/replies/{row.pk}/", {"quick": "declined"})
    assert b"Keopanya" not in client.get(f"/{programme}/").content
    client.post(f"/me/replies/{row.pk}/", {"quick": "accepted"})
    assert b"Keopanya" in client.get(f"/{programme}/").content


# The desk


def table(page: str, heading: str) -> dict[str, list[str]]:
    """The rows of the first table of counts below a group's name, its numbers by state."""
    rows = re.findall(r"<tr[^>]*>(.*?)</tr>", page, re.DOTALL)
    names = [re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", row) for row in rows]
    start = next(place for place, row in enumerate(names) if row[:1] == [heading])
    found = {}
    for row in names[start + 1 :]:
        if len(row) < 8:
            break
        found[row[0]] = row[1:]
    return found


def test_desk_counts_replies_and_lists_what_to_see_to(
    organiser_client: Client, invited: Participation
) -> None:
    workshop = invited.workshop
    reply(
        participation=invited,
        answer=Reply("accepted", "online", sessions=((uid("session-2"), False),)),
        now=NOW,
    )
    juny = make.participation_row(Person.objects.get(key="juny-kim"), workshop, role="panelist")
    instead = Reply(
        *("declined", "", "", "", "On leave."),
        substitute_name="Min Park",
        substitute_email="min@example.org",
    )
    reply(participation=juny, answer=instead, now=NOW)
    for number in range(3):
        make.participation_row(make.person_row(f"D {number}", country="LA"), workshop)
    answer = organiser_client.get("/desk/odsc-laos-2021/replies/")
    page, plain = answer.content.decode(), text_of(answer)
    assert "2 of 5 who were asked have replied." in plain
    assert table(page, "By role") == {
        "Delegate": ["–", "3", "–", "–", "–", "–", "3"],
        "Panelist": ["–", "–", "1", "–", "1", "–", "2"],
    }
    assert list(table(page, "By country")) == ["Kenya", "Lao PDR", "Republic of Korea"]
    assert list(table(page, "By place")) == ["Online", "not said"]
    assert "Could come instead: Min Park, min@example.org On leave." in plain
    assert "Session 2: Institutional Coordination" in plain
    assert f"/admin/participants/person/{juny.person.pk}/change/" in page
    assert "Ms. Vu Thi Kim Chi" in plain  # in no list, and yet to be given a link


def test_desk_says_where_nobody_is_listed(organiser_client: Client, programme: str) -> None:
    plain = text_of(organiser_client.get(f"/desk/{programme}/replies/"))
    assert "Nobody is in the list of a workshop yet" in plain


def test_desk_takes_as_few_queries_for_many(
    organiser_client: Client, invited: Participation, django_assert_max_num_queries: Any
) -> None:
    for number in range(40):
        make.participation_row(make.person_row(f"D {number}"), invited.workshop)
    with django_assert_max_num_queries(12):
        organiser_client.get("/desk/odsc-laos-2021/replies/")
