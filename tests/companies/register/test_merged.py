"""Files that go on naming what somebody has merged: nothing comes back, and nothing is written over the kept one."""

from datetime import date

import pytest

from companies import merging
from companies.models import Company, RegisterChange, Workplace
from tests.companies.register.conftest import figures
from tests.factories import WorkplaceFactory, cvr_number

pytestmark = pytest.mark.django_db

A, B = cvr_number(1), cvr_number(2)
ONE, OTHER, NEXT = "9900000101", "9900000102", "9900000103"
HEAD = "cvrnr;pnr;navn;adresse;postnr;by;telefon"
BARE = "cvrnr;navn;adresse;postnr;by"


def merge(kept, merged, by):
    return merging.merge(kept=kept, merged=merged, choices=set(), by=by)


def place(number):
    return Workplace.everything.get(p_number=number)


def everything():
    """All facts of companies and workplaces."""
    return list(Company.everything.order_by("pk").values()), list(Workplace.everything.order_by("pk").values())


def test_the_same_file_again_changes_nothing_and_the_merge_stands(take_in, owner):
    file = (HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;10101010", f"{A};{OTHER};Smedjen;Vej 2;4600;Køge;20202020")
    take_in(*file)
    merge(place(ONE), place(OTHER), owner)
    before = everything()

    again = take_in(*file)

    assert figures(again) == (0, 0, 0, 2, 0, 0)
    assert everything() == before


def test_a_row_of_a_merged_number_is_written_to_the_merged_one_and_nobody_is_told(take_in, owner):
    take_in(HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;10101010", f"{A};{OTHER};Smedjen;Vej 2;4600;Køge;20202020")
    merge(place(ONE), place(OTHER), owner)
    kept = Workplace.objects.values().get()

    changed = take_in(HEAD, f"{A};{OTHER};Smedjen Nord;Vej 3;4600;Køge;30303030")

    assert figures(changed) == (0, 1, 0, 0, 0, 0)
    assert place(OTHER).name == "Smedjen Nord"
    assert Workplace.objects.values().get() == kept
    assert not RegisterChange.objects.filter(register_import=changed).exists()


def test_a_merged_place_ends_with_its_company_and_nobody_is_told(take_in, owner):
    take_in(HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;10101010", f"{A};{OTHER};Smedjen;Vej 2;4600;Køge;20202020")
    merge(place(ONE), place(OTHER), owner)

    ended = take_in("cvrnr;navn;status", f"{A};Smedjen;Ophørt")

    assert place(OTHER).ceased_on == place(ONE).ceased_on == Company.objects.get().ceased_on
    assert place(OTHER).ceased_on is not None
    assert [change.workplace for change in RegisterChange.objects.filter(register_import=ended)] == [place(ONE)]


def test_a_place_that_only_a_file_of_companies_tells_of_is_not_made_again(take_in, owner):
    numbered = (HEAD, f"{A};{ONE};Smedjen;Smedevej 1;4600;Køge;10101010")
    bare = (BARE, f"{A};Smedjen;Smedjevej 1;4600;Køge")
    take_in(*numbered)
    merged = WorkplaceFactory(company=Company.objects.get(), p_number=None, name="Smedjen", street="Smedjevej 1")
    merge(place(ONE), merged, owner)
    kept = Workplace.objects.values().get()

    take_in(*bare)
    take_in(*numbered)

    assert Workplace.objects.values().get() == kept
    assert Workplace.everything.count() == 2


def test_a_new_number_at_the_address_of_a_merged_place_is_a_new_workplace(take_in, owner):
    take_in(HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;", f"{A};{OTHER};Smedjen;Vej 2;4600;Køge;")
    merge(place(ONE), place(OTHER), owner)

    take_in(HEAD, f"{A};{NEXT};Bageren;Vej 2;4600;Køge;")

    assert set(Workplace.objects.values_list("p_number", flat=True)) == {ONE, NEXT}
    assert place(OTHER).name == "Smedjen"


def test_the_only_place_of_a_company_merged_into_one_of_another_is_not_made_again(take_in, owner):
    file = (BARE, f"{A};Smedjen;Vej 1;4600;Køge", f"{B};Smedjen Holding;Vej 1;4600;Køge")
    take_in(*file)
    kept, merged = Workplace.objects.get(company__cvr_number=A), Workplace.objects.get(company__cvr_number=B)
    merge(kept, merged, owner)
    before = everything()

    again = take_in(*file)
    take_in(BARE, f"{B};Smedjen Holding;Vej 9;4600;Køge")

    assert figures(again) == (0, 0, 0, 2, 0, 0)
    assert everything()[0] == before[0]
    assert list(Workplace.objects.values_list("street", flat=True)) == ["Vej 1"]
    assert Workplace.everything.get(pk=merged.pk).street == "Vej 9"


@pytest.fixture
def two_companies(take_in, owner):
    """The lines of a file with two companies, of which the second is merged into the first."""
    file = (HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;", f"{B};{OTHER};Smedjen Nord;Vej 2;4600;Køge;")
    take_in(*file)
    merge(Company.objects.get(cvr_number=A), Company.objects.get(cvr_number=B), owner)
    return file


@pytest.mark.parametrize("turned", [False, True], ids=["kept one first", "merged one first"])
def test_the_workplaces_of_a_merged_company_stay_where_they_came(take_in, owner, turned):
    first, second = (A, B) if turned else (B, A)
    file = (HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;", f"{B};{OTHER};Smedjen Nord;Vej 2;4600;Køge;")
    take_in(*file)
    merge(Company.objects.get(cvr_number=first), Company.objects.get(cvr_number=second), owner)
    before = everything()

    again = take_in(*file)

    assert figures(again) == (0, 0, 0, 2, 0, 0)
    assert everything() == before
    assert Company.objects.get().workplaces.count() == 2


def test_a_new_workplace_of_a_merged_company_comes_to_the_kept_one(take_in, two_companies):
    take_in(HEAD, f"{B};{NEXT};Smedjen Syd;Vej 3;4600;Køge;")

    assert place(NEXT).company.cvr_number == A
    assert list(Workplace.objects.matching(A)) == list(Workplace.objects.order_by("sort_name"))


def test_what_a_file_says_of_a_merged_company_is_kept_with_it(take_in, two_companies):
    kept = Company.objects.values().get()
    places = list(Workplace.objects.order_by("pk").values())

    told = take_in("cvrnr;navn;adresse;postnr;ophørsdato", f"{B};Smedjen i Nord ApS;Vej 2;4600;2026-11-01")

    assert Company.objects.values().get() == kept
    assert Company.everything.get(cvr_number=B).name == "Smedjen i Nord ApS"
    assert Company.everything.get(cvr_number=B).ceased_on == date(2026, 11, 1)
    assert list(Workplace.objects.order_by("pk").values()) == places
    assert told.rows_new == 0


def test_a_new_name_of_the_kept_company_is_what_all_its_workplaces_are_found_by(take_in, two_companies):
    take_in(
        f"{HEAD};virksomhedsnavn",
        f"{A};{ONE};Smedjen;Vej 1;4600;Køge;;Ambolten",
        f"{B};{OTHER};Smedjen Nord;Vej 2;4600;Køge;;Smedjen Nord",
    )

    assert Workplace.objects.matching("ambolten").count() == 2


def test_a_number_that_a_merged_company_brings_is_given_to_the_place_that_lacks_one(take_in, owner):
    take_in(BARE, f"{A};Smedjen;Vej 1;4600;Køge", f"{B};Smedjen Nord;Vej 2;4600;Køge")
    merge(Company.objects.get(cvr_number=A), Company.objects.get(cvr_number=B), owner)

    take_in(HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;", f"{B};{OTHER};Smedjen Nord;Vej 2;4600;Køge;")

    assert set(Workplace.objects.values_list("p_number", flat=True)) == {ONE, OTHER}
    assert Company.objects.get().workplaces.count() == 2


def test_a_merge_that_is_undone_lets_the_file_speak_again(take_in, owner):
    file = (HEAD, f"{A};{ONE};Smedjen;Vej 1;4600;Køge;", f"{B};{OTHER};Smedjen Nord;Vej 2;4600;Køge;")
    take_in(*file)
    done = merge(Company.objects.get(cvr_number=A), Company.objects.get(cvr_number=B), owner)
    take_in(HEAD, f"{B};{NEXT};Smedjen Syd;Vej 3;4600;Køge;")

    merging.undo_merge(merge=done, by=owner)
    take_in(HEAD, f"{B};{NEXT};Smedjen Syd;Vej 3;4600;Køge;")

    assert set(Company.objects.get(cvr_number=B).workplaces.values_list("p_number", flat=True)) == {OTHER, NEXT}
