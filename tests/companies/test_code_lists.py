"""Code lists as files: out, corrected, in again with a preview; nothing deleted, nothing broken."""

import io
import zipfile

import pytest
import xlsxwriter
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from python_calamine import CalamineWorkbook

from companies import code_lists
from companies.codes import load_codes
from companies.models import Branch, CompanyForm, Municipality, Postcode
from jobcenter_crm.staff.roles import MANAGER, STEWARD

pytestmark = pytest.mark.django_db

LISTS = [Branch, Municipality, Postcode, CompanyForm]


def let_in(user):
    user.is_staff = True
    user.save()
    return user


@pytest.fixture
def maintainer(client_for, person_in):
    return client_for(let_in(person_in(STEWARD)))


def page(model, kind):
    return reverse(f"admin:companies_{model._meta.model_name}_{kind}")


def choose(maintainer, model, content, name="list.csv"):
    content = content if isinstance(content, bytes) else content.encode()
    return maintainer.post(page(model, "import"), {"import_file": SimpleUploadedFile(name, content), "resource": "0"})


def take_in(maintainer, model, preview):
    return maintainer.post(page(model, "process_import"), preview.context["confirm_form"].initial, follow=True)


def bring(maintainer, model, content, name="list.csv"):
    """Both steps."""
    return take_in(maintainer, model, choose(maintainer, model, content, name))


def download(maintainer, model, at, query=""):
    return maintainer.post(page(model, "export") + query, {"format": at, "resource": "0"})


def workbook(*rows):
    written = io.BytesIO()
    with xlsxwriter.Workbook(written) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return written.getvalue()


def cells(file):
    return CalamineWorkbook.from_filelike(io.BytesIO(file.content)).get_sheet_by_index(0).to_python()


def rows_wrong(answer):
    """What is said of each wrong row, as one text by the line in the file."""
    return {
        row.number + 1: " ".join(str(said) for errors in row.error_dict.values() for said in errors)
        for row in answer.context["result"].invalid_rows
    }


@pytest.mark.parametrize("model", LISTS)
@pytest.mark.parametrize("at", [0, 1])
def test_what_is_downloaded_changes_nothing_when_it_comes_in_again(maintainer, model, at):
    before = list(model.objects.order_by("pk").values())

    file = download(maintainer, model, at)
    answer = choose(maintainer, model, file.content, "list.xlsx" if at else "list.csv")

    result = answer.context["result"]
    assert not rows_wrong(answer)
    assert (result.totals["new"], result.totals["update"]) == (0, 0)
    assert result.totals["skip"] == len(before) > 5
    assert "The list already says all that this file says." in answer.text
    assert list(model.objects.order_by("pk").values()) == before


def test_csv_is_as_a_danish_spreadsheet_opens_it(maintainer):
    file = download(maintainer, Municipality, 0)

    lines = file.content.decode().splitlines()
    assert lines[0] == "\N{ZERO WIDTH NO-BREAK SPACE}code;name;region"
    assert any(line.startswith("0259;Køge;") for line in lines)
    assert file["Content-Disposition"].endswith('.csv"')


def test_codes_are_text_in_a_workbook(maintainer):
    codes = [row[0] for row in cells(download(maintainer, Municipality, 1))][1:]

    assert all(isinstance(code, str) and len(code) == 4 for code in codes)


@pytest.mark.parametrize("at", [0, 1])
def test_a_cell_that_could_be_a_formula_is_harmless_and_comes_back_as_it_was(maintainer, at):
    Postcode.objects.create(code="9899", town="=cmd|' /C calc'!A0")
    file = download(maintainer, Postcode, at, "?q=9899")

    answer = choose(maintainer, Postcode, file.content)

    if at:
        assert cells(file)[1] == ["9899", "'=cmd|' /C calc'!A0"]
    else:
        assert ";'=cmd" in file.content.decode()
    assert answer.context["result"].totals["skip"] == 1


def test_the_preview_changes_nothing_and_the_second_step_does(maintainer):
    preview = choose(maintainer, Postcode, "code;town\n4600;Køge by\n9899;Nyby\n")
    between = Postcode.objects.get(code="4600").town
    answer = take_in(maintainer, Postcode, preview)

    assert "1 new, 1 changed, 0 as they are." in preview.text
    assert "<del>Køge</del> <ins>Køge by</ins>" in preview.text
    assert "style=" not in preview.text.partition("import-preview")[2]
    assert between == "Køge"
    assert Postcode.objects.get(code="4600").town == "Køge by"
    assert Postcode.objects.get(code="9899").town == "Nyby"
    assert "1 rows added, 1 changed, 0 were so already." in answer.text


def test_what_came_with_the_system_is_set_back_at_the_next_update_and_the_page_says_so(maintainer):
    bring(maintainer, Postcode, "code;town\n4600;Køge by\n9899;Nyby\n")

    load_codes()

    assert Postcode.objects.get(code="4600").town == "Køge"
    assert Postcode.objects.filter(code="9899").exists()
    assert "set back at the next update" in maintainer.get(page(Postcode, "import")).text


def test_nothing_is_deleted_by_a_short_file(maintainer):
    before = Postcode.objects.count()

    bring(maintainer, Postcode, "code;town\n9899;Nyby\n")

    assert Postcode.objects.count() == before + 1


def test_who_changed_what_is_in_the_log(maintainer):
    bring(maintainer, Postcode, "code;town\n4600;Køge by\n9899;Nyby\n")

    assert {(entry.object_id, entry.action_flag) for entry in LogEntry.objects.all()} == {("4600", 2), ("9899", 1)}
    assert {entry.user.username for entry in LogEntry.objects.all()} == {"data-steward"}


@pytest.mark.parametrize("text", ["code,town\n9899,Nyby\n", "Code\tTown\n9899\tNyby\n", "\ufeffcode;town\n9899;Nyby\n"])
def test_other_separators_are_read(maintainer, text):
    bring(maintainer, Postcode, text)

    assert Postcode.objects.get(code="9899").town == "Nyby"


def test_windows_1252_is_read(maintainer):
    bring(maintainer, Postcode, "code;town\n9899;Ærø\n".encode("cp1252"))

    assert Postcode.objects.get(code="9899").town == "Ærø"


def test_numbers_in_a_workbook_get_their_zeros_back(maintainer):
    bring(
        maintainer, Municipality, workbook(["code", "name", "region"], [999, "Nykommune", "Region Sjælland"]), "a.xlsx"
    )

    new = Municipality.objects.get(code="0999")
    assert (new.name, new.sort_name) == ("Nykommune", "nykommune")


def test_level_section_and_the_branch_above_follow_from_the_code(maintainer):
    division = Branch.objects.get(scheme="DB25", code="56")

    bring(maintainer, Branch, "scheme;code;title\ndb25;561;Restauranter m.m.\nDB25;56.99.99;Nyt\n")

    new = Branch.objects.get(scheme="DB25", code="569999")
    above = new.parent
    assert (new.level, new.section) == (4, division.section)
    assert above.level < 4
    assert new.code.startswith(above.code)
    assert Branch.objects.get(scheme="DB25", code="561").parent == division


@pytest.mark.parametrize(
    ("model", "text", "said"),
    [
        (Postcode, "code;town\n46x0;Køge\n", "The code has 4 digits."),
        (Postcode, "code;town\n46000;Køge\n", "The code has 4 digits."),
        (Postcode, "code;town\n;Køge\n", "There is no code."),
        (Postcode, "code;town\n9899;\n", "This field cannot be blank."),
        (Postcode, "code;town\n9899;" + "x" * 101 + "\n", "at most 100"),
        (Postcode, "code;town\n٤٦٠٠;Køge\n", "The code has 4 digits."),
        (Municipality, "code;name\n0999;Nykommune\n", "This field cannot be blank."),
        (CompanyForm, "code;name;is_public\n999;Ny;maybe\n", "Write 1 for yes or 0 for no."),
        (CompanyForm, "code;name\n9999;Ny\n", "The code has at most 3 digits."),
        (Branch, "scheme;code;title\nDB99;561010;X\n", "The code list is DB07 or DB25."),
        (Branch, "scheme;code;title\nDB25;56101010;X\n", "A code is a letter or has 2, 3, 4 or 6 digits."),
        (Branch, "scheme;code;title\nDB25;049999;X\n", "No branch above 049999 is known."),
        (Branch, "scheme;code;title;level\nDB25;569999;X;2\n", "This follows from the code"),
        (Branch, "scheme;code;title;section\nDB25;569999;X;A\n", "This follows from the code"),
        (Branch, "scheme;code;title\nDB25;569999;" + "x" * 256 + "\n", "at most 255"),
    ],
)
def test_a_wrong_row_is_told_by_its_line_and_nothing_is_taken(maintainer, model, text, said):
    before = model.objects.count()

    answer = choose(maintainer, model, text)

    assert said in rows_wrong(answer)[2]
    assert "confirm_form" not in answer.context
    assert model.objects.count() == before


def test_the_same_code_twice_is_told(maintainer):
    answer = choose(maintainer, Postcode, "code;town\n9899;A\n9899;B\n")

    assert "line 2" in rows_wrong(answer)[3]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("town\nKøge\n", "There is no column called code."),
        ("code;code\n1;2\n", "Two columns have the same heading."),
        ("code;town\n1;2;3\n", "Not every row has as many cells"),
        ("", "empty"),
        ("code;town\n", "No valid data"),
        (b"\xff\xfe\x00\x00" * 20, "No valid data"),
        (b"PK\x03\x04 not a workbook", "The workbook can"),
        (b"PK\x03\x04" + b"\0" * 500, "The workbook can"),
    ],
)
def test_a_file_that_is_no_such_list_is_one_sentence(maintainer, content, said):
    answer = choose(maintainer, Postcode, content)

    assert answer.status_code == 200
    assert said in answer.text.replace("&#x27;", "'")
    assert "Traceback" not in answer.text


def test_a_nul_in_a_cell_is_no_error(maintainer):
    answer = choose(maintainer, Postcode, "code;town\n9899;Ny\0by\n")

    assert answer.status_code == 200
    assert not Postcode.objects.filter(code="9899").exists()


def test_a_file_that_is_too_large_or_unfolds_too_far_is_refused(maintainer, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("xl/workbook.xml", b"\0" * (code_lists.LARGEST_UNFOLDED + 1))

    bomb = choose(maintainer, Postcode, packed.getvalue(), "a.xlsx")
    monkeypatch.setattr(code_lists, "LARGEST", 5)
    large = choose(maintainer, Postcode, "code;town\n9899;Nyby\n")
    monkeypatch.setattr(code_lists, "LARGEST", 5000)
    monkeypatch.setattr(code_lists, "MOST_ROWS", 1)
    long = choose(maintainer, Postcode, "code;town\n9899;Nyby\n9897;Nyby\n")

    assert "The workbook is too large." in bomb.text
    assert "The file is too large" in large.text
    assert "The file has more than 1 rows." in long.text


def test_the_file_is_kept_between_the_steps_for_every_process_and_then_forgotten(maintainer):
    preview = choose(maintainer, Postcode, "code;town\n9899;Nyby\n")
    key = f"django-import-export-{preview.context['confirm_form'].initial['import_file_name']}"
    kept = cache.get(key)
    take_in(maintainer, Postcode, preview)

    assert kept == b"code;town\n9899;Nyby\n"
    assert cache.get(key) is None


@pytest.mark.parametrize(
    "change",
    [
        {"import_file_name": "0" * 32},
        {"import_file_name": "../../etc/passwd"},
        {"import_file_name": "x\0"},
        {"format": "99"},
        {"format": "x"},
        {"resource": "7"},
        {"original_file_name": ""},
    ],
)
def test_a_second_step_without_its_file_begins_anew(maintainer, change):
    preview = choose(maintainer, Postcode, "code;town\n9899;Nyby\n")

    answer = maintainer.post(
        page(Postcode, "process_import"), preview.context["confirm_form"].initial | change, follow=True
    )

    assert answer.status_code == 200
    assert "The file is no longer stored here. Choose it again." in answer.text
    assert not Postcode.objects.filter(code="9899").exists()


def test_a_list_that_changed_since_the_preview_takes_nothing_half(maintainer):
    above = Branch.objects.create(scheme="DB25", code="04", title="x", level=1, section="A")
    preview = choose(maintainer, Branch, "scheme;code;title\nDB25;561;Ny titel\nDB25;049999;Nyt\n")
    above.delete()

    answer = take_in(maintainer, Branch, preview)

    assert "nothing was taken in" in answer.text
    assert Branch.objects.get(scheme="DB25", code="561").title != "Ny titel"


def test_only_those_who_may_change_a_list_have_it_as_a_file(client_for, person_in):
    manager = let_in(person_in(MANAGER))
    client = client_for(manager)

    for kind in ("import", "export", "process_import"):
        assert client.get(page(Postcode, kind)).status_code in (403, 405)
        assert client.post(page(Postcode, kind), {}).status_code == 403
