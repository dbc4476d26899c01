"""CPR numbers stay out; P-numbers that look like them get in."""

import pytest
from django.core.exceptions import ValidationError

from companies.cpr import Reading, read, refuse_cpr
from tests.factories import WorkplaceFactory


def nobody(candidates):
    return set()


@pytest.mark.parametrize("text", ["born 010190-1234", "(311299-9999)", "29 02 00", "010190–1234", "010190 1234"])
def test_a_date_and_four_digits_with_a_sign_between_is_a_cpr_number(text):
    expected = Reading.CLEAN if text == "29 02 00" else Reading.CPR

    assert read(text, nobody) is expected


@pytest.mark.parametrize("text", ["", "call 10332041", "320190-1234", "011390-1234", "1234567890123"])
def test_other_numbers_pass(text):
    assert read(text, nobody) is Reading.CLEAN


def test_ten_plain_digits_that_read_as_a_date_may_be_one():
    assert read("0101901234", nobody) is Reading.MAYBE_CPR


@pytest.mark.django_db
@pytest.mark.parametrize("p_number", ["1002664349", "1007256945"])
def test_a_known_p_number_passes_and_an_unknown_one_is_warned_of(p_number):
    assert read(f"P-number {p_number}") is Reading.MAYBE_CPR

    WorkplaceFactory(p_number=p_number)

    assert read(f"P-number {p_number}") is Reading.CLEAN


@pytest.mark.parametrize("text", ["He is 010190-1234", "He is 0101901234"])
@pytest.mark.django_db
def test_the_number_is_never_repeated(text):
    with pytest.raises(ValidationError) as refused:
        refuse_cpr(text, maybe=True)

    assert "0101" not in str(refused.value)
