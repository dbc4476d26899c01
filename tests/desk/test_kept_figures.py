"""Figures that are kept of a large register: those that would be counted, as of when they were."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from companies import merging, plans, quality, whole_register
from companies import movement as moves
from companies.models import Merge, RegisterImport, TierChange, TierPlan
from contacts import barriers
from jobcenter_crm.desk import segments
from jobcenter_crm.desk.dashboard import kept
from jobcenter_crm.desk.dashboard.asked import Asked, usual_periods
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.desk.models import KeptFigures
from jobcenter_crm.desk.moved import last_year, quick_periods
from jobcenter_crm.staff.roles import MANAGER, STEWARD
from tests.companies.test_plans import answers
from tests.desk.dashboard import TODAY
from tests.factories import JobFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "desk:dashboard"
# How they stand, four periods of movement, and four of barriers; then the places of the plans, and how good the data are.
BESIDES = 9 + 2


def asked(since=date(2026, 1, 1), until=TODAY):
    return Asked(None, since, until, TODAY, {})


def test_a_small_register_is_counted_while_the_page_is_made(town):
    assert kept.keep(TODAY, timezone.now()) == 0
    assert not KeptFigures.objects.exists()


def test_what_is_kept_of_a_large_register_is_what_would_be_counted(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)

    assert kept.keep(TODAY, timezone.now()) == kept.keep(TODAY, timezone.now()) == 5 * (1 + len(PARTS)) + BESIDES

    for _words, since, until in usual_periods(TODAY):
        this = asked(since, until)
        told, as_of = kept.figures(this, lambda permission: True)
        assert as_of == timezone.now()
        assert told == reckon(this)
        for part in PARTS.values():
            rows, as_of = kept.rows(part, this)
            assert (rows, as_of) == (part.count(this), timezone.now())
            assert part.charts(rows, this) == part.charts(part.count(this), this)


@pytest.mark.parametrize(("day", "periods"), [(date(2027, 2, 10), 4), (date(2026, 12, 31), 4), (date(2028, 2, 29), 4)])
def test_periods_that_are_the_same_days_are_kept_once(town, monkeypatch, day, periods):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)

    assert kept.keep(day, timezone.now()) == periods * (1 + len(PARTS)) + BESIDES
    marked = [is_this for _words, _query, is_this in Asked(None, *usual_periods(day)[0][1:], day, {}).quick()]
    assert marked == [True, False, False, False, False]


def test_what_an_earlier_release_has_kept_in_another_form_is_not_read(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    monkeypatch.setattr(kept, "FORM", 99)

    assert kept.read(kept.FIGURES, asked()) is None


def test_kept_figures_say_as_of_when_and_lead_to_being_counted_anew(looker, owner, town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    before = looker.get(reverse(PAGE)).context["told"].number("places")
    WorkplaceFactory(tier=1)

    page = looker.get(reverse(PAGE))
    anew = looker.get(f"{reverse(PAGE)}?anew=1")
    narrowed = looker.get(f"{reverse(PAGE)}?team={owner.team_id}")

    assert page.context["told"].number("places") == before
    assert "Counted at 9:30; the rows" in page.text
    assert "anew=1" in page.text
    assert anew.context["told"].number("places") == before + 1
    assert anew.context["as_of"] is narrowed.context["as_of"] is None


def test_what_was_kept_yesterday_is_not_shown_today(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    KeptFigures.objects.update(reckoned_at=timezone.now() - timedelta(days=1))

    assert kept.read(kept.FIGURES, asked(date(2025, 1, 1), date(2025, 12, 31))) is None


def test_a_large_register_is_asked_for_what_was_kept_of_it(looker, town, monkeypatch, django_assert_num_queries):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    looker.get(reverse(PAGE))

    # Who is asking and whose house it is: five. Then what was kept, the branches, the teams, and who is in none.
    with django_assert_num_queries(9):
        looker.get(reverse(PAGE))


def test_movement_and_barriers_that_are_kept_are_those_that_would_be_counted(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())

    for _words, since, until in quick_periods(TODAY):
        told, as_of = kept.movement(since, until, TODAY)
        counted = moves.movement(since, until, today=TODAY)
        assert as_of == timezone.now()
        assert (told.matrix, told.how) == (+counted.matrix, counted.how)
    for months in barriers.SPANS:
        found, as_of = kept.barriers_met(months, TODAY)
        assert as_of == timezone.now()
        assert found == barriers.count(TODAY, months)
    assert kept.movement(*last_year(TODAY), TODAY, anew=True)[1] is kept.barriers_met(12, TODAY, anew=True)[1] is None


def test_how_the_groups_stand_is_kept_as_it_would_be_counted(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    counted, now = segments.groups(TODAY, anew=True)[:3], segments.groups(TODAY, anew=True)[3]

    *told, as_of = segments.groups(TODAY)

    assert (told, as_of, now) == ([*counted], timezone.now(), None)
    assert sum(group.count for group in told[0]) + told[2] == told[1] > 10


def test_how_the_groups_stand_is_counted_once_a_cadence_has_changed(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    TierPlan.objects.filter(tier=2).update(cadence_days=7)

    assert segments.groups(TODAY)[3] is None


@pytest.mark.parametrize(
    ("page", "role"),
    [("desk:segments", MANAGER), ("segments:hours", MANAGER), ("companies:quality", STEWARD)],
)
def test_pages_of_a_large_register_count_nothing(client_for, person_in, town, monkeypatch, page, role):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    monkeypatch.setattr(segments, "AT_ONCE", 10)
    kept.keep(TODAY, timezone.now())
    client = client_for(person_in(role))

    with CaptureQueriesContext(connection) as asked:
        client.get(reverse(page))

    assert not [one["sql"] for one in asked if "COUNT(" in one["sql"] and "companies_workplace" in one["sql"]]


def test_what_was_kept_of_the_groups_is_counted_anew_once_the_rules_have_moved_somebody(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    change = {"workplace": WorkplaceFactory(tier=2), "to_tier": 2, "at": timezone.now() + timedelta(minutes=5)}

    TierChange.objects.create(**change)
    by_hand = kept.movement(*last_year(TODAY), TODAY)
    TierChange.objects.filter(at=change["at"]).update(by_rule=True)
    by_rule = kept.movement(*last_year(TODAY), TODAY)

    assert by_hand[1] == timezone.now()
    assert by_rule[1] is kept.barriers_met(12, TODAY)[1] is None
    assert by_rule[0].came(2) == by_hand[0].came(2) + 1


def test_places_of_the_plans_and_quality_are_kept_as_they_would_be_counted(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    WorkplaceFactory(tier=1)

    before, as_of = plans.places_in_plans()
    now, counted_now = plans.places_in_plans(anew=True)

    assert (as_of, counted_now) == (timezone.now(), None)
    assert now == before | {1: before.get(1, 0) + 1}
    assert {load.tier: load.places for load in plans.reckon().loads} == {1: 0, 2: 0, 3: 0, 4: 0} | now
    told, as_of = whole_register.told("quality", TODAY)
    assert (as_of, told["all"] + 1) == (timezone.now(), quality.counts(TODAY)["all"])


def test_quality_is_counted_anew_once_a_file_has_been_taken_in_and_places_once_the_rules_have_moved(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    later = timezone.now() + timedelta(minutes=5)

    RegisterImport.objects.create(name="register.csv", sha256="0" * 64, state="applied", applied_at=later)
    assert (whole_register.told("quality", TODAY)[1], plans.places_in_plans()[1]) == (None, timezone.now())
    TierChange.objects.create(workplace=WorkplaceFactory(tier=2), to_tier=2, at=later, by_rule=True)
    assert plans.places_in_plans()[1] is None


def _merge():
    kept_one, merged_one = WorkplaceFactory.create_batch(2, p_number=None)
    return merging.merge(kept=kept_one, merged=merged_one, choices=set(), by=UserFactory())


@pytest.mark.parametrize(
    "mended",
    [
        lambda at: JobFactory(kind="companies.correct_branch", state="done", ended_at=at),
        lambda at: JobFactory(
            kind="companies.correct_owner",
            state="done",
            ended_at=at - timedelta(days=1),
            undone_at=at,
            undone_by=UserFactory(),
        ),
        lambda at: Merge.objects.filter(pk=_merge().pk).update(at=at),
    ],
)
def test_quality_is_counted_anew_once_somebody_did_what_the_page_asks_for(town, monkeypatch, mended):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    JobFactory(kind="companies.import", state="done", ended_at=timezone.now() + timedelta(minutes=5))

    assert whole_register.told("quality", TODAY)[1] == timezone.now()
    mended(timezone.now() + timedelta(minutes=5))
    assert whole_register.told("quality", TODAY)[1] is None


def test_quality_that_an_earlier_release_has_kept_with_fewer_checks_is_counted(
    client_for, person_in, town, monkeypatch
):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    old = KeptFigures.objects.get(part=f"quality-{kept.FORM}")
    del old.figures["phone"]
    old.save()

    page = client_for(person_in(STEWARD)).get(reverse("companies:quality"))

    assert page.status_code == 200
    assert page.context["as_of"] is None


def test_a_change_of_a_plan_says_when_its_places_were_counted(client_for, person_in, town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())

    page = client_for(person_in(MANAGER)).post(reverse("segments:plan", args=[1]), answers(cadence_days=45))

    assert "Counted at 9:30; the rows" in page.text
    assert "Count anew" not in page.text


@pytest.mark.parametrize(
    ("page", "says", "leads_to"),
    [
        ("desk:segments", "Counted at 9:30; the rows", "?anew=1"),
        ("segments:hours", "Counted at 9:30; the rows", "?anew=1"),
        ("desk:movement", "Counted at 9:30; the rows", "?from=2025-11-24&amp;until=2026-11-24&amp;anew=1"),
        ("desk:barriers", "Counted at 9:30; the rows", "?months=12&amp;anew=1"),
    ],
)
def test_the_pages_of_the_groups_say_as_of_when_and_lead_to_being_counted_anew(
    client_for, person_in, town, monkeypatch, page, says, leads_to
):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)
    kept.keep(TODAY, timezone.now())
    client = client_for(person_in(MANAGER))

    shown = client.get(reverse(page))
    anew = client.get(reverse(page) + leads_to.replace("&amp;", "&"))

    assert says in shown.text
    assert f'{leads_to}">Count anew' in shown.text
    assert "Count anew" not in anew.text
    assert anew.context["as_of"] is None
