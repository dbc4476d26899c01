"""A trail of changes in words, in the language of whoever reads it."""

import pytest
from django.utils import translation

from companies.models import Workplace
from companies.register import words
from companies.register.reasons import SENTENCES, sentence


def test_an_address_is_one_fact_however_many_columns_changed():
    before = {"co_name": None, "street": "Torvegade 9", "place": None, "postcode": "4600", "town": "Køge"}
    after = {"co_name": "Prøve", "street": "Industrivej 18", "place": None, "postcode": "2670", "town": "Greve"}

    assert words.lines(before, after) == [
        ("Address", "Torvegade 9, 4600 Køge", "c/o Prøve, Industrivej 18, 2670 Greve")
    ]


def test_employees_are_told_as_people_write_them():
    assert words.lines({"employees_min": 5, "employees_max": 9}, {"employees_min": 1000, "employees_max": None}) == [
        ("Employees", "5–9", "1000+")
    ]


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("2026 K3", "quarter 3 of 2026"),
        ("2026-09", "September 2026"),
        ("2026", "2026"),
        ("2026 K9", "2026 K9"),
        ("0000-00", "0000-00"),
        ("sidste år", "sidste år"),
        ("", ""),
    ],
)
def test_the_period_of_a_count_is_told_in_words_people_know(kept, told):
    assert Workplace(employees_period=kept).employees_counted_in == told


def test_which_series_of_the_register_counted_is_no_word_for_people():
    before = {"employees_period": "2026 K2", "employees_source": "kvartalsbeskæftigelse"}
    after = {"employees_period": "2026 K3", "employees_source": "kvartalsbeskæftigelse"}

    assert words.lines(before, after) == [("Employees counted in", "quarter 2 of 2026", "quarter 3 of 2026")]


def test_no_fact_is_a_dash_and_days_and_answers_are_words():
    before = {"phone": None, "advertising_protected": False, "ceased_on": None}
    after = {"phone": "10203040", "advertising_protected": True, "ceased_on": "2026-11-24"}

    told = {label: (old, new) for label, old, new in words.lines(before, after)}

    assert told["Telephone"] == ("–", "10203040")
    assert told["Advertising-protected"] == ("no", "yes")
    assert told["Ceased"][0] == "–"
    assert "2026" in told["Ceased"][1]


def test_a_fact_that_nobody_knows_any_more_is_left_out():
    assert words.lines({"gone": 1}, {"gone": 2}) == []


def test_what_is_the_same_in_words_is_no_change():
    assert words.lines({"phone": None}, {"phone": ""}) == []


@pytest.mark.parametrize("code", SENTENCES)
def test_every_reason_is_a_sentence_that_needs_nothing_it_does_not_get(code):
    details = {
        "digits": 7,
        "length": 300,
        "limit": 255,
        "line": 3,
        "cells": 2,
        "headings": 3,
        "found": "a",
        "problem": "x",
        "rows": 9,
        "size": 9,
        "sheet": "Ark2",
        "documents": 9,
        "number": 2,
        "date": "1 March",
        "year": 2000,
        "who": "Mette Holm",
        "tier": 2,
        "thousand": "1234",
        "decimal": "1,234",
        "days": 30,
        "known": "Sygefravær",
        "columns": "Navn: 2",
    }

    text = str(sentence(code, details))

    assert text.endswith(".")
    assert "%(" not in text


def test_a_reason_of_another_version_stands_for_itself():
    assert sentence("gone_with_the_wind") == "gone_with_the_wind"


def test_a_reason_without_its_figures_is_still_told():
    with translation.override("en"):
        assert "%(digits)s" in sentence("cvr_digits", {})
