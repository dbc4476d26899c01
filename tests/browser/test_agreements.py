"""An agreement from the proposal to its end, as a consultant does it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from reportlab.pdfgen.canvas import Canvas

from partnerships.models import Agreement
from tests.factories import (
    AgreementContactFactory,
    AgreementFactory,
    AgreementGoalFactory,
    InteractionFactory,
    PersonFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def signed_file():
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(100, 700, "Underskrevet i værkstedet på Ålekistevej")
    canvas.save()
    return {"name": "aftale.pdf", "mimeType": "application/pdf", "buffer": out.getvalue()}


@pytest.fixture
def workshop(mette):
    workplace = WorkplaceFactory(name="Bødker og Væver", owner=mette, tier=1)
    PersonFactory(workplace=workplace, name="Karl Bødker", role="director")
    InteractionFactory(workplace=workplace, channel="visit", on=timezone.localdate() - timedelta(days=3))
    return workplace


@pytest.mark.parametrize(("width", "script"), [("desktop", True), ("phone", True), ("phone", False)])
def test_from_the_proposal_to_the_end(visitor, mette, workshop, width, script):
    somebody = visitor(width=width, script=script)
    page = somebody.log_in(mette)

    somebody.open(f"/agreements/new/?workplace={workshop.pk}")
    page.get_by_label("Partnership: both give something").check()
    page.get_by_label("About", exact=True).fill("the workshop")
    page.get_by_label("Purpose", exact=True).fill("Hands for the workshop")
    page.get_by_role("button", name="Make the draft").click()
    expect(page.get_by_text("Before it can be proposed, write: what we give, what the employer gives.")).to_be_visible()

    page.get_by_role("link", name="Write on").click()
    page.get_by_label("What we give").fill("One number to call")
    page.get_by_label("What the employer gives").fill("Two places")
    page.locator("main").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved.")).to_be_visible()

    page.get_by_role("link", name="The proposal is sent").click()
    page.get_by_role("button", name="Note it").click()
    expect(page.get_by_text("The proposal is noted as sent.")).to_be_visible()

    page.get_by_role("link", name="Both have signed").click()
    page.get_by_label("For the employer").select_option(label="Karl Bødker")
    page.get_by_label("The signed file").set_input_files(signed_file())
    page.get_by_role("button", name="It holds").click()
    expect(page.get_by_text("The agreement is active.")).to_be_visible()

    page.get_by_role("link", name="Hold the review").first.click()
    page.get_by_label("What do we say?").fill("The places are used")
    page.get_by_label("Continue as it is").check()
    page.get_by_role("button", name="Save the review").click()
    expect(page.get_by_text("The places are used").first).to_be_visible()
    somebody.open(Agreement.objects.get().get_absolute_url())

    page.locator(".page-acts summary").click()
    page.get_by_role("link", name="End the agreement").click()
    page.get_by_label("Why?").fill("They have hired them")
    page.get_by_role("button", name="End it").click()
    expect(page.get_by_text("The agreement has ended.")).to_be_visible()

    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.version) == ("ended", 1)
    assert agreement.reviews.held().count() == 1
    assert somebody.heard == []


@pytest.mark.parametrize(("width", "theme"), [("desktop", "dark"), ("phone", "light")])
def test_the_screens_are_sound(visitor, mette, workshop, width, theme):
    agreement = active_agreement(
        owner=mette, workplace=workshop, title="the workshop", course="First a visit\nthen two weeks", people=4,
        review_on=timezone.localdate() + timedelta(days=8),
    )  # fmt: skip
    AgreementGoalFactory(agreement=agreement, note="in the workshop", deadline="2026-01-31")
    AgreementContactFactory(agreement=agreement, answers_within="a day")
    draft = AgreementFactory(owner=mette, kind="centre", workplace=workshop, purpose="")
    somebody = visitor(width=width, theme=theme)
    somebody.log_in(mette)

    for url in (
        "/agreements/",
        f"/agreements/new/?workplace={workshop.pk}",
        agreement.get_absolute_url(),
        draft.get_absolute_url(),
        f"{agreement.get_absolute_url()}change/",
        f"{agreement.get_absolute_url()}versions/",
        f"{agreement.get_absolute_url()}end/",
        f"{agreement.get_absolute_url()}goals/add/",
        f"{agreement.get_absolute_url()}contacts/add/",
        f"{draft.get_absolute_url()}decline/",
    ):
        somebody.open(url)
        assert (somebody.overflow(), somebody.axe(), somebody.heard) == (0, [], []), url
