"""What stands around every page, as a person at a keyboard or with a dead connection meets it."""

import re

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import FollowUpFactory, PersonFactory, WorkplaceFactory


@pytest.fixture
def workplaces(mette):
    """Two workplaces with something to do today at each."""
    today = timezone.localdate()
    both = [WorkplaceFactory(name=name, owner=mette) for name in ("Alfa Bageri", "Bådværft ApS")]
    for workplace in both:
        PersonFactory(workplace=workplace)
        FollowUpFactory(workplace=workplace, owner=mette, due_on=today, channel="phone")
    return both


def test_the_keyboard_reaches_search_rows_places_and_the_list_of_itself(visitor, mette, workplaces):
    page = visitor().log_in(mette)

    page.keyboard.press("/")
    expect(page.locator("#top-q")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Shortcuts")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(page.get_by_role("link", name="Alfa Bageri")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alfa Bageri")
    page.keyboard.press("g")
    page.keyboard.press("c")
    page.wait_for_url(re.compile("/companies/$"))
    page.keyboard.press("Control+k")
    expect(page.locator("#top-q")).to_be_focused()


def test_single_keys_can_be_turned_off_and_never_act_while_somebody_types(visitor, mette, workplaces):
    page = visitor().log_in(mette)

    page.keyboard.press("/")
    page.keyboard.type("l?")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.get_by_role("button", name="Shortcuts").click()
    page.get_by_label("Turn off the shortcuts of a single key").check()
    page.keyboard.press("Escape")
    page.keyboard.press("l")
    page.reload()
    page.keyboard.press("l")

    expect(page.locator("dialog[open]")).to_have_count(0)


def test_a_row_opens_wherever_it_is_pressed_but_its_buttons_keep_their_own_act(visitor, mette, workplaces):
    page = visitor().log_in(mette)
    row = page.locator(".task", has_text="Alfa Bageri")

    row.locator("summary").click()
    expect(row.get_by_role("button", name="Tick off")).to_be_visible()
    page.keyboard.press("Escape")
    expect(row.get_by_role("button", name="Tick off")).to_be_hidden()
    row.locator(".task-when").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Alfa Bageri")


def test_what_is_done_from_a_row_leaves_one_where_one_was(visitor, mette, workplaces):
    page = visitor().log_in(mette)
    page.evaluate("window.stayed = true")

    page.locator(".task", has_text="Alfa Bageri").locator("summary").click()
    page.get_by_role("button", name="Tick off").first.click()

    expect(page.locator("#said .said")).to_be_visible()
    expect(page.locator("#content")).not_to_contain_text("Alfa Bageri")
    assert page.evaluate("window.stayed")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#said .said")).to_have_count(0)


def test_the_sheet_gives_the_focus_back_and_sends_errors_to_their_fields(visitor, mette, workplaces):
    page = visitor().log_in(mette)
    button = page.locator(".task", has_text="Alfa Bageri").get_by_role("link", name="Log call")

    button.click()
    expect(page.locator("dialog[open] form")).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error-summary")).to_be_focused()
    page.locator(".error-summary a").first.click()
    expect(page.locator(".has-error").first).to_be_in_viewport()
    page.keyboard.press("Escape")

    expect(button).to_be_focused()


def test_without_a_connection_nothing_is_sent_and_nothing_is_lost(visitor, mette, workplaces):
    at_desk = visitor()
    page = at_desk.log_in(mette)
    page.goto(page.url.rstrip("/") + workplaces[0].get_absolute_url())
    page.keyboard.press("l")
    page.get_by_label("Short note").fill("Written in the lift")

    at_desk.context.set_offline(True)
    page.keyboard.press("Control+Enter")

    expect(page.locator("[data-draft-state]")).to_have_text("No connection. The draft is kept here.")
    expect(page.get_by_label("Short note")).to_have_value("Written in the lift")
    at_desk.context.set_offline(False)
    expect(page.locator("[data-offline-line]")).to_be_empty()
    page.reload()
    page.keyboard.press("l")
    expect(page.get_by_label("Short note")).to_have_value("Written in the lift")
    page.get_by_role("button", name="Discard it").click()
    expect(page.get_by_label("Short note")).to_have_value("")


def test_logging_out_takes_the_drafts_along(visitor, mette, workplaces):
    page = visitor().log_in(mette)
    page.goto(page.url.rstrip("/") + workplaces[0].get_absolute_url())
    page.keyboard.press("l")
    page.get_by_label("Short note").fill("Nobody else's business")
    expect(page.get_by_text("Draft saved at")).to_be_visible()
    page.keyboard.press("Escape")

    page.locator("details.person summary").click()
    page.locator("details.person").get_by_role("button", name="Log out").click()

    expect(page.get_by_text("You are logged out.")).to_be_visible()
    assert page.evaluate("Object.keys(localStorage).filter(key => key.startsWith('draft:'))") == []


@pytest.mark.parametrize(("theme", "ground"), [("light", "rgb(255, 255, 255)"), ("dark", "rgb(21, 24, 27)")])
@pytest.mark.parametrize("script", [True, False])
def test_the_colours_follow_the_device_until_somebody_chooses(visitor, mette, theme, ground, script):
    page = visitor(theme=theme, script=script).log_in(mette)

    expect(page.locator("body")).to_have_css("background-color", ground)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_colours_win_over_the_device(visitor, mette, theme):
    mette.theme = {"light": "dark", "dark": "light"}[theme]
    mette.save()
    ground = {"dark": "rgb(255, 255, 255)", "light": "rgb(21, 24, 27)"}[theme]

    for script in (True, False):
        page = visitor(theme=theme, script=script).log_in(mette)

        expect(page.locator("body")).to_have_css("background-color", ground)


def test_everything_on_a_phone_is_big_enough_for_a_thumb(visitor, mette, workplaces):
    page = visitor(width="phone").log_in(mette)
    base = page.url.rstrip("/")

    for where in ("/", workplaces[0].get_absolute_url(), f"/contacts/log/?workplace={workplaces[0].pk}"):
        page.goto(base + where)
        small = page.evaluate(
            """[...document.querySelectorAll(".btn, .phone-bar a, .phone-bar summary, .choices label, .form-control, .form-select")]
                 .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44)
                 .map((one) => one.outerHTML.slice(0, 80))"""
        )
        assert small == []
