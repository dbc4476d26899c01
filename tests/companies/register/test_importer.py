"""What files do to the register: the same rules whichever way they come in."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest

from companies.models import Company, RegisterChange, Workplace
from companies.register.importer import Reading, Unusable
from tests.companies.register.conftest import figures, reasons
from tests.factories import CompanyFactory, UserFactory, WorkplaceFactory

FILES = Path(__file__).parent / "files"
COMPANIES = "CVR-nummer;Navn;Adresse;Postnr.;By"
WORKPLACES = "cvrnr;pnr;navn;adresse;postnr;by"
A, B, C = "25052943", "47458714", "34213585"
P1, P2, P3 = "1002664349", "1007256945", "1003007261"


def places():
    return {place.p_number or place.street: place for place in Workplace.objects.select_related("company")}


def test_the_register_s_own_download_is_taken_in(take_in):
    done = take_in(FILES / "companies.csv")

    assert figures(done) == (9, 0, 0, 0, 0, 0)
    assert done.rows_read == 9
    place = Workplace.objects.get(company__cvr_number="35393013")
    assert (place.co_name, place.street) == ("Tømrerfirmaet Sten Jensen A/S", "Korskildemark 4")
    assert (place.postcode, place.town, place.phone, place.email) == ("2670", "Greve", "46152851", "firma@kjb.nu")
    assert place.branch.code == "433200"
    assert place.branch.scheme == "DB25"
    assert place.p_number is None
    assert place.advertising_protected
    assert place.company.advertising_protected
    assert place.company.form.name == "Aktieselskab"
    assert place.company.started_on == place.started_on == date(2013, 7, 1)
    village = Workplace.objects.get(company__cvr_number="42087270")
    assert (village.street, village.place) == ("Bag Møllen 2", "Kildebrønde")


def test_a_list_of_workplaces_with_other_headings_is_taken_in(take_in):
    done = take_in(FILES / "workplaces.csv")

    assert done.ignored_headings == ["navnelbnr"]
    assert done.rows_read == sum(figures(done))
    assert done.rows_rejected == 0
    assert Workplace.objects.count() == done.rows_new
    butcher = Workplace.objects.get(p_number="1006442402")
    assert (butcher.name, butcher.street) == ("Slagteren Fåborgvej Aps", "Faaborgvej 82")


@pytest.mark.parametrize("name", ["companies.csv", "workplaces.csv"])
def test_the_same_file_again_says_that_nothing_is_new_or_changed(take_in, name):
    first = take_in(FILES / name)
    changed = RegisterChange.objects.count()

    again = take_in(FILES / name)

    assert figures(again)[:3] == (0, 0, 0)
    assert again.rows_unchanged == first.rows_new
    assert again.rows_repeated == first.rows_repeated
    assert RegisterChange.objects.count() == changed


@pytest.mark.parametrize("name", ["companies.csv", "workplaces.csv"])
def test_a_look_says_what_taking_it_in_then_does(take_in, look, name):
    counts = look(FILES / name)

    assert not Workplace.objects.exists()
    assert not Company.objects.exists()
    assert figures(take_in(FILES / name)) == (
        counts.new, counts.changed, counts.ceased, counts.unchanged, counts.repeated, counts.rejected
    )  # fmt: skip


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("cp1252", ";"), ("utf-8", ","), ("utf-8-sig", "\t"), ("cp1252", "\t"), ("utf-8", "|")]
)
def test_the_dialect_of_a_file_makes_no_difference(take_in, file, encoding, delimiter):
    take_in(FILES / "companies.csv")
    rows = csv.reader((FILES / "companies.csv").read_text(encoding="utf-8-sig").splitlines(), delimiter=";")
    target = io.StringIO()
    csv.writer(target, delimiter=delimiter).writerows(rows)

    again = take_in(file(target.getvalue().encode(encoding)))

    assert figures(again) == (0, 0, 0, 9, 0, 0)


def test_the_order_of_the_columns_makes_no_difference(take_in, file):
    take_in(FILES / "companies.csv")
    lines = (FILES / "companies.csv").read_text(encoding="utf-8-sig").splitlines()

    again = take_in("\n".join(";".join(reversed(line.split(";"))) for line in lines))

    assert figures(again) == (0, 0, 0, 9, 0, 0)


# What is rejected, repeated and warned of.


def test_a_bad_row_never_stops_the_others(take_in):
    done = take_in(
        WORKPLACES, f"{A};{P1};Good;;;", ";;No number;;;", f"123;{P2};Bad;;;", f"{B};12;Bad;;;", f"{C};;Good;;;"
    )

    assert figures(done) == (2, 0, 0, 0, 0, 3)
    assert reasons(done) == [(3, "cvr_missing"), (4, "cvr_digits"), (5, "p_number_digits")]
    assert done.remarks.get(line=4).value == "123"
    assert done.remarks.get(line=4).column == "cvrnr"
    assert done.remarks.get(line=4).raw == ["123", P2, "Bad", "", "", ""]


def test_a_row_that_is_wrong_twice_is_rejected_once(take_in):
    done = take_in(WORKPLACES, "1;2;;;;", f"{A};{P1};Good;;;")

    assert done.rows_rejected == 1
    assert reasons(done) == [(2, "cvr_digits"), (2, "p_number_digits"), (2, "name_missing")]


def test_a_p_number_under_two_companies_is_rejected_wherever_it_stands(take_in):
    done = take_in(WORKPLACES, f"{A};{P1};One;;;", f"{B};{P2};Other;;;", f"{C};{P1};Two;;;", f"{A};{P1};One;;;")

    assert figures(done) == (1, 0, 0, 0, 0, 3)
    assert reasons(done) == [(line, "p_number_two_companies") for line in (2, 4, 5)]
    assert [remark.details["line"] for remark in done.remarks.all()] == [4, 2, 4]
    assert done.remarks.get(line=4).raw == [C, P1, "Two", "", "", ""]
    assert list(places()) == [P2]


def test_an_identical_row_is_counted_as_repeated_and_not_rejected(take_in):
    done = take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};{P1};  One ;Vej  1 ;4600;Køge")

    assert figures(done) == (1, 0, 0, 0, 1, 0)
    assert reasons(done, "repeated") == [(2, "repeated_same")]


def test_of_rows_that_differ_about_one_workplace_the_last_holds(take_in):
    done = take_in(
        WORKPLACES, f"{A};{P1};Old;Vej 1;4600;Køge", f"{A};{P1};New;Vej 2;4600;Køge", f"{A};{P1};Newest;Vej 3;4600;Køge"
    )

    assert figures(done) == (1, 0, 0, 0, 2, 0)
    assert reasons(done, "repeated") == [(2, "repeated_other"), (3, "repeated_other")]
    assert places()[P1].name == "Newest"


def test_rows_without_p_number_are_the_same_place_at_the_same_address(take_in):
    done = take_in(
        WORKPLACES, f"{A};;One;Vej 1 A;4600;Køge", f"{A};;One again;vej 1a;4600;Køge", f"{A};;Two;Vej 2;4600;Køge"
    )

    assert figures(done) == (2, 0, 0, 0, 1, 0)
    assert sorted(places()) == ["Vej 2", "vej 1a"]


def test_a_row_without_p_number_at_the_address_of_one_that_has_it_is_a_repetition(take_in):
    done = take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};;Kitchen;Vej 1;4600;Køge")

    assert figures(done) == (1, 0, 0, 0, 1, 0)
    assert reasons(done, "repeated") == [(3, "repeated_place")]
    assert places()[P1].name == "One"


def test_a_warning_of_a_row_that_is_not_taken_is_not_told(take_in):
    done = take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4699;Køge", f"{A};{P1};One;Vej 1;4600;Køge")

    assert done.rows_warned == 0
    assert reasons(done, "warning") == []


def test_a_row_with_two_warnings_is_taken_with_a_warning_once(take_in):
    done = take_in(COMPANIES + ";Branche", "25052944;One;Vej 1;4699;Køge;999998")

    assert (done.rows_new, done.rows_warned) == (1, 1)
    assert {reason for _line, reason in reasons(done, "warning")} == {
        "branch_unknown",
        "cvr_checksum",
        "postcode_unknown",
    }


def test_the_counts_add_up(take_in):
    done = take_in(
        WORKPLACES,
        f"{A};{P1};One;;;",
        f"{A};{P1};One;;;",
        ";;;;;",
        "x;;y;;;",
        f"{B};{P2};Two;;;",
        f"{C};{P2};Two;;;",
        f"{C};;Three;;;",
    )

    assert done.rows_read == sum(figures(done)) == 6


def test_a_file_with_headings_only_is_unusable(file, codes):
    with pytest.raises(Unusable) as error:
        Reading(file(WORKPLACES, "", ";;;;;"), today=date(2026, 11, 24))

    assert error.value.reason == "no_rows"


# What a file may change.


def test_a_file_changes_only_facts_it_has_a_column_for(take_in):
    take_in(
        "cvr;navn;adresse;postnr;by;Branchekode;Telefon;E-mail;Reklamebeskyttet;Antal ansatte;Kommunekode;Virksomhedsform",
        f"{A};One;Vej 1;4600;Køge;433200;10203040;a@b.dk;Ja;5-9;259;ApS",
    )
    before = Workplace.objects.values().get()

    done = take_in("cvr;navn", f"{A};One")

    assert figures(done) == (0, 0, 0, 1, 0, 0)
    assert Workplace.objects.values().get() == before


def test_a_changed_fact_is_written_and_remembered(take_in):
    take_in("cvr;navn;adresse;postnr;by;Telefon;Ansatte", f"{A};One;Vej 1;4600;Køge;10203040;5-9")

    done = take_in("cvr;navn;adresse;postnr;by;Telefon;Ansatte", f"{A};One;Vej 1;4600;Køge;50607080;12")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    place = Workplace.objects.get()
    assert (place.phone, place.employees_min, place.employees_max) == ("50607080", 12, 12)
    assert " 50607080 " in place.search_text
    assert " 10203040 " not in place.search_text
    change = RegisterChange.objects.get()
    assert (change.register_import, change.workplace, change.kind) == (done, place, "changed")
    assert change.before == {"phone": "10203040", "employees_min": 5, "employees_max": 9}
    assert change.after == {"phone": "50607080", "employees_min": 12, "employees_max": 12}


def test_an_import_never_writes_what_people_have_said(take_in):
    company = CompanyFactory(cvr_number=A, agreed_centrally=True, central_person="Prøve", central_owner=UserFactory())
    place = WorkplaceFactory(
        company=company, p_number=P1, name="Old", tier=2, tier_by_hand=True, owner=UserFactory(), do_not_contact=True,
        do_not_contact_why="Asked us", labour_conflict=True, last_contact_on=date(2026, 1, 1), next_contact_on=date(2027, 1, 1),
    )  # fmt: skip

    done = take_in(WORKPLACES + ";Virksomhedsnavn", f"{A};{P1};New;Vej 9;4600;Køge;New company")

    assert done.rows_changed == 1
    after, company_after = Workplace.objects.get(), Company.objects.get()
    assert after.name == "New"
    assert company_after.name == "New company"
    for fact in Workplace.OWN_FACTS:
        assert getattr(after, fact) == getattr(place, fact)
    for fact in Company.OWN_FACTS:
        assert getattr(company_after, fact) == getattr(company, fact)
    assert place.history.count() == 1


def test_an_empty_cell_empties_a_telephone_and_leaves_an_address(take_in):
    take_in(COMPANIES + ";Telefon", f"{A};One;Vej 1;4600;Køge;10203040")

    take_in(COMPANIES + ";Telefon", f"{A};One;;;;")

    place = Workplace.objects.get()
    assert (place.phone, place.street, place.postcode, place.town) == ("", "Vej 1", "4600", "Køge")


def test_a_town_follows_the_postcode_where_the_file_has_none(take_in):
    take_in("cvr;navn;adresse;postnr", f"{A};One;Vej 1;4600")
    assert Workplace.objects.get().town == "Køge"

    take_in("cvr;navn;adresse;postnr", f"{A};One;Vej 1;2670")

    assert Workplace.objects.get().town == "Greve"


def test_what_belongs_to_an_address_does_not_move_with_the_workplace(take_in):
    take_in("cvr;pnr;navn;adresse;lat;lng", f"{A};{P1};One;C/O Old, C/O Old - Vej 1 - Village - 4600 Køge;55,1;12,1")

    take_in("cvr;pnr;navn;adresse;postnr", f"{A};{P1};One;Vej 2;4600")

    place = Workplace.objects.get()
    assert (place.co_name, place.place, place.latitude, place.longitude) == ("", "", None, None)


# Names of companies and of their workplaces.


def test_a_file_of_workplaces_names_a_company_only_when_it_is_new(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge", f"{A};{P2};Café;Vej 2;4600;Køge")

    assert Company.objects.get().name == "Shop"
    assert figures(take_in(WORKPLACES, f"{A};{P2};Café;Vej 2;4600;Køge", f"{A};{P1};Store;Vej 1;4600;Køge")) == (
        0,
        1,
        0,
        1,
        0,
        0,
    )
    assert Company.objects.get().name == "Shop"


def test_a_file_of_companies_names_the_company_and_a_workplace_without_p_number(take_in):
    take_in(COMPANIES, f"{A};One;Vej 1;4600;Køge")

    take_in(COMPANIES, f"{A};Two;Vej 1;4600;Køge")

    place = Workplace.objects.get()
    assert (place.name, place.company.name) == ("Two", "Two")
    assert RegisterChange.objects.get().after == {"name": "Two"}


def test_a_workplace_with_a_p_number_keeps_its_own_name(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge")

    done = take_in(COMPANIES + ";Startdato;Telefon", f"{A};Company A/S;Vej 1;4600;Køge;2001-01-01;10203040")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    place = Workplace.objects.get()
    assert (place.name, place.company.name, place.phone) == ("Shop", "Company A/S", "10203040")
    assert (place.started_on, place.company.started_on) == (None, date(2001, 1, 1))
    assert " company a s " in place.search_text
    assert RegisterChange.objects.get().after == {
        "phone": "10203040", "company.name": "Company A/S", "company.started_on": "2001-01-01"
    }  # fmt: skip


def test_two_kinds_of_files_in_turn_do_not_turn_the_names_back_and_forth(take_in):
    for _time in range(2):
        take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge", f"{A};{P2};Café;Vej 2;4600;Køge")
        take_in(COMPANIES, f"{A};Company A/S;Vej 1;4600;Køge")

    assert RegisterChange.objects.count() == 1


def test_a_company_that_is_renamed_is_found_by_its_new_name_everywhere(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge", f"{A};{P2};Café;Vej 2;4600;Køge")

    take_in(COMPANIES, f"{A};Bøgelund A/S;Vej 1;4600;Køge")

    assert Workplace.objects.filter(search_text__contains=" boegelund ").count() == 2


def test_the_number_of_employees_of_a_company_is_not_that_of_one_of_its_workplaces(take_in):
    take_in(WORKPLACES + ";Ansatte", f"{A};{P1};Shop;Vej 1;4600;Køge;5", f"{A};{P2};Café;Vej 2;4600;Køge;7")

    take_in(COMPANIES + ";Ansatte;Telefon", f"{A};Company;Vej 1;4600;Køge;12;10203040")

    place = places()[P1]
    assert (place.employees_min, place.phone) == (5, "10203040")


# P-numbers that come, go and move.


def test_a_p_number_that_moved_to_another_company_since_last_time_is_a_change(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge")

    done = take_in(WORKPLACES, f"{B};{P1};Shop;Vej 1;4600;Køge")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert places()[P1].company.cvr_number == B
    assert f" {B} " in places()[P1].search_text
    assert RegisterChange.objects.get().after == {"company": "Shop"}
    assert Company.objects.count() == 2


def test_a_later_file_that_brings_the_p_number_adopts_the_workplace_at_the_address(take_in):
    take_in(COMPANIES, f"{A};One;Vej 1;4600;Køge", f"{A};Two;Vej 2;4600;Køge")
    before = places()["Vej 1"].pk

    done = take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};{P2};Three;Vej 3;4600;Køge")

    assert figures(done) == (1, 1, 0, 0, 0, 0)
    assert places()[P1].pk == before
    assert sorted(places()) == [P1, P2, "Vej 2"]
    assert RegisterChange.objects.get().after == {"p_number": P1}


def test_where_company_and_file_have_one_place_each_it_has_moved(take_in):
    take_in(COMPANIES, f"{A};One;Vej 1;4600;Køge")

    done = take_in(WORKPLACES, f"{A};{P1};One;Gade 7;2670;Greve")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert (done.rows_warned, reasons(done, "warning")) == (1, [(2, "moved")])
    change = RegisterChange.objects.get()
    assert (change.before["street"], change.after["street"]) == ("Vej 1", "Gade 7")
    assert change.after["p_number"] == P1


def test_a_company_that_moved_keeps_its_only_workplace(take_in):
    take_in(COMPANIES, f"{A};One;Vej 1;4600;Køge")

    done = take_in(COMPANIES, f"{A};One;Gade 7;2670;Greve")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert Workplace.objects.get().street == "Gade 7"


def test_a_file_of_companies_finds_the_only_workplace_with_its_p_number(take_in):
    take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge")

    done = take_in(COMPANIES, f"{A};One;Gade 7;2670;Greve")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert places()[P1].street == "Gade 7"


def test_a_head_office_elsewhere_makes_no_workplace_of_a_company_that_has_several(take_in):
    take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};{P2};Two;Vej 2;4600;Køge")

    done = take_in(COMPANIES + ";Reklamebeskyttet", f"{A};Company A/S;Gade 7;2670;Greve;Ja")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert reasons(done, "warning") == [(2, "several_workplaces")]
    assert sorted(places()) == [P1, P2]
    assert Company.objects.get().advertising_protected
    assert not places()[P1].advertising_protected
    assert figures(take_in(COMPANIES + ";Reklamebeskyttet", f"{A};Company A/S;Gade 7;2670;Greve;Ja")) == (
        0,
        0,
        0,
        1,
        0,
        0,
    )


def test_a_p_number_does_not_wake_a_workplace_that_has_ceased(take_in):
    take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2020")

    done = take_in(WORKPLACES, f"{A};{P1};One;Gade 7;2670;Greve")

    assert figures(done) == (1, 0, 0, 0, 0, 0)
    assert places()[P1].ceased_on is None


def test_a_column_for_p_numbers_with_nothing_in_it_makes_no_file_of_workplaces(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge")

    take_in(WORKPLACES, f"{A};;Company A/S;Vej 1;4600;Køge")

    place = places()[P1]
    assert (place.name, place.company.name) == ("Shop", "Company A/S")


def test_two_workplaces_at_one_address_are_told_apart_by_name(take_in):
    take_in(
        WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge", f"{A};{P2};Café;Vej 1;4600;Køge", f"{A};{P3};Bar;Vej 3;4600;Køge"
    )

    by_name = take_in(COMPANIES + ";Telefon", f"{A};CAFÉ;Vej 1;4600;Køge;10203040")
    unclear = take_in(COMPANIES + ";Telefon", f"{A};Company;Vej 1;4600;Køge;50607080")

    assert (places()[P1].phone, places()[P2].phone) == ("", "10203040")
    assert (by_name.rows_changed, reasons(unclear, "warning")) == (1, [(2, "several_here")])


def test_a_place_whose_p_number_the_file_gives_to_another_company_is_no_longer_there(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge")
    lines = WORKPLACES, f"{A};;Office;Gade 7;2670;Greve", f"{B};{P1};Shop;Vej 1;4600;Køge"

    done = take_in(*lines)

    assert figures(done) == (1, 1, 0, 0, 0, 0)
    assert (places()[P1].company.cvr_number, places()["Gade 7"].company.cvr_number) == (B, A)
    assert figures(take_in(*lines)) == (0, 0, 0, 2, 0, 0)


def test_a_row_without_address_and_p_number_means_the_only_workplace(take_in):
    take_in(WORKPLACES, f"{A};{P1};Shop;Vej 1;4600;Køge")

    done = take_in("cvr;navn;telefon", f"{A};Company;10203040")

    assert done.rows_changed == 1
    assert places()[P1].phone == "10203040"


def test_a_company_without_address_has_one_workplace(take_in):
    assert figures(take_in("cvr;navn", f"{A};One", f"{A};Two")) == (1, 0, 0, 0, 1, 0)
    assert figures(take_in("cvr;navn", f"{A};One", f"{A};Two")) == (0, 0, 0, 1, 1, 0)
    assert figures(take_in(COMPANIES, f"{A};Two;Vej 1;4600;Køge")) == (0, 1, 0, 0, 0, 0)
    assert Workplace.objects.get().address_key == "vej 1|4600"


# The end of workplaces and companies.


def test_a_company_that_ceased_is_marked_and_never_deleted(take_in):
    take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;")

    done = take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2026")

    assert figures(done) == (0, 0, 1, 0, 0, 0)
    place = Workplace.objects.get()
    assert place.ceased_on == place.company.ceased_on == date(2026, 10, 31)
    assert RegisterChange.objects.get().kind == "ceased"
    assert figures(take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2026")) == (0, 0, 0, 1, 0, 0)


def test_a_row_that_had_ceased_before_it_was_known_is_new(take_in):
    done = take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2020")

    assert figures(done) == (1, 0, 0, 0, 0, 0)
    assert Workplace.objects.get().ceased_on == date(2020, 10, 31)


def test_a_file_without_a_last_day_leaves_it(take_in):
    take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2020")

    assert figures(take_in(COMPANIES, f"{A};One;Vej 1;4600;Køge")) == (0, 0, 0, 1, 0, 0)
    assert Workplace.objects.get().ceased_on == date(2020, 10, 31)


def test_a_workplace_may_begin_again(take_in):
    take_in(WORKPLACES + ";Ophørsdato", f"{A};{P1};One;Vej 1;4600;Køge;31-10-2020")

    done = take_in(WORKPLACES + ";Ophørsdato", f"{A};{P1};One;Vej 1;4600;Køge;")

    assert figures(done) == (0, 1, 0, 0, 0, 0)
    assert places()[P1].ceased_on is None


def test_an_end_without_a_day_is_the_day_of_the_import_and_stays_it(take_in):
    take_in(COMPANIES + ";Status", f"{A};One;Vej 1;4600;Køge;NORMAL")

    first = take_in(COMPANIES + ";Status", f"{A};One;Vej 1;4600;Køge;OPHØRT", today=date(2026, 11, 24))
    again = take_in(COMPANIES + ";Status", f"{A};One;Vej 1;4600;Køge;OPHØRT", today=date(2026, 11, 25))

    assert (first.rows_ceased, again.rows_unchanged) == (1, 1)
    assert Workplace.objects.get().ceased_on == date(2026, 11, 24)


def test_with_a_company_all_its_workplaces_cease_and_begin_again(take_in):
    take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};{P2};Two;Vej 2;4600;Køge")
    Workplace.objects.filter(p_number=P2).update(ceased_on=date(2019, 1, 1))
    WorkplaceFactory(company=Company.objects.get(), p_number=P3)

    done = take_in(COMPANIES + ";Ophørsdato", f"{A};Company;Vej 1;4600;Køge;31-10-2026")

    assert figures(done) == (0, 0, 1, 0, 0, 0)
    assert {number: place.ceased_on for number, place in places().items()} == {
        P1: date(2026, 10, 31), P2: date(2019, 1, 1), P3: date(2026, 10, 31)
    }  # fmt: skip
    assert set(RegisterChange.objects.values_list("workplace__p_number", "kind")) == {(P1, "ceased"), (P3, "ceased")}

    take_in(COMPANIES + ";Ophørsdato", f"{A};Company;Vej 1;4600;Køge;")

    assert {number: place.ceased_on for number, place in places().items()} == {P1: None, P2: date(2019, 1, 1), P3: None}


def test_a_head_office_that_ceases_takes_its_workplaces_with_it(take_in):
    take_in(WORKPLACES, f"{A};{P1};One;Vej 1;4600;Køge", f"{A};{P2};Two;Vej 2;4600;Køge")

    done = take_in(COMPANIES + ";Ophørsdato", f"{A};Company;Gade 7;2670;Greve;31-10-2026")

    assert figures(done) == (0, 0, 1, 0, 0, 0)
    assert Workplace.objects.ceased().count() == 2


def test_a_company_lives_as_long_as_one_of_its_places_does(take_in):
    take_in(COMPANIES + ";Ophørsdato", f"{A};One;Vej 1;4600;Køge;31-10-2020", f"{A};Two;Vej 2;4600;Køge;")

    assert Company.objects.get().ceased_on is None
    assert {place.street: place.ceased_on for place in places().values()} == {
        "Vej 1": date(2020, 10, 31),
        "Vej 2": None,
    }
