"""The chosen workplaces of the register into a contact plan: exactly those, the protected on a stated basis, with a way back."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from companies.models import BulkDraft, Workplace
from contacts import contact_plans
from contacts.actions import NotNow
from contacts.models import ContactPlan
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.staff.roles import MANAGER
from tests.conftest import member
from tests.factories import ContactPlanFactory, ContactPlanTargetFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def choose(client, *workplaces):
    client.post(
        reverse("companies:bulk"), {"act": "plan", "row": [workplace.pk for workplace in workplaces], "query": ""}
    )
    return BulkDraft.objects.latest("pk").get_absolute_url()


def in_plan(plan):
    return {target.workplace for target in plan.targets.all()}


@pytest.mark.django_db(transaction=True)
def test_exactly_the_chosen_come_into_the_plan_and_out_again(client_for, owner):
    plan = ContactPlanFactory(state="running")
    known = ContactPlanTargetFactory(plan=plan).workplace
    one, other = WorkplaceFactory.create_batch(2)
    WorkplaceFactory()
    protected = WorkplaceFactory(advertising_protected=True)
    client = client_for(owner)

    page = choose(client, known, one, other, protected)
    assert "1 is left out" in client.get(page).content.decode()
    answer = client.post(page, {"plan": plan.pk}, follow=True)

    assert "2 workplaces added to the contact plan." in answer.text
    assert in_plan(plan) == {known, one, other}
    client.post(reverse("companies:bulk_undo", args=[Job.objects.get(kind=contact_plans.FILL).pk]))
    assert in_plan(plan) == {known}


@pytest.mark.django_db(transaction=True)
def test_a_manager_may_state_on_what_basis_the_protected_come_in(client_for, db):
    manager = member(MANAGER, "manager")
    plan = ContactPlanFactory(state="running")
    protected = WorkplaceFactory(advertising_protected=True)
    client = client_for(manager)

    page = choose(client, protected)
    client.post(page, {"plan": plan.pk, "include": "on", "basis": "They have consented"})

    target = plan.targets.get()
    assert (target.workplace, target.basis) == (protected, "They have consented")
    plan.refresh_from_db()
    assert plan.basis == ""


def test_a_plan_that_has_ended_cannot_be_chosen(client_for, owner):
    plan = ContactPlanFactory(state="ended")
    client = client_for(owner)

    answer = client.post(choose(client, WorkplaceFactory()), {"plan": plan.pk})

    assert answer.status_code == 422
    assert "This plan has ended" in answer.content.decode()
    with pytest.raises(NotNow):
        contact_plans.put_in(plan, Workplace.objects.all(), owner)


def test_only_those_who_may_state_a_basis(owner):
    plan = ContactPlanFactory(state="running")
    WorkplaceFactory(do_not_contact=True)

    with pytest.raises(PermissionDenied):
        contact_plans.put_in(plan, Workplace.objects.all(), owner, "because")
    assert not ContactPlan.objects.get().targets.exists()


def test_where_all_are_in_it_nothing_is_ordered(owner):
    target = ContactPlanTargetFactory(plan=ContactPlanFactory(state="running"))

    assert contact_plans.put_in(target.plan, Workplace.objects.all(), owner) is None
    assert not Job.objects.exists()
