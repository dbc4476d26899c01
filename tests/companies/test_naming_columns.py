"""Naming the columns of an unknown file, and remembering what was said."""

import io

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from companies import importing
from companies.models import ColumnMapping, RegisterImport, RejectedRow, Workplace
from companies.register.columns import COLUMNS
from companies.register.headings import REGISTER
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job, StoredFile
from jobcenter_crm.staff.roles import CONSULTANT, STEWARD

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

UNKNOWN = """Nr;Hvem;Hvor;Kode
99000007;Smedjen ApS;Smedevej 1;A
99000015;Bageriet ApS;Smedevej 2;B
"""
BARE = """99000007;Smedjen ApS;Smedevej 1
99000015;Bageriet ApS;Smedevej 2
"""
NAMED = {"column_0": "cvr", "column_1": "name", "column_2": "address"}


@pytest.fixture
def steward(client_for, person_in):
    return client_for(person_in(STEWARD))


def upload(client, text, name="list.csv"):
    content = text if isinstance(text, bytes) else text.encode()
    client.post(reverse("companies:imports"), {"file": SimpleUploadedFile(name, content)})
    return RegisterImport.objects.first()


def naming_page(shown):
    return reverse("companies:import_columns", args=[shown.pk])


def name_columns(client, shown, **said):
    answer = client.post(naming_page(shown), NAMED | said)
    shown.refresh_from_db()
    return answer


def take_in(client, shown):
    client.post(reverse("companies:import_apply", args=[shown.pk]))
    jobs.run(Job.objects.filter(kind="companies.import_register").latest("pk").pk)
    shown.refresh_from_db()


def test_every_column_that_we_read_can_be_chosen():
    offered = [column for group in COLUMNS.values() for column in group]

    assert sorted(offered) == sorted(REGISTER.columns)


def test_an_unknown_file_asks_for_its_columns_with_a_sample_beside_each(steward):
    shown = upload(steward, UNKNOWN)

    page = steward.get(shown.get_absolute_url(), follow=True)

    assert shown.state == "unnamed"
    assert page.redirect_chain[-1][0] == naming_page(shown)
    assert "Choose which column is the CVR number." in page.text
    assert "Choose which column is the name." in page.text
    assert "<span>Smedjen ApS</span><span>Bageriet ApS</span>" in page.text
    assert StoredFile.objects.count() == 1


def test_naming_them_reads_the_file_and_it_is_taken_in_like_any_other(steward):
    shown = upload(steward, UNKNOWN)

    answer = name_columns(steward, shown)
    page = steward.get(answer.url)
    take_in(steward, shown)

    assert "Take in 2 rows" in page.text
    assert shown.ignored_headings == ["Kode"]
    assert shown.state == "applied"
    assert set(Workplace.objects.values_list("name", "street")) == {
        ("Smedjen ApS", "Smedevej 1"),
        ("Bageriet ApS", "Smedevej 2"),
    }


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"column_1": ""}, "Choose which column is the name."),
        ({"column_0": "", "column_1": ""}, "Choose which column is the CVR number."),
        ({"column_3": "cvr"}, "“CVR number” is already chosen for “Nr”. Choose it once."),
        ({"column_3": "junk"}, "Select a valid choice."),
        ({"remember_as": "010190-1234"}, "The text holds a CPR number."),
        ({"remember_as": "x" * 101}, "at most 100 characters"),
    ],
)
def test_what_is_wrong_is_said_and_the_choices_are_kept(steward, said, error):
    shown = upload(steward, UNKNOWN)

    answer = name_columns(steward, shown, **said)

    assert answer.status_code == 422
    assert error in answer.text
    assert '<option value="address" selected>' in answer.text
    assert shown.state == "unnamed"
    assert not ColumnMapping.objects.exists()


def test_a_mapping_is_remembered_and_used_by_itself_for_the_next_file_like_it(steward):
    name_columns(steward, upload(steward, UNKNOWN), remember_as="Our list")

    following = upload(steward, "kode;HVEM;nr;hvor;andet\nB;Glarmesteren;99000023;Smedevej 3;x\n", "next.csv")
    page = steward.get(following.get_absolute_url())
    other = upload(steward, "nr;tekst\n1;x\n", "other.csv")

    assert (following.state, following.rows_new) == ("previewed", 1)
    assert "The columns are read as “Our list” says" in page.text
    assert other.state == "unnamed"


def test_of_several_that_fit_the_one_that_knows_most_headings_is_used(steward):
    for name, columns in {
        "less": {"nr": "cvr", "hvem": "name"},
        "more": {"nr": "cvr", "hvem": "name", "hvor": "address"},
        "useless": {"nr": "cvr", "hvor": "address", "kode": ""},
    }.items():
        ColumnMapping.objects.create(name=name, columns=columns)
    ColumnMapping.objects.create(name="another kind", kind="other", columns={"nr": "cvr", "hvem": "name", "kode": ""})

    shown = upload(steward, UNKNOWN)

    assert shown.sample["mapping"] == "more"


def test_a_file_that_is_understood_needs_no_remembered_mapping(steward):
    ColumnMapping.objects.create(name="odd", columns={"cvr": "cvr", "navn": "name", "telefon": ""})

    shown = upload(steward, "cvr;navn;telefon\n99000007;Smedjen;10332041\n")

    assert (shown.mapping, shown.columns["telefon"]) == ({}, "phone")


def test_a_remembered_mapping_can_be_chosen_and_changed_under_its_name(steward):
    known = ColumnMapping.objects.create(name="Our list", columns={"nr": "cvr", "hvem": "name", "gammel": "phone"})
    shown = upload(steward, UNKNOWN.replace("Nr", "Nummer"))

    page = steward.get(f"{naming_page(shown)}?use={known.pk}")
    name_columns(steward, shown, remember_as="Our list")

    known.refresh_from_db()
    assert '<option value="name" selected>' in page.text
    assert known.columns == {
        "nr": "cvr", "hvem": "name", "gammel": "phone", "nummer": "cvr", "hvor": "address", "kode": "",
    }  # fmt: skip
    assert shown.state == "previewed"


def test_the_columns_of_a_previewed_file_can_be_changed(steward):
    shown = upload(steward, "cvr;navn;telefon;mobil\n99000007;Smedjen;10332041;20332041\n1;x;;\n")
    row = RejectedRow.objects.get()
    RejectedRow.objects.filter(pk=row.pk).update(corrected=["1"], corrected_at=row.register_import.created_at,
                                                 corrected_by=shown.by)  # fmt: skip

    page = steward.get(naming_page(shown))
    steward.post(naming_page(shown), {"column_0": "cvr", "column_1": "name", "column_3": "phone"})

    shown.refresh_from_db()
    assert "1 rejected row of this file has been corrected. Reading the file anew forgets that." in page.text
    assert '<option value="phone" selected>' in page.text
    assert shown.columns == {"cvr": "cvr", "navn": "name", "mobil": "phone"}
    assert shown.sample["rows"]["new"][0]["after"]["phone"] == "20332041"


def test_a_heading_that_is_there_twice_is_named_once(steward):
    shown = upload(steward, "nr;navn;navn;\n99000007;Smedjen;Mester;x\n")

    page = steward.get(naming_page(shown))
    name_columns(steward, shown, column_2="", column_3="phone")

    assert "The heading is there 2 times; the first column is read." in page.text
    assert "Column 4" in page.text
    assert shown.sample["rows"]["new"][0]["name"] == "Smedjen"


def test_a_file_without_headings_is_read_from_its_first_row(steward):
    shown = upload(steward, BARE)

    answer = name_columns(steward, shown, no_headings="on", remember_as="bare")
    page = steward.get(naming_page(shown))
    take_in(steward, shown)

    assert answer.status_code == 302
    assert "Column 1" in page.text
    assert shown.rows_read == 2
    assert set(Workplace.objects.values_list("name", flat=True)) == {"Smedjen ApS", "Bageriet ApS"}


def test_what_is_remembered_of_a_file_without_headings_fills_in_the_next(steward):
    known = ColumnMapping.objects.create(name="bare", columns={"#1": "cvr", "#2": "name", "#3": ""})
    shown = upload(steward, BARE)

    page = steward.get(f"{naming_page(shown)}?use={known.pk}")

    assert shown.state == "unnamed"
    assert '<option value="cvr" selected>' in page.text
    assert page.context["form"]["no_headings"].value() is True


def test_a_large_file_is_read_in_the_background_once_its_columns_are_named(steward, monkeypatch):
    shown = upload(steward, UNKNOWN)
    monkeypatch.setattr(importing, "AT_ONCE", 10)

    name_columns(steward, shown)
    again = name_columns(steward, shown)
    jobs.run(shown.job_id)

    shown.refresh_from_db()
    assert again.status_code == 302
    assert Job.objects.filter(kind="companies.read_register").count() == 2
    assert shown.state == "previewed"


def test_an_unnamed_file_can_be_forgotten_and_its_columns_then_no_longer_named(steward):
    shown = upload(steward, UNKNOWN)

    steward.post(reverse("companies:import_cancel", args=[shown.pk]))
    name_columns(steward, shown)

    assert shown.state == "cancelled"
    assert not StoredFile.objects.exists()
    assert steward.get(naming_page(shown)).url == shown.get_absolute_url()


def test_a_cell_that_looks_like_a_cpr_number_is_no_sample(steward):
    shown = upload(steward, "a;b\n010190-1234;x\n0202921234;y\n")

    page = steward.get(naming_page(shown))

    assert "010190" not in page.text
    assert "020292" not in page.text
    assert "not shown: it looks like a CPR number" in page.text
    assert "empty in the first rows" not in page.text


def test_an_empty_column_is_said_to_be_empty_and_not_to_be_hidden(steward):
    shown = upload(steward, "a;b\nx;\ny;\n")

    page = steward.get(naming_page(shown))

    assert "empty in the first rows" in page.text
    assert "not shown" not in page.text


@pytest.mark.parametrize("text", ["p-nummer;b\n0101901234;x\n", "cvr;navn;p-nummer\n99000007;Smedjen;0101901234\n"])
def test_a_number_below_the_heading_of_p_numbers_is_shown_whatever_it_looks_like(steward, text):
    shown = upload(steward, text)

    assert "0101901234" in steward.get(naming_page(shown)).text


def test_a_text_of_one_column_is_refused_with_what_to_do(steward):
    shown = upload(steward, "a line\nanother line\n")

    page = steward.get(shown.get_absolute_url())

    assert shown.state == "unusable"
    assert "There is only one column in the file." in page.text


def test_a_heading_is_never_markup(steward):
    shown = upload(steward, "<b>x</b>;<i>y\n99000007;<script>alert(1)</script>\n")

    page = steward.get(naming_page(shown))

    assert "<b>x</b>" not in page.text
    assert "<script>alert" not in page.text


@pytest.mark.parametrize("use", ["junk", "0", "99999999999999999999", ""])
def test_whatever_the_url_says_the_page_opens(steward, use):
    shown = upload(steward, UNKNOWN)

    assert steward.get(f"{naming_page(shown)}?use={use}").status_code == 200


def test_a_file_of_very_many_columns_can_be_named(steward):
    shown = upload(steward, ";".join(f"c{n}" for n in range(900)) + "\n" + ";".join("x" * 900) + "\n")

    page = steward.get(naming_page(shown))

    assert page.text.count("<select") == 200


@pytest.mark.parametrize("columns", [3, 90])
def test_the_page_asks_the_same_questions_however_wide_the_file_is(steward, columns, django_assert_num_queries):
    shown = upload(steward, ";".join(f"c{n}" for n in range(columns)) + "\n" + ";".join("x" * columns) + "\n")
    for number in range(columns):
        ColumnMapping.objects.create(name=f"list {number}", columns={"nr": "cvr"})

    with django_assert_num_queries(7):
        steward.get(naming_page(shown))


def test_what_is_remembered_is_listed_renamed_and_deleted(steward):
    known = ColumnMapping.objects.create(name="Our list", columns={"nr": "cvr", "hvem": "name", "kode": ""})
    ColumnMapping.objects.create(name="Another", columns={"x": "cvr"})
    its_page = reverse("companies:column_mapping", args=[known.pk])

    listed = steward.get(reverse("companies:column_mappings"))
    shown = steward.get(its_page)
    taken = steward.post(its_page, {"name": "Another"})
    steward.post(its_page, {"name": "Their list"})
    renamed = ColumnMapping.objects.get(pk=known.pk)
    steward.post(reverse("companies:forget_mapping", args=[known.pk]))

    assert "CVR number, Name" in listed.text
    assert "hvem" in shown.text
    assert taken.status_code == 422
    assert "There is one of that name already." in taken.text
    assert (renamed.name, renamed.changed_by.username) == ("Their list", "data-steward")
    assert ColumnMapping.objects.get().name == "Another"


@pytest.mark.parametrize("remembered", [1, 60])
def test_the_list_asks_the_same_questions_however_much_is_remembered(
    steward, person_in, remembered, django_assert_num_queries
):
    by = person_in(CONSULTANT)
    for number in range(remembered):
        ColumnMapping.objects.create(name=f"list {number:02}", columns={"nr": "cvr"}, changed_by=by)
    ColumnMapping.objects.create(name="of a kind that is gone", kind="gone", columns={"nr": "cvr"})

    with django_assert_num_queries(7):
        page = steward.get(reverse("companies:column_mappings"))

    assert page.text.count("row-link") == min(remembered, 50)
    assert "of a kind that is gone" not in page.text


def test_the_list_of_what_is_remembered_says_so_when_it_is_empty(steward):
    assert "Nothing is remembered yet." in steward.get(reverse("companies:column_mappings")).text


def workbook(*sheets):
    """A workbook of these sheets, each a list of rows."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for at, cells in enumerate(rows):
                sheet.write_row(at, 0, cells)
    return content.getvalue()


def test_the_columns_of_a_workbook_are_named_in_the_same_way(steward):
    rows = [line.split(";") for line in UNKNOWN.splitlines()]
    shown = upload(steward, workbook(rows), "list.xlsx")

    page = steward.get(naming_page(shown))
    name_columns(steward, shown)

    assert "<span>Smedjen ApS</span><span>Bageriet ApS</span>" in page.text
    assert (shown.state, shown.rows_new) == ("previewed", 2)


def test_a_sheet_without_headings_is_read_from_its_first_row(steward):
    shown = upload(steward, workbook([line.split(";") for line in BARE.splitlines()]), "list.xlsx")

    name_columns(steward, shown, no_headings="on")

    assert (shown.state, shown.rows_read, shown.rows_new) == ("previewed", 2, 2)
