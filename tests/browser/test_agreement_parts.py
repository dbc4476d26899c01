"""Company centres and service agreements in a browser: read at every width, and changed with and without a script."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from companies.models import TargetGroup
from partnerships.models import AgreementGoal, CentreMember, Punch, ServiceTerms
from tests.browser.conftest import each_look
from tests.browser.test_every_screen import looked_at
from tests.factories import (
    AbsenceFigureFactory,
    CentreMemberFactory,
    CompanyCentreFactory,
    MentorFactory,
    PersonFactory,
    PunchCardFactory,
    PunchFactory,
    WorkplaceFactory,
    active_agreement,
)


@pytest.fixture
def centre(mette):
    centre = CompanyCentreFactory(
        agreement__owner=mette,
        agreement__workplace__name="Bødker og Væver ApS",
        tasks="Packing\nPainting",
        exit="A talk",
    )
    centre.target_groups.set(TargetGroup.objects.order_by("code")[:3])
    CentreMemberFactory(centre=centre, places=2, workplace__name="Tømrer Skov og Søn, afdelingen for restaurering")
    CentreMemberFactory(centre=centre, until=date(2026, 6, 1))
    MentorFactory(centre=centre, trained_on=date(2026, 5, 1))
    MentorFactory(centre=centre, person__phone="")
    return centre


@pytest.fixture
def service(mette):
    service = active_agreement(kind="service", owner=mette, workplace__name="Lindevig Plejecenter")
    ServiceTerms.objects.create(
        agreement=service, hotline_by=mette, hotline_hours="8-15", posted_by=mette, posted_days="Tuesdays",
        readiness="The foreman calls", in_return="Four places",
    )  # fmt: skip
    today = timezone.localdate()
    card = PunchCardFactory(agreement=service, issued_on=date(2026, 1, 1), expires_on=today + timedelta(days=20))
    person = PersonFactory(workplace=service.workplace)
    PunchFactory.create_batch(6, card=card, by=mette, used_by=person, helper="Nanna Kvist", on=today)
    PunchCardFactory(agreement=service, issued_on=date(2025, 1, 1), expires_on=date(2025, 12, 31))
    other = WorkplaceFactory(company=service.company, name="Lindevig Plejecenter, Vesterlund")
    for at in range(9):
        facts = {"agreement": service, "year": 2024 + at // 4, "quarter": at % 4 + 1}
        AbsenceFigureFactory(percent=Decimal(9) - at / Decimal(2), **facts)
        if at > 4:
            AbsenceFigureFactory(percent=Decimal(5), workplace=other, **facts)
    AgreementGoal.objects.create(
        agreement=service, measure="absence", target=4, baseline=9, counted_from=date(2026, 1, 1),
        deadline=date(2027, 1, 1), created_by=mette,
    )  # fmt: skip
    return service


@each_look
def test_no_page_of_them_has_anything_to_complain_about(visitor, mette, centre, service, width, theme, language):
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(mette)
    card, member = service.punch_cards.first(), centre.members.first()
    made_at, served = f"/agreements/{centre.pk}/", f"/agreements/{service.pk}/"

    complaints = []
    for where in (
        made_at,
        served,
        f"{made_at}centre/",
        f"{made_at}members/?q=lindevig",
        f"{made_at}members/?workplace={service.workplace_id}",
        f"/agreements/members/{member.pk}/",
        f"{made_at}mentors/",
        f"/agreements/mentors/{centre.mentors.first().pk}/",
        f"{served}terms/",
        f"{served}punch-cards/",
        f"/agreements/punch-cards/{card.pk}/",
        f"/agreements/punch-cards/{card.pk}/punch/",
        f"{served}absence/",
        f"/agreements/absence/{service.absence_figures.first().pk}/",
    ):
        complaints += looked_at(looker, where)

    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_a_workplace_is_found_and_takes_part(visitor, mette, centre, script):
    WorkplaceFactory(name="Havnens Køkken")
    somebody = visitor(script=script)
    page = somebody.log_in(mette)
    somebody.open(centre.agreement.get_absolute_url())

    page.get_by_role("link", name="Add a workplace that takes part").click()
    page.get_by_label("Name, telephone, CVR or street").fill("havnens")
    if not script:
        page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Havnens Køkken").click()
    page.get_by_label("Of the places").fill("9")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert").get_by_text("4 of them are left")).to_be_visible()
    page.get_by_label("Of the places").fill("1")
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_text("Havnens Køkken takes part in the centre.")).to_be_visible()
    assert CentreMember.objects.get(workplace__name="Havnens Køkken").places == 1
    assert [said for said in somebody.heard if "422" not in said] == []


@pytest.mark.parametrize("script", [True, False])
def test_a_clip_is_used_and_taken_back(visitor, mette, service, script):
    somebody = visitor(script=script)
    page = somebody.log_in(mette)
    somebody.open(service.get_absolute_url())

    page.get_by_role("link", name="Use a clip").first.click()
    page.get_by_label("Job consultant").check()
    page.get_by_label("For what?").fill("Lifting in the kitchen")
    page.get_by_role("button", name="Use a clip").click()
    expect(page.get_by_text("One clip used. 3 of 10 are left.")).to_be_visible()
    page.get_by_role("button", name="Undo", exact=True).click()

    expect(page.get_by_text("Taken back: Lifting in the kitchen.")).to_be_visible()
    assert not Punch.objects.get(used_for="Lifting in the kitchen").is_standing
    assert somebody.heard == []


def test_what_belongs_to_a_form_is_shown_where_that_form_is_chosen(visitor, mette, centre):
    somebody = visitor()
    page = somebody.log_in(mette)
    somebody.open(f"/agreements/{centre.pk}/centre/")

    expect(page.get_by_label("The side production")).to_be_hidden()
    page.get_by_label("Open side production").check()
    expect(page.get_by_label("The side production")).to_be_visible()
    expect(page.get_by_label("The agency")).to_be_hidden()
