"""What an agreement says, from the first draft to the versions of one that holds."""

from datetime import date
from uuid import uuid4

import pytest

from contacts.actions import NotNow
from contacts.models import FollowUp
from partnerships import drafting, steps, versions
from partnerships.models import Agreement
from tests.factories import AgreementFactory, AgreementGoalFactory, UserFactory, WorkplaceFactory, active_agreement

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def test_a_draft_is_made_at_a_workplace_and_holds_at_others_besides(owner):
    here = WorkplaceFactory()
    there = WorkplaceFactory(company=here.company)

    agreement = drafting.make(
        kind="partnership", workplace=here, owner=owner, by=owner, places=[there], purpose="Hands"
    )

    assert (agreement.company, agreement.state, agreement.purpose) == (here.company, "draft", "Hands")
    assert set(agreement.places.all()) == {here, there}
    assert [(step.state, step.on, step.by) for step in agreement.steps.all()] == [("draft", TODAY, owner)]


def test_the_same_form_sent_twice_makes_one(owner):
    workplace, token = WorkplaceFactory(), uuid4()

    first, second = (
        drafting.make(kind="intent", workplace=workplace, owner=owner, by=owner, token=token) for _time in range(2)
    )

    assert first == second
    assert Agreement.objects.count() == 1


def test_a_draft_is_changed_without_a_version(owner):
    agreement = AgreementFactory(owner=owner)

    drafting.change(agreement=agreement, by=owner, purpose="Another")

    agreement.refresh_from_db()
    assert (agreement.purpose, agreement.version) == ("Another", 0)


def test_one_that_holds_keeps_the_earlier_wording_and_who_changed_what(owner):
    agreement = active_agreement(owner=owner)

    drafting.change(agreement=agreement, by=owner, they_give="Three places", note="A place more")

    latest, first = agreement.versions.all()
    assert (latest.number, latest.note, latest.made_by) == (2, "A place more", owner)
    assert (first.wording["they_give"], latest.wording["they_give"]) == ("Two places", "Three places")


def test_one_that_holds_is_not_changed_without_saying_what(owner):
    agreement = active_agreement(owner=owner)

    with pytest.raises(NotNow):
        drafting.change(agreement=agreement, by=owner, they_give="Three places")

    agreement.refresh_from_db()
    assert (agreement.they_give, agreement.version) == ("Two places", 1)


def test_saving_one_that_holds_as_it_is_makes_no_version(owner):
    agreement = active_agreement(owner=owner)

    drafting.change(agreement=agreement, by=owner, they_give="Two places")

    assert agreement.versions.count() == 1


def test_another_responsible_consultant_gets_the_promise_of_the_review(owner, colleague):
    agreement = active_agreement(owner=owner, review_on=date(2026, 12, 1))

    drafting.change(agreement=agreement, by=owner, owner=colleague)

    assert FollowUp.objects.open().get().owner == colleague


def test_one_that_is_over_stays_as_it_is(owner):
    agreement = steps.end(agreement=active_agreement(owner=owner), by=owner, on=TODAY, why="Over")

    with pytest.raises(NotNow):
        drafting.change(agreement=agreement, by=owner, purpose="Another")


def test_a_change_into_the_way_of_another_is_refused(owner):
    first = active_agreement(owner=owner)
    sister = WorkplaceFactory(company=first.company)
    second = active_agreement(owner=owner, workplace=sister)

    with pytest.raises(steps.Overlaps):
        drafting.change(agreement=second, by=owner, places=[first.workplace], note="There too")

    assert set(second.places.all()) == {sister}


def test_a_goal_in_one_that_holds_makes_a_version_that_tells_of_it(owner):
    agreement = active_agreement(owner=owner)

    drafting.with_part(
        agreement=agreement, by=owner, note="A goal", act=lambda one: AgreementGoalFactory(agreement=one)
    )

    latest, first = (version.wording for version in agreement.versions.all())
    (change,) = versions.compare(first, latest)
    assert (str(change.label), change.before, change.after) == ("Goals", (), ("Contacts held: 4 by 31 December 2026",))


def test_what_a_wording_says_is_told_in_order_and_what_is_empty_left_out():
    agreement = AgreementFactory(
        starts_on=date(2026, 3, 1), people=4, we_give="- A number\n\n• A name", review_every=3, they_give=""
    )

    told = [(str(line.label), line.words) for line in versions.lines(versions.wording(agreement))]

    place = f"{agreement.workplace.name}, {agreement.workplace.address}"
    assert told == [
        ("Holds at", (place,)),
        ("Purpose", ("A way into the kitchen",)),
        ("What we give", ("A number", "A name")),
        ("Number of people", ("4",)),
        ("Reviewed", ("every 3 months",)),
        ("Period", ("From 1 March 2026, until one of the parties ends it",)),
    ]


def test_a_version_tells_of_its_people_as_they_were():
    person = UserFactory(first_name="Ali", last_name="Demir", phone="10 20 30 40")
    agreement = active_agreement(owner=person)
    drafting.with_part(
        agreement=agreement, by=person, note="Whom to call",
        act=lambda one: one.contacts.create(side="ours", colleague=person, about="the places", answers_within="a day"),
    )  # fmt: skip
    person.phone = "99 99 99 99"
    person.save()

    said = agreement.versions.first().wording["contacts"]

    assert [(one["name"], one["phone"], one["answers_within"]) for one in said] == [
        ("Ali Demir", "10 20 30 40", "a day")
    ]
