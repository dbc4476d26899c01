"""A review in a browser: planned from its own page without losing what was written there, and held on a phone."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from partnerships.models import Agreement, Review
from tests.factories import WorkplaceFactory, active_agreement


@pytest.fixture
def review(mette):
    """Due in ten days."""
    place = WorkplaceFactory(name="Bageren", owner=mette, tier=1)
    day = timezone.localdate() + timedelta(days=10)
    return active_agreement(owner=mette, workplace=place, review_on=day, title="the kitchen").reviews.get()


def test_what_is_written_stays_when_the_meeting_is_planned_meanwhile(visitor, mette, review):
    somebody = visitor()
    page = somebody.log_in(mette)
    somebody.open(review.get_absolute_url())

    page.get_by_label("What do we say?").fill("The mentor helps")
    page.get_by_role("link", name="Plan it").click()
    expect(page.get_by_label("Purpose")).to_have_value("Yearly review: Partnership, the kitchen")
    page.locator("dialog").get_by_label("Day").fill((timezone.localdate() + timedelta(days=3)).isoformat())
    page.locator("dialog").get_by_role("button", name="Save").click()

    expect(page.get_by_text("is planned for the review")).to_be_visible()
    expect(page.get_by_label("What do we say?")).to_have_value("The mentor helps")
    review.refresh_from_db()
    assert review.meeting.purpose == "Yearly review: Partnership, the kitchen"
    assert somebody.heard == []


@pytest.mark.parametrize("script", [True, False])
def test_it_is_held_on_a_phone_and_ends_the_agreement(visitor, mette, review, script):
    somebody = visitor(width="phone", script=script)
    page = somebody.log_in(mette)
    somebody.open(review.get_absolute_url())

    page.get_by_label("What does the employer say?").fill("They move to Jutland")
    page.get_by_role("group", name="How does the employer think it is going?").get_by_label("4 Well").check(force=True)
    page.get_by_label("End the agreement").check(force=True)
    expect(page.get_by_label("Next review by")).to_be_visible(visible=not script)
    page.get_by_label("What was decided?").fill("It ends with the year")
    page.get_by_role("button", name="Save the review").click()

    expect(page.get_by_text("The review is written, and the agreement ends on")).to_be_visible()
    assert Review.objects.held().get().their_rating == 4
    assert Agreement.objects.get().state == "ended"
