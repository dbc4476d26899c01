"""What is found before a target is set, checked by hand, and what is kept of it."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from jobcenter_crm.desk.dashboard import checks, targets
from jobcenter_crm.desk.dashboard.measures import MEASURES, OUTCOME, period_before
from jobcenter_crm.desk.dashboard.realism import Verdict
from tests.desk.dashboard import TODAY
from tests.desk.targets import NEXT_YEAR, checked, unset
from tests.factories import (
    EffectFactory,
    InteractionFactory,
    PlacementFactory,
    SlotFactory,
    TeamFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.mark.parametrize(
    ("start", "deadline", "first", "last"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), date(2025, 1, 1), date(2025, 12, 31)),
        (date(2028, 1, 1), date(2028, 12, 31), date(2025, 11, 25), TODAY),
        (date(2026, 11, 24), date(2026, 12, 3), date(2026, 11, 14), date(2026, 11, 23)),
        (date(2026, 11, 1), date(2028, 10, 31), date(2024, 11, 1), date(2026, 10, 31)),
    ],
)
def test_a_period_is_compared_with_as_long_a_time_before(start, deadline, first, last):
    assert period_before(start, deadline, TODAY) == (first, last)


def test_the_check_of_placements_begun_by_hand(house, manager):
    """8 begun of 40 contacts in twelve months; 44 hours are 22 a week, and there is nothing else to do."""
    place = WorkplaceFactory(tier=1, owner=house[0])
    slot = SlotFactory(workplace=place, places=20)
    for month in (1, 2, 2, 3, 4, 5, 6, 7):
        PlacementFactory(slot=slot, starts_on=date(2026, month, 3))
    PlacementFactory(slot=slot, starts_on=date(2025, 3, 3))
    for number in range(40):
        InteractionFactory(workplace=place, on=date(2026, 1, 1) + timedelta(days=number))
    InteractionFactory(workplace=place, on=date(2025, 1, 1))

    found = checked(unset("started", manager, goal=Decimal(8)))

    grounds = found.realism.grounds
    assert (found.baseline, found.baseline_days) == (8, (date(2025, 11, 24), date(2026, 11, 23)))
    assert (grounds.gained, grounds.best_month, grounds.tries) == (8, 2, 40)
    assert (grounds.hours, grounds.elsewhere, grounds.minutes, grounds.consultants) == (22, 0, 60, 2)
    assert found.verdict == Verdict.REALISTIC


@pytest.mark.parametrize("measure", ["started", "hosts"])
def test_what_came_to_nothing_was_not_gained(house, manager, measure):
    PlacementFactory()
    PlacementFactory(starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")

    grounds = checked(unset(measure, manager)).realism.grounds

    assert (grounds.gained, grounds.best_month) == (1, 1)


def test_places_that_only_the_case_list_has_brought_were_not_gained(house, manager):
    """A slot that was open has been promised by an employer, whatever became of it; one closed from birth by nobody."""
    SlotFactory(places=3)
    over = SlotFactory(places=2)
    over.state = "closed"
    over.save()
    old = SlotFactory(places=40, state="closed")
    old.places = 60
    old.save()

    grounds = checked(unset("open_places", manager)).realism.grounds

    assert (grounds.gained, grounds.best_month) == (5, 5)


def test_what_the_plans_take_elsewhere_is_not_there_for_a_target(house, manager):
    """44 places of group 3 take 220 calls a year, 5 a week, of 15 minutes each: 1.25 hours."""
    WorkplaceFactory.create_batch(44, tier=3)
    WorkplaceFactory.create_batch(44, tier=1)

    grounds = checked(unset("in_year", manager, where="tier=1")).realism.grounds

    assert (grounds.hours, grounds.elsewhere, grounds.minutes) == (22, 1.25, 60)


def test_calls_bring_no_agreements(house, manager):
    WorkplaceFactory.create_batch(44, tier=3)
    WorkplaceFactory.create_batch(44, tier=1)

    grounds = checked(unset("active", manager)).realism.grounds

    assert (grounds.elsewhere, grounds.minutes) == (1.25, 60)


def test_a_team_is_measured_by_its_own_hours(house, manager):
    south = TeamFactory(name="South")

    ours = checked(unset("in_year", manager, where=f"team={house[0].team_id}"))
    theirs = checked(unset("in_year", manager, where=f"team={south.pk}"))

    assert (ours.realism, theirs.realism) == (None, None)
    WorkplaceFactory(tier=1, owner=house[0])
    ours = checked(unset("in_year", manager, where=f"team={house[0].team_id}")).realism.grounds
    assert (ours.hours, ours.consultants) == (22, 2)


def test_contacts_that_grow_old_by_the_deadline_have_to_be_won_again(house, manager):
    for day in (date(2026, 11, 1), date(2026, 3, 1), None, None):
        WorkplaceFactory(tier=1, last_contact_on=day)

    found = checked(unset("in_year", manager, deadline=date(2027, 5, 1)))

    way = found.realism.way
    assert (found.baseline, way.now, way.idle, way.goal, way.of) == (50, 2, 1, 2, 4)


def test_a_check_asks_the_same_however_much_there_is(town, manager, owner):
    def statements(measure):
        with CaptureQueriesContext(connection) as asked_for:
            checked(unset(measure, manager))
        return len(asked_for)

    before = {measure: statements(measure) for measure in MEASURES}
    for _number in range(5):
        place = WorkplaceFactory(tier=1, owner=owner)
        active_agreement(workplace=place, owner=owner)
        EffectFactory(placement__slot__workplace=place, self_supporting=True)
        InteractionFactory(workplace=place)

    assert {measure: statements(measure) for measure in MEASURES} == before
    assert [name for name in MEASURES if before[name] > (4 if MEASURES[name].kind == OUTCOME else 10)] == []


# What is kept


def test_what_was_promised_stays_readable(house, manager):
    WorkplaceFactory.create_batch(4, tier=1, last_contact_on=date(2026, 11, 1))
    target = unset("in_year", manager, goal=Decimal(75))
    checks.save(target=target, found=checked(target), by=manager, today=TODAY)
    WorkplaceFactory.create_batch(4, tier=1)
    target.refresh_from_db()

    (told,) = targets.progress([target], TODAY)

    assert (told.promised.way.of, told.realism.way.of) == (4, 8)
    assert told.promised.verdict == target.verdict
    assert (target.baseline, told.value) == (100, 50)


def test_a_later_deadline_is_compared_with_a_longer_time(manager):
    slot = SlotFactory()
    for day in (date(2026, 10, 20), date(2026, 1, 20)):
        PlacementFactory(slot=slot, starts_on=day, planned_end=date(2027, 1, 1))
    target = unset("started", manager, deadline=date(2027, 2, 23), goal=Decimal(0))
    checks.save(target=target, found=checked(target), by=manager, today=TODAY)
    assert target.baseline == 1

    target.deadline = NEXT_YEAR
    checks.save(target=target, found=checked(target), by=manager, today=TODAY)

    assert (target.baseline, target.set_by, target.history.count()) == (2, manager, 2)


def test_the_baseline_of_a_figure_of_today_is_not_taken_again(manager):
    WorkplaceFactory()
    target = unset("never", manager, goal=Decimal(0))
    checks.save(target=target, found=checked(target), by=manager, today=TODAY)
    WorkplaceFactory()

    checks.save(target=target, found=checked(target), by=manager, today=TODAY)

    assert target.baseline == 1
