"""Each change of what a person's own pages show is in their next response, however it is made."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from participants.access import personal_links, tokens
from participants.models import Participation, Person, PersonalLink, SessionReply
from participants.privacy import erasure
from sessions_app.models import Appearance, Session
from sessions_app.publishing import services
from sessions_app.response_cache import personal, versions
from tests import make
from tests.participants.access.test_viewer_of_people import signed_in
from tests.sessions_app.response_cache.test_personal import without_token
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db
MORNING = make.at(8)
CALENDAR = PersonalLink.Purpose.CALENDAR


@dataclass(frozen=True)
class Own:
    """A person with a session, and a reply to its workshop, without one to the session itself."""

    person: Person
    colleague: Person
    client: Client
    feed: str

    def pages(self) -> tuple[bytes, bytes]:
        """Personal page and calendar feed, as the cache has them or not."""
        page, feed = self.client.get("/me/"), Client().get(self.feed)
        return without_token(page.content), feed.content

    def shows(self, change: Callable[[], object]) -> bool:
        """Whether a change is in the next response; that is always the one without a cache."""
        before = self.pages()
        assert self.pages() == before
        change()
        after = self.pages()
        personal.CACHE.clear()
        assert self.pages() == after
        return after != before


@pytest.fixture(autouse=True)
def _clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A fixed time: the version of a personal page contains the minute."""
    monkeypatch.setattr(timezone, "now", lambda: MORNING)
    return iter(())


@pytest.fixture
def own(db: None) -> Own:
    """Person and colleague are in the session of the morning, a third person in the afternoon."""
    event = make.event_row(languages="en,lo")
    join = {"join_url": "https://example.org/8"}
    morning = make.workshop_row(event, readership="those_let_in", room="MOHA", **join)
    session = make.session_row(morning, title_lo="ພາວະຜູ້ນຳ")
    later = {"starts_at": make.at(14), "ends_at": make.at(15)}
    afternoon = make.session_row(make.workshop_row(event, "national", **later), **later)
    person, colleague = make.person_row(country="KR"), make.person_row("Debashis Nag", country="BD")
    make.appearance_row(person, session=session)
    make.appearance_row(colleague, session=session, role="moderator")
    guest = make.person_row("Karma Yangzom", country="BT")
    make.appearance_row(guest, session=afternoon, role="moderator")
    make.participation_row(person, morning, "accepted", attends_by="office", office="Vientiane")
    services.publish(event=event, now=MORNING)
    link = personal_links.renew_calendar(person=person, now=MORNING)
    feed = f"/me/calendar/{tokens.token_of(link)}.ics"
    return Own(person, colleague, signed_in(person), feed)


DECLINED = {"state": "declined"}
IN_ROOM = {"attends_by": "room", "office": ""}
# What a page shows of each table: other values, after those under which they are shown.
SHOWN: tuple[tuple[type[Model], dict[str, object], dict[str, object]], ...] = (
    (Person, {}, {"honorific_en": "Dr."}),
    (Person, {}, {"full_name_en": "Juny K. Kim"}),
    (Person, {}, {"country": "LA"}),
    (Person, {}, {"zone": "Asia/Tokyo"}),
    (Person, {}, {"own_clock": "Asia/Tokyo"}),
    (Person, {}, {"language": "lo"}),
    (Person, {}, {"key": "juny-kim-2"}),
    (Participation, {}, {"state": "tentative"}),
    (Participation, {}, {"state": "withdrawn"}),
    (Participation, {}, {"role": "observer"}),
    (Participation, {}, IN_ROOM),
    (Participation, {}, {"office": "Luang Prabang"}),
    (Participation, {}, {"language": "lo"}),
    (Participation, {}, {"note": "Vegetarian"}),
    (Participation, DECLINED, {"substitute_name": "Grace"}),
    (Participation, DECLINED | {"substitute_name": "Grace"}, {"substitute_email": "g@a.org"}),
    (Workshop, {}, {"join_url": "https://example.org/9"}),
    (Workshop, {}, {"join_code": "1234"}),
    (Workshop, {}, {"readership": "those_let_in"}),
    (Session, {}, {"dropped_at": MORNING}),
    (PersonalLink, {}, {"revoked_at": MORNING}),
    (PersonalLink, {}, {"expires_at": MORNING}),
)


@pytest.mark.parametrize(("model", "given", "columns"), SHOWN)
def test_change_of_a_column_is_shown(
    own: Own, model: Any, given: dict[str, object], columns: dict[str, object]
) -> None:
    rows = model.objects.filter(pk=own.person.pk) if model is Person else model.objects.all()
    rows.update(**given)
    assert own.shows(lambda: rows.update(**columns))


def take_off_all_lists(own: Own) -> None:
    Participation.objects.all()._raw_delete("default")  # as erasure does it


def add_to_list(own: Own) -> None:
    national = Workshop.objects.get(key="national")
    Participation.objects.bulk_create([Participation(workshop=national, person=own.person)])
    Participation.objects.filter(workshop=national).update(state="invited")


def move_to_colleague(own: Own) -> None:
    Participation.objects.update(person=own.colleague)


def reply_to_the_session(own: Own) -> None:
    row, session = Participation.objects.get(), Session.objects.get(workshop__key="international")
    SessionReply.objects.bulk_create(
        [SessionReply(participation=row, session=session, takes_part=True)]
    )


def move_session(own: Own) -> None:
    Session.objects.update(workshop=Workshop.objects.get(key="national"))


def delete_session(own: Own) -> None:
    Session.objects.all().delete()


def publish(own: Own) -> None:
    Session.objects.update(title_en="Handover", title="Handover")
    services.publish(event=Event.objects.get(), now=MORNING)


def publish_first_event_that_names_them(own: Own) -> None:
    event = make.event_row("other")
    session = make.session_row(make.workshop_row(event))
    make.appearance_row(own.person, session=session, role="moderator")
    services.publish(event=event, now=MORNING)


def erase_colleague(own: Own) -> None:
    erasure.erase(person=own.colleague)


def renew_calendar(own: Own) -> None:
    personal_links.renew_calendar(person=own.person, now=MORNING)


@pytest.mark.parametrize(
    "change",
    [
        *(take_off_all_lists, add_to_list, move_to_colleague, reply_to_the_session),
        *(move_session, delete_session, publish, publish_first_event_that_names_them),
        *(erase_colleague, renew_calendar),
    ],
)
def test_change_of_rows_is_shown(own: Own, change: Callable[[Own], None]) -> None:
    assert own.shows(lambda: change(own))


def test_new_room_is_shown_to_those_who_attend_there(own: Own) -> None:
    Participation.objects.update(**IN_ROOM)
    assert own.shows(lambda: Workshop.objects.update(room="ICTC"))


def test_reply_to_a_session_can_be_deleted(own: Own) -> None:
    reply_to_the_session(own)
    assert own.shows(SessionReply.objects.all().delete)


def test_readership_concerns_a_person_who_is_on_no_list(own: Own) -> None:
    Participation.objects.all().delete()
    Appearance.objects.filter(person=own.person).delete()  # not published yet
    assert own.shows(lambda: Workshop.objects.update(readership="those_let_in"))


def test_version_never_returns_when_an_old_copy_is_saved(own: Own) -> None:
    seen, copy = set(), Person.objects.get(pk=own.person.pk)
    for zone in ("Asia/Tokyo", "Asia/Baku", ""):
        Person.objects.filter(pk=copy.pk).update(own_clock=zone)
        seen.add(versions.personal_version(copy.pk))
        copy.save()
        seen.add(versions.personal_version(copy.pk))
    assert len(seen) == 6


def test_edits_that_no_page_shows_keep_the_version(own: Own) -> None:
    before = versions.personal_version(own.person.pk)
    Session.objects.update(title_en="Handover", title="Handover")
    Person.objects.filter(pk=own.colleague.pk).update(zone="Asia/Baku")
    assert versions.personal_version(own.person.pk) == before
