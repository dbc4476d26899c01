"""`manage.py seed_demo`: the same for the same arguments, harmless twice, and never among real data."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction
from django.utils import timezone

from companies.models import Company, Municipality, TierPlan, Workplace
from contacts.models import FollowUp, Interaction, Person, ServiceUse
from jobcenter_crm.backstage import clock
from jobcenter_crm.desk.my_day import my_day
from jobcenter_crm.staff.models import Organisation, User
from tests.factories import WorkplaceFactory

pytestmark = pytest.mark.django_db


def seed_demo(**options):
    """Run the command on a small town; what it said."""
    said = StringIO()
    today = date(2026, 11, 23)
    call_command("seed_demo", stdout=said, **{"known_passwords": True, "workplaces": 60, "today": today} | options)
    return said.getvalue()


@pytest.mark.parametrize(
    "today",
    [
        date(2026, 11, 26),
        date(2026, 11, 27),
        date(2026, 11, 29),
        date(2026, 7, 15),
        date(2026, 12, 28),
        date(2027, 1, 4),
    ],
    ids=str,
)
def test_mette_has_as_much_to_do_on_any_day(today):
    seed_demo(today=today)

    day = my_day(User.objects.get(username="mette"), today)

    assert [day.overdue.count, day.today.count, day.this_week.count] == [3, 5, 3]
    assert not Interaction.objects.filter(state="held", on__gte=today).exists()


def test_the_same_arguments_give_the_same_data_and_another_seed_another():
    first, again, other = made(), made(), made(seed="2")

    assert first == again
    assert first["workplaces"] != other["workplaces"]


def made(**options):
    """Everything that a demo holds, and nothing is left of it."""
    with transaction.atomic():
        seed_demo(**options)
        content = {
            "workplaces": _rows(Workplace.objects.values_list("p_number", "name", "street", "tier", "phone")),
            "people": _rows(Person.objects.values_list("name", "email", "created_at")),
            "contacts": _rows(Interaction.objects.values_list("on", "at", "purpose", "note", "created_at")),
            "presented": _rows(Interaction.objects.values_list("purpose", "note", "on", "services__code")),
            "uses": _rows(ServiceUse.objects.values_list("workplace__name", "service__code", "since", "until")),
            "follow_ups": _rows(FollowUp.objects.values_list("title", "due_on", "done_at", "created_at")),
        }
        transaction.set_rollback(True)
    return content


def _rows(values):
    """The rows in an order that lies in them alone: a database gives equal sort keys in any order."""
    return sorted(values, key=repr)


def test_a_second_run_changes_nothing():
    seed_demo()
    count = Interaction.objects.count()

    said = seed_demo(workplaces=80)

    assert "already there" in said
    assert Interaction.objects.count() == count


@pytest.mark.parametrize(
    "make",
    [
        WorkplaceFactory,
        lambda: Organisation(name="A real one").save(),
        lambda: Municipality(code="0001", name="Elsewhere").save(),
        lambda: User.objects.create(username="somebody"),
    ],
    ids=["a workplace", "an organisation", "a municipality of somebody's own", "a log-in"],
)
def test_it_refuses_a_database_with_anything_else(make):
    make()

    with pytest.raises(CommandError, match="already holds something else"):
        seed_demo()

    assert not Company.objects.filter(name="Lindevig Kommune").exists()


def test_a_worker_and_a_clock_that_run_already_keep_nobody_from_a_demo():
    clock.tick(timezone.now())

    assert "ready" in seed_demo()


def test_it_refuses_production_unless_told_that_the_passwords_are_known(settings):
    with pytest.raises(CommandError, match="--known-passwords"):
        seed_demo(known_passwords=False)

    settings.DEBUG = True
    assert "ready" in seed_demo(known_passwords=False)


@pytest.mark.parametrize("workplaces", [0, 59, 1_000_000])
def test_it_refuses_a_number_it_can_not_make(workplaces):
    with pytest.raises(CommandError, match="from 60 to"):
        seed_demo(workplaces=workplaces)


def test_without_the_demo_there_are_no_log_ins_to_tell():
    assert seed_demo(logins=True) == ""


def test_the_plans_of_the_groups_stay_as_they_were():
    TierPlan.objects.filter(tier=3).update(cadence_days=200)

    seed_demo()

    assert TierPlan.objects.get(tier=3).cadence_days == 200
