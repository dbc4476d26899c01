"""What the bell counts is what the page behind it tells, of whatever app."""

from datetime import date, timedelta

import pytest

from contacts import waiting
from contacts.models import Handover
from jobcenter_crm.staff.models import User
from jobcenter_crm.staff.roles import MANAGER
from partnerships.models import Review
from placements import job_order_days
from tests.conftest import member
from tests.factories import (
    AgreementFactory,
    FollowUpFactory,
    HandoverFactory,
    InteractionFactory,
    JobOrderFactory,
    PlacementFactory,
    ReservationFactory,
    SlotFactory,
    TeamFactory,
    UserFactory,
    WorkplaceFactory,
    active_agreement,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TODAY = date(2026, 11, 24)
DAY = timedelta(days=1)


def something_of_everything(user):
    """Something of every part that is a colleague's own; of some more than one, and beside them what does not wait."""
    place = WorkplaceFactory(owner=user, tier=1)
    for day in (TODAY - 10 * DAY, TODAY - DAY, TODAY, TODAY, TODAY + DAY):
        FollowUpFactory(owner=user, workplace=place, due_on=day)
        InteractionFactory(state="planned", workplace=place, on=day, created_by=user)
    order = JobOrderFactory(owner=user)
    job_order_days.write(order, by=user, today=TODAY)
    job_order_days.promised_for(order).update(due_on=TODAY)
    review = active_agreement(owner=user).reviews.get()
    Review.objects.filter(pk=review.pk).update(due_on=TODAY - DAY)
    PlacementFactory(slot=SlotFactory(owner=user), consultant=user, planned_end=TODAY - DAY)
    ReservationFactory(slot=SlotFactory(), consultant=user, held_until=TODAY)
    HandoverFactory(to=user)


def left_by(user):
    """What managers are told of when `user` has left."""
    SlotFactory(owner=user)
    PlacementFactory(slot=SlotFactory(owner=user), consultant=user)
    JobOrderFactory(owner=user)
    AgreementFactory(owner=user)
    WorkplaceFactory(owner=user)
    handover = HandoverFactory(giver=user)
    Handover.objects.filter(pk=handover.pk).update(escalated_at="2026-11-24T05:00:00Z")
    User.objects.filter(pk=user.pk).update(is_active=False)


@pytest.fixture
def house(db):
    """A manager who leads a team and stands in for another, a leader, a consultant, whoever runs the system."""
    boss = member(MANAGER, "boss")
    leader = UserFactory()
    other = member(MANAGER, "other", absent_until=TODAY, deputy=boss)
    one = UserFactory(team=TeamFactory(leader=boss), absent_until=TODAY, deputy=boss)
    two = UserFactory(team=TeamFactory(leader=leader))
    UserFactory(absent_until=TODAY, deputy=two)
    for user in (boss, other, one, two):
        something_of_everything(user)
    left_by(UserFactory())
    left_by(UserFactory(manager=leader))
    return [boss, leader, other, one, two, UserFactory(is_superuser=True)]


def told(user):
    """`(name of the part, how much)` of everything urgent that `user` is told, also for those they stand in for."""
    return [
        (part.name, found.count)
        for section in waiting.for_reader(user, TODAY)
        for part, found in section.parts
        if part.urgent
    ]


def test_of_every_part_the_bell_counts_what_is_told(house):
    counted = [waiting.count_for(user, TODAY) for user in house]

    assert counted == [sum(number for _name, number in told(user)) for user in house]
    assert {name for name, _number in told(house[0])} == {part.name for part in waiting.all_parts() if part.urgent}
    assert len(told(house[0])) > len(told(house[2])) > len(told(house[1])) > 0
    assert counted[-1] == 0


def test_one_reader_is_told_what_many_are_told(house):
    """Of one, the parts that have nothing are not asked; of many, all of them are."""
    of_all = waiting.waiting([user.pk for user in house], TODAY)

    for user in house:
        own = [section.parts for section in waiting.for_reader(user, TODAY) if section.person is None]
        assert own == ([of_all[user.pk]] if user.pk in of_all else [])


def test_counting_alone_counts_the_same(house):
    asked = waiting.Asked([user.pk for user in house], TODAY)

    for part in waiting.all_parts():
        if part.urgent and not part.rows:
            told, counted = part.find(asked, 10), part.find(asked, 0)
            assert {user: found.count for user, found in told.items()} == {
                user: found.count for user, found in counted.items()
            }
            assert not any(found.lines for found in counted.values())


def test_it_takes_few_statements(client_for, house, django_assert_max_num_queries):
    boss, *_others, two, _runs_it = house

    for user, most in ((boss, 12), (two, 5)):
        client = client_for(user)
        with django_assert_max_num_queries(most):
            client.get("/waiting/count/")
