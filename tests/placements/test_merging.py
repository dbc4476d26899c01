"""Places when workplaces are merged."""

from datetime import date

import pytest

from companies import merging
from placements.models import HostingProfile
from tests.factories import SlotFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db


def profile(workplace, by):
    return HostingProfile.objects.create(workplace=workplace, confirmed_on=date(2026, 11, 1), confirmed_by=by)


@pytest.mark.parametrize("kept_has_one", [True, False])
def test_slots_move_along_and_one_profile_stays(owner, kept_has_one):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    slot, theirs = SlotFactory(workplace=merged), profile(merged, owner)
    if kept_has_one:
        ours = profile(kept, owner)

    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    slot.refresh_from_db()
    theirs.refresh_from_db()
    assert slot.workplace == kept
    assert theirs.workplace == (merged if kept_has_one else kept)
    if kept_has_one:
        ours.refresh_from_db()
        assert ours.workplace == kept
