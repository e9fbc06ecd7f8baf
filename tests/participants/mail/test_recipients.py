"""Recipients of each kind of e-mail: exactly the people that it concerns."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.access.levels import Viewer
from participants.access.viewer import recipient_viewer, recipient_viewers
from participants.mail.personal_agenda import personal_agenda, personal_changes
from participants.models import OutgoingMail, Participation, Person
from sessions_app.agenda.selection import for_person
from sessions_app.agenda.types import Agenda, Session
from sessions_app.agenda.visibility import for_viewer
from sessions_app.models import Appearance, Question, QuestionBlock
from sessions_app.models import Session as SessionRow
from tests import make
from tests.mails import (
    JOIN,
    add_delegate,
    add_panelists,
    draft_for,
    exclusion_reasons,
    publish,
    recipient_reasons,
    send,
    withdraw,
)
from workshop.models import AboutSection, Event, Workshop

State = Participation.State


@pytest.fixture
def event(programme: str) -> Event:
    """The programme with its panelists on the morning's list and one delegate on both."""
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    add_delegate(event)
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
    reasons, excluded = (
        recipient_reasons(event, "invitation"),
        exclusion_reasons(event, "invitation"),
    )
    assert reasons["dara-phommachanh"] == (
        "delegate in Peer-to-Peer Learning Regional Workshop on One-Door-Service…; "
        "delegate in National Workshop on Lessons Learned and Next Steps in Impl…"
    )
    assert excluded == {
        "juny-kim": "No e-mail address is known.",
        "abdul-aliyev": "Already invited.",
        "james-buyekane": "Declined.",
        "lee-mui-ling": "Removed from the list.",
        **dict.fromkeys(
            ("nisith-keopanya", "debashis-nag", "keping-yao"),
            "In the programme, but on no list of participants.",
        ),
    }
    assert len(reasons) == 19 - 4


@pytest.mark.django_db
def test_invitation_is_not_sent_for_an_unpublished_workshop(db: None) -> None:
    event = make.event_row()
    morning, evening = make.workshop_row(event), make.workshop_row(event, "evening")
    make.session_row(morning)
    publish_one(event, morning)
    for name, workshop in (("Ana Ng", morning), ("Bo Ek", evening)):
        make.participation_row(
            make.person_row(name, email="a@example.org"), workshop, "listed", role="delegate"
        )
    assert recipient_reasons(event, "invitation") == {"ana-ng": "delegate in International"}
    assert exclusion_reasons(event, "invitation") == {
        "bo-ek": "Not published yet: delegate in Evening."
    }


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
    assert {kind: recipient_reasons(event, kind) for kind in kinds} == {kind: {} for kind in kinds}


@pytest.mark.django_db
def test_reminder_goes_to_people_without_a_final_reply(event: Event) -> None:
    send(event, "invitation")
    for key, state in (("juny-kim", "accepted"), ("abdul-aliyev", "declined")):
        answer(key, state, replied_at=make.at(9))
    answer("lee-mui-ling", "tentative", replied_at=make.at(9))
    withdraw("james-buyekane")
    reasons, excluded = recipient_reasons(event, "reminder"), exclusion_reasons(event, "reminder")
    assert reasons["anir-chowdhury"].startswith("No reply yet: panelist in Peer-to-Peer")
    assert reasons["lee-mui-ling"].startswith("Perhaps: panelist in Peer-to-Peer")
    assert {key: why for key, why in excluded.items() if "no list" not in why} == {
        "juny-kim": "Has replied.",
        "abdul-aliyev": "Declined.",
        "james-buyekane": "Removed from the list.",
    }


@pytest.mark.django_db
def test_joining_goes_to_participants_without_the_newest_link(event: Event) -> None:
    morning = event.workshops.get(key="international")
    send(event, "invitation", "juny-kim", "abdul-aliyev", "james-buyekane")
    assert recipient_reasons(event, "joining") == {}
    assert exclusion_reasons(event, "joining")["juny-kim"].startswith(
        "No join link is set yet: panelist"
    )
    morning.join_url = JOIN
    morning.save()
    answer("james-buyekane", "declined")
    assert set(recipient_reasons(event, "joining")) == {"juny-kim", "abdul-aliyev"}
    send(event, "joining", "juny-kim")
    assert set(recipient_reasons(event, "joining")) == {"abdul-aliyev"}
    assert {
        key: exclusion_reasons(event, "joining")[key] for key in ("juny-kim", "lee-mui-ling")
    } == {
        "juny-kim": "Already sent.",
        "lee-mui-ling": "Not invited yet.",
    }
    morning.join_code = "1234"
    morning.save()
    assert set(recipient_reasons(event, "joining")) == {"juny-kim", "abdul-aliyev"}


@pytest.mark.django_db
def test_cancellation_goes_once_to_people_removed_after_a_mail(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    withdraw("abdul-aliyev")
    assert set(recipient_reasons(event, "cancellation")) == {"juny-kim"}
    assert exclusion_reasons(event, "cancellation")["abdul-aliyev"] == (
        "Removed from the list, and already informed or never e-mailed."
    )
    send(event, "cancellation")
    assert recipient_reasons(event, "cancellation") == {}


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
    ("edit", "aspect"),
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
def test_changed_session_is_sent_to_the_people_in_it(
    event: Event, edit: Callable[[], None], aspect: str
) -> None:
    send(event, "invitation")
    edit()
    publish(event)
    assert recipient_reasons(event, "change") == dict.fromkeys(
        in_session("session-3"), f"Session 3: {aspect}."
    )


@pytest.mark.django_db
def test_changed_people_are_sent_to_everybody_in_the_session(event: Event) -> None:
    send(event, "invitation")
    rows = Appearance.objects.filter(session__key="session-5")
    left = rows.get(person__key="ruslan-akbarov")
    left.person = Person.objects.get(key="aslam-alam")
    left.save()
    publish(event)
    assert recipient_reasons(event, "change") == {
        "ruslan-akbarov": "Session 5: your role.",
        "aslam-alam": "Session 5: your role.",
        **dict.fromkeys(
            in_session("session-5") - {"aslam-alam"},
            "Session 5: people.",
        ),
    }


@pytest.mark.django_db
def test_changed_workshop_time_is_sent_to_everybody_in_it(event: Event) -> None:
    send(event, "invitation")
    Workshop.objects.filter(key="national").update(ends_at=make.at(16, 30))
    publish(event)
    assert set(recipient_reasons(event, "change")) == {
        "dara-phommachanh",
        *presenters_of_the_afternoon(),
    }


def presenters_of_the_afternoon() -> set[str]:
    """People on the list of the morning who have a role in the afternoon."""
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
    """The same questions as new rows."""
    for block in QuestionBlock.objects.filter(session__key="session-3"):
        for question in block.questions.all():
            columns = {"text_en": question.text_en, "text_lo": question.text_lo}
            Question.objects.create(block=block, order=question.order, **columns)
            question.delete()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "edit", [edit_event, edit_moderators_note, edit_lao, edit_break, edit_uids_of_questions]
)
def test_changes_without_mail_content_are_sent_to_nobody(
    event: Event, edit: Callable[[], None]
) -> None:
    send(event, "invitation")
    edit()
    publish(event)
    assert recipient_reasons(event, "change") == {}


@pytest.mark.django_db
def test_change_is_since_the_release_last_sent_to_each_person(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    edit_time()
    publish(event, hour=9)
    send(event, "invitation", "abdul-aliyev", hour=10)
    assert set(recipient_reasons(event, "change")) == {"juny-kim"}
    edit_title()
    publish(event, hour=11)
    assert recipient_reasons(event, "change") == {
        "juny-kim": "Session 3: time, title.",
        "abdul-aliyev": "Session 3: title.",
    }
    SessionRow.objects.filter(key="session-3").update(ends_at=make.at(11, 40))
    publish(event, hour=12)
    assert recipient_reasons(event, "change") == {
        "juny-kim": "Session 3: title.",
        "abdul-aliyev": "Session 3: time, title.",
    }


@pytest.mark.django_db
def test_change_is_not_sent_to_excluded_people(event: Event) -> None:
    send(event, "invitation", *set(recipient_reasons(event, "invitation")) - {"anir-chowdhury"})
    edit_time()
    publish(event)
    answer("juny-kim", State.DECLINED)
    withdraw("abdul-aliyev")
    answer("james-buyekane", State.ACCEPTED)
    Participation.objects.filter(person__key="james-buyekane").update(told_release=None)
    Person.objects.filter(key="lee-mui-ling").update(email="")
    assert set(recipient_reasons(event, "change")) == {"jonas-rabinovitch", "vu-thi-kim-chi"}
    excluded = exclusion_reasons(event, "change")
    assert {key: excluded[key] for key in in_session("session-3") & set(excluded)} == {
        "juny-kim": "Declined.",
        "abdul-aliyev": "Removed from the list.",
        "james-buyekane": "Has received no e-mail about the programme yet.",
        "lee-mui-ling": "No e-mail address is known.",
        "anir-chowdhury": "Not invited yet.",
    }
    assert excluded["dara-phommachanh"] == "No changes for this person since release 1."


@pytest.mark.django_db
def test_any_mail_contains_the_changes(event: Event) -> None:
    send(event, "invitation")
    edit_time()
    publish(event)
    send(event, "reminder", "juny-kim")
    assert set(recipient_reasons(event, "change")) == in_session("session-3") - {"juny-kim"}


@pytest.mark.django_db
def test_recipient_viewers_equal_recipient_viewer(event: Event) -> None:
    send(event, "invitation", "juny-kim", "dara-phommachanh")
    withdraw("abdul-aliyev")
    people = [*Person.objects.values_list("pk", flat=True)]
    assert recipient_viewers(event.slug, people) == {
        person: recipient_viewer(event.slug, frozenset({person})) for person in people
    }


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_list_takes_a_fixed_number_of_queries(
    event: Event, count: int, django_assert_num_queries: Any
) -> None:
    keys = [*recipient_reasons(event, "invitation")][:count]
    Participation.objects.exclude(person__key__in=keys).delete()
    send(event, "invitation")
    edit_time()
    publish(event)
    with django_assert_num_queries(11):
        assert set(recipient_reasons(event, "change")) <= set(keys)


# E-mails that did not arrive


def lose(kind: str, *people: str, state: str = "stopped") -> None:
    mails = OutgoingMail.objects.filter(kind=kind, person__key__in=people)
    assert mails.update(state=state) == len(people)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["stopped", "failed", "bounced"])
def test_change_that_did_not_arrive_is_sent_again(event: Event, state: str) -> None:
    send(event, "invitation")
    edit_time()
    publish(event, hour=9)
    send(event, "change", hour=10)
    lose("change", "juny-kim", state=state)
    assert recipient_reasons(event, "change") == {"juny-kim": "Session 3: time."}
    edit_title()
    publish(event, hour=11)
    reasons = recipient_reasons(event, "change")
    assert (reasons["juny-kim"], reasons["abdul-aliyev"]) == (
        "Session 3: time, title.",
        "Session 3: title.",
    )
    entries = [
        message.sent_entry.uid for message in draft_for(event, "change", "juny-kim").messages
    ]
    assert len(entries) == 4  # all of them, since any may be lost
    send(event, "change", hour=12)
    assert recipient_reasons(event, "change") == {}


@pytest.mark.django_db
def test_mail_that_is_tried_again_counts_as_sent(event: Event) -> None:
    send(event, "invitation")
    edit_time()
    publish(event)
    send(event, "change", hour=10)
    lose("change", "juny-kim", state="failed")
    lose("change", "juny-kim", state="waiting")
    assert recipient_reasons(event, "change") == {}


@pytest.mark.django_db
def test_invitation_that_did_not_arrive_can_be_sent_again(event: Event) -> None:
    send(event, "invitation")
    lose("invitation", "juny-kim", "abdul-aliyev")
    answer("abdul-aliyev", State.ACCEPTED, replied_at=make.at(9))
    assert recipient_reasons(event, "invitation") == {
        "juny-kim": "Their invitation did not arrive: "
        "panelist in Peer-to-Peer Learning Regional Workshop on One-Door-Service…."
    }
    assert exclusion_reasons(event, "change")["juny-kim"] == (
        "Has received no e-mail about the programme yet."
    )
    send(event, "invitation", hour=9)
    assert recipient_reasons(event, "invitation") == {}
    assert exclusion_reasons(event, "change")["juny-kim"].startswith("No changes for this person")


@pytest.mark.django_db
def test_joining_that_did_not_arrive_is_sent_again(event: Event) -> None:
    Workshop.objects.filter(key="international").update(join_url=JOIN)
    send(event, "invitation", "juny-kim", "abdul-aliyev")
    send(event, "joining", hour=9)
    lose("joining", "juny-kim")
    assert set(recipient_reasons(event, "joining")) == {"juny-kim"}


@pytest.mark.django_db
def test_cancellation_that_did_not_arrive_is_sent_again(event: Event) -> None:
    send(event, "invitation", "juny-kim")
    withdraw("juny-kim")
    send(event, "cancellation", hour=9)
    lose("cancellation", "juny-kim")
    assert set(recipient_reasons(event, "cancellation")) == {"juny-kim"}
    messages = draft_for(event, "cancellation", "juny-kim").messages
    assert {(release.method, release.sent_entry.sequence) for release in messages} == {
        ("CANCEL", 2)
    }


# Random edits


ME = make.uid("Juny Kim")
MORNING, AFTERNOON, EVENING = map(make.uid, ("international", "national", "evening"))


def _agenda() -> Agenda:
    own_sessions = make.session(
        people=(make.appearance(), make.appearance("Ana Ng")),
        question_blocks=(make.block("KR", minutes=5, minutes_are="per_country"),),
    )
    others = make.session("session-2", people=(make.appearance("Ana Ng"),), number=2)
    closed = make.session("welcome", people=(make.appearance(),))
    hidden = make.session("debriefing", people=(make.appearance("Ana Ng"),))
    return make.agenda(
        make.workshop(own_sessions, others, place=make.text("Room 1")),
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


def _expected_content(agenda: Agenda, viewer: Viewer, listed: set[Any]) -> list[Any]:
    """A second implementation of the personal agenda: all content of e-mails, in English."""
    seen = for_viewer(agenda, viewer)
    own_sessions = {workshop.uid: workshop for workshop in for_person(seen, ME).workshops}
    content: list[Any] = []
    for workshop in seen.workshops:
        if workshop.uid not in listed and workshop.uid not in own_sessions:
            continue
        roles = [
            (appearance.role, str(appearance.name))
            for appearance in workshop.people
            if appearance.person == ME
        ]
        facts = (str(workshop.title), workshop.starts_at, workshop.ends_at, roles)
        place = str(workshop.place or agenda.platform)
        off = workshop.readable and all(row.status == "cancelled" for row in workshop.sessions)
        content.append((facts, place, str(workshop.audience), off))
        own_rows = own_sessions[workshop.uid].sessions if workshop.uid in own_sessions else ()
        content += [_row(agenda.place_of(workshop, row), row) for row in own_rows]
    return content


def _row(place: Any, row: Session) -> Any:
    blocks = [
        (block.countries, block.minutes, block.minutes_are, [str(q.text) for q in block.questions])
        for block in row.question_blocks
    ]
    people = [(appearance.role, str(appearance.name)) for appearance in row.people]
    facts = (row.number, str(row.title), str(row.note), row.starts_at, row.ends_at, row.status)
    return facts, str(place), people, blocks


@settings(max_examples=300, deadline=None)
@given(EDITS, st.booleans(), st.booleans())
def test_personal_changes_exist_exactly_if_the_content_differs(
    edits: list[tuple[str, dict[str, Any]]], attends: bool, is_registered: bool
) -> None:
    old = _agenda()
    new = old
    for key, facts in edits:
        new = _edited(new, key, facts)
    listed = (
        {MORNING} | ({EVENING} if attends else set()) | ({AFTERNOON} if is_registered else set())
    )
    reads = frozenset({MORNING, EVENING} | ({AFTERNOON} if is_registered else set()))
    viewer = Viewer(readable_workshops=reads, people=frozenset({ME}))
    was, now = (
        personal_agenda(for_viewer(release, viewer), ME, listed=listed, without=())
        for release in (old, new)
    )
    reasons = bool(personal_changes(was, now))
    assert reasons == (
        _expected_content(old, viewer, listed) != _expected_content(new, viewer, listed)
    )


def test_reverted_change_is_no_change() -> None:
    old = _agenda()
    there = _edited(old, "session-1", {"starts_at": make.at(9, 25) + timedelta(minutes=5)})
    back = _edited(there, "session-1", {"starts_at": make.at(9, 25)})
    was, now = (personal_agenda(release, ME, listed=(), without=()) for release in (old, back))
    assert personal_changes(was, now) == ()
