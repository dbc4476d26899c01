"""Group, responsible consultant, warnings: who did it and why is kept."""

from datetime import date

import pytest

from companies import actions
from companies.models import TierChange
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def test_setting_the_group_by_hand_is_told_on_the_timeline(owner):
    workplace = WorkplaceFactory(tier=3)

    actions.set_tier(workplace=workplace, tier=1, by=owner, why="Wants to take part")

    workplace.refresh_from_db()
    change = TierChange.objects.get()
    assert (workplace.tier, workplace.tier_since, workplace.tier_by_hand) == (1, date(2026, 11, 24), True)
    assert (change.from_tier, change.to_tier, change.by, change.why) == (3, 1, owner, "Wants to take part")
    assert workplace.history.first().history_user == owner


def test_setting_the_same_group_again_changes_nothing(owner):
    workplace = WorkplaceFactory()
    actions.set_tier(workplace=workplace, tier=2, by=owner)

    assert actions.set_tier(workplace=workplace, tier=2, by=owner) is None
    assert TierChange.objects.count() == 1


def test_confirming_a_group_by_hand_keeps_it_from_the_rules_but_moves_nothing(owner):
    workplace = WorkplaceFactory(tier=2, tier_since=date(2026, 3, 1))

    actions.set_tier(workplace=workplace, tier=2, by=owner)

    workplace.refresh_from_db()
    assert (workplace.tier_by_hand, workplace.tier_since) == (True, date(2026, 3, 1))
    assert not TierChange.objects.exists()


def test_taking_a_workplace_out_of_its_group_clears_the_day(owner):
    workplace = WorkplaceFactory(tier=2)

    actions.set_tier(workplace=workplace, tier=None, by=owner)

    workplace.refresh_from_db()
    assert (workplace.tier, workplace.tier_since, workplace.tier_by_hand) == (None, None, False)


def test_somebody_who_has_left_does_not_become_responsible(owner):
    with pytest.raises(ValueError, match="no longer works here"):
        actions.set_owner(workplace=WorkplaceFactory(), owner=UserFactory(is_active=False), by=owner)


def test_our_facts_are_written_without_touching_what_an_import_writes_meanwhile(owner):
    workplace = WorkplaceFactory(name="Before")
    type(workplace).objects.filter(pk=workplace.pk).update(name="Moved by the register")

    actions.set_owner(workplace=workplace, owner=owner, by=owner)

    workplace.refresh_from_db()
    assert (workplace.name, workplace.owner) == ("Moved by the register", owner)


def test_lifting_do_not_contact_removes_the_reason(owner):
    workplace = WorkplaceFactory(do_not_contact=True, do_not_contact_why="Busy")

    actions.set_flags(
        workplace=workplace, do_not_contact=False, do_not_contact_why="Busy", labour_conflict=True, by=owner
    )

    workplace.refresh_from_db()
    assert (workplace.do_not_contact, workplace.do_not_contact_why, workplace.labour_conflict) == (False, "", True)
