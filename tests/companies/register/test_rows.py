"""The rules for one row: what is taken of it, what is rejected, what is warned of."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from companies.models import Branch
from companies.register.headings import SYNONYMS, understand
from companies.register.known import Known
from companies.register.readers import Row
from companies.register.rows import AT, FACTS, Rules, showable
from tests.companies.register.conftest import TODAY

GOOD = {"cvr": "25052943", "navn": "Prøve ApS"}


@pytest.fixture
def clean(codes):
    """Cleans one row given as `{heading: cell}`; cvr and name are good unless they are given."""

    def read(cells=None, **more):
        cells = GOOD | (cells or {}) | more
        headings = list(cells)
        columns = understand(headings)
        rules = Rules(
            headings=headings, columns=columns, known=Known(), today=TODAY, known_p_numbers=lambda numbers: set()
        )
        raw = list(cells.values())
        return rules.clean(Row(7, {column: raw[at] for column, at in columns.items()}, raw))

    return read


def facts(clean_row):
    """Those that the row tells of."""
    row, _remarks = clean_row
    return {name: row.facts[AT[name]] for name in FACTS if row.facts[AT[name]] is not ...}


def told(clean_row):
    _row, remarks = clean_row
    return [(remark.kind, remark.column, remark.reason) for remark in remarks]


def test_a_row_tells_only_of_the_columns_it_has(clean):
    assert facts(clean()) == {"name": "Prøve ApS"}


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"cvr": ""}, "cvr", "cvr_missing"),
        ({"cvr": "1234567"}, "cvr", "cvr_digits"),
        ({"navn": "  "}, "navn", "name_missing"),
        ({"navn": "-"}, "navn", "name_missing"),
        ({"navn": "x" * 256}, "navn", "name_long"),
        ({"navn": "x" * 5000}, "navn", "name_long"),
        ({"pnr": "123"}, "pnr", "p_number_digits"),
        ({"by": "K\0ge"}, "by", "nul"),
        ({"bemærkning": "\0"}, "bemærkning", "nul"),
        ({"by": "K\N{REPLACEMENT CHARACTER}ge"}, "by", "unreadable_character"),
        ({"adresse": "v" * 256}, "adresse", "address_long"),
        ({"by": "x" * 2001}, "by", "cell_long"),
        ({"bemærkning": "født 010190-1234"}, "bemærkning", "cpr"),
        ({"navn": "Hansen 010190 1234"}, "navn", "cpr"),
    ],
)
def test_a_row_is_rejected_with_the_column_and_a_reason(clean, cells, column, reason):
    assert clean(cells)[0] is None
    assert told(clean(cells)) == [("rejected", column, reason)]


def test_a_rejected_row_tells_all_that_is_wrong_with_it(clean):
    assert told(clean({"cvr": "1", "navn": "", "pnr": "2", "branche": "none such"})) == [
        ("rejected", "cvr", "cvr_digits"),
        ("rejected", "pnr", "p_number_digits"),
        ("rejected", "navn", "name_missing"),
    ]


def test_a_name_of_255_characters_is_taken(clean):
    assert facts(clean({"navn": "x" * 255}))["name"] == "x" * 255


@pytest.mark.parametrize(
    ("cells", "column", "reason"),
    [
        ({"cvr": "25052944"}, "cvr", "cvr_checksum"),
        ({"branche": "999998"}, "branche", "branch_unknown"),
        ({"branche": "DD.56.10.99"}, "branche", "branch_unknown"),
        ({"postnr": "4699"}, "postnr", "postcode_unknown"),
        ({"adresse": "Vej 1 - 4699 Nowhere"}, "adresse", "postcode_unknown"),
        ({"kommunekode": "999"}, "kommunekode", "municipality_unknown"),
        ({"kommune": "Nowhere"}, "kommune", "municipality_unknown"),
        ({"virksomhedsform": "Guild"}, "virksomhedsform", "form_unknown"),
        ({"startdato": "soon"}, "startdato", "date_form"),
        ({"ophørsdato": "31-02-2026"}, "ophørsdato", "date_form"),
        ({"ansatte": "many"}, "ansatte", "employees_form"),
        ({"reklamebeskyttet": "perhaps"}, "reklamebeskyttet", "yes_or_no_form"),
        ({"sektor": "third"}, "sektor", "sector_unknown"),
        ({"telefon": "1" * 31}, "telefon", "fact_long"),
        ({"e-mail": "x" * 255}, "e-mail", "fact_long"),
        ({"navn": "Hansen 0101901234"}, "navn", "maybe_cpr"),
        ({"lat": "6175500", "lng": "12"}, "lat", "coordinate_form"),
    ],
)
def test_a_doubtful_cell_is_warned_of_and_the_row_is_taken(clean, cells, column, reason):
    row, _remarks = clean(cells)

    assert row is not None
    assert told(clean(cells)) == [("warning", column, reason)]


@pytest.mark.parametrize(
    ("cells", "fact"),
    [
        ({"branche": "999998"}, "branch"), ({"kommunekode": "999"}, "municipality"), ({"ansatte": "many"}, "employees_min"),
        ({"ophørsdato": "31-02-2026"}, "ceased_on"), ({"telefon": "1" * 31}, "phone"),
        ({"reklamebeskyttet": "perhaps"}, "advertising_protected"),
    ],
)  # fmt: skip
def test_what_can_not_be_read_is_left_as_it_was(clean, cells, fact):
    assert fact not in facts(clean(cells))


@pytest.mark.parametrize(
    ("cells", "fact", "value"),
    [
        ({"telefon": ""}, "phone", ""), ({"email": ""}, "email", ""), ({"ansatte": "-"}, "employees_min", None),
        ({"hovedbranche": ""}, "branch", None), ({"ophørsdato": ""}, "ceased_on", None), ({"conavn": ""}, "co_name", ""),
    ],
)  # fmt: skip
def test_an_empty_cell_empties_the_fact(clean, cells, fact, value):
    assert facts(clean(cells))[fact] == value


@pytest.mark.parametrize(
    "heading", ["adresse", "postnr", "by", "kommune", "reklamebeskyttet", "startdato", "virksomhedsform", "status"]
)
def test_some_facts_an_empty_cell_leaves_alone(clean, heading):
    assert facts(clean({heading: ""})) == {"name": "Prøve ApS"}


def test_lost_zeros_are_put_back(clean):
    told = facts(clean({"kommunekode": "101", "postnr": "555", "branchekode": "11100"}))

    assert told["municipality"] == "0101"
    assert told["postcode"] == "0555"
    assert told["branch"] == Branch.objects.get(scheme="DB25", code="011100").pk


def test_a_code_of_both_lists_is_the_newer_s_unless_the_title_says_otherwise(clean):
    new, old = (Branch.objects.get(scheme=scheme, code="433200").pk for scheme in ("DB25", "DB07"))

    assert facts(clean({"branche": "433200"}))["branch"] == new
    assert facts(clean({"branche": "433200 Tømrer- og bygningssnedkeraktiviteter"}))["branch"] == new
    assert facts(clean({"branche": "433200 Tømrer- og bygningssnedkervirksomhed"}))["branch"] == old
    assert facts(clean({"branchekode": "433200", "branche": "Tømrer- og bygningssnedkervirksomhed"}))["branch"] == old


def test_a_branch_that_only_the_older_list_has_is_found_there(clean):
    assert facts(clean({"branche": "960210"}))["branch"] == Branch.objects.get(scheme="DB07", code="960210").pk


def test_a_branch_is_found_by_its_title(clean):
    told = facts(clean({"branche": "tømrer- og bygningssnedkeraktiviteter"}))

    assert told["branch"] == Branch.objects.get(scheme="DB25", code="433200").pk


@pytest.mark.parametrize("cell", ["259", "0259", "259 Køge", "Køge", "KØGE KOMMUNE", "Køges Kommune"])
def test_a_municipality_is_known_by_code_and_by_name(clean, cell):
    assert facts(clean({"kommune": cell}))["municipality"] == "0259"


@pytest.mark.parametrize("cell", ["80", "80.0", "Anpartsselskab", "ANPARTSSELSKAB", "ApS", "80 Anpartsselskab"])
def test_a_company_form_is_known_by_code_name_and_short_name(clean, cell):
    assert facts(clean({"virksomhedsform": cell}))["form"] == "80"


def test_a_public_form_makes_a_public_workplace(clean):
    assert facts(clean({"virksomhedsform": "Primærkommune"}))["sector"] == "public"
    assert facts(clean({"virksomhedsform": "ApS"}))["sector"] == "private"
    assert facts(clean({"virksomhedsform": "ApS", "sektor": "Offentlig"}))["sector"] == "public"


@pytest.mark.parametrize(
    ("cells", "ceased_on"),
    [
        ({"ophørsdato": "2026-05-31"}, "2026-05-31"),
        ({"ophørsdato": "24-11-2026"}, "2026-11-24"),
        ({"ophørsdato": "", "status": "OPHØRT"}, "?"),
        ({"status": "Opløst efter konkurs"}, "?"),
        ({"modifikationsstatus": "fjernet"}, "?"),
        ({"ophørsdato": "2016-12-31", "status": "Aktiv"}, "2016-12-31"),
        ({"status": "NORMAL"}, None),
        ({"status": "UNDER KONKURS"}, None),
    ],
)
def test_an_end_is_told_by_its_day_or_by_the_status(clean, cells, ceased_on):
    assert facts(clean(cells))["ceased_on"] == ceased_on


@pytest.mark.parametrize("cells", [{"modifikationsstatus": "modificeret"}, {"status": ""}])
def test_what_tells_nothing_of_an_end_leaves_it(clean, cells):
    assert "ceased_on" not in facts(clean(cells))


def test_an_end_to_come_is_warned_of_and_has_not_been(clean):
    row = clean({"ophørsdato": "2026-12-31"})

    assert facts(row)["ceased_on"] is None
    assert told(row) == [("warning", "ophørsdato", "ends_later")]


def test_a_postcode_with_its_town_in_one_cell(clean):
    told = facts(clean({"postnr. og by": "4600 Køge"}))

    assert (told["postcode"], told["town"]) == ("4600", "Køge")


def test_a_postcode_of_its_own_goes_before_the_one_in_the_address(clean):
    told = facts(clean({"adresse": "Vej 1 - 2670 Greve", "postnr": "4600", "by": "Køge"}))

    assert (told["street"], told["postcode"], told["town"]) == ("Vej 1", "4600", "Køge")


def test_an_address_is_put_together_from_its_columns(clean):
    row, _remarks = clean({"vejnavn": "Falkoner Alle", "husnr": "26", "bogstav": "A", "etage": "2", "postnr": "4600"})

    assert row.facts[AT["street"]] == "Falkoner Alle 26A, 2."
    assert row.address == "falkoner alle 26a 2|4600"


def test_the_freshest_count_of_employees_is_taken(clean):
    extract = {
        "aarsbeskaeftigelse_aar": "2024", "aarsbeskaeftigelse_antalAnsatte": "40", "kvartalsbeskaeftigelse_aar": "2026",
        "kvartalsbeskaeftigelse_kvartal": "3", "kvartalsbeskaeftigelse_antalAnsatte": "",
        "kvartalsbeskaeftigelse_antalAnsatteInterval": "ANTAL_20_49", "maanedsbeskaeftigelse_aar": "",
        "maanedsbeskaeftigelse_antalAnsatte": "",
    }  # fmt: skip

    told = facts(clean(extract))

    assert (told["employees_min"], told["employees_max"]) == (20, 49)
    assert (told["employees_period"], told["employees_source"]) == ("2026 K3", "kvartalsbeskæftigelse")


def test_an_exact_count_goes_before_its_interval(clean):
    told = facts(clean({"antal ansatte": "12", "antal ansatte (interval)": "10-19"}))

    assert (told["employees_min"], told["employees_max"]) == (12, 12)


def test_the_number_found_is_never_shown(clean):
    headings = {"cvr": "0101901234", "bemærkning": "0202911234", "pnr": "1002664349"}

    _row, remarks = clean(headings)

    assert [remark.value for remark in remarks] == [""]
    assert remarks[0].raw == ["", "Prøve ApS", "", "1002664349"]


@pytest.mark.parametrize("cell", ["010190-1234", "0101901234", "x 010190 1234 y", "010190 – 1234"])
def test_a_cell_that_looks_like_a_cpr_number_is_not_shown(cell):
    assert showable(cell) == ""


@pytest.mark.parametrize("p_number", ["1002664349", "1007256945"])
def test_a_p_number_in_its_column_is_shown(p_number):
    assert showable(p_number, is_p_number=True) == p_number


def test_a_nul_is_made_visible():
    assert showable("a\0b") == "a␀b"


@pytest.fixture
def known(codes):
    return Known()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(st.dictionaries(st.sampled_from(sorted(SYNONYMS)), st.text(max_size=40), max_size=12))
def test_any_row_is_taken_or_rejected_with_reasons(known, cells):
    cells = {"cvr": "25052943", "name": "Prøve"} | cells
    raw = list(cells.values())
    rules = Rules(
        headings=list(cells),
        columns={column: at for at, column in enumerate(cells)},
        known=known,
        today=TODAY,
        known_p_numbers=lambda numbers: set(),
    )

    row, remarks = rules.clean(Row(3, cells, raw))

    assert (row is None) == any(remark.kind == "rejected" for remark in remarks)
    if row:
        assert 0 < len(row.facts[AT["name"]]) <= 255
        assert not any("\0" in told for told in row.facts if isinstance(told, str))
