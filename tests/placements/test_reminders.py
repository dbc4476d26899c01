"""What of placements waits for whom: told once, to whoever has it, or to managers where nobody has."""

from datetime import date, timedelta

import pytest

from contacts import waiting
from contacts.models import FollowUp
from jobcenter_crm.staff.roles import MANAGER
from placements import effect, follow_ups
from tests.factories import (
    EffectFactory,
    JobOrderFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    UserFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def told(user, name, today=TODAY):
    """What of the part of that name waits for `user`."""
    return {part.name: found for part, found in waiting.waiting([user.pk], today).get(user.pk, [])}.get(name)


def ended(**facts):
    return PlacementFactory(
        starts_on=date(2026, 9, 1), planned_end=date(2026, 10, 1), ended_on=date(2026, 10, 1), end_reason="as_planned",
        **facts,
    )  # fmt: skip


def test_a_placement_past_its_planned_end_without_a_word_is_told_to_its_consultant(owner, colleague):
    late = PlacementFactory(slot=SlotFactory(owner=owner), planned_end=TODAY - DAY)
    PlacementFactory(slot=late.slot, planned_end=TODAY)
    PlacementFactory(slot=late.slot, planned_end=TODAY - DAY, ended_on=TODAY - DAY, end_reason="job")

    found = told(owner, "placements_overdue")

    assert found.lines == [
        waiting.Line(
            "Has it ended? Work placement, Kitchen and serving", late.get_absolute_url(), late.slot.workplace.name,
            TODAY - DAY,
        )
    ]  # fmt: skip
    assert late.case_reference not in str(found)
    assert told(colleague, "placements_overdue") is None


def test_one_whose_follow_up_is_open_is_not_told_twice_even_when_that_is_put_off(owner):
    placement = PlacementFactory(slot=SlotFactory(owner=owner), starts_on=date(2026, 10, 19), planned_end=TODAY - DAY)
    follow_ups.write(placement, today=date(2026, 10, 20))
    assert told(owner, "placements_overdue") is None

    FollowUp.objects.open().update(due_on=TODAY + DAY)
    assert told(owner, "placements_overdue") is None

    follow_ups.close(placement, by=owner)
    assert told(owner, "placements_overdue").count == 1


def test_what_came_of_a_placement_is_asked_where_no_follow_up_does(owner):
    placement = ended(slot=SlotFactory(owner=owner))
    ended(slot=placement.slot, case_reference="", reference_erased_at="2026-11-01T08:00:00+00:00")
    EffectFactory(placement=ended(slot=placement.slot))

    (line,) = told(owner, "effects").lines
    assert line.what == "What came of it? Work placement, Kitchen and serving"
    assert (line.url, line.day) == (f"/placements/{placement.pk}/effect/", date(2026, 10, 29))

    effect.ask(TODAY)
    assert told(owner, "effects") is None


@pytest.mark.parametrize(("held_until", "is_told"), [(30, True), (1, True), (2, False)])
def test_a_reservation_is_told_two_working_days_before_it_runs_out(owner, held_until, is_told):
    friday, month = date(2026, 11, 27), 11 if held_until == 30 else 12
    ReservationFactory(slot=SlotFactory(owner=owner), held_until=date(2026, month, held_until))

    assert (told(owner, "reservations", friday) is not None) is is_told


def test_managers_are_told_of_what_nobody_has_any_more(person_in, owner):
    manager, gone = person_in(MANAGER), UserFactory(is_active=False, first_name="Gitte", last_name="Gone")
    slot = SlotFactory(owner=gone)
    placement = PlacementFactory(slot=slot)
    SlotFactory(owner=gone, state="closed")
    SlotFactory(owner=owner)
    order = JobOrderFactory(owner=gone)
    JobOrderFactory(owner=gone, state="withdrawn", closed_on=TODAY, closed_why="Enough")
    JobOrderFactory(owner=owner)

    slots, placements, orders = (
        told(manager, f"{name}_without_responsible") for name in ("slots", "placements", "job_orders")
    )

    assert [line.what for line in slots.lines] == ["Work placement, Kitchen and serving: Gitte Gone has left"]
    assert [line.url for line in placements.lines] == [placement.get_absolute_url()]
    assert orders.lines == [
        waiting.Line("Cook: Gitte Gone has left", order.get_absolute_url(), order.workplace.name, date(2026, 12, 15))
    ]
    assert (slots.count, placements.count, orders.count) == (1, 1, 1)
    assert told(owner, "slots_without_responsible") is told(owner, "job_orders_without_responsible") is None


@pytest.mark.parametrize("rows", [1, 12])
def test_it_takes_as_many_statements_for_many_people_and_rows_as_for_one(person_in, rows, django_assert_num_queries):
    manager, gone = person_in(MANAGER), UserFactory(is_active=False)
    people = [manager, *UserFactory.create_batch(rows)]
    for user in [*people, gone]:
        slot = SlotFactory(owner=user)
        PlacementFactory(slot=slot, planned_end=TODAY - DAY)
        ended(slot=slot)
        JobOrderFactory(owner=user)
    parts = {part.name: part for part in waiting.all_parts()}

    asked = waiting.Asked([user.pk for user in people], TODAY)
    assert asked.managers == {manager.pk}

    for name in (
        "placements_overdue",
        "effects",
        "slots_without_responsible",
        "placements_without_responsible",
        "job_orders_without_responsible",
    ):
        with django_assert_num_queries(1):
            assert parts[name].find(asked, 10)


def test_the_pages_that_are_told_open(client_for, person_in):
    client = client_for(person_in(MANAGER))

    for part in waiting.all_parts():
        if part.name.startswith(("placements", "effects", "slots", "job_orders")):
            assert client.get(part.url()).status_code == 200
