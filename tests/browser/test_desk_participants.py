"""Browser tests of the list import: upload, preview, confirmation of a person, import."""

from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from participants.models import Participation, Person
from tests.browser.conftest import OpenPage
from tests.browser.problems import find_problems
from tests.lists import as_csv, as_xlsx
from workshop.models import Event

LIST = "/desk/odsc-laos-2021/participants/"
LONG = "W" * 300
ROWS = (
    ("List of participants",),
    ("Name", "E-mail", "Country", "Title", "Note", "Phone"),
    ("Ms. Juny Kim", "juny@acrc.example", "Korea, Republic of", "Director", "née", "+82"),
    ("ZHU, Juwang", "ZHU@un.org", "", "Chief", "", ""),
    ("Dara Keo", "dara@moha.example", "Atlantis", "Head", "", ""),
    (LONG, "long@moha.example", "Lao PDR", LONG, LONG, ""),
    ("=cmd|' /C calc'!A1", "cmd@moha.example", "Laos", "Officer", "<b>bold</b>", ""),
)


@pytest.fixture
def desk(live_server: Any, programme: str, organiser: User, open_page: OpenPage) -> Page:
    page = open_page(signed_in=(live_server.url, organiser), java_script_enabled=False)
    page.goto(live_server.url + LIST)
    return page


def upload(page: Page, folder: Path, name: str, data: bytes) -> None:
    (folder / name).write_bytes(data)
    page.get_by_label("File").set_input_files(folder / name)
    page.get_by_label("Workshop").select_option("national")
    page.get_by_role("button", name="Preview").click()
    page.wait_for_url("**/import/preview/")


def test_list_is_imported_without_scripts(desk: Page, programme: str, tmp_path: Path) -> None:
    desk.get_by_role("link", name="Import", exact=True).click()
    upload(desk, tmp_path, "list.csv", as_csv(ROWS, ";", "latin-1"))
    expect(desk.locator(".lead")).to_have_text("4 new, 1 refused.")
    expect(desk.locator(".rows-refused td.number")).to_have_text(["5"])
    expect(desk.get_by_text("was read as Windows-1252")).to_be_visible()

    desk.get_by_label("This is the Juny Kim who is stored without an e-mail").check()
    desk.get_by_role("button", name="Preview again").click()
    changes = desk.locator(".rows-new tr", has_text="Juny Kim").locator(".change")
    expect(changes).to_have_text(
        [
            "E-mail: juny@acrc.example",
            "Position: Director General → Director",
            "Note: née",
        ]
    )
    desk.get_by_role("button", name="Import 4 rows").click()
    desk.wait_for_url(f"**{LIST}")
    expect(desk.get_by_role("status")).to_have_text("The list was imported: 4 new, 1 refused.")
    assert Person.objects.filter(full_name="Juny Kim").count() == 1
    assert Participation.objects.filter(workshop__key="national").count() == 4

    with desk.expect_download() as download:
        desk.get_by_role("link", name="Excel").click()
    desk.get_by_role("link", name="Import", exact=True).click()
    upload(desk, tmp_path, "again.xlsx", Path(download.value.path()).read_bytes())
    expect(desk.locator(".lead")).to_have_text("4 unchanged.")
    expect(desk.get_by_text("There is nothing to import.")).to_be_visible()


def test_pages_are_accessible_and_fit_their_window(
    live_server: Any, programme: str, organiser: User, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page(signed_in=(live_server.url, organiser), bypass_csp=True)
    page.goto(f"{live_server.url}{LIST}import/")
    upload(page, tmp_path, "list.xlsx", as_xlsx(ROWS))
    faults = find_problems(page)
    page.get_by_role("button", name="Import").click()
    page.wait_for_url(f"**{LIST}")
    row = Participation.objects.filter(person__sort_name__startswith="WW").get()
    row.state = Participation.State.WITHDRAWN
    row.save()
    page.get_by_text("Add a person").click()
    page.get_by_label("Name", exact=True).fill("James Buyekane")
    page.get_by_label("E-mail").fill("james@huduma.example")
    page.get_by_role("button", name="Add to the list").click()
    expect(page.get_by_label("Is this the same person?")).to_be_visible()
    faults += find_problems(page)
    event = Event.objects.get()
    other = Participation.objects.exclude(pk=row.pk).first()
    for path in ("", "?reply=withdrawn", "import/", f"{other and other.pk}/take-off/"):
        page.goto(f"{live_server.url}/desk/{event.slug}/participants/{path}")
        faults += find_problems(page)
    assert faults == []
