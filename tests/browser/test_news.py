"""What the register has told, in a browser: seen and undone, and a closed workplace that asks."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from companies.models import RegisterChange
from contacts import actions
from contacts.models import FollowUp, Interaction
from tests.factories import FollowUpFactory, InteractionFactory, RegisterChangeFactory, WorkplaceFactory


@pytest.fixture
def grown(mette):
    return RegisterChangeFactory(workplace__name="Bødker og Væver ApS", workplace__owner=mette)


@pytest.fixture
def closed(mette):
    workplace = WorkplaceFactory(name="Væver og Søn ApS", owner=mette, ceased_on=date(2026, 11, 1))
    later = timezone.localdate() + timedelta(days=30)
    FollowUpFactory(workplace=workplace, owner=mette, title="Call about the places", due_on=later)
    InteractionFactory(workplace=workplace, state="planned", on=later, purpose="Meet", created_by=mette)
    RegisterChangeFactory(workplace=workplace, ended=True)
    actions.refresh(workplace)
    return workplace


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("width", ["desktop", "phone"])
def test_seen_takes_the_row_away_and_undo_brings_it_back(visitor, mette, grown, width, script):
    looker = visitor(width=width, script=script)
    page = looker.log_in(mette)
    row = page.locator("#news .task")

    expect(row).to_contain_text("From 12 to 40 employees")
    row.get_by_role("button", name="Seen").click()

    expect(page.get_by_text("Seen: Bødker og Væver ApS")).to_be_visible()
    expect(row).to_have_count(0)
    assert RegisterChange.objects.get().seen_by == mette

    page.get_by_role("button", name="Undo").click()

    expect(row).to_have_count(1)
    assert RegisterChange.objects.get().seen_by is None
    assert looker.heard == []


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("phone", False)])
def test_a_closed_workplace_asks_closes_what_is_ticked_and_opens_it_again(visitor, mette, closed, width, script):
    looker = visitor(width=width, script=script)
    page = looker.log_in(mette)

    page.get_by_role("link", name="Decide").click()
    expect(page.get_by_text("1 follow-up and 1 planned contact are still open.")).to_be_visible()
    page.get_by_role("link", name="Close them").click()
    page.get_by_label("Call about the places").uncheck()
    page.get_by_role("button", name="Close what is ticked").click()

    expect(page.get_by_text("Closed at Væver og Søn ApS.")).to_be_visible()
    assert (Interaction.objects.get().state, FollowUp.objects.get().done_at) == ("cancelled", None)

    page.get_by_role("button", name="Undo").click()

    expect(page.get_by_role("link", name="Close them")).to_be_visible()
    assert Interaction.objects.get().state == "planned"
    assert looker.heard == []


def test_keeping_what_is_open_is_not_asked_again(visitor, mette, closed):
    page = visitor().log_in(mette)
    page.goto(page.url.rstrip("/") + closed.get_absolute_url())

    page.get_by_role("button", name="Keep them").click()
    expect(page.get_by_text("Seen: Væver og Søn ApS")).to_be_visible()
    page.reload()

    expect(page.get_by_text("still open")).to_have_count(0)
    assert FollowUp.objects.open().count() == 1
