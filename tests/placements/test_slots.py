"""Acts on slots and hosting profiles."""

from datetime import date
from uuid import uuid4

import pytest

from companies.models import TargetGroup
from contacts.actions import NotNow
from placements import hosting, slots
from placements.models import HostingProfile, Slot
from placements.occupancy import Full
from tests.factories import PlacementFactory, SlotFactory, UserFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def make(owner, workplace=None, **facts):
    facts = {"measure_id": "work_placement", "places": 2, "tasks": "Kitchen", "starts_on": TODAY} | facts
    return slots.make(workplace=workplace or WorkplaceFactory(), owner=owner, by=owner, **facts)


def test_a_slot_is_made_open_and_heard_of_today(owner):
    groups = TargetGroup.objects.all()[:2]

    slot = make(owner, target_groups=groups, considerations=["bus"])

    assert (slot.state, slot.confirmed_on, slot.history.get().history_user) == ("open", TODAY, owner)
    assert set(slot.target_groups.all()) == set(groups)
    assert slot.considerations.get().pk == "bus"


def test_the_same_form_sent_twice_makes_one(owner):
    token = uuid4()
    assert make(owner, token=token) == make(owner, token=token)
    assert Slot.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "why"),
    [({"labour_conflict": True}, "labour conflict"), ({"ceased_on": date(2026, 11, 1)}, "has ceased")],
)
def test_no_slot_is_made_where_none_can_be_agreed(owner, facts, why):
    with pytest.raises(NotNow, match=why):
        make(owner, WorkplaceFactory(**facts))
    assert not Slot.objects.exists()


def test_the_agreement_must_hold_at_the_workplace(owner):
    agreement = active_agreement(owner=owner)
    assert make(owner, agreement.workplace, agreement=agreement).agreement == agreement

    with pytest.raises(NotNow, match="does not hold"):
        make(owner, agreement=agreement)


def test_changing_keeps_all_who_are_there(owner):
    slot = SlotFactory(places=2)
    for _number in range(2):
        PlacementFactory(slot=slot)

    with pytest.raises(Full):
        slots.change(slot=slot, by=owner, places=1)

    changed = slots.change(slot=slot, by=owner, places=3, tasks="Laundry", considerations=["quiet"])
    assert (changed.places, changed.tasks, changed.considerations.get().pk) == (3, "Laundry", "quiet")


def test_an_agreement_that_is_over_stays_where_it_was_and_comes_nowhere_else(owner):
    other = active_agreement(owner=owner)
    slot = SlotFactory(agreement=active_agreement(owner=owner, ends_on=date(2026, 10, 1)))
    slots.change(slot=slot, by=owner, agreement=slot.agreement, places=4)

    slot.agreement = other
    with pytest.raises(NotNow, match="does not hold"):
        slots.change(slot=slot, by=owner, agreement=other)


def test_pausing_is_undone_as_long_as_nobody_has_changed_it(owner):
    slot = SlotFactory(confirmed_on=date(2026, 9, 1))
    paused, before = slots.set_state(slot=slot, state="paused", by=owner, why="Holiday")
    assert (paused.state, paused.state_why) == ("paused", "Holiday")

    back = slots.put_back(slot=slot, before=before, by=owner)
    assert (back.state, back.state_why, back.confirmed_on) == ("open", "", date(2026, 9, 1))

    _paused, before = slots.set_state(slot=slot, state="closed", by=owner, why="Over")
    slots.change(slot=slot, by=owner, tasks="Else")
    with pytest.raises(NotNow, match="changed since"):
        slots.put_back(slot=slot, before=before, by=owner)


def test_what_is_opened_is_heard_of_that_day_and_not_in_a_conflict(owner):
    slot = SlotFactory(state="paused", confirmed_on=date(2026, 5, 1))
    opened, _before = slots.set_state(slot=slot, state="open", by=owner)
    assert opened.confirmed_on == TODAY
    with pytest.raises(NotNow, match="open already"):
        slots.set_state(slot=slot, state="open", by=owner)

    struck = SlotFactory(state="paused", workplace__labour_conflict=True)
    with pytest.raises(NotNow, match="labour conflict"):
        slots.set_state(slot=struck, state="open", by=owner)


def test_an_older_contact_says_nothing_new_of_a_slot(owner):
    slot = SlotFactory(confirmed_on=date(2026, 11, 1))
    assert slots.confirm(slot=slot, by=owner, on=date(2026, 10, 1))[0].confirmed_on == date(2026, 11, 1)
    assert slots.confirm(slot=slot, by=owner, on=TODAY)[0].confirmed_on == TODAY


def test_only_open_slots_unheard_of_are_to_be_confirmed():
    old = date(2026, 9, 1)
    asked = SlotFactory(confirmed_on=old)
    others = [
        SlotFactory(confirmed_on=date(2026, 9, 25)), SlotFactory(confirmed_on=old, state="paused"),
        SlotFactory(confirmed_on=old, ends_on=date(2026, 11, 1)),
    ]  # fmt: skip

    assert list(Slot.objects.to_confirm(TODAY)) == [asked]
    assert [one.is_to_confirm(TODAY) for one in [asked, *others]] == [True, False, False, False]


# Hosting profiles.


def test_a_profile_is_written_once_and_changed_as_of_today(owner):
    place, earlier = WorkplaceFactory(), UserFactory()
    facts = {"tasks": "Kitchen", "hours_from": 5, "hours_to": 20}
    hosting.write(workplace=place, by=earlier, target_groups=[], considerations=[], **facts)
    hosting.write(workplace=place, by=owner, target_groups=["lab-06-03"], considerations=["bus"], tasks="Laundry")

    profile = HostingProfile.objects.get()
    assert (profile.tasks, profile.hours_to, profile.confirmed_by, profile.confirmed_on) == (
        "Laundry",
        20,
        owner,
        TODAY,
    )
    assert hosting.profile_at(place).target_groups.all()[0].pk == "lab-06-03"


def test_still_true_is_as_of_the_contact_and_by_who_heard_it(owner):
    profile = HostingProfile.objects.create(
        workplace=WorkplaceFactory(), confirmed_on=date(2026, 11, 2), confirmed_by=UserFactory()
    )
    hosting.confirm(profile=profile, by=owner, on=date(2026, 11, 1))
    profile.refresh_from_db()
    assert profile.confirmed_by != owner

    hosting.confirm(profile=profile, by=owner, on=date(2026, 11, 20))
    profile.refresh_from_db()
    assert (profile.confirmed_by, profile.confirmed_on) == (owner, date(2026, 11, 20))


@pytest.mark.parametrize(
    ("on", "tasks"), [(date(2026, 11, 19), "Kitchen"), (date(2026, 11, 20), ""), (date(2026, 11, 21), "")]
)
def test_that_they_can_host_nobody_holds_unless_something_newer_is_known(owner, on, tasks):
    profile = HostingProfile.objects.create(
        workplace=WorkplaceFactory(), confirmed_on=date(2026, 11, 20), confirmed_by=owner, tasks="Kitchen"
    )

    _profile, before = hosting.end(profile=profile, by=owner, on=on)

    profile.refresh_from_db()
    assert (profile.tasks, before is None) == (tasks, bool(tasks))
