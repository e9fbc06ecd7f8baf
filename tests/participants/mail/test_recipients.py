"""Who gets which mail and why: exactly those whom it concerns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.access import permissions
from participants.access.viewer import Viewer
from participants.mail.personal_agenda import differences, own
from participants.models import Letter, Participation, Person
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.types import Agenda, Session
from sessions_app.agenda.visibility import for_viewer
from sessions_app.models import Appearance, Question, QuestionBlock
from sessions_app.models import Session as SessionRow
from tests import make
from tests.mails import JOIN, delegate, made, on_list, publish, send, who, why_not, withdraw
from workshop.models import AboutSection, Event, Workshop

State = Participation.State


@pytest.fixture
def event(programme: str) -> Event:
    """The programme with its panelists on the morning's list and one delegate on both."""
    event = Event.objects.get(slug=programme)
    on_list(event)
    delegate(event)
    return event


def answer(key: str, state: str, **columns: Any) -> None:
    for row in Participation.objects.filter(person__key=key):
        row.state = state
        for name, value in columns.items():
            setattr(row, name, value)
        row.save()


def in_session(key: str) -> set[str]:
    return {*Appearance.objects.filter(session__key=key).values_list("person__key", flat=True)}


# Rules of each kind


@pytest.mark.django_db
def test_invitation_goes_to_those_listed_with_an_address(event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(email="")
    answer("abdul-aliyev", State.ACCEPTED)
    answer("james-buyekane", State.DECLINED)
    answer("lee-mui-ling", State.WITHDRAWN)
    told, not_told = who(event, "invitation"), why_not(event, "invitation")
    assert told["dara-phommachanh"] == (
        "delegate in Peer-to-Peer Learning Regional Workshop on One-Door-Service…; "
        "delegate in National Workshop on Lessons Learned and Next Steps in Impl…"
    )
    assert not_told == {
        "juny-kim": "No e-mail address is known.",
        "abdul-aliyev": "Invited already.",
        "james-buyekane": "Declined.",
        "lee-mui-ling": "Taken off the list.",
        **dict.fromkeys(
            ("nisith-keopanya", "debashis-nag", "keping-yao"),
            "In the programme, but on no list of participants.",
        ),
    }
    assert len(told) == 19 - 4


@pytest.mark.django_db
def test_invitation_waits_for_a_workshop_that_is_not_published(db: None) -> None:
    event = make.event_row()
    morning, evening = make.workshop_row(event), make.workshop_row(event, "evening")
    make.session_row(morning)
    publish_one(event, morning)
    for name, workshop in (("Ana Ng", morning), ("Bo Ek", evening)):
        make.participation_row(
            make.person_row(name, email="a@example.org"), workshop, "listed", role="delegate"
        )
    assert who(event, "invitation") == {"ana-ng": "delegate in International"}
    assert why_not(event, "invitation") == {"bo-ek": "Not published yet: delegate in Evening."}


def publish_one(event: Event, workshop: Workshop) -> None:
    from sessions_app.publishing import services

    assert services.publish(event=event, now=make.at(8), workshops={workshop.pk})[1]


@pytest.mark.django_db
def test_nobody_gets_anything_before_the_first_release() -> None:
    event = make.event_row()
    workshop = make.workshop_row(event, join_url=JOIN)
    for name, state in (("Ana Ng", "listed"), ("Bo Ek", "accepted")):
        make.participation_row(make.person_row(name, email="a@example.org"), workshop, state)
    kinds = ("invitation", "reminder", "change", "joining", "cancellation")
    assert {kind: who(event, kind) for kind in kinds} == {kind: {} for kind in kinds}


@pytest.mark.django_db
def test_reminder_goes_to_those_who_have_not_made_up_their_mind(event: Event) -> None:
    send(event, "invitation")
    for key, state in (("juny-kim", "accepted"), ("abdul-aliyev", "declined")):
        answer(key, state, replied_at=make.at(9))
    answer("lee-mui-ling", "tentative", replied_at=make.at(9))
    withdraw("james-buyekane")
    told, not_told = who(event, "reminder"), why_not(event, "reminder")
    assert told["anir-chowdhury"].startswith("No reply yet: panelist in Peer-to-Peer")
    assert told["lee-mui-ling"].startswith("Comes perhaps: panelist in Peer-to-Peer")
    assert {key: why for key, why in not_told.items() if "no list" not in why} == {
        "juny-kim": "Has replied.",
        "abdul-aliyev": "Declined.",
        "james-buyekane": "Taken off the list.",
    }


@pytest.mark.django_db
def test_joining_goes_to_those_let_in_who_do_not_know_this_link(event: Event) -> None:
    morning = event.workshops.get(key="international")
    send(event, "invitation", "juny-kim", "abdul-aliyev", "james-buyekane")
    assert who(event, "joining") == {}
    assert why_not(event, "joining")["juny-kim"].startswith("No join link is set yet: panelist")
    morning.join_url = JOIN
    morning.save()
    answer("james-buyekane", "declined")
    assert set(who(event, "joining")) == {"juny-kim", "abdul-aliyev"}
    send(event, "joining", "juny-kim")
    assert set(who(event, "joining")) == {"abdul-aliyev"}
    assert {key: why_not(event, "joining")[key] for key in ("juny-kim", "lee-mui-ling")} == {
        "juny-kim": "Has it already.",
        "lee-mui-ling": "Not invited yet.",
    }
    morning.join_code = "1234"
    morning.save()
    assert set(who(event, "joining")) == {"juny-kim", "abdul-aliyev"}


@pytest.mark.django_db
def test_cancellation_goes_to_those_taken_off_after_a_mail_and_once(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    withdraw("abdul-aliyev")
    assert set(who(event, "cancellation")) == {"juny-kim"}
    assert why_not(event, "cancellation")["abdul-aliyev"] == (
        "Taken off the list, and knows it or was never written to."
    )
    send(event, "cancellation")
    assert who(event, "cancellation") == {}


# Notices of change, over the real programme


def edit_time() -> None:
    SessionRow.objects.filter(key="session-3").update(ends_at=make.at(11, 45))


def edit_title() -> None:
    SessionRow.objects.filter(key="session-3").update(title_en="Structures")


def edit_place() -> None:
    SessionRow.objects.filter(key="session-3").update(place_en="Room 2")


def edit_questions() -> None:
    Question.objects.filter(block__session__key="session-3").first().delete()


def edit_minutes() -> None:
    QuestionBlock.objects.filter(session__key="session-3").update(minutes=7)


def edit_status() -> None:
    SessionRow.objects.filter(key="session-3").update(status="cancelled")


def edit_note() -> None:
    SessionRow.objects.filter(key="session-3").update(note_en="Bring slides")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (edit_time, "time"),
        (edit_title, "title"),
        (edit_place, "place"),
        (edit_questions, "questions"),
        (edit_minutes, "questions"),
        (edit_status, "state"),
        (edit_note, "note"),
    ],
)
def test_change_of_a_session_reaches_those_in_it(
    event: Event, edit: Callable[[], None], said: str
) -> None:
    send(event, "invitation")
    edit()
    publish(event)
    assert who(event, "change") == dict.fromkeys(in_session("session-3"), f"Session 3: {said}.")


@pytest.mark.django_db
def test_change_of_role_part_and_company_reaches_each(event: Event) -> None:
    send(event, "invitation")
    rows = Appearance.objects.filter(session__key="session-5")
    left = rows.get(person__key="ruslan-akbarov")
    left.person = Person.objects.get(key="aslam-alam")
    left.save()
    publish(event)
    assert who(event, "change") == {
        "ruslan-akbarov": "Session 5: your part.",
        "aslam-alam": "Session 5: your part.",
        **dict.fromkeys(
            in_session("session-5") - {"aslam-alam"},
            "Session 5: people.",
        ),
    }


@pytest.mark.django_db
def test_moved_window_reaches_everybody_in_the_workshop(event: Event) -> None:
    send(event, "invitation")
    Workshop.objects.filter(key="national").update(ends_at=make.at(16, 30))
    publish(event)
    assert set(who(event, "change")) == {"dara-phommachanh", *presenters_of_the_afternoon()}


def presenters_of_the_afternoon() -> set[str]:
    """Those of the morning's list who have an item of their own in the afternoon."""
    rows = Appearance.objects.filter(presentation__session__workshop__key="national")
    rows |= Appearance.objects.filter(session__workshop__key="national")
    listed = Participation.objects.values("person")
    return {*rows.filter(person__in=listed).values_list("person__key", flat=True)}


def edit_event() -> None:
    Event.objects.update(title_en="Another title", interpretation_en="English and Lao")
    AboutSection.objects.update(body_en="Another text")


def edit_moderators_note() -> None:
    QuestionBlock.objects.update(moderator_note_en="Ask Kenya first")


def edit_lao() -> None:
    SessionRow.objects.update(title_lo="ຫົວຂໍ້")


def edit_break() -> None:
    SessionRow.objects.filter(kind="break").update(title_en="Coffee")


def edit_uids_of_questions() -> None:
    """Typed anew, word for word."""
    for block in QuestionBlock.objects.filter(session__key="session-3"):
        for question in block.questions.all():
            columns = {"text_en": question.text_en, "text_lo": question.text_lo}
            Question.objects.create(block=block, order=question.order, **columns)
            question.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit", [edit_event, edit_moderators_note, edit_lao, edit_break, edit_uids_of_questions]
)
def test_what_no_mail_says_reaches_nobody(event: Event, edit: Callable[[], None]) -> None:
    send(event, "invitation")
    edit()
    publish(event)
    assert who(event, "change") == {}


@pytest.mark.django_db
def test_change_is_told_since_the_release_that_each_knows(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    edit_time()
    publish(event, hour=9)
    send(event, "invitation", "abdul-aliyev", hour=10)
    assert set(who(event, "change")) == {"juny-kim"}
    edit_title()
    publish(event, hour=11)
    assert who(event, "change") == {
        "juny-kim": "Session 3: time, title.",
        "abdul-aliyev": "Session 3: title.",
    }
    SessionRow.objects.filter(key="session-3").update(ends_at=make.at(11, 40))
    publish(event, hour=12)
    assert who(event, "change") == {
        "juny-kim": "Session 3: title.",
        "abdul-aliyev": "Session 3: time, title.",
    }


@pytest.mark.django_db
def test_change_is_not_told_to_who_is_out_of_it(event: Event) -> None:
    send(event, "invitation", *set(who(event, "invitation")) - {"anir-chowdhury"})
    edit_time()
    publish(event)
    answer("juny-kim", State.DECLINED)
    withdraw("abdul-aliyev")
    answer("james-buyekane", State.ACCEPTED)
    Participation.objects.filter(person__key="james-buyekane").update(told_release=None)
    Person.objects.filter(key="lee-mui-ling").update(email="")
    assert set(who(event, "change")) == {"jonas-rabinovitch", "vu-thi-kim-chi"}
    not_told = why_not(event, "change")
    assert {key: not_told[key] for key in in_session("session-3") & set(not_told)} == {
        "juny-kim": "Declined.",
        "abdul-aliyev": "Taken off the list.",
        "james-buyekane": "No mail has told them of the programme yet.",
        "lee-mui-ling": "No e-mail address is known.",
        "anir-chowdhury": "Not invited yet.",
    }
    assert not_told["dara-phommachanh"] == "Nothing of theirs has changed since release 1."


@pytest.mark.django_db
def test_any_mail_brings_its_reader_up_to_date(event: Event) -> None:
    send(event, "invitation")
    edit_time()
    publish(event)
    send(event, "reminder", "juny-kim")
    assert set(who(event, "change")) == in_session("session-3") - {"juny-kim"}


@pytest.mark.django_db
def test_each_viewer_is_what_recipient_says_of_one(event: Event) -> None:
    send(event, "invitation", "juny-kim", "dara-phommachanh")
    withdraw("abdul-aliyev")
    people = [*Person.objects.values_list("pk", flat=True)]
    assert permissions.each_recipient(event.slug, people) == {
        person: permissions.recipient(event.slug, frozenset({person})) for person in people
    }


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    event: Event, count: int, django_assert_num_queries: Any
) -> None:
    keys = [*who(event, "invitation")][:count]
    Participation.objects.exclude(person__key__in=keys).delete()
    send(event, "invitation")
    edit_time()
    publish(event)
    with django_assert_num_queries(11):
        assert set(who(event, "change")) <= set(keys)


# Mails that never arrived


def lose(kind: str, *people: str, state: str = "stopped") -> None:
    letters = Letter.objects.filter(kind=kind, person__key__in=people)
    assert letters.update(state=state) == len(people)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["stopped", "failed", "bounced"])
def test_change_that_did_not_arrive_is_told_with_the_next(event: Event, state: str) -> None:
    send(event, "invitation")
    edit_time()
    publish(event, hour=9)
    send(event, "change", hour=10)
    lose("change", "juny-kim", state=state)
    assert who(event, "change") == {"juny-kim": "Session 3: time."}
    edit_title()
    publish(event, hour=11)
    told = who(event, "change")
    assert (told["juny-kim"], told["abdul-aliyev"]) == (
        "Session 3: time, title.",
        "Session 3: title.",
    )
    entries = [message.held.entry for message in made(event, "change", "juny-kim").messages]
    assert len(entries) == 4  # whatever of them got lost
    send(event, "change", hour=12)
    assert who(event, "change") == {}


@pytest.mark.django_db
def test_mail_that_is_tried_again_counts_as_told(event: Event) -> None:
    send(event, "invitation")
    edit_time()
    publish(event)
    send(event, "change", hour=10)
    lose("change", "juny-kim", state="failed")
    lose("change", "juny-kim", state="waiting")
    assert who(event, "change") == {}


@pytest.mark.django_db
def test_invitation_that_did_not_arrive_can_be_sent_again(event: Event) -> None:
    send(event, "invitation")
    lose("invitation", "juny-kim", "abdul-aliyev")
    answer("abdul-aliyev", State.ACCEPTED, replied_at=make.at(9))
    assert who(event, "invitation") == {
        "juny-kim": "Their invitation did not arrive: "
        "panelist in Peer-to-Peer Learning Regional Workshop on One-Door-Service…."
    }
    assert why_not(event, "change")["juny-kim"] == ("No mail has told them of the programme yet.")
    send(event, "invitation", hour=9)
    assert who(event, "invitation") == {}
    assert why_not(event, "change")["juny-kim"].startswith("Nothing of theirs has changed")


@pytest.mark.django_db
def test_joining_that_did_not_arrive_is_due_again(event: Event) -> None:
    Workshop.objects.filter(key="international").update(join_url=JOIN)
    send(event, "invitation", "juny-kim", "abdul-aliyev")
    send(event, "joining", hour=9)
    lose("joining", "juny-kim")
    assert set(who(event, "joining")) == {"juny-kim"}


@pytest.mark.django_db
def test_cancellation_that_did_not_arrive_is_due_again(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    send(event, "cancellation", hour=9)
    lose("cancellation", "juny-kim")
    assert set(who(event, "cancellation")) == {"juny-kim"}
    messages = made(event, "cancellation", "juny-kim").messages
    assert {(each.method, each.held.sequence) for each in messages} == {("CANCEL", 2)}


# Whatever changes


ME = make.uid("Juny Kim")
MORNING, AFTERNOON, EVENING = map(make.uid, ("international", "national", "evening"))


def _agenda() -> Agenda:
    mine = make.session(
        people=(make.appearance(), make.appearance("Ana Ng")),
        question_blocks=(make.block("KR", minutes=5, minutes_are="per_country"),),
    )
    others = make.session("session-2", people=(make.appearance("Ana Ng"),), number=2)
    closed = make.session("welcome", people=(make.appearance(),))
    hidden = make.session("debriefing", people=(make.appearance("Ana Ng"),))
    return make.agenda(
        make.workshop(mine, others, place=make.text("Room 1")),
        make.workshop(closed, hidden, key="national"),
        make.workshop(replace(others, uid=make.uid("late"), key="late"), key="evening"),
        platform=make.text("Zoom"),
    )


def _edited(agenda: Agenda, key: str, facts: dict[str, Any]) -> Agenda:
    """The agenda with one session, workshop or the event itself edited."""

    def edited(session: Session) -> Session:
        return replace(session, **facts) if session.key == key else session

    if key == "event":
        return replace(agenda, **facts)
    return replace(
        agenda,
        workshops=tuple(
            replace(
                workshop,
                **(facts if workshop.key == key else {}),
                sessions=tuple(map(edited, workshop.sessions)),
            )
            for workshop in agenda.workshops
        ),
    )


SESSION_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "starts_at": st.sampled_from([make.at(9, 25), make.at(9, 20)]),
        "title": st.sampled_from([make.text("Leadership"), make.text("Leadership", "ຜູ້ນຳ")]),
        "note": st.sampled_from([make.text(""), make.text("Bring slides")]),
        "place": st.sampled_from([make.text(""), make.text("Room 1"), make.text("Room 2")]),
        "status": st.sampled_from(["confirmed", "cancelled"]),
        "key": st.sampled_from(["session-1", "renamed"]),
        "people": st.sampled_from(
            [
                (make.appearance("Ana Ng"),),
                (make.appearance(), make.appearance("Ana Ng")),
                (make.appearance(role="moderator"),),
            ]
        ),
        "question_blocks": st.sampled_from(
            [
                (make.block("KR", minutes=5, minutes_are="per_country"),),
                (make.block("KR", minutes=6, minutes_are="per_country"),),
                (replace(make.block("KR"), moderator_note=make.text("First")),),
            ]
        ),
    },
)
WORKSHOP_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "ends_at": st.sampled_from([make.at(13, 15), make.at(13, 30)]),
        "audience": st.sampled_from([make.text(""), make.text("For officials.")]),
        "place": st.sampled_from([make.text(""), make.text("Room 1")]),
        "other_titles": st.sampled_from([(), ("Another",)]),
        "people": st.sampled_from([(), (make.appearance(role="moderator"),)]),
    },
)
EVENT_FACTS = st.fixed_dictionaries(
    {},
    optional={
        "title": st.sampled_from([make.text("Event"), make.text("Another")]),
        "platform": st.sampled_from([make.text("Zoom"), make.text("Teams")]),
    },
)
EDITS = st.lists(
    st.one_of(
        st.tuples(
            st.sampled_from(["session-1", "session-2", "welcome", "debriefing", "late"]),
            SESSION_FACTS,
        ),
        st.tuples(st.sampled_from(["international", "national", "evening"]), WORKSHOP_FACTS),
        st.tuples(st.just("event"), EVENT_FACTS),
    ),
    max_size=4,
)


def _cut(agenda: Agenda, viewer: Viewer, listed: set[Any]) -> list[Any]:
    """What is theirs, written down once more: all that a mail could say, in English."""
    seen = for_viewer(agenda, viewer)
    mine = {workshop.uid: workshop for workshop in for_person(seen, ME).workshops}
    found: list[Any] = []
    for workshop in seen.workshops:
        if workshop.uid not in listed and workshop.uid not in mine:
            continue
        roles = [(who.role, str(who.name)) for who in workshop.people if who.person == ME]
        facts = (str(workshop.title), workshop.starts_at, workshop.ends_at, roles)
        place = str(workshop.place or agenda.platform)
        off = workshop.readable and all(row.status == "cancelled" for row in workshop.sessions)
        found.append((facts, place, str(workshop.audience), off))
        own_rows = mine[workshop.uid].sessions if workshop.uid in mine else ()
        found += [_row(agenda.place_of(workshop, row), row) for row in own_rows]
    return found


def _row(place: Any, row: Session) -> Any:
    blocks = [
        (block.countries, block.minutes, block.minutes_are, [str(q.text) for q in block.questions])
        for block in row.question_blocks
    ]
    people = [(who.role, str(who.name)) for who in row.people]
    facts = (row.number, str(row.title), str(row.note), row.starts_at, row.ends_at, row.status)
    return facts, str(place), people, blocks


@settings(max_examples=300, deadline=None)
@given(EDITS, st.booleans(), st.booleans())
def test_somebody_is_told_exactly_if_what_is_theirs_differs(
    edits: list[tuple[str, dict[str, Any]]], attends: bool, is_let_in: bool
) -> None:
    old = _agenda()
    new = old
    for key, facts in edits:
        new = _edited(new, key, facts)
    listed = {MORNING} | ({EVENING} if attends else set()) | ({AFTERNOON} if is_let_in else set())
    reads = frozenset({MORNING, EVENING} | ({AFTERNOON} if is_let_in else set()))
    viewer = Viewer(reads=reads, people=frozenset({ME}))
    was, now = (own(for_viewer(each, viewer), ME, listed=listed, without=()) for each in (old, new))
    told = bool(differences(was, now))
    assert told == (_cut(old, viewer, listed) != _cut(new, viewer, listed))


def test_nothing_is_said_of_a_change_that_was_taken_back() -> None:
    old = _agenda()
    there = _edited(old, "session-1", {"starts_at": make.at(9, 25) + timedelta(minutes=5)})
    back = _edited(there, "session-1", {"starts_at": make.at(9, 25)})
    was, now = (own(each, ME, listed=(), without=()) for each in (old, back))
    assert differences(was, now) == ()
