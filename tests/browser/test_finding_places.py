"""The finder and reservations in a browser: read at every width, and a place found, reserved and given back."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from companies.models import TargetGroup
from jobcenter_crm.staff.roles import CASE_WORKER
from placements.models import Reservation
from tests.browser.conftest import each_look
from tests.browser.test_every_screen import looked_at
from tests.conftest import member
from tests.factories import PersonFactory, PlacementFactory, ReservationFactory, SlotFactory


@pytest.fixture
def peter(db):
    return member(CASE_WORKER, "peter", first_name="Peter", last_name="Bjerre")


@pytest.fixture
def places(mette):
    """One that has everything, one that lacks a bus, one with a labour conflict, one that is full for now."""
    group, today = TargetGroup.objects.first(), timezone.localdate()
    mentor = PersonFactory(name="Birgit Lauge")
    facts = {"owner": mette, "hours_from": 10, "hours_to": 15}
    best = SlotFactory(workplace=mentor.workplace, mentor=mentor, **facts)
    rest = [SlotFactory(places=1, **facts), SlotFactory(workplace__labour_conflict=True, **facts)]
    for slot in (best, *rest):
        slot.target_groups.add(group)
        slot.considerations.add("quiet")
    best.considerations.add("bus")
    rest[1].considerations.add("bus")
    PlacementFactory(slot=rest[0], starts_on=today, planned_end=today + timedelta(days=40))
    return [best, *rest]


@each_look
def test_no_page_of_them_has_anything_to_complain_about(visitor, peter, places, width, theme, language):
    looker, today = visitor(width=width, theme=theme, language=language), timezone.localdate()
    looker.log_in(peter)
    soon, later = (
        ReservationFactory(
            slot=places[0], consultant=peter, held_until=today + timedelta(days=days), starts_on=today,
            planned_end=today + timedelta(days=20),
        )
        for days in (1, 6)
    )  # fmt: skip
    group = TargetGroup.objects.first().pk

    complaints = []
    for where in (
        "/slots/find/",
        f"/slots/find/?group={group}&offers=bus&offers=quiet&offers=fixed_mentor&show=conflict",
        "/slots/find/?offers=seated",
        "/slots/find/?tasks=010190-1234&hours_from=99&near=Atlantis",
        places[0].get_absolute_url(),
        f"/slots/{places[0].pk}/reserve/",
        f"/reservations/{soon.pk}/meeting-held/",
        f"/reservations/{later.pk}/give-back/",
    ):
        complaints += looked_at(looker, where)

    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_a_place_is_found_reserved_and_given_back(visitor, peter, places, script):
    somebody = visitor(script=script)
    page = somebody.log_in(peter)
    somebody.open("/slots/find/")

    page.get_by_label("A bus to the door").check()
    page.get_by_label("A fixed mentor").check()
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Mentor: Birgit Lauge")).to_be_visible()
    page.get_by_role("link", name="Reserve", exact=False).first.click()
    page.get_by_label("Case reference").fill("Hans Jensen")
    page.get_by_role("button", name="Reserve").click()
    expect(page.get_by_text("This is not how a case reference is written.").first).to_be_visible()
    page.get_by_label("Case reference").fill("26/00412")
    page.get_by_role("button", name="Reserve").click()
    expect(page.get_by_role("heading", name="Reservations")).to_be_visible()
    held = Reservation.objects.get()
    assert (held.case_reference, held.slot) == ("26/00412", places[0])

    page.get_by_role("button", name="Renew 7 days").click()
    expect(page.get_by_text("renewed", exact=False).first).to_be_visible()
    page.get_by_role("link", name="Give back").click()
    page.get_by_label("Why is it given back?").fill("Another place was nearer")
    page.get_by_role("button", name="Give back").click()
    expect(page.get_by_text("No place is reserved.")).to_be_visible()
    held.refresh_from_db()
    assert (held.state, held.is_renewed) == ("given_back", True)
