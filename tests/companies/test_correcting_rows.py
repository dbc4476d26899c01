"""Correcting rejected rows in the browser, and bringing them again without the rest of their file."""

import csv
import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import translation

from companies.models import ColumnMapping, RegisterImport, RejectedRow, Workplace
from companies.register import corrections, kinds
from companies.register.kinds import ImportKind
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.staff.roles import STEWARD
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

FILE = """cvrnr;pnr;navn;adresse;postnr;by;farve
99000007;9911111111;Smedjen ApS;Smedevej 1;4600;Køge;rød
9900001;9911111112;Bageriet ApS;Smedevej 2;4600;Køge;
99000023;9911111113;;Smedevej 3;4600;Køge;
99000031;9911111114;Kroen ApS;Smedevej 4;4600;Køge;010190-1234
"""


@pytest.fixture
def steward(client_for, person_in):
    return client_for(person_in(STEWARD))


def upload(client, text=FILE, name="register.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    client.post(reverse("companies:imports"), {"file": SimpleUploadedFile(name, content)})
    return RegisterImport.objects.order_by("pk").last()


def row_of(shown, line):
    return shown.remarks.rows().get(line=line)


def page_of(row):
    return reverse("companies:import_row", args=[row.pk])


def correct(client, row, **cells):
    """Save the row's form with some cells written otherwise, {heading: cell}."""
    headings = row.register_import.headings
    kept = row.raw + [""] * (len(headings) - len(row.raw))
    data = {f"cell_{at}": cell for at, cell in enumerate(kept)}
    return client.post(page_of(row), data | {f"cell_{headings.index(name)}": cell for name, cell in cells.items()})


def bring_again(client, shown):
    return client.post(reverse("companies:import_again", args=[shown.pk]))


def take_in(client, shown):
    client.post(reverse("companies:import_apply", args=[shown.pk]))
    jobs.run(Job.objects.filter(kind="companies.import_register").latest("pk").pk)
    shown.refresh_from_db()


def test_a_row_is_shown_with_its_reasons_and_each_cell_under_its_own_heading(steward):
    shown = upload(steward)

    listed = steward.get(shown.get_absolute_url())
    page = steward.get(page_of(row_of(shown, 3)))

    assert page_of(row_of(shown, 3)) in listed.text
    assert "The CVR number must have 8 digits; this has 7." in page.text
    assert '<input type="text" name="cell_0" value="9900001"' in page.text
    assert "1 column that is not read" in page.text


def test_saving_a_row_goes_on_to_the_next_and_after_the_last_back_to_the_import(steward):
    shown = upload(steward)

    first = correct(steward, row_of(shown, 3), cvrnr="99000015")
    second = correct(steward, row_of(shown, 5))
    third = correct(steward, row_of(shown, 4), navn="Værkstedet ApS")

    row = row_of(shown, 3)
    assert row.corrected[0] == "99000015"
    assert (row.corrected_by.username, row.corrected_at is not None) == ("data-steward", True)
    assert first.url == page_of(row_of(shown, 4))
    assert second.url == page_of(row_of(shown, 4))
    assert third.url == f"{shown.get_absolute_url()}#remarks"


def test_what_is_still_wrong_is_said_beside_the_field_and_what_was_typed_is_kept(steward):
    shown = upload(steward)

    answer = correct(steward, row_of(shown, 3), cvrnr="990000159", navn="Bageren")

    assert answer.status_code == 422
    assert "The CVR number must have 8 digits; this has 9." in answer.text
    assert 'value="990000159"' in answer.text
    assert 'value="Bageren"' in answer.text
    assert not RejectedRow.objects.corrected().exists()


@pytest.mark.parametrize("typed", ["020292-1234", "0202921234", "see 020292 1234", "020292-1234\0"])
@pytest.mark.parametrize("heading", ["navn", "farve", "cvrnr"])
def test_a_cpr_number_is_neither_kept_nor_sent_back(steward, heading, typed):
    shown = upload(steward)

    answer = correct(steward, row_of(shown, 4), **{"navn": "Shop", heading: typed})

    assert answer.status_code == 422
    assert "This may be a CPR number." in answer.text
    assert "020292" not in answer.text
    assert not RejectedRow.objects.corrected().exists()


def test_a_cell_that_looked_like_a_cpr_number_is_empty_and_says_so(steward):
    shown = upload(steward)

    page = steward.get(page_of(row_of(shown, 5)))
    correct(steward, row_of(shown, 5))

    assert "What stood here looked like a CPR number and is not kept." in page.text
    assert "010190" not in page.text
    assert row_of(shown, 5).corrected[-1] == ""


def test_a_correction_can_be_changed_and_undone_until_it_is_brought_again(steward):
    shown = upload(steward)
    row = row_of(shown, 3)

    correct(steward, row, cvrnr="99000015")
    correct(steward, row, cvrnr="99000015", navn="Bageren")
    changed = row_of(shown, 3).corrected[2]
    steward.post(page_of(row), {"leave_out": "1"})

    assert changed == "Bageren"
    assert row_of(shown, 3).corrected is None
    assert not shown.remarks.waiting().exists()


def test_the_corrected_rows_alone_are_previewed_and_taken_in(steward):
    shown = upload(steward)
    correct(steward, row_of(shown, 3), cvrnr="99000015")
    correct(steward, row_of(shown, 4), navn="Værkstedet ApS")

    before = steward.get(shown.get_absolute_url())
    answer = bring_again(steward, shown)
    again = RegisterImport.objects.get(corrects=shown)
    preview = steward.get(answer.url)
    take_in(steward, again)
    after = steward.get(shown.get_absolute_url())

    assert "See what the 2 corrected rows would change" in before.text
    assert answer.url == again.get_absolute_url()
    assert "These are corrected rows of" in preview.text
    assert "Take in 2 rows" in preview.text
    assert set(Workplace.objects.values_list("name", flat=True)) == {"Bageriet ApS", "Værkstedet ApS"}
    assert "2 of them are corrected and taken in with" in after.text
    assert "corrected rows would change" not in after.text


def test_pressing_twice_brings_them_once(steward):
    shown = upload(steward)
    nothing = bring_again(steward, shown)
    correct(steward, row_of(shown, 3), cvrnr="99000015")

    first, second = bring_again(steward, shown), bring_again(steward, shown)

    assert nothing.url == shown.get_absolute_url()
    assert first.url == second.url
    assert RegisterImport.objects.filter(corrects=shown).count() == 1


def test_what_is_brought_again_is_no_longer_corrected_here(steward):
    shown = upload(steward)
    row = row_of(shown, 3)
    correct(steward, row, cvrnr="99000015")
    again = bring_again(steward, shown).url

    seen, written = steward.get(page_of(row)), correct(steward, row, cvrnr="99000023")

    row.refresh_from_db()
    assert (seen.url, written.url) == (again, again)
    assert row.corrected[0] == "99000015"
    assert not corrections.correct(row, ["x"], by=row.corrected_by)
    assert not corrections.leave_out(row)


def test_cancelling_frees_the_rows_again(steward):
    shown = upload(steward)
    correct(steward, row_of(shown, 3), cvrnr="99000015")
    again = RegisterImport.objects.get(pk=bring_again(steward, shown).url.split("/")[-2])

    steward.post(reverse("companies:import_cancel", args=[again.pk]))
    page = steward.get(shown.get_absolute_url())

    assert shown.remarks.waiting().count() == 1
    assert "See what the corrected row would change" in page.text
    assert "corrected and waits in" not in page.text


def test_rows_that_contradict_each_other_come_out_in_the_new_preview(steward):
    shown = upload(steward)
    correct(steward, row_of(shown, 3), cvrnr="99000015", pnr="9911111119")
    correct(steward, row_of(shown, 4), navn="Shop", pnr="9911111119")

    page = steward.get(bring_again(steward, shown).url)

    assert "The P-number is also in line" in page.text
    assert RegisterImport.objects.get(corrects=shown).rows_rejected == 2


def test_the_rows_of_a_file_that_is_taken_in_can_still_be_corrected(steward):
    shown = upload(steward)
    take_in(steward, shown)
    correct(steward, row_of(shown, 3), cvrnr="99000015")

    bring_again(steward, shown)

    assert RegisterImport.objects.get(corrects=shown).rows_new == 1


def test_the_columns_that_were_named_by_hand_are_so_in_the_corrected_rows_too(steward):
    ColumnMapping.objects.create(name="ours", columns={"nr": "cvr", "hvem": "name"})
    shown = upload(steward, "nr;hvem\n9900001;Smedjen\n99000015;Bageriet\n")
    correct(steward, row_of(shown, 2), nr="99000007")

    bring_again(steward, shown)

    again = RegisterImport.objects.get(corrects=shown)
    assert (again.state, again.rows_new) == ("previewed", 1)


def test_the_rows_of_a_file_without_headings_can_be_corrected(steward):
    shown = upload(steward, "9900001;Smedjen\n99000015;Bageriet\n")
    named = {"column_0": "cvr", "column_1": "name", "no_headings": "on"}
    steward.post(reverse("companies:import_columns", args=[shown.pk]), named)
    shown.refresh_from_db()

    page = steward.get(page_of(row_of(shown, 1)))
    correct(steward, row_of(shown, 1), **{"#1": "99000007"})
    bring_again(steward, shown)

    again = RegisterImport.objects.get(corrects=shown)
    assert "Column 1" in page.text
    assert (again.state, again.rows_read, again.rows_new) == ("previewed", 1, 1)


def test_too_many_cells_are_moved_under_their_headings(steward):
    shown = upload(steward, "cvr;navn;adresse\n99000007;Smedjen;ApS;Smedevej 1\n99000015;Bageriet\n")
    row = row_of(shown, 2)

    refused = correct(steward, row)
    saved = steward.post(
        page_of(row), {"cell_0": "99000007", "cell_1": "Smedjen ApS", "cell_2": "Smedevej 1", "cell_3": ""}
    )
    correct(steward, row_of(shown, 3), adresse="Smedevej 2")

    assert "This cell has no heading." in refused.text
    assert saved.status_code == 302
    assert row_of(shown, 2).corrected == ["99000007", "Smedjen ApS", "Smedevej 1"]
    assert row_of(shown, 3).corrected == ["99000015", "Bageriet", "Smedevej 2"]


def test_a_corrected_cell_may_hold_whatever_a_file_may(steward):
    shown = upload(steward)
    name = '=Smedjen; "Køge"'
    correct(steward, row_of(shown, 4), navn=name)

    bring_again(steward, shown)

    again = RegisterImport.objects.get(corrects=shown)
    assert again.sample["rows"]["new"][0]["name"] == name


def test_a_row_of_one_of_several_sheets_is_corrected_and_says_nothing_of_the_others_columns(steward):
    WorkplaceFactory(p_number="9911111111", company__cvr_number="99000007", phone="10332041")
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for at, rows in enumerate(
            [[["cvr", "pnr", "navn"], ["9900000", "9911111111", "Smedjen"]],
             [["cvr", "navn", "telefon"], ["99000015", "Bageriet", "10332042"]]]
        ):  # fmt: skip
            sheet = book.add_worksheet(f"Ark{at}")
            for line, cells in enumerate(rows):
                sheet.write_row(line, 0, cells)
    shown = upload(steward, content.getvalue(), "sheets.xlsx")
    row = shown.remarks.rows().get()

    page = steward.get(page_of(row))
    correct(steward, row, cvr="99000007")
    bring_again(steward, shown)
    take_in(steward, RegisterImport.objects.get(corrects=shown))

    assert "Correct line 2 (Ark0)" in page.text
    assert Workplace.objects.values_list("name", "phone").get() == ("Smedjen", "10332041")


@pytest.mark.parametrize("state", ["cancelled", "unusable", "reading"])
def test_a_file_that_was_given_up_has_nothing_to_correct(steward, state):
    shown = upload(steward)
    RegisterImport.objects.update(state=state)

    assert steward.get(page_of(row_of(shown, 3))).status_code == 404
    assert "companies/import/rows" not in steward.get(shown.get_absolute_url()).text


def test_a_warning_or_a_second_remark_about_a_row_has_no_page_of_its_own(steward):
    shown = upload(steward, "cvr;navn;postnr\n1;;4600\n99000007;Shop;9\n")
    assert shown.remarks.count() == 3

    answers = {remark.pk: steward.get(page_of(remark)).status_code for remark in shown.remarks.all()}

    assert sorted(answers.values()) == [200, 404, 404]
    assert answers[row_of(shown, 2).pk] == 200


@pytest.mark.parametrize("data", [{}, {"cell_0": "x" * 3000}, {"cell_99": "x"}])
def test_whatever_is_sent_the_page_answers(steward, data):
    shown = upload(steward)

    assert steward.post(page_of(row_of(shown, 3)), data).status_code == 422


def test_another_kind_of_file_has_its_own_rules(steward, monkeypatch):
    register = kinds.kind_of("register")
    other = ImportKind(
        name="other", label="Other", lead="Another kind", never="", layout=register.layout,
        reading=register.reading, compare=register.compare, take_in=register.take_in, figures=register.figures,
    )  # fmt: skip
    monkeypatch.setitem(kinds._kinds, "other", other)
    choosing = steward.get(f"{reverse('companies:imports')}?kind=other")
    address = f"{reverse('companies:imports')}?kind=other"
    steward.post(address, {"file": SimpleUploadedFile("x.csv", FILE.encode())})
    shown = RegisterImport.objects.get()

    correct(steward, row_of(shown, 3), navn="As it was")
    bring_again(steward, shown)

    again = RegisterImport.objects.get(corrects=shown)
    assert "Another kind" in choosing.text
    assert (shown.kind, again.kind) == ("other", "other")
    assert again.rows_rejected == 1


@pytest.mark.parametrize("language", ["en", "da"])
def test_the_downloaded_file_can_be_corrected_and_chosen_as_a_file_of_its_own(steward, language):
    shown = upload(steward, "cvr;navn;telefon;note\n9900001;=Smedjen;+45 10332041;-x\n99000015;;10332042;\n")
    with translation.override(language):
        address = reverse("companies:import_rejects", args=[shown.pk])
        content = b"".join(steward.get(address, headers={"accept-language": language}).streaming_content)

    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    lines[1][4] = "99000007"
    corrected = io.StringIO()
    csv.writer(corrected, delimiter=";").writerows(lines)
    again = upload(steward, corrected.getvalue(), "corrected.csv")

    assert lines[0][0] == {"en": "Line", "da": "Linje"}[language]
    assert lines[1][5:8] == ["'=Smedjen", "'+45 10332041", "'-x"]
    assert (again.state, again.rows_new, again.rows_rejected) == ("previewed", 1, 1)
    assert again.sample["rows"]["new"][0]["name"] == "=Smedjen"
    assert len(again.ignored_headings) == 5


@pytest.mark.parametrize("rows", [3, 60])
def test_the_pages_ask_the_same_questions_however_much_is_wrong(steward, rows, django_assert_num_queries):
    shown = upload(steward, "cvr;navn\n" + "\n".join(f"{n};Shop {n}" for n in range(1, rows + 1)))
    for line in (2, 3):
        correct(steward, row_of(shown, line), cvr=f"9900000{line}")
        bring_again(steward, shown)
    row = row_of(shown, 4)

    with django_assert_num_queries(10):
        steward.get(page_of(row))
    with django_assert_num_queries(10):
        steward.get(shown.get_absolute_url())


def test_the_file_of_the_corrected_rows_goes_when_it_is_taken_in(steward):
    WorkplaceFactory(p_number="9911111112", company__cvr_number="99000015")
    shown = upload(steward)
    correct(steward, row_of(shown, 3), cvrnr="99000015")
    again = RegisterImport.objects.get(pk=bring_again(steward, shown).url.split("/")[-2])

    take_in(steward, again)
    take_in(steward, shown)

    assert not StoredFile.objects.exists()
    assert again.rows_changed == 1


def test_a_row_of_one_of_two_sheets_is_read_and_shown_under_its_own_columns_only(steward):
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        book.add_worksheet("A").write_row(0, 0, ["CVR-nummer", "P-nummer", "Navn"])
        book.get_worksheet_by_name("A").write_row(1, 0, ["99000007", "9911111111", "Smedjen ApS"])
        other = book.add_worksheet("B")
        other.write_row(0, 0, ["cvrnr", "pnr", "navn_tekst"])
        # A P-number that reads as a date of birth.
        other.write_row(1, 0, ["99", "1011111131", "Bageriet ApS"])
    shown = upload(steward, content.getvalue(), "two.xlsx")
    row = shown.remarks.rows().get()

    page = steward.get(page_of(row))
    answer = correct(steward, row, cvrnr="99000015")
    bring_again(steward, shown)
    again = RegisterImport.objects.get(corrects=shown)
    take_in(steward, again)

    assert [bound.label for bound in page.context["parts"]["read"]] == ["pnr", "navn_tekst"]
    assert page.context["parts"]["other"] == []
    assert answer.status_code == 302
    assert Workplace.objects.get(name="Bageriet ApS").p_number == "1011111131"
