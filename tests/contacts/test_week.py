"""A week at a glance: whose, which, and what is on each day."""

from datetime import date, time

import pytest

from tests.factories import FollowUpFactory, InteractionFactory, TeamFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

URL = "/follow-ups/week/"
TUESDAY = date(2026, 11, 24)


@pytest.fixture
def week(client_for, owner):
    """The page as the owner sees it, for what the address says."""
    client = client_for(owner)
    return lambda **asked: client.get(URL, asked)


def visit(day, by, at=None):
    return InteractionFactory(state="planned", channel="visit", on=day, at=at, created_by=by)


def on(answer, day):
    found = next(one for one in answer.context["days"] if one.day == day)
    return found.planned, found.promised


def test_what_is_planned_stands_by_the_clock_and_what_is_promised_by_the_day(week, owner, colleague):
    late, early = visit(TUESDAY, owner, time(13)), visit(TUESDAY, owner, time(9, 30))
    promised = FollowUpFactory(owner=owner, due_on=TUESDAY)
    FollowUpFactory(owner=owner, due_on=date(2026, 12, 1))
    visit(TUESDAY, colleague)
    FollowUpFactory(owner=owner, due_on=TUESDAY).finish(by=owner)

    answer = week()

    assert on(answer, TUESDAY) == ([early, late], [promised])
    assert [one.day.day for one in answer.context["days"]] == [23, 24, 25, 26, 27]


def test_what_should_have_been_done_says_how_late_it_is(week, owner):
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 23))
    today_too = FollowUpFactory(owner=owner, due_on=TUESDAY)
    visit(date(2026, 11, 23), owner)

    answer = week()

    assert "1 day over" in answer.text
    assert answer.text.count("not logged") == 1
    today_too.finish(by=owner)
    assert week().text.count("day over") == 1


def test_the_weekend_is_shown_where_something_is_on_it(week, owner):
    saturday = visit(date(2026, 11, 28), owner)

    answer = week()

    assert on(answer, date(2026, 11, 28)) == ([saturday], [])
    assert len(answer.context["days"]) == 6
    assert "Day off" in answer.text


def test_one_goes_to_other_weeks_and_over_the_new_year(week, owner):
    promised = FollowUpFactory(owner=owner, due_on=date(2026, 12, 31))

    answer = week(week="2026-W53")

    assert on(answer, date(2026, 12, 31)) == ([], [promised])
    assert "week=2027-W01" in answer.text
    assert "week=2026-W52" in answer.text


def test_a_team_sees_each_contact_once(week, owner, colleague):
    together = visit(TUESDAY, owner)
    together.staff.add(colleague)
    theirs = FollowUpFactory(owner=colleague, due_on=TUESDAY)
    stranger = FollowUpFactory(due_on=TUESDAY)

    assert on(week(whose="team"), TUESDAY) == ([together], [theirs])
    assert on(week(whose=str(colleague.pk)), TUESDAY) == ([together], [theirs])
    assert stranger in on(week(whose="all"), TUESDAY)[1]
    assert str(colleague) in week(whose="team").text


@pytest.mark.parametrize(
    "asked",
    [
        {"week": "2026-W54"}, {"week": "2026-48"}, {"week": "next"}, {"week": "0001-W01"}, {"week": "9999-W53"},
        {"whose": "nobody-here"}, {"day": "1"}, {"week": "2026-W48-long-too-long"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_shows_nothing_and_says_so(week, owner, asked):
    visit(TUESDAY, owner)

    answer = week(**asked)

    assert answer.status_code == 200
    assert answer.context["days"] == []
    assert answer.context["form"].errors


def test_an_empty_week_says_so(week):
    assert "Nothing is planned or promised in this week." in week().text


@pytest.mark.parametrize("rows", [1, 12])
def test_a_week_asks_the_same_questions_however_full_it_is(week, owner, colleague, rows, django_assert_num_queries):
    colleague.team = TeamFactory(name="Team South")
    colleague.save()
    for _ in range(rows):
        visit(TUESDAY, owner).staff.add(colleague)
        FollowUpFactory(owner=colleague, due_on=TUESDAY)

    with django_assert_num_queries(11):
        assert week(whose="all").status_code == 200
