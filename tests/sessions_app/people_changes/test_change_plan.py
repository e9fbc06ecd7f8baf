"""Changes of people: the rows become exactly the plan, or stay unchanged."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from participants.models import Person
from sessions_app import models
from sessions_app.agenda.types import Agenda
from sessions_app.people_changes import merge, replace, withdraw
from sessions_app.people_changes.assignments import Placeholder
from sessions_app.people_changes.change_plan import PeoplePlan
from sessions_app.people_changes.replace import NameConfirmation, NewPerson, Replacement
from sessions_app.people_changes.withdraw import Withdrawal
from sessions_app.publishing import services
from sessions_app.publishing.queries import get_draft
from tests import make
from workshop.editing.plans import PlanChanged
from workshop.models import Event

pytestmark = pytest.mark.django_db

GRACE = NewPerson(
    full_name="Grace Wanjikũ",
    honorific="Ms.",
    position="Director",
    organisation="Huduma Kenya Programme",
    country="KE",
    email="grace@example.org",
)
ROLES = ("moderator", "panelist", "presenter")


@pytest.fixture
def event(programme: str) -> Event:
    return Event.objects.get(slug=programme)


def person(key: str) -> Person:
    return Person.objects.get(key=key)


def uid_of(key: str) -> uuid.UUID:
    return models.Session.objects.get(key=key).uid


def everywhere(event: Event, key: str) -> frozenset[uuid.UUID]:
    draft = get_draft(event)
    wanted = person(key).uid
    rows = {
        session.uid
        for session in draft.sessions()
        if wanted in {it.person for it in session.everybody}
    }
    whole = {
        workshop.uid
        for workshop in draft.workshops
        if wanted in {it.person for it in workshop.people}
    }
    return frozenset(rows | whole)


def replaced(event: Event, former: str, by: Any, places: Any = None) -> PeoplePlan:
    chosen = everywhere(event, former) if places is None else frozenset(places)
    wanted = Replacement(person(former).uid, by, chosen)
    return replace.apply(event, wanted, fingerprint=replace.plan(event, wanted).fingerprint)


def withdrawn(event: Event, country: str, places: Any = None) -> PeoplePlan:
    chosen = places_of(event) if places is None else places
    wanted = Withdrawal(country, frozenset(chosen))
    return withdraw.apply(event, wanted, fingerprint=withdraw.plan(event, wanted).fingerprint)


def merged(kept: Person, duplicate: Person) -> merge.MergePlan:
    pair = {"kept_person": kept.uid, "duplicate": duplicate.uid}
    return merge.apply(**pair, fingerprint=merge.plan(**pair).fingerprint)


def places_of(event: Event) -> frozenset[uuid.UUID]:
    draft = get_draft(event)
    return frozenset(each.uid for each in (*draft.workshops, *draft.sessions()))


def in_session(event: Event, key: str) -> list[tuple[str, str]]:
    """Roles and names, those of talks after those of the row."""
    session = next(session for session in get_draft(event).sessions() if session.key == key)
    return [(who.role, str(who.name)) for who in session.everybody]


def rows() -> list[dict[str, Any]]:
    return list(models.Appearance.objects.order_by("uid").values())


# Replacing


def test_new_person_takes_every_part_in_its_role_and_order(event: Event) -> None:
    before = in_session(event, "session-2")
    plan = replaced(event, "james-buyekane", GRACE)
    assert len(plan.reassignments) == 5
    assert in_session(event, "session-2") == [
        (role, "Ms. Grace Wanjikũ" if name == "Mr. James Buyekane" else name)
        for role, name in before
    ]
    assert get_draft(event) == plan.after
    row = person("grace-wanjiku")
    assert (row.sort_name, row.email, row.zone_key) == (
        "Wanjikũ, Grace",
        "grace@example.org",
        "Africa/Nairobi",
    )
    assert person("james-buyekane").appearances.count() == 0


@pytest.mark.parametrize(
    ("full_name", "key"),
    [("Aslam Alam", "aslam-alam-2"), ("Đặng Thị Ngọc", "dang-thi-ngoc"), ("ທອງຈັນ", "person")],
)
def test_key_of_a_new_person_is_one_that_nobody_has(event: Event, full_name: str, key: str) -> None:
    plan = replaced(event, "keping-yao", NewPerson(full_name=full_name))
    assert plan.newcomer is not None
    assert (plan.newcomer.key, str(person(key))) == (key, full_name)


def test_only_the_chosen_places_change(event: Event) -> None:
    before = in_session(event, "session-1")
    plan = replaced(event, "james-buyekane", person("keping-yao").uid, [uid_of("session-2")])
    assert [str(swap.assignment.holder.uid) for swap in plan.reassignments] == [
        str(uid_of("session-2"))
    ]
    assert in_session(event, "session-1") == before
    assert ("panelist", "Mr. Keping Yao") in in_session(event, "session-2")


def test_parts_in_talks_and_over_whole_workshops_change_too(event: Event) -> None:
    plan = replaced(event, "jonas-rabinovitch", person("keping-yao").uid)
    assert sorted(
        (swap.assignment.appearance.role, type(swap.assignment.holder).__name__)
        for swap in plan.reassignments
    ) == [
        ("facilitator", "Workshop"),
        ("moderator", "Session"),
        ("moderator", "Workshop"),
        ("presenter", "Presentation"),
    ]
    assert person("jonas-rabinovitch").appearances.count() == 0
    assert get_draft(event) == plan.after


def test_newcomer_with_the_role_already_is_not_added_twice(event: Event) -> None:
    plan = replaced(event, "adriana-alberti", person("bokyun-shim").uid)
    assert [swap.after and str(swap.after.name) for swap in plan.reassignments] == [
        None,
        "Mr. Bokyun Shim",
    ]
    overall = models.Appearance.objects.filter(workshop__key="international", role="moderator")
    assert [str(row.person) for row in overall] == ["Mr. Bokyun Shim", "Mr. Jonas Rabinovitch"]
    assert get_draft(event) == plan.after


def test_affiliation_printed_in_one_place_is_replaced_with_the_person(event: Event) -> None:
    plan = replaced(event, "laty-phimmachack", person("nisith-keopanya").uid)
    (roadmap,) = (
        who
        for session in get_draft(event).sessions()
        if session.key == "odsc-roadmap"
        for who in session.people
    )
    assert (str(roadmap.position), str(roadmap.organisation)) == (
        "Deputy Minister of Home Affairs",
        "",
    )
    row = models.Appearance.objects.get(session__key="odsc-roadmap")
    assert (row.position, row.organisation, row.organisation_en) == ("", "", "")
    assert get_draft(event) == plan.after


def test_plan_has_the_new_findings_of_the_checks(event: Event) -> None:
    wanted = Replacement(
        person("james-buyekane").uid, person("lee-mui-ling").uid, frozenset({uid_of("session-5")})
    )
    assert [
        (finding.code, finding.sessions, finding.people)
        for finding in replace.plan(event, wanted).findings
    ] == [
        ("country_without_panelist", ("session-5",), ()),
        ("panelist_without_questions", ("session-5",), ("lee-mui-ling",)),
    ]


def test_plan_writes_nothing(event: Event) -> None:
    before, people = rows(), Person.objects.count()
    replace.plan(
        event,
        Replacement(person("juny-kim").uid, GRACE, everywhere(event, "juny-kim")),
    )
    withdraw.plan(event, Withdrawal("KR", places_of(event)))
    assert (rows(), Person.objects.count()) == (before, people)


def test_changed_rows_refuse_a_replacement_whole(event: Event) -> None:
    wanted = Replacement(person("juny-kim").uid, GRACE, everywhere(event, "juny-kim"))
    mark = replace.plan(event, wanted).fingerprint
    models.Appearance.objects.filter(person__key="juny-kim", session__key="session-5").delete()
    before, people = rows(), Person.objects.count()
    with pytest.raises(PlanChanged):
        replace.apply(event, wanted, fingerprint=mark)
    assert (rows(), Person.objects.count()) == (before, people)


def test_same_new_person_typed_again_has_the_same_fingerprint(event: Event) -> None:
    wanted = Replacement(person("juny-kim").uid, GRACE, everywhere(event, "juny-kim"))
    marks = {replace.plan(event, wanted).fingerprint for _time in range(2)}
    other = Replacement(wanted.former, person("keping-yao").uid, wanted.items)
    assert len(marks) == 1
    assert replace.plan(event, other).fingerprint not in marks


def test_newcomer_whose_row_is_deleted_is_refused(event: Event) -> None:
    wanted = Replacement(person("juny-kim").uid, uuid.uuid4(), everywhere(event, "juny-kim"))
    with pytest.raises(PlanChanged):
        replace.plan(event, wanted)


def test_history_remembers_who_was_there(event: Event) -> None:
    replaced(event, "james-buyekane", GRACE, [uid_of("session-2")])
    row = models.Appearance.objects.get(session__key="session-2", person__key="grace-wanjiku")
    assert [str(each.person) for each in row.history.all()] == [
        "Ms. Grace Wanjikũ",
        "Mr. James Buyekane",
    ]
    assert Person.history.get(key="grace-wanjiku").history_type == "+"


def test_restoring_the_last_release_takes_everything_back(event: Event) -> None:
    before = get_draft(event)
    twin = make.person_row("Kim Juny", email="kim@example.org")
    replaced(event, "james-buyekane", GRACE)
    withdrawn(event, "BD")
    merged(twin, person("juny-kim"))
    release = models.Release.objects.newest(event.slug)
    assert release is not None
    assert services.restore(release=release, now=make.at(8)) == (release, False)
    assert get_draft(event) == before


# Names to be confirmed


def test_name_to_be_confirmed_keeps_role_and_order_and_prints_what_is_typed(event: Event) -> None:
    seat = Placeholder(make.text("Director"), make.text("Huduma Kenya Programme"))
    plan = replaced(event, "james-buyekane", seat, [uid_of("session-2")])
    row = models.Appearance.objects.get(session__key="session-2", stands_for="to_be_confirmed")
    assert (row.person, row.role, row.order) == (None, "panelist", 2)
    assert (row.position, row.organisation) == ("Director", "Huduma Kenya Programme")
    assert get_draft(event) == plan.after
    assert [finding.code for finding in plan.findings] == ["country_without_panelist"]


def naming(event: Event, seat: uuid.UUID, by: Any, **options: Any) -> PeoplePlan:
    wanted = NameConfirmation(seat, by, **options)
    return replace.apply(event, wanted, fingerprint=replace.plan(event, wanted).fingerprint)


def test_name_is_filled_in_where_it_is_asked_and_not_beside_it(event: Event) -> None:
    session = models.Session.objects.get(key="session-2")
    first, second = (
        make.appearance_row(session=session, stands_for="to_be_confirmed", order=order)
        for order in (7, 8)
    )
    assert [uid for _part, uid in replace.list_placeholders(get_draft(event))] == [
        first.uid,
        second.uid,
    ]
    plan = naming(event, second.uid, person("keping-yao").uid)
    assert in_session(event, "session-2")[-2:] == [("panelist", ""), ("panelist", "Mr. Keping Yao")]
    assert get_draft(event) == plan.after


@pytest.mark.parametrize(
    ("keep_text", "printed"),
    [(True, ("", "MOHA")), (False, ("Deputy Minister of Home Affairs", ""))],
)
def test_text_of_the_place_is_kept_if_asked(
    event: Event, keep_text: bool, printed: tuple[str, str]
) -> None:
    seat = make.appearance_row(
        session=models.Session.objects.get(key="session-2"),
        stands_for="to_be_confirmed",
        organisation_en="MOHA",
        order=9,
    )
    plan = naming(event, seat.uid, person("nisith-keopanya").uid, keep_text=keep_text)
    (swap,) = plan.reassignments
    assert swap.after is not None
    assert (str(swap.after.position), str(swap.after.organisation)) == printed
    assert get_draft(event) == plan.after


def test_place_that_has_its_name_already_is_not_named_again(event: Event) -> None:
    row = models.Appearance.objects.get(person__key="juny-kim", session__key="session-2")
    with pytest.raises(PlanChanged):
        naming(event, row.uid, person("keping-yao").uid)


# Withdrawing


def test_country_leaves_with_its_people_its_blocks_and_its_place_in_others(event: Event) -> None:
    blocks = models.QuestionBlock.objects.filter(session__key="session-5").count()
    plan = withdrawn(event, "KE")
    assert {swap.assignment.appearance.country for swap in plan.reassignments} == {"KE"}
    assert len(plan.reassignments) == 5
    assert [
        (cut.session.key, cut.freed_minutes, cut.after is None) for cut in plan.block_changes
    ] == [
        ("session-1", 5, False),
        ("session-2", 6, False),
        ("session-3", 6, False),
        ("session-5", 5, True),
        ("lessons-learned", 0, False),
    ]
    assert models.QuestionBlock.objects.filter(session__key="session-5").count() == blocks - 1
    assert models.Question.history.filter(history_type="-").count() == 1
    assert "KE" not in get_draft(event).countries()
    assert get_draft(event) == plan.after


def test_minutes_in_total_stay_with_the_countries_that_are_left(event: Event) -> None:
    plan = withdrawn(event, "BD")
    (total,) = (cut for cut in plan.block_changes if cut.block.minutes_are == "in_total")
    assert total.after is not None
    assert (total.block.countries, total.after.countries) == (("AZ", "BD"), ("AZ",))
    assert (total.after.minutes, total.after.minutes_are, total.freed_minutes) == (6, "in_total", 0)


def test_country_leaves_only_the_chosen_sessions(event: Event) -> None:
    before = get_draft(event)
    plan = withdrawn(event, "KE", {uid_of("session-5")})
    changed = [
        one.key
        for one, two in zip(before.sessions(), get_draft(event).sessions(), strict=True)
        if one != two
    ]
    assert (changed, len(plan.reassignments), len(plan.block_changes)) == (["session-5"], 1, 1)


def test_changed_rows_refuse_a_withdrawal_whole(event: Event) -> None:
    wanted = Withdrawal("KE", places_of(event))
    mark = withdraw.plan(event, wanted).fingerprint
    question = models.Question.objects.filter(block__session__key="session-5").first()
    assert question is not None
    for row in models.Question.objects.filter(block__session__key="session-5"):
        row.text_en += " Why?"
        row.save()
    before = get_draft(event)
    with pytest.raises(PlanChanged):
        withdraw.apply(event, wanted, fingerprint=mark)
    assert get_draft(event) == before


def test_country_that_is_nowhere_has_nothing_to_leave(event: Event) -> None:
    with pytest.raises(PlanChanged):
        withdrawn(event, "FR")


# Merging


def test_kept_person_takes_empty_fields_and_all_appearances_of_the_duplicate() -> None:
    kept_person = make.person_row("Juny Kim", honorific_en="Ms.", country="KR", zone="Asia/Seoul")
    duplicate = make.person_row(
        "Kim Juny", honorific_en="Dr.", position_en="Director", position_lo="ຫົວໜ້າ", country="US"
    )
    sessions = [
        make.session_row(make.workshop_row(make.event_row(slug)), **columns)
        for slug, columns in (("one", {}), ("two", {"dropped_at": make.at(8)}))
    ]
    for session in sessions:
        make.appearance_row(duplicate, session=session)
    make.appearance_row(duplicate, session=sessions[0], role="moderator", order=3)
    kept = make.appearance_row(kept_person, session=sessions[0], order=2)
    done = merged(kept_person, duplicate)
    assert {pair.column: pair.merged for pair in done.differences} == {
        "honorific_en": "Ms.",
        "full_name_en": "Juny Kim",
        "position_en": "Director",
        "position_lo": "ຫົວໜ້າ",
        "sort_name": "Juny Kim",
        "country": "KR",
        "zone": "Asia/Seoul",
    }
    assert sorted(
        (appearance.event, appearance.is_repeated, appearance.is_dropped)
        for appearance in done.appearances
    ) == [
        ("Event", False, False),
        ("Event", False, True),
        ("Event", True, False),
    ]
    kept_person.refresh_from_db()
    assert (kept_person.position_en, kept_person.position_lo) == ("Director", "ຫົວໜ້າ")
    assert [
        (row.person, row.role, row.session.event.slug)
        for row in models.Appearance.objects.order_by("session__event__slug", "order")
    ] == [
        (kept_person, "panelist", "one"),
        (kept_person, "moderator", "one"),
        (kept_person, "panelist", "two"),
    ]
    assert models.Appearance.objects.filter(pk=kept.pk).exists()
    assert [row.key for row in Person.objects.all()] == ["juny-kim"]
    assert Person.history.filter(key="kim-juny", history_type="-").count() == 1


def test_addresses_of_the_duplicate_lead_to_the_kept_person(event: Event, client: Client) -> None:
    kim = person("juny-kim")
    middle, last = make.person_row("Kim Juny"), make.person_row("Dr Juny Kim", key="dr-kim")
    merged(middle, kim)
    merged(last, middle)
    assert services.publish(event=event, now=make.at(9))[1]
    paths = [f"/{event.slug}/people/{key}" for key in ("dr-kim", "kim-juny", "juny-kim")]
    calendars = {client.get(f"{path}.ics").content for path in paths}
    assert len(calendars) == 1
    assert calendars.pop().count(b"BEGIN:VEVENT") == 4
    assert [b"Ms. Dr Juny Kim" in client.get(f"{path}/").content for path in paths] == [True] * 3
    replaced(event, "keping-yao", NewPerson(full_name="Juny Kim"))
    assert person("juny-kim-2").full_name_en == "Juny Kim"


def test_restoring_an_older_release_gives_the_address_back(event: Event, client: Client) -> None:
    merged(make.person_row("Kim Juny"), person("juny-kim"))
    services.publish(event=event, now=make.at(9))
    first = models.Release.objects.get(number=1)
    services.restore(release=first, now=make.at(10))
    assert (person("juny-kim").appearances.count(), person("kim-juny").former_keys) == (
        4,
        "juny-kim",
    )
    assert b"Session 2" in client.get(f"/{event.slug}/people/juny-kim.ics").content
    assert client.get(f"/{event.slug}/people/kim-juny.ics").status_code == 404


def test_changed_rows_refuse_a_merge() -> None:
    kept_person, duplicate = make.person_row("Juny Kim"), make.person_row("Kim Juny")
    mark = merge.plan(kept_person=kept_person.uid, duplicate=duplicate.uid).fingerprint
    duplicate.position_en = "Director"
    duplicate.save()
    for pair in (
        (kept_person.uid, duplicate.uid),
        (duplicate.uid, kept_person.uid),
        (kept_person.uid, kept_person.uid),
    ):
        with pytest.raises(PlanChanged):
            merge.apply(kept_person=pair[0], duplicate=pair[1], fingerprint=mark)
    assert Person.objects.count() == 2


def test_likely_duplicates_have_one_address_or_one_name() -> None:
    kim = make.person_row("Juny Kim", email="Kim@example.org")
    again = make.person_row("KIM Júny", honorific_en="Dr.")
    other = make.person_row("J. K.", email="kim@example.org")
    lao = [make.person_row(key, full_name_lo="ທອງຈັນ ມະນີໄຊ") for key in ("Thongchan", "Thongchanh")]
    make.person_row("Somebody Else")
    found = {
        (frozenset((pair.first, pair.second)), pair.by_name, pair.by_email)
        for pair in merge.likely_duplicates({kim.uid, lao[0].uid})
    }
    assert found == {
        (frozenset((kim.uid, again.uid)), True, False),
        (frozenset((kim.uid, other.uid)), False, True),
        (frozenset(each.uid for each in lao), True, False),
    }
    assert merge.likely_duplicates({again.uid}) != ()
    assert merge.likely_duplicates(frozenset()) == ()


# Whatever the programme

Cast = st.lists(
    st.tuples(st.integers(0, 3), st.sampled_from(ROLES), st.integers(0, 3)), unique=True, max_size=9
)


def drawn(cast: list[tuple[int, str, int]]) -> tuple[Event, list[Person]]:
    """An event in which person `i` of four has a role in holder `k` of four; two countries ask."""
    event = make.event_row(f"event-{uuid.uuid4()}")
    workshop = make.workshop_row(event)
    sessions = [
        make.session_row(workshop, starts_at=make.at(hour), ends_at=make.at(hour, 30))
        for hour in (9, 10)
    ]
    talk = models.Presentation.objects.create(session=sessions[1], title_en="A talk")
    for countries in (["KE"], ["KE", "KR"]):
        block = models.QuestionBlock.objects.create(
            session=sessions[0], countries=countries, minutes=5, minutes_are="per_country"
        )
        models.Question.objects.create(block=block, text_en="How?")
    people = [
        make.person_row(f"Person {number}", key=f"{number}-{uuid.uuid4()}", country=country)
        for number, country in enumerate(("KE", "KE", "KR", ""))
    ]
    holders = (
        *({"session": session} for session in sessions),
        {"presentation": talk},
        {"workshop": workshop},
    )
    for order, (who, role, where) in enumerate(cast):
        make.appearance_row(people[who], role=role, order=order, **holders[where])
    return event, people


def applied(do: Callable[[str], PeoplePlan], plan: PeoplePlan, event: Event) -> Agenda:
    """The draft after applying the plan; what has nothing to do is refused."""
    if plan.is_applicable:
        do(plan.fingerprint)
    else:
        with pytest.raises(PlanChanged):
            do(plan.fingerprint)
    return get_draft(event)


@settings(deadline=None, max_examples=20)
@given(cast=Cast, former=st.integers(0, 3), newcomer=st.integers(0, 3))
def test_draft_becomes_what_was_planned(
    cast: list[tuple[int, str, int]], former: int, newcomer: int
) -> None:
    event, people = drawn(cast)
    places = places_of(event)
    by = (
        people[newcomer].uid
        if newcomer != former
        else Placeholder(make.text("Chair"), make.text(""))
    )
    wanted = Replacement(people[former].uid, by, places)
    replacing = replace.plan(event, wanted)
    draft = applied(lambda mark: replace.apply(event, wanted, fingerprint=mark), replacing, event)
    assert draft == replacing.after
    leaving = Withdrawal("KE", places)
    leave = withdraw.plan(event, leaving)
    draft = applied(lambda mark: withdraw.apply(event, leaving, fingerprint=mark), leave, event)
    assert draft == leave.after


@settings(deadline=None, max_examples=20)
@given(cast=Cast)
def test_there_and_back_gives_the_same_appearances(cast: list[tuple[int, str, int]]) -> None:
    event, people = drawn([each for each in cast if each[0] != 3])
    before, there, back = rows(), people[0].uid, people[3].uid
    for former, by in ((there, back), (back, there)):
        wanted = Replacement(former, by, places_of(event))
        plan = replace.plan(event, wanted)
        if plan.is_applicable:
            replace.apply(event, wanted, fingerprint=plan.fingerprint)
    assert rows() == before
