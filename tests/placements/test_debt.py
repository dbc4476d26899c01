"""A promised place that is empty for three weeks is our debt: told once, and paid by itself."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone

from contacts.models import FollowUp
from placements import debt, occupancy, reservations, steps
from placements.models import Placement, Slot
from tests.factories import PlacementFactory, ReservationFactory, SlotFactory, UserFactory, active_agreement, made_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def empty_slot(day=date(2026, 11, 3), **facts):
    return made_on(SlotFactory(**{"places": 1, "owner__language": "en"} | facts), day)


def told():
    return list(FollowUp.objects.filter(kind="owed").order_by("pk"))


def test_after_twenty_one_days_it_is_a_follow_up_of_the_slots_owner_and_only_once():
    slot = empty_slot()

    assert debt.plan(TODAY - timedelta(days=1)) == {"owed": 0, "paid": 0}
    assert debt.plan(TODAY) == {"owed": 1, "paid": 0}
    assert debt.plan(TODAY) == {"owed": 0, "paid": 0}
    assert debt.plan(TODAY + timedelta(days=30)) == {"owed": 0, "paid": 0}

    (follow_up,) = told()
    assert (follow_up.owner, follow_up.due_on, follow_up.workplace) == (slot.owner, TODAY, slot.workplace)
    assert follow_up.title == (
        "We owe them a candidate or a call: Work placement, Kitchen and serving, free since 03/11/2026"
    )
    assert follow_up.cause == slot
    slot.workplace.refresh_from_db()
    assert slot.workplace.next_contact_on == TODAY


@pytest.mark.parametrize(
    "facts",
    [
        {"state": "paused"},
        {"state": "closed"},
        {"starts_on": date(2026, 11, 10)},
        {"ends_on": date(2026, 11, 20)},
        {"workplace__labour_conflict": True},
        {"workplace__ceased_on": date(2026, 11, 1)},
    ],
)
def test_nothing_is_owed_for_a_slot_that_can_not_be_filled_or_is_new(facts):
    empty_slot(**facts)

    assert debt.plan(TODAY) == {"owed": 0, "paid": 0}


@pytest.mark.parametrize(
    ("ended_on", "places", "owed"),
    [
        (None, 1, 0),
        (date(2026, 11, 10), 1, 0),
        (date(2026, 11, 2), 1, 1),
        (date(2026, 11, 3), 1, 0),
        (None, 2, 1),
    ],
)
def test_the_days_begin_when_a_place_became_free(ended_on, places, owed):
    slot = empty_slot(date(2026, 9, 1), places=places)
    PlacementFactory(
        slot=slot, starts_on=date(2026, 10, 1), ended_on=ended_on, end_reason="as_planned" if ended_on else ""
    )
    Placement.objects.update(created_at=timezone.make_aware(datetime(2026, 10, 1)))

    assert debt.plan(TODAY)["owed"] == owed


def test_a_place_that_is_reserved_for_later_is_not_empty():
    slot = empty_slot(date(2026, 9, 1))
    ReservationFactory(slot=slot, starts_on=date(2026, 12, 15), planned_end=date(2027, 1, 31))

    assert debt.plan(TODAY) == {"owed": 0, "paid": 0}


def test_a_slot_that_was_paused_is_promised_again_from_then_on():
    slot = empty_slot(date(2026, 9, 1))
    with time_machine.travel("2026-11-01 10:00+01:00"):
        occupancy.resize(slot=slot, by=slot.owner, state="paused")
    with time_machine.travel("2026-11-10 10:00+01:00"):
        occupancy.resize(slot=slot, by=slot.owner, state="open")

    assert debt.plan(TODAY) == {"owed": 0, "paid": 0}


def take(slot, **more):
    facts = {"case_reference": "26/1", "starts_on": TODAY, "planned_end": date(2026, 12, 20), "as_placement": True}
    return occupancy.occupy(slot=slot, by=slot.owner, consultant=slot.owner, **facts | more)


@pytest.mark.parametrize(
    "act",
    [
        take,
        lambda slot: take(slot, as_placement=False),
        lambda slot: occupancy.resize(slot=slot, by=slot.owner, state="paused"),
        lambda slot: occupancy.resize(slot=slot, by=slot.owner, state="closed"),
    ],
)
def test_it_is_paid_when_the_place_is_taken_or_no_longer_promised(act):
    slot = empty_slot()
    debt.plan(TODAY)

    act(slot)

    (follow_up,) = told()
    assert follow_up.done_by == slot.owner
    slot.workplace.refresh_from_db()
    assert slot.workplace.next_contact_on is None


def test_the_clock_ticks_off_what_can_not_be_filled_any_more(django_assert_num_queries):
    slots = [empty_slot(owner=UserFactory(language="en")) for _one in range(3)]
    debt.plan(TODAY)
    Slot.objects.filter(pk__in=[slot.pk for slot in slots[:2]]).update(ends_on=TODAY)

    assert debt.plan(TODAY + timedelta(days=1)) == {"owed": 0, "paid": 2}

    assert [follow_up.done_at is None for follow_up in told()] == [False, False, True]
    assert told()[0].done_by == told()[0].owner


def test_another_spell_is_another_debt():
    slot = empty_slot()
    debt.plan(TODAY)
    placement = take(slot)
    steps.end(placement=placement, by=slot.owner, on=TODAY, reason="candidate")

    assert debt.plan(TODAY + timedelta(days=21)) == {"owed": 0, "paid": 0}
    assert debt.plan(TODAY + timedelta(days=22)) == {"owed": 1, "paid": 0}
    assert len(told()) == 2


# Who was to come does not: the place has stood empty all the while.


def give_back(slot, held):
    reservations.give_back(reservation=held, by=slot.owner, why="No bus")


def let_go(_slot, held):
    assert reservations.let_go(held.held_until + timedelta(days=1)) == {"let_go": 1}


def withdraw(slot, placement):
    steps.withdraw(placement=placement, by=slot.owner, reason="declined")


def start_and_withdraw(slot, held):
    held.refresh_from_db()
    facts = {"consultant": slot.owner, "case_reference": "26/1", "starts_on": TODAY, "planned_end": held.planned_end}
    withdraw(slot, steps.start(slot=slot, by=slot.owner, reservation=held, **facts))


COMES_TO_NOTHING = [(False, give_back), (False, let_go), (True, withdraw), (False, start_and_withdraw)]


@pytest.mark.parametrize(("as_placement", "comes_to_nothing"), COMES_TO_NOTHING)
def test_it_is_owed_again_at_once_when_who_was_to_come_does_not(as_placement, comes_to_nothing):
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        slot = empty_slot(date(2026, 10, 1))
        debt.plan(date(2026, 11, 20))
    taken = take(slot, as_placement=as_placement)
    assert told()[0].done_by == slot.owner

    comes_to_nothing(slot, taken)

    (follow_up,) = told()
    assert (follow_up.done_at, follow_up.due_on) == (None, TODAY)
    assert "free since 01/10/2026" in follow_up.title
    slot.workplace.refresh_from_db()
    assert slot.workplace.next_contact_on == TODAY


@pytest.mark.parametrize(("as_placement", "comes_to_nothing"), COMES_TO_NOTHING)
def test_the_days_go_on_where_somebody_who_does_not_come_had_the_place(as_placement, comes_to_nothing):
    slot = empty_slot(TODAY - timedelta(days=10))
    comes_to_nothing(slot, take(slot, as_placement=as_placement))

    assert debt.plan(TODAY + timedelta(days=10)) == {"owed": 0, "paid": 0}
    assert debt.plan(TODAY + timedelta(days=11)) == {"owed": 1, "paid": 0}


def test_where_two_were_to_come_it_is_owed_again_when_neither_does():
    slot = empty_slot(places=2)
    debt.plan(TODAY)
    first, second = (take(slot, as_placement=False, case_reference=f"26/{n}") for n in (1, 2))

    give_back(slot, first)
    assert told()[0].done_at is not None
    give_back(slot, second)

    assert [follow_up.done_at for follow_up in told()] == [None]


def test_a_call_that_was_made_before_somebody_took_the_place_is_not_owed_again():
    with time_machine.travel("2026-11-20 10:00+01:00", tick=False):
        slot = empty_slot(date(2026, 10, 1))
        debt.plan(date(2026, 11, 20))
        told()[0].finish(by=slot.owner)

    give_back(slot, take(slot, as_placement=False))

    assert told()[0].done_at is not None


def test_nothing_is_owed_again_for_a_slot_that_can_not_be_filled():
    slot = empty_slot()
    debt.plan(TODAY)
    held = take(slot, as_placement=False)
    Slot.objects.update(state="paused")

    give_back(slot, held)

    assert told()[0].done_at is not None


def test_it_is_the_slots_owners_who_may_be_another_by_now():
    slot = empty_slot()
    debt.plan(TODAY)
    held = take(slot, as_placement=False)
    Slot.objects.update(owner=UserFactory(language="en"))

    give_back(slot, held)

    slot.refresh_from_db()
    assert told()[0].owner == slot.owner


def test_it_is_paid_again_when_it_is_undone_that_they_do_not_come():
    slot = empty_slot()
    debt.plan(TODAY)
    placement = take(slot)
    withdraw(slot, placement)

    steps.reopen(placement=placement, by=slot.owner)

    assert told()[0].done_by == slot.owner


def test_one_that_was_ticked_off_by_hand_is_not_told_again():
    slot = empty_slot()
    debt.plan(TODAY)
    told()[0].finish(by=slot.owner)

    assert debt.plan(TODAY + timedelta(days=40)) == {"owed": 0, "paid": 0}


@pytest.mark.parametrize(
    ("facts", "is_paid"),
    [
        ({"places": 1}, True),
        ({"places": 3}, False),
        ({"ends_on": date(2026, 12, 31)}, False),
        ({"starts_on": date(2026, 11, 20)}, True),
        ({"tasks": "Something else"}, False),
    ],
)
def test_it_is_paid_when_a_slot_is_changed_so_that_nothing_is_owed(facts, is_paid):
    slot = empty_slot(date(2026, 9, 1), places=2)
    placement = PlacementFactory(slot=slot, starts_on=date(2026, 11, 21))
    Placement.objects.filter(pk=placement.pk).update(created_at=timezone.make_aware(datetime(2026, 10, 1)))
    debt.plan(TODAY)

    occupancy.resize(slot=slot, by=slot.owner, **facts)

    (follow_up,) = told()
    assert (follow_up.done_by == slot.owner) == is_paid


def test_it_is_paid_when_the_slot_is_made_to_end():
    slot = empty_slot()
    debt.plan(TODAY)

    occupancy.resize(slot=slot, by=slot.owner, ends_on=date(2026, 11, 23))

    assert told()[0].done_by == slot.owner


def test_a_place_of_somebody_who_did_not_come_has_stood_empty_all_the_while():
    slot = empty_slot(date(2026, 9, 1))
    PlacementFactory(slot=slot, starts_on=date(2026, 12, 1), withdrawn_on=date(2026, 11, 20), end_reason="declined")
    Placement.objects.update(created_at=timezone.make_aware(datetime(2026, 10, 1)))

    def owed(day):
        return debt.owed(Slot.objects.filter(pk=slot.pk), day)

    assert owed(TODAY) == {slot: date(2026, 9, 1)}


@pytest.mark.parametrize("n", [1, 12])
def test_a_day_takes_as_many_statements_however_many_places_stand_empty(n, django_assert_num_queries):
    debt.plan(TODAY)
    for _one in range(n):
        empty_slot()

    with django_assert_num_queries(16):
        assert debt.plan(TODAY)["owed"] == n


def test_the_card_of_the_agreement_tells_of_it(client_for, owner):
    agreement = active_agreement(owner=owner)
    slot = empty_slot(agreement=agreement, workplace=agreement.workplace, owner=owner)
    client = client_for(owner)

    assert "We owe them" not in client.get(agreement.get_absolute_url()).text
    debt.plan(TODAY)
    text = client.get(agreement.get_absolute_url()).text

    assert "We owe them a candidate or a call: 1 slot has stood empty for three weeks." in text
    assert f'href="/slots/{slot.pk}/"' in text


def test_it_stands_on_my_day_as_a_follow_up(client_for, owner):
    owner.language = "en"
    owner.save()
    empty_slot(owner=owner)
    debt.plan(TODAY)

    assert "We owe them a candidate or a call" in client_for(owner).get("/").text


def test_the_list_of_slots_tells_those_that_we_owe(client_for, owner):
    owed = empty_slot()
    empty_slot(date(2026, 11, 20))
    debt.plan(TODAY)

    answer = client_for(owner).get("/slots/", {"owed": "yes"})

    assert list(answer.context["page_obj"]) == [owed]
    assert list(debt.owed_slots()) == [owed]
