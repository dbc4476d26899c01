"""My day: what waits for me, in time order, in a fixed number of statements."""

from datetime import UTC, date, datetime, time

import pytest
from django.urls import reverse
from django.utils.html import escape

from companies.models import TierPlan
from jobcenter_crm.desk.my_day import SHOWN, my_day
from partnerships.models import Agreement, Review
from tests.factories import (
    FollowUpFactory,
    InteractionFactory,
    PersonFactory,
    ReferralFactory,
    RegisterChangeFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def titles(tasks):
    return [task.title for task in tasks.shown]


def test_promises_and_plans_stand_together_in_time_order(owner):
    FollowUpFactory(owner=owner, title="Late", due_on=date(2026, 11, 18))
    FollowUpFactory(owner=owner, title="Some time today", due_on=TODAY)
    InteractionFactory(state="planned", purpose="At eleven", on=TODAY, at=time(11), created_by=owner)
    InteractionFactory(state="planned", purpose="At half past nine", on=TODAY, at=time(9, 30), created_by=owner)
    InteractionFactory(state="planned", purpose="On Friday", on=date(2026, 11, 27), created_by=owner)
    FollowUpFactory(owner=owner, title="Next month", due_on=date(2026, 12, 24))

    day = my_day(owner, TODAY)

    assert titles(day.overdue) == ["Late"]
    assert titles(day.today) == ["At half past nine", "At eleven", "Some time today"]
    assert titles(day.this_week) == ["On Friday"]


def test_what_is_done_cancelled_or_a_colleagues_does_not_wait_for_me(owner, colleague):
    FollowUpFactory(owner=colleague, due_on=TODAY)
    done = FollowUpFactory(owner=owner, due_on=TODAY)
    done.finish(by=owner)
    InteractionFactory(state="held", on=TODAY, created_by=owner)

    assert my_day(owner, TODAY).is_empty


def test_a_visit_that_nobody_told_about_asks_what_came_of_it(client_for, owner):
    contact = InteractionFactory(state="planned", purpose="Yesterday", on=date(2026, 11, 23), created_by=owner)

    day = my_day(owner, TODAY)
    page = client_for(owner).get(reverse("desk:home")).text

    assert (titles(day.passed), day.overdue.count) == (["Yesterday"], 0)
    assert "Held, moved or cancelled?" in page
    assert f"{reverse('contacts:log')}?planned={contact.pk}" in page
    assert reverse("contacts:move", args=[contact.pk]) in page
    assert f'action="{reverse("contacts:cancel", args=[contact.pk])}"' in page


def test_who_stands_in_for_somebody_sees_how_much_of_theirs_waits(client_for, owner, colleague):
    colleague.absent_until, colleague.deputy = date(2026, 12, 3), owner
    colleague.save()
    for day in (date(2026, 11, 20), date(2026, 11, 23), TODAY, date(2026, 11, 25)):
        FollowUpFactory(owner=colleague, due_on=day)

    page = client_for(owner).get(reverse("desk:home")).text

    assert "You stand in for Carl Colleague until 3 December:" in page
    assert "2 overdue, 1 today" in page
    assert "You stand in" not in client_for(colleague).get(reverse("desk:home")).text


def test_on_a_friday_the_week_to_come_is_the_next_one(owner):
    InteractionFactory(state="planned", purpose="On Monday", on=date(2026, 11, 30), created_by=owner)

    assert titles(my_day(owner, date(2026, 11, 27)).this_week) == ["On Monday"]
    assert my_day(owner, date(2026, 11, 26)).this_week.count == 0


def test_the_longest_over_their_own_cadence_come_first_and_twelve_are_shown(owner):
    TierPlan.objects.filter(tier=1).update(cadence_days=90)
    TierPlan.objects.filter(tier=3).update(cadence_days=180)
    for number in range(13):
        WorkplaceFactory(owner=owner, tier=1, last_contact_on=date(2026, 8, 1 + number))
    longest = WorkplaceFactory(owner=owner, tier=3, last_contact_on=date(2026, 3, 1))
    WorkplaceFactory(owner=owner, tier=3, last_contact_on=date(2026, 5, 29))

    day = my_day(owner, TODAY)

    assert day.due[0] == longest
    assert day.due[0].due_on == date(2026, 8, 28)
    assert len(day.due) == 12
    assert day.due_count == 14


def test_a_workplace_with_a_next_step_is_in_the_list_of_promises_and_not_due_as_well(owner):
    WorkplaceFactory(owner=owner, tier=1, last_contact_on=date(2025, 1, 1), next_contact_on=date(2026, 11, 20))

    assert my_day(owner, TODAY).due == []


@pytest.mark.parametrize("rows", [1, 15])
def test_the_page_asks_the_same_questions_however_much_waits(client_for, owner, rows, django_assert_max_num_queries):
    UserFactory(absent_until=TODAY, deputy=owner)
    for number in range(rows):
        workplace = WorkplaceFactory(owner=owner, tier=1 + number % 3, last_contact_on=date(2025, 1, 1))
        PersonFactory(workplace=workplace)
        FollowUpFactory(owner=owner, due_on=TODAY, person=PersonFactory())
        contact = InteractionFactory(state="planned", on=TODAY, created_by=owner)
        contact.persons.add(PersonFactory(workplace=contact.workplace))
        RegisterChangeFactory(workplace=workplace)
        ReferralFactory(job_order__owner=owner)
    client = client_for(owner)

    # Job orders take two, the orders and what is promised for them, and those one stands in for two as well.
    with django_assert_max_num_queries(20):
        answer = client.get(reverse("desk:home"))

    assert answer.status_code == 200


def test_of_many_the_first_are_shown_all_are_counted_and_the_rest_is_behind_a_link(client_for, owner):
    for number in range(12):
        FollowUpFactory(owner=owner, due_on=date(2026, 11, 2 + number), title=f"Late {number}")
        FollowUpFactory(owner=owner, due_on=date(2026, 11, 26), title=f"Later {number}")
        InteractionFactory(state="planned", on=date(2026, 11, 23), created_by=owner)
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 23), kind="matter", title="They wait")

    day = my_day(owner, TODAY)
    page = client_for(owner).get(reverse("desk:home")).text

    assert titles(day.overdue) == ["They wait", *(f"Late {number}" for number in range(7))]
    assert (day.overdue.count, day.this_week.count, day.passed.count) == (13, 12, 12)
    assert "13 are overdue" in page
    for tasks in (day.overdue, day.this_week, day.passed):
        assert len(tasks.shown) == 8
        assert f'<a href="{escape(tasks.url)}">Show all' in page
        assert client_for(owner).get(tasks.url).status_code == 200


def test_where_everything_is_shown_there_is_no_more_behind_a_link(client_for, owner):
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 2))

    assert "Show all" not in client_for(owner).get(reverse("desk:home")).text


@pytest.mark.parametrize(("on", "week"), [(date(2026, 11, 29), "2026-W48"), (date(2026, 12, 1), "2026-W49")])
def test_what_is_ahead_leads_to_the_week_of_the_first_that_is_not_told(owner, on, week):
    """On a Friday what is ahead goes to the Sunday after next, so it may begin in this week's weekend."""
    for number in range(SHOWN + 1):
        FollowUpFactory(owner=owner, title=f"No. {number}", due_on=on)

    assert my_day(owner, date(2026, 11, 27)).this_week.url.endswith(f"week={week}")


def test_a_review_that_is_promised_is_told_once_also_when_its_line_is_not_shown(owner):
    review = active_agreement(owner=owner).reviews.get()
    Review.objects.filter(pk=review.pk).update(due_on=TODAY)
    Agreement.objects.update(next_review_on=TODAY)
    assert my_day(owner, TODAY).reviews == [review]

    FollowUpFactory.create_batch(9, owner=owner, due_on=date(2026, 11, 2))
    FollowUpFactory(owner=owner, due_on=date(2026, 11, 23), kind="review", cause=review)

    assert my_day(owner, TODAY).reviews == []


def test_an_empty_day_says_so(client_for, owner):
    answer = client_for(owner).get(reverse("desk:home"))

    assert "Nothing is waiting." in answer.text


# --- From the register -----------------------------------------------------------------------


def test_what_nobody_has_seen_of_my_places_is_on_my_day_newest_first(owner, colleague):
    old = RegisterChangeFactory(workplace__owner=owner, at=datetime(2026, 10, 1, tzinfo=UTC))
    new = RegisterChangeFactory(workplace__owner=owner, ended=True)
    RegisterChangeFactory(workplace__owner=owner).see(by=colleague)
    RegisterChangeFactory(workplace__owner=colleague)
    RegisterChangeFactory(workplace__owner=owner, before={"phone": None}, after={"phone": "10203040"})

    day = my_day(owner, TODAY)

    assert day.news == [new, old]
    assert day.news_count == 2


def test_news_leaves_my_day_after_ninety_days(owner):
    RegisterChangeFactory(workplace__owner=owner, at=datetime(2026, 8, 25, 21, 30, tzinfo=UTC))
    kept = RegisterChangeFactory(workplace__owner=owner, at=datetime(2026, 8, 25, 22, 30, tzinfo=UTC))

    assert my_day(owner, TODAY).news == [kept]


def test_ten_are_shown_and_all_are_counted(client_for, owner):
    RegisterChangeFactory.create_batch(12, workplace__owner=owner)

    day = my_day(owner, TODAY)
    answer = client_for(owner).get(reverse("desk:home"))

    assert (len(day.news), day.news_count) == (10, 12)
    assert reverse("companies:changes") in answer.text
    assert answer.text.count("From 12 to 40 employees") == 10


def test_where_something_is_open_at_a_closed_place_my_day_asks_for_a_decision(client_for, owner):
    workplace = WorkplaceFactory(owner=owner, ceased_on=date(2026, 11, 1), next_contact_on=date(2026, 12, 24))
    change = RegisterChangeFactory(workplace=workplace, ended=True)

    answer = client_for(owner).get(reverse("desk:home"))

    assert "Closed on 1 November" in answer.text
    assert "Decide" in answer.text
    assert reverse("companies:change_seen", args=[change.pk]) not in answer.text
