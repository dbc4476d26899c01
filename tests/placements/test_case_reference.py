"""The case reference: written as the case system writes it, and never a CPR number."""

import pytest
from django.core.exceptions import ValidationError

from placements.case_reference import CaseReferenceField, link


@pytest.mark.parametrize("reference", ["26/00412", "K-2026-118", "S2026.55_1", "7"])
def test_a_reference_is_taken_as_it_is_written(reference):
    assert CaseReferenceField().clean(f" {reference} ") == reference


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("010190-1234", "cpr"),
        ("010190 1234", "cpr"),
        ("01-01-90-1234", "cpr"),
        ("010190/1234", "cpr"),
        ("01/01/90--1234", "cpr"),
        ("0101901234", "cpr"),
        ("010190.1234", "cpr"),
        ("01 01 90 1234", "cpr"),
        ("sag 010190-1234", "cpr"),
        ("Hans Jensen", "pattern"),
        ("Hans", "pattern"),
        ("26/12 <b>", "pattern"),
        ("", "required"),
    ],
)
def test_names_and_cpr_numbers_are_refused_and_never_repeated(written, code):
    with pytest.raises(ValidationError) as refused:
        CaseReferenceField().clean(written)

    assert refused.value.error_list[0].code == code
    assert not written or written not in str(refused.value)


def test_the_pattern_is_a_setting_and_holds_for_the_whole_reference(settings):
    settings.CASE_REFERENCE_PATTERN = r"[0-9]{2}/[0-9]{5}"

    assert CaseReferenceField().clean("26/00412") == "26/00412"
    for written in ("26/004123", "x26/00412", "26-00412"):
        with pytest.raises(ValidationError):
            CaseReferenceField().clean(written)


def test_a_cpr_number_is_refused_whatever_the_pattern_says(settings):
    settings.CASE_REFERENCE_PATTERN = r"[0-9-]+"

    with pytest.raises(ValidationError):
        CaseReferenceField().clean("010190-1234")


def test_the_case_is_opened_where_the_setting_says(settings):
    settings.CASE_URL = "https://cases.example/open?id={reference}"

    assert link("26/00412") == "https://cases.example/open?id=26%2F00412"
    assert link("") == ""
    settings.CASE_URL = ""
    assert link("26/00412") == ""
