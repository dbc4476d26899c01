"""Saved searches in a browser: saved by one, opened by a colleague; mended when somebody has left."""

import pytest
from django.http import QueryDict
from django.utils import timezone
from playwright.sync_api import expect

from companies import selections
from companies.models import Branch, Selection
from tests.conftest import member
from tests.factories import WorkplaceFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def jonas(transactional_db):
    return member("Employer consultant", "jonas", first_name="Jonas", last_name="Friis")


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("desktop", False)])
def test_a_search_is_saved_and_a_colleague_opens_it(visitor, mette, jonas, width, script):
    WorkplaceFactory(name="Stor Fabrik A/S", employees_min=80, employees_max=80)
    WorkplaceFactory(name="Lille Butik ApS", employees_min=2, employees_max=2)
    hers, his = visitor(width=width, script=script), visitor(width=width, script=script)
    page = hers.log_in(mette)

    page.goto(f"{hers.base}/companies/?filter=1")
    page.get_by_label("Employees, from").fill("50")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("link", name="Save as selection").click()
    page.get_by_label("Name", exact=True).fill("The large ones")
    page.get_by_label("Share it with all colleagues").check()
    page.get_by_role("button", name="Save", exact=False).last.click()
    expect(page.get_by_text("Saved as “The large ones”.")).to_be_visible()
    expect(page.locator(".tabs [aria-current]")).to_have_text("The large ones")

    page = his.log_in(jonas)
    page.goto(f"{his.base}/companies/")
    page.locator(".tabs").get_by_role("link", name="The large ones").click()
    expect(page.locator(".tabs [aria-current]")).to_have_text("The large ones")
    expect(page.locator("#rows")).to_contain_text("Stor Fabrik A/S")
    expect(page.locator("#rows")).not_to_contain_text("Lille Butik ApS")
    expect(page.get_by_role("link", name="Edit selection")).to_have_count(0)
    assert (hers.heard, his.heard, his.overflow() <= 0) == ([], [], True)


@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_one_broken_by_a_colleague_who_left_says_so_and_is_mended(visitor, mette, jonas, width):
    WorkplaceFactory(name="Jonas' sted", owner=jonas)
    WorkplaceFactory(name="Ingens sted")
    selection = selections.save(
        name="Those of Jonas", data=QueryDict(f"owner={jonas.pk}"), is_shared=True, by=mette, today=timezone.localdate()
    )
    jonas.is_active = False
    jonas.save()
    looker = visitor(width=width)
    page = looker.log_in(mette)

    page.goto(f"{looker.base}/companies/selections/")
    expect(page.locator(".selection-list")).to_contain_text("The colleague no longer works here.")
    page.get_by_role("link", name="Those of Jonas", exact=True).click()
    expect(page.get_by_text("“Those of Jonas” can't be read as it was saved")).to_be_visible()
    expect(page.locator(".register")).to_have_count(0)
    page.get_by_label("Responsible consultant").select_option("Nobody")
    page.get_by_role("button", name="Show").click()
    page.get_by_role("button", name="Save changes").click()

    expect(page.get_by_text("“Those of Jonas” now finds what you see here.")).to_be_visible()
    expect(page.locator("#rows")).to_contain_text("Ingens sted")
    assert Selection.objects.get(pk=selection.pk).query == "owner=none"
    assert (looker.heard, looker.overflow() <= 0) == ([], True)


def test_the_last_branch_of_a_list_is_suggested_while_it_is_typed(visitor, mette):
    Branch.objects.get_or_create(
        scheme="DB25", code="56", defaults={"title": "Restauration", "level": 1, "section": "I"}
    )
    looker = visitor()
    page = looker.log_in(mette)

    page.goto(f"{looker.base}/companies/?filter=1")
    page.get_by_label("Branch", exact=True).press_sequentially("47, restauration", delay=10)

    expect(page.locator('#branch-options option[value="47, DB25:56"]')).to_have_count(1)
