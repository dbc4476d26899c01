"""The leader of a team is told of what has been overdue for so many working days."""

from datetime import date

import pytest

from companies.models import TierPlan
from contacts import waiting
from contacts.escalation import long_overdue
from jobcenter_crm.staff.roles import MANAGER
from tests.conftest import member
from tests.factories import FollowUpFactory, TeamFactory, UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

# A Tuesday: three working days before it is the Thursday.
TODAY = date(2026, 11, 24)
THURSDAY, FRIDAY = date(2026, 11, 19), date(2026, 11, 20)


@pytest.fixture
def leader(owner):
    """Leads the team of `owner`, and is no manager otherwise."""
    leader = UserFactory(first_name="Lea", last_name="Leader")
    owner.team.leader = leader
    owner.team.save()
    return leader


@pytest.fixture
def manager(db):
    manager = member(MANAGER, "boss")
    manager.team = None
    manager.save()
    return manager


def told(user):
    """`(whom, what)` line by line."""
    parts = {part.name: found for part, found in waiting.waiting([user.pk], TODAY).get(user.pk, [])}
    found = parts.get("team_overdue", waiting.Found())
    assert found.count == len(found.lines)
    return [(line.where, line.what) for line in found.lines]


def late(owner, day=THURSDAY, tier=1):
    return FollowUpFactory(owner=owner, due_on=day, workplace__tier=tier)


def test_only_working_days_count_and_each_group_has_its_own_number(owner):
    TierPlan.objects.filter(tier=3).update(escalate_after_days=2)
    there = [late(owner), late(owner, FRIDAY, tier=3)]
    late(owner, FRIDAY)
    late(owner, tier=4)
    FollowUpFactory(owner=owner, due_on=FRIDAY)
    late(owner).finish(by=owner)

    assert set(long_overdue(TODAY)) == set(there)


def test_what_has_no_group_waits_as_long_as_the_most_patient_group(owner):
    there = FollowUpFactory(owner=owner, due_on=date(2026, 11, 17))
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 18))

    assert list(long_overdue(TODAY)) == [there]


def test_at_the_weekend_nothing_gets_later_than_it_was_on_the_friday(owner):
    late(owner, date(2026, 11, 25))
    tuesday = late(owner, TODAY)

    for day in (date(2026, 11, 27), date(2026, 11, 28), date(2026, 11, 29)):
        assert list(long_overdue(day)) == [tuesday]
    assert long_overdue(date(2026, 11, 30)).count() == 2


def test_a_new_job_centre_begins_with_three_three_and_five_days_and_never_for_group_4():
    assert [plan.escalate_after_days for plan in TierPlan.objects.all()] == [3, 3, 5, None]


def test_the_leader_is_told_in_one_line_for_the_team(owner, colleague, leader):
    late(owner), late(owner), late(colleague)

    assert told(leader) == [(str(owner.team), "3 follow-ups are long overdue")]
    assert told(owner) == []


def test_of_another_team_a_leader_is_told_nothing(owner, leader, manager):
    other = UserFactory(team=TeamFactory(name="Team South", leader=manager))
    late(other)

    assert told(leader) == []
    assert len(told(manager)) == 1


@pytest.mark.parametrize("why", ["no team", "no leader", "inactive", "leader away", "leader gone", "the leader's own"])
def test_where_there_is_no_leader_to_tell_all_managers_are_told(owner, leader, manager, why):
    match why:
        case "no team":
            owner.team = None
        case "inactive":
            owner.is_active = False
        case "no leader":
            owner.team.leader = None
        case "the leader's own":
            owner.team.leader = owner
        case "leader away":
            leader.absent_until = TODAY
        case "leader gone":
            leader.is_active = False
    leader.save()
    if owner.team:
        owner.team.save()
    owner.save()
    late(owner)

    assert told(manager) == [(str(owner.team or "Without a team"), "1 follow-up is long overdue")]
    assert told(leader) == []


def test_it_is_told_to_nobody_who_stands_in(owner, colleague, leader):
    leader.absent_until, leader.deputy = TODAY, colleague
    leader.save()
    late(owner)

    assert waiting.for_reader(colleague, TODAY) == []
    assert waiting.count_for(colleague, TODAY) == 0
