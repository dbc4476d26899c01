"""Acts on job orders: never more filled than there are positions, and followed every working day until it is closed."""

import threading
from contextlib import suppress
from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from companies import merging
from contacts import actions, left_behind
from contacts.actions import NotNow
from contacts.models import FollowUp
from placements import job_order_days, job_orders
from placements.models import JobOrder, Referral
from tests.factories import JobOrderFactory, PersonFactory, ReferralFactory, UserFactory, WorkplaceFactory

TODAY = date(2026, 11, 24)
TOMORROW = date(2026, 11, 25)


def receive(owner, workplace=None, **facts):
    facts = {"title": "Cook", "positions": 2, "deadline": date(2026, 12, 15)} | facts
    return job_orders.receive(workplace=workplace or WorkplaceFactory(), owner=owner, by=owner, **facts)


def refer(order, reference="26/1", by=None):
    return job_orders.refer(order=order, by=by or order.owner, case_reference=reference)


def hire(referral, by=None):
    return job_orders.answer(referral=referral, by=by or referral.by, hired=True)


def follow_ups(order):
    return list(job_order_days.promised_for(order).order_by("pk"))


def open_one(order):
    (found,) = job_order_days.promised_for(order).open()
    return found


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestActs:
    def test_an_order_is_received_open_and_followed_from_the_next_working_day_on(self, owner):
        person = PersonFactory()

        order = receive(owner, contact=person, skills="Can bake")

        assert (order.state, order.filled, order.missing, order.history.get().history_user) == ("open", 0, 2, owner)
        promised = open_one(order)
        assert (promised.due_on, promised.occurrence, promised.owner, promised.person, promised.workplace) == (
            TOMORROW, "2026-11-25", owner, person, order.workplace,
        )  # fmt: skip
        order.workplace.refresh_from_db()
        assert order.workplace.next_contact_on == TOMORROW

    def test_the_same_form_sent_twice_makes_one(self, owner):
        token, place = uuid4(), WorkplaceFactory()
        assert receive(owner, place, token=token) == receive(owner, place, token=token)
        assert JobOrder.objects.count() == FollowUp.objects.count() == 1

    def test_one_received_at_a_workplace_that_was_merged_goes_to_the_one_kept(self, owner):
        kept = WorkplaceFactory()
        merged = WorkplaceFactory(company=kept.company)
        before = receive(owner, merged)
        merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

        after = receive(owner, merged)

        before.refresh_from_db()
        assert before.workplace == after.workplace == open_one(before).workplace == kept

    @pytest.mark.parametrize(
        ("facts", "why"),
        [({"labour_conflict": True}, "labour conflict"), ({"ceased_on": date(2026, 11, 1)}, "has ceased")],
    )
    def test_nobody_is_referred_where_nobody_can_be(self, owner, facts, why):
        place = WorkplaceFactory(**facts)
        with pytest.raises(NotNow, match=why):
            receive(owner, place)
        with pytest.raises(NotNow, match=why):
            refer(JobOrderFactory(workplace=place))
        with pytest.raises(NotNow, match=why):
            job_orders.reopen(
                order=JobOrderFactory(workplace=place, state="withdrawn", closed_on=TODAY, closed_why="Over"),
                by=owner, positions=2, deadline=TODAY,
            )  # fmt: skip
        assert not Referral.objects.exists()

    def test_when_the_last_one_is_hired_the_order_is_filled_by_itself(self, owner):
        order = receive(owner)
        first, second = refer(order), refer(order, "26/2")

        assert hire(first).state == "open"
        order = hire(second)

        assert (order.state, order.filled, order.closed_on) == ("filled", 2, TODAY)
        assert all(one.done_by == owner for one in follow_ups(order))
        with pytest.raises(NotNow, match="All 2 positions have been filled already"):
            refer(order, "26/3")

    def test_those_found_without_us_count_too(self, owner):
        order = receive(owner, positions=3)
        hire(refer(order))

        order, _before = job_orders.fill(order=order, by=owner, number=2)

        assert (order.state, order.filled, order.referrals.filter(state="hired").count()) == ("filled", 3, 1)

    def test_no_more_are_found_than_are_missing_nor_the_same_twice(self, owner):
        order = receive(owner, positions=3)
        with pytest.raises(NotNow, match="Only 3 positions are still open"):
            job_orders.fill(order=order, by=owner, number=4)
        job_orders.fill(order=order, by=owner, number=1, seen=0)
        with pytest.raises(NotNow, match="1 of 3 are filled now"):
            job_orders.fill(order=order, by=owner, number=1, seen=0)

    def test_the_same_candidate_is_referred_once(self, owner, colleague):
        order = receive(owner)
        made = refer(order)

        assert refer(order) == made
        with pytest.raises(NotNow, match="This case is here already: referred, 24 November 2026"):
            refer(order, by=colleague)
        job_orders.answer(referral=made, by=owner, hired=False)
        with pytest.raises(NotNow, match="not this time"):
            refer(order)
        assert Referral.objects.count() == 1

    def test_the_same_answer_again_changes_nothing_and_another_is_refused(self, owner):
        order = receive(owner)
        referral = refer(order)
        hire(referral)

        assert hire(referral).filled == 1
        with pytest.raises(NotNow, match="answered already: hired"):
            job_orders.answer(referral=referral, by=owner, hired=False)

    def test_an_answer_is_taken_back_and_the_position_is_to_be_filled_again(self, owner, colleague):
        order = receive(owner, positions=1)
        referral = refer(order)
        hire(referral)

        order = job_orders.take_back(referral=referral, by=colleague)

        referral.refresh_from_db()
        assert (order.state, order.filled, order.closed_on, referral.state) == ("open", 0, None, "referred")
        assert open_one(order).owner == owner
        with pytest.raises(NotNow, match="nothing to take back"):
            job_orders.take_back(referral=referral, by=owner)

    def test_what_was_found_without_us_is_corrected_and_a_filled_order_is_open_again(self, owner, colleague):
        order = receive(owner, positions=2)
        hire(refer(order))
        order, _before = job_orders.fill(order=order, by=owner)
        assert order.state == "filled"

        order, before = job_orders.correct_found(order=order, by=colleague, number=0, seen=2)

        assert (order.state, order.filled, order.closed_on) == ("open", 1, None)
        assert open_one(order).owner == owner
        assert job_orders.put_back(order=order, before=before, by=colleague).state == "filled"
        with pytest.raises(NotNow, match="At most 1 can have been found"):
            job_orders.correct_found(order=order, by=owner, number=2)
        with pytest.raises(NotNow, match="changed it meanwhile"):
            job_orders.correct_found(order=order, by=owner, number=0, seen=1)

    def test_what_was_found_is_corrected_of_a_withdrawn_order_that_stays_withdrawn(self, owner):
        order, _before = job_orders.fill(order=receive(owner, positions=3), by=owner, number=2)
        order, _before = job_orders.withdraw(order=order, by=owner, why="Enough")

        order, _before = job_orders.correct_found(order=order, by=owner, number=1)

        assert (order.state, order.filled, order.closed_why) == ("withdrawn", 1, "Enough")

    def test_it_stays_withdrawn_also_when_nobody_is_missing(self, owner):
        order, _before = job_orders.withdraw(order=receive(owner, positions=3), by=owner, why="Enough")
        JobOrder.objects.update(closed_on=date(2026, 11, 2))

        order, _before = job_orders.correct_found(order=order, by=owner, number=3)

        order.refresh_from_db()
        assert (order.state, order.filled, order.closed_why) == ("withdrawn", 3, "Enough")
        assert order.closed_on == date(2026, 11, 2)

    def test_not_this_time_can_be_said_also_when_the_order_is_filled(self, owner):
        order = receive(owner, positions=1)
        other = refer(order, "26/2")
        hire(refer(order))

        assert job_orders.answer(referral=other, by=owner, hired=False).state == "filled"
        with pytest.raises(NotNow, match="position has been filled already"):
            hire(ReferralFactory(job_order=order))

    def test_a_referral_is_withdrawn_by_whoever_made_it_until_it_is_answered(self, owner, colleague):
        order = receive(owner)
        referral = refer(order)
        with pytest.raises(NotNow):
            job_orders.withdraw_referral(referral=referral, by=colleague, since=timezone.now())

        job_orders.withdraw_referral(referral=referral, by=owner, since=timezone.now())

        assert not Referral.objects.exists()
        assert open_one(order)

    def test_an_order_is_withdrawn_with_a_reason_and_that_is_undone(self, owner):
        order, before = job_orders.withdraw(order=receive(owner), by=owner, why="They found a machine")
        assert (order.state, order.closed_on, order.closed_why) == ("withdrawn", TODAY, "They found a machine")
        assert not job_order_days.promised_for(order).open().exists()

        order = job_orders.put_back(order=order, before=before, by=owner)

        assert (order.state, order.closed_on, order.closed_why) == ("open", None, "")
        assert open_one(order)
        with pytest.raises(NotNow, match="changed since"):
            job_orders.put_back(order=order, before=before, by=owner)

    def test_one_that_was_filled_is_opened_again_for_more(self, owner):
        order, before_fill = job_orders.fill(order=receive(owner), by=owner, number=2)
        with pytest.raises(NotNow, match="Ask for more"):
            job_orders.reopen(order=order, by=owner, positions=2, deadline=date(2027, 1, 5))

        order, before = job_orders.reopen(order=order, by=owner, positions=3, deadline=date(2027, 1, 5))

        assert (order.state, order.missing, order.deadline, order.closed_on) == ("open", 1, date(2027, 1, 5), None)
        assert open_one(order)
        with pytest.raises(NotNow, match="open already"):
            job_orders.reopen(order=order, by=owner, positions=4, deadline=TODAY)
        with pytest.raises(NotNow, match="changed since"):
            job_orders.put_back(order=order, before=before_fill, by=owner)
        assert job_orders.put_back(order=order, before=before, by=owner).state == "filled"

    def test_changing_it_changes_what_the_follow_up_says(self, owner):
        owner.language = "da"
        owner.save()
        order = receive(owner)

        job_orders.change(order=order, by=owner, title="Kok", positions=3, deadline=date(2026, 12, 24))

        assert open_one(order).title == "Jobordre, Kok: mangler 3 af 3, frist 24. december 2026"

    def test_another_responsible_consultant_gets_the_follow_up(self, owner, colleague):
        order = receive(owner)

        job_orders.change(order=order, by=owner, owner=colleague)

        promised = open_one(order)
        assert (promised.owner, promised.given_by) == (colleague, owner)

    def test_a_follow_up_that_was_given_away_stays_there_as_long_as_the_order_is_whose_it_was(self, owner, colleague):
        order = receive(owner)
        open_one(order).give(to=colleague, by=owner, at=timezone.now())

        job_orders.change(order=order, by=owner, title="Baker")

        assert open_one(order).owner == colleague

    def test_no_fewer_positions_are_asked_for_than_are_filled_and_as_many_fill_it(self, owner):
        order, _before = job_orders.fill(order=receive(owner, positions=3), by=owner, number=2)
        with pytest.raises(NotNow, match="2 positions are filled already"):
            job_orders.change(order=order, by=owner, positions=1)

        assert job_orders.change(order=order, by=owner, positions=2).state == "filled"
        with pytest.raises(NotNow, match="have been filled already"):
            job_orders.change(order=order, by=owner, title="Else")

    def test_the_database_knows_that_an_open_order_lacks_somebody(self, owner):
        order = receive(owner)
        with pytest.raises(IntegrityError), transaction.atomic():
            JobOrder.objects.filter(pk=order.pk).update(filled=2)

    def test_the_references_are_forgotten_ninety_days_after_it_is_closed(self, owner):
        order = receive(owner)
        hired = refer(order)
        hire(hired)
        job_orders.withdraw(order=order, by=owner, why="Enough")
        still_open = refer(receive(owner), "26/2")
        now = timezone.now()

        assert job_orders.erase_references(now + timedelta(days=89)) == 0
        assert job_orders.erase_references(now + timedelta(days=90)) == 1
        assert job_orders.erase_references(now + timedelta(days=90)) == 0

        hired.refresh_from_db()
        still_open.refresh_from_db()
        assert (hired.case_reference, hired.state, still_open.case_reference) == ("", "hired", "26/2")
        with pytest.raises(NotNow, match="has been erased"):
            job_orders.take_back(referral=hired, by=owner)


@pytest.mark.django_db
@pytest.mark.usefixtures("today")
class TestDays:
    """The follow-up of every working day."""

    @pytest.fixture
    def order(self, owner):
        owner.language = "en"
        owner.save()
        return receive(owner, positions=3)

    def test_what_is_done_about_it_is_the_follow_up_of_the_day(self, order):
        FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")

        refer(order)

        done, new = follow_ups(order)
        assert (done.done_by, new.due_on, new.continues) == (order.owner, TOMORROW, done)

    def test_a_follow_up_of_a_later_day_is_not_ticked_off_before(self, order):
        refer(order)
        refer(order, "26/2")

        assert open_one(order).due_on == TOMORROW
        assert len(follow_ups(order)) == 1

    def test_a_candidate_that_somebody_else_refers_is_to_be_seen_today(self, order, colleague):
        refer(order, by=colleague)
        assert (open_one(order).due_on, open_one(order).owner) == (TODAY, order.owner)

        actions.finish(follow_up=open_one(order), by=order.owner)
        refer(order, "26/2", by=colleague)
        assert (open_one(order).due_on, open_one(order).done_at) == (TODAY, None)

    def test_after_a_colleagues_candidate_has_been_answered_for_the_next_working_day_is_not_skipped(
        self, order, colleague
    ):
        referral = refer(order, by=colleague)
        assert open_one(order).due_on == TODAY

        job_orders.answer(referral=referral, by=order.owner, hired=False)

        done, new = follow_ups(order)
        assert (done.done_by, new.due_on, new.occurrence, new.continues) == (order.owner, TOMORROW, "2026-11-25", done)

    def test_a_follow_up_may_be_brought_forward_to_one_day_several_times(self, order, colleague):
        for number in range(3):
            referral = refer(order, f"26/{number}", by=colleague)
            assert open_one(order).due_on == TODAY
            job_orders.answer(referral=referral, by=order.owner, hired=False)

        assert open_one(order).due_on == TOMORROW
        assert len({one.occurrence for one in follow_ups(order)}) == 4

        with time_machine.travel("2026-11-25 10:00+01:00", tick=False):
            refer(order, "26/9")
        assert open_one(order).due_on == date(2026, 11, 26)

    def test_ticked_off_by_hand_the_clock_makes_the_next_one_for_the_next_working_day(self, order):
        friday, saturday, monday = date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 30)
        FollowUp.objects.update(due_on=friday, occurrence=friday.isoformat())
        with time_machine.travel("2026-11-27 15:00+01:00", tick=False):
            actions.finish(follow_up=open_one(order), by=order.owner)
            assert job_order_days.plan(friday) == {"followed": 1, "closed": 0}
        assert open_one(order).due_on == monday
        FollowUp.objects.open().delete()

        assert job_order_days.plan(saturday) == {"followed": 1, "closed": 0}
        assert job_order_days.plan(saturday) == job_order_days.plan(monday) == {"followed": 0, "closed": 0}

        assert (open_one(order).due_on, open_one(order).occurrence) == (monday, "2026-11-30")

    def test_when_the_responsible_consultant_has_left_whoever_took_the_follow_up_keeps_it(self, order, colleague):
        order.owner.is_active = False
        order.owner.save()
        left_behind.take(workplaces=[], follow_ups=[open_one(order).pk], visits=[], by=colleague)

        with time_machine.travel("2026-11-25 10:00+01:00", tick=False):
            refer(order, by=colleague)
        assert (open_one(order).owner, open_one(order).due_on) == (colleague, date(2026, 11, 26))

        with time_machine.travel("2026-11-26 10:00+01:00", tick=False):
            actions.finish(follow_up=open_one(order), by=colleague)
        job_order_days.plan(date(2026, 11, 27))
        assert open_one(order).owner == colleague

    def test_as_long_as_the_responsible_consultant_is_here_the_next_one_is_theirs_again(self, order, colleague):
        open_one(order).give(to=colleague, by=order.owner, at=timezone.now())
        actions.finish(follow_up=open_one(order), by=colleague)

        job_order_days.plan(TOMORROW)

        assert open_one(order).owner == order.owner

    def test_when_nobody_who_works_here_has_followed_it_it_stays_with_the_one_who_has_left(self, order):
        actions.finish(follow_up=open_one(order), by=order.owner)
        order.owner.is_active = False
        order.owner.save()

        job_order_days.plan(TOMORROW)

        assert open_one(order).owner == order.owner

    def test_one_that_was_done_beforehand_counts_for_its_day(self, order):
        actions.finish(follow_up=open_one(order), by=order.owner)

        job_order_days.plan(TOMORROW)

        assert open_one(order).due_on == date(2026, 11, 26)

    def test_one_that_is_overdue_stays_the_only_one(self, order):
        assert job_order_days.plan(date(2026, 12, 3)) == {"followed": 0, "closed": 0}
        assert open_one(order).due_on == TOMORROW

    def test_a_tick_that_is_taken_back_takes_the_next_one_along(self, order):
        first = open_one(order)
        actions.finish(follow_up=first, by=order.owner)
        job_order_days.plan(TOMORROW)

        actions.reopen(follow_up=first)

        assert open_one(order) == first

    def test_of_two_that_are_open_after_all_the_clock_leaves_one(self, order):
        first = open_one(order)
        actions.finish(follow_up=first, by=order.owner)
        job_order_days.plan(TOMORROW)
        actions.postpone(follow_up=open_one(order), to=date(2026, 12, 1))
        actions.reopen(follow_up=first)

        assert job_order_days.plan(TOMORROW) == {"followed": 0, "closed": 1}

        assert open_one(order).due_on == date(2026, 12, 1)

    def test_what_was_opened_again_of_a_closed_order_is_closed_by_the_clock(self, order):
        promised = open_one(order)
        job_orders.withdraw(order=order, by=order.owner, why="Enough")
        actions.reopen(follow_up=promised)

        assert job_order_days.plan(TOMORROW) == {"followed": 0, "closed": 1}
        promised.refresh_from_db()
        assert promised.done_by == order.owner
        assert promised.history.first().history_user is None

    def test_a_deadline_that_has_passed_is_said_in_the_title(self, order):
        assert open_one(order).title == "Job order, Cook: 3 of 3 still to find, deadline 15 December 2026"

        with time_machine.travel("2026-12-16 05:00+01:00", tick=False):
            job_order_days.plan(date(2026, 12, 16))

        said = "Job order, Cook: 3 of 3 still to find, the deadline passed on 15 December 2026"
        assert open_one(order).title == open_one(order).history.first().title == said

    def test_none_is_made_at_a_workplace_that_has_ceased(self, order):
        actions.finish(follow_up=open_one(order), by=order.owner)
        order.workplace.ceased_on = TODAY
        order.workplace.save()

        assert job_order_days.plan(TOMORROW) == {"followed": 0, "closed": 0}

    def test_a_referral_that_is_taken_back_leaves_the_follow_up_of_the_day_to_be_done(self, order):
        FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")
        promised, since = open_one(order), timezone.now()
        referral = refer(order)

        job_orders.withdraw_referral(referral=referral, by=order.owner, since=since)

        assert follow_ups(order) == [promised]
        assert (open_one(order).due_on, open_one(order).done_by) == (TODAY, None)
        order.workplace.refresh_from_db()
        assert order.workplace.next_contact_on == TODAY

    @pytest.mark.parametrize("hired", [True, False])
    def test_an_answer_that_is_undone_on_the_spot_leaves_the_follow_up_of_the_day_to_be_done(self, order, hired):
        referral = refer(order)
        FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")
        promised, since = open_one(order), timezone.now()
        job_orders.answer(referral=referral, by=order.owner, hired=hired)

        job_orders.take_back(referral=referral, by=order.owner, since=since)

        assert follow_ups(order) == [promised]
        assert open_one(order).due_on == TODAY

    def test_what_was_ticked_off_before_the_referral_stays_so(self, order):
        with time_machine.travel("2026-11-24 08:00+01:00", tick=False):
            actions.finish(follow_up=open_one(order), by=order.owner)
        since = timezone.now()
        referral = refer(order)

        job_orders.withdraw_referral(referral=referral, by=order.owner, since=since)

        first, new = follow_ups(order)
        assert (first.done_by, new.done_at) == (order.owner, None)

    def test_a_next_one_that_somebody_has_moved_since_stays_instead(self, order):
        FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")
        since, referral = timezone.now(), refer(order)
        actions.postpone(follow_up=open_one(order), to=date(2026, 12, 1))

        job_orders.withdraw_referral(referral=referral, by=order.owner, since=since)

        assert open_one(order).due_on == date(2026, 12, 1)

    def test_one_that_was_put_off_is_put_off_again_when_it_was_no_mistake_after_all(self, order):
        actions.postpone(follow_up=open_one(order), to=date(2026, 12, 4))
        promised = open_one(order)
        withdrawn, before = job_orders.withdraw(order=order, by=order.owner, why="A mistake")

        job_orders.put_back(order=withdrawn, before=before, by=order.owner)

        assert follow_ups(order) == [promised]
        assert open_one(order).due_on == date(2026, 12, 4)

    def test_somebody_found_by_mistake_leaves_the_follow_up_of_the_day_to_be_done(self, order):
        FollowUp.objects.update(due_on=TODAY, occurrence="2026-11-24")
        promised = open_one(order)
        order, before = job_orders.fill(order=order, by=order.owner)

        job_orders.put_back(order=order, before=before, by=order.owner)

        assert follow_ups(order) == [promised]
        assert open_one(order).due_on == TODAY

    def test_an_order_opened_again_by_mistake_leaves_no_follow_up_that_nobody_did(self, order):
        order, _before = job_orders.withdraw(order=order, by=order.owner, why="Enough")
        known = follow_ups(order)
        facts = {"by": order.owner, "positions": 3, "deadline": date(2026, 12, 15)}
        with time_machine.travel("2026-11-30 10:00+01:00", tick=False):
            order, before = job_orders.reopen(order=order, **facts)

            job_orders.put_back(order=order, before=before, by=order.owner)
            assert follow_ups(order) == known

            job_orders.reopen(order=order, **facts)
            assert open_one(order).due_on == date(2026, 11, 30)

    @pytest.mark.parametrize("n", [1, 12])
    def test_a_day_takes_as_many_statements_however_many_orders(self, n, django_assert_num_queries):
        job_order_days.plan(TODAY)
        for _one in range(n):
            JobOrderFactory()
            late = JobOrderFactory(deadline=date(2026, 11, 1))
            FollowUp.objects.create(
                kind="job_order", cause=late, occurrence="2026-11-24", workplace=late.workplace, title="Old", due_on=TODAY,
                owner=late.owner,
            )  # fmt: skip

        with django_assert_num_queries(DAY):
            assert job_order_days.plan(TODAY) == {"followed": n, "closed": 0}


DAY = 15


# Two in the same second.


@pytest.mark.django_db(transaction=True)
def test_of_two_who_fill_the_last_position_in_the_same_second_one_is_told_so_a_hundred_times():
    """Each over a connection of its own: one hires a candidate, the other has heard that they found somebody."""
    owner = UserFactory(username="owner")
    place = WorkplaceFactory()
    orders = [JobOrderFactory(workplace=place, owner=owner, positions=2, filled=1) for _one in range(100)]
    referrals = [ReferralFactory(job_order=order) for order in orders]
    start, outcomes = threading.Barrier(2), []

    def run(act):
        try:
            with translation.override("en"):
                for order, referral in zip(orders, referrals, strict=True):
                    start.wait()
                    try:
                        act(order, referral)
                        outcomes.append((order.pk, "filled"))
                    except NotNow as refused:
                        outcomes.append((order.pk, str(refused)))
        finally:
            connection.close()

    acts = (
        lambda order, referral: job_orders.answer(referral=referral, by=owner, hired=True),
        lambda order, referral: job_orders.fill(order=order, by=owner),
    )
    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for order in orders:
        assert sorted(words for pk, words in outcomes if pk == order.pk) == [
            "All 2 positions have been filled already.", "filled",
        ]  # fmt: skip
    assert set(JobOrder.objects.values_list("state", "filled")) == {("filled", 2)}
    assert not FollowUp.objects.open().exists()


# Whatever is done.


class Orders(RuleBasedStateMachine):
    """One order, and everything that people and the clock do to it."""

    def __init__(self):
        super().__init__()
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.clock = time_machine.travel("2026-11-24 09:00+01:00", tick=False)
        self.traveller = self.clock.start()
        self.people = [UserFactory(), UserFactory()]
        self.order = receive(self.people[0])
        self.undo = None
        # A tick by hand waits for the clock, and one that was taken back may leave two until then.
        self.waits_for_the_clock = False

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    @property
    def today(self):
        return timezone.localdate()

    who = st.integers(0, 1)
    pick = st.integers(0, 3)

    def act(self, function, **what):
        # As a request: what is refused leaves nothing behind.
        with suppress(NotNow), transaction.atomic():
            return function(**what)
        return None

    @rule(who=who, reference=st.integers(1, 4))
    def refer(self, who, reference):
        self.act(job_orders.refer, order=self.order, by=self.people[who], case_reference=f"26/{reference}")

    @rule(who=who, pick=pick, hired=st.booleans())
    def answer(self, who, pick, hired):
        if rows := list(self.order.referrals.all()):
            self.act(job_orders.answer, referral=rows[pick % len(rows)], by=self.people[who], hired=hired)

    @rule(who=who, pick=pick, withdraw=st.booleans())
    def take_back(self, who, pick, withdraw):
        act, facts = (
            (job_orders.withdraw_referral, {"since": timezone.now()}) if withdraw else (job_orders.take_back, {})
        )
        if rows := list(self.order.referrals.all()):
            self.act(act, referral=rows[pick % len(rows)], by=self.people[who], **facts)

    @rule(who=who, number=st.integers(1, 3))
    def fill(self, who, number):
        self.undo = self.act(job_orders.fill, order=self.order, by=self.people[who], number=number) or self.undo

    @rule(who=who)
    def withdraw(self, who):
        self.undo = self.act(job_orders.withdraw, order=self.order, by=self.people[who], why="Enough") or self.undo

    @rule(who=who, positions=st.integers(1, 5))
    def reopen(self, who, positions):
        what = {"positions": positions, "deadline": self.today + timedelta(days=3)}
        self.undo = self.act(job_orders.reopen, order=self.order, by=self.people[who], **what) or self.undo

    @rule(who=who)
    def put_back(self, who):
        if self.undo:
            self.act(job_orders.put_back, order=self.order, before=self.undo[1], by=self.people[who])

    @rule(who=who, positions=st.integers(1, 5), owner=who)
    def change(self, who, positions, owner):
        what = {"positions": positions, "owner": self.people[owner]}
        self.act(job_orders.change, order=self.order, by=self.people[who], **what)

    @rule(who=who, act=st.sampled_from(["finish", "postpone", "reopen"]), pick=pick)
    def by_hand(self, who, act, pick):
        rows = [one for one in follow_ups(self.order) if (one.done_at is not None) == (act == "reopen")]
        if rows:
            one = rows[pick % len(rows)]
            how = {
                "finish": {"by": self.people[who]}, "postpone": {"to": self.today + timedelta(days=pick + 1)}, "reopen": {},
            }[act]  # fmt: skip
            self.act(getattr(actions, act), follow_up=one, **how)
            self.waits_for_the_clock = True

    @rule(days=st.integers(0, 4))
    def the_clock_strikes(self, days):
        self.traveller.shift(timedelta(days=days))
        job_order_days.plan(self.today)
        assert job_order_days.plan(self.today) == {"followed": 0, "closed": 0}
        self.waits_for_the_clock = False

    @invariant()
    def no_more_are_filled_than_there_are_positions(self):
        order = JobOrder.objects.get(pk=self.order.pk)
        hired = order.referrals.filter(state="hired").count()
        assert hired <= order.filled <= order.positions
        assert (order.state == "filled") == (order.filled == order.positions)

    @invariant()
    def an_open_order_has_one_follow_up_and_a_closed_one_none(self):
        if self.waits_for_the_clock:
            return
        order = JobOrder.objects.get(pk=self.order.pk)
        assert job_order_days.promised_for(order).open().count() == int(order.is_open)


@pytest.mark.slow
@pytest.mark.django_db
def test_no_sequence_of_acts_overfills_an_order_or_leaves_it_without_or_with_two_follow_ups():
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
