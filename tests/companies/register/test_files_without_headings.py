"""CSV files whose first line is a row: their columns are named by their place."""

import pytest

from companies.register.readers import Unnamed, open_file

NAMED = {"#1": "cvr", "#2": "name", "#3": ""}
ROWS = "99000007{0}Smedjen{0}1\n99000015{0}Bageriet{0}2\n"


@pytest.fixture
def opened(tmp_path):
    def write(text, mapping=NAMED):
        path = tmp_path / "file.csv"
        path.write_text(text)
        return open_file(path, mapping=mapping)

    return write


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_the_first_row_is_read_whatever_stands_between_the_cells(opened, delimiter):
    reader = opened(ROWS.format(delimiter))

    assert [row.values for row in reader.rows()] == [
        {"cvr": "99000007", "name": "Smedjen"},
        {"cvr": "99000015", "name": "Bageriet"},
    ]
    assert reader.headings == ["#1", "#2", "#3"]


def test_lines_are_counted_as_in_the_file(opened):
    reader = opened("\n\n" + ROWS.format(";"))

    assert [row.line for row in reader.rows()] == [3, 4]


def test_a_first_row_that_is_no_row_is_told_of_and_not_passed_over(opened):
    reader = opened("Members of the union\n99000007;Smedjen;1\n99000015;Bageriet\n")

    assert [(row.line, row.problem) for row in reader.rows()] == [(1, "cells"), (2, ""), (3, "cells")]


def test_cells_that_look_like_places_are_no_headings(opened):
    reader = opened("1;2;3\n99000007;Smedjen;x\n")

    assert [row.cells[0] for row in reader.rows()] == ["1", "99000007"]


def test_a_row_that_names_the_places_is_headings(opened):
    reader = opened("#3;#1;#2\nx;99000007;Smedjen\n")

    assert [row.values for row in reader.rows()] == [{"cvr": "99000007", "name": "Smedjen"}]


def test_without_a_word_about_its_columns_it_is_a_file_to_be_named(opened):
    with pytest.raises(Unnamed) as unnamed:
        opened(ROWS.format(";"), mapping=None)

    assert unnamed.value.headings == ["99000007", "Smedjen", "1"]


def test_what_is_essential_must_be_named(opened):
    with pytest.raises(Unnamed):
        opened(ROWS.format(";"), mapping={"#1": "cvr", "#2": "", "#3": ""})
