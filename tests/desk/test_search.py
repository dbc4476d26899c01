"""Search: a part of a name, a number, a street; the same in the top bar while typing."""

import pytest
from django.urls import reverse

from tests.factories import PersonFactory, SlotFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("page", ["desk:search", "desk:suggestions"])
def test_a_place_and_a_person_are_found(client_for, owner, page):
    workplace = WorkplaceFactory(name="Bødker og Væver ApS")
    PersonFactory(workplace=workplace, name="Karl Bødker")

    answer = client_for(owner).get(reverse(page), {"q": "bødk"})

    assert "Bødker og Væver ApS" in answer.text
    assert "Karl Bødker" in answer.text
    assert workplace.get_absolute_url() in answer.text


@pytest.mark.parametrize("page", ["desk:search", "desk:suggestions"])
@pytest.mark.parametrize("typed", ["", " ", "a\0b", "%" * 200, "🦆", "'; drop table"])
def test_nonsense_finds_nothing_and_breaks_nothing(client_for, owner, page, typed):
    WorkplaceFactory(name="Bødker")

    answer = client_for(owner).get(reverse(page), {"q": typed})

    assert answer.status_code == 200


def test_names_that_begin_so_come_before_those_that_only_hold_it(client_for, owner):
    WorkplaceFactory(name="Aften Smedjen")
    WorkplaceFactory(name="Smedjen i Sønderby")

    text = client_for(owner).get(reverse("desk:suggestions"), {"q": "smedj"}).text

    assert text.index("Smedjen i Sønderby") < text.index("Aften Smedjen")


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize(("page", "most"), [("desk:search", 10), ("desk:suggestions", 9)])
def test_searching_asks_the_same_questions_however_much_is_found(
    client_for, owner, rows, page, most, django_assert_max_num_queries
):
    for _number in range(rows):
        workplace = WorkplaceFactory(name="Smedjen", owner=owner)
        PersonFactory(workplace=workplace, name="Smed")
        SlotFactory(workplace=workplace, tasks="Smedearbejde")
    client = client_for(owner)

    with django_assert_max_num_queries(most):
        client.get(reverse(page), {"q": "smed"})
