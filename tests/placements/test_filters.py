"""Slots and hosting profiles in the register's filter."""

from datetime import date

import pytest
from django.http import QueryDict

from companies.filters import WorkplaceFilter
from companies.models import Workplace
from placements.models import HostingProfile
from tests.factories import JobOrderFactory, PlacementFactory, SlotFactory, WorkplaceFactory

TODAY = date(2026, 11, 24)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def found(owner, asked):
    search = WorkplaceFilter(QueryDict(asked), Workplace.objects.all(), today=TODAY, user=owner)
    return set(search.rows())


@pytest.fixture
def places(owner):
    """Workplaces by what there is at each."""
    full = SlotFactory(places=1)
    PlacementFactory(slot=full)
    free = SlotFactory(places=1)
    free.target_groups.set(["lab-06-03"])
    paused = SlotFactory(state="paused")
    paused.target_groups.set(["lab-06-03"])
    hosts = WorkplaceFactory()
    HostingProfile.objects.create(workplace=hosts, confirmed_on=TODAY, confirmed_by=owner).target_groups.set(
        ["lab-06-03"]
    )
    run_out = SlotFactory(ends_on=date(2026, 11, 1))
    return {
        "full": full.workplace, "free": free.workplace, "paused": paused.workplace, "hosts": hosts,
        "run out": run_out.workplace,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("slots=any", {"full", "free"}),
        ("slots=free", {"free"}),
        ("slots=none", {"paused", "hosts", "run out"}),
        ("hosts=lab-06-03", {"free", "hosts"}),
        ("hosts=lab-06-03&slots=none", {"hosts"}),
    ],
)
def test_workplaces_are_found_by_their_places(owner, places, asked, where):
    assert found(owner, asked) == {places[name] for name in where}


@pytest.mark.parametrize(
    ("asked", "where"),
    [("job_orders=now", {"open"}), ("job_orders=ever", {"open", "over"}), ("job_orders=never", {"none"})],
)
def test_workplaces_are_found_by_their_job_orders(owner, asked, where):
    places = {
        "open": JobOrderFactory().workplace,
        "over": JobOrderFactory(state="withdrawn", closed_on=TODAY, closed_why="Enough").workplace,
        "none": WorkplaceFactory(),
    }
    assert found(owner, asked) == {places[name] for name in where}
