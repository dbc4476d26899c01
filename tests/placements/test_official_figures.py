"""Two who type an official figure in the same second, each over a connection of their own."""

from datetime import date
from decimal import Decimal

import pytest

from placements import official_figures
from placements.models import OfficialFigure
from tests.factories import OfficialFigureFactory
from tests.partnerships.test_same_second import at_once

pytestmark = pytest.mark.django_db(transaction=True)

FACTS = {"percent": Decimal("24.6"), "period": "2025", "source": "jobindsats.dk, own", "read_on": date(2026, 11, 2)}
REFUSED = "There is a figure of this period from this source already. Change that one."


@pytest.mark.parametrize("attempt", range(10))
def test_of_two_of_one_period_and_source_one_is_kept_and_the_other_is_refused(owner, attempt):
    def write():
        official_figures.write(**FACTS, by=owner)

    assert sorted(at_once(write, write)) == [REFUSED, "done"]
    assert OfficialFigure.objects.get().history.count() == 1


@pytest.mark.parametrize("attempt", range(10))
def test_of_two_that_are_put_right_to_the_same_one_stays_as_it_was(owner, attempt):
    figures = [OfficialFigureFactory(period=period) for period in ("2023", "2024")]

    outcomes = at_once(
        *(lambda figure=figure: official_figures.change(figure=figure, **FACTS, by=owner) for figure in figures)
    )

    assert sorted(outcomes) == [REFUSED, "done"]
    assert OfficialFigure.objects.filter(period="2025").count() == 1
