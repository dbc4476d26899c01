"""Which workplace a row means."""

from datetime import date

import pytest

from companies import merging
from companies.register.places import Given, Places
from tests.factories import CompanyFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

CVR, P_NUMBER = "25052943", "1002664349"


@pytest.fixture
def place():
    """The one workplace of its company."""
    company = CompanyFactory(cvr_number=CVR, name="Prøve Byg ApS")
    return WorkplaceFactory(company=company, p_number=P_NUMBER, street="Vej 1", postcode="4600")


def given(**facts):
    return Given(**{"cvr": None, "p_number": None, "postcode": "", "address": ""} | facts)


def match(**facts):
    said = given(**facts)
    found = Places([said]).match(said)
    return found.place and found.place["id"], found.reason


def test_the_p_number_decides(place):
    WorkplaceFactory(company=place.company)

    assert match(p_number=P_NUMBER) == (place.pk, "")
    assert match(p_number=P_NUMBER, cvr=CVR) == (place.pk, "")


def test_a_p_number_of_another_company_is_refused(place):
    other = WorkplaceFactory()

    assert match(p_number=P_NUMBER, cvr=other.company.cvr_number) == (None, "place_other_company")


def test_a_p_number_that_is_not_known_is_refused_although_the_company_is(place):
    assert match(p_number="1000000001", cvr=CVR) == (None, "place_unknown")


def test_the_one_place_of_a_file_of_companies_is_known_by_its_cvr_number():
    place = WorkplaceFactory(p_number=None)

    assert match(p_number="1000000001", cvr=place.company.cvr_number) == (place.pk, "")


def test_a_cvr_number_means_the_company_s_one_active_workplace(place):
    WorkplaceFactory(company=place.company, ceased_on=date(2020, 1, 1))

    assert match(cvr=CVR) == (place.pk, "")


def test_the_past_of_a_company_that_has_ceased_is_taken_with_a_word(place):
    place.ceased_on = date(2026, 1, 1)
    place.save()

    assert match(cvr=CVR) == (place.pk, "only_ceased")


def test_with_several_the_row_must_say_which(place):
    other = WorkplaceFactory(company=place.company, street="Vej 2 A", postcode="4600")
    away = WorkplaceFactory(company=place.company, street="Vej 1", postcode="2670")

    assert match(cvr=CVR) == (None, "several_places")
    assert match(cvr=CVR, postcode="4600") == (None, "several_places")
    assert match(cvr=CVR, postcode="2670") == (away.pk, "")
    assert match(cvr=CVR, address="vej 2a|") == (other.pk, "")
    assert match(cvr=CVR, address="vej 1|4600", postcode="4600") == (place.pk, "")
    assert match(cvr=CVR, address="vej 9|", postcode="2670") == (away.pk, "")
    assert match(cvr=CVR, address="vej 9|", postcode="9999") == (None, "several_places")


def test_a_company_that_is_not_here_is_refused():
    assert match(cvr="47458714") == (None, "company_unknown")


def test_a_company_without_workplaces_is_refused():
    company = CompanyFactory()

    assert match(cvr=company.cvr_number) == (None, "company_unknown")


def test_the_number_of_one_that_was_merged_means_the_one_that_was_kept(place, owner):
    merged = WorkplaceFactory(company=place.company)
    merging.merge(kept=place, merged=merged, choices=set(), by=owner)

    assert match(p_number=merged.p_number, cvr=CVR) == (place.pk, "")
    assert match(cvr=CVR) == (place.pk, "")


def test_the_number_of_a_company_that_was_merged_means_the_one_that_was_kept(place, owner):
    other = WorkplaceFactory(ceased_on=date(2026, 1, 1))
    merging.merge(kept=place.company, merged=other.company, choices=set(), by=owner)

    assert match(cvr=other.company.cvr_number) == (place.pk, "")
    assert match(p_number=P_NUMBER, cvr=other.company.cvr_number) == (place.pk, "")


@pytest.mark.parametrize("number", [1, 40])
def test_four_questions_whatever_the_number_of_rows(number, django_assert_num_queries):
    places = WorkplaceFactory.create_batch(number)
    rows = [given(p_number=place.p_number, cvr=place.company.cvr_number) for place in places]

    with django_assert_num_queries(4):
        known = Places(rows)

    assert [known.match(row).place["id"] for row in rows] == [place.pk for place in places]
