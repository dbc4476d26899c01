"""Taking figures in: what each row comes to as the register is now, and writing it."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from companies.models import Figure, Workplace, WorkplaceFigure
from companies.register.changes import CHANGED, NEW, UNCHANGED
from companies.register.importer import BATCH

LOOKED_UP = 200


@dataclass
class Outcome:
    """What one row comes to; `before` is what was counted there that day, if anything: value and source."""

    row: object
    kind: str
    before: tuple | None = None


class FigureWalk:
    """Goes over the workplaces of a file, a batch at a time; what `importer.Walk` is for the register."""

    outcomes = (NEW, CHANGED, UNCHANGED)

    def __init__(self, reading):
        self.reading = reading
        self._figures = {figure.code: figure for figure in Figure.objects.all()}

    def plans(self, batch):
        """A list of `Outcome`s for each workplace."""
        counted = WorkplaceFigure.objects.order_by()
        columns = ("workplace_id", "figure__code", "counted_on", "value", "source")
        known = {}
        for pk, code, day, value, source in _looked_up(counted.values_list(*columns), "workplace", batch):
            known[pk, code, day.isoformat()] = value, source
        return [[_outcome(row, known) for row in rows] for _pk, rows in batch]

    def count(self, plans, tally):
        for outcomes in plans:
            for outcome in outcomes:
                tally[outcome.kind] += 1

    def remark(self, plans):
        """The register makes nothing more doubtful than reading has found."""

    def sample(self, plans, sample):
        changing = [outcome for outcomes in plans for outcome in outcomes if outcome.kind != UNCHANGED]
        places = Workplace.objects.order_by()
        named = {place.pk: place for place in _looked_up(places, "pk", [(one.row.workplace, ()) for one in changing])}
        for outcome in changing:
            sample.add(outcome.kind, lambda outcome=outcome: _entry(outcome, named.get(outcome.row.workplace)))

    def write(self, plans, register_import):
        counts = [
            WorkplaceFigure(
                workplace_id=outcome.row.workplace,
                figure=self._figures[outcome.row.count.figure],
                counted_on=date.fromisoformat(outcome.row.count.counted_on),
                value=Decimal(outcome.row.count.value),
                source=outcome.row.count.source,
                register_import=register_import,
            )
            for outcomes in plans
            for outcome in outcomes
            if outcome.kind != UNCHANGED
        ]
        WorkplaceFigure.objects.bulk_create(
            counts,
            BATCH,
            update_conflicts=True,
            unique_fields=["workplace", "figure", "counted_on"],
            update_fields=["value", "source", "register_import"],
        )


def _outcome(row, known):
    before = known.get((row.workplace, row.count.figure, row.count.counted_on))
    if before is None:
        return Outcome(row, NEW)
    return Outcome(row, UNCHANGED if before == (Decimal(row.count.value), row.count.source) else CHANGED, before)


def _looked_up(rows, column, batch):
    """The rows of the workplaces of a batch, asked for in pieces."""
    wanted = sorted({int(pk) for pk, _rows in batch})
    for first in range(0, len(wanted), LOOKED_UP):
        yield from rows.filter(**{f"{column}__in": wanted[first : first + LOOKED_UP]})


def _entry(outcome, place):
    count = outcome.row.count
    before = [str(outcome.before[0]), count.counted_on, outcome.before[1]] if outcome.before else None
    return {
        "line": outcome.row.line,
        "workplace": place and place.pk,
        "tier": place and place.tier,
        "name": place.name if place else "",
        "p_number": place and place.p_number,
        "before": {count.figure: before} if before else {},
        "after": {count.figure: [count.value, count.counted_on, count.source]},
    }
