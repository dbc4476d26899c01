"""Who takes the places of a slot: never more than there are, on any day."""

import threading
from contextlib import nullcontext, suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contacts.actions import NotNow
from placements import occupancy, reservations, steps
from placements.models import Placement, Reservation, Slot
from placements.occupancy import Full, Span, first_overfull, free_from
from tests.factories import PlacementFactory, ReservationFactory, SlotFactory, UserFactory

TODAY = date(2026, 11, 24)


def take(slot, starts_on, planned_end, *, by=None, as_placement=True, **more):
    by = by or slot.owner
    return occupancy.occupy(
        slot=slot, by=by, consultant=by, case_reference="26/1", starts_on=starts_on, planned_end=planned_end,
        as_placement=as_placement, **more,
    )  # fmt: skip


# The sweep.


def day(number):
    return date(2026, 1, 1) + timedelta(days=number)


def span(first, last):
    return Span(day(first), day(last))


@pytest.mark.parametrize(
    ("spans", "places", "wanted", "full_on", "free"),
    [
        ([], 1, span(0, 9), None, None),
        ([span(0, 4)], 1, span(5, 9), None, None),
        ([span(0, 4)], 1, span(4, 9), day(4), day(5)),
        ([span(6, 9)], 1, span(0, 6), day(6), day(10)),
        ([span(0, 4), span(5, 9)], 2, span(0, 9), None, None),
        ([span(0, 5), span(5, 9)], 2, span(0, 9), day(5), day(6)),
        ([span(0, 20), span(3, 4)], 2, span(0, 9), day(3), day(5)),
        ([span(0, 20), span(0, 20)], 2, span(0, 9), day(0), day(21)),
    ],
)
def test_the_sweep_finds_the_first_day_that_is_full_and_when_a_place_is_free(spans, places, wanted, full_on, free):
    assert first_overfull(spans, places, wanted) == full_on
    if full_on:
        assert free_from(spans, places, wanted) == free


# The acts.


@pytest.mark.django_db
class TestActs:
    @pytest.fixture(autouse=True)
    def _today(self):
        with time_machine.travel("2026-11-24 09:00+01:00", tick=False):
            yield

    def test_reservations_and_placements_count_together(self):
        slot = SlotFactory(places=2)
        PlacementFactory(slot=slot, starts_on=TODAY, planned_end=date(2027, 1, 31))
        ReservationFactory(slot=slot, starts_on=date(2026, 12, 1), planned_end=date(2027, 2, 28))

        with pytest.raises(Full) as full:
            take(slot, date(2026, 11, 25), date(2026, 12, 24))

        assert full.value.day == date(2026, 12, 1)
        assert "All 2 places are taken on 1 December 2026. From 1 February 2027 there is one." in str(full.value)
        assert take(slot, date(2027, 2, 1), date(2027, 2, 28))

    def test_settled_reservations_and_ended_placements_take_no_place_any_more(self):
        slot = SlotFactory(places=1)
        ended = PlacementFactory(slot=slot, starts_on=date(2026, 10, 1), planned_end=date(2026, 12, 31))
        occupancy.end(placement=ended, by=slot.owner, on=date(2026, 11, 23), reason="candidate")
        held = ReservationFactory(slot=slot)
        occupancy.settle(held, Reservation.State.LET_GO, by=None)

        assert take(slot, TODAY, date(2026, 12, 31))

    def test_a_reservation_becomes_the_placement_and_leaves_its_reference(self):
        slot = SlotFactory(places=1)
        held = take(slot, TODAY, date(2026, 12, 31), as_placement=False)

        placement = take(slot, TODAY, date(2026, 12, 24), reservation=held)

        held.refresh_from_db()
        assert (held.state, held.case_reference, held.held_until) == ("started", "", date(2026, 12, 1))
        assert (placement.reservation, placement.case_reference) == (held, "26/1")
        with pytest.raises(NotNow):
            take(slot, TODAY, date(2026, 12, 24), reservation=held)

    @pytest.mark.parametrize(
        ("facts", "starts_on", "planned_end"),
        [
            ({"state": "paused"}, TODAY, date(2026, 12, 31)),
            ({"state": "closed"}, TODAY, date(2026, 12, 31)),
            ({"starts_on": date(2026, 12, 1)}, TODAY, date(2026, 12, 31)),
            ({"ends_on": date(2026, 12, 1)}, TODAY, date(2026, 12, 31)),
            ({"workplace__labour_conflict": True}, TODAY, date(2026, 12, 31)),
        ],
    )
    def test_a_slot_that_is_not_open_for_those_days_is_not_taken(self, facts, starts_on, planned_end):
        slot = SlotFactory(**facts)

        with pytest.raises(NotNow):
            take(slot, starts_on, planned_end)

        assert not Placement.objects.exists()

    def test_an_extension_is_kept_and_fits(self):
        slot = SlotFactory(places=1)
        placement = PlacementFactory(slot=slot, starts_on=TODAY, planned_end=date(2026, 12, 31))
        take(slot, date(2027, 2, 1), date(2027, 2, 28))

        with pytest.raises(Full):
            occupancy.extend(placement=placement, by=slot.owner, planned_end=date(2027, 2, 1))
        occupancy.extend(placement=placement, by=slot.owner, planned_end=date(2027, 1, 31), granted_in="VITAS")

        placement.refresh_from_db()
        assert placement.planned_end == date(2027, 1, 31)
        (kept,) = placement.extensions.all()
        assert (kept.before, kept.after, kept.granted_in) == (date(2026, 12, 31), date(2027, 1, 31), "VITAS")

    def test_one_that_came_to_nothing_leaves_its_place_at_once_and_takes_it_again_while_it_is_free(self):
        slot = SlotFactory(places=1)
        placement = PlacementFactory(slot=slot, starts_on=date(2026, 12, 1), planned_end=date(2026, 12, 31))

        occupancy.withdraw(placement=placement, by=slot.owner, reason="declined")
        other = take(slot, TODAY, date(2026, 12, 24))

        placement.refresh_from_db()
        assert (placement.withdrawn_on, placement.end_reason, placement.ended_on) == (TODAY, "declined", None)
        with pytest.raises(NotNow, match="came to nothing"):
            occupancy.extend(placement=placement, by=slot.owner, planned_end=date(2027, 1, 31))
        with pytest.raises(NotNow, match="came to nothing"):
            occupancy.end(placement=placement, by=slot.owner, on=TODAY, reason="other")
        with pytest.raises(Full):
            occupancy.reopen(placement=placement, by=slot.owner)
        occupancy.end(placement=other, by=slot.owner, on=TODAY, reason="other")
        assert not occupancy.reopen(placement=placement, by=slot.owner).is_over

    @pytest.mark.parametrize(("starts_on", "may"), [(TODAY, True), (date(2026, 11, 23), False)])
    def test_it_comes_to_nothing_until_the_first_day_and_on_it(self, starts_on, may):
        placement = PlacementFactory(starts_on=starts_on)

        with nullcontext() if may else pytest.raises(NotNow, match="Say that it has ended instead"):
            occupancy.withdraw(placement=placement, by=placement.consultant, reason="refused")

        placement.refresh_from_db()
        assert placement.is_withdrawn == may

    def test_an_end_is_undone_as_long_as_the_days_after_it_are_free(self):
        slot = SlotFactory(places=1)
        placement = PlacementFactory(slot=slot, planned_end=date(2026, 12, 31))
        occupancy.end(placement=placement, by=slot.owner, on=date(2026, 11, 23), reason="candidate")
        other = take(slot, date(2026, 12, 1), date(2026, 12, 24))

        with pytest.raises(Full):
            occupancy.reopen(placement=placement, by=slot.owner)
        occupancy.withdraw(placement=other, by=slot.owner, reason="mistake")
        occupancy.resize(slot=slot, by=slot.owner, ends_on=date(2026, 12, 30))
        with pytest.raises(NotNow, match="The slot ends on"):
            occupancy.reopen(placement=placement, by=slot.owner)
        occupancy.resize(slot=slot, by=slot.owner, ends_on=None, state="closed")
        reopened = occupancy.reopen(placement=placement, by=slot.owner)

        assert (reopened.ended_on, reopened.end_reason) == (None, "")
        with pytest.raises(NotNow):
            occupancy.reopen(placement=placement, by=slot.owner)

    @pytest.mark.parametrize(
        "facts",
        [
            {"withdrawn_on": date(2026, 10, 2), "end_reason": "declined"},  # after it began
            {"withdrawn_on": date(2026, 10, 1)},
            {"withdrawn_on": date(2026, 10, 1), "end_reason": "no_show"},
            {"ended_on": date(2026, 10, 2), "end_reason": "declined"},
            {"ended_on": date(2026, 10, 1), "withdrawn_on": date(2026, 10, 1), "end_reason": "other"},
            {"end_reason": "other"},
        ],
    )
    def test_the_database_knows_what_can_not_be(self, facts):
        with pytest.raises(IntegrityError), transaction.atomic():
            PlacementFactory(starts_on=date(2026, 10, 1), **facts)

    def test_the_database_takes_every_reason_where_it_belongs(self):
        for reason in Placement.ENDS:
            PlacementFactory(ended_on=date(2026, 11, 1), end_reason=reason)
        for reason in Placement.WITHDRAWALS:
            PlacementFactory(withdrawn_on=date(2026, 9, 1), end_reason=reason)
        assert {*Placement.ENDS, *Placement.WITHDRAWALS} == set(Placement.Reason)

    def test_a_slot_does_not_shrink_under_those_who_are_there(self):
        slot = SlotFactory(places=2)
        for _one in range(2):
            take(slot, TODAY, date(2026, 12, 31))

        with pytest.raises(Full):
            occupancy.resize(slot=slot, by=slot.owner, places=1)
        with pytest.raises(NotNow):
            occupancy.resize(slot=slot, by=slot.owner, ends_on=date(2026, 12, 1))

        slot.refresh_from_db()
        assert (slot.places, slot.ends_on) == (2, None)
        assert occupancy.resize(slot=slot, by=slot.owner, places=3).places == 3


# Two in the same second.


@pytest.mark.django_db(transaction=True)
def test_of_two_who_take_the_last_place_in_the_same_second_one_gets_it_two_hundred_times():
    """Each over a connection of its own; the loser is told when there is one again."""
    today = date.today()
    slots = [SlotFactory(places=2, starts_on=today, owner=UserFactory(username="owner")) for _one in range(1)]
    owner = slots[0].owner
    slots += [SlotFactory(places=2, starts_on=today, owner=owner, workplace=slots[0].workplace) for _one in range(199)]
    for slot in slots:
        PlacementFactory(slot=slot, starts_on=today, planned_end=today + timedelta(days=30))
    start, outcomes = threading.Barrier(2), []

    def run(as_placement):
        try:
            with translation.override("en"):
                for slot in slots:
                    start.wait()
                    try:
                        take(slot, today, today + timedelta(days=20), as_placement=as_placement)
                        outcomes.append((slot.pk, "taken"))
                    except Full as full:
                        outcomes.append((slot.pk, str(full)))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(as_placement,)) for as_placement in (True, False)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for slot in slots:
        said = sorted(words == "taken" for pk, words in outcomes if pk == slot.pk)
        assert said == [False, True]
    assert Placement.objects.count() + Reservation.objects.count() == 2 * len(slots)
    assert all("All 2 places are taken on" in words for _pk, words in outcomes if words != "taken")


# Whatever is done.


class Places(RuleBasedStateMachine):
    """A slot of two places, and everything that people do to it."""

    def __init__(self):
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.clock = time_machine.travel("2026-11-24 09:00+01:00", tick=False)
        self.traveller = self.clock.start()
        self.today = TODAY
        self.slot = SlotFactory(places=2)

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    days = st.integers(-10, 40)

    @rule(first=days, length=st.integers(0, 30), as_placement=st.booleans(), pick=st.integers(0, 5))
    def take(self, first, length, as_placement, pick):
        starts_on = self.today + timedelta(days=first)
        held = list(Reservation.objects.open().order_by("pk"))
        more = {"reservation": held[pick % len(held)]} if as_placement and held and pick < 3 else {}
        with suppress(NotNow):
            take(self.slot, starts_on, starts_on + timedelta(days=length), as_placement=as_placement, **more)

    @rule(pick=st.integers(0, 5), days=st.integers(-5, 60))
    def extend(self, pick, days):
        if rows := list(Placement.objects.order_by("pk")):
            one = rows[pick % len(rows)]
            with suppress(NotNow):
                occupancy.extend(placement=one, by=self.slot.owner, planned_end=one.planned_end + timedelta(days=days))

    @rule(pick=st.integers(0, 5), days=st.integers(-40, 5))
    def end(self, pick, days):
        if rows := list(Placement.objects.order_by("pk")):
            with suppress(NotNow):
                occupancy.end(
                    placement=rows[pick % len(rows)],
                    by=self.slot.owner,
                    on=self.today + timedelta(days=days),
                    reason="other",
                )

    @rule(pick=st.integers(0, 5), reason=st.sampled_from(Placement.WITHDRAWALS))
    def withdraw(self, pick, reason):
        if rows := list(Placement.objects.order_by("pk")):
            with suppress(NotNow):
                steps.withdraw(placement=rows[pick % len(rows)], by=self.slot.owner, reason=reason)

    @rule(pick=st.integers(0, 5))
    def undo(self, pick):
        """Whenever it was said, as if within ten minutes: the days must be free still."""
        if rows := list(Placement.objects.order_by("pk")):
            with suppress(NotNow):
                occupancy.reopen(placement=rows[pick % len(rows)], by=self.slot.owner)

    @rule(pick=st.integers(0, 5), act=st.sampled_from(["meet", "renew", "give_back"]))
    def take_further(self, pick, act):
        if rows := list(Reservation.objects.order_by("pk")):
            how = {"meet": {"on": self.today}, "renew": {}, "give_back": {"why": "Another place"}}[act]
            with suppress(NotNow):
                getattr(reservations, act)(reservation=rows[pick % len(rows)], by=self.slot.owner, **how)

    @rule()
    def let_go(self):
        reservations.let_go(self.today)
        assert not Reservation.objects.run_out(self.today).exists()

    @rule(places=st.integers(1, 3), until=st.none() | st.integers(0, 60))
    def resize(self, places, until):
        ends_on = None if until is None else self.today + timedelta(days=until)
        with suppress(NotNow):
            occupancy.resize(slot=self.slot, by=self.slot.owner, places=places, ends_on=ends_on)

    @rule(days=st.integers(1, 20))
    def wait(self, days):
        self.traveller.shift(timedelta(days=days))
        self.today += timedelta(days=days)

    @invariant()
    def no_day_to_come_has_more_than_there_are_places(self):
        """Nor today. What has been may have been more than a slot holds that was made smaller since."""
        slot = Slot.objects.get(pk=self.slot.pk)
        spans = [each for each in occupancy.taken(slot) if each.last >= self.today]
        for one in {max(each.first, self.today) for each in spans}:
            assert sum(each.first <= one <= each.last for each in spans) <= slot.places

    @invariant()
    def dates_are_in_order(self):
        for one in Placement.objects.all():
            assert one.starts_on <= one.planned_end
            assert one.ended_on is None or one.starts_on <= one.ended_on <= self.today
            assert one.withdrawn_on is None or (one.ended_on is None and one.withdrawn_on <= one.starts_on)
            assert bool(one.end_reason) == one.is_over


@pytest.mark.slow
@pytest.mark.django_db
def test_no_sequence_of_acts_overfills_a_slot_or_breaks_the_dates():
    run_state_machine_as_test(
        Places,
        settings=settings(
            max_examples=50, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
