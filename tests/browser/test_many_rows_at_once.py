"""A steward at a browser corrects many workplaces at once and takes it back, and brings a code list out and in again."""

import csv
import io

import pytest
from playwright.sync_api import expect

from companies.models import CompanyForm, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from tests.conftest import member
from tests.factories import WorkplaceFactory


@pytest.fixture
def lone(transactional_db):
    """A data steward who may come into the admin site."""
    return member("Data steward", "lone", first_name="Lone", last_name="Krogh", is_staff=True, language="en")


def run_waiting():
    jobs.run(Job.objects.waiting().get().pk)


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", False)])
def test_many_workplaces_are_corrected_at_once_and_set_back(visitor, lone, width, script):
    chosen = [WorkplaceFactory(p_number=None, name=f"Place {at}", sector="private") for at in (1, 2)]
    WorkplaceFactory(p_number=None, name="Place 3", sector="private")
    steward = visitor(width=width, script=script)
    page = steward.log_in(lone)

    steward.open("/admin/companies/workplace/")
    for row in chosen:
        page.locator(f"input[name=_selected_action][value='{row.pk}']").check()
    page.locator("select[name=action]").select_option("correct")
    page.locator("button[name=index]").click()
    page.get_by_label("What to correct").select_option("sector")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("2 workplaces can be corrected.")).to_be_visible()
    page.get_by_label("Sector").select_option("public")
    page.get_by_role("button", name="Correct 2 workplaces").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Correcting the sector")
    expect(page.get_by_text("New value: Public")).to_be_visible()
    run_waiting()
    page.goto(page.url)

    assert sorted(Workplace.objects.values_list("name", "sector")) == [
        ("Place 1", "public"), ("Place 2", "public"), ("Place 3", "private"),
    ]  # fmt: skip

    page.locator("summary", has_text="Undo").click()
    page.get_by_role("button", name="Undo this job").click()
    expect(page.get_by_text("Takes back what Correcting the sector")).to_be_visible()
    run_waiting()
    page.goto(page.url)
    expect(page.get_by_text("Done")).to_be_visible()

    assert set(Workplace.objects.values_list("sector", flat=True)) == {"private"}

    page.get_by_role("link", name="Back to the list").click()
    expect(page).to_have_url(f"{steward.base}/admin/companies/workplace/")
    assert steward.heard == []


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", False)])
def test_a_code_list_is_downloaded_corrected_and_brought_in_again(visitor, lone, width, script):
    steward = visitor(width=width, script=script)
    page = steward.log_in(lone)

    steward.open("/admin/companies/companyform/export/")
    page.get_by_label("Format").select_option(label="CSV")
    with page.expect_download() as download:
        page.locator("input[type=submit]").click()
    lines = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig")), delimiter=";"))
    lines[0]["name"] = "Another name"
    text = io.StringIO()
    writer = csv.DictWriter(text, lines[0], delimiter=";")
    writer.writeheader()
    writer.writerows(lines)

    steward.open("/admin/companies/companyform/import/")
    file = {"name": "forms.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode()}
    page.locator("input[type=file]").set_input_files(files=[file])
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("0 new, 1 changed")).to_be_visible()
    expect(page.locator("table.import-preview ins")).to_have_text("Another name")
    assert CompanyForm.objects.get(code=lines[0]["code"]).name != "Another name"
    page.get_by_role("button", name="Take it in").click()
    expect(page).to_have_url(f"{steward.base}/admin/companies/companyform/")

    assert CompanyForm.objects.get(code=lines[0]["code"]).name == "Another name"
    assert CompanyForm.objects.count() == len(lines)
    assert steward.heard == []
