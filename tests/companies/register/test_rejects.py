"""Rejected rows as a file that can be corrected and chosen again."""

from companies.register.importer import Reading
from companies.register.readers import UNSAID
from companies.register.rejects import lines, lines_of_several
from companies.register.rows import Remark
from tests.companies.register.conftest import TODAY


def remark(line, reason="name_missing", column="navn", value="", raw=()):
    return Remark(line, "rejected", column, value, reason, {}, list(raw))


def test_the_file_has_a_bom_semicolons_and_a_line_a_row():
    told = list(lines(["cvr", "navn"], [remark(3, raw=["1;2", ""]), remark(7, column="", raw=["x", "y"])]))

    assert told == [
        "\ufeffLine;Column;In the file;What is wrong, and what to do;cvr;navn\r\n",
        '3;navn;;There is no name. Write it.;"1;2";\r\n',
        "7;;;There is no name. Write it.;x;y\r\n",
    ]


def test_a_row_that_is_wrong_twice_has_one_line():
    told = list(lines(["cvr"], [remark(3, "cvr_missing", "cvr", raw=["", "a"]), remark(3), remark(3)]))

    assert len(told) == 2
    assert told[1] == "3;cvr, navn;;There is no CVR number. Write it. There is no name. Write it.;;a\r\n"


def test_a_cell_that_a_spreadsheet_would_calculate_is_guarded():
    told = list(lines(["navn"], [remark(3, raw=["=1+1"])]))

    assert told[1].endswith(";'=1+1\r\n")


def test_several_files_share_their_headings():
    files = [
        ("a.csv", ["cvr", "navn", "navn"], [remark(2, raw=["1", "x", "y"])], []),
        ("b.csv", ["navn", "by"], [remark(3, raw=["z", "Køge", "too many"])], []),
    ]

    told = [line.strip().split(";") for line in lines_of_several(files)]

    assert told[0][5:] == ["cvr", "navn", "navn", "by"]
    assert told[1] == ["a.csv", "2", "navn", "", "There is no name. Write it.", "1", "x", "y", UNSAID]
    assert told[2][5:] == [UNSAID, "z", UNSAID, "Køge", "too many"]


def test_what_was_corrected_can_be_taken_in_as_it_is(file, take_in, codes):
    path = file("cvrnr;navn;telefon;navn 2", "2505294;Shop;+45 10203040;a", "47458714;;;b")
    with Reading(path, today=TODAY) as reading:
        content = "".join(lines(reading.reader.headings, reading.staging.remarks("rejected")))

    done = take_in(content.replace(";2505294;Shop", ";25052943;Shop").encode())

    assert (done.rows_new, done.rows_rejected) == (1, 1)
