"""A steward finds what is there twice, merges it, sees it in one place, and takes it back; also without JavaScript."""

import pytest

from companies.models import Workplace
from tests.browser.conftest import each_look
from tests.conftest import member
from tests.factories import CompanyFactory, InteractionFactory, PersonFactory, WorkplaceFactory


@pytest.fixture
def lone(transactional_db):
    return member("Data steward", "lone", first_name="Lone", last_name="Krogh", is_staff=True)


@pytest.fixture
def twice(mette):
    company = CompanyFactory(name="Smedjen ApS")
    kept = WorkplaceFactory(company=company, name="Smedjen ApS", phone="10203040", tier=2)
    merged = WorkplaceFactory(company=company, name="Smedjen", phone="10203040", p_number=None, tier=1, owner=mette)
    InteractionFactory(workplace=merged, created_by=mette, note="They want to know more")
    PersonFactory.create_batch(2, workplace=merged, name="Anna Riis")
    return kept, merged


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", False)])
def test_two_become_one_and_two_again(visitor, lone, twice, width, script):
    kept, merged = twice
    looker = visitor(width=width, script=script)
    page = looker.log_in(lone)

    looker.open("/companies/duplicates/")
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("group", name="Group").get_by_label("Group 1").check()
    page.get_by_role("button", name="Merge 2 into 1").click()
    page.wait_for_url(f"**{kept.get_absolute_url()}")

    assert page.get_by_text("They want to know more").is_visible()
    assert Workplace.objects.get().tier == 1

    page.locator("#said").get_by_role("button", name="Undo").click()
    page.get_by_text("stand by themselves again").wait_for()

    assert set(Workplace.objects.values_list("pk", "tier")) == {(kept.pk, 2), (merged.pk, 1)}
    assert [said for said in looker.heard if script] == []


@each_look
def test_no_page_of_merging_has_anything_to_complain_about(visitor, lone, twice, width, theme, language):
    kept, merged = twice
    anna, again = kept.company.people.all()
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(lone)

    complaints = []
    for where in (
        "/companies/duplicates/",
        "/companies/duplicates/?kind=person",
        "/companies/duplicates/?said=two",
        f"/companies/merge/?kind=workplace&a={kept.pk}",
        f"/companies/merge/?kind=workplace&a={merged.pk}&b={kept.pk}",
        f"/companies/merge/?kind=person&a={anna.pk}&b={again.pk}",
        f"/companies/merge/?kind=company&a={kept.company_id}",
        "/companies/merges/",
    ):
        looker.open(where)
        complaints += [f"{where}: axe {one}" for one in looker.axe()]
        complaints += [f"{where}: wider by {wider} px"] if (wider := looker.overflow()) > 0 else []
        complaints += [f"{where}: {said}" for said in looker.heard]
        looker.heard.clear()

    assert complaints == []
