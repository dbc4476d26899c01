"""A manager before a committee: opens a number, changes the period, prints, sets a target; also on a telephone and without a script."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.conftest import member
from tests.factories import (
    EffectFactory,
    InteractionFactory,
    PlacementFactory,
    SlotFactory,
    WorkplaceFactory,
    active_agreement,
)


@pytest.fixture
def karen(transactional_db):
    return member("Manager", "karen", first_name="Karen", last_name="Dahl")


@pytest.fixture
def town(karen):
    """Three workplaces of group 1, one of which was contacted, and a year ago too; a company centre with a place."""
    today = timezone.localdate()
    places = WorkplaceFactory.create_batch(3, tier=1, owner=karen)
    places[0].last_contact_on = today
    places[0].save()
    for days in (0, 3, 370):
        InteractionFactory(workplace=places[0], on=today - timedelta(days=days), outcome="not_now", barrier="no_time")
    centre = active_agreement(owner=karen, kind="centre", workplace=places[1])
    slot = SlotFactory(workplace=places[1], agreement=centre, places=7)
    PlacementFactory(slot=slot, planned_end=today + timedelta(days=30))
    for _n in range(5):
        EffectFactory(placement__slot=slot)


@pytest.mark.parametrize(("width", "theme"), [("desktop", "light"), ("phone", "dark")])
def test_a_number_opens_its_rows_and_the_page_is_in_order(visitor, karen, town, width, theme):
    looker = visitor(width=width, theme=theme)
    page = looker.log_in(karen)

    looker.open("/dashboard/")
    expect(page.locator("figure[data-chart] canvas")).to_have_count(5)
    assert (looker.overflow(), looker.axe(), looker.heard) == (0, [], [])
    page.get_by_role("row", name=re.compile("^Workplaces ")).get_by_role("link", name="3").first.click()
    page.wait_for_url("**/companies/?tier=1")
    assert page.get_by_role("heading", level=1).inner_text() == "Companies"
    assert page.locator("#rows tbody tr").count() == 3


def test_another_period_and_another_place_are_one_tap_and_a_link(visitor, karen, town):
    looker = visitor()
    page = looker.log_in(karen)
    looker.open("/dashboard/")

    page.get_by_role("link", name="Last year").click()
    page.wait_for_url("**since=*")
    contacts = page.get_by_role("row", name=re.compile("^Contacts held"))
    expect(contacts.get_by_role("link", name="1").first).to_be_visible()
    page.get_by_role("link", name="Filter").click()
    page.get_by_label("Branch", exact=True).fill("56")
    page.get_by_role("button", name="Show").click()
    page.wait_for_url("**branch=56*")
    assert page.get_by_role("link", name=re.compile("^Remove")).count() == 1
    expect(contacts.get_by_role("link")).to_have_count(0)
    page.get_by_role("link", name=re.compile("^Remove")).click()
    page.wait_for_url(lambda url: "branch" not in url and "since" in url)


def test_it_prints_with_its_charts(visitor, karen, town):
    looker = visitor()
    page = looker.log_in(karen)
    looker.open("/dashboard/")
    expect(page.locator("figure[data-chart] canvas")).to_have_count(5)

    page.emulate_media(media="print")

    assert page.locator(".figures-strip").is_visible()
    assert page.locator(".filter-line").is_hidden()
    assert page.locator("figure[data-chart] canvas").first.is_visible()
    assert len(page.pdf(format="A4")) > 20_000


def test_without_a_script_each_part_is_a_page_of_its_own(visitor, karen, town):
    looker = visitor(width="phone", script=False)
    page = looker.log_in(karen)
    looker.open("/dashboard/")

    page.get_by_role("link", name="See company centres").click()
    page.wait_for_url("**/dashboard/centres/**")

    assert page.get_by_role("table", name="Places of company centres").is_visible()
    assert "got to 14.4 %" in page.inner_text("main")
    page.get_by_role("link", name="Overview").last.click()
    page.wait_for_url("**/dashboard/**")


def test_a_target_is_reckoned_through_before_it_is_set(visitor, karen, town):
    looker = visitor(width="phone")
    page = looker.log_in(karen)
    looker.open("/dashboard/")

    page.get_by_role("link", name="New target").click()
    page.wait_for_url("**/targets/add/")
    page.get_by_label("What is to be reached?").select_option("in_year")
    page.get_by_label("Target", exact=True).fill("90")
    page.get_by_label("Deadline").fill((timezone.localdate() + timedelta(days=300)).isoformat())
    page.get_by_role("button", name="Reckon").click()
    # Two places in 43 weeks, where the whole year gave one.
    expect(page.get_by_text("Does not hang together").first).to_be_visible()
    assert (looker.overflow(), looker.axe()) == (0, [])
    page.get_by_label("Why is it set all the same?").fill("A new colleague begins in January.")
    page.get_by_role("button", name="Set it all the same").click()
    page.wait_for_url(lambda url: "add" not in url)
    looker.open("/dashboard/")
    expect(page.locator("#targets-head")).to_be_visible()
    expect(page.get_by_text("33.3 %").first).to_be_visible()
