"""Workbooks: cells as people see them, several sheets, and workbooks that are too much."""

import io
import zipfile
from datetime import date, datetime

import pytest

from companies.register.lines import in_words
from companies.register.readers import UNSAID, Unnamed, Unusable, excel, open_file

HEADINGS = ["CVR-nr", "Navn", "By"]


def cells(path):
    return [row.cells for row in open_file(path).rows()]


def refused(path):
    with pytest.raises(Unusable) as error:
        open_file(path)
    return error.value.reason


def with_entries(path, **entries):
    """The workbook with some of its parts replaced, `{path with __ for /: bytes}`."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    renewed = {name.replace("__", "/"): content for name, content in entries.items()}
    with source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in renewed:
                target.writestr(name, source.read(name))
        for name, content in renewed.items():
            target.writestr(name, content)
    return path


def test_numbers_are_read_the_same_as_text_number_or_float(workbook):
    path = workbook({"A": [["cvr", "navn"], ["99000007", "a"], [99000007, "b"], [99000007.0, "c"]]})

    assert [row.values["cvr"] for row in open_file(path).rows()] == ["99000007"] * 3


def test_dates_and_answers_are_read_as_they_would_be_typed(workbook):
    path = workbook(
        {"A": [["cvr", "navn", "stiftet", "reklamebeskyttet", "x"], [1, "a", date(2020, 1, 2), True, 1.5],
               [2, "b", datetime(2020, 1, 2, 3, 4), False, None]]},
    )  # fmt: skip

    assert cells(path) == [["1", "a", "2020-01-02", "true", "1.5"], ["2", "b", "2020-01-02 03:04:00", "false", ""]]


def test_rows_have_the_numbers_that_the_spreadsheet_shows(workbook):
    path = workbook({"A": [[], ["Udtræk"], [], HEADINGS, [], [1, "a", "b"], ["", " "], [2, "c"]]})

    assert [(row.line, row.cells) for row in open_file(path).rows()] == [(6, ["1", "a", "b"]), (8, ["2", "c", ""])]


def test_what_stands_to_the_right_of_the_headings_has_no_name_and_is_not_read(workbook):
    path = workbook({"A": [HEADINGS, [1, "a", "b", "note"]]})

    assert cells(path) == [["1", "a", "b"]]


def test_several_sheets_are_read_as_one_file_and_each_row_knows_its_sheet(workbook):
    path = workbook({"Køge": [HEADINGS, [1, "a", "x"]], "Greve": [HEADINGS, [2, "b", "y"], [3, "c", "z"]]})
    reader = open_file(path)

    found = list(reader.rows())

    assert [in_words(row.line, reader.sheets) for row in found] == ["2 (Køge)", "2 (Greve)", "3 (Greve)"]
    assert [row.line for row in found] == sorted(row.line for row in found)
    assert [row.columns for row in found] == [None, None, None]


def test_what_a_sheet_has_no_column_for_stays_unsaid(workbook):
    path = workbook(
        {"A": [["cvr", "navn", "telefon"], [1, "a", "10"]], "B": [["navn", "cvrnr", "by"], ["b", 2, "Køge"]]}
    )
    reader = open_file(path)

    first, second = reader.rows()

    assert reader.headings == ["cvr", "navn", "telefon", "cvrnr", "by"]
    assert first.values == {"cvr": "1", "name": "a", "phone": "10"}
    assert second.values == {"name": "b", "cvr": "2", "town": "Køge"}
    assert second.cells == [UNSAID, "b", UNSAID, "2", "Køge"]
    assert reader.unused == []


def test_sheets_without_known_headings_and_hidden_ones_are_left_out_and_told_of(workbook):
    path = workbook(
        {"A": [HEADINGS, [1, "a"]], "Notes": [["remember", "the milk"]], "Old": [HEADINGS, [2, "b"]], "Empty": []},
        hidden=["Old"],
    )
    reader = open_file(path)

    assert len(list(reader.rows())) == 1
    assert [(told.reason, told.details) for told in reader.left_out] == [
        ("sheet_unknown", {"sheet": "Notes"}),
        ("sheet_hidden", {"sheet": "Old"}),
    ]


def test_a_workbook_with_headings_nobody_knows_can_have_its_columns_named(workbook):
    path = workbook({"A": [["Nummer", "Kaldes"], [99000007, "Prøve"]]})

    with pytest.raises(Unnamed) as error:
        open_file(path)

    assert (error.value.headings, error.value.samples) == (["Nummer", "Kaldes"], [["99000007"], ["Prøve"]])
    (row,) = open_file(path, mapping={"Nummer": "cvr", "Kaldes": "name"}).rows()
    assert row.values == {"cvr": "99000007", "name": "Prøve"}


def test_a_workbook_with_nothing_in_it_is_refused(workbook):
    assert refused(workbook({"A": [], "B": []})) == "no_sheet"
    assert refused(workbook({"A": []})) == "empty"


def test_a_large_workbook_is_refused_before_it_is_opened(workbook, monkeypatch):
    path = workbook({"A": [HEADINGS, [1, "a"]]})
    monkeypatch.setattr(excel, "_run", None)

    monkeypatch.setattr(excel, "MOST_UNPACKED", 1000)
    assert refused(path) == "workbook_large"
    monkeypatch.setattr(excel, "MOST_STORED", 100)
    assert refused(path) == "workbook_large"


def test_a_workbook_with_too_many_rows_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(excel, "MOST_ROWS", 3)

    assert refused(workbook({"A": [HEADINGS, [1, "a"], [2, "b"], [3, "c"]]})) == "workbook_large"
    assert len(cells(workbook({"A": [HEADINGS, [1, "a"], [2, "b"]]}))) == 2


SHEET = """<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>cvr</t></is></c><c r="B1" t="inlineStr"><is><t>navn</t></is></c></row>
%s</sheetData></worksheet>"""


def test_a_cell_at_the_far_end_of_a_sheet_costs_the_file_and_not_the_process(workbook):
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'

    path = workbook({"A": []})
    with_entries(path, **{"xl__worksheets__sheet1.xml": (SHEET % far).encode()})

    assert refused(path) == "workbook_large"


def test_one_long_text_in_thousands_of_cells_does_not_fill_the_disk(workbook):
    texts = (
        f'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{"x" * 30_000}</t></si></sst>'
    )
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(2, 50_002))
    path = workbook({"A": [["x"]]})
    with_entries(
        path, **{"xl__worksheets__sheet1.xml": (SHEET % cells).encode(), "xl__sharedStrings.xml": texts.encode()}
    )

    assert refused(path) == "workbook_large"


def test_entities_that_grow_are_not_unfolded(workbook):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>'
    row = '<row r="2"><c r="A2" t="inlineStr"><is><t>&c;</t></is></c></row>'
    path = with_entries(workbook({"A": []}), **{"xl__worksheets__sheet1.xml": (laughs + SHEET % row).encode()})

    assert refused(path) == "workbook_broken"


def test_a_locked_workbook_says_so(file):
    locked = excel.OLE + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)

    assert refused(file(locked)) == "password"


@pytest.mark.parametrize("content", [excel.OLE + b"rest", excel.OLE + bytes(2000)])
def test_a_damaged_workbook_is_refused(file, content):
    assert refused(file(content)) == "workbook_broken"


def test_a_workbook_that_only_has_the_names_of_one_is_refused(zipped):
    assert refused(zipped({"xl/workbook.xml": "<x/>", "[Content_Types].xml": ""})) == "workbook_broken"


ODS = """<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">
<office:body><office:spreadsheet><table:table table:name="Ark1">%s</table:table></office:spreadsheet></office:body>
</office:document-content>"""


def test_an_open_document_is_read(zipped):
    def row(*cells):
        texts = (
            f'<table:table-cell office:value-type="string"><text:p>{cell}</text:p></table:table-cell>' for cell in cells
        )
        return f"<table:table-row>{''.join(texts)}</table:table-row>"

    path = zipped(
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "content.xml": ODS % (row("cvr", "navn") + row("99000007", "Prøve")),
            "META-INF/manifest.xml": "<x/>",
        }
    )

    assert cells(path) == [["99000007", "Prøve"]]
