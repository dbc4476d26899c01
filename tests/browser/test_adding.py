"""Adding a workplace in a browser: the look-up, the warning, the tick, and the card."""

import re

import pytest
from playwright.sync_api import expect

from companies.models import Postcode, Workplace
from tests.factories import CompanyFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def known(mette):
    Postcode.objects.get_or_create(code="4600", defaults={"town": "Køge"})
    return WorkplaceFactory(
        company=CompanyFactory(name="Kendt A/S"), name="Kendt A/S", street="Havnen 3", phone="10332041", owner=mette
    )


def fill_in(page):
    page.get_by_label("Street and number").fill("Torvet 9")
    page.get_by_label("Postcode").fill("4600")
    page.get_by_label("Telephone", exact=True).fill("10 33 20 41")


def confirm(page, known):
    """The warning names the record and why it looks the same; what was typed is still there."""
    expect(page.get_by_text("Same telephone")).to_be_visible()
    expect(page.locator(".coordination").get_by_role("link", name="Kendt A/S")).to_have_attribute(
        "href", known.get_absolute_url()
    )
    expect(page.get_by_label("Street and number")).to_have_value("Torvet 9")
    page.get_by_label("It is another workplace").check()
    page.get_by_role("button", name="Add", exact=False).last.click()


def added(page, known):
    page.wait_for_url(re.compile(r"/companies/[0-9]+/$"), timeout=20_000)
    expect(page.get_by_role("heading", level=1)).to_have_text("Kendt A/S")
    expect(page.locator(".timeline")).to_contain_text("Added by hand")
    place = Workplace.objects.exclude(pk=known.pk).get()
    assert (place.company, place.town, place.owner) == (known.company, "Køge", known.owner)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_with_a_script_the_company_is_shown_while_its_number_is_typed(visitor, mette, known, width):
    looker = visitor(width=width)
    looker.log_in(mette)
    page = looker.open("/companies/")

    page.get_by_role("link", name="Add a workplace").click()
    page.get_by_label("CVR number").press_sequentially(known.company.cvr_number, delay=15)
    expect(page.get_by_role("heading", name="We have Kendt A/S")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kendt A/S")
    assert looker.axe() == []
    fill_in(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    assert looker.axe() == []
    assert looker.overflow() <= 0
    confirm(page, known)

    added(page, known)
    # The browser's own note of the answer 422 is no complaint.
    assert [said for said in looker.heard if "422" not in said] == []


def test_a_name_that_somebody_typed_is_never_written_over(visitor, mette, known):
    page = visitor().log_in(mette)
    page.goto(re.sub(r"/$", "/companies/add/", page.url))

    page.get_by_label("Name", exact=True).fill("The shop")
    page.get_by_label("CVR number").press_sequentially(known.company.cvr_number, delay=15)

    expect(page.get_by_role("heading", name="We have Kendt A/S")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("The shop")


def test_without_a_script_there_is_a_button(visitor, mette, known):
    looker = visitor(script=False)
    looker.log_in(mette)
    page = looker.open("/companies/?q=Kendt+B")

    page.get_by_role("link", name="Add a workplace").last.click()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kendt B")
    page.get_by_label("Name", exact=True).fill("")
    page.get_by_label("CVR number").fill(known.company.cvr_number)
    page.get_by_role("button", name="Look up").click()
    expect(page.get_by_role("heading", name="We have Kendt A/S")).to_be_visible()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Kendt A/S")
    fill_in(page)
    page.get_by_role("button", name="Add", exact=False).last.click()
    confirm(page, known)

    added(page, known)
