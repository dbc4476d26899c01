"""How the groups have changed over a period: where each workplace stood at its start, and where at its end.

Told by the changes of group that were written down. Workplaces that are active today are counted, each once: one that
was moved away and back has not moved.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count, F, Q, Window
from django.db.models.functions import Coalesce, FirstValue, RowNumber
from django.utils import timezone

from companies.models import TierChange, Workplace
from companies.set_based import read_once, tally

RULE, HAND = "rule", "hand"


@dataclass
class Movement:
    """`matrix` counts workplaces by group at the start and at the end, 0 for none.

    `how` counts those that have moved by how the last change came about: `(RULE or HAND, was, became)`.
    """

    matrix: Counter
    how: Counter

    @classmethod
    def of(cls, kept):
        """The same again, of what `as_rows` gave."""
        return cls(*(Counter({tuple(cell): n for cell, n in kept[name]}) for name in ("matrix", "how")))

    def as_rows(self):
        """Plain rows that can be kept as JSON; without cells of nobody."""
        told = {"matrix": self.matrix, "how": self.how}
        return {name: sorted([list(cell), n] for cell, n in cells.items() if n) for name, cells in told.items()}

    @property
    def total(self):
        return sum(self.how.values())

    def came(self, tier, how=None):
        """How many came into `tier`."""
        return sum(n for (by, _was, became), n in self.how.items() if became == tier and how in (None, by))

    def left(self, tier, how=None):
        """How many left `tier`."""
        return sum(n for (by, was, _became), n in self.how.items() if was == tier and how in (None, by))


def moves(start, until):
    """The first change in the period of each active workplace that stood in another group at its end than before it began.

    `was` and `became` are the groups, 0 for none; `last_by_rule` tells of the last change. Asked of the changes, not of
    the workplaces: where few have moved, a large register is not gone through for them. The changes of the period are
    put in order once; looked up one by one they are so dear that PostgreSQL takes a wrong way through the rest.
    """
    changes = _in_period(start, until).filter(workplace__ceased_on=None, workplace__merged_into=None)
    from_first = {"partition_by": "workplace", "order_by": ["at", "pk"]}
    from_last = {"partition_by": "workplace", "order_by": ["-at", "-pk"]}
    return (
        changes.annotate(
            place=Window(RowNumber(), **from_first),
            # A window too, though the first row has it: of a plain column is filtered before anything is put in order.
            was=Coalesce(Window(FirstValue("from_tier"), **from_first), 0),
            became=Coalesce(Window(FirstValue("to_tier"), **from_last), 0),
            last_by_rule=Window(FirstValue("by_rule"), **from_last),
        )
        .filter(place=1)
        .filter(~Q(became=F("was")))
        .order_by()
    )


def moved(start, until, *, was=None, became=None, how=None):
    """The active workplaces of `moves`, from one group or to one, 0 for none, and by RULE or HAND, where that is said."""
    found = moves(start, until)
    asked = {"was": was, "became": became, "last_by_rule": None if how is None else how == RULE}
    found = found.filter(**{name: value for name, value in asked.items() if value is not None})
    return Workplace.objects.active().filter(pk__in=read_once(found.values("workplace")))


def tell(workplaces, start, until):
    """Give each of `workplaces` its `was`, `became` and `last_change` in the period, in one statement."""
    changes = _in_period(start, until).filter(workplace__in=workplaces).select_related("by").order_by("at", "pk")
    own = {}
    for change in changes:
        own.setdefault(change.workplace_id, []).append(change)
    for workplace in workplaces:
        told = own.get(workplace.pk)
        workplace.was, workplace.became = (told[0].from_tier or 0, told[-1].to_tier or 0) if told else (0, 0)
        workplace.last_change = told[-1] if told else None


def _in_period(start, until):
    return TierChange.objects.filter(at__gte=_midnight(start), at__lt=_midnight(until + timedelta(days=1)))


def count(start, until):
    """`{(RULE or HAND, was, became): how many}` of those that have moved, in one statement."""
    cells = tally(moves(start, until), "last_by_rule", "was", "became")
    return Counter({(RULE if by_rule else HAND, was, became): n for (by_rule, was, became), n in cells.items()})


def movement(start, until, *, today, stands=None):
    """The `Movement` of a period, in three statements at most; how the groups stood at its end is counted back from today.

    `stands` is how many workplaces are in each group today, 0 for none, where that is known.
    """
    how = count(start, until)
    stands = Counter({one["tier"] or 0: one["n"] for one in _standing()} if stands is None else stands)
    if until < today:
        for (_by, was, became), n in count(until + timedelta(days=1), today).items():
            stands[was] += n
            stands[became] -= n
    matrix = Counter()
    for (_by, was, became), n in how.items():
        matrix[was, became] += n
        stands[became] -= n
    for tier, n in stands.items():
        matrix[tier, tier] += n
    return Movement(matrix, how)


def _standing():
    return Workplace.objects.active().order_by().values("tier").annotate(n=Count("pk"))


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time.min))
