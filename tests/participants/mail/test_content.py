"""Content of e-mails for different recipients, time zones and languages, and without secrets."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from participants.access.tokens import PLACEHOLDER
from participants.mail.render import MAX_SUBJECT_LENGTH
from participants.mail.time_text import city_zone, long_time_range
from participants.models import OutgoingMail, Participation, Person
from sessions_app.models import Question, QuestionBlock, Session
from tests import make
from tests.mails import (
    JOIN,
    add_delegate,
    add_panelists,
    draft_for,
    publish,
    recipient_reasons,
    send,
)
from tests.participants.access.test_viewer import AFTERNOON_WORDS
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

KINDS = ("invitation", "reminder", "change", "joining", "cancellation")
MARKUP = "<img src=x onerror=alert(1)> & “Sons”"


@pytest.fixture
def event(programme: str) -> Event:
    """The programme with its panelists on the morning's list and one delegate on both."""
    event = Event.objects.get(slug=programme)
    add_panelists(event)
    add_delegate(event)
    Person.objects.filter(key="adriana-alberti").update(own_clock="America/New_York")
    return event


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def visible_text(mail_html: str) -> str:
    """The text that the HTML of an e-mail shows."""
    content = mail_html.partition("<body")[2].partition(">")[2]
    return html.unescape(re.sub(r"<[^>]*>", " ", content))


def set_join(event: Event, key: str = "international", url: str = JOIN) -> None:
    workshop = event.workshops.get(key=key)
    workshop.join_url, workshop.join_code = url, "48151623"
    workshop.save()


def test_mail_to_new_york_has_the_times_of_new_york(event: Event) -> None:
    text = draft_for(event, "invitation", "adriana-alberti").rendered.text
    assert text.split("\n\n")[6:] == [
        "When and where\n--------------------\n"
        "Tuesday 3 August 2021, 21:30 – Wednesday 4 August 2021, 02:15, New York\n"
        "Wednesday 4 August 2021, 08:30–13:15, Vientiane\n"
        "zoom platform\n"
        "The morning session is international and by invitation only.\n"
        "You are: Overall moderator",
        "Your sessions\n--------------------",
        "Session 1: Critical Role of Leadership for Effective One-Door-Service Centers (ODSCs)\n"
        "Tuesday 3 August, 22:25–22:45, New York\n"
        "You are: Moderator\n"
        "With you:\n"
        "- Panelists: Mr. Abdul Aliyev (Azerbaijan); Mr. James Buyekane (Kenya); "
        "Ms. Vu Thi Kim Chi (Vietnam)\n"
        "3 questions for Azerbaijan, Kenya and Vietnam",
        "Times in New York are EDT, UTC−4.",
        "2 calendar entries are attached.\nYour briefing is attached.",
        "With kind regards\nUnited Nations Department of Economic and Social Affairs (UN DESA)\n",
    ]


def test_mail_has_the_questions_to_the_country_with_minutes(event: Event) -> None:
    text = draft_for(event, "invitation", "juny-kim").rendered.text
    assert "Wednesday 4 August, 14:25–14:45, Seoul\nYou are: Panelist\nWith you:\n" in text
    assert "\nQuestions: Republic of Korea: 5 min per country\n- How did you define the" in text


def test_mail_to_a_delegate_has_time_and_audience_of_each_workshop(event: Event) -> None:
    mail = draft_for(event, "invitation", "dara-phommachanh")
    assert mail.rendered.text.split("\n\n")[6:8] == [
        "Peer-to-Peer Learning Regional Workshop on One-Door-Service Centers\n"
        "--------------------\n"
        "Wednesday 4 August 2021, 08:30–13:15, Vientiane\n"
        "zoom platform\n"
        "The morning session is international and by invitation only.",
        "National Workshop on Lessons Learned and Next Steps in Implementing the One-Door "
        "Service Centers in Lao PDR\n"
        "--------------------\n"
        "Wednesday 4 August 2021, 14:15–16:00, Vientiane\n"
        "zoom platform\n"
        "The afternoon session is internal for Lao Officials and UN only.",
    ]
    assert mail.with_briefing is False


def test_text_and_html_have_the_same_words(event: Event) -> None:
    send(event, "invitation")
    set_join(event)
    send(event, "joining", "juny-kim", "abdul-aliyev")
    set_join(event, url="https://meet.example.org/j/2")
    session = Session.objects.get(key="session-3")
    session.ends_at = make.at(11, 45)
    session.save()
    session.appearances.filter(person__key="juny-kim").get().delete()
    Question.objects.filter(block__session=session).first().delete()
    publish(event)
    Participation.objects.filter(person__key="lee-mui-ling").update(state="withdrawn")
    mails = [
        draft_for(event, kind, key).rendered
        for kind in KINDS
        for key in Person.objects.filter(participations__isnull=False).values_list("key", flat=True)
    ]
    assert len(mails) > 50
    for mail in mails:
        assert words(mail.text.replace(PLACEHOLDER, "")) == words(visible_text(mail.html))


def test_change_has_old_and_new_lines(event: Event) -> None:
    send(event, "invitation")
    session = Session.objects.get(key="session-5")
    session.starts_at, session.ends_at = make.at(12, 20), make.at(12, 40)
    session.save()
    session.appearances.filter(person__key="ruslan-akbarov").get().delete()
    QuestionBlock.objects.filter(session=session, countries="KR").get().questions.first().delete()
    publish(event)
    text = draft_for(event, "change", "juny-kim").rendered.text
    changes = text[text.index("What has changed") : text.index("When and where")]
    assert changes.strip().split("\n\n") == [
        "What has changed\n--------------------",
        "Session 5: Monitoring, Reporting, and Evaluation",
        "Time\n  Before:\n  - Wednesday 4 August, 14:25–14:45, Seoul\n"
        "  Now:\n  - Wednesday 4 August, 14:20–14:40, Seoul",
        "People\n  Before:\n  - Panelist: Mr. Ruslan Akbarov, Head of Division, State Agency for "
        "Public Service and Social Innovations under the President of the Republic of Azerbaijan, "
        "Azerbaijan\n  Now:\n  - –",
        "Questions\n  Before:\n  - Republic of Korea: 5 min per country\n"
        "  - How did you define the monitoring and evaluation framework, including Key "
        "Performance Indicators: what does success mean?\n"
        "  - How is user feedback collected and how is a service culture promoted?\n"
        "  - How did you communicate the progress to the citizens, lawmakers, and political "
        "leaders to continuously get their support?\n"
        "  Now:\n  - Republic of Korea: 5 min per country\n"
        "  - How is user feedback collected and how is a service culture promoted?\n"
        "  - How did you communicate the progress to the citizens, lawmakers, and political "
        "leaders to continuously get their support?",
    ]


def test_removed_role_is_in_the_mail_and_cancels_the_entry(event: Event) -> None:
    send(event, "invitation")
    Session.objects.get(key="session-5").appearances.get(person__key="juny-kim").delete()
    publish(event)
    mail = draft_for(event, "change", "juny-kim")
    text = mail.rendered.text
    assert text[text.index("What has") : text.index("When and where")].strip().split("\n\n") == [
        "What has changed\n--------------------",
        "Session 5: Monitoring, Reporting, and Evaluation",
        "Your role\n  Before:\n  - Wednesday 4 August, 14:25–14:45, Seoul\n  - Panelist\n"
        "  Now:\n  - –",
        "Removed from your calendar\n--------------------\n"
        "- Session 5: Monitoring, Reporting, and Evaluation: "
        "Wednesday 4 August, 14:25–14:45, Seoul",
    ]
    assert [message.method for message in mail.messages] == ["CANCEL"]


def test_workshop_is_cancelled_if_all_its_sessions_are(event: Event) -> None:
    send(event, "invitation")
    for session in Session.objects.filter(workshop__key="national").exclude(kind="break"):
        session.status = "cancelled"
        session.save()
    publish(event)
    reasons = recipient_reasons(event, "change")
    assert reasons["dara-phommachanh"] == (
        "National Workshop on Lessons Learned and Next Steps in Implementing "
        "the One-Door Service Centers in Lao PDR: state."
    )
    # Only on the list of the morning: they may read their own presentation in the afternoon.
    assert reasons["aslam-alam"] == "Presentations of Checklist for Effective ODSCs: state."
    mail = draft_for(event, "change", "dara-phommachanh")
    assert "State\n  Before:\n  - Takes place\n  Now:\n  - Cancelled" in mail.rendered.text
    assert [message.method for message in mail.messages] == ["CANCEL"]


def test_second_invitation_has_no_changes(event: Event) -> None:
    """Mr. Alam has a role in the afternoon and is put on its list later."""
    send(event, "invitation", "aslam-alam")
    person = Person.objects.get(key="aslam-alam")
    make.participation_row(person, event.workshops.get(key="national"), "listed")
    text = draft_for(event, "invitation", "aslam-alam").rendered.text
    assert "What has changed" not in text
    assert "Presentations of Checklist for Effective ODSCs" in text


@pytest.mark.parametrize("kind", KINDS)
def test_mail_has_nothing_of_a_closed_workshop(event: Event, kind: str) -> None:
    set_join(event, "national")
    send(event, "invitation")
    for key in ("juny-kim", "adriana-alberti"):
        mail = draft_for(event, kind, key)
        text = mail.rendered.text + mail.rendered.html + "".join(m.text for m in mail.messages)
        assert [word for word in (*AFTERNOON_WORDS, JOIN, "48151623") if word in text] == []


def test_presenter_in_a_closed_workshop_reads_only_their_session(event: Event) -> None:
    """Mr. Nag speaks in the afternoon and is on the list of the morning."""
    set_join(event, "national")
    person = Person.objects.get(key="debashis-nag")
    Person.objects.filter(pk=person.pk).update(email="nag@example.org")
    make.participation_row(person, event.workshops.get(key="international"), "listed")
    send(event, "invitation")
    mail = draft_for(event, "joining", "debashis-nag")
    text = (
        mail.rendered.text + mail.rendered.html + "".join(message.text for message in mail.messages)
    )
    assert "You are: Presenter" in mail.rendered.text
    assert [word for word in ("Keopanya", "Debriefing", "Saysettha", JOIN) if word in text] == []


def test_join_information_is_only_for_registered_participants(event: Event) -> None:
    set_join(event)

    def with_link(key: str) -> set[str]:
        return {
            kind
            for kind in KINDS
            for mail in [draft_for(event, kind, key)]
            if "48151623" in mail.rendered.text + "".join(message.text for message in mail.messages)
        }

    assert with_link("juny-kim") == set()
    send(event, "invitation")
    assert with_link("juny-kim") == {"joining"}
    send(event, "joining")
    mail = draft_for(event, "change", "juny-kim")
    assert "48151623" not in mail.rendered.text
    Participation.objects.filter(person__key="juny-kim").update(state="declined")
    assert with_link("juny-kim") == set()


def test_moved_entry_keeps_the_join_link(event: Event) -> None:
    set_join(event)
    send(event, "invitation")
    send(event, "joining")
    Session.objects.filter(key="session-5").update(ends_at=make.at(12, 40))
    publish(event)
    mail = draft_for(event, "change", "juny-kim")
    (message,) = mail.messages
    assert f"Join: {JOIN}\\nPasscode: 48151623" in message.text.replace("\r\n ", "")
    assert JOIN not in mail.rendered.text


def test_changed_link_is_sent_to_people_with_the_old_one(event: Event) -> None:
    set_join(event)
    send(event, "invitation")
    send(event, "joining", "juny-kim")
    set_join(event, url="https://meet.example.org/j/2")
    assert recipient_reasons(event, "change") == {"juny-kim": "New joining information."}
    text = draft_for(event, "change", "juny-kim").rendered.text
    assert "This replaces what you were sent before.\nJoin: https://meet.example.org/j/2\n" in text
    send(event, "change")
    assert recipient_reasons(event, "change") == {}


def test_markup_is_escaped_in_html_only(event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(full_name_en=MARKUP, position_en=MARKUP)
    Session.objects.filter(key="session-5").update(title_en=MARKUP, note_en=f"{MARKUP}\n- {MARKUP}")
    Workshop.objects.filter(key="international").update(audience_en=MARKUP, place_en=MARKUP)
    Event.objects.update(title_en=MARKUP)
    publish(event)
    mail = draft_for(event, "invitation", "juny-kim").rendered
    assert f"Dear Ms. {MARKUP}," in mail.text
    assert ("<img" in mail.html, "&lt;img src=x onerror=alert(1)&gt; &amp;" in mail.html) == (
        False,
        True,
    )
    assert mail.subject == f"Invitation: {MARKUP}"


def test_subject_is_one_short_line(event: Event) -> None:
    Event.objects.update(title_en="Peer\r\nBcc: all@example.org\n" + "learning " * 40)
    publish(event)
    subject = draft_for(event, "invitation", "juny-kim").rendered.subject
    assert subject.startswith("Invitation: Peer Bcc: all@example.org learning")
    assert (len(subject) <= MAX_SUBJECT_LENGTH, subject[-9:], "\n" in subject) == (
        True,
        "learning…",
        False,
    )


def test_mail_in_lao_has_lao_texts_if_they_exist(event: Event) -> None:
    person = Person.objects.get(key="dara-phommachanh")
    person.full_name_lo, person.language = "ດາລາ ພົມມະຈັນ", "lo"
    person.save()
    Workshop.objects.filter(key="national").update(title_lo="ກອງປະຊຸມ")
    publish(event)
    mail = draft_for(event, "invitation", "dara-phommachanh").rendered
    assert "Dear ດາລາ ພົມມະຈັນ," in mail.text
    assert "\n\nກອງປະຊຸມ\n" in mail.text
    assert '<html lang="lo">' in mail.html
    assert '<span lang="lo">ກອງປະຊຸມ</span>' in mail.html


def test_no_mail_has_a_token(event: Event) -> None:
    send(event, "invitation")
    mails = OutgoingMail.objects.all()
    assert mails.count() == 19
    for mail in mails:
        assert (mail.text.count(PLACEHOLDER), mail.html.count(PLACEHOLDER)) == (1, 1)
        assert "/me/" not in mail.text + mail.html + "".join(mail.calendars)


def test_person_removed_from_every_list_gets_no_link(event: Event) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="juny-kim").update(state="withdrawn")
    mail = draft_for(event, "cancellation", "juny-kim")
    assert PLACEHOLDER not in mail.rendered.text + mail.rendered.html
    assert (
        "You are no longer on the list of participants of “Peer-to-Peer Learning Regional "
        "Workshop on One-Door-Service Centers”." in mail.rendered.text
    )
    assert [message.method for message in mail.messages] == ["CANCEL"] * 4


@pytest.mark.parametrize(
    ("start", "end", "key", "expected"),
    [
        (1, 2, "America/New_York", "Tuesday 3 August, 21:00–22:00, New York"),
        (3, 5, "America/New_York", "Tuesday 3 August, 23:00 – Wednesday 4 August, 01:00, New York"),
        (3, 5, "Asia/Kathmandu", "Wednesday 4 August, 08:45–10:45, Kathmandu"),
        (3, 5, "UTC", "Wednesday 4 August, 03:00–05:00, UTC"),
    ],
)
def test_time_range_has_day_and_place(start: int, end: int, key: str, expected: str) -> None:
    moments = (datetime(2021, 8, 4, hour, tzinfo=UTC) for hour in (start, end))
    assert long_time_range(*moments, city_zone(key)) == expected


def test_time_range_names_the_zone_if_the_clock_changes() -> None:
    start, end = (datetime(2021, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6))
    text = long_time_range(start, end, city_zone("America/New_York")).replace(
        "\N{NO-BREAK SPACE}", " "
    )
    assert text == "Sunday 7 November, 01:30 EDT–01:30 EST, New York"


def test_mail_without_a_known_zone_uses_the_zone_of_the_event(event: Event, settings: Any) -> None:
    assert Person.objects.get(key="bokyun-shim").preferred_zone_key == ""
    text = draft_for(event, "invitation", "bokyun-shim").rendered.text
    assert (
        "Times in Vientiane are UTC+7.\n"
        "We do not know your time zone; on your own page you can choose it.\n" in text
    )
    assert text.count("Wednesday 4 August 2021, 08:30–13:15, Vientiane") == 1
