"""How many places of a slot are free now, reckoned by the database as the sweep does it."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from placements import occupancy
from placements.models import Slot
from placements.occupancy import Span, first_free, free_until, most
from placements.occupancy_chart import chart, months
from tests.factories import PlacementFactory, ReservationFactory, SlotFactory

TODAY = date(2026, 11, 24)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def free(slot):
    """As the database reckons it, and as it is reckoned from the spans that are known: the same."""
    by_database = Slot.objects.with_free(TODAY).get(pk=slot.pk).free
    by_spans = Slot.objects.get(pk=slot.pk)
    occupancy.count_free([by_spans], occupancy.taken_of_each([by_spans]), TODAY)
    assert by_spans.free == by_database
    return by_database


def in_it(slot, first, last, **facts):
    return PlacementFactory(
        slot=slot, starts_on=TODAY + timedelta(days=first), planned_end=TODAY + timedelta(days=last), **facts
    )


def test_a_slot_that_nobody_is_in_is_all_free():
    assert free(SlotFactory(places=3)) == 3


def test_who_is_there_and_who_is_to_come_take_a_place():
    slot = SlotFactory(places=3)
    in_it(slot, -10, 10)
    ReservationFactory(slot=slot, starts_on=TODAY + timedelta(days=9), planned_end=TODAY + timedelta(days=60))

    assert free(slot) == 1


def test_one_who_comes_after_another_has_left_takes_the_same_place():
    slot = SlotFactory(places=2)
    in_it(slot, -10, 3)
    in_it(slot, 4, 20)

    assert free(slot) == 1


def test_who_has_left_and_what_was_settled_take_none():
    slot = SlotFactory(places=2)
    in_it(slot, -30, 10, ended_on=TODAY - timedelta(days=1), end_reason="job")
    in_it(slot, -30, -1)
    ReservationFactory(
        slot=slot, state="given_back", why="No", settled_at="2026-11-20T10:00Z", case_reference="",
    )  # fmt: skip

    assert free(slot) == 2


@pytest.mark.parametrize("facts", [{"labour_conflict": True}, {"ceased_on": date(2026, 11, 1)}])
def test_none_is_free_where_none_can_be_agreed(facts):
    slot = SlotFactory(places=3, **{f"workplace__{name}": value for name, value in facts.items()})
    assert free(slot) == 0
    assert not Slot.objects.with_a_free_place(TODAY).exists()


def test_the_last_day_still_counts():
    slot = SlotFactory(places=1)
    in_it(slot, -30, 0)

    assert free(slot) == 0


SPANS = st.lists(st.tuples(st.integers(-30, 30), st.integers(0, 30), st.booleans()), max_size=7)


@given(SPANS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_database_counts_as_the_sweep_does(spans):
    slot = SlotFactory(places=9)
    for first, length, is_reserved in spans:
        days = {
            "starts_on": TODAY + timedelta(days=first),
            "planned_end": TODAY + timedelta(days=first + length),
        }
        (ReservationFactory if is_reserved else PlacementFactory)(slot=slot, **days)

    expected = most(occupancy.taken(slot), Span(TODAY, TODAY + timedelta(days=27)))

    assert free(slot) == 9 - expected


@given(SPANS, st.integers(1, 3), st.integers(-10, 20), st.none() | st.integers(20, 60))
def test_told_of_many_slots_it_is_what_is_told_of_one(spans, places, begins, ends):
    slot = Slot(places=places, starts_on=TODAY + timedelta(begins), ends_on=ends and TODAY + timedelta(ends))
    days = [(TODAY + timedelta(first), TODAY + timedelta(first + length)) for first, length, _held in spans]
    spans = [Span(*one) for one in days]
    day = occupancy.first_free(slot, spans, TODAY)

    expected = (None, 0, None)
    if day:
        free = places - most(spans, occupancy.four_weeks(slot, day))
        expected = (day, free, occupancy.free_until(slot, spans, day))
    assert occupancy.outlook(slot, days, TODAY) == expected


def test_a_place_is_free_when_nobody_comes_for_four_weeks():
    slot, soon = SlotFactory(places=1), SlotFactory(places=1)
    in_it(slot, 28, 90)
    in_it(soon, 27, 90)

    assert [free(slot), free(soon)] == [1, 0]


def test_of_a_slot_that_begins_later_the_four_weeks_from_then_on_count():
    begins = TODAY + timedelta(days=18)
    slot, soon = SlotFactory(places=1, starts_on=begins), SlotFactory(places=1, starts_on=begins)
    in_it(slot, 18 + 28, 90)
    in_it(soon, 18 + 27, 90)

    assert [free(slot), free(soon)] == [1, 0]


def test_of_many_slots_it_is_reckoned_in_one_statement(django_assert_num_queries):
    for _number in range(3):
        in_it(SlotFactory(places=2), -10, 10)

    with django_assert_num_queries(1):
        assert [slot.free for slot in Slot.objects.with_free(TODAY)] == [1, 1, 1]


def test_only_slots_with_a_free_place_have_one():
    full = SlotFactory(places=1)
    in_it(full, -10, 10)
    roomy = SlotFactory(places=1)

    assert list(Slot.objects.with_a_free_place(TODAY)) == [roomy]


# Month by month.


def test_each_month_tells_the_most_who_are_there_on_one_day():
    slot = SlotFactory(places=2, ends_on=date(2027, 2, 10))
    spans = [
        Span(date(2026, 10, 1), date(2026, 11, 23)),
        Span(date(2026, 11, 1), date(2026, 12, 31)),
        Span(date(2027, 1, 4), date(2027, 1, 8)),
        Span(date(2027, 1, 8), date(2027, 2, 1)),
    ]

    found = months(slot, spans, TODAY)

    assert len(found) == 12
    assert [month.taken for month in found[:5]] == [1, 1, 2, 1, 0]
    assert [month.places for month in found[:5]] == [2, 2, 2, 2, 0]
    assert [month.free for month in found[:5]] == [1, 1, 0, 1, 0]


def test_a_bar_is_never_higher_than_the_drawing():
    drawn = chart(months(SlotFactory(places=2), [Span(TODAY, TODAY)], TODAY))

    assert drawn.bars[0].height * 2 == drawn.bars[0].frame_height
    assert all(bar.frame_y > 0 for bar in drawn.bars)


def test_the_first_free_day_is_one_from_which_nobody_comes_for_four_weeks():
    spans = [
        Span(TODAY, date(2026, 12, 1)),
        Span(date(2026, 12, 10), date(2026, 12, 24)),
        Span(TODAY, date(2027, 2, 1)),
    ]
    one, begun = Slot(places=1, starts_on=TODAY), {"starts_on": date(2026, 1, 1)}

    assert first_free(Slot(places=2, **begun), spans, TODAY) == date(2026, 12, 25)
    assert first_free(one, spans, TODAY) == date(2027, 2, 2)
    assert first_free(Slot(places=1, ends_on=date(2027, 2, 1), **begun), spans, TODAY) is None
    assert first_free(Slot(places=1, starts_on=date(2026, 12, 12)), [], TODAY) == date(2026, 12, 12)


def test_how_long_a_place_stays_free_is_known_where_somebody_is_to_come():
    spans = [Span(date(2027, 3, 1), date(2027, 4, 1))]

    assert free_until(Slot(places=1), spans, TODAY) == date(2027, 2, 28)
    assert free_until(Slot(places=2), spans, TODAY) is None
    assert free_until(Slot(places=1, ends_on=date(2027, 2, 1)), spans, TODAY) is None
