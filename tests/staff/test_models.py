"""Questions about colleagues."""

import pytest

from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db


def test_who_may_asks_the_roles(person_in, owner, stranger):
    case_worker, manager, steward = person_in(CASE_WORKER), person_in(MANAGER), person_in(STEWARD)

    assert set(User.objects.who_may("contacts.add_interaction")) == {owner, manager}
    assert set(User.objects.who_may("contacts.change_followup")) == {owner, case_worker, manager, steward}


def test_who_runs_the_system_may_not_for_that_alone(owner):
    UserFactory(is_superuser=True)

    assert list(User.objects.who_may("contacts.add_interaction")) == [owner]


def test_who_may_narrows_what_was_asked_before(owner, colleague):
    assert list(User.objects.exclude(pk=owner.pk).who_may("contacts.add_interaction")) == [colleague]


@pytest.mark.django_db
class TestLedBy:
    def test_the_manager_comes_before_the_leader_of_the_team(self):
        manager, leader = UserFactory(), UserFactory()
        team = TeamFactory(leader=leader)

        assert UserFactory(manager=manager, team=team).led_by == manager
        assert UserFactory(team=team).led_by == leader

    def test_who_does_not_work_here_any_more_leads_nobody(self):
        gone, leader = UserFactory(is_active=False), UserFactory()

        assert UserFactory(manager=gone, team=TeamFactory(leader=leader)).led_by == leader
        assert UserFactory(team=TeamFactory(name="South", leader=gone)).led_by is None

    def test_nobody_is_led_by_themselves_or_by_the_leader_of_another_team(self):
        leader = UserFactory()
        leader.team = TeamFactory(leader=leader)

        assert leader.led_by is None
        assert UserFactory().led_by is None
