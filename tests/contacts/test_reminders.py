"""What waits beside follow-ups, and who is told."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from companies.models import TierPlan
from contacts import waiting
from tests.factories import (
    ContactPlanTargetFactory,
    FollowUpFactory,
    InteractionFactory,
    RegisterChangeFactory,
    WorkplaceFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
YESTERDAY = TODAY - timedelta(days=1)


def told(user, name):
    """What of the part of that name waits for `user`."""
    parts = {part.name: found for part, found in waiting.waiting([user.pk], TODAY).get(user.pk, [])}
    return parts.get(name)


def test_the_contacts_planned_for_today_stand_by_their_time_at_each_who_takes_part(owner, colleague):
    later = InteractionFactory(
        state="planned", channel="visit", on=TODAY, at=time(13), purpose="Two places", created_by=owner
    )
    later.staff.add(colleague)
    InteractionFactory(state="planned", on=TODAY, purpose="Some time", created_by=owner)
    InteractionFactory(state="planned", on=TODAY, at=time(9, 30), purpose="Early", created_by=owner)
    InteractionFactory(
        state="cancelled",
        on=TODAY,
        created_by=owner,
        cancelled_at=datetime(2026, 11, 24, 7, tzinfo=UTC),
        cancelled_by=owner,
    )
    InteractionFactory(on=TODAY, created_by=owner)

    assert [line.what for line in told(owner, "planned").lines] == [
        "Call, Early",
        "Visit, Two places",
        "Call, Some time",
    ]
    assert told(colleague, "planned").lines == [
        waiting.Line("Visit, Two places", later.get_absolute_url(), later.workplace.name, TODAY, time(13))
    ]


def test_what_was_planned_for_a_day_that_has_passed_asks_what_came_of_it(owner):
    InteractionFactory(state="planned", on=YESTERDAY, purpose="Yesterday", created_by=owner)
    InteractionFactory(state="planned", on=YESTERDAY - timedelta(days=40), purpose="Long ago", created_by=owner)
    InteractionFactory(on=YESTERDAY, created_by=owner)
    InteractionFactory(state="planned", on=TODAY, created_by=owner)

    assert [line.what for line in told(owner, "passed").lines] == ["Call, Long ago", "Call, Yesterday"]


def test_of_cold_workplaces_all_are_counted_and_the_longest_over_named_whatever_their_group(owner):
    TierPlan.objects.filter(tier=1).update(cadence_days=90)
    TierPlan.objects.filter(tier=3).update(cadence_days=180)
    for number in range(4):
        WorkplaceFactory(owner=owner, tier=1, last_contact_on=date(2026, 8, 1 + number))
    longest = WorkplaceFactory(owner=owner, tier=3, last_contact_on=date(2026, 3, 1))
    WorkplaceFactory(owner=owner, tier=3, last_contact_on=date(2026, 5, 29))
    WorkplaceFactory(tier=1, last_contact_on=date(2020, 1, 1))
    WorkplaceFactory(owner=owner, tier=1, last_contact_on=TODAY)

    found = told(owner, "cold")

    assert (found.count, found.more) == (5, 2)
    assert (found.lines[0].where, found.lines[0].what) == (longest.name, "2 months over")
    assert [line.what for line in found.lines[1:]] == ["25 days over", "24 days over"]


def test_a_contact_plan_says_how_many_workplaces_wait(owner, colleague):
    target = ContactPlanTargetFactory(plan__participants=[owner], consultant=owner)
    ContactPlanTargetFactory(plan=target.plan, consultant=owner)
    ContactPlanTargetFactory(plan=target.plan, consultant=colleague)

    found = told(owner, "contact_plans")

    assert found.count == 1
    assert [(line.what, line.where) for line in found.lines] == [("2 workplaces wait", target.plan.name)]


def test_news_of_my_places_is_told_until_somebody_has_seen_it_and_never_my_own(owner, colleague):
    change = RegisterChangeFactory(workplace__owner=owner)
    RegisterChangeFactory(workplace__owner=owner).see(by=colleague)
    RegisterChangeFactory(workplace__owner=owner, by=owner)
    RegisterChangeFactory(workplace__owner=colleague)
    RegisterChangeFactory(workplace__owner=owner, at=datetime(2026, 8, 1, tzinfo=UTC))

    found = told(owner, "news")

    assert found.count == 1
    assert [(line.what, line.where) for line in found.lines] == [("From 12 to 40 employees", change.workplace.name)]


def test_only_what_is_urgent_counts_at_the_bell(owner):
    WorkplaceFactory(owner=owner, tier=1, last_contact_on=date(2020, 1, 1))
    RegisterChangeFactory(workplace__owner=owner)
    FollowUpFactory(owner=owner, due_on=YESTERDAY)
    FollowUpFactory(owner=owner, due_on=TODAY)
    InteractionFactory(state="planned", on=TODAY, created_by=owner)

    assert waiting.count_for(owner, TODAY) == 3


def test_a_deputy_sees_what_waits_for_who_is_away_after_their_own(owner, colleague):
    colleague.absent_until, colleague.deputy = date(2026, 12, 3), owner
    colleague.save()
    FollowUpFactory(owner=colleague, due_on=TODAY, title="Carl's")
    FollowUpFactory(owner=owner, due_on=TODAY, title="Olga's")

    found = waiting.for_reader(owner, TODAY)

    assert [section.person for section in found] == [None, colleague]
    assert [line.what for section in found for _part, what in section.parts for line in what.lines] == [
        "Olga's",
        "Carl's",
    ]
    assert waiting.count_for(owner, TODAY) == 2
    assert waiting.count_for(colleague, TODAY) == 1


@pytest.mark.parametrize("rows", [1, 4])
def test_each_part_asks_the_same_of_the_database_however_much_waits(owner, colleague, rows, django_assert_num_queries):
    for user in (owner, colleague)[:rows]:
        for _row in range(rows):
            place = WorkplaceFactory(owner=user, tier=1, last_contact_on=date(2020, 1, 1))
            FollowUpFactory(owner=user, workplace=place, due_on=YESTERDAY)
            InteractionFactory(state="planned", on=TODAY, created_by=user)
            InteractionFactory(state="planned", on=YESTERDAY, created_by=user)
            RegisterChangeFactory(workplace=place)
            ContactPlanTargetFactory(plan__participants=[user], consultant=user)

    asked, told = waiting.Asked([owner.pk, colleague.pk], TODAY), {}
    with django_assert_num_queries(1):
        assert not asked.managers | asked.leaders
    for part in waiting.all_parts():
        with django_assert_num_queries(MOST[part.name]) if part.name in MOST else django_assert_num_queries(1):
            told[part.name] = part.find(asked, 10)

    assert {name for name, found in told.items() if found} >= {
        "passed",
        "overdue",
        "planned",
        "cold",
        "contact_plans",
        "news",
    }


# The plans besides what waits; of what is told to those who lead others, nothing where none does.
MOST = {"cold": 2} | dict.fromkeys(
    [
        "team_overdue",
        "handovers_unanswered",
        "without_responsible",
        "job_orders_without_responsible",
        "agreements_without_responsible",
        "slots_without_responsible",
        "placements_without_responsible",
    ],
    0,
)
