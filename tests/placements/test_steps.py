"""Steps of a placement that are taken back: it came to nothing, it ended by mistake, and what hangs on it."""

from datetime import date, timedelta

import pytest

from contacts.actions import NotNow
from contacts.models import FollowUp
from placements import effect, steps
from placements.models import Effect, Placement, Stay
from tests.factories import CompanyCentreFactory, PlacementFactory, SlotFactory, StayFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def started(owner, *, on=date(2026, 12, 1), **facts):
    return steps.start(
        slot=facts.pop("slot", None) or SlotFactory(owner=owner, places=1), by=owner, consultant=owner,
        case_reference="26/1", starts_on=on, planned_end=on + timedelta(weeks=13), **facts,
    )  # fmt: skip


def promised(placement):
    return FollowUp.objects.open().caused_by(placement)


# It came to nothing.


def test_one_that_came_to_nothing_is_followed_up_no_more_and_asked_nothing(owner, today):
    placement = started(owner)
    assert promised(placement).count() == 3

    steps.withdraw(placement=placement, by=owner, reason="declined")

    assert not promised(placement).exists()
    today.shift(timedelta(weeks=30))
    assert effect.ask(TODAY + timedelta(weeks=30)) == 0
    with pytest.raises(NotNow):
        effect.record(placement=placement, by=owner, outcome="job")


def test_it_can_be_undone_for_ten_minutes_by_whoever_did_it(owner, colleague, today):
    placement = started(owner)
    were = set(promised(placement).values_list("pk", "due_on"))
    today.shift(timedelta(minutes=1))
    steps.withdraw(placement=placement, by=owner, reason="mistake")

    with pytest.raises(NotNow):
        steps.reopen(placement=placement, by=colleague)
    today.shift(timedelta(minutes=9))
    steps.reopen(placement=placement, by=owner)

    placement.refresh_from_db()
    assert not placement.is_over
    assert set(promised(placement).values_list("pk", "due_on")) == were
    steps.withdraw(placement=placement, by=owner, reason="mistake")
    today.shift(timedelta(minutes=10))
    with pytest.raises(NotNow):
        steps.reopen(placement=placement, by=owner)


def test_what_was_changed_after_it_is_not_undone_with_it(owner, colleague):
    placement = started(owner)
    steps.withdraw(placement=placement, by=owner, reason="other")
    placement.refresh_from_db()
    placement.consultant, placement._history_user = colleague, owner
    placement.save()

    with pytest.raises(NotNow):
        steps.reopen(placement=placement, by=owner)


def test_a_placement_that_came_as_ended_has_no_end_to_undo(owner):
    placement = PlacementFactory.build(
        slot=None, consultant=owner, created_by=owner, ended_on=date(2026, 11, 1), end_reason="as_planned"
    )
    (made,) = steps.take_in(slot=SlotFactory(), placements=[placement], by=owner)

    with pytest.raises(NotNow):
        steps.reopen(placement=made, by=owner)


# It has not ended after all.


def test_an_end_said_by_mistake_is_undone_with_its_follow_ups(owner, today):
    placement = started(owner, on=date(2026, 11, 2))
    were = set(promised(placement).values_list("pk", "due_on"))
    today.shift(timedelta(minutes=1))
    steps.end(placement=placement, by=owner, on=TODAY, reason="candidate")
    assert not promised(placement).exists()

    steps.reopen(placement=placement, by=owner)

    placement.refresh_from_db()
    assert (placement.ended_on, placement.end_reason) == (None, "")
    assert set(promised(placement).values_list("pk", "due_on")) == were
    assert [one.ended_on for one in placement.history.order_by("history_id")] == [None, TODAY, None]


def test_what_had_been_done_before_the_end_stays_done(owner, today):
    placement = started(owner, on=date(2026, 11, 2))
    done = promised(placement).first()
    done.finish(by=owner)
    today.shift(timedelta(minutes=1))
    steps.end(placement=placement, by=owner, on=TODAY, reason="candidate")

    steps.reopen(placement=placement, by=owner)

    done.refresh_from_db()
    assert done.done_by == owner


def test_the_stays_that_the_end_cut_are_as_they_were(owner, today):
    centre = CompanyCentreFactory(agreement__owner=owner)
    placement = PlacementFactory(slot__agreement=centre.agreement, slot__workplace=centre.agreement.workplace)
    StayFactory(placement=placement, starts_on=date(2026, 10, 1), ends_on=date(2026, 11, 30))
    StayFactory(placement=placement, starts_on=date(2026, 12, 1))
    were = list(Stay.objects.values_list("pk", "starts_on", "ends_on"))
    today.shift(timedelta(minutes=1))
    steps.end(placement=placement, by=owner, on=TODAY, reason="other")
    assert list(Stay.objects.values_list("starts_on", "ends_on")) == [(date(2026, 10, 1), TODAY)]

    steps.reopen(placement=placement, by=owner)

    assert list(Stay.objects.values_list("pk", "starts_on", "ends_on")) == were


def test_an_end_of_which_the_effect_is_told_stands(owner):
    placement = PlacementFactory(planned_end=date(2026, 10, 20))
    steps.end(placement=placement, by=owner, on=date(2026, 10, 20), reason="as_planned")
    effect.ask(TODAY)
    effect.record(placement=placement, by=owner, outcome="job")

    with pytest.raises(NotNow, match="Take that back first"):
        steps.reopen(placement=placement, by=owner)
    effect.undo(placement=placement, by=owner)
    steps.reopen(placement=placement, by=owner)

    assert not Effect.objects.exists()
    assert not FollowUp.objects.caused_by(placement).filter(kind="effect").exists()
    assert Placement.objects.overdue(TODAY).get() == placement
