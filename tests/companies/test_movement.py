"""Movement over a period: the group at its start beside the group at its end, each workplace once."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from companies import movement
from companies.models import TierChange
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

START, UNTIL, TODAY = date(2026, 1, 1), date(2026, 6, 30), date(2026, 11, 24)


def stood(*told, **facts):
    """A workplace that has gone through groups: pairs of day and group, the first being where it began."""
    groups = [tier for _day, tier in told]
    workplace = WorkplaceFactory(tier=groups[-1], **facts)
    for (_before, old), (day, new) in pairwise(told):
        at = datetime.combine(day, datetime.min.time(), UTC).replace(hour=12)
        TierChange.objects.create(workplace=workplace, from_tier=old, to_tier=new, at=at)
    return workplace


def test_start_and_end_are_compared_each_workplace_once():
    up = stood((None, 4), (date(2026, 2, 1), 3), (date(2026, 3, 1), 2))
    new = stood((None, None), (date(2026, 6, 30), 1))
    out = stood((None, 2), (date(2026, 1, 1), None))
    stood((None, 3), (date(2026, 2, 1), 2), (date(2026, 3, 1), 3))
    stood((None, 3))
    stood((None, 3), (date(2025, 12, 31), 1))

    places = list(movement.moved(START, UNTIL))
    movement.tell(places, START, UNTIL)

    assert {place: (place.was, place.became) for place in places} == {up: (4, 2), new: (0, 1), out: (2, 0)}
    assert set(movement.moved(START, UNTIL, was=0)) == {new}
    assert set(movement.moved(START, UNTIL, became=2)) == {up}
    assert set(movement.moved(START, UNTIL, was=4, became=1)) == set()
    assert set(movement.moved(START, UNTIL, how=movement.RULE)) == set()


def test_the_workplaces_behind_each_number_are_as_many_as_it_says():
    """Also where somebody went through the group that is asked for, or came back to where they were."""
    first, second, third = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)
    stood((None, 1), (first, 2), (second, 3))
    stood((None, 2), (first, 3), (second, 4))
    back = stood((None, 2), (first, 3), (second, 2))
    by_rule = stood((None, 2), (first, None), (second, 1), (third, 3))
    TierChange.objects.filter(workplace=by_rule, to_tier=3).update(by_rule=True)

    told = movement.count(START, UNTIL)

    assert told == {("hand", 1, 3): 1, ("hand", 2, 4): 1, ("rule", 2, 3): 1}
    for was in range(5):
        assert movement.moved(START, UNTIL, was=was).count() == sum(
            n for (_by, old, _new), n in told.items() if old == was
        )
        for became in range(5):
            for how in (movement.RULE, movement.HAND):
                found = movement.moved(START, UNTIL, was=was, became=became, how=how)
                assert found.count() == told[how, was, became]
                assert back not in found


def test_the_matrix_tells_how_the_groups_stood_also_when_they_moved_on():
    stood((None, 4), (date(2026, 2, 1), 3), (date(2026, 9, 1), 1))
    stood((None, 2), (date(2026, 9, 1), 3))
    stood((None, 2), (date(2025, 9, 1), 3))
    WorkplaceFactory()
    stood((None, 4), (date(2026, 2, 1), 3), ceased_on=date(2026, 8, 1))

    told = movement.movement(START, UNTIL, today=TODAY)

    assert {cell: n for cell, n in told.matrix.items() if n} == {(4, 3): 1, (2, 2): 1, (3, 3): 1, (0, 0): 1}
    assert (told.total, told.came(3), told.left(4), told.came(1)) == (1, 1, 1, 0)


def test_by_rule_or_by_hand_is_told_of_the_last_change():
    place = stood((None, 4), (date(2026, 2, 1), 3), (date(2026, 3, 1), 2))
    TierChange.objects.filter(workplace=place, to_tier=2).update(by_rule=True)
    stood((None, 4), (date(2026, 2, 1), 2))

    told = movement.movement(START, UNTIL, today=TODAY)

    assert told.how == {("rule", 4, 2): 1, ("hand", 4, 2): 1}
    assert (told.came(2), told.came(2, "rule"), told.left(4, "hand")) == (2, 1, 1)


@pytest.mark.parametrize("rows", [1, 20])
def test_it_asks_as_much_about_many_as_about_few(rows, django_assert_num_queries):
    UserFactory()
    for _each in range(rows):
        stood((None, 4), (date(2026, 2, 1), 3), (date(2026, 9, 1), 1))

    with django_assert_num_queries(3):
        movement.movement(START, UNTIL, today=TODAY)
