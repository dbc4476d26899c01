"""The job orders of the demo."""

from datetime import date
from types import SimpleNamespace

import pytest

from contacts.models import FollowUp
from jobcenter_crm.desk.demo import job_orders as demo
from placements.models import JobOrder, Measure, Referral
from tests.factories import PersonFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
TODAY = date(2026, 11, 24)


def test_orders_of_every_kind_are_there_as_of_their_own_days():
    places = {one.name: SimpleNamespace(workplace=WorkplaceFactory(name=one.name)) for one in demo.ORDERS}
    for one in demo.ORDERS:
        PersonFactory(workplace=places[one.name].workplace, name=one.contact)
    people = {name: UserFactory(username=name) for name in ("mette", "ali", "sara")}

    demo.make(SimpleNamespace(by_name=places), people, TODAY)

    orders = JobOrder.objects.all()
    assert {order.state for order in orders} == {"open", "filled", "withdrawn"}
    assert JobOrder.objects.open().filter(deadline__lt=TODAY).count() == 1
    assert FollowUp.objects.open().filter(kind="job_order", due_on=TODAY).count() == JobOrder.objects.open().count()
    assert Referral.objects.count() >= 6
    for order in orders:
        assert order.contact is not None
        assert order.history.get().history_date.date() == order.created_at.date() < TODAY
        assert order.filled >= order.referrals.filter(state="hired").count()
    assert {one.measure for one in demo.ORDERS if one.measure} <= set(
        Measure.objects.valid(TODAY).values_list("pk", flat=True)
    )
