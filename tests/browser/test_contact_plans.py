"""A contact plan in a browser: start it, share it out, contact one of its workplaces."""

import re

import pytest
from playwright.sync_api import expect

from contacts.models import ContactPlan
from jobcenter_crm.staff.roles import CONSULTANT
from tests.conftest import member
from tests.factories import ContactPlanFactory, SelectionFactory, WorkplaceFactory


@pytest.fixture
def jonas(transactional_db):
    return member(CONSULTANT, "jonas", first_name="Jonas", last_name="Friis")


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("desktop", False)])
def test_a_plan_is_started_shared_out_and_worked_on(visitor, mette, jonas, width, script):
    for at in range(4):
        WorkplaceFactory(name=f"Kitchen {at}", postcode=f"400{at}", tier=3)
    WorkplaceFactory(name="Protected kitchen", advertising_protected=True, tier=3)
    plan = ContactPlanFactory(
        name="Kitchens", state="draft", purpose="Paid hours in the kitchen", channel="phone", participants=[mette, jonas],
        selection=SelectionFactory(query="tier=3"),
    )  # fmt: skip
    at_desk = visitor(width=width, script=script)
    page = at_desk.log_in(mette)
    page = at_desk.open("/contact-plans/")

    page.get_by_role("link", name=re.compile("Start.*Kitchens")).click()
    expect(page.get_by_text("1 is advertising-protected")).to_be_visible()
    page.get_by_role("button", name="Start with 4 workplaces").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Share out: Kitchens")
    page.get_by_label("By area").check(force=True)
    page.get_by_role("button", name="Show the outcome").click()
    page.get_by_role("button", name="Share out 4 workplaces").click()

    expect(page.get_by_text("0 of 2 contacted").first).to_be_visible()
    assert at_desk.overflow() <= 0
    if script:
        assert at_desk.axe() == []
    page.get_by_role("link", name=re.compile("Log call.*Kitchen 2")).click()
    expect(page.get_by_text("The purpose comes from there.")).to_be_visible()
    page.get_by_label("Interested", exact=True).first.check(force=True)
    page.get_by_label("None", exact=True).first.check(force=True)
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("1 of 2 contacted").first).to_be_visible()
    assert ContactPlan.objects.get().targets.contacted().count() == 1
    page = at_desk.open("/")
    expect(page.get_by_text("1 workplace waits in Kitchens")).to_be_visible()
    assert plan.targets.filter(consultant=jonas).count() == 2
    assert at_desk.heard == []
