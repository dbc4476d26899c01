"""Slots, reservations, placements and job orders when their workplace is handed over, and when somebody leaves."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from contacts import handovers
from contacts.actions import NotNow
from contacts.models import FollowUp, Handover
from jobcenter_crm.staff import leaving
from jobcenter_crm.staff.roles import JOB_CONSULTANT, MANAGER
from placements import follow_ups, steps
from placements.models import Placement
from tests.conftest import member
from tests.factories import (
    JobOrderFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def whose(*rows):
    for row in rows:
        row.refresh_from_db()
    return {getattr(row, "owner", None) or row.consultant for row in rows}


@pytest.fixture
def place(owner):
    return WorkplaceFactory(owner=owner, name="The bakery")


@pytest.fixture
def things(place, owner):
    """A slot, somebody in it with what is promised for them, somebody who is to come, and a job order."""
    slot = SlotFactory(workplace=place, owner=owner, places=3)
    placement = PlacementFactory(slot=slot)
    follow_ups.write(placement, today=TODAY)
    return [slot, placement, ReservationFactory(slot=slot), JobOrderFactory(workplace=place, owner=owner)]


def test_they_go_along_with_what_was_promised_and_come_back(place, things, owner, colleague):
    offer = handovers.offer(giver=owner, to=colleague, by=owner, workplaces=[place.pk])
    assert whose(*things) == {owner}

    (outcome,) = handovers.accept(handovers=[offer], by=colleague)

    assert whose(*things) == {colleague}
    assert {one.owner for one in FollowUp.objects.open()} == {colleague}
    said = ["1 slot", "1 running placement", "1 reservation", "1 job order"]
    assert [words for words in outcome.along_in_words if words in said] == said
    assert {one.history.first().history_user for one in things} == {colleague}

    assert handovers.undo(handover=outcome.handover, by=colleague) == 0
    assert whose(*things) == {owner}
    assert {one.owner for one in FollowUp.objects.open()} == {owner}


def test_what_is_over_or_a_colleagues_stays(place, things, owner, colleague):
    slot = things[0]
    closed = SlotFactory(workplace=place, owner=owner, state="closed")
    ended = PlacementFactory(slot=slot, ended_on=date(2026, 11, 1), end_reason="as_planned")
    given_back = ReservationFactory(slot=slot, state="given_back", why="Elsewhere", settled_at=timezone.now())
    withdrawn = JobOrderFactory(
        workplace=place, owner=owner, state="withdrawn", closed_on=TODAY, closed_why="They found somebody"
    )
    theirs = PlacementFactory(slot=slot, consultant=member(JOB_CONSULTANT, "ali"))

    handovers.assign(giver=owner, to=colleague, by=owner, workplaces=[place.pk])

    assert whose(closed, ended, given_back, withdrawn) == {owner}
    assert whose(theirs).isdisjoint({owner, colleague})


def test_one_that_has_ended_since_is_left_by_an_undo(place, things, owner, colleague):
    outcome = handovers.assign(giver=owner, to=colleague, by=owner, workplaces=[place.pk])
    steps.end(placement=Placement.objects.get(pk=things[1].pk), by=colleague, on=TODAY, reason="job")

    # The placement, and the follow-up that its end has ticked off.
    assert handovers.undo(handover=outcome.handover, by=owner) == 2

    assert whose(things[1]) == {colleague}
    assert whose(things[0], things[2], things[3]) == {owner}


def test_the_form_says_what_goes_along(client_for, place, things, owner):
    text = client_for(owner).get(reverse("contacts:hand_over"), {"at": place.pk}).text

    for words in ("1 slot", "1 running placement", "1 reservation", "1 job order"):
        assert words in text


@pytest.fixture
def ali():
    return member(JOB_CONSULTANT, "ali", first_name="Ali")


@pytest.fixture
def elsewhere(place, ali):
    """What a job consultant has at a workplace that is a colleague's: a slot and a placement with its follow-ups."""
    slot = SlotFactory(workplace=place, owner=ali)
    placement = PlacementFactory(slot=slot)
    follow_ups.write(placement, today=TODAY)
    return [slot, placement]


def test_all_that_a_job_consultant_has_at_the_workplaces_of_colleagues_is_handed_over(
    client_for, place, elsewhere, ali, owner, colleague
):
    page = reverse("contacts:hand_over") + "?all=1"
    client = client_for(ali)
    shown = client.get(page)
    assert "1 slot, 1 running placement, also at the workplaces of colleagues" in " ".join(shown.text.split())

    client.post(page, {"to": colleague.pk, "mark": shown.context["chosen"].mark})
    assert whose(*elsewhere) == {ali}
    (offer,) = Handover.objects.offered_to(colleague)
    theirs = client_for(colleague)
    assert "also at the workplaces of colleagues" in theirs.get(offer.get_absolute_url()).text
    assert "All they have" in theirs.get(reverse("contacts:handovers")).text
    theirs.post(reverse("contacts:accept_handovers"), {"of": offer.pk})

    assert whose(*elsewhere) == {colleague}
    assert {one.owner for one in FollowUp.objects.open()} == {colleague}
    place.refresh_from_db()
    assert place.owner == owner


def test_where_there_is_nothing_else_it_is_offered_accepted_and_taken_back_all_the_same(place, ali, colleague):
    slot = SlotFactory(workplace=place, owner=ali)
    offer = handovers.offer(giver=ali, to=colleague, by=ali, is_everything=True)

    (outcome,) = handovers.accept(handovers=[offer], by=colleague)
    assert (whose(slot), outcome.moved, outcome.along["slots"]) == ({colleague}, 0, 1)

    assert handovers.undo(handover=outcome.handover, by=colleague) == 0
    assert whose(slot) == {ali}
    offer.refresh_from_db()
    assert offer.is_open


def test_whoever_has_nothing_at_all_has_nothing_to_hand_over(ali, colleague):
    with pytest.raises(NotNow, match="nothing to hand over"):
        handovers.offer(giver=ali, to=colleague, by=ali, is_everything=True)


def test_what_is_at_a_workplace_that_is_offered_to_somebody_else_goes_along_with_it(place, things, owner, colleague):
    other, elsewhere = member(JOB_CONSULTANT, "other"), SlotFactory(owner=owner)
    of_place = handovers.offer(giver=owner, to=colleague, by=owner, workplaces=[place.pk])
    rest = handovers.offer(giver=owner, to=other, by=owner, is_everything=True)

    handovers.accept(handovers=[rest], by=other)
    assert (whose(elsewhere), whose(*things)) == ({other}, {owner})

    handovers.accept(handovers=[of_place], by=colleague)
    assert whose(*things) == {colleague}


def test_handing_over_one_workplace_leaves_what_is_elsewhere(place, owner, colleague):
    elsewhere = SlotFactory(owner=owner)

    handovers.assign(giver=owner, to=colleague, by=owner, workplaces=[place.pk])

    assert whose(elsewhere) == {owner}


def test_a_colleague_who_leaves_is_told_what_they_leave_behind(elsewhere, ali):
    JobOrderFactory(owner=ali)
    ReservationFactory(slot=elsewhere[0])

    assert [words for words in leaving.left_behind(ali) if "follow-up" not in words] == [
        "1 slot",
        "1 running placement",
        "1 reservation",
        "1 job order",
    ]


def test_a_manager_hands_over_all_that_somebody_had_who_has_left(client_for, person_in, elsewhere, ali, colleague):
    ali.is_active = False
    ali.save()
    client, page = client_for(person_in(MANAGER)), f"{reverse('contacts:hand_over')}?from={ali.pk}&all=1"

    client.post(page, {"to": colleague.pk, "mark": client.get(page).context["chosen"].mark})

    assert whose(*elsewhere) == {colleague}


@pytest.mark.parametrize("rows", [1, 12])
def test_handing_over_takes_as_many_statements_however_much_goes_along(
    place, owner, colleague, rows, django_assert_num_queries
):
    for number in range(rows):
        slot = SlotFactory(workplace=place, owner=owner, places=2, tasks=f"Kitchen {number}")
        PlacementFactory(slot=slot)
        ReservationFactory(slot=slot)
        JobOrderFactory(workplace=place, owner=owner)
    offer = handovers.offer(giver=owner, to=colleague, by=owner, workplaces=[place.pk])

    with django_assert_num_queries(QUERIES):
        handovers.accept(handovers=[offer], by=colleague)


# Besides what any hand-over takes, four for each of the four: locked, read, given, and written into the history.
QUERIES = 35
