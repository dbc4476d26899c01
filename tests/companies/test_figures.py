"""The largest by employees or by a figure: cut last, the same each time, and as told."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict

from companies import merging, selections
from companies.models import Figure, WorkplaceFigure
from tests.factories import WorkplaceFactory, WorkplaceFigureFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def found(query, by):
    return set(selections.search(QueryDict(query), today=TODAY, user=by).rows())


def test_the_largest_are_those_with_most_employees_and_an_unknown_number_is_none(owner):
    small, large, larger = (WorkplaceFactory(employees_min=n, employees_max=n) for n in (3, 30, 300))
    WorkplaceFactory(employees_min=None)

    assert found("largest=1", owner) == found("largest=1&largest_by=employees", owner) == {larger}
    assert found("largest=2", owner) == {large, larger}
    assert found("largest=10", owner) == {small, large, larger}


def test_of_two_alike_the_one_that_was_here_first_is_taken(owner):
    first, _second = (WorkplaceFactory(employees_min=5, employees_max=5) for _ in range(2))

    assert found("largest=1", owner) == {first}


def test_they_are_the_largest_of_what_the_rest_finds(owner):
    WorkplaceFactory(employees_min=500, employees_max=500)
    WorkplaceFactory(employees_min=400, employees_max=400, owner=owner, ceased_on=date(2026, 1, 1))
    mine = WorkplaceFactory(employees_min=5, employees_max=5, owner=owner)

    assert found("largest=1&owner=me", owner) == {mine}


def test_by_a_figure_the_newest_count_holds(owner):
    recovered, ill, uncounted = WorkplaceFactory(), WorkplaceFactory(), WorkplaceFactory(employees_min=900)
    WorkplaceFigureFactory(workplace=recovered, value=30, counted_on=date(2025, 6, 30))
    WorkplaceFigureFactory(workplace=recovered, value=4)
    WorkplaceFigureFactory(workplace=ill, value="12.5")
    jobs = Figure.objects.get(code="short_education_jobs")
    WorkplaceFigureFactory(workplace=uncounted, figure=jobs, value=100)

    assert found("largest=1&largest_by=sickness_absence", owner) == {ill}
    assert found("largest=5&largest_by=sickness_absence", owner) == {ill, recovered}


def test_what_is_asked_afterwards_is_asked_of_the_largest(owner):
    WorkplaceFactory(employees_min=50, employees_max=50)
    WorkplaceFactory(employees_min=5, employees_max=5, owner=owner)

    rows = selections.search(QueryDict("largest=1"), today=TODAY, user=owner).rows()

    assert list(rows.for_register_page().filter(owner=owner)) == []


@pytest.mark.parametrize(
    "query", ["largest=0", "largest=100001", "largest=x", "largest=5&largest_by=x", "largest_by=sickness_absence"]
)
def test_what_cannot_be_meant_is_refused(owner, query):
    assert selections.search(QueryDict(query), today=TODAY, user=owner).problems()


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("largest=1500", "The 1,500 with the most employees"),
        ("largest=100&largest_by=sickness_absence", "The 100 with the highest sickness absence"),
        ("largest=50&largest_by=short_education_jobs", "The 50 with the most jobs for people with short education"),
    ],
)
def test_it_is_told_in_words(owner, query, words):
    search = selections.search(QueryDict(query), today=TODAY, user=owner)

    assert search.in_words() == words
    assert search.rule_problems() == []


def test_a_figure_is_counted_once_a_day():
    count = WorkplaceFigureFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        WorkplaceFigureFactory(workplace=count.workplace)


def test_figures_move_along_with_a_merge_unless_the_kept_one_has_that_day(owner):
    kept = WorkplaceFactory()
    merged = WorkplaceFactory(company=kept.company)
    WorkplaceFigureFactory(workplace=kept, value=1)
    same = WorkplaceFigureFactory(workplace=merged, value=2)
    older = WorkplaceFigureFactory(workplace=merged, value=3, counted_on=date(2025, 6, 30))

    merging.merge(kept=kept, merged=merged, choices=set(), by=owner)

    assert WorkplaceFigure.objects.get(pk=older.pk).workplace == kept
    assert WorkplaceFigure.objects.get(pk=same.pk).workplace == merged
    assert [count.value for count in WorkplaceFigure.objects.for_card(kept)] == [1]
