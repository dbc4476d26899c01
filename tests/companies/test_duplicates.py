"""What may be there twice: by which clues, what is left out, and that a long register costs no more statements."""

import pytest

from companies import duplicates, merging
from companies.merging import kind_named
from tests.factories import CompanyFactory, PersonFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db


def pairs(name):
    """The pairs as sets of primary keys, with the reasons."""
    found = duplicates.find(kind_named(name)).pairs
    return {frozenset((pair.low, pair.high)): [str(reason) for reason in pair.reasons] for pair in found}


def of(*rows):
    return frozenset(row.pk for row in rows)


def test_a_place_without_number_beside_the_same_with_one():
    one = WorkplaceFactory(name="Bødker & Søn ApS", phone="10 20 30 40")
    other = WorkplaceFactory(name="BØDKER OG SØN", p_number=None, phone="+45 10203040")
    WorkplaceFactory(name="Bødker & Søn ApS", postcode="4000")

    assert pairs("workplace") == {of(one, other): ["Same name and postcode", "Same telephone"]}


def test_two_numbers_are_two_workplaces():
    company = CompanyFactory()
    WorkplaceFactory.create_batch(3, company=company, name="Netto", phone="10203040")

    assert pairs("workplace") == {}


def test_in_a_group_of_three_only_those_that_may_be_one_are_paired():
    first, second = WorkplaceFactory.create_batch(2, name="Netto")
    plain = WorkplaceFactory(name="Netto", p_number=None)

    assert set(pairs("workplace")) == {of(first, plain), of(second, plain)}


def test_what_has_ceased_or_was_merged_is_not_proposed(owner):
    kept = WorkplaceFactory(name="Netto")
    merged, _gone = (WorkplaceFactory(name="Netto", p_number=None, ceased_on=day) for day in (None, "2026-11-01"))
    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    assert pairs("workplace") == {}


def test_a_telephone_that_many_share_is_told_once_and_not_compared():
    WorkplaceFactory.create_batch(duplicates.MOST + 1, phone="10203040", p_number=None)

    found = duplicates.find(kind_named("workplace"))

    assert found.pairs == []
    assert found.shared == [("Telephone 10203040", duplicates.MOST + 1)]


def test_companies_with_a_workplace_each_of_one_name_and_postcode():
    old, new = WorkplaceFactory(name="Smedjen"), WorkplaceFactory(name="Smedjen ApS")
    WorkplaceFactory(name="Smedjen", company=new.company)

    assert set(pairs("company")) == {of(old.company, new.company)}


def test_people_by_name_telephone_or_e_mail_within_their_company():
    anna = PersonFactory(name="Anna Riis", phone="10 11 12 13", email="a@x.example")
    again = PersonFactory(name="anna  riis", workplace=anna.workplace, phone="99 88 77 66", email="")
    caller = PersonFactory(name="A. Riis", workplace=anna.workplace, phone="99887766", email="A@x.example")
    PersonFactory(name="Anna Riis")

    assert pairs("person") == {
        of(anna, again): ["Same name"],
        of(again, caller): ["Same telephone"],
        of(anna, caller): ["Same e-mail"],
    }


def test_the_telephone_of_the_house_is_no_clue():
    person = PersonFactory()
    PersonFactory.create_batch(2, workplace=person.workplace)

    assert pairs("person") == {}


def test_a_pair_that_is_two_is_not_proposed_again_until_it_is_taken_back(owner):
    kind = kind_named("workplace")
    one, other = WorkplaceFactory(name="Netto"), WorkplaceFactory(name="Netto", p_number=None)

    said = duplicates.say_two(kind=kind, first=other, second=one, by=owner)
    again = duplicates.say_two(kind=kind, first=one, second=other, by=owner)

    assert said == again
    assert pairs("workplace") == {}
    said.delete()
    assert set(pairs("workplace")) == {of(one, other)}


def test_more_than_is_looked_at_is_told(monkeypatch):
    monkeypatch.setattr(duplicates, "KEYS", 2)
    for name in ("A", "B", "C"):
        WorkplaceFactory.create_batch(2, name=name, p_number=None, company=CompanyFactory())

    found = duplicates.find(kind_named("workplace"))

    assert len(found.pairs) == 2
    assert found.is_more


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("name", "statements"), [("workplace", 7), ("company", 3), ("person", 5)])
def test_the_search_asks_the_same_questions_however_much_there_is(
    rows, name, statements, django_assert_max_num_queries
):
    for at in range(rows):
        kept = WorkplaceFactory(name=f"Shop {at}", phone=f"1020304{at}")
        WorkplaceFactory(name=f"Shop {at}", p_number=None)
        WorkplaceFactory(phone=f"1020304{at}", p_number=None)
        WorkplaceFactory(phone=f"1020304{at}", p_number=None)
        PersonFactory.create_batch(3, name="Anna Riis", workplace=kept)
    found = duplicates.find

    with django_assert_max_num_queries(statements):
        found(kind_named(name))
