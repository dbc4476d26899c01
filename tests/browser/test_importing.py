"""A steward at a browser: names the columns of an unknown file, corrects a rejected row, and takes both in."""

from contextlib import suppress

import pytest
from playwright.sync_api import Error, expect

from companies.models import ColumnMapping, RegisterImport, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job
from tests.conftest import member

UNKNOWN = """Nr;Hvem;Hvor;Kode
99000007;Smedjen ApS;Smedevej 1;A
99000015;Bageriet ApS;Smedevej 2;B
"""
FAULTY = """cvrnr;pnr;navn;adresse
99000007;9911111111;Smedjen ApS;Smedevej 1
9900001;9911111112;Bageriet ApS;Smedevej 2
99000023;9911111113;;Smedevej 3
"""


@pytest.fixture
def lone(transactional_db):
    """A data steward."""
    return member("Data steward", "lone", first_name="Lone", last_name="Krogh")


def choose_file(visitor, text, name):
    page = visitor.open("/companies/import/")
    file = {"name": name, "mimeType": "text/csv", "buffer": text.encode()}
    page.get_by_label("File", exact=True).set_input_files(files=[file])
    page.get_by_role("button", name="Read the file").click()
    return page


def take_in(page, rows):
    page.get_by_role("button", name=f"Take in {rows} row").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("being taken in")
    jobs.run(Job.objects.filter(kind="companies.import_register").latest("pk").pk)
    # With a script the page is just now coming anew by itself, and breaks this off.
    with suppress(Error):
        page.goto(page.url)
    expect(page.get_by_role("heading", level=1)).to_have_text("Import: taken in")


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False])
def test_the_columns_of_an_unknown_file_are_named_and_remembered(visitor, lone, width, script):
    steward = visitor(width=width, script=script)
    steward.log_in(lone)

    page = choose_file(steward, UNKNOWN, "union.csv")
    expect(page.get_by_role("heading", level=1)).to_have_text("Name the columns")
    expect(page.get_by_text("Smedjen ApS")).to_be_visible()
    page.get_by_label("Nr", exact=True).select_option("CVR number")
    page.get_by_label("Hvor", exact=True).select_option("Address in one cell")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose which column is the name.")
    expect(page.get_by_label("Nr", exact=True)).to_have_value("cvr")
    page.get_by_label("Hvem", exact=True).select_option("Name")
    page.get_by_label("Remember it as").fill("The union's list")
    page.get_by_role("button", name="Read the file").click()
    expect(page.get_by_text("The columns are remembered as “The union's list”.")).to_be_visible()
    take_in(page, 2)
    page = choose_file(steward, UNKNOWN.replace("Smedevej 2", "Smedevej 3"), "union-december.csv")
    expect(page.get_by_text("The columns are read as “The union's list” says")).to_be_visible()

    assert set(Workplace.objects.values_list("name", flat=True)) == {"Smedjen ApS", "Bageriet ApS"}
    assert ColumnMapping.objects.get().columns["kode"] == ""
    assert steward.overflow() <= 0
    assert [said for said in steward.heard if "422" not in said] == []


@pytest.mark.parametrize("width", ["desktop", "phone"])
@pytest.mark.parametrize("script", [True, False])
def test_rejected_rows_are_corrected_and_taken_in_without_the_rest(visitor, lone, width, script):
    steward = visitor(width=width, script=script)
    steward.log_in(lone)

    page = choose_file(steward, FAULTY, "register.csv")
    page.get_by_role("link", name="Correct Line 3").click()
    page.get_by_label("cvrnr").fill("990000")
    page.get_by_role("button", name="Save and go to the next").click()
    expect(page.get_by_role("alert")).to_contain_text("The CVR number must have 8 digits; this has 6.")
    expect(page.get_by_label("cvrnr")).to_have_value("990000")
    page.get_by_label("cvrnr").fill("99000015")
    page.get_by_role("button", name="Save and go to the next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Correct line 4")
    page.get_by_label("navn").fill("Værkstedet ApS")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="See what the 2 corrected rows would change").click()
    expect(page.get_by_text("These are corrected rows of register.csv.")).to_be_visible()
    take_in(page, 2)
    page.get_by_role("link", name="register.csv", exact=True).click()
    expect(page.get_by_text("2 of them are corrected and taken in with corrected-register.csv.")).to_be_visible()

    assert set(Workplace.objects.values_list("name", flat=True)) == {"Bageriet ApS", "Værkstedet ApS"}
    assert RegisterImport.objects.get(name="register.csv").state == "previewed"
    assert steward.overflow() <= 0
    assert [said for said in steward.heard if "422" not in said] == []
