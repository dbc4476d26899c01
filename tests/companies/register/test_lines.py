"""Where a row stands, as a number and in words."""

import pytest

from companies.register.lines import MOST_SHEETS, SHEET, in_words, line_of
from companies.register.reasons import sentence

SHEETS = ["Firmaer", "Steder"]


@pytest.mark.parametrize(
    ("line", "sheets", "words"),
    [
        (5, [], "5"),
        (5, ["Ark1"], "5"),
        (line_of(2, 5), SHEETS, "5 (Steder)"),
        (line_of(1, SHEET - 1), SHEETS, "9999999 (Firmaer)"),
        (5, SHEETS, "5"),
        (line_of(3, 5), SHEETS, "5 (3)"),
    ],
)
def test_a_line_is_told_with_its_sheet_where_there_are_several(line, sheets, words):
    assert in_words(line, sheets) == words


def test_lines_sort_as_the_file_lies_and_fit_where_they_are_kept():
    assert line_of(1, SHEET - 1) < line_of(2, 1)
    assert line_of(MOST_SHEETS, SHEET - 1) < 2**31


def test_a_sentence_speaks_of_a_line_in_the_same_words():
    assert str(sentence("repeated_same", {"line": line_of(2, 5)}, SHEETS)) == "The same row is also in line 5 (Steder)."
    assert str(sentence("repeated_same", {"line": 5})) == "The same row is also in line 5."
