"""Figures that are kept of a large register: those that would be counted, as of when they were."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jobcenter_crm.desk.dashboard import kept
from jobcenter_crm.desk.dashboard.asked import Asked, usual_periods
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.desk.dashboard.reckoned import reckon
from jobcenter_crm.desk.models import KeptFigures
from tests.desk.dashboard import TODAY
from tests.factories import WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

PAGE = "desk:dashboard"


def asked(since=date(2026, 1, 1), until=TODAY):
    return Asked(None, since, until, TODAY, {})


def test_a_small_register_is_counted_while_the_page_is_made(town):
    assert kept.keep(TODAY, timezone.now()) == 0
    assert not KeptFigures.objects.exists()


def test_what_is_kept_of_a_large_register_is_what_would_be_counted(town, monkeypatch):
    monkeypatch.setattr(kept, "LIVE_UP_TO", 10)

    assert kept.keep(TODAY, timezone.now()) == kept.keep(TODAY, timezone.now()) == 5 * (1 + len(PARTS))

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

    assert kept.keep(day, timezone.now()) == periods * (1 + len(PARTS))
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
