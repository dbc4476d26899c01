"""A consultant presents services, notes that one is in use, and prints what the next employer is to get."""

import pytest
from playwright.sync_api import expect

from contacts.models import Interaction, ServiceUse
from tests.factories import WorkplaceFactory


@pytest.fixture
def workplace(mette):
    return WorkplaceFactory(name="Bødker og Væver ApS", owner=mette)


def press(page, name):
    """A choice drawn as a button: the press lands on its radio or tick."""
    page.get_by_label(name, exact=True).first.check(force=True)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_presented_in_a_contact_then_in_use_and_taken_back(visitor, mette, workplace, width, script):
    desk = visitor(width=width, script=script)
    page = desk.log_in(mette)
    page.goto(f"{desk.base}/contacts/log/?workplace={workplace.pk}")

    press(page, "Visit")
    press(page, "Interested")
    press(page, "None")
    expect(page.get_by_label("Mentor grant")).not_to_be_visible()
    page.locator("summary", has_text="Services presented").click()
    press(page, "Mentor grant")
    press(page, "Work placement")
    page.get_by_role("button", name="Save").click()

    card = page.locator("section", has=page.get_by_role("heading", name="Services"))
    expect(page.locator(".timeline")).to_contain_text("Presented: Work placement, Mentor grant")
    card.get_by_role("button", name="Now in use Mentor grant").click()
    expect(card.get_by_role("button", name="No longer in use: Mentor grant")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(card.get_by_role("button", name="Now in use Mentor grant")).to_be_visible()

    assert Interaction.objects.get().services.count() == 2
    assert not ServiceUse.objects.exists()
    assert desk.heard == []


def test_what_is_ticked_is_printed_one_on_each_page_and_nothing_around_it(visitor, mette):
    desk = visitor(language="da")
    page = desk.log_in(mette)
    page.goto(f"{desk.base}/services/")

    page.get_by_label("Udskriv: Voksenlærling").check()
    page.get_by_label("Udskriv: § 56-aftale").check()
    page.get_by_role("button", name="Udskriv de valgte, eller alle").click()
    page.get_by_role("link", name="Engelsk").click()
    expect(page.get_by_role("heading", level=2)).to_have_text(["Adult apprentice", "§ 56 agreement"])
    expect(page.get_by_role("button", name="Udskriv")).to_be_visible()
    page.emulate_media(media="print")

    expect(page.get_by_role("heading", level=1)).not_to_be_visible()
    expect(page.locator(".rail")).not_to_be_visible()
    sheets = page.locator(".declaration-sheet")
    breaks = [sheets.nth(at).evaluate("one => getComputedStyle(one).breakAfter") for at in range(2)]
    assert breaks == ["page", "auto"]
    assert desk.heard == []
