"""A manager sees what the rules would move, moves it, and takes it back; also without JavaScript, on a telephone."""

import pytest
from django.http import QueryDict
from django.utils import timezone

from companies import rules, selections
from companies.models import SegmentationRule, Selection, TierChange, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from tests.browser.conftest import each_look
from tests.conftest import member
from tests.factories import WorkplaceFactory


@pytest.fixture
def karen(transactional_db):
    return member("Manager", "karen", first_name="Karen", last_name="Dahl")


@pytest.fixture
def register(karen):
    for name, employees, tier in (("Bistro Havkat", 8, 3), ("Vesterlund Skole", 60, 2), ("Bech", 1, 4)):
        WorkplaceFactory(name=name, employees_min=employees, employees_max=employees, tier=tier)
    for name, query, tier in (("Over 50", "employees_from=50", 1), ("Over 5", "employees_from=6", 2)):
        rules.add(selection=shared(karen, name, query), tier=tier, by=karen)


def shared(by, name, query):
    return selections.save(name=name, data=QueryDict(query), is_shared=True, by=by, today=timezone.localdate())


def work():
    """What a worker does with what waits."""
    for pk in Job.objects.waiting().values_list("pk", flat=True):
        jobs.run(pk)


def tiers():
    return dict(Workplace.objects.values_list("name", "tier"))


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", False)])
def test_preview_apply_and_undo(visitor, karen, register, width, script):
    looker = visitor(width=width, script=script)
    page = looker.log_in(karen)
    before = tiers()

    looker.open("/segments/")
    page.get_by_role("button", name="Move 2 workplaces").click()
    page.wait_for_url("**/jobs/**")
    work()
    looker.open("/segments/")
    assert tiers() == {"Bistro Havkat": 2, "Vesterlund Skole": 1, "Bech": 4}
    assert page.get_by_text("The rules move nobody.").is_visible()

    page.get_by_role("link", name="done").click()
    page.locator("summary", has_text="Undo").click()
    page.get_by_role("button", name="Undo this job").click()
    page.wait_for_load_state()
    work()
    looker.open("/segments/")

    assert tiers() == before
    assert TierChange.objects.count() == 4
    assert page.get_by_role("button", name="Move 2 workplaces").is_visible()
    assert [said for said in looker.heard if script] == []


def test_a_rule_is_added_moved_up_and_removed_without_leaving_the_page(visitor, karen, register):
    shared(karen, "All of them", "")
    looker = visitor()
    page = looker.log_in(karen)

    looker.open("/segments/")
    page.get_by_role("link", name="New rule").click()
    page.locator("#sheet select").select_option(label="All of them")
    page.locator("#sheet input[value='3']").check()
    page.locator("#sheet").get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Move “All of them” up").click()
    page.locator("tr", has_text="All of them").get_by_text("2", exact=True).first.wait_for()
    page.get_by_role("link", name="All of them").click()
    page.get_by_role("button", name="Remove the rule").click()
    page.get_by_text("is removed").wait_for()

    assert list(SegmentationRule.objects.values_list("position", "selection__name")) == [(1, "Over 50"), (2, "Over 5")]
    assert looker.heard == []


@each_look
def test_no_page_of_the_groups_has_anything_to_complain_about(visitor, karen, register, width, theme, language):
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(karen)
    broken = rules.add(
        selection=shared(karen, "A selection of a rather long name, that was shared", "q=a"), tier=4, by=karen
    )
    rule = SegmentationRule.objects.first()

    complaints = []
    for where in (
        "/segments/",
        "/segments/moves/",
        "/segments/moves/?was=1&became=4",
        "/segments/movement/",
        "/segments/movement/?from=2026-12-01&until=2026-01-01",
        "/segments/movement/rows/",
        "/segments/rules/add/",
        f"/segments/rules/{rule.pk}/",
        "broken",
    ):
        if where == "broken":
            Selection.objects.filter(pk=broken.selection_id).update(is_shared=False)
        looker.open("/segments/" if where == "broken" else where)
        complaints += [f"{where}: axe {one}" for one in looker.axe()]
        complaints += [f"{where}: wider by {wider} px"] if (wider := looker.overflow()) > 0 else []
        complaints += [f"{where}: {said}" for said in looker.heard]
        looker.heard.clear()

    assert complaints == []
