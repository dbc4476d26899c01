"""The card of a workplace: what is told of the place itself comes when it is scrolled to, or as a page of its own."""

import pytest
from playwright.sync_api import expect

from tests.factories import InteractionFactory, SlotFactory, WorkplaceFactory


@pytest.fixture
def workplace(mette):
    workplace = WorkplaceFactory(name="Bødker og Væver ApS", owner=mette)
    SlotFactory(workplace=workplace)
    for day in range(1, 21):
        InteractionFactory(workplace=workplace, on=f"2026-10-{day:02}", note="A long talk. " * 20, created_by=mette)
    return workplace


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_the_facts_come_when_they_are_scrolled_to(visitor, mette, workplace, width):
    desk = visitor(width=width)
    page = desk.log_in(mette)
    page.goto(f"{desk.base}{workplace.get_absolute_url()}")

    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")

    expect(page.get_by_role("heading", name="How full it is")).to_be_visible()
    expect(page.get_by_text(workplace.company.cvr_number)).to_be_visible()


def test_without_a_script_they_are_a_page_that_leads_back(visitor, mette, workplace):
    desk = visitor(script=False)
    page = desk.log_in(mette)
    page.goto(f"{desk.base}{workplace.get_absolute_url()}")

    page.get_by_role("link", name="Facts and other workplaces").click()

    expect(page.get_by_text(workplace.company.cvr_number)).to_be_visible()
    page.get_by_role("link", name="Back to the card").click()
    expect(page).to_have_url(f"{desk.base}{workplace.get_absolute_url()}")
