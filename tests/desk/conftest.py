"""What the tests of the desk may ask for: a manager, and a register in which there is something to count."""

from datetime import date

import pytest

from companies.models import Branch, TierChange, TierPlan
from jobcenter_crm.staff.roles import CONSULTANT, MANAGER
from placements import debt
from tests.conftest import member
from tests.desk.dashboard import TODAY
from tests.factories import (
    AgreementFactory,
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
    made_on,
)


@pytest.fixture
def manager(db):
    """Who sees the figures of the house, in English."""
    return member(MANAGER, "karen", language="en")


@pytest.fixture
def looker(client_for, manager):
    """The manager's browser."""
    return client_for(manager)


@pytest.fixture
def town(owner):
    """Something of everything that the page counts, and beside each what it may not count."""
    branch = Branch.objects.filter(scheme="DB25", level=4, code__startswith="56").first()
    other = Branch.objects.filter(scheme="DB07", level=4, code__startswith="43").first()
    for tier in (1, 2, 3, 4, None):
        for last in (None, date(2026, 11, 20), date(2026, 6, 20), date(2024, 1, 5)):
            for responsible in (None, owner):
                place = WorkplaceFactory(
                    tier=tier, last_contact_on=last, owner=responsible, branch=branch if responsible else other,
                    secondary_branch=None if responsible else branch,
                )  # fmt: skip
        WorkplaceFactory(tier=tier, ceased_on=date(2026, 11, 1), owner=owner)
        TierChange.objects.create(
            workplace=place, from_tier=None if tier else 3, to_tier=tier, at="2026-03-01T12:00:00Z"
        )
        active_agreement(workplace=place, owner=owner)
        late = active_agreement(workplace=WorkplaceFactory(tier=tier), owner=owner)
        type(late).objects.filter(pk=late.pk).update(next_review_on=date(2026, 11, 1))
        AgreementFactory(workplace=place)
        InteractionFactory(workplace=place, on=date(2026, 11, 20), outcome="not_now", barrier="no_time")
        InteractionFactory(workplace=place, on=date(2026, 2, 20), channel="phone", outcome="interested")
        InteractionFactory(workplace=place, on=date(2025, 2, 20), outcome="not_now", barrier="rules")
        InteractionFactory(workplace=place, on=date(2024, 2, 20), outcome="interested")
        slot = SlotFactory(workplace=place, places=8)
        for number in range(6):
            EffectFactory(
                outcome="job" if number < 4 else "unknown" if number == 5 else "hours",
                hours=12 if number == 4 else None,
                self_supporting=None if number == 5 else number < 3,
                placement__slot=slot,
            )
        PlacementFactory(slot=slot)
        ReservationFactory(slot=slot)
        PlacementFactory(slot=slot, starts_on=date(2025, 3, 1), planned_end=date(2025, 6, 1), ended_on=date(2025, 6, 1), end_reason="as_planned")  # fmt: skip
        made_on(SlotFactory(workplace=place, places=1), date(2026, 10, 1))
        SlotFactory(workplace=place, state="closed")
        centre = active_agreement(workplace=WorkplaceFactory(tier=tier, owner=owner), owner=owner, kind="centre")
        SlotFactory(workplace=centre.workplace, agreement=centre, places=3)
        PlacementFactory(slot=SlotFactory(workplace=centre.workplace, agreement=centre, places=2))
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 1))
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 23))
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 25))
        FollowUpFactory(workplace=place, owner=UserFactory(team=None), due_on=date(2026, 11, 20))
    # A team of which figures are told.
    UserFactory.create_batch(4, team=owner.team)
    debt.plan(TODAY)


@pytest.fixture
def house(db):
    """Two teams, of which one has 22 hours; a meeting takes 60 minutes, and group 1 has one every 73 days."""
    TierPlan.objects.update(cadence_days=None, minutes=30)
    TierPlan.objects.filter(tier=1).update(cadence_days=73, minutes=60, channel="visit")
    TierPlan.objects.filter(tier=3).update(cadence_days=73, minutes=15, channel="phone")
    north = TeamFactory(name="North", outreach_hours=22)
    TeamFactory(name="South")
    consultants = [member(CONSULTANT, name) for name in ("anna", "bo")]
    for one in consultants:
        one.team = north
        one.save()
    return consultants
