from datetime import date
from random import Random

import pytest

from jobcenter_crm.staff.absence import Readers, stood_in_for
from tests.factories import TeamFactory, UserFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)
AWAY = {"absent_until": TODAY}


def reader_of(person):
    return Readers(TODAY).reader_of(person)


def test_who_is_there_reads_for_themselves_and_the_last_day_away_counts():
    deputy = UserFactory()
    back = UserFactory(absent_until=date(2026, 11, 23), deputy=deputy)
    away = UserFactory(absent_until=TODAY, deputy=deputy)

    assert reader_of(back) == back
    assert reader_of(away) == deputy


def test_for_a_deputy_who_is_away_too_their_deputy_reads():
    third = UserFactory()
    second = UserFactory(**AWAY, deputy=third)

    assert reader_of(UserFactory(**AWAY, deputy=second)) == third


def test_deputies_in_a_circle_end_at_the_leader_of_the_team():
    leader = UserFactory()
    team = TeamFactory(leader=leader)
    first = UserFactory(**AWAY, team=team)
    second = UserFactory(**AWAY, deputy=first)
    first.deputy = second
    first.save()

    assert reader_of(first) == leader


def test_without_a_deputy_who_can_log_in_the_leader_reads_or_that_ones_deputy():
    gone, third = UserFactory(is_active=False), UserFactory()
    leader = UserFactory(**AWAY, deputy=third)

    assert reader_of(UserFactory(**AWAY, deputy=gone, team=TeamFactory(leader=leader))) == third


def test_where_nobody_is_left_nobody_reads():
    leader = UserFactory(**AWAY)
    team = TeamFactory(leader=leader)

    assert reader_of(UserFactory(**AWAY, team=team)) is None
    assert reader_of(UserFactory(**AWAY)) is None


def test_all_that_one_stands_in_for_are_found_in_one_statement(django_assert_num_queries):
    deputy = UserFactory()
    anna = UserFactory(**AWAY, first_name="Anna", deputy=deputy)
    bo = UserFactory(**AWAY, first_name="Bo", deputy=anna)
    UserFactory(deputy=deputy)

    with django_assert_num_queries(1):
        assert stood_in_for(deputy, TODAY) == [anna, bo]


@pytest.mark.parametrize("seed", range(12))
def test_whom_one_stands_in_for_is_found_from_the_absent_as_from_all_colleagues(seed):
    chance = Random(seed)
    people = [UserFactory(is_active=chance.random() < 0.8) for _one in range(9)]
    teams = [TeamFactory(leader=chance.choice([None, *people])) for _one in range(3)]
    for person in people:
        person.team = chance.choice([None, *teams])
        person.deputy = chance.choice([None, *(one for one in people if one != person)])
        person.absent_until = chance.choice([None, date(2026, 11, 23), TODAY, date(2026, 12, 24)])
        person.save()

    readers = Readers(TODAY)
    found = {person: readers.reader_of(person) for person in readers.people.values()}

    for reader in people:
        assert stood_in_for(reader, TODAY) == [
            person for person, theirs in found.items() if theirs == reader and person != reader
        ]
