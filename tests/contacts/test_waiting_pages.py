"""The bell, and the page behind it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from jobcenter_crm.staff.roles import MANAGER
from tests.conftest import member
from tests.factories import (
    ContactPlanTargetFactory,
    FollowUpFactory,
    InteractionFactory,
    RegisterChangeFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
PAGE, COUNT = "/waiting/", "/waiting/count/"


def test_the_page_tells_each_thing_with_the_way_there(client_for, owner):
    late = FollowUpFactory(owner=owner, due_on=date(2026, 11, 18), title="Send the paper")

    page = client_for(owner).get(PAGE).text

    assert "1 thing waits for you." in page
    assert "Overdue follow-ups" in page
    assert f'href="{late.get_absolute_url()}">{late.workplace.name}</a>' in page
    assert "Send the paper" in page
    assert "18 Nov" in page
    assert "The same comes by mail at 7:00." in page


def test_what_a_deputy_does_stands_under_its_own_heading(client_for, owner, colleague):
    colleague.absent_until, colleague.deputy = date(2026, 12, 3), owner
    colleague.save()
    FollowUpFactory(owner=colleague, due_on=TODAY)

    page = client_for(owner).get(PAGE).text

    assert "For Carl Colleague, absent until 3 December" in page
    assert f'id="for-{colleague.pk}"' in page


def test_when_nothing_waits_the_page_says_so(client_for, stranger):
    page = client_for(stranger).get(PAGE).text

    assert "Nothing is waiting." in page
    assert "for you." not in page


def test_the_bell_is_on_every_page_and_gets_its_number_afterwards(client_for, owner):
    FollowUpFactory.create_batch(3, owner=owner, due_on=TODAY)
    client = client_for(owner)

    page = client.get(reverse("staff:profile")).text
    count = client.get(COUNT)

    assert f'href="{PAGE}"' in page
    assert f'hx-get="{COUNT}"' in page
    assert "3 things wait" not in page
    assert "3 things wait" in count.text
    assert "no-store" in count["Cache-Control"]


def test_a_bell_for_nothing_shows_no_number(client_for, owner):
    FollowUpFactory(owner=owner, due_on=TODAY + timedelta(days=1))

    answer = client_for(owner).get(COUNT).text

    assert "Nothing waits" in answer
    assert "bell-count" not in answer


@pytest.mark.parametrize("rows", [1, 12])
@pytest.mark.parametrize(("url", "most"), [(PAGE, 20), (COUNT, 10)])
def test_page_and_bell_ask_the_same_however_much_waits(client_for, rows, url, most, django_assert_num_queries):
    manager = member(MANAGER, "boss")
    for _row in range(rows):
        place = WorkplaceFactory(owner=manager, tier=1, last_contact_on=date(2020, 1, 1))
        FollowUpFactory(owner=manager, workplace=place, due_on=date(2026, 11, 2))
        FollowUpFactory(workplace=WorkplaceFactory(tier=1), due_on=date(2026, 11, 2))
        InteractionFactory(state="planned", on=TODAY, created_by=manager)
        InteractionFactory(state="planned", on=date(2026, 11, 20), created_by=manager)
        RegisterChangeFactory(workplace=place)
        ContactPlanTargetFactory(plan__participants=[manager], consultant=manager)
    client = client_for(manager)

    with django_assert_num_queries(most):
        assert client.get(url).status_code == 200
