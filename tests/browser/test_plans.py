"""A manager weighs a plan against the hours; a consultant meets an employer for the first time, or a barrier."""

import pytest
from playwright.sync_api import expect

from companies.models import TierPlan
from contacts.models import FollowUp
from tests.conftest import member
from tests.factories import WorkplaceFactory


@pytest.fixture
def karen(mette):
    """Mette's manager; their team has five hours a week."""
    karen = member("Manager", "karen", first_name="Karen", last_name="Dahl")
    mette.manager = karen
    mette.save()
    mette.team.outreach_hours = 5
    mette.team.save()
    return karen


@pytest.fixture
def workplace(mette):
    return WorkplaceFactory(name="Bødker og Væver ApS", owner=mette, tier=1)


def press(page, name):
    page.get_by_label(name, exact=True).first.check(force=True)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_change_is_weighed_gone_back_from_and_saved_all_the_same(visitor, karen, script):
    WorkplaceFactory.create_batch(60, tier=1)
    desk = visitor(script=script)
    page = desk.log_in(karen)
    page.goto(desk.base + "/segments/plans/1/")

    page.get_by_label("Days between contacts, at most").fill("60")
    page.get_by_label("What we want, in English").fill("Lasting cooperation")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("It does not fit:")).to_be_visible()
    page.get_by_role("button", name="Go back and change it").click()
    expect(page.get_by_label("What we want, in English")).to_have_value("Lasting cooperation")
    page.get_by_label("Days between contacts, at most").fill("45")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Save all the same").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Plans and hours")
    plan = TierPlan.objects.get(tier=1)
    assert (plan.cadence_days, plan.aim_en) == (45, "Lasting cooperation")
    assert desk.heard == []


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_after_a_first_meeting_two_taps_are_enough(visitor, mette, karen, workplace, script):
    phone = visitor(width="phone", script=script)
    page = phone.log_in(mette)
    page.goto(f"{phone.base}/contacts/log/?workplace={workplace.pk}")
    proposal = page.get_by_label("Send proposal for a cooperation agreement")

    expect(proposal).to_be_visible(visible=not script)
    press(page, "Visit")
    press(page, "Interested")
    expect(proposal).to_be_visible()
    proposal.check(force=True)
    press(page, "Karen Dahl meets their manager")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Karen Dahl gets a follow-up on").first).to_be_visible()
    assert [one.owner for one in FollowUp.objects.order_by("pk")] == [mette, karen]


def test_the_answer_follows_the_barrier(visitor, mette, workplace):
    page = visitor().log_in(mette)
    page.goto(f"{page.url.rstrip('/')}/contacts/log/?workplace={workplace.pk}")
    answers = page.locator("[data-answers]")

    press(page, "Call")
    press(page, "Not now")
    expect(answers).to_be_hidden()
    press(page, "No tasks")
    expect(answers.locator("dd:visible")).to_have_count(1)
    expect(answers).to_contain_text("Ask for what nobody gets round to")
    press(page, "Bad experience")
    expect(answers.locator("dd:visible")).to_have_count(1)
    expect(answers.get_by_text("Listen first, and do not defend.")).to_be_visible()


def test_without_a_script_every_answer_can_be_read(visitor, mette, workplace):
    plain = visitor(script=False)
    page = plain.log_in(mette)
    page.goto(f"{plain.base}/contacts/log/?workplace={workplace.pk}")

    page.get_by_text("What to answer").click()

    expect(page.locator("[data-answers] dd:visible")).to_have_count(8)
