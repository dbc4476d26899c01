"""Two records of one thing made one: what a person may choose, what moves along, and the way back.

Each model that can be merged has a `Kind`. It declares every relation that points at the model, also those of higher
apps, which add theirs in `ready()`: a test walks all models and fails on one that nobody has thought of.
"""

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from django.apps import apps
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import Merge
from jobcenter_crm.backstage.bulk import as_json
from jobcenter_crm.frame.pages import capped_counts

# Primary keys in one statement.
BATCH = 1000
# So many of the colliding workplaces are named.
NAMED = 5


class Refused(Exception):
    """The two can't be merged, or the merge not be undone; `problems` says why."""

    def __init__(self, *problems):
        self.problems = problems
        super().__init__(" ".join(str(problem) for problem in problems))


class Problem(NamedTuple):
    """Why not, and a link to what has to be done first."""

    text: str
    link: str = ""
    url: str = ""

    def __str__(self):
        return str(self.text)


class Moves(Enum):
    """What becomes of the rows that point at the record which is merged."""

    ALWAYS = "always"
    UNLESS_SAME = "unless the kept one has the same"
    NEVER = "never"


@dataclass(frozen=True)
class Relation:
    """A foreign key, or a generic one, that points at a model which can be merged.

    `model` is "app.Model"; of a many-to-many relation it is the table between. `words` counts the rows on the page.
    Where rows move unless the kept one has the same, `same` are the columns by which they are the same, and `among` a
    condition without which two rows are never the same, so that an ended one stands in nobody's way. `also` sets
    further columns of a moved row to what the record it now points at has there. `why` is said of what stays.
    """

    model: str
    name: str
    moves: Moves = Moves.ALWAYS
    words: object = None
    same: tuple = ()
    among: Q | None = None
    also: tuple = ()
    why: str = ""

    @property
    def key(self):
        return f"{self.model}.{self.name}"

    @property
    def rows(self):
        """All rows of the model, those that were merged among them."""
        return apps.get_model(self.model)._base_manager.order_by("pk")

    def _columns(self, row):
        found = self.rows.model._meta.get_field(self.name)
        if isinstance(found, GenericForeignKey):
            kind = ContentType.objects.get_for_model(type(row))
            return {f"{found.ct_field}_id": kind.pk, found.fk_field: row.pk}
        return {found.attname: row.pk}

    def of(self, row):
        """The rows that point at `row`."""
        return self.rows.filter(**self._columns(row))

    def moving(self, merged, kept):
        """The primary keys of what moves when `merged` is merged into `kept`."""
        if self.moves == Moves.NEVER:
            return []
        rows = list(self.of(merged).values_list("pk", *self.same))
        if self.moves == Moves.ALWAYS or not rows:
            return [pk for pk, *_same in rows]
        alike = self.among or Q()
        theirs = self.of(kept).filter(alike)
        # Where there can only be one, the kept one's stands whatever it says.
        taken = set(theirs.values_list(*self.same)) if self.same else {() for _pk in theirs.values_list("pk")}
        apart = set(self.of(merged).exclude(alike).values_list("pk", flat=True)) if alike and taken else ()
        return [pk for pk, *same in rows if pk in apart or None in same or tuple(same) not in taken]

    def move(self, pks, old, new):
        """Let those of the rows that still point at `old` point at `new`; returns how many did."""
        told = self._columns(new) | {name: getattr(new, name) for name in self.also}
        return sum(
            self.of(old).filter(pk__in=pks[first : first + BATCH]).update(**told) for first in range(0, len(pks), BATCH)
        )


@dataclass(frozen=True)
class Fact:
    """One line of the page: columns that are chosen together, and are told by the first of them.

    `empty_wins`: of two records that differ, the one without a value is proposed, as with the last day of somebody who
    is still there by the other record. `is_ours` tells our own facts from the register's.
    """

    name: str
    label: object
    columns: tuple
    is_ours: bool = True
    empty_wins: bool = False

    def values(self, row):
        return as_json({column: getattr(row, column) for column in self.columns})

    def is_filled(self, row):
        return getattr(row, self.columns[0]) not in (None, "", False)

    def prefers_merged(self, kept, merged):
        """Whether the merged record's value is what is proposed: the filled one, and the kept one's where both are."""
        filled = self.is_filled(kept), self.is_filled(merged)
        return filled == ((True, False) if self.empty_wins else (False, True))


class Kind:
    """What can be merged, and how: one for each model. Subclasses say what is particular to theirs."""

    name = ""
    model = None
    label = ""
    facts = ()
    derived = ()
    related = ()

    def __init__(self, *relations):
        self.relations = list(relations)
        self.afterwards = []

    def rows(self):
        """Those that stand, with all that a line about one of them tells."""
        return self.model.objects.select_related(*self.related)

    def order(self, first, second):
        """`(kept, merged)`: the first is kept, unless only the other can be."""
        return first, second

    def may_swap(self, kept, merged):
        return self.order(merged, kept) == (merged, kept)

    def choosable(self, fact, kept):
        """Whether a person may choose, or the register has said it."""
        return fact.is_ours

    def problems(self, kept, merged):
        """Why these two can't be merged: a list of `Problem`."""
        return []

    def warnings(self, kept, merged):
        """What somebody should know before merging them: a list of sentences."""
        return []

    def told(self, fact, row):
        """A fact as people read it; empty for none."""
        return _in_words(row, fact.columns[0])

    def line(self, row):
        """What tells `row` from others of its name."""
        return ""

    def marks(self, row):
        """What may tell `row` from another of its name in a heading, the best first; empty where it has none."""
        return ()

    def url(self, row):
        return row.get_absolute_url()

    def near(self, row):
        """Those that a search for the other one begins with."""
        return self.rows().none()

    def search(self, text):
        return self.rows().matching(text)

    def last_day(self, row):
        """The last day of what other rows end with; None where nothing does."""
        return None

    def told_meanwhile(self, merge, row, by):
        """Let the rows that came back to `row` have what the register has told of it since the merge."""

    def after(self, *rows):
        """Brings up to date what repeats the rows that have moved."""
        for act in self.afterwards:
            act(rows)


_kinds = {}


def register(kind):
    _kinds[kind.name] = kind


def extend(name, *relations, after=None):
    """Declare what a higher app lets point at the model of a kind; `after(rows)` is called when its rows have moved."""
    kind = _kinds[name]
    known = {relation.key for relation in kind.relations}
    kind.relations += [relation for relation in relations if relation.key not in known]
    if after and after not in kind.afterwards:
        kind.afterwards.append(after)


def kinds():
    return list(_kinds.values())


def kind_named(name):
    """The `Kind` of that name, or None."""
    return _kinds.get(name)


def kind_of(row):
    return next(kind for kind in _kinds.values() if isinstance(row, kind.model))


def count_moving(kind, merged, kept):
    """`(relation, how many rows)` for what is told of that moves when `merged` is merged into `kept`.

    In one statement for all relations, and three more for each with rows of which some may stay.
    """
    relations = [relation for relation in kind.relations if relation.words and relation.moves != Moves.NEVER]
    pointing = capped_counts([relation.of(merged) for relation in relations], counted_to=None)
    return [
        (relation, len(relation.moving(merged, kept)) if n and relation.moves != Moves.ALWAYS else n)
        for relation, n in zip(relations, pointing, strict=True)
    ]


def standing_or_404(rows, pk):
    """The row, or the one it was merged into: an old link, and a form that was open meanwhile, lead there."""
    # What `first` does, without putting the one row in order: with columns of many tables that takes a third of the time.
    for row in rows.filter(pk=pk).order_by()[:1]:
        return row
    return get_object_or_404(rows, pk=rows.model.everything.filter(pk=pk).values_list("merged_into", flat=True).first())


def url_of(kind, first, second=None):
    """The page that compares two, or that looks for the second."""
    query = f"?kind={kind.name}&a={first.pk}" + (f"&b={second.pk}" if second else "")
    return reverse("companies:merge") + query


def names(first, second):
    """What two records of one kind are called side by side: by their names, and where these are alike by what differs."""
    if str(first).casefold() != str(second).casefold():
        return str(first), str(second)
    kind = kind_of(first)
    for one, other in zip(kind.marks(first), kind.marks(second), strict=True):
        if one != other:
            return tuple(f"{row} ({mark})" if mark else str(row) for row, mark in ((first, one), (second, other)))
    return str(first), str(second)


def _in_words(row, column):
    field = row._meta.get_field(column)
    value = getattr(row, field.name)
    if value in (None, "", False):
        return ""
    if value is True:
        return _("yes")
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(field, models.DateField):
        return date_format(value, "SHORT_DATE_FORMAT")
    return str(value)


# The acts.


def merge(*, kept, merged, choices, by):
    """Merge `merged` into `kept`; returns the `Merge`. `choices` are the names of the facts that `merged` is right about.

    Raises `Refused`, and changes nothing then.
    """
    try:
        with transaction.atomic():
            return _merge(kind_of(kept), kept, merged, choices, by)
    except IntegrityError:
        raise Refused(Problem(_("Something else was saved here just now. Look at the two again."))) from None


def _merge(kind, kept, merged, choices, by):
    kept, merged = _locked(kind, kept.pk, merged.pk)
    if problems := why_not(kind, kept, merged):
        raise Refused(*problems)
    chosen = {}
    for fact in kind.facts:
        if fact.name in choices and kind.choosable(fact, kept):
            before, after = fact.values(kept), fact.values(merged)
            if before != after:
                chosen |= {column: [before[column], after[column]] for column in fact.columns}
    moved = {}
    for relation in kind.relations:
        if pks := relation.moving(merged, kept):
            relation.move(pks, merged, kept)
            moved[relation.key] = pks
    kind.model.everything.filter(pk=merged.pk).update(merged_into=kept)
    if chosen:
        _save(kind, kept, {column: after for column, (_before, after) in chosen.items()}, by, _("Merged"))
    kind.after(kept, merged)
    return Merge.objects.create(
        object_type=ContentType.objects.get_for_model(kind.model),
        kept_id=kept.pk,
        merged_id=merged.pk,
        fields=chosen,
        moved=moved,
        ceased_on=kind.last_day(merged),
        by=by,
    )


def why_not(kind, kept, merged):
    """The problems that stand in the way of merging the two."""
    if kept.pk == merged.pk:
        return [Problem(_("This is one and the same record. Choose another one."))]
    for row in (kept, merged):
        if row.merged_into_id:
            return [Problem(_("“%(name)s” has already been merged into another record.") % {"name": row})]
    return kind.problems(kept, merged)


class Undone(NamedTuple):
    """How many rows and facts went back, and how many were left because somebody had changed them since."""

    back: int
    left: int


def undo_merge(*, merge, by):
    """Take a merge back: rows that still are where it put them, facts that still are as it left them. Returns `Undone`.

    Raises `Refused`, and changes nothing then.
    """
    try:
        with transaction.atomic():
            return _undo(merge, by)
    except IntegrityError:
        raise Refused(
            Problem(
                _(
                    "Another record has taken this one's place meanwhile, by its address or number. Merge that one first."
                )
            )
        ) from None


def _undo(merge, by):
    merge = Merge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        raise Refused(Problem(_("This merge has already been undone.")))
    kind = next(one for one in kinds() if one.model is merge.object_type.model_class())
    kept, merged = _locked(kind, merge.kept_id, merge.merged_id)
    if kept.merged_into_id or merged.merged_into_id != kept.pk:
        raise Refused(Problem(_("“%(name)s” was itself merged afterwards. Undo that merge first.") % {"name": kept}))
    facts, left = _still_as_left(kind, kept, merge.fields)
    if facts:
        _save(kind, kept, facts, by, _("Merge undone"))
    kind.model.everything.filter(pk=merged.pk).update(merged_into=None)
    back = len(facts)
    for relation in kind.relations:
        pks = merge.moved.get(relation.key, [])
        returned = relation.move(pks, kept, merged) if pks else 0
        back, left = back + returned, left + len(pks) - returned
    kind.told_meanwhile(merge, merged, by)
    kind.after(kept, merged)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    return Undone(back, left)


def _still_as_left(kind, kept, fields):
    """`({column: value before}, how many facts are left)`; facts that somebody has changed since stay as they are."""
    back, left = {}, 0
    for fact in kind.facts:
        if fact.columns[0] in fields:
            if fact.values(kept) == {column: fields[column][1] for column in fact.columns}:
                back |= {column: fields[column][0] for column in fact.columns}
            else:
                left += 1
    return back, left


def _locked(kind, *pks):
    """The two rows, locked in one order everywhere, so that two who merge wait for each other."""
    rows = {row.pk: row for row in kind.model.everything.select_for_update().filter(pk__in=pks).order_by("pk")}
    return [rows[pk] for pk in pks]


def _save(kind, row, values, by, why):
    for column, value in values.items():
        setattr(row, column, kind.model._meta.get_field(column).to_python(value))
    row._history_user, row._change_reason = by, why
    row.save(update_fields=[*values, *kind.derived])


# Generic foreign keys may point at anything. These stay with whatever they were written about.
WRITTEN_ABOUT = {
    "backstage.JobTarget.object": "A job says which row it changed, and its undo has to find that very row.",
    "companies.Merge.kept": "A merge says which two rows it was about.",
    "companies.Merge.merged": "A merge says which two rows it was about.",
    "companies.KnownDifferent.low": "Said of these two rows, and true of them again when a merge is undone.",
    "companies.KnownDifferent.high": "Said of these two rows, and true of them again when a merge is undone.",
}
