"""CSV files in every dialect, and files that are none."""

import csv
import io
import random
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.register.readers import CsvReader, Unusable, open_file

HEADINGS = "cvr;navn;by"


def rows(path):
    return [(row.line, row.cells, row.problem) for row in CsvReader(path).rows()]


def refused(path):
    with pytest.raises(Unusable) as error:
        open_file(path)
    return error.value.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found(file, delimiter):
    path = file(HEADINGS.replace(";", delimiter), delimiter.join(["25052943", "Prøve", "Køge"]))

    reader = CsvReader(path)

    assert reader.delimiter == delimiter
    assert rows(path) == [(2, ["25052943", "Prøve", "Køge"], "")]


def test_commas_in_the_cells_do_not_mislead(file):
    path = file("cvr;navn;adresse", "25052943;Hansen, Jensen, og Co;Bygade 1, 2. tv, st")

    assert rows(path) == [(2, ["25052943", "Hansen, Jensen, og Co", "Bygade 1, 2. tv, st"], "")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_the_encoding_is_found(file, encoding):
    path = file(HEADINGS, "25052943;Ærø Bådværft;Køge", encoding=encoding)

    assert rows(path) == [(2, ["25052943", "Ærø Bådværft", "Køge"], "")]


def test_a_few_broken_bytes_do_not_turn_utf8_into_something_else(file):
    path = file(f"{HEADINGS}\n1;Ærø Bådværft;Køge\n2;Sm".encode() + b"\xf8r;Greve\n")

    assert [cells[1] for _line, cells, _problem in rows(path)] == ["Ærø Bådværft", "Sm\N{REPLACEMENT CHARACTER}r"]


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(file, ending):
    path = file(ending.join([HEADINGS, "1;a;b", "2;c;d"]).encode())

    assert [line for line, _cells, _problem in rows(path)] == [2, 3]


def test_a_line_break_within_quotes_is_part_of_a_cell_and_lines_are_counted_as_they_lie(file):
    path = file(HEADINGS, '1;"Prøve\nog Co";Køge', "2;b;c")

    assert rows(path) == [(2, ["1", "Prøve\nog Co", "Køge"], ""), (4, ["2", "b", "c"], "")]


def test_blank_lines_and_lines_of_delimiters_are_no_rows(file):
    path = file(HEADINGS, "", "1;a;b", ";;", "  ;\t; ", "2;c;d", "", "")

    assert [line for line, _cells, _problem in rows(path)] == [3, 6]


def test_headings_may_have_a_title_above_and_a_spreadsheet_s_hint(file):
    path = file("sep=;", "Udtræk fra registret", "", "cvr;navn", "25052943;Prøve")

    assert rows(path) == [(5, ["25052943", "Prøve"], "")]


def test_a_quote_that_is_never_closed_costs_one_row(file):
    path = file(HEADINGS, '1;"a;b', "25052943;c;d", "47458714;e;f")

    assert [(line, problem) for line, _cells, problem in rows(path)] == [(2, "quote"), (3, ""), (4, "")]


def test_a_quote_that_is_closed_by_a_later_row_s_costs_one_row(file):
    path = file(HEADINGS, '1;"a;b', "25052943;c;d", '47458714;"e";f', "2;g;h")

    assert [(line, problem) for line, _cells, problem in rows(path)] == [(2, "quote"), (3, ""), (4, ""), (5, "")]


def test_quotes_that_are_never_closed_do_not_cost_more_than_their_rows(file):
    path = file(HEADINGS, *(f'{number};"a;b' if number % 3 == 0 else f"{number};a;b" for number in range(300)))

    found = rows(path)

    assert len(found) == 300
    assert sum(problem == "quote" for _line, _cells, problem in found) == 100


def test_a_quote_within_a_cell_is_only_a_sign(file):
    path = file(HEADINGS, '1;Pizza 12";Køge', "2;b;c")

    assert rows(path) == [(2, ["1", 'Pizza 12"', "Køge"], ""), (3, ["2", "b", "c"], "")]


def test_a_row_with_more_or_fewer_cells_than_headings_is_told_of(file):
    path = file(HEADINGS, "1;a", "2;a;b;c", "3;a;b;;")

    assert rows(path) == [(2, ["1", "a"], "cells"), (3, ["2", "a", "b", "c"], "cells"), (4, ["3", "a", "b"], "")]


def test_a_line_without_end_costs_one_row(file):
    path = file(HEADINGS, "1;" + "x" * 250_000 + ";b", "2;a;b")

    assert [(line, problem) for line, _cells, problem in rows(path)] == [(2, "line_long"), (3, "")]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"), (b"\n \n\n", "empty"), (b"\xef\xbb\xbf", "empty"), (b"%PDF-1.7", "binary"), (b"\x89PNG\r\n", "binary"),
        ("cvr;navn\n1;a\n".encode("utf-16"), "utf16"), ("cvr;navn\n1;a\n".encode("utf-16-le"), "utf16"),
        (b"cvr;by\n25052943;Koege\n", "no_name_heading"), (b"navn;by\nA;Koege\n", "no_cvr_heading"),
        (b"25052943;A;Koege\n47458714;B;Greve\n", "no_headings"), (b"just a text\n", "one_column"),
        (b"cvr\n25052943\n", "no_name_heading"),
    ],
)  # fmt: skip
def test_a_file_that_is_no_register_is_refused_with_a_reason(file, content, reason):
    assert refused(file(content)) == reason


def test_the_headings_that_were_found_are_told_without_anybody_s_number(file):
    with pytest.raises(Unusable) as error:
        CsvReader(file(b"010190-1234;Hans Hansen;Koege\n"))

    assert error.value.details["found"] == "#1, Hans Hansen, Koege"


def test_a_file_that_is_not_there_is_refused(tmp_path):
    assert refused(tmp_path / "none.csv") == "unreadable_file"
    assert refused(tmp_path) == "unreadable_file"


CELL = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(b"cvr;navn\n" + content)

    lines = [row.line for row in CsvReader(path).rows()]

    assert lines == sorted(set(lines))


@pytest.mark.parametrize("size", [500, 5000, 500_000])
@pytest.mark.parametrize("seed", range(5))
def test_bytes_by_chance_are_no_text_whose_columns_could_be_named(file, size, seed):
    assert refused(file(random.Random(seed).randbytes(size))) in ("binary", "utf16")


@pytest.mark.parametrize("stray", ["\0", "\x01\x02", "\x1a"])
def test_a_stray_control_character_makes_no_text_unreadable(file, stray):
    assert len(rows(file(HEADINGS, f"1;a{stray};b", "2;a;b"))) == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200))
def test_any_bytes_without_headings_are_refused_or_read(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)

    with suppress(Unusable):
        assert list(CsvReader(path).rows()) is not None


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(CELL, CELL, CELL).filter(lambda row: any(cell.strip() for cell in row)), max_size=8))
def test_what_a_program_wrote_comes_back_cell_by_cell(tmp_path, table):
    target = io.StringIO(newline="")
    csv.writer(target, delimiter=";").writerows([["cvr", "navn", "by"], *table])
    path = tmp_path / "written.csv"
    path.write_bytes(target.getvalue().encode())

    found = list(CsvReader(path).rows())

    assert [tuple(row.cells) for row in found if not row.problem] == table or any(row.problem for row in found)
    assert len(found) >= len(table) - sum("\n" in "".join(row) or "\r" in "".join(row) for row in table)
