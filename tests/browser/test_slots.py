"""Slots and hosting profiles in a browser: read at every width, and made with and without a script."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from companies.models import TargetGroup
from placements import hosting
from placements.models import HostingProfile, Slot
from tests.browser.conftest import each_look
from tests.browser.test_every_screen import looked_at
from tests.factories import PersonFactory, PlacementFactory, ReservationFactory, SlotFactory, WorkplaceFactory


@pytest.fixture
def slot(mette):
    """One of many places, with somebody in it, at a workplace whose profile has much to say."""
    today = timezone.localdate()
    place = WorkplaceFactory(
        owner=mette, name="Tømrer Skov og Søn, afdelingen for restaurering", employees_min=10, employees_max=19
    )
    groups = TargetGroup.objects.order_by("code")[:4]
    hosting.write(
        workplace=place, by=mette, tasks="Packing, painting and clearing up", hours_from=5, hours_to=20,
        target_groups=groups, considerations=["bus", "quiet", "own_pace"],
    )  # fmt: skip
    slot = SlotFactory(
        workplace=place, owner=mette, places=3, tasks="Packing, painting and clearing up in the workshop",
        contact=PersonFactory(workplace=place), mentor=PersonFactory(workplace=place, phone=""),
        confirmed_on=today - timedelta(days=90),
    )  # fmt: skip
    slot.target_groups.set(groups)
    days = {"starts_on": today - timedelta(days=5), "planned_end": today + timedelta(days=80)}
    PlacementFactory(slot=slot, **days)
    ReservationFactory(slot=slot, **days | {"starts_on": today + timedelta(days=9)})
    SlotFactory(state="paused", state_why="Holiday", owner=mette)
    return slot


@each_look
def test_no_page_of_them_has_anything_to_complain_about(visitor, mette, slot, width, theme, language):
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(mette)
    at, place = f"/slots/{slot.pk}/", slot.workplace_id

    complaints = []
    for where in (
        "/slots/",
        "/slots/?state=paused",
        "/slots/?measure=nonsense",
        at,
        f"{at}change/",
        f"{at}pause/",
        f"/slots/new/?workplace={place}",
        f"/companies/{place}/hosting/",
        f"/companies/{place}/",
        f"/contacts/log/?workplace={place}",
    ):
        complaints += looked_at(looker, where)

    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_a_slot_is_made_paused_and_that_is_undone(visitor, mette, slot, script):
    looker = visitor(width="phone", script=script)
    looker.log_in(mette)
    looker.open(f"/slots/new/?workplace={slot.workplace_id}")

    looker.page.get_by_label("Measure").select_option("paid_hours")
    looker.page.get_by_label("Number of places").fill("2")
    looker.page.get_by_role("button", name="Open the slot").click()

    expect(looker.page.get_by_role("heading", name="Paid hours")).to_be_visible()
    made = Slot.objects.get(measure="paid_hours")
    assert (made.places, made.tasks, made.considerations.count()) == (2, "Packing, painting and clearing up", 3)
    looker.open(f"/slots/{made.pk}/pause/")
    looker.page.get_by_label("Why?").fill("Rebuilding")
    looker.page.get_by_role("button", name="Pause").click()
    expect(looker.page.get_by_text("Rebuilding")).to_be_visible()
    looker.page.get_by_role("button", name="Undo").click()
    expect(looker.page.get_by_text("2 of 2")).to_be_visible()


def test_still_open_is_one_tap_while_a_contact_is_logged(visitor, mette, slot):
    HostingProfile.objects.update(confirmed_on=timezone.localdate() - timedelta(days=3))
    looker = visitor(width="phone")
    looker.log_in(mette)
    looker.open(f"/contacts/log/?workplace={slot.workplace_id}")

    looker.page.get_by_label("Purpose").fill("See them")
    for answer in ("Visit", "Interested", "None", "Still open", "Still true"):
        looker.page.get_by_role("radio", name=answer, exact=True).check()
    looker.page.get_by_role("button", name="Save").click()

    expect(looker.page.get_by_text("Logged.")).to_be_visible()
    slot.refresh_from_db()
    assert slot.confirmed_on == timezone.localdate() == HostingProfile.objects.get().confirmed_on
