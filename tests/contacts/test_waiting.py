from datetime import date, timedelta

import pytest

from contacts import waiting
from contacts.models import FollowUp
from tests.factories import FollowUpFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def told(user, name):
    """What of the part of that name waits for `user`."""
    parts = {part.name: found for part, found in waiting.waiting([user.pk], TODAY).get(user.pk, [])}
    return parts.get(name)


def test_follow_ups_wait_for_their_owner_by_their_day(owner, colleague):
    late = FollowUpFactory(owner=owner, due_on=TODAY - timedelta(days=1), title="Send the paper")
    FollowUpFactory(owner=owner, due_on=TODAY, title="Call the foreman")
    FollowUpFactory(owner=owner, due_on=TODAY + timedelta(days=1))
    FollowUpFactory(owner=owner, due_on=TODAY, done_at="2026-11-24T08:00:00+00:00", done_by=owner)
    FollowUpFactory(owner=colleague, due_on=TODAY)

    assert told(owner, "overdue").lines == [
        waiting.Line("Send the paper", late.get_absolute_url(), late.workplace.name, late.due_on)
    ]
    assert [line.what for line in told(owner, "today").lines] == ["Call the foreman"]
    assert told(colleague, "overdue") is None


def test_of_many_the_longest_overdue_are_told_and_all_are_counted(owner):
    for days in range(1, 15):
        FollowUpFactory(owner=owner, due_on=TODAY - timedelta(days=days), title=f"{days} days")

    found = told(owner, "overdue")

    assert found.count == 14
    assert [line.what for line in found.lines] == [f"{days} days" for days in range(14, 4, -1)]


def test_a_hundred_people_take_as_many_statements_as_one(owner, colleague, django_assert_num_queries):
    for user in (owner, colleague):
        FollowUpFactory(owner=user, due_on=TODAY)

    with django_assert_num_queries(2):
        only_kinds = [part for part in waiting.all_parts() if part.name in ("overdue", "today")]
        for part in only_kinds:
            part.find(waiting.Asked([owner.pk, colleague.pk], TODAY), 10)


@pytest.mark.parametrize(
    ("every", "unit", "due_on", "then"),
    [
        (2, "week", date(2026, 11, 24), date(2026, 12, 8)),
        (6, "month", date(2026, 8, 31), date(2027, 3, 1)),  # 28 February is a Sunday
        (1, "month", date(2026, 11, 25), date(2026, 12, 28)),  # Christmas, and the weekend after it
        (None, "", date(2026, 11, 24), None),
    ],
)
def test_one_that_comes_again_does_so_on_a_working_day(every, unit, due_on, then):
    assert FollowUp(repeat_every=every, repeat_unit=unit, due_on=due_on).comes_again_on == then
