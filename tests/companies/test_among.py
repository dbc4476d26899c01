"""At which workplaces: lists of what belongs to them know the register's words for where, and a selection within another."""

from datetime import date

import pytest
from django.http import QueryDict

from companies import selections
from companies.among import AmongForm
from companies.filters import BrokenSelection
from companies.models import Selection, Workplace
from contacts.models import FollowUp
from tests.factories import FollowUpFactory, TeamFactory, WorkplaceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def read(query, user):
    form = AmongForm(QueryDict(query), user=user, today=TODAY)
    form.is_valid()
    return form


def saved(query, by, **facts):
    return selections.save(name=query, data=QueryDict(query), is_shared=False, by=by, today=TODAY, **facts)


def found(query, user):
    return set(selections.search(QueryDict(query), today=TODAY, user=user).rows())


@pytest.fixture
def follow_ups(owner):
    """One at a workplace of the owner in group 1, and one at nobody's in group 2."""
    theirs = FollowUpFactory(workplace=WorkplaceFactory(tier=1, owner=owner))
    FollowUpFactory(workplace=WorkplaceFactory(tier=2, owner=None))
    return theirs


def test_the_rows_of_a_selection_can_be_asked_for_whatever_else_is_asked(owner):
    first, second = WorkplaceFactory(tier=1, employees_min=9), WorkplaceFactory(tier=2, employees_min=9)
    WorkplaceFactory(tier=1, employees_min=2, employees_max=2)
    large = saved("employees_from=5", owner)

    assert found(f"among={large.pk}", owner) == {first, second}
    assert found(f"among={large.pk}&tier=1", owner) == {first}


def test_a_selection_of_somebody_else_and_a_broken_one_are_refused_in_words(owner, colleague):
    private = saved("tier=1", colleague)
    broken = Selection.objects.create(name="Broken", query="nothing=1", created_by=owner)

    for selection, words in [(private, "no such selection"), (broken, "There is no filter called")]:
        with pytest.raises(BrokenSelection, match=words):
            found(f"among={selection.pk}", owner)


def test_a_selection_is_not_kept_within_another(owner):
    first = saved("tier=1", owner)

    with pytest.raises(BrokenSelection, match="another selection"):
        saved(f"among={first.pk}", owner)

    first.query = f"among={first.pk}"
    first.save()
    with pytest.raises(BrokenSelection, match="itself narrowed"):
        found(f"among={first.pk}", owner)


def test_a_list_of_something_else_is_narrowed_to_a_team_and_to_a_selection(owner, follow_ups):
    tier = saved("tier=1", owner)

    for query in (f"team={owner.team_id}", f"among={tier.pk}", f"team={owner.team_id}&among={tier.pk}"):
        form = read(query, owner)
        assert form.errors == {}
        assert list(form.at(FollowUp.objects.all())) == [follow_ups]
        assert form.chips
    assert form.at(FollowUp.objects.filter(workplace__tier=2)).count() == 0


def test_nothing_asked_narrows_nothing_and_asks_nothing(owner, follow_ups, django_assert_num_queries):
    with django_assert_num_queries(0):
        form = read("", owner)

    assert form.at(FollowUp.objects.all()).count() == 2
    assert form.chips == []


def test_what_belongs_to_a_place_that_has_ceased_is_not_gone(owner, follow_ups):
    Workplace.objects.filter(pk=follow_ups.workplace_id).update(ceased_on=date(2026, 1, 1))

    assert list(read(f"team={owner.team_id}", owner).at(FollowUp.objects.all())) == [follow_ups]


@pytest.mark.parametrize(
    "query", ["team=999", "team=x", "branch=nobody+knows", "among=5", "municipality=9999", "oddity=1"]
)
def test_what_can_not_be_read_is_said(query, owner):
    assert read(query, owner).non_field_errors()


def test_a_team_that_is_none_of_the_reader_is_a_team_like_any_other(owner):
    other = TeamFactory()

    assert read(f"team={other.pk}", owner).errors == {}
