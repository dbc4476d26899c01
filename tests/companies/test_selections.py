"""A saved search finds what the register's page would, and stops where it can't be read."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.http import QueryDict

from companies import selections
from companies.filters import BrokenSelection
from companies.models import Selection
from tests.factories import WorkplaceFactory

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 24)


def saved(query, by, **facts):
    facts = {"name": "Ours", "is_shared": False} | facts
    return selections.save(data=QueryDict(query), by=by, today=TODAY, **facts)


def test_it_finds_what_its_address_finds(owner):
    wanted = WorkplaceFactory(tier=1, tier_since=TODAY)
    WorkplaceFactory()

    selection = saved("tier=1&page=3&filter=1&sort=-last&selection=9&owner=", owner)

    assert selection.query == "sort=-last&tier=1"
    assert list(selections.rows(selection, today=TODAY, user=owner)) == [wanted]
    assert selection.get_absolute_url() == f"/companies/?sort=-last&tier=1&selection={selection.pk}"


def test_many_are_told_as_each_alone_would_be(owner, colleague):
    WorkplaceFactory.create_batch(2, tier=1, tier_since=TODAY, owner=owner)
    WorkplaceFactory(tier=3, tier_since=TODAY)
    one = saved("tier=1&owner=me&contact=never", owner, name="A")
    broken = saved(f"owner={colleague.pk}", owner, name="B")
    colleague.is_active = False
    colleague.save()
    old = saved("tier=2", owner, name="C")
    old.version = 0
    rest = [saved(query, owner, name=f"D {query}") for query in ("", "tier=3", "tier=none", "quiet_months=3")]

    told = selections.tell([one, broken, old, *rest], today=TODAY, user=owner)

    for this in told:
        [alone] = selections.tell([this.selection], today=TODAY, user=owner)
        assert this == alone
    assert [this.count for this in told] == [2, None, None, 3, 1, 0, 3]
    assert [bool(this.problems) for this in told] == [False, True, True, False, False, False, False]


@pytest.mark.parametrize("turned", [False, True])
def test_one_that_tells_what_a_colleague_has_done_is_refused_among_others_that_do_not(owner, colleague, turned):
    WorkplaceFactory(tier=1, owner=colleague, last_contact_on=TODAY)
    queries = ["tier=1", f"owner={colleague.pk}&contact=in_time"]
    searches = [
        Selection.objects.create(name=query, query=query, version=Selection.VERSION, created_by=owner)
        for query in (queries[::-1] if turned else queries)
    ]

    told = {one.selection.query: one for one in selections.tell(searches, today=TODAY, user=owner)}

    harmless, theirs = told["tier=1"], told[f"owner={colleague.pk}&contact=in_time"]
    assert (harmless.count, harmless.problems) == (1, [])
    assert theirs.count is None
    assert "is not told by colleague" in theirs.problems[0]


def test_me_is_whoever_reads_it(owner, colleague):
    hers, his = WorkplaceFactory(owner=owner), WorkplaceFactory(owner=colleague)
    selection = saved("owner=me", owner, is_shared=True)

    assert list(selections.rows(selection, today=TODAY, user=owner)) == [hers]
    assert list(selections.rows(selection, today=TODAY, user=colleague)) == [his]
    with pytest.raises(BrokenSelection):
        selections.rows(selection, today=TODAY, user=None)


def test_it_is_broken_by_a_colleague_who_left(owner, colleague):
    WorkplaceFactory(owner=colleague)
    selection = saved(f"owner={colleague.pk}", owner)
    colleague.is_active = False
    colleague.save()

    with pytest.raises(BrokenSelection):
        selections.rows(selection, today=TODAY, user=owner)
    assert selections.why_broken(selection, today=TODAY, user=owner)
    assert selections.why_not_in_rules(selection, today=TODAY)


def test_one_of_another_vocabulary_is_broken(owner):
    selection = saved("tier=1", owner)
    selection.version = 99

    with pytest.raises(BrokenSelection):
        selections.rows(selection, today=TODAY, user=owner)


def test_what_cannot_be_read_is_not_saved(owner):
    with pytest.raises(BrokenSelection):
        saved("teir=1", owner)

    assert not Selection.objects.exists()


def test_names_are_told_apart_where_both_are_seen(owner, colleague):
    saved("tier=1", owner)
    saved("tier=2", colleague)
    saved("tier=3", owner, is_shared=True)

    for by, is_shared in ((owner, False), (colleague, True)):
        with pytest.raises(selections.NameTaken):
            saved("tier=4", by, is_shared=is_shared)
    assert Selection.objects.count() == 3


def test_a_private_one_is_seen_by_its_maker_only(owner, colleague):
    private, shared = saved("tier=1", owner), saved("tier=2", owner, name="All", is_shared=True)

    assert set(Selection.objects.seen_by(owner)) == {private, shared}
    assert set(Selection.objects.seen_by(colleague)) == {shared}


def test_its_name_is_never_empty(owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        Selection.objects.create(name="", created_by=owner)
