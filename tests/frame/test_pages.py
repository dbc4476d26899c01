"""Pages of a list that goes on beyond what is counted."""

import pytest

from companies.filters import ORDERS, order
from companies.models import Workplace
from jobcenter_crm.frame.pages import (
    CappedPaginator,
    KeysAtOncePaginator,
    KeysFirstPaginator,
    capped_count,
    capped_counts,
    following,
)
from tests.factories import UserFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db


class Short(CappedPaginator):
    counted_to = 6


class ShortKeysFirst(KeysFirstPaginator):
    counted_to = 6


class ShortKeysAtOnce(KeysAtOncePaginator):
    counted_to = 6


@pytest.fixture
def workplaces():
    """Thirteen, of which some share every value and some have none, so that each order has ties and gaps."""
    anna, bo = UserFactory(first_name="Anna"), UserFactory(first_name="Bo")
    for n in range(13):
        known = n % 3
        WorkplaceFactory(
            name=f"Place {n % 5}",
            tier=[1, 2, None][n % 3],
            owner=[anna, bo, None][n % 3],
            employees_min=n % 4 if known else None,
            last_contact_on=f"2026-0{n % 4 + 1}-05" if known else None,
            next_contact_on=f"2026-1{n % 2 + 1}-05" if known else None,
        )


def paged(paginator):
    """Every row of every page, and the numbers that the pages tell, going on from page to page by the next one's address."""
    rows, spans, address = [], [], None
    while True:
        page = paginator.get_page(address)
        rows += [row.pk for row in page]
        spans.append((page.start_index(), page.end_index()))
        if not page.has_next():
            return rows, spans
        address = page.next_page_number()


@pytest.mark.parametrize("sort", ORDERS)
def test_each_order_of_the_register_goes_on_to_the_end_without_a_row_lost_or_told_twice(workplaces, sort):
    rows = Workplace.objects.order_by(*order(sort))
    every = list(rows.values_list("pk", flat=True))

    shown = Workplace.objects.for_register_page()
    for paginator in (Short(rows, 2), ShortKeysFirst(rows, 2, shown=shown), ShortKeysAtOnce(rows, 2, shown=shown)):
        assert paged(paginator) == (every, [(1, 2), (3, 4), (5, 6), (7, 8), (9, 10), (11, 12), (13, 13)])


@pytest.mark.parametrize("sort", ORDERS)
def test_each_order_of_the_register_can_begin_after_a_row(workplaces, sort):
    rows = Workplace.objects.order_by(*order(sort))
    every = list(rows.values_list("pk", flat=True))

    for place, key in enumerate(every):
        assert list(following(rows, key).values_list("pk", flat=True)) == every[place + 1 :]


def test_no_page_counts_further_than_it_may(workplaces):
    paginator = Short(Workplace.objects.order_by("sort_name", "pk"), 2)

    assert (paginator.counted, paginator.count, paginator.is_more) == (7, 6, True)


@pytest.mark.parametrize(("kind", "statements"), [(ShortKeysFirst, 3), (ShortKeysAtOnce, 2)])
@pytest.mark.parametrize(("number", "places"), [(1, [0, 1]), (3, [4, 5])])
def test_what_is_dear_to_find_is_found_once_a_page(
    workplaces, kind, statements, number, places, django_assert_num_queries
):
    rows = Workplace.objects.order_by("sort_name", "pk")

    with django_assert_num_queries(statements):
        page = kind(rows, 2, shown=Workplace.objects.all()).get_page(number)

    assert [row.pk for row in page] == [rows[place].pk for place in places]
    assert page.paginator.counted == 7
    assert page.has_next()


def test_of_a_list_that_is_counted_to_its_end_pages_have_numbers_alone(workplaces):
    page = CappedPaginator(Workplace.objects.order_by("sort_name", "pk"), 5).get_page(2)

    assert (page.number, page.next_page_number(), page.paginator.is_more) == (2, 3, False)
    assert not page.paginator.get_page(3).has_next()


@pytest.mark.parametrize(
    "asked", ["0", "-3", "x", "", None, "²", "9" * 30, "5-", "5-x", "5-²", "5--1", "\0", "5-" + "9" * 30]
)
def test_an_address_that_names_no_page_gives_the_nearest_one(workplaces, asked):
    page = Short(Workplace.objects.order_by("sort_name", "pk"), 2).get_page(asked)

    assert len(page.object_list) == 2


def test_beyond_the_end_stands_the_last_page_that_is_counted(workplaces):
    page = Short(Workplace.objects.order_by("sort_name", "pk"), 2).get_page("900")

    assert (page.number, page.start_index(), page.end_index(), page.has_next()) == (3, 5, 6, True)


def test_where_the_row_before_has_gone_a_page_is_found_by_its_number(workplaces):
    rows = Workplace.objects.order_by("sort_name", "pk")

    page = Short(rows, 2).get_page("5-999999")

    assert [row.pk for row in page] == list(rows.values_list("pk", flat=True)[8:10])


@pytest.mark.parametrize(
    "rows",
    [
        lambda: Workplace.objects.order_by("sort_name"),
        lambda: Workplace.objects.order_by("tier", "pk"),
        lambda: Workplace.objects.order_by("?"),
        lambda: Workplace.objects.annotate_waiting().order_by("waiting_since", "pk"),
        lambda: Workplace.objects.order_by(),
        lambda: Workplace.objects.order_by("company", "pk"),
        lambda: Workplace.objects.order_by("owner__username", "pk"),
    ],
)
def test_an_order_that_a_row_does_not_fix_is_not_gone_on_with(workplaces, rows):
    assert following(rows(), Workplace.objects.first().pk) is None


def test_an_order_of_another_table_can_be_gone_on_with_where_it_has_no_gaps():
    rows = WorkplaceFactory.create_batch(4)
    ordered = Workplace.objects.order_by("-company__cvr_number", "pk")

    assert [row.pk for row in following(ordered, rows[2].pk)] == [rows[1].pk, rows[0].pk]


def test_several_lists_are_counted_in_one_statement_each_only_so_far(workplaces, django_assert_num_queries):
    every = Workplace.objects.all()
    lists = [every.order_by("name"), every.none(), every.filter(tier=1), every.filter(name="Place 9")]

    with django_assert_num_queries(1):
        counts = capped_counts(lists, counted_to=6)

    assert counts == [capped_count(rows, counted_to=6) for rows in lists] == [7, 0, 5, 0]
    assert capped_counts([]) == []
    assert capped_counts([every.none()]) == [0]
