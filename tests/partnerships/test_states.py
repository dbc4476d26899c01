"""Whatever is done in whatever order: what must hold of an agreement holds."""

from contextlib import suppress
from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from contacts.actions import NotNow
from contacts.models import FollowUp
from partnerships import drafting, steps
from partnerships.models import Agreement, Review
from partnerships.review_days import KIND
from tests.factories import AgreementFactory, DocumentFactory, PersonFactory, UserFactory, WorkplaceFactory

BEGIN = date(2026, 11, 24)
ALLOWED = {
    "draft": {"proposed", "declined"},
    "proposed": {"active", "declined", "draft"},
    "active": {"ended"},
    "ended": {"active"},
    "declined": {"draft", "proposed"},
}


class Agreements(RuleBasedStateMachine):
    """Two agreements of one kind at one workplace, and two colleagues who do things to them."""

    def __init__(self):
        super().__init__()
        # Each run begins with an empty table, and leaves it so.
        self.rolled_back = transaction.atomic()
        self.rolled_back.__enter__()
        self.clock = time_machine.travel("2026-11-24 09:00+01:00", tick=False)
        self.traveller = self.clock.start()
        self.people = [UserFactory(), UserFactory()]
        workplace = WorkplaceFactory()
        self.signer = PersonFactory(company=workplace.company, workplace=workplace)
        self.both = [AgreementFactory(workplace=workplace, owner=self.people[0]) for _one in range(2)]
        self.states = ["draft", "draft"]
        self.versions, self.days = [0, 0], 0

    def teardown(self):
        self.clock.stop()
        transaction.set_rollback(True)
        self.rolled_back.__exit__(None, None, None)

    @property
    def today(self):
        return BEGIN + timedelta(days=self.days)

    def _try(self, act, which, **facts):
        with suppress(NotNow):
            act(agreement=self.both[which], by=self.people[facts.pop("who", 0)], **facts)

    @rule(which=st.integers(0, 1))
    def propose(self, which):
        self._try(steps.propose, which, on=self.today)

    @rule(which=st.integers(0, 1))
    def take_back(self, which):
        self._try(steps.take_back_proposal, which, on=self.today)

    @rule(which=st.integers(0, 1), months=st.integers(0, 30), ahead=st.none() | st.integers(0, 400))
    def sign(self, which, months, ahead):
        agreement = self.both[which]
        starts_on = self.today + timedelta(days=months)
        ends_on = None if ahead is None else starts_on + timedelta(days=ahead)
        self._try(
            steps.activate, which, signed_on=self.today, signed_by_us=self.people[0], signed_by_them=self.signer,
            document=DocumentFactory(agreement=agreement), starts_on=starts_on, ends_on=ends_on,
        )  # fmt: skip

    @rule(which=st.integers(0, 1))
    def decline(self, which):
        self._try(steps.decline, which, on=self.today, why="No")

    @rule(which=st.integers(0, 1), days=st.integers(-40, 40))
    def end(self, which, days):
        self._try(steps.end, which, on=self.today + timedelta(days=days), why="Over")

    @rule(which=st.integers(0, 1), who=st.integers(0, 1))
    def undo(self, which, who):
        self._try(steps.undo, which, who=who)

    @rule(which=st.integers(0, 1), words=st.sampled_from(["One", "Two"]), note=st.sampled_from(["", "So"]))
    def change(self, which, words, note):
        self._try(drafting.change, which, they_give=words, note=note)

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        self.traveller.shift(timedelta(days=days))
        self.days = self.days + days

    @invariant()
    def steps_are_the_allowed_ones(self):
        for at, agreement in enumerate(self.both):
            now = Agreement.objects.get(pk=agreement.pk)
            assert now.state == self.states[at] or now.state in ALLOWED[self.states[at]]
            last = now.steps.last()
            assert last is None or last.state == now.state
            self.states[at] = now.state

    @invariant()
    def an_active_one_has_one_open_review_on_its_day_and_others_none(self):
        for agreement in Agreement.objects.all():
            days = list(Review.objects.open().filter(agreement=agreement).values_list("due_on", flat=True))
            assert days == ([agreement.next_review_on] if agreement.is_active else [])

    @invariant()
    def nothing_is_promised_for_a_review_that_is_closed(self):
        open_ones = set(Review.objects.open().values_list("pk", flat=True))
        promised = FollowUp.objects.open().filter(kind=KIND).values_list("cause_id", flat=True)
        assert set(promised) <= open_ones

    @invariant()
    def two_never_hold_in_the_same_time(self):
        periods = [
            (one.starts_on or self.today, one.ends_on or date.max) for one in Agreement.objects.filter(state="active")
        ]
        if len(periods) == 2:
            (_first, last), (second, _until) = sorted(periods)
            assert last < second

    @invariant()
    def versions_only_grow_and_each_is_kept(self):
        for at, agreement in enumerate(self.both):
            now = Agreement.objects.get(pk=agreement.pk)
            assert now.version >= self.versions[at]
            assert now.versions.count() == now.version
            self.versions[at] = now.version


@pytest.mark.slow
@pytest.mark.django_db
def test_no_sequence_of_steps_breaks_what_must_hold():
    run_state_machine_as_test(
        Agreements,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
