"""What placements add to the goals of agreements."""

from datetime import UTC, date, datetime

import pytest

from partnerships import goals
from placements.models import JobOrder
from tests.factories import (
    AgreementGoalFactory,
    EffectFactory,
    JobOrderFactory,
    PlacementFactory,
    ReferralFactory,
    SlotFactory,
    WorkplaceFactory,
    active_agreement,
)

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


def order_at(workplace, received=datetime(2026, 6, 1, 8, tzinfo=UTC), hired=1):
    order = JobOrderFactory(workplace=workplace, positions=9, filled=hired)
    JobOrder.objects.filter(pk=order.pk).update(created_at=received)
    for _one in range(hired):
        ReferralFactory(job_order=order, state="hired")
    return order


def test_positions_filled_through_us_count_where_the_agreement_holds_from_the_day_the_goal_counts_from(owner):
    goal = AgreementGoalFactory(
        measure="positions_filled", counted_from=date(2026, 6, 1), agreement=active_agreement(owner=owner)
    )
    place = goal.agreement.workplace
    order = order_at(place, hired=2)
    ReferralFactory(job_order=order, state="declined")
    ReferralFactory(job_order=order, state="hired", on=date(2026, 11, 25))
    order_at(place, datetime(2026, 5, 31, 8, tzinfo=UTC))
    order_at(WorkplaceFactory(company=place.company))
    order_at(WorkplaceFactory())
    elsewhere = AgreementGoalFactory(measure="positions_filled", agreement=active_agreement(owner=owner))

    assert told(goal, elsewhere) == [2, 0]


def test_one_that_covers_all_workplaces_counts_at_all_of_them(owner, django_assert_num_queries):
    agreement = active_agreement(owner=owner)
    agreement.covers_all = True
    agreement.save()
    goal = AgreementGoalFactory(measure="positions_filled", counted_from=date(2026, 6, 1), agreement=agreement)
    order_at(WorkplaceFactory(company=agreement.company))

    with django_assert_num_queries(1):
        assert told(goal) == [1]


def test_many_goals_take_one_statement_a_measure(django_assert_num_queries):
    some = [AgreementGoalFactory(measure="placements") for _ in range(5)]
    for goal in some:
        PlacementFactory(slot__agreement=goal.agreement)

    with django_assert_num_queries(1):
        assert told(*some) == [1] * 5
