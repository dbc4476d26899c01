"""What a saved search finds, and how one is saved.

A saved search is as strict as the register's page: one that can't be read any more (a colleague has left, a
branch is gone) finds nothing and says why, and whatever was built on it stops.
"""

from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from companies.filters import SHOWN_BY, BrokenSelection, WorkplaceFilter
from companies.models import Selection, Workplace


class NameTaken(Exception):
    """There is a selection of that name already: a shared one, or one of their own."""


def query_of(data):
    """The part of an address that says what is in the list, in one order; how it is sorted is kept too."""
    query = QueryDict(mutable=True)
    for name in sorted(set(data) - (SHOWN_BY - {"sort"})):
        if values := [value for value in data.getlist(name) if value.strip()]:
            query.setlist(name, sorted(values) if name == "tier" else values)
    return query.urlencode()


def search(data, *, today, user, workplaces=None):
    """The filter with what the address `data` or a `Selection` asks; `user` is who reads it, None for rules.

    Raises `BrokenSelection` for one saved with a vocabulary that this version does not know.
    """
    if isinstance(data, Selection):
        if data.version != Selection.VERSION:
            raise BrokenSelection([_("It was saved by a version of the system that this one does not understand.")])
        data = data.data
    return WorkplaceFilter(data, Workplace.objects.all() if workplaces is None else workplaces, today=today, user=user)


def rows(selection, *, today, user):
    """The workplaces that `selection` finds.

    Raises `BrokenSelection`.
    """
    return search(selection, today=today, user=user).rows()


def why_broken(selection, *, today, user):
    """Why it can't be read, in words; empty when it can."""
    try:
        return search(selection, today=today, user=user).problems()
    except BrokenSelection as broken:
        return broken.problems


def why_not_in_rules(selection, *, today):
    """Why a rule can't use it, in words; empty when it can."""
    try:
        return search(selection, today=today, user=None).rule_problems()
    except BrokenSelection as broken:
        return broken.problems


@transaction.atomic
def save(*, name, data, is_shared, by, today, selection=None):
    """Keep the search `data` under `name`: a new one, or in the place of `selection`. Returns it.

    Raises `BrokenSelection` for what can't be read, and `NameTaken`; then nothing is saved.
    """
    if problems := search(data, today=today, user=by).problems():
        raise BrokenSelection(problems)
    selection = selection or Selection(created_by=by)
    selection.name, selection.is_shared = name, is_shared
    selection.query, selection.version = query_of(data), Selection.VERSION
    selection._history_user = by
    try:
        with transaction.atomic():
            selection.save()
    except IntegrityError:
        raise NameTaken(name) from None
    return selection
