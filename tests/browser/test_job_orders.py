"""Job orders in a browser: read at every width, and from the first call to the last position filled."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from placements import job_orders
from placements.models import JobOrder
from tests.browser.test_every_screen import looked_at
from tests.factories import JobOrderFactory, PersonFactory, ReferralFactory, WorkplaceFactory


@pytest.fixture
def place(mette):
    return WorkplaceFactory(owner=mette, name="Tømrer Skov og Søn, afdelingen for restaurering", phone="10331802")


@pytest.fixture
def order(mette, place):
    """One of several positions, with candidates who have been answered for and not."""
    today = timezone.localdate()
    order = job_orders.receive(
        workplace=place, owner=mette, by=mette, title="Carpenter's assistant for old timber-framed houses", positions=3,
        deadline=today + timedelta(days=1), skills="Can work at heights", contact=PersonFactory(workplace=place),
    )  # fmt: skip
    job_orders.answer(referral=ReferralFactory(job_order=order), by=mette, hired=True)
    ReferralFactory(job_order=order)
    JobOrderFactory(owner=mette, deadline=today - timedelta(days=3))
    JobOrderFactory(owner=mette, state="withdrawn", closed_on=today, closed_why="A machine does it")
    return order


@pytest.mark.parametrize(("width", "theme", "language"), [("desktop", "light", "en"), ("phone", "dark", "da")])
def test_no_page_of_them_has_anything_to_complain_about(visitor, mette, order, width, theme, language):
    looker = visitor(width=width, theme=theme, language=language)
    looker.log_in(mette)
    at, place = f"/job-orders/{order.pk}/", order.workplace_id

    complaints = []
    for where in (
        "/", "/job-orders/", "/job-orders/?state=withdrawn", "/job-orders/?kind=nonsense", at, f"{at}change/", f"{at}fill/",
        f"{at}withdraw/", f"{at}refer/", f"/job-orders/new/?workplace={place}", f"/companies/{place}/",
        "/contacts/inbound/?q=10331802", "/waiting/",
    ):  # fmt: skip
        complaints += looked_at(looker, where)

    assert complaints == []


@pytest.mark.parametrize("script", [True, False])
def test_somebody_is_hired_for_an_order_that_came_by_telephone(visitor, mette, place, script):
    looker = visitor(width="phone", script=script)
    looker.log_in(mette)
    looker.open("/contacts/inbound/?q=10331802")
    page = looker.page

    page.get_by_role("link", name="They need people").click()
    page.get_by_label("Vacancy").fill("Cook")
    page.get_by_role("button", name="Open the job order").click()
    expect(page.get_by_text("The job order is open.")).to_be_visible()
    page.get_by_role("link", name="Refer a candidate").first.click()
    page.get_by_label("Case reference").fill("26-00417")
    page.get_by_role("button", name="Refer").click()
    expect(page.get_by_text("26-00417").first).to_be_visible()
    page.get_by_role("button", name="Hired").click()

    expect(page.get_by_text("The position is filled. The order is closed.")).to_be_visible()
    order = JobOrder.objects.get()
    assert (order.workplace, order.state, order.filled) == (place, "filled", 1)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
