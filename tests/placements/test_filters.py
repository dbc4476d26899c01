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


@pytest.fixture
def begun(owner):
    """A place where placements began in March and in August 2026, another where one did in May, and one where none did."""
    twice, once = WorkplaceFactory(name="Twice"), WorkplaceFactory(name="Once")
    WorkplaceFactory(name="Never")
    for place, month in ((twice, 3), (twice, 8), (once, 5)):
        PlacementFactory(slot__workplace=place, starts_on=date(2026, month, 1), planned_end=date(2027, 1, 1))


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("placed_from=2026-01-01", {"Twice", "Once"}),
        ("placed_from=2026-05-02", {"Twice"}),
        ("placed_from=2026-05-01&placed_until=2026-05-01", {"Once"}),
        # One began before, another one after: none in these days.
        ("placed_from=2026-06-01&placed_until=2026-07-31", set()),
    ],
)
def test_workplaces_are_found_by_the_days_on_which_placements_began(owner, begun, asked, where):
    found = WorkplaceFilter(QueryDict(asked), Workplace.objects.all(), today=date(2026, 11, 24), user=owner)

    assert {one.name for one in found.rows()} == where


@pytest.mark.parametrize("asked", ["placed_from=2026-11-01", "placed_from=2026-11-24&placed_until=2027-01-31"])
def test_a_placement_that_came_to_nothing_or_is_to_come_has_not_begun(owner, asked):
    begun = PlacementFactory(starts_on=TODAY)
    PlacementFactory(starts_on=TODAY, withdrawn_on=TODAY, end_reason="declined")
    PlacementFactory(starts_on=date(2026, 11, 25))

    assert found(owner, asked) == {begun.slot.workplace}


def test_the_days_are_told_together_and_the_last_not_alone(owner):
    def asked(query):
        return WorkplaceFilter(QueryDict(query), Workplace.objects.all(), today=date(2026, 11, 24), user=owner)

    (chip,) = asked("placed_from=2026-05-01&placed_until=2026-05-31").chips()
    assert (chip["text"], chip["with"]) == ("A placement began: 01/05/2026 – 31/05/2026", "placed_until")
    assert asked("placed_until=2026-05-31").problems()
