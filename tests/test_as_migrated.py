"""What a test that commits leaves behind: the database as it was migrated."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection

from companies.models import Postcode, TierPlan, Workplace
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import ROLES
from tests import as_migrated
from tests.factories import InteractionFactory

pytestmark = pytest.mark.django_db(transaction=True)


def content():
    return {
        model: set(model.objects.values_list())
        for model in (ContentType, Permission, Group, Group.permissions.through, Postcode, TierPlan, Workplace, User)
    }


def test_what_was_written_is_gone_and_what_was_changed_or_deleted_is_back(colleague):
    InteractionFactory(created_by=colleague)
    Postcode.objects.filter(code="4600").update(town="Elsewhere")
    Postcode.objects.create(code="0001", town="Nowhere")
    Group.objects.get(name=ROLES[0]).delete()
    TierPlan.objects.get(tier=1).delete()
    before = content()

    as_migrated.put_back(connection)

    after = content()
    assert after != before
    assert not after[Workplace]
    assert not after[User]
    assert Postcode.objects.get(code="4600").town == "Køge"
    assert not Postcode.objects.filter(code="0001").exists()
    assert sorted(TierPlan.objects.values_list("tier", flat=True)) == [1, 2, 3, 4]
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)
    assert Group.objects.get(name=ROLES[0]).permissions.exists()


def test_it_is_what_loading_everything_anew_would_give():
    as_migrated.put_back(connection)
    before = content()

    emit_post_migrate_signal(verbosity=0, interactive=False, db=connection.alias)

    assert content() == before
