"""My day: what waits for me, in time order, in a fixed number of statements."""

from datetime import date, time

import pytest
from django.urls import reverse

from companies.models import TierPlan
from jobcenter_crm.desk.my_day import my_day
from tests.factories import FollowUpFactory, InteractionFactory, PersonFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)


def titles(tasks):
    return [task.title for task in tasks]


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


def test_a_visit_that_nobody_told_about_is_overdue(owner):
    InteractionFactory(state="planned", purpose="Yesterday", on=date(2026, 11, 23), created_by=owner)

    assert titles(my_day(owner, TODAY).overdue) == ["Yesterday"]


def test_on_a_friday_the_week_to_come_is_the_next_one(owner):
    InteractionFactory(state="planned", purpose="On Monday", on=date(2026, 11, 30), created_by=owner)

    assert titles(my_day(owner, date(2026, 11, 27)).this_week) == ["On Monday"]
    assert my_day(owner, date(2026, 11, 26)).this_week == []


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
    for number in range(rows):
        workplace = WorkplaceFactory(owner=owner, tier=1 + number % 3, last_contact_on=date(2025, 1, 1))
        PersonFactory(workplace=workplace)
        FollowUpFactory(owner=owner, due_on=TODAY, person=PersonFactory())
        contact = InteractionFactory(state="planned", on=TODAY, created_by=owner)
        contact.persons.add(PersonFactory(workplace=contact.workplace))
    client = client_for(owner)

    with django_assert_max_num_queries(14):
        answer = client.get(reverse("desk:home"))

    assert answer.status_code == 200


def test_an_empty_day_says_so(client_for, owner):
    answer = client_for(owner).get(reverse("desk:home"))

    assert "Nothing is waiting." in answer.text
