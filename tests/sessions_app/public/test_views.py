"""Readers' pages: content, errors and redirects."""

import json
import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from jsonschema import Draft202012Validator

from sessions_app import models
from sessions_app.models import Release
from sessions_app.publishing import services
from tests import make
from workshop.models import Event

pytestmark = pytest.mark.django_db


def text_of(answer: Any) -> str:
    """The text of a page, without tags and with single spaces."""
    body = re.sub(r"<(script|style|select).*?</\1>", " ", answer.content.decode(), flags=re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", body).replace("&#x27;", "'").split())


def test_root_leads_to_the_one_published_event(client: Client, programme: str) -> None:
    assert client.get("/?tz=Asia/Baku").headers["Location"] == f"/{programme}/?tz=Asia/Baku"


def test_root_lists_several_events_or_none(client: Client) -> None:
    assert "No programme has been published yet" in text_of(client.get("/"))
    for slug in ("first", "second"):
        event = make.event_row(slug, title_en=slug.capitalize())
        make.workshop_row(event)
        services.publish(event=event, now=make.at(8))
    page = text_of(client.get("/"))
    assert ("First" in page, "Second" in page) == (True, True)


def test_root_reads_no_agenda_but_of_releases_without_a_summary(client: Client) -> None:
    """A process that runs the version before makes such releases during an upgrade."""
    for slug, column in (("first", "agenda"), ("second", "summary")):
        event = make.event_row(slug, title_en=slug.capitalize())
        workshop = make.workshop_row(event, title_lo="ພາກເຊົ້າ", readership="participants")
        make.session_row(workshop, title_en="Secret")
        services.publish(event=event, now=make.at(8))
        Release.objects.filter(event=event).update(**{column: ""})
        Event.objects.filter(pk=event.pk).update(title="Draft", title_en="Draft")
    page = text_of(client.get("/"))
    assert page.count("4 August 2021 International") == 2
    assert [word in page for word in ("First", "Second", "Secret", "Draft")] == [
        *(True, True, False, False)
    ]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("tz=EDT", "EDT"),
        ("tz=MST", "MST"),
        ("tz=Etc/GMT%2B5", "Etc/GMT+5"),
        ("tz=Mars/Phobos", "Mars/Phobos"),
        ("tz=KST,Nowhere", "Nowhere"),
        ("tz=%3Cscript%3E", "&lt;script&gt;"),
        ("lang=fr", "fr"),
        ("tz=Asia/Baku,Asia/Dhaka,Asia/Tokyo,Africa/Nairobi,Europe/Paris", "5"),
    ],
)
def test_unknown_zone_or_language_is_a_400_that_names_it_with_a_link_back(
    client: Client, programme: str, query: str, named: str
) -> None:
    for path in (f"/{programme}/", f"/{programme}/people/juny-kim/", f"/{programme}/agenda.json"):
        answer = client.get(f"{path}?{query}")
        page = answer.content.decode()
        assert answer.status_code == 400
        assert named in page
        assert f'href="{path}"' in page
        assert "<script>" not in page


def test_requested_zones_replace_the_columns_in_their_order(client: Client, programme: str) -> None:
    page = client.get(f"/{programme}/?tz=Asia/Kathmandu&tz=KST,Pacific/Kiritimati&tz=KST")
    heads = re.findall(r'<p class="columns" aria-hidden="true">(.*?)</p>', page.content.decode())
    assert heads[0] == "<span>Kathmandu</span><span>KST</span><span>Kiritimati</span>"
    assert "Kathmandu · UTC+5:45" not in text_of(page)
    assert "UTC+5:45" in text_of(page)
    assert "UTC+14" in text_of(page)


def test_links_carry_the_zones_and_the_language(client: Client, programme: str) -> None:
    page = client.get(f"/{programme}/?tz=America/New_York&lang=lo").content.decode()
    assert f'href="/{programme}/sessions/session-3/?tz=EST&amp;lang=lo"' in page


def test_country_in_lower_case_leads_to_upper_case(client: Client, programme: str) -> None:
    answer = client.get(f"/{programme}/countries/ke/?tz=KST")
    assert (answer.status_code, answer["Location"]) == (301, f"/{programme}/countries/KE/?tz=KST")


@pytest.mark.parametrize(
    "path",
    [
        *("nowhere/", "{slug}/sessions/none/", "{slug}/people/none/", "{slug}/countries/XX/"),
        *("{slug}/countries/FR/", "{slug}/releases/9/", "{slug}/nothing/"),
    ],
)
def test_missing_page_is_a_404_with_a_link_back(client: Client, programme: str, path: str) -> None:
    answer = client.get("/" + path.format(slug=programme))
    assert answer.status_code == 404
    assert "Page not found" in text_of(answer)


def test_agenda_shows_every_row_whole(client: Client, programme: str) -> None:
    page = text_of(client.get(f"/{programme}/"))
    expected = (
        "Tue 3 Aug 23:55 – Wed 4 Aug 00:40",
        "Overall moderators Ms. Adriana Alberti , DPIDG/UN DESA",
        "Session 3 Panel 45 min",
        "Structural Organization, Processes, Digitization and Financing of One Stop Shops",
        "Ms. Lee Mui Ling , Senior Director, Service Delivery, Public Sector Transformation , "
        "Public Service Division under the Prime Minister's Office , Singapore",
        "9 questions for Republic of Korea, Singapore, Azerbaijan, Kenya, Vietnam and Bangladesh",
        "Azerbaijan and Bangladesh 6 min in total",
        "What measures has your country undertaken to overcome the digital divide?",
        "EST New York EDT, UTC−4",
    )
    assert [text for text in expected if text not in page] == []


def test_person_page_shows_their_sessions_in_their_own_zone_first(
    client: Client, programme: str
) -> None:
    page = text_of(client.get(f"/{programme}/people/james-buyekane/"))
    assert "On the programme times in Nairobi · EAT, UTC+3 Wednesday 4 August 2021" in page
    assert "05:25 – 05:45 Session 1:" in page
    assert "Panelist 3 questions, 5 min per country" in page
    assert page.index("Nairobi EAT, UTC+3 ") < page.index("Lao Time Vientiane UTC+7")
    assert "Effective National to Local Governance" not in page


def test_country_page_shows_delegation_sessions_and_questions(
    client: Client, programme: str
) -> None:
    page = text_of(client.get(f"/{programme}/countries/AZ/"))
    delegation = page[page.index("Delegation") : page.index("Show times in")]
    assert [name in delegation for name in ("Aliyev", "Akbarov", "Khudaverdiyev")] == [True] * 3
    assert "Mr. Ruslan Akbarov (panelist)" in page
    assert "Baku UTC+4" in page


def test_country_with_questions_but_no_people_has_a_page(client: Client) -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    block = models.QuestionBlock.objects.create(session=session, countries=["US"])
    models.Question.objects.create(block=block, text_en="How is it done?")
    services.publish(event=event, now=make.at(8))
    page = text_of(client.get("/event/countries/US/"))
    assert "How is it done?" in page


def test_session_page_links_to_its_neighbours(client: Client, programme: str) -> None:
    page = text_of(client.get(f"/{programme}/sessions/session-3/"))
    assert "Before Break" in page
    assert "After Q & A for Session 3" in page.replace("&amp;", "&")


def test_old_release_links_to_the_newest(client: Client, programme: str) -> None:
    event = Event.objects.get(slug=programme)
    session = models.Session.objects.get(key="session-3")
    session.starts_at += timedelta(minutes=5)
    session.title_en = "Renamed"
    session.save()
    services.publish(event=event, now=make.at(9), note="Only for us")
    old = text_of(client.get(f"/{programme}/releases/1/"))
    assert "This is release 1. It has been replaced by release 2." in old
    assert "Renamed" not in old
    changes = text_of(client.get(f"/{programme}/changes/"))
    assert "Session 3 moved from Wed 4 Aug 10:55–11:40 to Wed 4 Aug 11:00–11:40 Lao" in changes
    assert "is now “Renamed”" in changes
    assert "Only for us" not in changes


def test_changes_are_paged(client: Client) -> None:
    event = make.event_row()
    session = make.session_row(make.workshop_row(event))
    for number in range(25):
        session.title_en = f"Title {number}"
        session.save()
        services.publish(event=event, now=make.at(8))
    first = client.get("/event/changes/").content.decode()
    assert re.findall(r'id="release:(\d+)"', first) == [str(n) for n in range(25, 5, -1)]
    second = client.get("/event/changes/?before=6").content.decode()
    assert re.findall(r'id="release:(\d+)"', second) == [str(n) for n in range(5, 0, -1)]
    assert 'href="/event/changes/?before=6"' in first
    assert client.get("/event/changes/?before=x").status_code == 400


def test_about_page_shows_the_concept_note(client: Client, programme: str) -> None:
    page = text_of(client.get(f"/{programme}/about/"))
    for words in ("all 44 One Door Service Centers", "1819G", "Mr. Prabin Maharjan", "Financing"):
        assert words in page


def test_json_is_valid_by_its_schema(
    client: Client, organiser_client: Client, programme: str
) -> None:
    schema = json.loads(client.get("/agenda.schema.json").content)
    Draft202012Validator.check_schema(schema)
    for reader in (client, organiser_client):
        document = json.loads(reader.get(f"/{programme}/agenda.json").content)
        assert list(Draft202012Validator(schema).iter_errors(document)) == []


def test_html_in_names_is_text_everywhere(client: Client) -> None:
    hostile = '</script><img src=x onerror=alert(1)>"&'
    event = make.event_row(title_en=hostile, organisers_en=hostile)
    workshop = make.workshop_row(event, title_en=hostile, audience_en=hostile)
    session = make.session_row(workshop, title_en=hostile, note_en=hostile, key="s")
    person = make.person_row("P", full_name_en=hostile, position_en=hostile, country="KE")
    make.appearance_row(person, session=session)
    block = models.QuestionBlock.objects.create(session=session, countries=["KE"])
    models.Question.objects.create(block=block, text_en=hostile)
    services.publish(event=event, now=make.at(8))
    paths = ("", "sessions/s/", "people/p/", "countries/KE/", "about/", "changes/", "releases/1/")
    for path in paths:
        answer = client.get(f"/event/{path}")
        assert (answer.status_code, b"<img" in answer.content) == (200, False), path


def test_structured_data_names_the_event_and_its_sessions(client: Client, programme: str) -> None:
    page = client.get(f"/{programme}/").content.decode()
    data = json.loads(
        re.search(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)[1]  # type: ignore[index]
    )
    morning, afternoon = data["subEvent"]
    assert (data["@type"], len(morning["subEvent"]), afternoon["subEvent"]) == ("Event", 14, [])
    assert data["location"] == {"@type": "VirtualLocation", "name": "zoom platform"}


def test_pages_carry_the_strict_policy_and_the_admin_a_looser_one(
    client: Client, organiser_client: Client, programme: str
) -> None:
    page = client.get(f"/{programme}/")
    assert "unsafe" not in page["Content-Security-Policy"]
    assert "default-src 'none'" in page["Content-Security-Policy"]
    assert "unsafe-eval" in organiser_client.get("/admin/")["Content-Security-Policy"]
    assert page["X-Content-Type-Options"] == "nosniff"
    body = page.content.decode()
    assert (
        re.findall(r"<script(?! src=| type=\"application/ld)|<style|\sstyle=|\son\w+=", body) == []
    )


def test_agenda_of_nothing_is_a_page(client: Client) -> None:
    event = make.event_row(organisers_en="")
    services.publish(event=event, now=make.at(8))
    assert "no workshops yet" in text_of(client.get("/event/"))
    make.workshop_row(event)
    services.publish(event=event, now=make.at(8))
    assert client.get("/event/").status_code == 200
    assert json.loads(client.get("/event/agenda.json").content)["event"]["release"] == 2
    assert Release.objects.count() == 2


def test_pages_refuse_post(client: Client, programme: str) -> None:
    assert client.post(f"/{programme}/").status_code == 405


def test_unchanged_page_is_not_sent_again(client: Client, programme: str) -> None:
    first = client.get(f"/{programme}/")
    again = client.get(f"/{programme}/", headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize(
    ("path", "title", "description"),
    [
        ("", "Peer-to-Peer", "Wednesday 4 August 2021, 08:30–13:15 and 14:15–16:00 Lao Time. U"),
        ("sessions/break/", "Break", "Wednesday 4 August 2021, 10:45–10:55 Lao Time"),
        ("people/james-buyekane/", "Mr. James Buyekane", "CEO, Huduma Kenya Programme, Kenya"),
        ("countries/KE/", "Kenya", "Wednesday 4 August 2021"),
    ],
)
def test_link_previews_describe_a_page(
    client: Client, programme: str, path: str, title: str, description: str
) -> None:
    page = client.get(f"/{programme}/{path}").content.decode()
    assert f'<meta property="og:title" content="{title}' in page
    assert f'<meta name="description" content="{description}' in page
    assert f'<link rel="canonical" href="http://testserver/{programme}/{path}">' in page


@pytest.mark.parametrize(
    ("path", "time"),
    [
        ("sessions/session-1/", "Tuesday 3 August 2021, 23:55–Wed 4 Aug 00:15 St Johns"),
        ("", "23:00–Wed 4 Aug 03:45 and 04:45–06:30 St Johns"),
    ],
)
def test_link_preview_names_the_date_of_an_end_after_midnight(
    client: Client, programme: str, path: str, time: str
) -> None:
    page = client.get(f"/{programme}/{path}?tz=America/St_Johns").content.decode()
    (text,) = re.findall(r"<meta name=\"description\" content=\"([^\"]*)", page)
    assert time in text.replace("\N{NO-BREAK SPACE}", " ")
