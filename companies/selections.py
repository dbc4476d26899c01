"""What a saved search finds, and how one is saved.

A saved search is as strict as the register's page: one that can't be read any more (a colleague has left, a
branch is gone) finds nothing and says why, and whatever was built on it stops.
"""

from collections import Counter
from typing import NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import PROTECT, Case, Count, ProtectedError, When
from django.db.models.deletion import Collector
from django.http import QueryDict
from django.utils.translation import gettext as _

from companies.filters import SHOWN_BY, USUAL_ORDER, BrokenSelection, WorkplaceFilter
from companies.models import Selection, Workplace
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import capped_counts

# So many stand as tabs above the register; the rest are behind a link.
TABS = 5
# Characters of the address of a search.
LONGEST = 4000


class NameTaken(Exception):
    """There is a selection of that name already: a shared one, or one of their own."""


class InUse(Exception):
    """Something is built on the selection, which therefore stays; `uses` are those rows."""

    def __init__(self, uses):
        self.uses = sorted(uses, key=lambda use: (use._meta.label, use.pk))
        super().__init__(", ".join(map(str, self.uses)))


class Tabs(NamedTuple):
    """Those that stand as tabs, whether there are more, and the one among them that is open, if any."""

    shown: list
    are_more: bool
    current: Selection | None


class Told(NamedTuple):
    """A selection as a list of them shows it: in words and with its (capped) count, or why it is broken.

    `uses` is how many rules, contact plans and targets are built on it, `of_whom` the keys of the colleagues of whose work it tells.
    """

    selection: Selection
    words: str
    count: int | None
    problems: list
    may_be_changed: bool
    uses: int
    of_whom: set


def query_of(data):
    """The part of an address that says what is in the list, in one order; how it is sorted is kept too."""
    query = QueryDict(mutable=True)
    for name in sorted(set(data) - (SHOWN_BY - {"sort"})):
        values = [value for value in data.getlist(name) if value.strip()]
        if values and (name, values) != ("sort", [USUAL_ORDER]):
            query.setlist(name, sorted(values) if name == "tier" else values)
    return query.urlencode()


def tabs(data, user):
    """The `Tabs` above the register whose address is `data`: their own first, then shared ones, by name.

    The one that the address names is among them, unless it is gone or somebody else's.
    """
    pk = number(data.get("selection")) or 0
    first = Case(When(pk=pk, then=0), When(created_by=user, then=1), default=2)
    found = list(Selection.objects.seen_by(user).order_by(first, "sort_name", "pk")[: TABS + 1])
    shown = sorted(found[:TABS], key=lambda one: (one.created_by_id != user.pk, one.sort_name, one.pk))
    return Tabs(shown, len(found) > TABS, next((one for one in shown if one.pk == pk), None))


def tell(selections, *, today, user):
    """The `Told` of each of `selections` as `user` finds them in a list; they are counted in one statement."""
    uses, told, found = count_uses([selection.pk for selection in selections]), [], {}
    asked = search(QueryDict(), today=today, user=user)
    for selection in selections:
        words, problems, of_whom = "", [], set()
        try:
            asked.ask(_asked(selection))
            found[selection.pk] = asked.rows()
            words, of_whom = asked.in_words(), asked.of_whom
        except BrokenSelection as broken:
            problems = broken.problems
        may_change = selection.may_be_changed_by(user)
        told.append(Told(selection, words, None, problems, may_change, uses[selection.pk], of_whom))
    counts = dict(zip(found, capped_counts(list(found.values())), strict=True))
    return [one._replace(count=counts.get(one.selection.pk)) for one in told]


def uses(selection):
    """What is built on it and keeps it from being deleted: rules, contact plans, whatever protects it."""
    try:
        Collector(using=selection._state.db, origin=selection).collect([selection])
    except ProtectedError as error:
        return InUse(error.protected_objects).uses
    return []


def count_uses(selections):
    """Primary key -> how much of what `uses` finds there is; a statement for each kind of use, however many they are."""
    counts = Counter()
    for relation in Selection._meta.related_objects:
        if relation.on_delete is PROTECT:
            name = relation.field.name
            rows = relation.related_model._base_manager.filter(**{f"{name}__in": selections}).order_by()
            counts.update(dict(rows.values_list(name).annotate(n=Count("pk"))))
    return counts


@transaction.atomic
def delete(selection, *, by):
    """Forget it; its history stays.

    Raises `InUse`, and then it stays.
    """
    selection._history_user = by
    try:
        with transaction.atomic():
            selection.delete()
    except ProtectedError as error:
        raise InUse(error.protected_objects) from None


def data_of(text):
    """The parameters that the address `text` of a search holds.

    Raises `BrokenSelection` for one that is too long: what is cut off would leave rows in that nobody asked for.
    """
    if len(text) > LONGEST:
        raise BrokenSelection([_("The search is too long. Take something out of it.")])
    return QueryDict(text.replace("\0", ""))


def search(data, *, today, user, workplaces=None):
    """The filter with what the address `data` or a `Selection` asks; `user` is who reads it, None for rules.

    Raises `BrokenSelection` for one saved with a vocabulary that this version does not know.
    """
    data = _asked(data) if isinstance(data, Selection) else data
    return WorkplaceFilter(data, Workplace.objects.all() if workplaces is None else workplaces, today=today, user=user)


def _asked(selection):
    if selection.is_outdated:
        raise BrokenSelection([_("It was saved by a version of the system that this one does not understand.")])
    return selection.data


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
    if data.get("among"):
        raise BrokenSelection([_("It is narrowed to another selection. Take that one out, or save that one anew.")])
    selection = selection or Selection(created_by=by)
    selection.query, selection.version = query_of(data), Selection.VERSION
    return rename(selection, name=name, is_shared=is_shared, by=by)


def rename(selection, *, name, is_shared, by):
    """Give it another name, share it or take it back; also one that is broken. Returns it.

    Raises `NameTaken`; then nothing is saved.
    """
    selection.name, selection.is_shared = name, is_shared
    selection._history_user = by
    try:
        with transaction.atomic():
            selection.save()
    except IntegrityError:
        raise NameTaken(name) from None
    return selection
