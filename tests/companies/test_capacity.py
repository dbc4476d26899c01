"""What the plans take, as sums that can be done by hand."""

import pytest
from django.utils import translation

from companies.capacity import Load, Reckoning, figure, in_hours

# 44 places once a quarter of a year and a bit: 44 x 365 / 73 = 220 contacts a year, 5 a week, 10 hours a week.
MEETINGS = Load(tier=1, places=44, cadence_days=73, minutes=120)
# 176 places: 880 a year, 20 a week, 5 hours a week.
CALLS = Load(tier=3, places=176, cadence_days=73, minutes=15)
LETTERS = Load(tier=4, places=500, cadence_days=None, minutes=10)


def reckoning(hours=20.0, consultants=4, loads=(MEETINGS, CALLS, LETTERS)):
    return Reckoning(loads, hours, consultants)


def test_one_group_is_places_times_the_year_over_the_days_between():
    assert MEETINGS.contacts_a_year == 220
    assert MEETINGS.hours_a_week == 10


def test_a_group_that_is_never_due_takes_nothing():
    assert (LETTERS.contacts_a_year, LETTERS.hours_a_week) == (0, 0)


def test_all_groups_are_added_and_shared_by_the_consultants():
    all_groups = reckoning()

    assert (all_groups.places, all_groups.contacts_a_year, all_groups.hours_a_week) == (720, 1100, 15)
    assert all_groups.each_a_week(MEETINGS) == 1.25
    assert all_groups.each_a_week() == 6.25
    assert reckoning(consultants=0).each_a_week() is None


@pytest.mark.parametrize(
    ("hours", "verdict", "words"),
    [
        (None, "unknown", "It takes 15 hours a week. Nobody has entered the teams' hours, so nobody can say whether it fits."),
        (0.0, "short", "It takes 15 hours a week; the teams have 0. It does not fit: 15 hours a week are missing. There is time for 0 of 100 contacts."),
        (10.0, "short", "It takes 15 hours a week; the teams have 10. It does not fit: 5 hours a week are missing. There is time for 66 of 100 contacts."),
        (14.0, "short", "It takes 15 hours a week; the teams have 14. It does not fit: 1 hour a week is missing. There is time for 93 of 100 contacts."),
        (15.0, "narrow", "It takes 15 hours a week; the teams have 15. It fits, but only just: there is nothing left for what comes in between."),
        (16.5, "narrow", "It takes 15 hours a week; the teams have 16.5. It fits, but only just: 1.5 hours are left for all that comes in between."),
        (40.0, "fits", "It takes 15 hours a week; the teams have 40. It fits, with 25 hours to spare."),
    ],
)  # fmt: skip
def test_it_says_whether_it_fits(hours, verdict, words):
    assert reckoning(hours).verdict == verdict
    assert reckoning(hours).in_words() == words


def test_it_is_judged_by_the_figures_that_are_shown():
    """ "It takes 15 hours; the teams have 15. It does not fit" would make nobody the wiser."""
    a_little_more = Load(tier=1, places=44, cadence_days=73, minutes=120.1)

    assert reckoning(15.0, loads=(a_little_more, CALLS)).verdict == "narrow"


def test_another_plan_for_one_group_leaves_the_others():
    twice = Load(tier=1, places=44, cadence_days=73, minutes=240)

    assert reckoning().with_load(twice).loads == (twice, CALLS, LETTERS)
    assert reckoning().hours_a_week == 15


def test_the_days_that_would_fit_are_the_fewest_that_do():
    days = reckoning(10.0).cadence_that_fits(1)
    with_days = [reckoning(10.0).with_load(Load(1, 44, days + more, 120)) for more in (0, -1)]

    assert days == 146
    assert [changed.hours_a_week <= 10 for changed in with_days] == [True, False]


@pytest.mark.parametrize(
    ("hours", "tier"),
    [(20.0, 1), (None, 1), (10.0, 4), (5.0, 1), (5.5, 1)],
    ids=["it fits already", "no hours are known", "it takes nothing", "the others take all", "seldom is no cadence"],
)
def test_no_number_of_days_is_named_where_none_would_help(hours, tier):
    assert reckoning(hours).cadence_that_fits(tier) is None


@pytest.mark.parametrize(
    ("language", "number", "written"),
    [("da", 1234.5, "1.234,5"), ("da", 60.04, "60"), ("da", 0.55, "0,6"), ("en", 1234.5, "1,234.5"), ("en", 1234567, "1,234,567")],
)  # fmt: skip
def test_figures_are_written_as_they_are_here(language, number, written):
    with translation.override(language):
        assert figure(number) == written


def test_one_hour_is_one():
    assert (in_hours(1.04), in_hours(1.1), in_hours(0)) == ("1 hour", "1.1 hours", "0 hours")
