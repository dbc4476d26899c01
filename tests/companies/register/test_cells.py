"""Single cells as people, spreadsheets and registers write them."""

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from companies.register import cells
from companies.register.cells import Address, CellError, Employees


@pytest.mark.parametrize(
    "raw",
    [
        "12345678", "DK12345678", "DK 12345678", "dk-12345678", "12 34 56 78", "12.34.56.78", "12345678.0", "12345678,00",
        "  12345678  ", "CVR-nr. 12345678", "CVR 12 34 56 78", "\N{NO-BREAK SPACE}12345678",
    ],
)  # fmt: skip
def test_a_cvr_number_is_read_in_every_usual_form(raw):
    assert cells.cvr_number(raw) == "12345678"


@pytest.mark.parametrize("raw", ["", "  ", "-", "null", "0", "00000000"])
def test_an_empty_cvr_cell_is_missing(raw):
    with pytest.raises(CellError) as error:
        cells.cvr_number(raw)

    assert error.value.reason == "cvr_missing"


@pytest.mark.parametrize(
    ("raw", "digits"),
    [("1234567", 7), ("123456789", 9), ("1234567.0", 7), ("abc", 0), ("3,82E+07", 5), ("1234567²", 7)],
)
def test_a_cvr_number_that_has_not_eight_digits_says_how_many_it_has(raw, digits):
    with pytest.raises(CellError) as error:
        cells.cvr_number(raw)

    assert (error.value.reason, error.value.details) == ("cvr_digits", {"digits": digits})


def test_digits_of_other_scripts_are_no_digits():
    with pytest.raises(CellError):
        cells.cvr_number("١٢٣٤٥٦٧٨")


@pytest.mark.parametrize("number", ["25052943", "47458714", "10103940"])
def test_the_check_digit_of_a_real_number_fits(number):
    assert cells.has_cvr_checksum(number)


@pytest.mark.parametrize("number", ["25052944", "00000000", "12345678"])
def test_the_check_digit_of_an_invented_number_does_not(number):
    assert not cells.has_cvr_checksum(number)


@pytest.mark.parametrize("raw", ["1002664349", " 1002664349 ", "1002664349.0", "10 02 66 43 49"])
def test_a_p_number_has_ten_digits(raw):
    assert cells.p_number(raw) == "1002664349"


@pytest.mark.parametrize("raw", ["", " ", "-", "0000000000", "NULL"])
def test_a_p_number_may_be_left_out(raw):
    assert cells.p_number(raw) is None


@pytest.mark.parametrize("raw", ["100266434", "10026643491", "P1002664349", "ukendt"])
def test_a_p_number_that_is_given_has_ten_digits_or_is_wrong(raw):
    with pytest.raises(CellError) as error:
        cells.p_number(raw)

    assert error.value.reason == "p_number_digits"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("4600", ("4600", "")), ("555", ("0555", "")), ("800.0", ("0800", "")), ("DK-4600", ("4600", "")),
        ("4600 Køge", ("4600", "Køge")), ("", ("", "")), ("0", ("", "")), ("SE-211 22", ("SE-211 22", "")),
    ],
)  # fmt: skip
def test_a_postcode_gets_its_zeros_back(raw, expected):
    assert cells.postcode(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("101", ("0101", "")), ("0101", ("0101", "")), ("259.0", ("0259", "")), ("259 Køge", ("0259", "")),
        ("Køge Kommune", ("", "Køge Kommune")), ("", ("", "")), ("0", ("", "")),
    ],
)  # fmt: skip
def test_a_municipality_is_a_code_with_its_zero_or_a_name(raw, expected):
    assert cells.municipality(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("433200 Tømrer- og bygningssnedkeraktiviteter", ("433200", "Tømrer- og bygningssnedkeraktiviteter")),
        ("43.32.00", ("433200", "")), ("433200.0", ("433200", "")), ("11100", ("011100", "")), ("1.11.00", ("011100", "")),
        ("56.10", ("5610", "")), ("561010 - Restauranter", ("561010", "Restauranter")), ("Restauranter", ("", "Restauranter")),
        ("", ("", "")), ("000000", ("", "")),
    ],
)  # fmt: skip
def test_a_branch_is_code_and_title_and_gets_its_zero_back(raw, expected):
    assert cells.branch(raw) == expected


@pytest.mark.parametrize(
    "raw",
    [
        "2016-11-04", "04-11-2016", "4-11-2016", "04.11.2016", "04/11 - 2016", "4/11-2016", "04/11/2016", "20161104", "2016/11/04",
        "2016-11-04T00:00:00.000+01:00", "2016-11-04 00:00:00", "04-11-2016 00:00", " 04-11-2016 ",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_usual_form(raw):
    assert cells.day(raw) == date(2016, 11, 4)


@pytest.mark.parametrize("raw", ["", "-", "9999-12-31", "31-12-9999"])
def test_no_day_and_for_ever_are_the_same(raw):
    assert cells.day(raw) is None


@pytest.mark.parametrize("raw", ["31-02-2016", "2016-13-01", "11/30/2016", "04-11-16", "soon", "0000-00-00"])
def test_what_is_no_day_is_not_guessed_at(raw):
    with pytest.raises(CellError) as error:
        cells.day(raw)

    assert error.value.reason == "date_form"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("12", (12, 12)), ("0", (0, 0)), ("1.234", (1234, 1234)), ("1 234", (1234, 1234)), ("12.0", (12, 12)), ("5-9", (5, 9)),
        ("5 – 9", (5, 9)), ("10 til 19", (10, 19)), ("ANTAL_5_9", (5, 9)), ("ANTAL_0_0", (0, 0)), ("ANTAL_1000_999999", (1000, None)),
        ("1000+", (1000, None)), ("1000-", (1000, None)), ("mindst 50", (50, None)), ("under 5", (0, 4)), ("2-4 ansatte", (2, 4)),
        ("Antal ansatte: 7", (7, 7)),
    ],
)  # fmt: skip
def test_employees_are_an_interval(raw, expected):
    assert cells.employees(raw) == Employees(*expected)


@pytest.mark.parametrize("raw", ["", "-", "–", " ", "N/A"])
def test_a_dash_is_no_figure(raw):
    assert cells.employees(raw) is None


@pytest.mark.parametrize("raw", ["12,5", "9-5", "many", "05-09-2026", "-3", "99999999999"])
def test_what_is_no_number_of_people_is_not_guessed_at(raw):
    with pytest.raises(CellError) as error:
        cells.employees(raw)

    assert error.value.reason == "employees_form"


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Ja", True),
        ("nej", False),
        ("1", True),
        ("0", False),
        ("0.0", False),
        ("TRUE", True),
        ("false", False),
        ("", None),
        ("-", None),
    ],
)
def test_yes_and_no_in_both_languages(raw, expected):
    assert cells.yes_or_no(raw) is expected


def test_maybe_is_neither():
    with pytest.raises(CellError):
        cells.yes_or_no("måske")


@pytest.mark.parametrize(
    ("raw", "expected"), [("55,676098", 55.676098), ("12.568337", 12.568337), ("-4.5", -4.5), ("", None), ("0", None)]
)
def test_coordinates_have_a_comma_or_a_point(raw, expected):
    assert cells.coordinate(raw, 90) == expected


@pytest.mark.parametrize("raw", ["6175500.12", "north", "91"])
def test_what_is_no_degree_is_refused(raw):
    with pytest.raises(CellError):
        cells.coordinate(raw, 90)


@pytest.mark.parametrize(
    "raw", ["OPHØRT", "Ophørt", "Opløst efter konkurs", "TVANGSOPLØST", "slettet", "fjernet", "Dissolved"]
)
def test_a_status_tells_of_an_end(raw):
    assert cells.has_ceased(raw)


@pytest.mark.parametrize("raw", ["NORMAL", "Aktiv", "UNDER KONKURS", "Under tvangsopløsning", "modificeret", "ny", ""])
def test_a_status_that_tells_of_no_end_or_of_one_to_come(raw):
    assert not cells.has_ceased(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Vesthegnet 19 - 2670 Greve", ("", "Vesthegnet 19", "", "2670", "Greve")),
        ("C/O Prøve Byg, C/O Prøve Byg - Street 1 - 2670 Greve", ("Prøve Byg", "Street 1", "", "2670", "Greve")),
        ("C/O  Prøve,  C/O Prøve  -  Street  1  -  2670  Greve", ("Prøve", "Street 1", "", "2670", "Greve")),
        ("C/O A - B, C/O A - B - Street 1 - 2670 Greve", ("A - B", "Street 1", "", "2670", "Greve")),
        ("C/O Prøve, Street 1, 2670 Greve", ("Prøve", "Street 1", "", "2670", "Greve")),
        ("Bag Møllen 2 - Kildebrønde - 2670 Greve", ("", "Bag Møllen 2", "Kildebrønde", "2670", "Greve")),
        ("Kysthave 8 - st. th - 2690 Karlslunde", ("", "Kysthave 8, st. th", "", "2690", "Karlslunde")),
        ("Viften 3 - 1. 3 - 2670 Greve", ("", "Viften 3, 1. 3", "", "2670", "Greve")),
        ("Drejergangen 1A - st. - 2690 Karlslunde", ("", "Drejergangen 1A, st.", "", "2690", "Karlslunde")),
        ("Klimvej 3 - Klim - 9690 Fjerritslev", ("", "Klimvej 3", "Klim", "9690", "Fjerritslev")),
        ("Geminivej 29 - 31 - 2670 Greve", ("", "Geminivej 29-31", "", "2670", "Greve")),
        ("Bygade 12, 2. tv, 4600 Køge", ("", "Bygade 12, 2. tv", "", "4600", "Køge")),
        ("Bygade 3\n4600 Køge", ("", "Bygade 3", "", "4600", "Køge")),
        ("Ollerup Bytorv   ", (None, "Ollerup Bytorv", None, None, None)),
        ("Søndre Havnekaj  10  ", (None, "Søndre Havnekaj 10", None, None, None)),
        ("100 Meterskoven 3", (None, "100 Meterskoven 3", None, None, None)),
        ("", (None, "", None, None, None)),
    ],
)  # fmt: skip
def test_an_address_falls_into_its_parts(raw, expected):
    assert cells.address(raw) == Address(*expected)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("Giesegårdvej", "115"), "Giesegårdvej 115"),
        (("Falkoner Alle", "26", "26", "A", "B", "st", "1"), "Falkoner Alle 26A-26B, st. 1"),
        (("Vesterbro", "012", "", "b", "", "2", "tv"), "Vesterbro 12b, 2. tv"),
        (("Torvet", "1.0", "3.0"), "Torvet 1-3"),
        (("Havnen",), "Havnen"),
    ],
)
def test_a_house_is_put_together_from_its_columns(parts, expected):
    assert cells.house(*parts) == expected


@pytest.mark.parametrize(
    ("raw", "expected"), [("C/O Prøve", "Prøve"), ("C/O Prøve, C/O Prøve", "Prøve"), ("c/o A, c/o B", "A, B"), ("Prøve", "Prøve"), ("-", "")]
)  # fmt: skip
def test_a_name_care_of_is_written_once(raw, expected):
    assert cells.co_name(raw) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("  Ærø\tBådværft \n A/S ", "Ærø Bådværft A/S"), ("A\N{COMBINING RING ABOVE}gade", "Ågade"), ("a\N{ZERO WIDTH SPACE}b", "ab"),
        ("'+45 10203040", "+45 10203040"), ("'s-Hertogenbosch", "'s-Hertogenbosch"), ("x\x01y", "xy"),
    ],
)  # fmt: skip
def test_a_text_loses_what_nobody_can_see(raw, expected):
    assert cells.text(raw) == expected


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused_and_nothing_else_happens(raw):
    for read in (
        cells.cvr_number,
        cells.p_number,
        cells.postcode,
        cells.municipality,
        cells.branch,
        cells.day,
        cells.employees,
        cells.yes_or_no,
        cells.phone,
        cells.has_ceased,
        cells.address,
        cells.co_name,
        lambda text: cells.coordinate(text, 90),
        lambda text: cells.house(text, text, text, text, text, text, text),
    ):
        with suppress(CellError):
            read(raw)


@given(st.text(alphabet="C/O -,.0123456789\nABcæ", max_size=60))
def test_the_parts_of_an_address_hold_nothing_that_was_not_there(raw):
    address = cells.address(raw)

    for part in filter(None, address):
        assert part == part.strip()
        assert set(part) <= set(raw) | set("0 ,-")


@given(st.integers(min_value=0, max_value=99_999_999))
def test_every_eight_digits_come_through_every_form_alike(number):
    plain = f"{number:08}"
    if plain == "00000000":
        return

    forms = [plain, f"DK{plain}", f" {plain[:2]} {plain[2:4]} {plain[4:6]} {plain[6:]}"]

    assert {cells.cvr_number(form) for form in forms} == {plain}
