"""Questions about colleagues."""

import pytest

from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import CASE_WORKER, MANAGER, STEWARD
from tests.factories import UserFactory

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
