"""Follow-ups in a browser: postponed with one tap, given on and taken back, and a caller found by number."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from contacts.models import FollowUp, Interaction
from jobcenter_crm.frame.working_days import next_working_day
from jobcenter_crm.staff.roles import CONSULTANT
from tests.conftest import member
from tests.factories import FollowUpFactory, PersonFactory, WorkplaceFactory


@pytest.fixture
def promised(mette):
    """Two that Mette has promised: one is late, one comes again."""
    today = timezone.localdate()
    late = FollowUpFactory(
        owner=mette, title="Call about the places", due_on=today - timedelta(days=3), workplace__name="Bageren"
    )
    again = FollowUpFactory(
        owner=mette, title="Hear how things are", due_on=today, repeat_every=2, repeat_unit="week",
        workplace__name="Smeden",
    )  # fmt: skip
    return late, again


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_postponing_takes_one_tap_and_can_be_undone(visitor, mette, promised, width):
    somebody = visitor(width=width)
    page = somebody.log_in(mette)
    somebody.open("/follow-ups/")

    page.locator("summary", has_text="More for Bageren: Call about the places").click()
    # Before days off it names the working day after them.
    page.get_by_role("button", name=re.compile("^Postpone to ")).first.click()

    expect(page.get_by_text("Postponed to")).to_be_visible()
    late = FollowUp.objects.get(pk=promised[0].pk)
    assert late.due_on == next_working_day(timezone.localdate())
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: Call about the places")).to_be_visible()
    late.refresh_from_db()
    assert late.due_on == promised[0].due_on
    assert somebody.heard == []


def give_both(page):
    for name in ("Tick Bageren: Call about the places", "Tick Smeden: Hear how things are"):
        page.get_by_label(name).check()
    page.locator("#ticked").get_by_role("button", name="Give").click()
    page.get_by_label("To whom?").select_option(label="Jonas Dahl")
    page.get_by_label("A word with it").fill("I am ill")
    page.locator(".sheet-foot").get_by_role("button", name="Give").click()
    expect(page.get_by_text("2 follow-ups given to Jonas Dahl.")).to_be_visible()


@pytest.mark.parametrize("script", [True, False])
def test_several_are_given_to_a_colleague_and_taken_back(visitor, mette, promised, script):
    jonas = member(CONSULTANT, "jonas", first_name="Jonas", last_name="Dahl")
    somebody = visitor(width="phone", script=script)
    page = somebody.log_in(mette)
    somebody.open("/follow-ups/")

    give_both(page)

    assert FollowUp.objects.filter(owner=jonas, given_by=mette, given_word="I am ill").count() == 2
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone for 2 follow-ups.")).to_be_visible()
    assert FollowUp.objects.filter(owner=mette, given_by=None).count() == 2


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_a_caller_is_found_by_number_and_the_call_is_logged(visitor, mette, width):
    karl = PersonFactory(name="Karl Bødker", phone="25380569", workplace=WorkplaceFactory(name="Væveren", owner=mette))
    somebody = visitor(width=width)
    page = somebody.log_in(mette)

    page.locator("header.top").get_by_role("link", name="Somebody calls").click()
    page.get_by_label("Number, name or CVR").fill("Karl from +45 25 38 05 69")
    page.locator(".caller", has_text="Væveren").get_by_role("link", name="Log the call").click()
    expect(page.get_by_label("They contacted us")).to_be_checked()
    expect(page.get_by_label("Karl Bødker")).to_be_checked()
    page.get_by_label("Question answered").check(force=True)
    page.get_by_label("Not solved in the call").fill("Is there a grant?")
    page.get_by_role("radio", name="None").check(force=True)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("You answer by")).to_be_visible()

    contact = Interaction.objects.get()
    assert (contact.direction, list(contact.persons.all())) == ("in", [karl])
    matter = FollowUp.objects.get()
    assert (matter.kind, matter.title, matter.owner) == ("matter", "Is there a grant?", mette)
    assert matter.due_on == next_working_day(timezone.localdate())
    assert somebody.heard == []


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_screens_are_sound(visitor, mette, promised, width):
    FollowUpFactory(owner=mette, kind="matter", due_on=date(2026, 1, 5), title="Is there a grant?")
    somebody = visitor(width=width)
    page = somebody.log_in(mette)
    place = promised[0].workplace_id

    for path in (
        "/follow-ups/", "/follow-ups/?whose=nowhere", "/follow-ups/?when=done", "/follow-ups/week/",
        "/contacts/inbound/?q=Bageren", f"/follow-ups/add/?workplace={place}",
        f"/follow-ups/{promised[1].pk}/change/", f"/follow-ups/{promised[0].pk}/give/",
        f"/contacts/log/?workplace={place}&inbound=1",
    ):  # fmt: skip
        somebody.open(path)
        assert somebody.axe() == [], path
        assert somebody.overflow() <= 0, path
    somebody.open("/follow-ups/")
    page.keyboard.press("i")
    if width == "desktop":
        expect(page.get_by_label("Number, name or CVR")).to_be_focused()
