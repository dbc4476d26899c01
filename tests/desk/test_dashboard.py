"""The dashboard: figures checked by hand, and every number is that of the list behind it."""

import html
import re
from datetime import date

import pytest
from django.urls import reverse

from companies.models import Branch, Selection, TierChange
from jobcenter_crm.staff.roles import MANAGER
from placements import debt
from tests.conftest import member
from tests.factories import (
    AgreementFactory,
    EffectFactory,
    FollowUpFactory,
    InteractionFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)
from tests.placements.test_debt import since as made_on

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
PAGE = "desk:dashboard"


@pytest.fixture
def manager(db):
    user = member(MANAGER, "karen", language="en")
    return user


@pytest.fixture
def looker(client_for, manager):
    return client_for(manager)


@pytest.fixture
def town(owner):
    """Something of everything that the page counts, and beside each what it may not count."""
    branch = Branch.objects.filter(scheme="DB25", level=4, code__startswith="56").first()
    other = Branch.objects.filter(scheme="DB07", level=4, code__startswith="43").first()
    for tier in (1, 2, 3, 4, None):
        for last in (None, date(2026, 11, 20), date(2026, 6, 20), date(2024, 1, 5)):
            for responsible in (None, owner):
                place = WorkplaceFactory(
                    tier=tier, last_contact_on=last, owner=responsible, branch=branch if responsible else other,
                    secondary_branch=None if responsible else branch,
                )  # fmt: skip
        WorkplaceFactory(tier=tier, ceased_on=date(2026, 11, 1), owner=owner)
        moved(place, None if tier else 3, tier)
        active_agreement(workplace=place, owner=owner)
        late = active_agreement(workplace=WorkplaceFactory(tier=tier), owner=owner)
        type(late).objects.filter(pk=late.pk).update(next_review_on=date(2026, 11, 1))
        AgreementFactory(workplace=place)
        InteractionFactory(workplace=place, on=date(2026, 11, 20), outcome="not_now", barrier="no_time")
        InteractionFactory(workplace=place, on=date(2026, 2, 20), channel="phone", outcome="interested")
        InteractionFactory(workplace=place, on=date(2025, 2, 20), outcome="not_now", barrier="rules")
        InteractionFactory(workplace=place, on=date(2024, 2, 20), outcome="interested")
        slot = SlotFactory(workplace=place, places=8)
        for number in range(6):
            EffectFactory(
                outcome="job" if number < 4 else "unknown" if number == 5 else "hours",
                hours=12 if number == 4 else None,
                self_supporting=None if number == 5 else number < 3,
                placement__slot=slot,
            )
        PlacementFactory(slot=slot)
        ReservationFactory(slot=slot)
        PlacementFactory(slot=slot, starts_on=date(2025, 3, 1), planned_end=date(2025, 6, 1), ended_on=date(2025, 6, 1), end_reason="as_planned")  # fmt: skip
        made_on(SlotFactory(workplace=place, places=1), date(2026, 10, 1))
        SlotFactory(workplace=place, state="closed")
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 1))
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 23))
        FollowUpFactory(workplace=place, owner=owner, due_on=date(2026, 11, 25))
        FollowUpFactory(workplace=place, owner=UserFactory(team=None), due_on=date(2026, 11, 20))
    debt.plan(TODAY)


def moved(workplace, old, new):
    TierChange.objects.create(workplace=workplace, from_tier=old, to_tier=new, at="2026-03-01T12:00:00Z")


def numbers(page):
    """Each link of the page that shows a number, as `(address, number)`; a percentage is looked up beside the number."""
    found = re.findall(r'<a[^>]*href="([^"]*)"[^>]*>([\d.,]+)</a>', page.text)
    return [(html.unescape(url), int(re.sub(r"\D", "", n))) for url, n in found]


def rows_behind(client, url):
    """How many rows, or places where places are counted, the list at `url` has."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    if url.startswith(reverse("placements:slots")) and "owed" not in url:
        places = answer.context["places"]
        return places["now"] if "free=yes" in url else places["in_all"]
    return answer.context["page_obj"].paginator.count


WHERE = ["", "team", "branch=56", "among", "since=2026-02-01&until=2026-10-31", "team&since=2025-01-01"]


@pytest.mark.parametrize("where", WHERE)
def test_every_number_on_the_page_is_that_of_the_list_behind_it(looker, manager, owner, town, where):
    query = where.replace("team", f"team={owner.team_id}")
    if where == "among":
        query = f"among={Selection.objects.create(name='In groups', query='tier=1&tier=2', created_by=manager).pk}"

    page = looker.get(f"{reverse(PAGE)}?{query}")
    found = numbers(page)

    assert len(found) > (60 if "team" in where or not where else 20)
    for url, number in found:
        assert rows_behind(looker, url) == number, url


@pytest.mark.parametrize("part", ["trend", "flow", "barriers"])
@pytest.mark.parametrize("where", ["", "team"])
def test_every_number_of_the_parts_is_that_of_the_list_behind_it(looker, owner, town, part, where):
    query = where.replace("team", f"team={owner.team_id}")

    found = numbers(looker.get(f"{reverse('desk:dashboard_part', args=[part])}?{query}"))

    assert len(found) >= 5
    for url, number in found:
        assert rows_behind(looker, url) == number, url
