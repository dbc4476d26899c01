"""A contact plan's workplaces shared out: evenly, by area, by hand, and never behind a colleague's back."""

from datetime import date

import pytest

from companies.models import Workplace
from contacts import actions, contact_plans
from jobcenter_crm.staff.roles import MANAGER
from tests.factories import ContactPlanFactory, ContactPlanTargetFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


@pytest.fixture
def four(owner, colleague):
    """A running plan with Carl and Olga, and four workplaces from north to south."""
    plan = ContactPlanFactory(participants=[owner, colleague])
    for postcode in ("1000", "2000", "3000", "4000"):
        ContactPlanTargetFactory(plan=plan, workplace__postcode=postcode, workplace__name=f"Place {postcode}")
    return plan


def shared(plan, **how):
    """Postcode -> first name of who would contact there."""
    people = list(plan.participants.working().in_order())
    outcome = contact_plans.outcome(plan, people, **{"how": contact_plans.EVENLY} | how)
    names = {person.pk: person.first_name for person in people} | {None: None}
    postcodes = dict(plan.targets.values_list("pk", "workplace__postcode"))
    return {postcodes[pk]: names[who] for pk, who in outcome.given.items()}, outcome


def own(plan, postcode, owner):
    Workplace.objects.filter(contact_plan_targets__plan=plan, postcode=postcode).update(owner=owner)


def test_evenly_counts_what_each_is_responsible_for_already(four, owner):
    own(four, "1000", owner)
    own(four, "2000", owner)

    given, outcome = shared(four)

    assert given == {"1000": "Olga", "2000": "Olga", "3000": "Carl", "4000": "Carl"}
    assert [(share.user.first_name, share.own, share.given, share.in_all) for share in outcome.shares] == [
        ("Carl", 0, 2, 2), ("Olga", 2, 0, 2),
    ]  # fmt: skip


def test_by_area_gives_neighbours_to_one(four):
    given, outcome = shared(four, how=contact_plans.BY_AREA)

    assert given == {"1000": "Carl", "2000": "Carl", "3000": "Olga", "4000": "Olga"}
    assert [(share.first, share.last) for share in outcome.shares] == [("1000", "2000"), ("3000", "4000")]


@pytest.mark.parametrize("number", [1, 2, 5, 7])
def test_by_area_the_shares_are_as_long_as_each_other(owner, colleague, person_in, number):
    plan = ContactPlanFactory(participants=[owner, colleague, person_in(MANAGER)])
    for at in range(number):
        ContactPlanTargetFactory(plan=plan, workplace__postcode=f"{1000 + at}")

    _given, outcome = shared(plan, how=contact_plans.BY_AREA)

    sizes = [share.given for share in outcome.shares]
    assert sum(sizes) == number
    assert max(sizes) - min(sizes) <= 1


def test_by_hand_gives_exactly_the_ticked_ones(four, owner):
    ticked = set(four.targets.filter(workplace__postcode__in=["1000", "4000"]).values_list("pk", flat=True))

    given, _outcome = shared(four, how=contact_plans.BY_HAND, to=owner, ticked=ticked)

    assert given == {"1000": "Olga", "4000": "Olga"}


def test_nobody_is_approached_behind_a_colleagues_back(four, person_in):
    outside = person_in(MANAGER)
    own(four, "3000", outside)

    given, outcome = shared(four)
    all_given, _outcome = shared(four, others_too=True)

    assert set(given) == {"1000", "2000", "4000"}
    assert outcome.others == [(outside, 1)]
    assert set(all_given) == {"1000", "2000", "3000", "4000"}


def test_what_a_colleague_who_has_left_was_responsible_for_is_shared_out(four, person_in):
    outside = person_in(MANAGER)
    own(four, "3000", outside)
    outside.is_active = False
    outside.save()

    given, outcome = shared(four)

    assert "3000" in given
    assert outcome.others == []


def test_only_what_nobody_has_is_given_unless_it_is_done_anew(four, owner, colleague):
    four.targets.filter(workplace__postcode__in=["1000", "2000", "3000"]).update(consultant=owner)

    given, outcome = shared(four)
    anew, _outcome = shared(four, anew=True)

    assert given == {"4000": "Carl"}
    assert [share.had for share in outcome.shares] == [0, 3]
    assert sorted(anew.values()) == ["Carl", "Carl", "Olga", "Olga"]


@pytest.mark.parametrize("leaves", ["the house", "the plan"])
def test_what_somebody_had_who_leaves_is_shared_out_again(four, owner, colleague, leaves):
    four.targets.update(consultant=colleague)
    contacted = four.targets.first()
    actions.log(workplace=contacted.workplace, by=colleague, channel="phone", on=TODAY, outcome="interested")
    if leaves == "the house":
        colleague.is_active = False
        colleague.save()
    else:
        four.participants.remove(colleague)

    given, outcome = shared(four)
    contact_plans.share_out(plan=four, given=outcome.given)

    assert len(given) == 3
    assert four.targets.waiting().adrift().count() == 0
    contacted.refresh_from_db()
    assert contacted.consultant == colleague


def test_what_was_contacted_meanwhile_stays_with_whoever_had_it(four, owner, colleague):
    _given, outcome = shared(four)
    target = four.targets.get(workplace__postcode="1000")
    actions.log(workplace=target.workplace, by=owner, channel="phone", on=TODAY, outcome="interested")

    contact_plans.share_out(plan=four, given=outcome.given)

    target.refresh_from_db()
    assert target.consultant is None
    assert four.targets.filter(consultant=None).count() == 1


@pytest.mark.parametrize("rows", [2, 40])
def test_the_outcome_costs_the_same_however_many_there_are(four, rows, django_assert_num_queries):
    ContactPlanTargetFactory.create_batch(rows, plan=four)
    people = list(four.participants.all())

    with django_assert_num_queries(1):
        contact_plans.outcome(four, people, how=contact_plans.EVENLY)
