"""What the timeline of a workplace tells of its places: in words, and never whose place it is."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from companies import timeline
from placements import effect, job_orders, occupancy, reservations, slots, steps
from tests.factories import (
    CentreMemberFactory,
    CompanyCentreFactory,
    EffectFactory,
    JobOrderFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    StayFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def told(workplace, user, most=None):
    return timeline.at(workplace, user, TODAY, most, timeline.PLACES)


def words(workplace, user, most=None):
    return [event.words for event in told(workplace, user, most)]


def at(day):
    return time_machine.travel(f"{day}T08:30:00+00:00", tick=False)


def test_what_is_done_with_a_slot_is_told_with_who_and_why(owner, colleague):
    workplace = WorkplaceFactory()
    with at("2026-11-02"):
        slot = slots.make(
            workplace=workplace, owner=owner, by=owner, measure_id="work_placement", places=2, tasks="Kitchen",
            starts_on=date(2026, 11, 2),
        )  # fmt: skip
    with at("2026-11-09"):
        slots.confirm(slot=slot, by=owner, on=date(2026, 11, 9))
        slots.set_state(slot=slot, state="paused", by=colleague, why="Closed in winter")
    with at("2026-11-16"):
        slots.set_state(slot=slot, state="open", by=colleague)
    slots.set_state(slot=slot, state="closed", by=owner, why="Enough for now")

    found = told(workplace, owner)

    assert [(one.day.day, one.words, one.more) for one in found] == [
        (24, "Slot closed", "Olga Owner: Enough for now"),
        (16, "Slot opened again", "Carl Colleague"),
        (9, "Slot paused", "Carl Colleague: Closed in winter"),
        (2, "Slot opened", "Olga Owner: 2 places"),
    ]
    assert {one.url for one in found} == {slot.get_absolute_url()}
    assert {one.about for one in found} == {"Work placement, Kitchen"}


def test_a_place_is_followed_from_the_reservation_to_what_came_of_it(owner):
    slot = SlotFactory(owner=owner)
    facts = {"consultant": owner, "case_reference": "26/00412", "by": owner, "slot": slot}
    with at("2026-06-01"):
        days = {"starts_on": date(2026, 6, 8), "planned_end": date(2026, 7, 31)}
        held = occupancy.occupy(as_placement=False, **days, **facts)
    with at("2026-06-08"):
        placement = steps.start(reservation=held, **days, **facts)
    with at("2026-07-20"):
        steps.extend(placement=placement, by=owner, planned_end=date(2026, 8, 28))
    with at("2026-08-28"):
        steps.end(placement=placement, by=owner, on=date(2026, 8, 28), reason="job")
    with at("2026-10-01"):
        effect.record(placement=placement, by=owner, outcome="job")

    found = told(slot.workplace, owner)

    assert [(f"{one.day:%d.%m}", one.words) for one in found] == [
        ("24.11", "Slot opened"),
        ("01.10", "What came of the placement was noted"),
        ("28.08", "Placement ended"),
        ("20.07", "Placement extended"),
        ("08.06", "Placement started"),
        ("01.06", "Place reserved"),
    ]
    assert "26/00412" not in str(found)
    assert "job" not in str(found[1]).lower()
    assert found[2].url == placement.get_absolute_url()
    assert found[-1].url == f"{slot.get_absolute_url()}#reservations"


def test_a_job_order_is_told_from_when_it_was_received_until_it_is_closed(owner, colleague):
    workplace = WorkplaceFactory()
    with at("2026-11-02"):
        order = job_orders.receive(
            workplace=workplace, owner=owner, by=owner, title="Cook", positions=2, deadline=date(2026, 12, 15)
        )
    with at("2026-11-03"):
        referral = job_orders.refer(order=order, by=colleague, case_reference="26/00412")
        job_orders.answer(referral=referral, by=owner, hired=True)
    with at("2026-11-09"):
        job_orders.fill(order=order, by=colleague)
    with at("2026-11-16"):
        job_orders.reopen(order=order, by=owner, positions=3, deadline=date(2026, 12, 20))
    job_orders.withdraw(order=order, by=owner, why="A machine does it")

    found = told(workplace, owner)

    assert [(one.day.day, one.words, one.more) for one in found] == [
        (24, "Job order withdrawn", "Olga Owner: A machine does it"),
        (16, "Job order opened again", "Olga Owner"),
        (9, "Job order filled", "Carl Colleague"),
        (2, "Job order received", "Olga Owner: 2 positions"),
    ]
    assert {(one.about, one.url) for one in found} == {("Cook", order.get_absolute_url())}
    assert "26/00412" not in str(found)


def test_a_place_that_is_given_back_or_let_go_is_told(owner):
    slot = SlotFactory(owner=owner)
    given, _gone = ReservationFactory.create_batch(2, slot=slot, held_until=TODAY - DAY)
    reservations.give_back(reservation=given, by=owner, why="Another place was nearer")
    reservations.let_go(TODAY)

    said = {(one.words, one.more) for one in told(slot.workplace, owner)}

    assert {("Place given back", "Olga Owner: Another place was nearer"), ("Reservation let go", "")} <= said


def test_one_that_is_to_start_is_told_when_it_was_agreed(owner):
    placement = PlacementFactory(starts_on=date(2026, 12, 1))

    first, *_rest = told(placement.slot.workplace, owner)

    assert (first.day, first.words) == (TODAY, "Placement agreed")
    assert first.more.endswith("starts on 1 December 2026")


def test_what_happened_last_comes_first_on_one_day(owner):
    slot = SlotFactory(owner=owner)
    occupancy.occupy(
        slot=slot, by=owner, consultant=owner, case_reference="26/1", starts_on=TODAY, planned_end=TODAY + 20 * DAY,
        as_placement=True,
    )  # fmt: skip

    assert words(slot.workplace, owner) == ["Placement started", "Slot opened"]


def test_a_stay_is_told_at_both_workplaces_of_a_centre(owner):
    agreement = active_agreement(owner=owner, kind="centre")
    other = WorkplaceFactory(company=agreement.company, name="The warehouse")
    CentreMemberFactory(centre=CompanyCentreFactory(agreement=agreement), workplace=other)
    placement = PlacementFactory(slot__workplace=agreement.workplace, slot__agreement=agreement)
    StayFactory(placement=placement, workplace=other, starts_on=date(2026, 11, 2), ends_on=date(2026, 11, 20))
    StayFactory(placement=placement, starts_on=date(2026, 12, 1))

    (there,) = told(other, owner)

    assert (there.words, there.day) == ("Stay at The warehouse", date(2026, 11, 2))
    assert there.more == "from 2 November 2026 to 20 November 2026"
    assert there.url == placement.get_absolute_url()
    assert "Stay at The warehouse" in words(agreement.workplace, owner)


def test_where_one_was_to_stay_that_came_to_nothing_is_not_told(owner):
    placement = PlacementFactory(starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")
    stay = StayFactory(placement=placement, workplace=WorkplaceFactory(), starts_on=TODAY)

    assert words(stay.workplace, owner) == []
    assert not any(one.startswith("Stay") for one in words(placement.slot.workplace, owner))


def test_the_case_systems_own_slot_was_opened_by_nobody(owner):
    slot = SlotFactory(state="closed", state_why="Only for what the case system's list brings")

    assert words(slot.workplace, owner) == []


def test_everybody_reads_as_much_as_they_may(person_in, stranger):
    held = ReservationFactory(slot=PlacementFactory().slot)
    JobOrderFactory(workplace=held.slot.workplace)

    assert words(held.slot.workplace, person_in("Case worker")) == [
        "Place reserved",
        "Slot opened",
        "Job order received",
        "Placement started",
    ]
    assert words(held.slot.workplace, person_in("Data steward")) == ["Slot opened", "Job order received"]
    assert words(held.slot.workplace, stranger) == []


def test_the_latest_are_among_those_that_are_asked_for(owner):
    slot = SlotFactory(places=9)
    for week in range(4):
        begun = TODAY - timedelta(weeks=20 + week)
        placement = PlacementFactory(slot=slot, starts_on=begun, planned_end=begun + 30 * DAY)
        ended = PlacementFactory(
            slot=slot, starts_on=begun - 90 * DAY, planned_end=begun, ended_on=begun, end_reason="as_planned"
        )
        EffectFactory(placement=ended, recorded_on=TODAY - timedelta(weeks=week))
        ReservationFactory(slot=slot, starts_on=placement.starts_on)

    everything, some = told(slot.workplace, owner), told(slot.workplace, owner, 3)

    assert some[:3] == everything[:3]


@pytest.mark.parametrize("rows", [1, 6])
def test_it_takes_one_statement_however_much_has_happened(owner, rows, django_assert_num_queries):
    workplace = WorkplaceFactory()
    for _number in range(rows):
        slot = SlotFactory(workplace=workplace)
        ReservationFactory(slot=slot)
        placement = EffectFactory(placement__slot=slot).placement
        placement.extensions.create(before=date(2026, 8, 1), after=date(2026, 9, 30), by=owner)
        StayFactory(placement=placement)
        JobOrderFactory(workplace=workplace)
    owner.has_perm("placements.view_slot")

    with django_assert_num_queries(1):
        assert len(told(workplace, owner)) == rows * 8


def test_the_card_tells_of_places_and_can_be_narrowed_to_them(client_for, person_in):
    placement = PlacementFactory(case_reference="26/00412")
    workplace, client = placement.slot.workplace, client_for(person_in("Case worker"))
    address = reverse("desk:card", args=[workplace.pk])

    whole, places, changes = (client.get(address + query) for query in ("", "?show=places", "?show=changes"))

    assert f'<a href="{placement.get_absolute_url()}">Placement started</a>' in whole.text
    assert "26/00412" not in whole.text
    assert {entry.kind for entry in places.context["past"]} == {"event"}
    assert "Placement started" not in changes.text


def test_where_there_have_been_none_that_is_said(client_for, owner):
    answer = client_for(owner).get(reverse("desk:card", args=[WorkplaceFactory().pk]) + "?show=places")

    assert "There have been no places here yet." in answer.text


def test_one_that_came_to_nothing_was_agreed_and_never_started(owner):
    slot = SlotFactory(owner=owner)
    with at("2026-11-10"):
        placement = PlacementFactory(slot=slot, starts_on=date(2026, 11, 20), planned_end=date(2026, 12, 20))
    with at("2026-11-18"):
        steps.withdraw(placement=placement, by=owner, reason="declined")

    found = [one for one in told(slot.workplace, owner) if one.url == placement.get_absolute_url()]

    assert [(one.day.day, one.words) for one in found] == [
        (18, "Placement came to nothing"),
        (10, "Placement agreed"),
    ]
