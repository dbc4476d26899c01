"""What of a change is news to those who work with the employer, and how it is said."""

from datetime import date
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.db import connection
from django.utils import translation

from companies.models import RegisterChange
from companies.register.news import mark, news, sentences
from tests.factories import RegisterChangeFactory, cvr_number

TODAY = date(2026, 11, 24)
ONE, TWO = cvr_number(40), cvr_number(41)
P1, P2, P3 = "9900000101", "9900000102", "9900000103"


def address(street, postcode="4600", town="Køge", co="", place=""):
    return {"co_name": co or None, "street": street, "place": place or None, "postcode": postcode, "town": town}


def employees(least, most=...):
    return {"employees_min": least, "employees_max": least if most is ... else most}


# --- The rules -------------------------------------------------------------------------------


def test_an_end_and_a_new_beginning_are_news():
    assert news({"ceased_on": None}, {"ceased_on": "2026-11-01"}) == {"closed"}
    assert news({"ceased_on": "2026-11-01"}, {"ceased_on": None}) == {"reopened"}


def test_another_last_day_is_no_news():
    assert news({"ceased_on": "2026-11-01"}, {"ceased_on": "2026-11-30"}) == set()


def test_the_end_of_the_company_is_told_by_each_workplace_that_ends_with_it():
    assert news({"company.ceased_on": None}, {"company.ceased_on": "2026-11-01"}) == set()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (address("Torvegade 9"), address("Industrivej 18", "2670", "Greve")),
        (address("Torvegade 9"), address("Strandvej 4")),
        (address("Torvegade 9"), address("Torvegade 11")),
        (address("Torvegade 9 A"), address("Torvegade 9 B")),
        (address("Østergade 5"), address("Vestergade 5")),
        (address("Kirkevej 4"), address("Birkevej 4")),
        (address("Hovedgaden 1"), address("Hovedgaden 1", "2670", "Greve")),
        (address("", "4600"), address("", "2670", "Greve")),
    ],
    ids=str,
)
def test_another_street_number_or_postcode_is_a_move(old, new):
    assert news(old, new) == {"moved"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (address("Torvegade 16 A"), address("torvegade 16a")),
        (address("H.C. Andersens Vej 3"), address("H C Andersens Vej 3")),
        (address("Torvegde 9"), address("Torvegade 9")),
        (address("Ndr. Frihavnsgade 5"), address("Nordre Frihavnsgade 5")),
        (address("Torvegade 9"), address("Torvegade 9", co="Prøve")),
        (address("Torvegade 9"), address("Torvegade 9", place="Ølby")),
        (address("Torvegade 9", town="Koege"), address("Torvegade 9", town="Køge")),
        (address(None, None, None), address("Torvegade 9")),
        (address("", "4600"), address("Torvegade 9", "4600")),
        (address("Torvegade 9"), address("")),
    ],
    ids=str,
)
def test_a_correction_or_a_first_address_is_no_move(old, new):
    assert news(old, new) == set()


def test_another_name_is_news_and_another_spelling_of_the_same_is_not():
    assert news({"name": "Bødker ApS"}, {"name": "Væver ApS"}) == {"renamed"}
    assert news({"name": "Bødker og Væver ApS"}, {"name": "BØDKER & VÆVER A/S"}) == set()
    assert news({"name": None}, {"name": "Væver ApS"}) == set()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (employees(12), employees(40), {"grown"}),
        (employees(40), employees(12), {"shrunk"}),
        (employees(8), employees(10), {"grown"}),
        (employees(9), employees(11), set()),
        (employees(100), employees(124), set()),
        (employees(100), employees(125), {"grown"}),
        (employees(0), employees(1), set()),
        (employees(1), employees(0), set()),
        (employees(0), employees(2), {"grown"}),
        (employees(2), employees(1), set()),
        (employees(5, 9), employees(10, 19), {"grown"}),
        (employees(10, 19), employees(5, 9), {"shrunk"}),
        (employees(1), employees(2, 4), {"grown"}),
        (employees(12), employees(10, 19), set()),
        (employees(10, 19), employees(17), set()),
        (employees(500, 999), employees(1000, None), {"grown"}),
        (employees(1000, None), employees(2000), set()),
        (employees(1000, None), employees(500, 999), {"shrunk"}),
        (employees(None), employees(40), set()),
        (employees(40), employees(None), set()),
    ],
)
def test_employees_are_news_when_it_matters(old, new, told):
    assert news(old, new) == told


def test_a_trail_may_tell_several_things_at_once_or_nothing_of_the_kind():
    before = address("Torvegade 9") | employees(5, 9) | {"phone": "10203040"}
    after = address("Strandvej 4") | employees(20, 49) | {"phone": "10203041"}

    assert news(before, after) == {"moved", "grown"}
    assert news({"phone": "10203040"}, {"phone": "10203041"}) == set()


def test_a_place_that_is_new_to_us_has_no_news():
    change = mark(RegisterChange(kind="new", before={}, after={"ceased_on": "2026-11-01", "name": "Bødker"}))

    assert not change.closed


# --- In words --------------------------------------------------------------------------------


def told(before, after):
    return sentences(mark(RegisterChange(kind="changed", before=before, after=after)), TODAY)


def test_each_piece_of_news_is_a_sentence():
    assert told({"ceased_on": None}, {"ceased_on": "2026-11-01"}) == ["closed on 1 November"]
    assert told({"ceased_on": None}, {"ceased_on": "2025-11-01"}) == ["closed on 1 November 2025"]
    assert told({"ceased_on": "2026-11-01"}, {"ceased_on": None}) == ["open again"]
    assert told({"name": "Bødker"}, {"name": "Væver"}) == ["new name: Væver, before: Bødker"]
    assert told(employees(12), employees(40)) == ["from 12 to 40 employees"]
    assert told(employees(500, 999), employees(1000, None)) == ["from 500–999 to 1000+ employees"]


def test_a_move_is_told_by_the_town_or_within_it_by_the_street():
    assert told(address("Torvegade 9", "2670", "Greve"), address("Strandvej 4")) == ["moved to Køge"]
    assert told(address("Torvegade 9"), address("Strandvej 4")) == ["moved to Strandvej 4"]
    assert told(address("Torvegade 9", town="Koege"), address("Strandvej 4")) == ["moved to Strandvej 4"]
    assert told(address("", "4600", None), address("", "2670", None)) == ["moved to 2670"]


def test_a_trail_with_several_is_told_piece_by_piece():
    before, after = address("Torvegade 9") | employees(5, 9), address("Strandvej 4") | employees(20, 49)

    assert told(before, after) == ["moved to Strandvej 4", "from 5–9 to 20–49 employees"]


def test_in_danish_too():
    with translation.override("da"):
        assert told({"ceased_on": None}, {"ceased_on": "2026-11-01"}) == ["lukket 1. november"]
        assert told(address("Torvegade 9", "2670", "Greve"), address("Strandvej 4")) == ["flyttet til Køge"]
        assert told(employees(12), employees(40)) == ["fra 12 til 40 ansatte"]


# --- The importer ----------------------------------------------------------------------------


HEADINGS = "CVR-nummer;P-nummer;Navn;Adresse;Postnr;Postdistrikt;Ansatte;Ophørsdato"


def flags():
    """{P-number: news} of all changes."""
    return {
        change.workplace.p_number: {kind for kind in RegisterChange.NEWS if getattr(change, kind)}
        for change in RegisterChange.objects.select_related("workplace")
    }


def test_an_import_says_what_of_its_trail_is_news(take_in):
    take_in(
        HEADINGS,
        f"{ONE};{P1};Bødker ApS;Torvegade 9;4600;Køge;12;",
        f"{ONE};{P2};Væver ApS;Torvegade 11;4600;Køge;5-9;",
        f"{TWO};{P3};Skov;Torvegade 13;4600;Køge;3;",
    )

    take_in(
        HEADINGS,
        f"{ONE};{P1};Bødker A/S;Strandvej 4;2670;Greve;40;",
        f"{ONE};{P2};Væveriet ApS;torvegade 11;4600;Køge;7;2026-11-01",
        f"{TWO};{P3};Skov I/S;Torvegade 13;4600;Køge;4;",
    )

    assert flags() == {P1: {"moved", "grown"}, P2: {"closed", "renamed"}, P3: set()}


def test_the_end_of_a_company_is_news_at_each_of_its_workplaces_and_so_is_its_new_beginning(take_in):
    take_in("CVR;P-nummer;Navn", f"{ONE};{P1};One", f"{ONE};{P2};Two")

    take_in("CVR;Navn;Ophørsdato", f"{ONE};One;2026-11-01")

    assert flags() == {P1: {"closed"}, P2: {"closed"}}

    RegisterChange.objects.all().delete()
    take_in("CVR;Navn;Ophørsdato", f"{ONE};One;")

    assert flags() == {P1: {"reopened"}, P2: {"reopened"}}


# --- What was there before -------------------------------------------------------------------


@pytest.mark.django_db
def test_changes_from_before_are_told_apart_too_however_often():
    grown, ended = RegisterChangeFactory(), RegisterChangeFactory(ended=True)
    RegisterChangeFactory(before={"phone": None}, after={"phone": "10203040"})
    RegisterChange.objects.update(**dict.fromkeys(RegisterChange.NEWS, False))
    migration = import_module("companies.migrations.0006_news_of_the_trail")

    for _time in range(2):
        migration.fill(apps, SimpleNamespace(connection=connection))

    assert set(RegisterChange.objects.news()) == {grown, ended}
    assert set(RegisterChange.objects.of("grown")) == {grown}
    assert set(RegisterChange.objects.of("closed")) == {ended}
