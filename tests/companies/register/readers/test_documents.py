"""The register's JSON: in every shape it comes in, and what is true now of all it has been."""

import json

import pytest

from companies.register.cells import employees
from companies.register.readers import UNSAID, DocumentReader, Unusable, open_file
from tests.companies.register.readers.documents import address, answer, company, hit, period, person, workplace


@pytest.fixture
def row(as_json):
    """The row of one document: our columns with their cells."""

    def read(document):
        (found,) = open_file(as_json(document)).rows()
        return found

    return read


def p_numbers(path):
    return [row.values.get("p_number") for row in open_file(path).rows()]


SOME = [workplace(9900000001), workplace(9900000002)]


@pytest.mark.parametrize(
    "value",
    [
        SOME, [hit(document) for document in SOME], answer(*SOME), [answer(SOME[0]), answer(SOME[1])],
        {"hits": [hit(document) for document in SOME]},
    ],
)  # fmt: skip
def test_a_list_and_an_answer_of_the_search_are_read(as_json, value):
    assert p_numbers(as_json(value)) == ["9900000001", "9900000002"]


@pytest.mark.parametrize("wrap", [lambda document: document, hit, lambda document: answer(document)])
def test_one_document_a_line_is_read_with_or_without_what_the_search_wraps_around_it(as_json, wrap):
    path = as_json([wrap(document) for document in SOME], a_line=True)

    assert p_numbers(path) == ["9900000001", "9900000002"]


def test_a_single_document_is_read(as_json):
    assert p_numbers(as_json(SOME[0])) == ["9900000001"]
    assert p_numbers(as_json([SOME[0]], a_line=True)) == ["9900000001"]


def test_documents_one_after_the_other_over_several_lines_are_read(file):
    path = file("\n".join(json.dumps(document, indent=1) for document in SOME))

    assert p_numbers(path) == ["9900000001", "9900000002"]


def test_a_byte_order_mark_and_blank_lines_do_no_harm(file):
    path = file(b"\xef\xbb\xbf\n" + b"\n\n".join(json.dumps(document).encode() for document in SOME) + b"\n\n")

    assert p_numbers(path) == ["9900000001", "9900000002"]


def test_a_company_has_no_column_for_a_p_number_and_a_workplace_none_for_the_form(row):
    assert "p_number" not in row(company()).values
    assert row(company()).values["form"] == "80"
    assert "form" not in row(workplace()).values


def test_every_heading_is_understood(as_json):
    reader = open_file(as_json(company()))

    assert isinstance(reader, DocumentReader)
    assert reader.unused == []


def test_lost_zeros_are_put_back(row):
    branch = [{"branchekode": 11100, "branchetekst": "Korn"} | period()]
    found = row(workplace(hovedbranche=branch, beliggenhedsadresse=[address(postcode=555)])).values

    assert (found["branch"], found["postcode"], found["municipality"]) == (
        "011100", "0555", "0259",
    )  # fmt: skip


# What is true now.


def names(*periods):
    return [{"navn": name} | period(begin, end) for name, begin, end in periods]


@pytest.mark.parametrize(
    "listed",
    [
        names(("Now", "2020-01-01", None), ("Before", "2010-01-01", "2019-12-31")),
        names(("Before", "2010-01-01", "2019-12-31"), ("Now", "2020-01-01", None)),
        names(("Before", "2010-01-01", None), ("Now", "2020-01-01", None)),
        names(("Before", "2019-01-01", "2019-12-31"), ("Now", "2010-01-01", "2020-12-31")),
        names(("Now", None, None)),
    ],
)
def test_of_what_has_been_the_entry_without_an_end_holds_and_else_the_one_that_ended_last(row, listed):
    assert row(company(navne=listed)).values["name"] == "Now"


def test_what_begins_after_the_document_was_loaded_is_not_true_yet(row):
    listed = names(("Now", "2010-01-01", "2026-12-31"), ("Later", "2027-01-01", None))

    found = row(company(navne=listed, sidstIndlaest="2026-10-01T10:00:00.000+02:00"))

    assert found.values["name"] == "Now"


@pytest.mark.parametrize("status", ["Aktiv", "NORMAL"])
def test_a_unit_whose_life_has_ended_has_ceased_whatever_its_status_says(row, take_in, as_json, status):
    ended = workplace(
        livsforloeb=[period("2015-11-13", "2016-12-31")], produktionsEnhedMetadata={"sammensatStatus": status}
    )

    assert row(ended).values["ceased"] == "2016-12-31"
    assert take_in(as_json(ended)).rows_new == 1


def test_a_unit_that_lives_again_has_not_ceased(row):
    lives = [period("2010-01-01", "2016-12-31"), period("2018-01-01", None)]

    found = row(workplace(livsforloeb=lives)).values

    assert (found["started"], found["ceased"]) == ("2018-01-01", "")


def contact(value, end=None, hidden=False, begin="2010-01-01"):
    return {"kontaktoplysning": value, "hemmelig": hidden} | period(begin, end)


@pytest.mark.parametrize(
    "contacts",
    [
        [contact("10203040", hidden=True)],
        [contact("10203040", end="2020-01-01")],
        [contact("10203040", hidden="true")],
        [contact("10203040", hidden=True, begin="2020-01-01"), contact("50607080", end="2019-12-31")],
    ],
)
def test_secret_and_expired_contacts_are_never_read(row, contacts):
    found = row(company(telefonNummer=contacts, elektroniskPost=contacts))

    assert (found.values["phone"], found.values["email"]) == ("", "")
    assert not {"10203040", "50607080"} & set(found.cells)


def test_the_newest_contact_is_read(row):
    contacts = [
        contact("10203040"),
        contact("50607080", begin="2020-01-01"),
        contact("1", hidden=True, begin="2021-01-01"),
    ]

    assert row(company(telefonNummer=contacts)).values["phone"] == "50607080"


def test_the_freshest_count_of_employees_is_found_and_empty_ones_are_passed_over(row):
    months = [
        {"aar": 2016, "maaned": 12, "antalAnsatte": None, "intervalKodeAntalAnsatte": "ANTAL_20_49"},
        {"aar": 2017, "maaned": 1, "antalAnsatte": None, "intervalKodeAntalAnsatte": None},
        {"aar": 2016, "maaned": 9, "antalAnsatte": 12, "intervalKodeAntalAnsatte": "ANTAL_10_19"},
    ]
    newer = [{"aar": 2020, "maaned": 2, "antalAnsatte": 34, "intervalKodeAntalAnsatte": "ANTAL_20_49"}]

    found = row(company(maanedsbeskaeftigelse=months)).values
    fresher = row(company(maanedsbeskaeftigelse=months, erstMaanedsbeskaeftigelse=newer)).values

    assert (found["month_year"], found["month_part"]) == ("2016", "12")
    assert employees(found["month_interval"]) == (20, 49)
    assert (fresher["month_year"], fresher["month_part"], fresher["month_employees"]) == ("2020", "2", "34")


def test_an_address_abroad_is_a_text(row):
    abroad = address(street=None, number=None, postcode=None, fritekst="Storgatan 1\nMalmö", kommune=None)

    assert row(company(beliggenhedsadresse=[abroad])).values["road"] == "Storgatan 1 Malmö"


def test_what_a_document_has_no_key_for_stays_unsaid(row):
    document = company()
    del document["Vrvirksomhed"]["telefonNummer"]

    found = row(document)

    assert "phone" not in found.values
    assert UNSAID in found.cells


# What is no document, and what is no JSON.


def test_documents_about_people_are_passed_over_and_counted(as_json):
    reader = open_file(as_json([company(), person(), person()], a_line=True))

    assert [row.line for row in reader.rows()] == [1]
    assert [(told.line, told.reason, told.details) for told in reader.left_out] == [
        (2, "participants", {"documents": 2})
    ]


@pytest.mark.parametrize(
    "strange",
    [
        {"other": 1}, 7, None, "text", [1], {"Vrvirksomhed": []}, {"_source": {}}, company(navne="Prøve"),
        company(navne=[1]), company(navne=[{"navn": ["a"]}]), company(navne=[{"navn": "a", "periode": 1}]),
        company(navne=[{"navn": "a", "periode": {"gyldigFra": 1}}]), company(cvr=10**30), company(cvr=[1]),
        company(maanedsbeskaeftigelse=[{"aar": "x", "antalAnsatte": 1}]), company(cvr=1.5),
    ],
)  # fmt: skip
def test_a_document_of_another_build_is_a_rejected_row(as_json, strange):
    found = list(open_file(as_json([company(), strange, company()], a_line=True)).rows())

    assert [(row.line, row.problem) for row in found] == [(1, ""), (2, "document_form"), (3, "")]


def test_half_a_letter_is_a_sign_that_can_not_be_read(as_json):
    halved = company(navne=[{"navn": "Pr\ud800ve"} | period()])

    found, _other = open_file(as_json([halved, company()], a_line=True)).rows()

    assert found.values["name"] == "Pr\N{REPLACEMENT CHARACTER}ve"


@pytest.mark.parametrize("a_line", [True, False])
def test_json_that_breaks_off_is_no_file_at_all(as_json, a_line):
    path = as_json([company()] * 300, a_line=a_line)
    path.write_bytes(path.read_bytes()[:-200])
    reader = open_file(path)

    with pytest.raises(Unusable) as error:
        list(reader.rows())

    assert error.value.reason == "json_broken"


@pytest.mark.parametrize(
    "content",
    ["[]", "{}", '{"a": 1}', '[{"vat": 99000007, "name": "x"}]', '{"hits": {"hits": []}}', '{"type": "Feature"}'],
)
def test_json_that_is_not_the_register_s_is_refused(file, content):
    with pytest.raises(Unusable) as error:
        open_file(file(content))

    assert error.value.reason == "no_documents"


@pytest.mark.parametrize(
    "content", ['{"a', "[{]", '[["' + "[" * 5000, '[{"a": ' + "9" * 5000 + "}]", '[{"a": "\xff"}]']
)
def test_what_only_begins_like_json_is_refused(file, content):
    with pytest.raises(Unusable) as error:
        open_file(file(content.encode("latin-1")))

    assert error.value.reason == "json_broken"
