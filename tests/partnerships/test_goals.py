"""How far goals have come: always asked of the data."""

from datetime import date
from decimal import Decimal

import pytest

from partnerships import goals
from partnerships.goals import Measure, Progress
from partnerships.models import AgreementGoal
from tests.factories import (
    AgreementFactory,
    AgreementGoalFactory,
    InteractionFactory,
    WorkplaceFactory,
)

TODAY = date(2026, 11, 24)


def figures(*some):
    return {one.goal.pk: one.actual for one in goals.progress(list(some), TODAY)}


@pytest.mark.django_db
def test_contacts_are_counted_at_the_workplaces_it_holds_at_from_its_day_until_today():
    here = WorkplaceFactory()
    there, elsewhere = WorkplaceFactory(company=here.company), WorkplaceFactory(company=here.company)
    some = AgreementGoalFactory(agreement=AgreementFactory(workplace=here, where=[there]))
    every = AgreementGoalFactory(agreement=AgreementFactory(workplace=here, covers_all=True))
    for place, on in (
        (here, date(2026, 1, 1)),
        (there, date(2026, 11, 24)),
        (elsewhere, date(2026, 5, 5)),
        (here, date(2025, 12, 31)),
    ):
        InteractionFactory(workplace=place, on=on, channel="phone")
    InteractionFactory(workplace=here, state="planned", on=date(2026, 11, 20))
    InteractionFactory(workplace=WorkplaceFactory(), on=date(2026, 5, 5))

    assert figures(some, every) == {some.pk: 2, every.pk: 3}


@pytest.mark.django_db
def test_meetings_are_visits_and_meetings_only():
    goal = AgreementGoalFactory(measure="meetings")
    for channel in ("visit", "meeting", "phone", "email"):
        InteractionFactory(workplace=goal.agreement.workplace, on=date(2026, 5, 5), channel=channel)

    assert figures(goal) == {goal.pk: 2}


@pytest.mark.django_db
def test_many_goals_ask_no_more_than_one(django_assert_num_queries):
    some = [AgreementGoalFactory() for _one in range(5)]

    with django_assert_num_queries(1):
        goals.progress(some, TODAY)


def progress(actual, *, target, baseline=None, less=False, deadline=date(2026, 12, 31)):
    measure = Measure("tests", "Tests", lambda goals, today: {}, less_is_better=less)
    goal = AgreementGoal(target=Decimal(target), baseline=baseline and Decimal(baseline), deadline=deadline)
    return Progress(goal, measure, None if actual is None else Decimal(actual), TODAY)


@pytest.mark.parametrize(
    ("told", "percent", "reached"),
    [
        (progress("5", target="8"), 62, False),
        (progress("8", target="8"), 100, True),
        (progress("14", target="12"), 100, True),
        (progress(None, target="8"), 0, False),
        (progress("0", target="0"), 100, True),
        (progress("4.6", target="4.0", baseline="5.1", less=True), 45, False),
        (progress("4.0", target="4.0", baseline="5.1", less=True), 100, True),
        (progress("5.6", target="4.0", baseline="5.1", less=True), 0, False),
    ],
)
def test_how_far_a_goal_has_come(told, percent, reached):
    assert (told.percent, told.is_reached) == (percent, reached)


def test_a_goal_is_late_after_its_day_unless_it_is_reached():
    assert progress("5", target="8", deadline=date(2026, 10, 2)).days_late == 53
    assert progress("5", target="8", deadline=date(2026, 10, 2)).is_late
    assert not progress("8", target="8", deadline=date(2026, 10, 2)).is_late
    assert not progress("5", target="8", deadline=TODAY).is_late


@pytest.mark.django_db
def test_a_measure_that_no_app_knows_any_more_counts_nothing():
    goal = AgreementGoalFactory(measure="forgotten")

    (told,) = goals.progress([goal], TODAY)

    assert (told.measure.label, told.actual, told.percent) == ("forgotten", None, 0)
