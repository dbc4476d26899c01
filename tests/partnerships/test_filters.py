"""Agreements in the register's filter."""

from datetime import date

import pytest
from django.http import QueryDict

from companies.filters import WorkplaceFilter
from companies.models import Workplace
from partnerships import steps
from tests.factories import AgreementFactory, WorkplaceFactory, active_agreement

TODAY = date(2026, 11, 24)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def found(owner, asked):
    search = WorkplaceFilter(QueryDict(f"agreement={asked}"), Workplace.objects.all(), today=TODAY, user=owner)
    return set(search.rows())


@pytest.fixture
def places(owner):
    """Workplaces by what there is at each."""
    named = active_agreement(owner=owner)
    everywhere = active_agreement(owner=owner, kind="service", covers_all=True)
    ended = active_agreement(owner=owner)
    steps.end(agreement=ended, by=owner, on=ended.starts_on, why="Over")
    proposal = AgreementFactory(owner=owner)
    steps.propose(agreement=proposal, by=owner, on=named.starts_on)
    return {
        "named": named.workplace,
        "its sister": WorkplaceFactory(company=named.company),
        "everywhere": everywhere.workplace,
        "also there": WorkplaceFactory(company=everywhere.company),
        "ended": ended.workplace,
        "proposed": proposal.workplace,
        "never": WorkplaceFactory(),
    }


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        ("any", {"named", "everywhere", "also there"}),
        ("none", {"its sister", "ended", "proposed", "never"}),
        ("ever", {"named", "everywhere", "also there", "ended"}),
        ("proposed", {"proposed"}),
        ("partnership", {"named"}),
        ("service", {"everywhere", "also there"}),
        ("centre", set()),
    ],
)
def test_workplaces_are_found_by_their_agreements(owner, places, asked, where):
    assert found(owner, asked) == {places[name] for name in where}
