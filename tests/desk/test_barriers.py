"""The page of the barriers: its periods, and what it takes."""

from datetime import date

import pytest
from django.urls import reverse

from contacts.models import Interaction
from tests.factories import InteractionFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "desk:barriers"


def test_where_no_barrier_was_met_the_page_says_so(client_for, owner):
    assert "No barrier was noted in the last 12 months." in client_for(owner).get(reverse(PAGE)).text


@pytest.mark.parametrize("asked", ["", "?months=3", "?months=7", "?months=x", "?months=%00"])
def test_a_period_that_is_not_offered_is_the_usual_one(client_for, owner, asked):
    context = client_for(owner).get(reverse(PAGE) + asked).context

    assert context["barrier_months"] == (3 if asked == "?months=3" else 12)


@pytest.mark.parametrize("rows", [1, 20])
def test_the_page_asks_the_same_questions_however_much_was_met(client_for, owner, rows, django_assert_max_num_queries):
    for number in range(rows):
        place, barrier = WorkplaceFactory(tier=number % 4 + 1), Interaction.Barrier.values[number % 8]
        InteractionFactory(workplace=place, outcome="not_now", barrier=barrier, on=date(2026, 11, 17))
    client = client_for(owner)

    with django_assert_max_num_queries(8):
        client.get(reverse(PAGE))
