"""A file of figures, read to its end: which rows can be taken, which workplace each means, what is wrong."""

import marshal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from companies.figures.rows import FIGURES, Count, FigureRow, FigureRules
from companies.figures.taking_in import FigureWalk
from companies.models import Figure
from companies.register import importer, mappings
from companies.register.places import Given, Places
from companies.register.readers.files import Table
from companies.register.rows import Note, Remark
from companies.register.staging import PlacedStaging

# Of rows about one figure, day and workplace the last holds, as in a file of the register.
_REPEATED = """
SELECT line, last, count = (SELECT kept.count FROM row kept WHERE kept.line = last) FROM
(SELECT line, count, MAX(line) OVER (PARTITION BY workplace, name) AS last FROM row) WHERE line < last ORDER BY line
"""


class StagedRow(NamedTuple):
    """A row that is taken: its line, the id of its workplace, and what it tells."""

    line: int
    workplace: int
    count: Count


class FigureStaging(PlacedStaging):
    """The rows of one file of figures; of those about one figure, day and workplace the last is taken."""

    ROWS = ("given", "name", "count")
    FOUND = ("workplace",)
    READ = ("given", "count")
    BY = "workplace"

    def add(self, row):
        count = row.count
        self.keep(row.line, (tuple(row.given), row.cells), (count.figure, count.counted_on), tuple(count))

    def made(self, line, given, count):
        given, cells = given
        return FigureRow(line, Given(*given), Count(*count), cells)

    def _repeated(self):
        repeated = self._database.execute(_REPEATED).fetchall()
        self._leave_out([(line,) for line, _last, _is_same in repeated])
        for line, last, is_same in repeated:
            reason = "repeated_same" if is_same else "repeated_other"
            self.remark(Remark(line, "repeated", "", "", reason, {"line": last}, []))

    def companies(self, after=""):
        """Id and rows of each workplace, in the order of the ids; those up to `after` are left out."""
        statement = "SELECT workplace, line, count FROM row WHERE workplace > ? ORDER BY workplace, line"
        for workplace, group in groupby(self._database.execute(statement, (int(after or 0),)), itemgetter(0)):
            yield (
                str(workplace),
                [StagedRow(line, workplace, Count(*marshal.loads(count))) for _pk, line, count in group],
            )


class FigureReading(importer.KnownReading):
    layout = FIGURES
    make_staging = FigureStaging

    def make_rules(self, columns):
        return _rules(self.reader.headings, columns, self.answers, self.today)

    def settle(self):
        rules = self.rules_for(self.reader.columns)
        self.staging.settle(lambda rows: judge(rows, rules))

    def walk(self):
        return FigureWalk(self)


def _rules(headings, columns, answers, today):
    known = list(Figure.objects.all())
    return FigureRules(headings=headings, columns=columns, known=known, answers=answers, today=today)


def judge(rows, rules):
    """Which workplace each of some `FigureRow`s means: `(workplace id, remarks)`, no id if it is rejected."""
    places = Places(row.given for row in rows)
    return [_judge_one(row, rules, places) for row in rows]


def _judge_one(row, rules, places):
    place, reason, details = places.match(row.given)
    column = "p_number" if row.given.p_number else "cvr"
    notes = [Note(place is None, reason, column, getattr(row.given, column), details)] if reason else []
    return (place and place["id"], rules.remarks(row, notes) if notes else [])


def check_row(register_import, cells, today):
    """What the rules say of one row of an import, its cells in the order of the import's headings."""
    headings, mapping = register_import.headings, mappings.fold(register_import.mapping)
    table = Table(FIGURES, mapping, headings, FIGURES.understand(headings, mapping))
    row = table.row(1, cells)
    rules = _rules(headings, row.columns or table.columns, register_import.answers, today)
    clean, remarks = rules.clean(row)
    return judge([clean], rules)[0][1] if clean else remarks
