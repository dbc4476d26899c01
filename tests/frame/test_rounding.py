"""Numbers as a calculator rounds them."""

from decimal import Decimal

import pytest

from companies.capacity import written
from companies.quality import share_in_words
from jobcenter_crm.frame.rounding import half_up


@pytest.mark.parametrize(
    ("number", "decimals", "rounded"),
    [(0.5, 0, 1), (1.5, 0, 2), (2.5, 0, 3), (-2.5, 0, -3), (2.4, 0, 2), (0.285, 2, Decimal("0.29")), (12.25, 1, Decimal("12.3")),
     (7, 1, Decimal(7)), (Decimal("0.05"), 1, Decimal("0.1"))],
)  # fmt: skip
def test_a_half_goes_up(number, decimals, rounded):
    assert half_up(number, decimals) == rounded


def test_a_share_is_the_one_that_a_calculator_finds():
    assert share_in_words(1, 8) == "13 %"
    assert share_in_words(25, 200) == "13 %"


def test_noughts_at_the_end_are_not_written():
    assert [written(number, 2) for number in (44, 27.36, 8.8, 1234.5)] == ["44", "27.36", "8.8", "1,234.5"]
