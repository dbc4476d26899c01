"""What headings mean."""

import pytest
from django.utils import translation

from contacts.past.columns import COLUMNS, EXPLAINED, LABELS, PAST


@pytest.mark.parametrize("language", ["da", "en"])
def test_the_headings_of_the_workbook_are_understood_in_both_languages(language):
    with translation.override(language):
        headings = [str(label) for label in LABELS.values()]

    assert list(PAST.understand(headings)) == list(LABELS)
    assert [list(LABELS)[at] for at in PAST.understand(headings).values()] == list(LABELS)


def test_every_column_has_a_label_and_an_explanation():
    assert set(PAST.columns) == set(LABELS) == set(EXPLAINED)
    assert sum(len(group) for group in COLUMNS.values()) == len(LABELS)


def test_a_spreadsheet_of_one_s_own():
    headings = [
        "Virksomhed",
        "CVR nr.",
        "Tlf.",
        "Seneste kontakt",
        "Kontaktperson",
        "Bemærkninger",
        "Opfølgning",
        "Frist",
        "Farve",
    ]

    assert PAST.understand(headings) == {
        "name": 0,
        "cvr": 1,
        "phone": 2,
        "on": 3,
        "person": 4,
        "note": 5,
        "next_step": 6,
        "next_on": 7,
    }


@pytest.mark.parametrize(
    ("headings", "problem"), [(["CVR", "x"], ""), (["P-nr.", "x"], ""), (["Note", "Dato"], "no_place_heading")]
)
def test_cvr_number_or_p_number_must_be_there(headings, problem):
    assert PAST.problem(PAST.understand(headings)) == problem
