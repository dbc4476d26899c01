"""A placement in a browser: from the finder to what came of it, what is undone on the way, and every page at every width."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from jobcenter_crm.staff.roles import JOB_CONSULTANT
from placements import steps
from placements.models import Effect, Placement, Reservation
from tests.browser.conftest import each_look
from tests.browser.test_every_screen import looked_at
from tests.conftest import member
from tests.factories import (
    CentreMemberFactory,
    CompanyCentreFactory,
    EffectFactory,
    PersonFactory,
    PlacementFactory,
    SlotFactory,
    StayFactory,
)


@pytest.fixture
def ali(db):
    return member(JOB_CONSULTANT, "ali", first_name="Ali", last_name="Demir")


@pytest.fixture
def slot(mette):
    """One of two places, open for a year."""
    mentor = PersonFactory(name="Birgit Lauge", workplace__name="Tømrer Skov og Søn, afdelingen for restaurering")
    return SlotFactory(
        workplace=mentor.workplace, mentor=mentor, places=2, owner=mette,
        starts_on=timezone.localdate() - timedelta(days=365),
    )  # fmt: skip


def look(somebody, seen, script):
    """Keep what there is to complain about on the page as it stands; axe is itself a script."""
    if not script:
        return
    seen += [f"{somebody.page.url}: {one}" for one in somebody.axe()]
    if somebody.overflow() > 0:
        seen.append(f"{somebody.page.url} is wider than the screen")


WAYS = pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("phone", False)])


@WAYS
def test_somebody_is_placed_extended_ended_and_what_came_of_it_told_and_taken_back(visitor, ali, slot, width, script):
    today, seen = timezone.localdate(), []
    somebody = visitor(width=width, script=script)
    page = somebody.log_in(ali)

    # Found and reserved.
    somebody.open("/slots/find/")
    page.get_by_label("A fixed mentor").check()
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Mentor: Birgit Lauge")).to_be_visible()
    look(somebody, seen, script)
    page.get_by_role("link", name="Reserve", exact=False).first.click()
    page.get_by_label("Case reference").fill("26/00412")
    look(somebody, seen, script)
    page.get_by_role("button", name="Reserve").click()
    expect(page.get_by_text("It is held until")).to_be_visible()
    held = Reservation.objects.get()

    # The meeting is held, and it starts; as the case system has it, ten weeks ago.
    page.get_by_role("link", name="Meeting held").click()
    look(somebody, seen, script)
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("The meeting is noted.")).to_be_visible()
    look(somebody, seen, script)
    page.get_by_role("link", name="Start", exact=True).click()
    expect(page.get_by_label("Case reference")).to_have_value("26/00412")
    page.get_by_label("Start", exact=True).fill((today - timedelta(weeks=10)).isoformat())
    page.get_by_label("Planned end").fill((today + timedelta(days=3)).isoformat())
    look(somebody, seen, script)
    page.get_by_role("button", name="Start the placement").click()
    expect(page.get_by_text("The placement is written.")).to_be_visible()
    look(somebody, seen, script)
    placement = Placement.objects.get()
    assert placement.reservation == held

    # Extended with one thumb; a day is asked for only where one is to be picked.
    page.get_by_role("link", name="Extend").click()
    expect(page.get_by_text("The case system decides.")).to_be_visible()
    expect(page.get_by_label("Day", exact=True)).to_be_visible(visible=not script)
    page.get_by_role("radio", name="4 weeks").check(force=True)
    page.get_by_role("radio", name="VITAS").check(force=True)
    look(somebody, seen, script)
    if width == "phone" and script:
        labels = page.locator(
            "form[data-contact-form] .choices label:visible, form[data-contact-form] .sheet-foot .btn:visible"
        )
        tall = labels.evaluate_all("some => some.map(one => one.offsetHeight)")
        assert min(tall) >= 44
    page.get_by_role("button", name="Extend").click()
    expect(page.get_by_text("The follow-ups have moved along.")).to_be_visible()
    expect(page.get_by_text("granted in VITAS")).to_be_visible()

    # Ended by mistake, which is undone, and then in earnest, five weeks ago.
    for is_meant in (False, True):
        page.get_by_role("link", name="End", exact=True).click()
        page.get_by_label("Last day").fill((today - timedelta(weeks=5)).isoformat())
        page.get_by_role("radio", name="Ordinary job or education").check(force=True)
        look(somebody, seen, script)
        page.get_by_role("button", name="End the placement").click()
        expect(page.get_by_text("Ended before time")).to_be_visible()
        if not is_meant:
            page.get_by_role("button", name="Undo that it has ended").click()
            expect(page.get_by_text("The placement and its follow-ups are as they were.")).to_be_visible()
            assert not Placement.objects.get().is_over

    # One tap tells what came of it; a correction begins with that, and taking it back loses nothing.
    page.get_by_role("link", name="What came of it?").click()
    look(somebody, seen, script)
    page.get_by_role("button", name="Ordinary job").click()
    expect(page.get_by_text("Noted: ordinary job.")).to_be_visible()
    look(somebody, seen, script)
    page.get_by_role("link", name="Correct it").click()
    expect(page.get_by_role("button", name="Ordinary job")).to_have_attribute("aria-current", "true")
    page.get_by_label("Hours a week").fill("12")
    page.get_by_role("button", name="Paid hours").click()
    expect(page.get_by_text("Noted: paid hours.")).to_be_visible()
    page.locator("#said").get_by_role("button", name="Undo").click()
    expect(page.get_by_text("It says again: ordinary job.")).to_be_visible()
    assert Effect.objects.get().outcome == "job"
    # On the card itself as well, when the line at the foot has gone.
    somebody.open(placement.get_absolute_url())
    page.get_by_role("button", name="Undo", exact=True).click()
    expect(page.get_by_text("Taken back. It is asked again.")).to_be_visible()
    assert not Effect.objects.exists()
    assert seen == []
    assert somebody.heard == []


@WAYS
def test_one_that_comes_to_nothing_leaves_its_place_and_has_it_again(visitor, ali, slot, width, script):
    first = timezone.localdate() + timedelta(days=9)
    placement = steps.start(
        slot=slot,
        by=ali,
        consultant=ali,
        case_reference="26/1",
        starts_on=first,
        planned_end=first + timedelta(days=20),
    )
    seen, somebody = [], visitor(width=width, script=script)
    page = somebody.log_in(ali)
    somebody.open(placement.get_absolute_url())
    look(somebody, seen, script)

    page.get_by_role("link", name="It came to nothing").click()
    page.get_by_role("radio", name="The candidate said no").check(force=True)
    look(somebody, seen, script)
    page.get_by_role("button", name="It came to nothing").click()
    expect(page.get_by_text("The place is free again, and nothing more is followed up.")).to_be_visible()
    expect(page.get_by_role("link", name="Extend")).to_have_count(0)
    look(somebody, seen, script)
    page.get_by_role("button", name="Undo", exact=True).click()

    expect(page.get_by_text("The placement and its follow-ups are as they were.")).to_be_visible()
    assert not Placement.objects.get().is_over
    assert seen == []
    assert somebody.heard == []


@each_look
def test_no_page_of_them_has_anything_to_complain_about(visitor, mette, slot, width, theme, language):
    today = timezone.localdate()
    centre = CompanyCentreFactory(agreement__owner=mette)
    running = PlacementFactory(
        slot=SlotFactory(agreement=centre.agreement, workplace=centre.agreement.workplace, owner=mette),
        starts_on=today - timedelta(days=30), planned_end=today + timedelta(days=30),
    )  # fmt: skip
    stay = StayFactory(placement=running, workplace=CentreMemberFactory(centre=centre).workplace)
    running.extensions.create(before=today, after=running.planned_end, granted_in="vitas", by=mette)
    facts = {"slot": slot, "starts_on": today, "planned_end": today + timedelta(days=40)}
    begins, off = PlacementFactory(**facts), PlacementFactory(withdrawn_on=today, end_reason="no_grant", **facts)
    told = EffectFactory(outcome="hours", hours=12, self_supporting=False).placement
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(mette)

    complaints = []
    for where in (
        "/placements/",
        "/placements/?state=withdrawn",
        *(one.get_absolute_url() for one in (running, begins, off, told)),
        f"/slots/{slot.pk}/start/",
        f"/placements/{running.pk}/extend/",
        f"/placements/{begins.pk}/end/",
        f"/placements/{begins.pk}/withdraw/",
        f"/placements/{running.pk}/stays/",
        f"/placements/stays/{stay.pk}/",
        f"/placements/{told.pk}/effect/",
    ):
        complaints += looked_at(looker, where)

    assert complaints == []
