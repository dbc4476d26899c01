"""The list of moves as Excel: from, to, when, why and by whom."""

from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from django.urls import reverse

from companies.models import Export, TierChange
from tests.excel import ask, download, table
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

MOVED = "desk.moved"


@pytest.fixture
def client(client_for, manager):
    return client_for(manager)


def move(name, *tiers, by=None, by_rule=False, why="", month=11, **facts):
    place = WorkplaceFactory(name=name, tier=tiers[-1], **facts)
    for at, (old, new) in enumerate(pairwise(tiers)):
        moment = datetime(2026, month, 2 + at, 23, 30, tzinfo=UTC)
        TierChange.objects.create(
            workplace=place, from_tier=old, to_tier=new, at=moment, by=by, by_rule=by_rule, why=why
        )
    return place


def test_each_tells_from_where_to_where_when_why_and_by_whom(client, manager, owner):
    move("a", 4, 3, 1, by=owner, why="Wants an agreement", employees_min=10, employees_max=19)
    move("b", None, 2, by=manager, by_rule=True)
    move("c", 2, None)
    move("back again", 2, 3, 2)
    move("long ago", 4, 3, month=8)

    rows = table(download(client, "from=2026-11-01&until=2026-11-30", of=MOVED))

    names = ("Workplace", "From", "To", "When", "Why", "By", "Employees, at least")
    by_rule = f"rule, used by {manager}"
    assert [tuple(row[name] for name in names) for row in rows] == [
        # Half past midnight in Copenhagen.
        ("a", 4.0, 1.0, date(2026, 11, 4), "Wants an agreement", "Olga Owner", 10.0),
        ("b", "", 2.0, date(2026, 11, 3), "", by_rule, ""),
        ("c", 2.0, "", date(2026, 11, 3), "", "", ""),
    ]


def test_the_list_behind_a_number_is_what_comes_and_the_record_says_which(client):
    move("a", 4, 3)
    move("b", 4, 2)
    asked = "from=2026-11-01&until=2026-11-30&became=3"
    page = client.get(f"{reverse('desk:movement_rows')}?{asked}")
    assert f'name="list" value="{MOVED}"' in page.text

    rows = table(download(client, asked, of=MOVED))

    assert [row["Workplace"] for row in rows] == ["a"]
    export = Export.objects.get()
    assert (export.listing, export.words) == (MOVED, "to group 3, 1 November 2026 – 30 November 2026")


def test_what_the_rules_would_move_has_not_moved_and_is_not_taken_out(client):
    assert MOVED not in client.get(reverse("desk:segment_moves")).text


def test_a_period_that_can_not_be_read_takes_nothing_out(client):
    client.post(
        reverse("companies:bulk"), {"act": "export", "all": "1", "list": MOVED, "query": "from=2026-12-01&until=2026-11-01"}
    )  # fmt: skip

    assert not Export.objects.exists()


@pytest.mark.parametrize("rows", [1, 30])
def test_it_asks_no_more_for_more_rows(client, owner, rows, django_assert_num_queries):
    for row in range(rows):
        move(f"{row}", 4, 3, by=owner)
    url = ask(client, list=MOVED)

    with django_assert_num_queries(11):
        answer = client.post(url)
    assert len(table(answer)) == rows
