"""The clock promises every review 30 days before its day, and mends what is missing; harmless twice and at once."""

from datetime import date, timedelta
from unittest import mock

import pytest

from companies.models import TierPlan
from contacts import waiting
from contacts.escalation import long_overdue
from contacts.models import FollowUp
from jobcenter_crm.backstage import clock
from jobcenter_crm.staff.roles import MANAGER
from partnerships import review_days, steps
from partnerships.models import Agreement, Review
from partnerships.review_days import plan_ahead
from tests.backstage.conftest import at_once
from tests.conftest import member
from tests.factories import UserFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def due(days, **facts):
    return active_agreement(review_on=TODAY + timedelta(days=days), **facts).reviews.get()


def promised():
    return {one.cause_id for one in FollowUp.objects.open().filter(kind="review")}


def test_a_review_becomes_a_follow_up_thirty_days_before_its_day_and_only_once():
    tomorrow, later = due(31), due(32)

    assert (plan_ahead(TODAY), promised()) == ({"made": 0, "promised": 0}, set())
    assert plan_ahead(TODAY + timedelta(days=1)) == {"made": 0, "promised": 1}
    assert plan_ahead(TODAY + timedelta(days=1)) == {"made": 0, "promised": 0}

    follow_up = FollowUp.objects.get()
    assert promised() == {tomorrow.pk}
    assert (follow_up.owner, follow_up.due_on, follow_up.workplace) == (
        tomorrow.agreement.owner, tomorrow.due_on, tomorrow.agreement.workplace,
    )  # fmt: skip
    assert follow_up.history.count() == 1
    tomorrow.agreement.workplace.refresh_from_db()
    assert tomorrow.agreement.workplace.next_contact_on == tomorrow.due_on
    assert later.is_open


def test_it_is_written_in_the_language_of_whoever_reads_it():
    due(40, owner=UserFactory(language="en"), review_every=12)
    due(40, owner=UserFactory(language="en"), review_every=3)
    due(40, owner=UserFactory(language="en"), ends_on=TODAY + timedelta(days=40))

    plan_ahead(TODAY + timedelta(days=10))

    assert set(FollowUp.objects.values_list("title", flat=True)) == {
        "Yearly review: Partnership",
        "Review: Partnership",
        "Runs out on 3 January 2027, prolong or end: Partnership",
    }


def test_an_active_agreement_without_a_review_gets_it_back():
    review = due(200)
    ended = due(200).agreement
    steps.end(agreement=ended, by=ended.owner, on=TODAY, why="Over")
    Review.objects.filter(pk=review.pk).delete()

    assert plan_ahead(TODAY) == {"made": 1, "promised": 0}

    again = Review.objects.open().get()
    assert (again.agreement, again.due_on) == (review.agreement, review.due_on)


@pytest.mark.parametrize("rows", [1, 12])
def test_it_asks_the_same_of_the_database_however_many_there_are(rows, django_assert_num_queries):
    for number in range(rows):
        due(40, owner=UserFactory(language="da" if number % 2 else "en"))
        Review.objects.filter(pk=due(45).pk).delete()

    with django_assert_num_queries(STATEMENTS):
        assert plan_ahead(TODAY + timedelta(days=20)) == {"made": rows, "promised": 2 * rows}


# What lacks a review and what is near; of each batch the locks, what is found, the rows and their history, in one
# transaction; and the dates of the workplaces.
STATEMENTS = 18


@pytest.mark.django_db(transaction=True)
def test_four_clocks_at_once_promise_each_once():
    with mock.patch.object(review_days, "remind"):
        Review.objects.filter(pk=due(9).pk).delete()
        for days in (10, 20, 25):
            due(days)

    at_once(lambda: plan_ahead(TODAY))

    assert len(promised()) == FollowUp.objects.count() == Review.objects.open().count() == 4


def test_one_that_is_broken_off_half_way_is_done_by_the_next():
    for days in (40, 41, 42):
        due(days)
    day = TODAY + timedelta(days=20)

    with (
        mock.patch.object(review_days, "batches", lambda keys: ([key] for key in keys)),
        mock.patch.object(review_days, "refresh_contact_dates", side_effect=[1, RuntimeError]),
        pytest.raises(RuntimeError),
    ):
        plan_ahead(day)

    assert len(promised()) == 1
    assert plan_ahead(day) == {"made": 0, "promised": 2}


def test_the_clock_knows_it():
    assert "partnerships.reviews" in {work.name for work in clock.daily_work()}


# --- Late, and nobody's --------------------------------------------------------------------------


def test_a_late_review_escalates_by_the_plan_of_the_workplaces_group():
    late = due(-5, workplace=WorkplaceFactory(tier=1))
    due(-1, workplace=WorkplaceFactory(tier=1))

    assert [one.cause_id for one in long_overdue(TODAY)] == [late.pk]


def told(user, name):
    parts = {part.name: found for part, found in waiting.waiting([user.pk], TODAY).get(user.pk, [])}
    return [line.what for line in parts[name].lines] if name in parts else []


def test_reviews_to_hold_are_told_and_not_twice(owner):
    due(5, owner=owner, title="soon")
    due(40, owner=owner, title="later")
    due(0, owner=owner, title="today")
    due(-2, owner=owner, title="late")

    assert told(owner, "reviews") == ["Yearly review: Partnership, soon"]
    assert told(owner, "reviews_late") == []
    assert len(told(owner, "overdue")) == len(told(owner, "today")) == 1


def test_one_that_was_put_off_past_its_day_is_told_as_late(owner):
    due(-2, owner=owner, title="late")
    FollowUp.objects.update(due_on=TODAY + timedelta(days=9))

    assert told(owner, "reviews_late") == ["Yearly review: Partnership, late"]
    assert waiting.count_for(owner, TODAY) == 1


def test_managers_are_told_of_agreements_whose_consultant_has_left(owner):
    manager = member(MANAGER, "boss")
    active_agreement(owner=UserFactory(first_name="Gone", last_name="Gregersen", is_active=False), title="the kitchen")
    active_agreement(owner=owner)

    assert told(manager, "agreements_without_responsible") == ["Partnership, the kitchen: Gone Gregersen has left"]
    assert told(owner, "agreements_without_responsible") == []


# --- The last day --------------------------------------------------------------------------------


def test_what_has_run_out_is_no_longer_in_force_and_still_waits_for_its_last_review(owner):
    review = due(40, owner=owner, ends_on=TODAY + timedelta(days=40))
    after = TODAY + timedelta(days=41)

    plan_ahead(after)

    assert list(Agreement.objects.in_force(TODAY)) == list(Agreement.objects.run_out(after)) == [review.agreement]
    assert not Agreement.objects.in_force(after).exists()
    assert Review.objects.overdue(after).get() == review
    assert promised() == {review.pk}


def test_a_late_review_escalates_also_in_a_group_whose_plan_does_not_say_so(owner):
    TierPlan.objects.filter(tier=4).update(escalate_after_days=None)
    agreement = active_agreement(owner=owner, workplace=WorkplaceFactory(tier=4), review_on=date(2026, 6, 1))

    assert [one.cause for one in long_overdue(date(2026, 11, 24))] == [agreement.reviews.get()]
