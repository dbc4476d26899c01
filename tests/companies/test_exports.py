"""Workplaces as Excel: what is on screen, typed and harmless, without the protected, and recorded."""

import io
import re
import zipfile
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from companies import exports
from companies.models import Branch, Export, Municipality, Selection
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from tests.excel import ask, download, sheets, table
from tests.factories import CompanyFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def mine(client_for, owner):
    owner.language = "en"
    owner.save()
    return client_for(owner)


def test_cells_are_typed_and_the_columns_are_those_of_the_list_and_what_it_takes_to_reach_the_place(mine, owner):
    branch = Branch.objects.filter(scheme="DB25", level=4).first()
    workplace = WorkplaceFactory(
        company=CompanyFactory(name="Bødker ApS"), name="Bødker, værksted", tier=2, owner=owner, branch=branch, employees_min=10,
        employees_max=19, last_contact_on=date(2026, 11, 3), next_contact_on=date(2026, 12, 1), street="Ålekistevej 4",
        municipality=Municipality.objects.get(name="Køge"), phone="01020304", email="a@b.example", p_number="0990000001",
    )  # fmt: skip

    answer = download(mine)

    assert table(answer) == [
        {
            "Workplace": "Bødker, værksted",
            "Group": 2.0,
            "Branch": branch.title,
            "Employees, at least": 10.0,
            "Employees, at most": 19.0,
            "Responsible": "Olga Owner",
            "Last contact": date(2026, 11, 3),
            "Next step": date(2026, 12, 1),
            "Company": "Bødker ApS",
            "CVR number": workplace.company.cvr_number,
            "P-number": "0990000001",
            "Street and number": "Ålekistevej 4",
            "Postcode": "4600",
            "Town": "Køge",
            "Municipality": "Køge",
            "Telephone": "01020304",
            "E-mail": "a@b.example",
            "Sector": "Private",
        }
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="Workplaces 2026-11-24.xlsx"'
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r"])
def test_a_name_that_begins_like_a_formula_stays_text(mine, sign):
    name = f'{sign}HYPERLINK("https://example.com";"Read")'
    WorkplaceFactory(name=name)

    content = b"".join(download(mine).streaming_content)

    cells = sheets(content)["Workplaces"][1]
    assert cells[0].replace("_x000D_", "\r") == name
    assert "<f>" not in _sheet_xml(content)
    assert 'quotePrefix="1"' in _xml(content, "xl/styles.xml")


def test_the_words_of_a_selection_are_as_harmless_on_the_sheet_about_the_file(mine, owner):
    selection = Selection.objects.create(name="=1+1", query="tier=1", created_by=owner)
    plain = b"".join(download(mine, "tier=1").streaming_content)

    content = b"".join(download(mine, f"tier=1&selection={selection.pk}").streaming_content)

    assert dict(sheets(content)["About this file"])["Selection"] == "=1+1"
    styles = {_style_of(content, row) for row in (1, 2, 3)}
    assert len({_style_of(plain, row) for row in (1, 2, 3)}) == 1
    assert len(styles) == 2


def _style_of(content, row):
    """The style of the words in a line of the sheet about the file."""
    return re.search(rf'<c r="B{row}" s="(\d+)"', _xml(content, "xl/worksheets/sheet2.xml"))[1]


def _xml(content, path):
    return zipfile.ZipFile(io.BytesIO(content)).read(path).decode()


def _sheet_xml(content):
    return _xml(content, "xl/worksheets/sheet1.xml")


def test_all_rows_of_the_result_come_in_the_order_of_the_screen(mine, owner):
    for at in range(60):
        WorkplaceFactory(name=f"Place {at:03}", employees_min=at, employees_max=at, owner=owner)
    WorkplaceFactory(name="Nobody's")

    rows = table(download(mine, "owner=me&sort=-employees&page=2"))

    assert [row["Workplace"] for row in rows] == [f"Place {at:03}" for at in reversed(range(60))]


def test_only_the_ticked_come_when_some_are_ticked(mine):
    first, _second, third = [WorkplaceFactory(name=name) for name in "abc"]

    rows = table(download(mine, rows=[third, first]))

    assert [row["Workplace"] for row in rows] == ["a", "c"]


def test_headings_and_name_are_in_the_readers_language(mine, owner):
    owner.language = "da"
    owner.save()
    WorkplaceFactory()

    answer = download(mine)

    # Words that the catalogue has had for long.
    assert {"Virksomhed", "Gruppe", "Kommune"} <= set(table(answer)[0])


@pytest.fixture
def some_protected():
    WorkplaceFactory(name="open")
    WorkplaceFactory(name="asks", do_not_contact=True, do_not_contact_why="No")
    WorkplaceFactory(name="quiet", company=CompanyFactory(advertising_protected=True))
    WorkplaceFactory(name="shut", ceased_on=date(2026, 11, 1))


def test_the_protected_are_left_out_and_the_file_says_so(mine, owner, some_protected):
    answer = download(mine, "ceased=too")
    book = sheets(b"".join(answer.streaming_content))

    assert [row[0] for row in book["Workplaces"][1:]] == ["open"]
    about = dict(book["About this file"])
    assert about["List"] == "Companies"
    assert about["Filter"] == "Ceased places: Show them too"
    assert about["Made by"] == str(owner)
    assert about["Rows"] == "1"
    assert about["Left out"] == "3: advertising-protected, do not want contact, or ceased."
    assert "Basis" not in about


def test_one_that_asks_to_be_left_alone_after_the_page_was_shown_is_left_out(mine):
    workplace = WorkplaceFactory()
    url = ask(mine)
    workplace.do_not_contact, workplace.do_not_contact_why = True, "No"
    workplace.save()

    assert table(mine.post(url)) == []
    assert (Export.objects.get().rows, Export.objects.get().left_out) == (0, 1)


def test_a_manager_takes_them_along_on_a_basis_that_is_recorded(client_for, person_in, some_protected):
    manager = person_in(MANAGER)

    answer = download(client_for(manager), "ceased=too", include="on", basis="Consent by mail")
    rows = {row["Workplace"]: row["Note well"] for row in table(answer)}

    export = Export.objects.get()
    assert rows == {"open": "", "asks": "Do not contact", "quiet": "Advertising-protected", "shut": "Ceased"}
    assert (export.by, export.with_protected, export.basis) == (manager, True, "Consent by mail")
    assert (export.rows, export.left_out) == (4, 0)


def test_nobody_else_can_take_them_along_by_writing_a_basis(mine, some_protected):
    answer = download(mine, "ceased=too", include="on", basis="I want to")

    assert [row["Workplace"] for row in table(answer)] == ["open"]
    assert Export.objects.get().basis == ""


def test_each_export_is_recorded_with_its_selection_and_shown_to_those_who_look_after_it(
    mine, client_for, person_in, owner
):
    WorkplaceFactory(tier=1)
    selection = Selection.objects.create(name="First", query="tier=1", created_by=owner)
    table(download(mine, f"tier=1&selection={selection.pk}"))

    page = client_for(person_in(STEWARD)).get(reverse("companies:exports"))

    export = Export.objects.get()
    assert (export.by, export.selection, export.rows, export.ticked) == (owner, selection, 1, False)
    assert "First" in page.text
    assert "Group: Group 1" in page.text
    assert mine.get(reverse("companies:exports")).status_code == 403


def test_a_case_worker_takes_nothing_out(client_for, person_in):
    client = client_for(person_in(CASE_WORKER))

    assert client.post(reverse("companies:bulk"), {"act": "export", "all": "1"}).status_code == 403
    assert 'value="export"' not in client.get(reverse("companies:register")).text


def test_reading_the_page_records_nothing(mine):
    WorkplaceFactory()

    mine.get(ask(mine))

    assert not Export.objects.exists()


def test_a_large_one_is_written_by_a_job_and_kept_for_whoever_ordered_it(mine, client_for, colleague, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr("companies.bulk_pages.ROWS_AT_ONCE", 2)
    for name in "abc":
        WorkplaceFactory(name=name)
    WorkplaceFactory(name="asks", do_not_contact=True, do_not_contact_why="No")

    answer = download(mine)
    job = Job.objects.get()
    assert answer.url == job.get_absolute_url()
    jobs.run(job.pk)
    job.refresh_from_db()

    assert (job.state, job.counts) == (Job.State.DONE, {"rows": 3, "left_out": 1})
    assert [row["Workplace"] for row in table(mine.get(job.result_url))] == ["a", "b", "c"]
    assert client_for(colleague).get(job.result_url).status_code == 404


def test_a_large_one_is_let_go_after_a_week_and_its_record_stays(mine, owner, today, monkeypatch):
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 0)
    monkeypatch.setattr("companies.bulk_pages.ROWS_AT_ONCE", 0)
    WorkplaceFactory()
    download(mine)
    jobs.run(Job.objects.get().pk)
    today.shift(timedelta(days=6))
    assert exports.let_go(timezone.now()) == 0

    today.shift(timedelta(days=2))
    assert exports.let_go(timezone.now()) == 1

    assert (Export.objects.get().rows, Export.objects.get().file, StoredFile.objects.count()) == (1, None, 0)


@pytest.mark.parametrize("rows", [1, 60])
def test_an_export_asks_no_more_for_more_rows(mine, owner, rows, django_assert_num_queries):
    WorkplaceFactory.create_batch(rows, owner=owner)
    url = ask(mine)

    with django_assert_num_queries(10):
        answer = mine.post(url)
    assert len(table(answer)) == rows
