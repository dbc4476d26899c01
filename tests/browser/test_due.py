"""Three visits planned at once from the list of those due, in a browser."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.utils import timezone
from playwright.sync_api import expect

from companies.models import Postcode
from contacts.models import Interaction
from tests.factories import PersonFactory, WorkplaceFactory


@pytest.fixture
def places(mette):
    """Four that have waited: three in Køge, one of them advertising-protected, and one in Greve; Mette may reach it so."""
    mette.user_permissions.add(Permission.objects.get(codename="reach_protected"))
    Postcode.objects.update_or_create(code="4600", defaults={"town": "Køge", "latitude": 55.45, "longitude": 12.18})
    Postcode.objects.update_or_create(code="2670", defaults={"town": "Greve", "latitude": 55.58, "longitude": 12.30})
    facts = {"owner": mette, "tier": 1, "last_contact_on": date(2025, 1, 1)}
    baker = WorkplaceFactory(name="Bageren", latitude=55.451, longitude=12.181, phone="10332041", **facts)
    smith = WorkplaceFactory(name="Smeden", latitude=55.46, longitude=12.19, **facts)
    inn = WorkplaceFactory(
        name="Kroen", latitude=55.47, longitude=12.2, **facts | {"last_contact_on": None}, advertising_protected=True
    )
    WorkplaceFactory(name="Væveren", postcode="2670", town="Greve", **facts)
    PersonFactory(workplace=baker, name="Karl Bødker")
    return baker, smith, inn


def plan_three(page):
    page.get_by_role("link", name="Show all").click()
    page.get_by_label("Where are you going?").fill("Køge")
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_text("Nearest to Køge first.")).to_be_visible()
    for name in ("Kroen", "Bageren", "Smeden"):
        page.get_by_label(f"Tick {name}").check()
    page.get_by_role("button", name="Plan contacts").click()
    page.get_by_label("First time").fill("09:00")
    page.get_by_role("button", name="Show the list").click()
    expect(page.locator(".stop-head a:not(.tel)")).to_have_text(["Bageren", "Smeden", "Kroen"])
    page.get_by_label("Purpose").nth(1).fill("agree on two places")
    page.get_by_role("button", name="Save the plans").click()
    expect(page.get_by_text("Choose why you may contact them, or untick the workplace.")).to_be_visible()
    page.get_by_label("They have consented").check(force=True)
    page.get_by_role("button", name="Save the plans").click()
    expect(page.get_by_text("3 visits planned on")).to_be_visible()


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_three_visits_are_planned_and_taken_back(visitor, mette, places, width):
    in_the_car_park = visitor(width=width)
    page = in_the_car_park.log_in(mette)

    plan_three(page)

    planned = Interaction.objects.order_by("at")
    assert [(one.workplace.name, one.at.strftime("%H:%M")) for one in planned] == [
        ("Bageren", "09:00"), ("Smeden", "10:00"), ("Kroen", "11:00"),
    ]  # fmt: skip
    assert planned[0].purpose == "agree on two places"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("3 planned contacts taken back.")).to_be_visible()
    assert not Interaction.objects.exists()
    assert in_the_car_park.overflow() <= 0
    assert [said for said in in_the_car_park.heard if "422" not in said] == []


def test_without_a_script(visitor, mette, places):
    plan_three(visitor(width="phone", script=False).log_in(mette))

    assert Interaction.objects.filter(on__gt=timezone.localdate() + timedelta(days=0)).count() == 3


@pytest.mark.parametrize("width", ["phone", "desktop"])
def test_the_screens_are_sound(visitor, mette, places, width):
    somebody = visitor(width=width)
    page = somebody.log_in(mette)
    ticked = "&".join(f"at={place.pk}" for place in places)

    for path in ("/due/", "/due/?near=2670", "/due/?near=Atlantis", f"/due/plan/?{ticked}", f"/due/release/?{ticked}"):
        somebody.open(path)
        assert somebody.axe() == [], path
        assert somebody.overflow() <= 0, path
    somebody.open(f"/due/plan/?{ticked}")
    page.get_by_role("button", name="Show the list").click()
    assert somebody.axe() == []
    assert somebody.overflow() <= 0
