"""Workplaces handed over to a colleague, who accepts them and takes that back, in a browser."""

from datetime import date

import pytest
from playwright.sync_api import expect

from companies.models import Workplace
from contacts.models import Handover
from tests.conftest import member
from tests.factories import FollowUpFactory, HandoverFactory, UserFactory, WorkplaceFactory


@pytest.fixture
def ali(transactional_db):
    return member("Employer consultant", "ali", first_name="Ali", last_name="Demir")


@pytest.fixture
def places(mette):
    places = [
        WorkplaceFactory(name=name, owner=mette, tier=1, last_contact_on=date(2025, 1, 1))
        for name in ("Bageren", "Smeden", "Kroen")
    ]
    FollowUpFactory(workplace=places[0], owner=mette, title="Send the paper")
    return places


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("phone", False)])
def test_several_are_offered_accepted_and_taken_back(visitor, mette, ali, places, width, script):
    giver = visitor(width=width, script=script)
    page = giver.log_in(mette)
    giver.open("/companies/?owner=me")
    for at in (0, 1):
        page.locator("[data-tick]").nth(at).check()
    page.get_by_role("button", name="Hand over").click()
    page.get_by_label("To", exact=True).select_option(label="Ali Demir")
    page.get_by_label("What should they know?").fill("Ask for Karl")
    page.locator("main").get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("2 workplaces offered to Ali Demir.")).to_be_visible()
    assert Workplace.objects.filter(owner=mette).count() == 3

    taker = visitor(width=width, script=script)
    page = taker.log_in(ali)
    page.get_by_role("link", name="Hand-overs to you: 1").click()
    expect(page.get_by_text("Ask for Karl")).to_be_visible()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("2 handed over.")).to_be_visible()
    assert Workplace.objects.filter(owner=ali).count() == 2
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()

    assert Workplace.objects.filter(owner=mette).count() == 3
    assert Handover.objects.get().is_open
    assert [*giver.heard, *taker.heard] == []


@pytest.mark.parametrize("script", [True, False])
def test_what_a_colleague_left_is_taken_over(visitor, mette, script):
    WorkplaceFactory(owner=UserFactory(is_active=False, team=mette.team), name="Bageren")
    somebody = visitor(script=script)
    page = somebody.log_in(mette)
    somebody.open("/handovers/without/")

    page.get_by_label("Tick: Bageren").check()
    page.get_by_role("button", name="Take over").click()

    expect(page.get_by_text("1 handed over.")).to_be_visible()
    assert Workplace.objects.get(name="Bageren").owner == mette
    assert "csrf" not in page.url


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_screens_are_sound(visitor, mette, ali, places, width):
    handover = HandoverFactory(giver=ali, to=mette, workplaces=[WorkplaceFactory(owner=ali)])
    left = UserFactory(is_active=False, team=mette.team)
    WorkplaceFactory(owner=left)
    somebody = visitor(width=width)
    somebody.log_in(mette)

    for path in (
        "/handovers/", handover.get_absolute_url(), f"/handovers/new/?at={places[0].pk}", "/handovers/new/?all=1",
        "/handovers/without/", "/colleagues/", f"/companies/{places[0].pk}/colleagues/add/", places[0].get_absolute_url(),
    ):  # fmt: skip
        somebody.open(path)
        assert somebody.axe() == [], path
        assert somebody.overflow() <= 0, path
