"""What placements add to the goals of agreements."""

from datetime import date

import pytest

from partnerships import goals
from tests.factories import AgreementGoalFactory, EffectFactory, PlacementFactory, SlotFactory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def told(*some):
    return [one.actual for one in goals.progress(list(some), TODAY)]


def test_placements_count_at_the_agreements_places_from_the_day_the_goal_counts_from():
    goal = AgreementGoalFactory(measure="placements", counted_from=date(2026, 6, 1))
    other = AgreementGoalFactory(measure="placements")
    slot = SlotFactory(agreement=goal.agreement)
    PlacementFactory(slot=slot, starts_on=date(2026, 6, 1))
    PlacementFactory(slot=SlotFactory(agreement=goal.agreement), starts_on=TODAY)
    PlacementFactory(slot=slot, starts_on=date(2026, 5, 31))
    PlacementFactory(slot=slot, starts_on=date(2026, 11, 25))
    PlacementFactory(slot=slot, starts_on=TODAY, withdrawn_on=TODAY, end_reason="refused")
    PlacementFactory()

    assert told(goal, other) == [2, 0]


def test_hours_are_an_average_and_not_told_of_fewer_than_five():
    goal = AgreementGoalFactory(measure="hours_after_placements")
    slot = SlotFactory(agreement=goal.agreement)

    def paid(hours):
        placement = PlacementFactory(
            slot=slot, starts_on=date(2026, 7, 1), planned_end=date(2026, 9, 1), ended_on=date(2026, 9, 1),
            end_reason="as_planned",
        )  # fmt: skip
        EffectFactory(placement=placement, outcome="hours", hours=hours)

    for _ in range(4):
        paid(10)
    assert told(goal) == [None]

    paid(11)
    assert [float(hours) for hours in told(goal)] == [10.2]


def test_many_goals_take_one_statement_a_measure(django_assert_num_queries):
    some = [AgreementGoalFactory(measure="placements") for _ in range(5)]
    for goal in some:
        PlacementFactory(slot__agreement=goal.agreement)

    with django_assert_num_queries(1):
        assert told(*some) == [1] * 5
