"""Whatever is done in whatever order: one open review of an active agreement, on its day, and no promise for a closed one."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from contacts import actions
from contacts.actions import NotNow
from contacts.models import FollowUp
from partnerships import drafting, review_days, reviews, steps
from partnerships.models import Agreement, Review
from tests.factories import UserFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
DAYS = st.integers(-40, 400)
ACTS = st.one_of(
    st.tuples(st.just("hold"), st.sampled_from(["continue", "change", "end"]), DAYS),
    st.tuples(st.sampled_from(["move", "call", "end_now", "shorten", "prolong", "postpone"]), st.none(), DAYS),
    st.tuples(st.sampled_from(["take_back", "undo", "clock", "give"]), st.none(), st.just(0)),
    st.tuples(st.just("interval"), st.none(), st.integers(1, 24)),
    st.tuples(st.just("later"), st.none(), st.integers(1, 120)),
)


class World:
    """One agreement, and a clock that only goes forward."""

    def __init__(self, ends_in, review_in):
        ends_on = TODAY + timedelta(days=ends_in) if ends_in else None
        review_on = TODAY + timedelta(days=min(review_in, ends_in or review_in))
        self.key = active_agreement(ends_on=ends_on, review_on=review_on).pk
        self.today, self.colleague = TODAY, UserFactory()

    @property
    def agreement(self):
        return Agreement.objects.select_related("owner").get(pk=self.key)

    def do(self, act, how, days):
        day, agreement = self.today + timedelta(days=days), self.agreement
        review, by = agreement.reviews.order_by("-pk").first(), agreement.owner
        open_one = Review.objects.open().first() or review
        promised = FollowUp.objects.open().first()
        match act:
            case "hold":
                reviews.hold(
                    review=open_one, by=by, held_on=self.today, decision=how, staff=[by], next_on=day, last_day=day,
                    they_found="Well", decided="So",
                )  # fmt: skip
            case "move":
                reviews.move(review=open_one, by=by, on=day)
            case "call":
                reviews.call(review=open_one, by=by, on=day, why="Now")
            case "take_back":
                reviews.take_back(review=Review.objects.held().newest_first().first() or review, by=by)
            case "end_now":
                steps.end(agreement=agreement, by=by, on=day, why="Over")
            case "undo":
                steps.undo(agreement=agreement, by=by)
            case "shorten" | "prolong":
                end = max(day, agreement.starts_on)
                drafting.change(agreement=agreement, by=by, note="End", ends_on=end if act == "shorten" else None)
            case "interval":
                drafting.change(agreement=agreement, by=by, note="Interval", review_every=days)
            case "postpone" if promised:
                actions.postpone(follow_up=promised, to=day)
            case "give" if promised:
                promised.give(to=self.colleague, by=by, at="2026-11-24T08:00:00Z")
            case "clock":
                review_days.plan_ahead(self.today)
            case "later":
                self.today = day


def must_hold(world):
    agreement = world.agreement
    open_ones = list(Review.objects.open())
    if agreement.is_active:
        assert [one.due_on for one in open_ones] == [agreement.next_review_on]
    else:
        assert open_ones == []
    promised = list(FollowUp.objects.open().values_list("cause_id", flat=True))
    assert len(promised) == len(set(promised))
    assert set(promised) <= {one.pk for one in open_ones}


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    ends_in=st.none() | st.integers(1, 400),
    review_in=st.integers(1, 300),
    acts=st.lists(ACTS, min_size=1, max_size=8),
)
def test_whatever_is_done_an_active_agreement_has_one_open_review_on_its_day(ends_in, review_in, acts):
    with transaction.atomic():
        run(World(ends_in, review_in), acts)
        transaction.set_rollback(True)


def run(world, acts):
    must_hold(world)
    for act in [*acts, ("clock", None, 0)]:
        with time_machine.travel(f"{world.today}T09:30:00+01:00", tick=False), suppress(NotNow):
            world.do(*act)
        must_hold(world)
    near = Review.objects.to_plan(world.today)
    assert FollowUp.objects.filter(cause_id__in=near.values("pk")).count() == near.count()
