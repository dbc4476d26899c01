"""The main job in a browser: find the workplace, log the visit, see it on the timeline and on my day."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.forms import tomorrow_in_words
from contacts.models import FollowUp, Interaction
from tests.factories import FollowUpFactory, PersonFactory, WorkplaceFactory

NOTE = "Two places in the workshop from January."


@pytest.fixture
def workplace(mette):
    workplace = WorkplaceFactory(name="Bødker og Væver ApS", street="Ålekistevej 4", town="Lindevig", owner=mette)
    PersonFactory(workplace=workplace, name="Karl Bødker")
    return workplace


def press(page, name):
    """A choice drawn as a button: the press lands on its radio or tick."""
    page.get_by_label(name, exact=True).first.check(force=True)


def fill_log(page):
    press(page, "Karl Bødker")
    press(page, "Visit")
    press(page, "Interested")
    page.get_by_label("Short note").fill(NOTE)
    page.get_by_role("textbox", name="Next step", exact=True).fill("Send the declaration")
    press(page, "1 week")


def test_at_the_desk(visitor, mette, workplace):
    at_desk = visitor(width="desktop")
    page = at_desk.log_in_by_form(mette)

    page.get_by_placeholder("Search name").press_sequentially("boedk", delay=20)
    page.get_by_role("option", name=re.compile("Bødker og Væver")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bødker og Væver ApS")
    page.keyboard.press("l")
    fill_log(page)
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Logged. Follow-up on")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text(NOTE)
    page.get_by_role("link", name="My day").first.click()
    FollowUp.objects.get()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Mette")
    assert at_desk.heard == []


def test_on_a_phone(visitor, mette, workplace):
    in_the_car_park = visitor(width="phone")
    page = in_the_car_park.log_in_by_form(mette)

    page.get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").last.fill("væver bødker")
    page.get_by_role("button", name="Search").last.click()
    page.get_by_role("link", name="Bødker og Væver ApS").click()
    page.locator(".phone-log").click()
    fill_log(page)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Logged. Follow-up on")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text(NOTE)
    assert in_the_car_park.overflow() <= 0
    assert in_the_car_park.heard == []


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_without_a_script(visitor, mette, workplace, width):
    page = visitor(width=width, script=False).log_in_by_form(mette)
    FollowUpFactory(owner=mette, workplace=workplace, title="Call about the places")

    page.goto(f"{page.url.rstrip('/')}/search/?q=b%C3%B8dker")
    page.get_by_role("link", name="Bødker og Væver ApS").click()
    page.get_by_role("link", name="Log contact").first.click()
    press(page, "Karl Bødker")
    press(page, "Visit")
    press(page, "Interested")
    page.get_by_label("Short note").fill(NOTE)
    press(page, str(tomorrow_in_words(timezone.localdate())))
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Logged. Follow-up on")).to_be_visible()
    expect(page.locator(".timeline")).to_contain_text(NOTE)
    assert Interaction.objects.get().note == NOTE


def test_a_visit_is_undone_from_the_line_at_the_foot(visitor, mette, workplace):
    page = visitor().log_in_by_form(mette)
    page.goto(page.url.rstrip("/") + workplace.get_absolute_url())
    page.get_by_role("link", name="Log contact").first.click()
    fill_log(page)
    page.get_by_role("button", name="Save").click()

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_text("Taken back. What you wrote is here.")).to_be_visible()
    expect(page.get_by_label("Short note")).to_have_value(NOTE)
    assert not Interaction.objects.exists()


def test_what_was_typed_survives_a_closed_sheet_and_an_ended_session(visitor, mette, workplace):
    at_desk = visitor()
    page = at_desk.log_in_by_form(mette)
    card = page.url.rstrip("/") + workplace.get_absolute_url()
    page.goto(card)
    page.get_by_role("link", name="Log contact").first.click()
    fill_log(page)
    expect(page.get_by_text("Draft saved at")).to_be_visible()

    page.keyboard.press("Escape")
    page.get_by_role("link", name="Log contact").first.click()
    expect(page.get_by_label("Short note")).to_have_value(NOTE)

    at_desk.context.clear_cookies()
    page.get_by_role("button", name="Save").click()
    page.wait_for_url(re.compile("login"))
    at_desk.log_in_by_form(mette)
    page.goto(card)
    page.get_by_role("link", name="Log contact").first.click()
    expect(page.get_by_label("Short note")).to_have_value(NOTE)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".timeline")).to_contain_text(NOTE)

    page.get_by_role("link", name="Log contact").first.click()
    expect(page.get_by_label("Short note")).to_have_value("")


def test_a_lost_connection_loses_nothing(visitor, mette, workplace):
    in_the_car_park = visitor(width="phone")
    page = in_the_car_park.log_in_by_form(mette)
    page.goto(page.url.rstrip("/") + workplace.get_absolute_url())
    page.get_by_role("link", name="Log contact").first.click()
    fill_log(page)

    in_the_car_park.context.set_offline(True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("No connection. The draft is kept here.").first).to_be_visible()
    expect(page.get_by_label("Short note")).to_have_value(NOTE)
    in_the_car_park.context.set_offline(False)
    page.get_by_role("button", name="Save").click()

    expect(page.locator(".timeline")).to_contain_text(NOTE)
    assert Interaction.objects.count() == 1


def test_the_outcomes_follow_the_channel_and_the_barrier_follows_a_no(visitor, mette, workplace):
    page = visitor().log_in_by_form(mette)
    page.goto(f"{page.url.rstrip('/')}/contacts/log/?workplace={workplace.pk}")

    press(page, "Visit")
    expect(page.get_by_text("No answer", exact=True)).to_be_hidden()
    press(page, "Call")
    expect(page.get_by_text("No answer", exact=True)).to_be_visible()
    expect(page.locator("label", has_text="No tasks")).to_be_hidden()
    press(page, "Not now")
    expect(page.locator("label", has_text="No tasks")).to_be_visible()


def test_the_keyboard_goes_everywhere(visitor, mette, workplace):
    page = visitor().log_in_by_form(mette)

    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/companies/$"))
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bødker og Væver ApS")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Shortcuts")
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.get_by_placeholder("Search name")).to_be_focused()
