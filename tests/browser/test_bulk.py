"""Many workplaces change hands at once, and back again; also without JavaScript and on a telephone."""

import io

import pytest
import python_calamine

from companies.models import Export, Workplace
from tests.browser.conftest import each_look
from tests.conftest import member
from tests.factories import WorkplaceFactory

pytestmark = pytest.mark.usefixtures("row_by_row")


@pytest.fixture
def karen(transactional_db):
    return member("Manager", "karen", first_name="Karen", last_name="Dahl", language="en")


@pytest.fixture
def many(karen):
    return [WorkplaceFactory(name=f"Place {at:03}", tier=1 + at % 4) for at in range(65)]


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", False)])
def test_a_filter_of_more_than_a_page_gets_a_responsible_and_loses_it_again(visitor, karen, many, width, script):
    looker = visitor(width=width, script=script)
    page = looker.log_in(karen)
    WorkplaceFactory(name="Another", owner=karen)

    looker.open("/companies/?owner=none")
    assert not page.get_by_role("button", name="Change responsible").is_visible()
    page.locator("[data-tick]").nth(1).check()
    if script:
        assert page.get_by_text("1 ticked").is_visible()
    page.get_by_text("Choose all 65").click()
    page.get_by_role("button", name="Change responsible").click()
    assert page.get_by_text("65 workplaces").is_visible()
    page.get_by_label("Responsible consultant").select_option(label="Karen Dahl")
    page.get_by_role("button", name="Change the responsible consultant").click()
    page.get_by_text("65 workplaces changed.").wait_for()
    assert Workplace.objects.filter(owner=karen).count() == 66

    page.locator("#said").get_by_role("button", name="Undo").click()
    page.get_by_text("65 workplaces changed back.").wait_for()

    assert Workplace.objects.get(owner=karen).name == "Another"
    assert [said for said in looker.heard if script] == []


def test_the_head_ticks_the_page_and_the_keyboard_a_row(visitor, karen, many):
    looker = visitor()
    page = looker.log_in(karen)
    looker.open("/companies/")

    page.locator("[data-tick-page]").check()
    assert page.get_by_text("50 ticked").is_visible()
    page.get_by_role("button", name="Untick").click()
    assert page.locator("[data-tick]:checked").count() == 0
    assert not page.get_by_role("button", name="Untick").is_visible()

    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.locator("[data-tick]").nth(1).is_checked()
    assert page.get_by_text("1 ticked").is_visible()


def test_a_list_is_downloaded_as_excel(visitor, karen, many):
    looker = visitor()
    page = looker.log_in(karen)
    looker.open("/companies/?tier=1")
    page.locator(".page-acts").get_by_role("button", name="Download as Excel").click()

    with page.expect_download() as waited:
        page.get_by_role("button", name="Download as Excel").click()

    content = waited.value.path().read_bytes()
    rows = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert len(rows) == 18
    assert Export.objects.get().rows == 17


@each_look
def test_no_page_of_it_has_anything_to_complain_about(visitor, karen, many, width, theme, language):
    WorkplaceFactory(do_not_contact=True, do_not_contact_why="No")
    looker = visitor(width=width, theme=theme, language=language)
    page = looker.log_in(karen)

    complaints = []
    for act in ("", "owner", "tier", "export"):
        looker.open("/companies/")
        page.locator("[data-tick]").nth(0).check()
        if act:
            page.locator(f".bulk-acts [value={act}]").click()
        complaints += [*looker.axe(), looker.overflow() and f"{act} is too wide"]

    looker.open("/companies/exports/")
    assert [one for one in [*complaints, *looker.axe()] if one] == []
    assert looker.heard == []
