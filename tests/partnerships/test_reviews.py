"""Reviews are held, called, moved, arranged and put right; each leaves one open review of an active agreement."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from contacts import actions
from contacts.actions import NotNow
from contacts.models import FollowUp
from partnerships import drafting, reviews, steps
from partnerships.models import Agreement, Review
from tests.backstage.conftest import at_once
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def due(days=10, **facts):
    """The open review of an agreement that is to be reviewed in so many days."""
    agreement = active_agreement(review_on=TODAY + timedelta(days=days), **facts)
    return agreement.reviews.get()


def hold(review, decision="continue", **facts):
    by = facts.pop("by", review.agreement.owner)
    known = {"held_on": TODAY, "staff": [by], "they_found": "The places are used."}
    return reviews.hold(review=review, by=by, decision=decision, **known | facts)


def open_follow_ups(review):
    return list(FollowUp.objects.open().caused_by(review))


# --- Held ----------------------------------------------------------------------------------------


def test_it_is_held_with_who_was_there_what_both_found_and_what_was_decided():
    review = due()
    owner, person = review.agreement.owner, PersonFactory(workplace=review.agreement.workplace)

    hold(
        review, held_on=TODAY - timedelta(days=1), persons=[person], we_found="They need a mentor.", our_rating=4,
        their_rating=3, decided="A course in the autumn.",
    )  # fmt: skip

    review.refresh_from_db()
    assert (review.held_on, review.held_by, review.decision) == (TODAY - timedelta(days=1), owner, "continue")
    assert (review.they_found, review.we_found) == ("The places are used.", "They need a mentor.")
    assert (review.our_rating, review.their_rating, review.decided) == (4, 3, "A course in the autumn.")
    assert (list(review.staff.all()), list(review.persons.all())) == ([owner], [person])


@pytest.mark.parametrize("decision", ["continue", "change"])
def test_one_that_goes_on_is_reviewed_again_a_whole_interval_later(decision):
    review = due(review_every=3)

    hold(review, decision, decided="More places")

    following = Review.objects.open().get()
    assert following.due_on == Agreement.objects.get().next_review_on == date(2027, 2, 24)
    assert open_follow_ups(review) == open_follow_ups(following) == []


def test_the_day_of_the_next_one_may_be_chosen_and_near_ones_are_promised_at_once():
    review = due()

    hold(review, next_on=TODAY + timedelta(days=20))

    following = Review.objects.open().get()
    assert [one.due_on for one in open_follow_ups(following)] == [TODAY + timedelta(days=20)]


def test_the_next_one_comes_on_the_last_day_at_the_latest():
    review = due(ends_on=date(2027, 6, 30))

    hold(review)

    assert Review.objects.open().get().due_on == date(2027, 6, 30)


def test_one_that_ends_it_ends_the_agreement_and_leaves_nothing_to_hold():
    review = due()

    hold(review, "end", decided="They move\nto Jutland.", last_day=TODAY + timedelta(days=30))

    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.ends_on) == ("ended", TODAY + timedelta(days=30))
    assert agreement.steps.last().why == "They move to Jutland."
    assert not Review.objects.open().exists()
    assert not FollowUp.objects.open().exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"held_on": TODAY + timedelta(days=1)},
        {"held_on": date(2026, 2, 28)},
        {"next_on": TODAY},
        {"next_on": TODAY + timedelta(days=2300)},
        {"next_on": date(2027, 7, 1)},
        {"decision": "end", "last_day": date(2026, 2, 28)},
    ],
    ids=["to come", "before it began", "next not ahead", "next absurd", "next after the end", "ends before it began"],
)
def test_days_that_do_not_fit_are_refused_and_change_nothing(facts):
    review = due(ends_on=date(2027, 6, 30))

    with pytest.raises(NotNow):
        hold(review, **facts)

    assert Review.objects.open().get() == review
    assert Agreement.objects.get().next_review_on == review.due_on
    assert len(open_follow_ups(review)) == 1


def test_none_is_held_before_the_one_before_it():
    agreement = due().agreement
    hold(agreement.reviews.get())

    with pytest.raises(NotNow):
        hold(Review.objects.open().get(), held_on=TODAY - timedelta(days=1))


def test_what_has_run_out_does_not_simply_continue_but_may_be_changed_or_ended():
    review = due(days=-5, ends_on=TODAY - timedelta(days=5))

    with pytest.raises(NotNow):
        hold(review)
    hold(review, "change", decided="Two years more")

    following = Review.objects.open().get()
    assert following.due_on > TODAY
    agreement = drafting.change(
        agreement=following.agreement, by=following.agreement.owner, ends_on=date(2028, 2, 28), note="Prolonged"
    )
    assert not agreement.has_run_out(TODAY)
    assert Review.objects.open().get().due_on == agreement.next_review_on == following.due_on


def test_a_colleague_who_writes_the_same_review_a_moment_later_is_told_who_was_first(colleague):
    review = due()
    hold(review)

    with pytest.raises(NotNow, match=str(review.agreement.owner)):
        hold(review, by=colleague, they_found="Something else")

    assert Review.objects.held().get().they_found == "The places are used."


def test_one_that_was_dropped_is_not_held():
    review = due()
    steps.end(agreement=review.agreement, by=review.agreement.owner, on=TODAY, why="Over")

    with pytest.raises(NotNow):
        hold(review)


@pytest.mark.django_db(transaction=True)
def test_four_who_hold_it_at_once_hold_it_once():
    review = due()

    def try_it():
        with suppress(NotNow):
            hold(Review.objects.select_related("agreement__owner").get(pk=review.pk))

    at_once(try_it)

    assert Review.objects.held().count() == Review.objects.open().count() == 1
    assert Agreement.objects.get().next_review_on == Review.objects.open().get().due_on


# --- Called and moved ----------------------------------------------------------------------------


def test_one_that_is_called_comes_forward_and_says_who_called_it_and_why(colleague):
    review = due(days=200)

    reviews.call(review=review, by=colleague, on=TODAY + timedelta(days=7), why="The mentor has left")

    review.refresh_from_db()
    assert (review.due_on, review.called_by, review.called_why) == (
        TODAY + timedelta(days=7), colleague, "The mentor has left",
    )  # fmt: skip
    assert Agreement.objects.get().next_review_on == review.due_on
    promised = open_follow_ups(review)
    assert [(one.owner, one.due_on) for one in promised] == [(review.agreement.owner, review.due_on)]


@pytest.mark.parametrize("days", [-1, 11])
def test_one_is_not_called_for_yesterday_nor_for_a_day_after_it_comes_anyway(days):
    review = due(days=10)

    with pytest.raises(NotNow):
        reviews.call(review=review, by=review.agreement.owner, on=TODAY + timedelta(days=days), why="Now")


def test_one_that_is_late_is_held_and_not_called():
    review = due(days=-3)

    with pytest.raises(NotNow):
        reviews.call(review=review, by=review.agreement.owner, on=TODAY, why="Now")


def test_moving_it_moves_what_was_promised_and_the_agreement():
    review = due(days=10)
    by = review.agreement.owner

    reviews.move(review=review, by=by, on=TODAY + timedelta(days=20))
    near = [one.due_on for one in open_follow_ups(review)]
    reviews.move(review=review, by=by, on=TODAY + timedelta(days=100))
    far = open_follow_ups(review)
    reviews.move(review=review, by=by, on=TODAY + timedelta(days=5))

    assert (near, far) == ([TODAY + timedelta(days=20)], [])
    assert [one.due_on for one in open_follow_ups(review)] == [TODAY + timedelta(days=5)]
    assert Agreement.objects.get().next_review_on == TODAY + timedelta(days=5)
    review.agreement.workplace.refresh_from_db()
    assert review.agreement.workplace.next_contact_on == TODAY + timedelta(days=5)


def test_it_is_not_moved_into_the_past_nor_beyond_the_end():
    review = due(ends_on=date(2027, 6, 30))

    for day in (TODAY - timedelta(days=1), date(2027, 7, 1)):
        with pytest.raises(NotNow):
            reviews.move(review=review, by=review.agreement.owner, on=day)


def test_who_has_put_the_promise_off_has_put_it_off_until_the_review_itself_moves():
    review = due(days=1)
    follow_up = FollowUp.objects.get()
    actions.postpone(follow_up=follow_up, to=TODAY + timedelta(days=14))

    reviews.call(review=review, by=review.agreement.owner, on=TODAY + timedelta(days=1), why="Now")

    assert [one.due_on for one in open_follow_ups(review)] == [TODAY + timedelta(days=1)]


# --- A changed agreement -------------------------------------------------------------------------


def change(agreement, **facts):
    return drafting.change(agreement=agreement, by=agreement.owner, note="Changed", **facts)


def test_another_interval_counts_from_the_last_review():
    review = due(days=10)
    hold(review, held_on=TODAY)

    agreement = change(Agreement.objects.get(), review_every=3)

    assert agreement.next_review_on == Review.objects.open().get().due_on == date(2027, 2, 24)


def test_an_end_that_comes_sooner_brings_the_review_with_it():
    agreement = change(due(days=100, owner__language="en").agreement, ends_on=TODAY + timedelta(days=20))

    review = Review.objects.open().get()
    assert agreement.next_review_on == review.due_on == TODAY + timedelta(days=20)
    assert open_follow_ups(review)[0].title.startswith("Runs out on 14 December 2026")


def test_one_that_is_prolonged_is_not_reviewed_on_its_old_last_day():
    agreement = due(days=20, ends_on=TODAY + timedelta(days=20), signed_on=date(2026, 9, 1)).agreement

    agreement = change(agreement, ends_on=date(2029, 8, 31))

    review = Review.objects.open().get()
    assert agreement.next_review_on == review.due_on == date(2027, 9, 1)
    assert open_follow_ups(review) == []


def test_what_was_late_stays_late_whatever_is_changed():
    agreement = due(days=-10).agreement

    assert change(agreement, review_every=1).next_review_on == TODAY - timedelta(days=10)


def test_one_that_was_called_stays_where_it_was_called_to():
    review = due(days=100)
    reviews.call(review=review, by=review.agreement.owner, on=TODAY + timedelta(days=9), why="The mentor has left")

    assert change(Agreement.objects.get(), review_every=24).next_review_on == TODAY + timedelta(days=9)


def test_what_a_colleague_was_given_stays_with_that_one(colleague):
    agreement = due().agreement
    FollowUp.objects.get().give(to=colleague, by=agreement.owner, at="2026-11-24T08:00:00Z")

    change(agreement, purpose="Something else")

    assert FollowUp.objects.get().owner == colleague


# --- Arranged ------------------------------------------------------------------------------------


def test_it_is_held_at_a_contact_planned_at_one_of_the_workplaces():
    review = due()
    there = InteractionFactory(state="planned", workplace=review.agreement.workplace, on=TODAY + timedelta(days=3))
    elsewhere = InteractionFactory(state="planned", on=TODAY + timedelta(days=3))

    reviews.arrange(review=review, by=review.agreement.owner, contact=there)

    review.refresh_from_db()
    assert review.meeting == there
    with pytest.raises(NotNow):
        reviews.arrange(review=review, by=review.agreement.owner, contact=elsewhere)


# --- Put right, and taken back -------------------------------------------------------------------


def test_who_wrote_it_puts_it_right_for_a_day(colleague):
    review = hold(due())
    facts = {"staff": [colleague], "persons": [], "we_found": "Better", "our_rating": 5}

    with time_machine.travel("2026-11-25 09:00+01:00"):
        reviews.change(review=review, by=review.held_by, **facts)
    with time_machine.travel("2026-11-25 09:31+01:00"), pytest.raises(NotNow):
        reviews.change(review=review, by=review.held_by, **facts)
    with pytest.raises(NotNow):
        reviews.change(review=review, by=colleague, **facts)

    review.refresh_from_db()
    assert (review.we_found, review.our_rating, list(review.staff.all())) == ("Better", 5, [colleague])
    assert review.they_found == "The places are used."


@pytest.mark.parametrize("decision", ["continue", "change", "end"])
def test_who_has_just_held_it_takes_it_back_and_keeps_what_was_written(decision):
    review = due()
    hold(review, decision, our_rating=4, decided="Something")

    reviews.take_back(review=review, by=review.agreement.owner)

    again = Review.objects.get()
    assert again == review
    assert (again.is_open, again.due_on, again.decision, again.figures) == (True, TODAY + timedelta(days=10), "", [])
    assert (again.they_found, again.our_rating) == ("The places are used.", 4)
    agreement = Agreement.objects.get()
    assert (agreement.state, agreement.next_review_on, agreement.ends_on) == ("active", again.due_on, None)
    assert [one.due_on for one in open_follow_ups(again)] == [again.due_on]


def test_it_is_taken_back_by_nobody_else_not_later_and_not_once_the_next_one_has_been_touched(colleague):
    review = hold(due())

    with pytest.raises(NotNow):
        reviews.take_back(review=review, by=colleague)
    with time_machine.travel("2026-11-24 09:41+01:00"), pytest.raises(NotNow):
        reviews.take_back(review=review, by=review.held_by)
    reviews.move(review=Review.objects.open().get(), by=colleague, on=TODAY + timedelta(days=40))
    with pytest.raises(NotNow):
        reviews.take_back(review=review, by=review.held_by)

    assert Review.objects.held().get() == review


def test_a_tick_by_hand_is_refused_and_logging_a_contact_does_not_offer_it(client_for, owner):
    review = due(owner=owner)
    follow_up = FollowUp.objects.get()
    FollowUpFactory(workplace=follow_up.workplace, owner=owner, title="Send the papers")

    with pytest.raises(NotNow):
        actions.finish(follow_up=follow_up, by=owner)
    page = client_for(owner).get(f"/contacts/log/?workplace={follow_up.workplace_id}").text

    assert "Send the papers" in page
    assert f'name="finished" value="{follow_up.pk}"' not in page
    assert open_follow_ups(review) == [follow_up]


def test_one_that_was_held_is_not_opened_again_by_hand():
    hold(due())

    with pytest.raises(NotNow):
        actions.reopen(follow_up=FollowUp.objects.get())


@pytest.mark.parametrize("facts", [{"written_at": None}, {"decision": ""}, {"our_rating": 6}, {"called_why": "Now"}])
def test_the_database_refuses_a_held_review_that_says_half(facts):
    review = hold(due())

    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.filter(pk=review.pk).update(**facts)


def test_an_agreement_over_several_workplaces_is_arranged_at_any_of_them():
    here = WorkplaceFactory()
    there = WorkplaceFactory(company=here.company)
    review = due(workplace=here, where=[there])
    contact = InteractionFactory(state="planned", workplace=there, on=TODAY, created_by=UserFactory())

    assert reviews.arrange(review=review, by=review.agreement.owner, contact=contact).meeting == contact
