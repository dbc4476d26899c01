"""Files that tell of companies and of workplaces: each row only tells of its own."""

import csv
import io
from datetime import date

import pytest

from companies.models import Company, Workplace
from companies.register import rejects
from tests.companies.register.conftest import figures, reasons
from tests.companies.register.readers.documents import address, company, period, workplace
from tests.factories import CompanyFactory, WorkplaceFactory

COMPANIES = ["CVR-nummer", "Navn", "Adresse", "Postnr.", "Telefon", "Reklamebeskyttet", "Ophørsdato"]
WORKPLACES = ["cvrnr", "pnr", "navn", "adresse", "postnr", "e-mail"]
A, B = "99000007", "99000015"
P1, P2 = "9900000001", "9900000002"


@pytest.fixture
def book(workbook, take_in):
    """Takes in a workbook of a sheet of companies and one of workplaces."""

    def take(companies, workplaces, first="Firmaer"):
        sheets = {"Firmaer": [COMPANIES, *companies], "Steder": [WORKPLACES, *workplaces]}
        return take_in(workbook({name: sheets[name] for name in sorted(sheets, key=lambda name: name != first)}))

    return take


def firm(cvr=A, name="Firma ApS", street="Hovedgade 1", phone="10203040", protected="Ja", ceased=""):
    return [cvr, name, street, "4600", phone, protected, ceased]


def place(p_number=P1, cvr=A, name="Sted", street="Vej 1", email="sted@example.dk"):
    return [cvr, p_number, name, street, "4600", email]


@pytest.mark.parametrize("first", ["Firmaer", "Steder"])
def test_a_company_s_row_tells_of_the_company_and_its_workplaces_rows_of_them(book, first):
    done = book([firm()], [place(), place(P2, street="Vej 2")], first)

    assert figures(done) == (3, 0, 0, 0, 0, 0)
    known = Company.objects.get()
    assert (known.name, known.advertising_protected) == ("Firma ApS", True)
    assert list(Workplace.objects.order_by("pk").values_list("p_number", "name", "street", "phone")) == [
        (P1, "Sted", "Vej 1", ""),
        (P2, "Sted", "Vej 2", ""),
    ]


def test_the_same_again_changes_nothing(book):
    book([firm(), firm(B, "Alene ApS")], [place()])

    assert figures(book([firm(), firm(B, "Alene ApS")], [place()])) == (0, 0, 0, 3, 0, 0)


def test_a_company_without_any_workplace_gets_one_of_its_own_row(book):
    book([firm(), firm(B, "Alene ApS", "Alenevej 1")], [place()])

    alone = Workplace.objects.get(company__cvr_number=B)
    assert (alone.p_number, alone.street, alone.phone) == (None, "Alenevej 1", "10203040")
    book([firm(B, "Alene ApS", "Nyvej 2")], [place()])
    alone.refresh_from_db()
    assert alone.street == "Nyvej 2"


def test_a_company_s_row_leaves_a_workplace_alone_that_has_its_own_p_number(book):
    known = WorkplaceFactory(p_number=P2, company=CompanyFactory(cvr_number=B), street="Sin egen 1", phone="99999999")

    book([firm(B, "Nyt navn ApS")], [place()])

    known.refresh_from_db()
    assert (known.street, known.phone) == ("Sin egen 1", "99999999")
    assert Company.objects.get(cvr_number=B).name == "Nyt navn ApS"
    assert Workplace.objects.filter(company__cvr_number=B).count() == 1


def test_a_company_s_row_at_the_address_of_its_workplace_is_no_repetition_of_it(book):
    done = book([firm(street="Vej 1")], [place()])

    assert figures(done) == (2, 0, 0, 0, 0, 0)
    assert Workplace.objects.get().p_number == P1
    assert Company.objects.get().name == "Firma ApS"


def test_of_two_rows_about_one_company_the_last_holds(book):
    done = book([firm(), firm(name="Nyt navn ApS", street="Et andet sted 7")], [place()])

    assert figures(done) == (2, 0, 0, 0, 1, 0)
    assert Company.objects.get().name == "Nyt navn ApS"


def test_a_change_in_the_company_is_counted_with_its_own_row(book):
    book([firm()], [place()])

    assert figures(book([firm(name="Nyt navn ApS")], [place()])) == (0, 1, 0, 1, 0, 0)
    assert Workplace.objects.get().name == "Sted"


def test_when_a_company_ends_the_workplaces_that_the_file_does_not_list_end_with_it(book):
    book([firm()], [place(), place(P2, street="Vej 2")])

    done = book([firm(ceased="2026-10-01")], [place(P1, cvr=B)])

    assert done.rows_ceased == 1
    assert Workplace.objects.get(p_number=P2).ceased_on == date(2026, 10, 1)
    assert Workplace.objects.get(p_number=P1).ceased_on is None


def test_a_cell_its_sheet_has_no_column_for_is_left_as_it_was(book):
    book([firm()], [place()])
    Workplace.objects.update(phone="50607080")

    done = book([firm()], [place(email="")])

    assert done.rows_changed == 1
    kept = Workplace.objects.get()
    assert (kept.phone, kept.email) == ("50607080", "")


def test_a_line_is_told_with_its_sheet(book):
    done = book([firm()], [place(), place("12"), place()])

    assert reasons(done) == [(20_000_003, "p_number_digits")]
    assert done.remarks.get(kind="rejected").where == "3 (Steder)"
    told = list(rejects.lines(done.headings, done.remarks.filter(kind="repeated"), done.sheets))
    assert told[1].startswith("2 (Steder);;;The same row is also in line 4 (Steder).")


def test_rejected_rows_can_be_corrected_and_taken_again_without_emptying_facts(book, take_in, file):
    done = book([firm(), firm("1", "Uden nummer ApS")], [place(), place("12", B, "Andet sted")])
    assert reasons(done) == [(10_000_003, "cvr_digits"), (20_000_003, "p_number_digits")]
    Workplace.objects.create(company=CompanyFactory(cvr_number=B), p_number=P2, name="x", phone="50607080")

    lines = list(
        csv.reader(
            "".join(rejects.lines(done.headings, done.remarks.filter(kind="rejected"), done.sheets))
            .lstrip("\ufeff")
            .splitlines(),
            delimiter=";",
        )
    )
    target = io.StringIO()
    csv.writer(target, delimiter=";").writerows(
        [[{"1": "99000023", "12": P2}.get(cell, cell) for cell in row] for row in lines]
    )
    again = take_in(file(target.getvalue(), name="rejected.csv"))

    assert figures(again) == (1, 1, 0, 0, 0, 0)
    corrected = Workplace.objects.get(p_number=P2)
    assert (corrected.name, corrected.street, corrected.phone) == ("Andet sted", "Vej 1", "50607080")
    assert Company.objects.get(cvr_number="99000023").name == "Uden nummer ApS"


@pytest.mark.parametrize("word", ["(uændret)", "(unchanged)"])
def test_what_is_said_to_be_unchanged_is(take_in, word):
    take_in("cvr;navn;telefon", f"{A};Firma;10203040")

    done = take_in("cvr;navn;telefon", f"{A};Nyt firma;{word}")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert Workplace.objects.get().phone == "10203040"


@pytest.mark.parametrize(
    ("cells", "reason"), [("(uændret);Firma;1", "cvr_missing"), (f"{A};(uændret);1", "name_missing")]
)
def test_number_and_name_must_be_said(take_in, cells, reason):
    assert reasons(take_in("cvr;navn;telefon", cells)) == [(2, reason)]


def test_documents_of_companies_and_workplaces_in_one_file(take_in, as_json):
    documents = [
        company(99000007, navne=[{"navn": "Firma ApS"} | period()]),
        workplace(9900000001, 99000007),
        workplace(9900000002, 99000007, beliggenhedsadresse=[address("Andenvej", 2)]),
        company(99000015, navne=[{"navn": "Alene ApS"} | period()]),
        {"Vrvirksomhed": {"cvrNummer": 1}},
    ]

    done = take_in(as_json(documents, a_line=True))

    assert figures(done) == (4, 0, 0, 0, 0, 1)
    assert reasons(done) == [(5, "cvr_digits"), (5, "name_missing")]
    first = Workplace.objects.get(p_number=P1)
    assert (first.company.name, first.name, first.street) == ("Firma ApS", "Prøve, Køge", "Prøvevej 1")
    assert (first.municipality_id, first.branch.code, first.advertising_protected) == ("0259", "433200", False)
    assert first.company.advertising_protected
    assert first.company.form_id == "80"
    assert first.register_date == date(2026, 10, 1)
    assert Workplace.objects.get(company__cvr_number=B).p_number is None
    assert figures(take_in(as_json(documents, a_line=True))) == (0, 0, 0, 4, 0, 1)
