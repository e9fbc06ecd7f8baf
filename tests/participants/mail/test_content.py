"""Mails: what they say, to whom, on which clock; what they never say."""

import html
import re
from datetime import UTC, datetime
from typing import Any

import pytest

from participants.access.tokens import PLACEHOLDER
from participants.mail.render import LONGEST_SUBJECT
from participants.mail.time_text import clock_of, when
from participants.models import Letter, Participation, Person
from sessions_app.models import Question, QuestionBlock, Session
from tests import make
from tests.mails import JOIN, delegate, made, on_list, publish, send, who
from tests.participants.access.test_permissions import SECRETS
from workshop.models import Event, Workshop

pytestmark = pytest.mark.django_db

KINDS = ("invitation", "reminder", "change", "joining", "cancellation")
MARKUP = "<img src=x onerror=alert(1)> & “Sons”"


@pytest.fixture
def event(programme: str) -> Event:
    """The programme with its panelists on the morning's list and one delegate on both."""
    event = Event.objects.get(slug=programme)
    on_list(event)
    delegate(event)
    Person.objects.filter(key="adriana-alberti").update(own_clock="America/New_York")
    return event


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def body(mail: str) -> str:
    """What a mail's HTML shows."""
    shown = mail.partition("<body")[2].partition(">")[2]
    return html.unescape(re.sub(r"<[^>]*>", " ", shown))


def set_join(event: Event, key: str = "international", url: str = JOIN) -> None:
    workshop = event.workshops.get(key=key)
    workshop.join_url, workshop.join_code = url, "48151623"
    workshop.save()


def test_panelist_in_new_york_reads_new_yorks_clock(event: Event) -> None:
    text = made(event, "invitation", "adriana-alberti").written.text
    assert text.split("\n\n")[6:] == [
        "When and where\n--------------------\n"
        "Tuesday 3 August 2021, 21:30 – Wednesday 4 August 2021, 02:15, New York\n"
        "Wednesday 4 August 2021, 08:30–13:15, Vientiane\n"
        "zoom platform\n"
        "The morning session is international and by invitation only.\n"
        "You are: Overall moderator",
        "Your part\n--------------------",
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


def test_panelist_reads_their_countrys_questions_with_minutes(event: Event) -> None:
    text = made(event, "invitation", "juny-kim").written.text
    assert "Wednesday 4 August, 14:25–14:45, Seoul\nYou are: Panelist\nWith you:\n" in text
    assert "\nQuestions: Republic of Korea: 5 min per country\n- How did you define the" in text


def test_delegate_reads_window_and_audience_of_each_workshop(event: Event) -> None:
    mail = made(event, "invitation", "dara-phommachanh")
    assert mail.written.text.split("\n\n")[6:8] == [
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


def test_text_and_html_say_the_same_in_every_mail(event: Event) -> None:
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
        made(event, kind, key).written
        for kind in KINDS
        for key in Person.objects.filter(participations__isnull=False).values_list("key", flat=True)
    ]
    assert len(mails) > 50
    for mail in mails:
        assert words(mail.text.replace(PLACEHOLDER, "")) == words(body(mail.html))


def test_change_stands_beside_what_was(event: Event) -> None:
    send(event, "invitation")
    session = Session.objects.get(key="session-5")
    session.starts_at, session.ends_at = make.at(12, 20), make.at(12, 40)
    session.save()
    session.appearances.filter(person__key="ruslan-akbarov").get().delete()
    QuestionBlock.objects.filter(session=session, countries="KR").get().questions.first().delete()
    publish(event)
    text = made(event, "change", "juny-kim").written.text
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


def test_part_that_is_gone_is_told_and_leaves_the_calendar(event: Event) -> None:
    send(event, "invitation")
    Session.objects.get(key="session-5").appearances.get(person__key="juny-kim").delete()
    publish(event)
    mail = made(event, "change", "juny-kim")
    text = mail.written.text
    assert text[text.index("What has") : text.index("When and where")].strip().split("\n\n") == [
        "What has changed\n--------------------",
        "Session 5: Monitoring, Reporting, and Evaluation",
        "Your part\n  Before:\n  - Wednesday 4 August, 14:25–14:45, Seoul\n  - Panelist\n"
        "  Now:\n  - –",
        "Taken out of your calendar\n--------------------\n"
        "- Session 5: Monitoring, Reporting, and Evaluation: "
        "Wednesday 4 August, 14:25–14:45, Seoul",
    ]
    assert [message.method for message in mail.messages] == ["CANCEL"]


def test_workshop_whose_sessions_are_all_cancelled_is_called_off(event: Event) -> None:
    send(event, "invitation")
    for session in Session.objects.filter(workshop__key="national").exclude(kind="break"):
        session.status = "cancelled"
        session.save()
    publish(event)
    told = who(event, "change")
    assert told["dara-phommachanh"] == (
        "National Workshop on Lessons Learned and Next Steps in Implementing "
        "the One-Door Service Centers in Lao PDR: state."
    )
    # They are in the morning's list alone and read of the afternoon what they present there.
    assert told["aslam-alam"] == "Presentations of Checklist for Effective ODSCs: state."
    mail = made(event, "change", "dara-phommachanh")
    assert "State\n  Before:\n  - Takes place\n  Now:\n  - Called off" in mail.written.text
    assert [message.method for message in mail.messages] == ["CANCEL"]


def test_second_invitation_is_no_change(event: Event) -> None:
    """Mr. Alam has a part in the afternoon, in whose list he comes to stand later."""
    send(event, "invitation", "aslam-alam")
    person = Person.objects.get(key="aslam-alam")
    make.participation_row(person, event.workshops.get(key="national"), "listed")
    text = made(event, "invitation", "aslam-alam").written.text
    assert "What has changed" not in text
    assert "Presentations of Checklist for Effective ODSCs" in text


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_of_a_workshop_that_they_are_not_let_into(event: Event, kind: str) -> None:
    set_join(event, "national")
    send(event, "invitation")
    for key in ("juny-kim", "adriana-alberti"):
        mail = made(event, kind, key)
        said = mail.written.text + mail.written.html + "".join(m.text for m in mail.messages)
        assert [word for word in (*SECRETS, JOIN, "48151623") if word in said] == []


def test_presenter_of_a_closed_item_reads_that_item_alone(event: Event) -> None:
    """Mr. Nag speaks in the afternoon and stands in the morning's list."""
    set_join(event, "national")
    person = Person.objects.get(key="debashis-nag")
    Person.objects.filter(pk=person.pk).update(email="nag@example.org")
    make.participation_row(person, event.workshops.get(key="international"), "listed")
    send(event, "invitation")
    mail = made(event, "joining", "debashis-nag")
    said = mail.written.text + mail.written.html + "".join(each.text for each in mail.messages)
    assert "You are: Presenter" in mail.written.text
    assert [word for word in ("Keopanya", "Debriefing", "Saysettha", JOIN) if word in said] == []


def test_joining_information_is_in_its_own_mail_and_for_those_let_in_alone(event: Event) -> None:
    set_join(event)

    def with_link(key: str) -> set[str]:
        return {
            kind
            for kind in KINDS
            for mail in [made(event, kind, key)]
            if "48151623" in mail.written.text + "".join(each.text for each in mail.messages)
        }

    assert with_link("juny-kim") == set()
    send(event, "invitation")
    assert with_link("juny-kim") == {"joining"}
    send(event, "joining")
    mail = made(event, "change", "juny-kim")
    assert "48151623" not in mail.written.text
    Participation.objects.filter(person__key="juny-kim").update(state="declined")
    assert with_link("juny-kim") == set()


def test_entry_keeps_the_link_that_was_sent_when_the_session_moves(event: Event) -> None:
    set_join(event)
    send(event, "invitation")
    send(event, "joining")
    Session.objects.filter(key="session-5").update(ends_at=make.at(12, 40))
    publish(event)
    mail = made(event, "change", "juny-kim")
    (message,) = mail.messages
    assert f"Join: {JOIN}\\nPasscode: 48151623" in message.text.replace("\r\n ", "")
    assert JOIN not in mail.written.text


def test_changed_link_is_told_to_those_who_know_the_old_one(event: Event) -> None:
    set_join(event)
    send(event, "invitation")
    send(event, "joining", "juny-kim")
    set_join(event, url="https://meet.example.org/j/2")
    assert who(event, "change") == {"juny-kim": "Joining information is new."}
    text = made(event, "change", "juny-kim").written.text
    assert "This replaces what you were sent before.\nJoin: https://meet.example.org/j/2\n" in text
    send(event, "change")
    assert who(event, "change") == {}


def test_markup_is_escaped_in_html_and_left_in_text(event: Event) -> None:
    Person.objects.filter(key="juny-kim").update(full_name_en=MARKUP, position_en=MARKUP)
    Session.objects.filter(key="session-5").update(title_en=MARKUP, note_en=f"{MARKUP}\n- {MARKUP}")
    Workshop.objects.filter(key="international").update(audience_en=MARKUP, place_en=MARKUP)
    Event.objects.update(title_en=MARKUP)
    publish(event)
    mail = made(event, "invitation", "juny-kim").written
    assert f"Dear Ms. {MARKUP}," in mail.text
    assert ("<img" in mail.html, "&lt;img src=x onerror=alert(1)&gt; &amp;" in mail.html) == (
        False,
        True,
    )
    assert mail.subject == f"Invitation: {MARKUP}"


def test_subject_is_one_line_and_no_longer_than_a_list_shows(event: Event) -> None:
    Event.objects.update(title_en="Peer\r\nBcc: all@example.org\n" + "learning " * 40)
    publish(event)
    subject = made(event, "invitation", "juny-kim").written.subject
    assert subject.startswith("Invitation: Peer Bcc: all@example.org learning")
    assert (len(subject) <= LONGEST_SUBJECT, subject[-9:], "\n" in subject) == (
        True,
        "learning…",
        False,
    )


def test_reader_of_lao_reads_lao_where_there_is_some(event: Event) -> None:
    person = Person.objects.get(key="dara-phommachanh")
    person.full_name_lo, person.language = "ດາລາ ພົມມະຈັນ", "lo"
    person.save()
    Workshop.objects.filter(key="national").update(title_lo="ກອງປະຊຸມ")
    publish(event)
    mail = made(event, "invitation", "dara-phommachanh").written
    assert "Dear ດາລາ ພົມມະຈັນ," in mail.text
    assert "\n\nກອງປະຊຸມ\n" in mail.text
    assert '<html lang="lo">' in mail.html
    assert '<span lang="lo">ກອງປະຊຸມ</span>' in mail.html


def test_no_letter_holds_a_token(event: Event) -> None:
    send(event, "invitation")
    letters = Letter.objects.all()
    assert letters.count() == 19
    for letter in letters:
        assert (letter.text.count(PLACEHOLDER), letter.html.count(PLACEHOLDER)) == (1, 1)
        assert "/me/" not in letter.text + letter.html + "".join(letter.calendars)


def test_who_is_off_every_list_gets_no_link(event: Event) -> None:
    send(event, "invitation")
    Participation.objects.filter(person__key="juny-kim").update(state="withdrawn")
    mail = made(event, "cancellation", "juny-kim")
    assert PLACEHOLDER not in mail.written.text + mail.written.html
    assert (
        "You are no longer on the list of participants of “Peer-to-Peer Learning Regional "
        "Workshop on One-Door-Service Centers”." in mail.written.text
    )
    assert [message.method for message in mail.messages] == ["CANCEL"] * 4


@pytest.mark.parametrize(
    ("start", "end", "key", "said"),
    [
        (1, 2, "America/New_York", "Tuesday 3 August, 21:00–22:00, New York"),
        (3, 5, "America/New_York", "Tuesday 3 August, 23:00 – Wednesday 4 August, 01:00, New York"),
        (3, 5, "Asia/Kathmandu", "Wednesday 4 August, 08:45–10:45, Kathmandu"),
        (3, 5, "UTC", "Wednesday 4 August, 03:00–05:00, UTC"),
    ],
)
def test_times_name_day_and_place(start: int, end: int, key: str, said: str) -> None:
    moments = (datetime(2021, 8, 4, hour, tzinfo=UTC) for hour in (start, end))
    assert when(*moments, clock_of(key)) == said


def test_times_name_the_clock_where_it_changes_meanwhile() -> None:
    start, end = (datetime(2021, 11, 7, hour, 30, tzinfo=UTC) for hour in (5, 6))
    said = when(start, end, clock_of("America/New_York")).replace("\N{NO-BREAK SPACE}", " ")
    assert said == "Sunday 7 November, 01:30 EDT–01:30 EST, New York"


def test_mail_of_somebody_without_a_clock_is_on_the_events(event: Event, settings: Any) -> None:
    assert Person.objects.get(key="bokyun-shim").clock_key == ""
    text = made(event, "invitation", "bokyun-shim").written.text
    assert (
        "Times in Vientiane are UTC+7.\n"
        "We do not know your time zone; on your own page you can choose it.\n" in text
    )
    assert text.count("Wednesday 4 August 2021, 08:30–13:15, Vientiane") == 1
