"""Whether targets can be reached, as sums that can be done by hand."""

import re
from dataclasses import replace
from operator import truediv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobcenter_crm.desk.dashboard.realism import Grounds, Realism, Through, Verdict, Way, printed

# 365 days are 44 weeks of work, so that a year's number divided by 44 is a week's.
YEAR = 365
# 440 placements a year are 10 a week, of 4400 contacts: 10 for each. 100 hours a week at 60 minutes are 100 contacts.
PLACEMENTS = Grounds(gained=440, best_month=55, tries=4400, hours=125, minutes=60, consultants=5)


def way(goal, *, now=0, idle=None, days=YEAR, through=Through.CONTACTS, **facts):
    return Way(through, now, goal, now if idle is None else idle, days, **facts)


def sums(realism):
    return {step.words: step.sum for step in realism.steps}


def test_a_job_centre_with_147_companies_and_414_places_a_year_does_not_promise_itself_1200():
    """The example of the guide: 1,200 a year is 2.9 times as many, and 27.3 a week against 9.4."""
    told = Realism(way(1200), Grounds(gained=414, best_month=52, tries=2900, hours=90, minutes=60, consultants=6))

    assert told.verdict == Verdict.INCOHERENT
    assert told.in_short == "needs 2.9 times as many a week as the last year gave"
    assert sums(told) == {
        "Now": "0",
        "What is missing": "1,200 − 0 = 1,200",
        "Weeks of work until the deadline": "365 days × 44 / 365 = 44",
        "Needed a week": "1,200 / 44 = 27.3",
        "Reached a week in the last twelve months": "414 / 44 = 9.4",
        "Reached a week in the best month of the last twelve": "52 × 12 / 44 = 14.2",
        "Needed against the last twelve months": "1,200 / 414 = 2.9 times as many a week",
        "Contacts for each result, in the last twelve months": "2,900 / 414 = 7",
        "Contacts that it takes, as things went then": "1,200 × 2,900 / 414 = 8,406",
        "Contacts a week that it takes, of each consultant": "8,406 / 44 = 191; 191 / 6 = 31.8",
        "Hours for outreach a week, less what the plans of the groups take for others": "90 − 0 = 90",
        "Contacts a week that there is time for, of each consultant": "90 × 60 / 60 minutes = 90; 90 / 6 = 15",
        "If all that time is used, there are so many for each result": (
            "3,960 / 1,200 = 3.3; in the last twelve months it took 7"
        ),
    }


def test_147_companies_do_not_become_400():
    told = Realism(way(400), Grounds(gained=147, best_month=21, tries=2900, hours=90, minutes=60, consultants=6))

    assert told.verdict == Verdict.INCOHERENT


@pytest.mark.parametrize(
    ("goal", "verdict", "words"),
    [
        (440, Verdict.REALISTIC, "needs 440 in 52 weeks; the last year gave 440 in as many"),
        (484, Verdict.REALISTIC, "needs 484 in 52 weeks; the last year gave 440 in as many"),
        (485, Verdict.STRETCH, "needs 485 in 52 weeks; the last year gave 440 in as many"),
        (600, Verdict.STRETCH, "needs 600 in 52 weeks; the last year gave 440 in as many"),
        # The best month gave 55, and twelve of it are 660: no month was ever better than that.
        (661, Verdict.INCOHERENT, "needs 661 in 52 weeks; the best month gave 660 in as many"),
        (881, Verdict.INCOHERENT, "needs 2 times as many a week as the last year gave"),
    ],
)
def test_the_pace_is_judged_by_the_last_year_and_its_best_month(goal, verdict, words):
    told = Realism(way(goal), replace(PLACEMENTS, hours=1000))

    assert (told.verdict, told.by_time) == (verdict, Verdict.REALISTIC)
    assert told.in_short == words


def test_half_a_year_is_half_the_time():
    """73 days are 8.8 weeks of work; 88 were usually reached in as many."""
    told = Realism(way(120, now=20, days=73), replace(PLACEMENTS, hours=1000))

    assert (told.need, told.weeks, told.usual) == (100, 8.8, 88)
    assert told.verdict == Verdict.STRETCH


@pytest.mark.parametrize(
    ("hours", "elsewhere", "verdict"),
    [
        # 4400 contacts are needed in 44 weeks, 100 a week.
        (112, 0, Verdict.REALISTIC),
        (111, 0, Verdict.STRETCH),
        (212, 100, Verdict.REALISTIC),
        (100, 0, Verdict.STRETCH),
        # A quarter more of them have to lead to something than last year.
        (80, 0, Verdict.STRETCH),
        (79, 0, Verdict.INCOHERENT),
        (100, 100, Verdict.INCOHERENT),
        (100, 120, Verdict.INCOHERENT),
        (0, 0, Verdict.INCOHERENT),
    ],
)
def test_the_contacts_that_it_takes_are_held_against_the_time_there_is(hours, elsewhere, verdict):
    told = Realism(way(440), replace(PLACEMENTS, hours=hours, elsewhere=elsewhere))

    assert (told.by_pace, told.by_time) == (Verdict.REALISTIC, verdict)
    assert told.verdict == verdict


def test_what_time_says_is_told_by_each_consultant():
    told = Realism(way(440), replace(PLACEMENTS, hours=50))

    assert told.in_short == "takes 20 contacts a week of each consultant; there is time for 10"
    nobody = replace(told, grounds=replace(told.grounds, consultants=0))
    assert nobody.in_short == "takes 100 contacts a week; there is time for 50"


def test_where_each_takes_its_own_contact_no_luck_helps():
    """70 % of 1,000 workplaces are 700; 100 still count by the deadline. 600 in 44 weeks, and time for 500."""
    grounds = Grounds(gained=590, best_month=90, hours=500 / 44, minutes=60, consultants=4)
    covered = way(700, now=550, idle=100, through=Through.EACH, percent=70, of=1000)

    told = Realism(covered, grounds)

    assert (told.need, told.by_pace, told.by_time) == (600, Verdict.REALISTIC, Verdict.INCOHERENT)
    assert sums(told)["The target as a number"] == "70 % of 1,000 = 700"
    assert sums(told)["At the deadline, if nothing more is done"] == "100"
    # What as long a time gave can be done, whatever hours somebody has entered.
    assert Realism(covered, replace(grounds, gained=600)).by_time == Verdict.STRETCH


def test_what_stands_today_within_the_plans_time_was_reached_in_that_time():
    """A workplace of group 1 is contacted five times a year and counts once: 60 of 61 in 90 days are the pace of 90 days."""
    covered = way(60, days=399, through=Through.EACH, percent=97.5, of=61)

    told = Realism(covered, Grounds(gained=60, best_month=50, hours=40, minutes=60, consultants=4, within=90, over=90))

    assert (round(told.usual, 9), told.by_pace, told.verdict) == (60, Verdict.REALISTIC, Verdict.REALISTIC)
    assert sums(told)["Reached a week in the last 90 days, in which a contact counts"] == "60 / 10.85 = 5.5"
    assert sums(told)["Needed against the time just before"] == "60 / 60 = 1.00 times as many a week"


def test_a_coverage_is_won_by_contacts_that_are_not_too_old_by_the_deadline():
    grounds = Grounds(gained=700, best_month=90, hours=100, minutes=60, consultants=4, within=365)

    told = Realism(way(700, days=730, through=Through.EACH, percent=70, of=1000), grounds)

    assert (told.weeks, told.usual) == (44, 700)
    assert sums(told)["Days before the deadline in which a contact counts"] == "365 of the 730 that are left"


def test_less_is_better_is_reckoned_downwards():
    grounds = Grounds(gained=88, best_month=12, hours=100, minutes=30, consultants=4)

    told = Realism(way(20, now=30, idle=90, through=Through.EACH, is_less=True), grounds)

    assert told.need == 70
    assert sums(told)["What is missing"] == "90 − 20 = 70"


def test_what_is_reached_asks_for_nothing_more():
    told = Realism(way(20, now=25), Grounds())

    assert (told.verdict, told.in_short, told.lacks) == (Verdict.REALISTIC, "nothing more is needed", [])
    assert [step.sum for step in told.steps] == ["25", "20 − 25 = -5: nothing"]


@pytest.mark.parametrize(
    ("through", "grounds", "lacks"),
    [
        (
            Through.CONTACTS, replace(PLACEMENTS, hours=None),
            ["Nobody has entered the teams' hours for outreach."],
        ),
        (
            Through.CONTACTS, replace(PLACEMENTS, gained=0, best_month=0),
            ["In the last twelve months there was none, so there is nothing to compare with."],
        ),
        (
            Through.MEETINGS, replace(PLACEMENTS, gained=4, best_month=1),
            ["Fewer than 5 in the last twelve months: how many contacts one takes can't be told."],
        ),
        (
            Through.CONTACTS, replace(PLACEMENTS, tries=0),
            ["No contact was held there in the last twelve months: how many one takes can't be told."],
        ),
        (
            Through.EACH, replace(PLACEMENTS, minutes=None),
            ["The plans of the groups do not say how long a contact takes."],
        ),
        (
            Through.NOTHING, Grounds(),
            ["How many this is done for in a year is not counted anywhere."],
        ),
    ],
)  # fmt: skip
def test_what_is_missing_to_tell_by_is_said(through, grounds, lacks):
    told = Realism(way(4, through=through), grounds)

    assert (told.verdict, told.lacks, told.in_short) == (Verdict.UNKNOWN, lacks, lacks[0])


def test_what_does_not_hang_together_by_its_pace_is_not_mended_by_not_knowing_the_hours():
    assert Realism(way(2000), replace(PLACEMENTS, hours=None)).verdict == Verdict.INCOHERENT


# Of 100 placements a year 20 led to it, and 100 more will be known in a year.
EFFECT = Grounds(gained=20, best_month=3, tries=100)


@pytest.mark.parametrize(
    ("percent", "now", "of", "verdict", "words"),
    [
        (22, 0, 0, Verdict.REALISTIC, "22 of 100 must succeed; 20 did in the last year"),
        (25, 0, 0, Verdict.STRETCH, "25 of 100 must succeed; 20 did in the last year"),
        (26, 0, 0, Verdict.INCOHERENT, "26 of 100 must succeed; 20 did in the last year"),
        # 20 % of 200 are 40, and 30 are there.
        (20, 30, 100, Verdict.REALISTIC, "10 of 100 must succeed; 20 did in the last year"),
    ],
)
def test_what_comes_of_placements_is_judged_by_how_many_have_to_succeed(percent, now, of, verdict, words):
    told = Realism(way(0, now=now, through=Through.OUTCOME, percent=percent, of=of), EFFECT)

    assert (told.verdict, told.in_short) == (verdict, words)


def test_of_too_few_placements_nothing_is_told():
    told = Realism(way(0, through=Through.OUTCOME, percent=20, of=0), Grounds(gained=1, tries=4))

    assert told.verdict == Verdict.UNKNOWN
    assert told.in_short == "In the last twelve months it is known of fewer than 5 placements: too few to tell by."


def test_of_too_few_placements_no_sum_gives_them_away():
    """As printed, "4 × 365 / 365" would tell of four."""
    few = Realism(way(0, through=Through.OUTCOME, percent=20, of=0), Grounds(gained=1, tries=4))
    now = Realism(way(0, through=Through.OUTCOME, percent=20, of=0), EFFECT)

    words = "known of fewer than 5 placements: too few to tell"
    assert sums(few) == {"Now": words, "In the last twelve months it was": words}
    assert sums(now)["Now"] == words


def test_where_none_succeeded_any_share_does_not_hang_together():
    assert Realism(way(0, through=Through.OUTCOME, percent=20, of=0), Grounds(0, 0, 50)).verdict == Verdict.INCOHERENT


numbers = st.integers(0, 5000)
ways = st.builds(
    lambda through, now, goal, idle, days, is_less, share: Way(through, now, goal, idle, days, is_less, *share),
    st.sampled_from(Through), numbers, numbers, numbers, st.integers(1, 1900), st.booleans(),
    st.just((None, None)) | st.tuples(st.floats(0, 100), st.integers(0, 9000)),
)  # fmt: skip
grounds_ = st.builds(
    lambda year, *more: Grounds(*year, *more),
    st.just((None, None, None)) | st.tuples(numbers, st.integers(0, 500), st.integers(0, 50000)),
    st.none() | st.floats(0, 900), st.floats(0, 900), st.none() | st.floats(1, 600), st.integers(0, 90),
    st.none() | st.integers(1, 400),
)  # fmt: skip


@given(ways, grounds_)
def test_whatever_the_numbers_something_is_said(one, grounds):
    told = Realism(one, grounds)

    assert told.steps
    assert told.in_short
    assert told.verdict != Verdict.UNKNOWN or told.lacks


def test_what_is_printed_multiplies_out():
    """134 results at 250.4246 contacts each are 33,557 contacts, and 33,500 on a calculator that is given 250."""
    told = Realism(way(134, through=Through.MEETINGS), Grounds(15, 4, 3756, hours=0.2, minutes=64.4, consultants=3))

    assert sums(told)["Contacts that it takes, as things went then"] == "134 × 3,756 / 15 = 33,554"
    assert printed(truediv, 3, 0.186) == (["3", "0.186"], "=", "16.1")
    assert printed(lambda one: one * 10**9, 1.123456789, places=0) == (["1.12"], "≈", "1,123,456,789")


_SUM = re.compile(r"([\d,.]+(?: [×/−] [\d,.]+)+) = (-?[\d,.]+)")


@given(ways, grounds_)
def test_a_calculator_comes_to_the_same(one, grounds):
    for step in Realism(one, grounds).steps:
        for sum_, result in _SUM.findall(step.sum.replace(" minutes", "").replace(" days", "")):
            reckoned = eval(sum_.replace(",", "").replace("×", "*").replace("−", "-"))
            decimals = len(result.partition(".")[2])
            assert abs(reckoned - float(result.replace(",", ""))) < 0.51 * 10**-decimals + 1e-6, step


@given(ways.filter(lambda one: not one.is_less), grounds_, st.integers(1, 2000))
def test_more_is_never_easier(one, grounds, more):
    order = [Verdict.REALISTIC, Verdict.STRETCH, Verdict.UNKNOWN, Verdict.INCOHERENT]

    easier, harder = Realism(one, grounds), Realism(replace(one, goal=one.goal + more), grounds)

    assert order.index(easier.verdict) <= order.index(harder.verdict)
