"""From a draft to the end, and the steps that are refused."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction

from contacts.actions import NotNow
from contacts.models import ColleagueRole, FollowUp
from partnerships import steps
from partnerships.models import Agreement, AgreementVersion, Review
from tests.factories import (
    AgreementFactory,
    DocumentFactory,
    PersonFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24 09:00+01:00", tick=False):
        yield


def signing(agreement, **more):
    """What is needed to sign."""
    signer = PersonFactory(company=agreement.company, workplace=agreement.workplace)
    return {
        "agreement": agreement,
        "by": agreement.owner,
        "signed_on": TODAY,
        "signed_by_us": agreement.owner,
        "signed_by_them": signer,
        "document": DocumentFactory(agreement=agreement),
        "starts_on": TODAY,
    } | more


def proposed(**facts):
    agreement = AgreementFactory(**facts)
    return steps.propose(agreement=agreement, by=agreement.owner, on=TODAY)


def test_a_draft_is_proposed_signed_and_ended_each_with_its_day_and_person(db):
    agreement = proposed()
    steps.activate(**signing(agreement))
    steps.end(agreement=agreement, by=agreement.owner, on=TODAY + timedelta(days=90), why="They move")

    agreement.refresh_from_db()
    assert agreement.state == Agreement.State.ENDED
    assert agreement.ends_on == TODAY + timedelta(days=90)
    assert [(step.before, step.state, step.on, step.by, step.why) for step in agreement.steps.all()] == [
        ("draft", "proposed", TODAY, agreement.owner, ""),
        ("proposed", "active", TODAY, agreement.owner, ""),
        ("active", "ended", TODAY + timedelta(days=90), agreement.owner, "They move"),
    ]


def test_signing_keeps_the_first_version_and_plans_a_review_after_the_interval(db):
    agreement = steps.activate(**signing(proposed(review_every=3)))

    version = AgreementVersion.objects.get(agreement=agreement)
    assert (version.number, version.wording["purpose"]) == (1, "A way into the kitchen")
    assert agreement.next_review_on == date(2027, 2, 24)
    assert Review.objects.get(agreement=agreement).due_on == date(2027, 2, 24)
    assert not FollowUp.objects.exists()


def test_a_review_that_is_near_is_promised_at_once(db):
    agreement = steps.activate(**signing(proposed(), review_on=TODAY + timedelta(days=30)))

    promised = FollowUp.objects.get()
    assert (promised.owner, promised.due_on, promised.workplace) == (
        agreement.owner,
        TODAY + timedelta(days=30),
        agreement.workplace,
    )


def test_a_review_of_one_that_ends_before_it_is_held_on_its_last_day(db):
    agreement = steps.activate(**signing(proposed(), ends_on=date(2027, 3, 31)))

    assert agreement.next_review_on == date(2027, 3, 31)


def test_the_daily_contact_is_noted_at_each_workplace_when_it_is_signed(db):
    here, there = WorkplaceFactory(), None
    there = WorkplaceFactory(company=here.company)
    job_consultant = UserFactory()
    agreement = proposed(workplace=here, where=[there])

    steps.activate(**signing(agreement, daily=job_consultant))

    roles = ColleagueRole.objects.current().daily_contacts()
    assert {(role.workplace, role.colleague) for role in roles} == {(here, job_consultant), (there, job_consultant)}


WRONG = [
    ("draft", "activate"),
    ("draft", "end"),
    ("draft", "take_back_proposal"),
    ("proposed", "propose"),
    ("proposed", "end"),
    ("active", "propose"),
    ("active", "decline"),
    ("active", "activate"),
    ("ended", "propose"),
    ("ended", "decline"),
    ("ended", "end"),
    ("declined", "propose"),
    ("declined", "activate"),
    ("declined", "end"),
]


@pytest.mark.parametrize(("state", "step"), WRONG)
def test_a_wrong_step_is_refused_and_changes_nothing(db, state, step):
    agreement = {
        "draft": AgreementFactory,
        "proposed": proposed,
        "active": active_agreement,
        "ended": lambda: steps.end(agreement=(one := active_agreement()), by=one.owner, on=TODAY, why="Over"),
        "declined": lambda: steps.decline(agreement=(one := proposed()), by=one.owner, on=TODAY, why="No"),
    }[state]()
    arguments = {
        "propose": {"on": TODAY},
        "take_back_proposal": {"on": TODAY},
        "decline": {"on": TODAY, "why": "No"},
        "end": {"on": TODAY, "why": "Over"},
        "activate": {name: value for name, value in signing(agreement).items() if name not in ("agreement", "by")},
    }[step]
    count = agreement.steps.count()

    with pytest.raises(NotNow):
        getattr(steps, step)(agreement=agreement, by=agreement.owner, **arguments)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.steps.count()) == (state, count)


@pytest.mark.parametrize("answer", ["yes", "no", "taken back", "undone"])
def test_a_proposal_is_followed_up_until_they_have_answered(db, answer):
    agreement = AgreementFactory()
    steps.propose(agreement=agreement, by=agreement.owner, on=TODAY, follow_up_on=date(2026, 12, 8))
    promised = FollowUp.objects.open().get()
    assert (promised.kind, promised.owner, promised.due_on) == ("proposal", agreement.owner, date(2026, 12, 8))

    by = {"agreement": agreement, "by": agreement.owner}
    {
        "yes": lambda: steps.activate(**signing(agreement)),
        "no": lambda: steps.decline(**by, on=TODAY, why="No"),
        "taken back": lambda: steps.take_back_proposal(**by, on=TODAY),
        "undone": lambda: steps.undo(**by),
    }[answer]()

    assert not FollowUp.objects.open().filter(kind="proposal").exists()


@pytest.mark.parametrize("undone", [False, True])
def test_one_that_is_proposed_again_is_followed_up_again(db, undone):
    agreement = AgreementFactory()
    for day in (8, 9):
        steps.propose(agreement=agreement, by=agreement.owner, on=TODAY, follow_up_on=date(2026, 12, day))
        if undone:
            steps.undo(agreement=agreement, by=agreement.owner)
        else:
            steps.take_back_proposal(agreement=agreement, by=agreement.owner, on=TODAY)

    assert FollowUp.objects.filter(kind="proposal").count() == 2


def test_one_that_has_run_out_does_not_end_later_than_it_was_agreed(db):
    agreement = active_agreement(ends_on=date(2026, 10, 31))

    with pytest.raises(NotNow):
        steps.end(agreement=agreement, by=agreement.owner, on=TODAY, why="Over")

    assert steps.end(agreement=agreement, by=agreement.owner, on=date(2026, 10, 31), why="Over").state == "ended"


def test_a_second_one_of_its_kind_at_the_workplace_in_the_time_is_refused_and_named(db):
    first = active_agreement()
    second = AgreementFactory(workplace=first.workplace, starts_on=date(2027, 1, 1))

    with pytest.raises(steps.Overlaps) as refused:
        steps.propose(agreement=second, by=second.owner, on=TODAY)

    assert refused.value.others == [first]
    assert str(first.owner) in str(refused.value)


@pytest.mark.parametrize(
    "facts",
    [
        {"kind": Agreement.Kind.SERVICE},
        {"starts_on": date(2027, 2, 1)},
    ],
    ids=["another kind", "after the first has ended"],
)
def test_others_at_the_workplace_may_stand_beside_it(db, facts):
    first = active_agreement(ends_on=date(2027, 1, 31))
    second = AgreementFactory(workplace=first.workplace, **facts)

    assert steps.propose(agreement=second, by=second.owner, on=TODAY).is_proposed


def test_one_at_another_workplace_stands_beside_it_until_one_holds_at_all(db):
    first = active_agreement()
    sister = WorkplaceFactory(company=first.company)
    beside = AgreementFactory(workplace=sister)
    everywhere = AgreementFactory(workplace=sister, covers_all=True)

    assert steps.propose(agreement=beside, by=beside.owner, on=TODAY).is_proposed
    with pytest.raises(steps.Overlaps):
        steps.propose(agreement=everywhere, by=everywhere.owner, on=TODAY)


def test_it_does_not_end_before_it_began(db):
    agreement = active_agreement(signed_on=date(2026, 3, 1))

    with pytest.raises(NotNow):
        steps.end(agreement=agreement, by=agreement.owner, on=date(2026, 2, 28), why="Too early")


def test_ending_drops_the_open_review_and_what_was_promised_for_it(db):
    agreement = active_agreement(review_on=TODAY + timedelta(days=10))

    steps.end(agreement=agreement, by=agreement.owner, on=TODAY, why="They move")

    assert Review.objects.get(agreement=agreement).dropped_at
    assert not FollowUp.objects.open().exists()


def test_who_ended_it_takes_it_back_within_ten_minutes(db):
    agreement = active_agreement(review_on=TODAY + timedelta(days=10))
    steps.end(agreement=agreement, by=agreement.owner, on=TODAY, why="They move")

    back = steps.undo(agreement=agreement, by=agreement.owner)

    assert (back.state, back.ends_on, back.next_review_on) == ("active", None, TODAY + timedelta(days=10))
    assert Review.objects.open().get(agreement=agreement).due_on == TODAY + timedelta(days=10)
    assert FollowUp.objects.open().get().due_on == TODAY + timedelta(days=10)


def test_a_colleague_does_not_take_it_back_nor_anybody_later(db):
    agreement = active_agreement()
    steps.end(agreement=agreement, by=agreement.owner, on=TODAY, why="They move")

    with pytest.raises(NotNow):
        steps.undo(agreement=agreement, by=UserFactory())
    with time_machine.travel("2026-11-24 09:11+01:00"), pytest.raises(NotNow):
        steps.undo(agreement=agreement, by=agreement.owner)


def test_signing_is_not_taken_back(db):
    agreement = active_agreement()

    with pytest.raises(NotNow):
        steps.undo(agreement=agreement, by=agreement.owner)


@pytest.mark.parametrize(
    "facts",
    [
        {"next_review_on": None},
        {"signed_document": None},
        {"signed_by_them": None},
        {"starts_on": None},
        {"ends_on": date(2026, 1, 1)},
        {"state": "ended", "next_review_on": None},
        {"state": "draft"},
    ],
    ids=lambda facts: " ".join(facts),
)
def test_the_database_refuses_an_active_one_that_lacks_something(db, facts):
    agreement = active_agreement()

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(**facts)
