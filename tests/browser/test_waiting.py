"""The bell: how much waits, and the page behind it."""

import re
from datetime import timedelta

from django.utils import timezone
from playwright.sync_api import expect

from tests.factories import FollowUpFactory, InteractionFactory, WorkplaceFactory


def wait_for(mette):
    """A follow-up for today, and a visit of yesterday that nobody told about."""
    today = timezone.localdate()
    place = WorkplaceFactory(name="Alfa Bageri", owner=mette)
    FollowUpFactory(workplace=place, owner=mette, due_on=today, title="Send the paper")
    InteractionFactory(
        workplace=place, state="planned", channel="visit", on=today - timedelta(days=1), created_by=mette
    )


def test_the_bell_counts_what_waits_and_falls_silent_when_it_is_done(visitor, mette):
    wait_for(mette)
    someone = visitor()
    page = someone.log_in(mette)
    expect(page.get_by_role("link", name="2 things wait")).to_be_visible()

    page.get_by_role("region", name="Held, moved or cancelled?").get_by_role("button", name="Cancelled").click()
    expect(page.get_by_role("link", name="1 thing waits")).to_be_visible()
    page.get_by_role("link", name="1 thing waits").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What waits")
    expect(page.locator(".waiting-line")).to_contain_text("Send the paper")
    page.locator(".waiting-line").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Alfa Bageri")
    assert someone.heard == []


def test_on_a_telephone_the_bell_stands_beside_the_heading(visitor, mette):
    wait_for(mette)
    someone = visitor(width="phone")
    page = someone.log_in(mette)

    page.get_by_role("link", name="2 things wait").click()
    page.wait_for_url(re.compile("/waiting/$"))
    expect(page.get_by_role("link", name="2 things wait")).to_be_visible()

    assert someone.overflow() <= 0
    assert someone.axe() == []


def test_without_script_the_bell_is_a_link(visitor, mette):
    wait_for(mette)
    page = visitor(script=False).log_in(mette)

    page.get_by_role("link", name="What waits").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("What waits")
