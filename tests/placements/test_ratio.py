"""The ratio to ordinary employees, as advice."""

from datetime import date

import pytest

from placements.ratio import RULES, Reached, advice, rule_on
from tests.factories import PlacementFactory, SlotFactory, WorkplaceFactory

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("employees", "most"), [(0, 1), (1, 1), (4, 1), (5, 1), (9, 1), (10, 2), (24, 4), (50, 10), (59, 10), (80, 13)]
)
def test_one_for_each_five_then_for_each_ten_and_always_one(employees, most):
    assert rule_on(TODAY).most(employees) == most


def test_rules_have_their_days():
    assert rule_on(date(2019, 12, 31)) is None
    assert rule_on(RULES[0].valid_from) == RULES[0]


@pytest.mark.django_db
class TestAdvice:
    def test_an_interval_of_employees_gives_a_range(self):
        told = advice(WorkplaceFactory(employees_min=20, employees_max=49), TODAY)

        assert (told.low, told.high, told.is_exact) == (4, 9, False)

    def test_without_an_upper_bound_only_the_least_is_known(self):
        told = advice(WorkplaceFactory(employees_min=1000, employees_max=None), TODAY)

        assert (told.low, told.high) == (105, None)

    def test_where_nobody_has_counted_nothing_is_said(self):
        told = advice(WorkplaceFactory(employees_min=None, employees_max=None), TODAY)

        assert (told.low, told.is_reached) == (None, False)

    def test_those_known_to_us_are_there_now_and_of_a_measure_that_counts(self):
        place = WorkplaceFactory(employees_min=12, employees_max=12)
        slot = SlotFactory(workplace=place, places=9)
        PlacementFactory(slot=slot)
        PlacementFactory(slot=slot, starts_on=date(2026, 12, 1))
        PlacementFactory(slot=slot, ended_on=date(2026, 11, 1), end_reason="job")
        PlacementFactory(slot=SlotFactory(workplace=place, measure_id="paid_hours"))
        PlacementFactory()

        told = advice(place, TODAY)

        assert (told.low, told.known, told.is_reached) == (2, 1, False)

    def test_as_many_as_are_allowed_is_a_warning_and_never_a_promise(self):
        slot = SlotFactory(workplace=WorkplaceFactory(employees_min=3, employees_max=8))
        PlacementFactory(slot=slot)

        assert advice(slot.workplace, TODAY).is_reached

    def test_it_is_one_statement(self, django_assert_num_queries):
        place = WorkplaceFactory(employees_min=3, employees_max=8)
        with django_assert_num_queries(1):
            advice(place, TODAY)


@pytest.mark.django_db
class TestReached:
    @pytest.mark.parametrize("known", [0, 1, 2, 3])
    @pytest.mark.parametrize("employees", [(0, 0), (3, 8), (10, 19), (None, None)])
    def test_of_many_it_is_what_the_advice_says_of_one(self, known, employees):
        slot = SlotFactory(places=9, workplace__employees_min=employees[0], workplace__employees_max=employees[1])
        for _one in range(known):
            PlacementFactory(slot=slot)
        place = slot.workplace

        is_reached = Reached(TODAY)(place.pk, place.employees_min, TODAY)

        assert is_reached == advice(place, TODAY).is_reached

    def test_before_there_was_a_rule_nothing_is_reached(self):
        assert not Reached(date(2019, 12, 31))(1, 0, date(2019, 12, 31))

    def test_it_is_one_statement_however_many_are_asked_of(self, django_assert_num_queries):
        for _one in range(3):
            PlacementFactory()

        with django_assert_num_queries(1):
            is_reached = Reached(TODAY)
            assert not any(is_reached(pk, 30, TODAY) for pk in range(20))
