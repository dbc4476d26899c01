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
from companies.register.staging import Remarks

_TABLES = """
CREATE TABLE row (line INTEGER PRIMARY KEY, given BLOB, name BLOB, count BLOB, workplace INTEGER);
"""
# Of rows about one figure, day and workplace the last holds, as in a file of the register.
_REPEATED = """
SELECT line, last, count = (SELECT kept.count FROM row kept WHERE kept.line = last) FROM
(SELECT line, count, MAX(line) OVER (PARTITION BY workplace, name) AS last FROM row) WHERE line < last ORDER BY line
"""
_BATCH = 1000
# So many are asked about at a time: a long list has PostgreSQL read the whole table.
_JUDGED = 200
# A version of the format without references between objects: equal facts are equal bytes.
_PLAIN = 2


class StagedRow(NamedTuple):
    """A row that is taken: its line, the id of its workplace, and what it tells."""

    line: int
    workplace: int
    count: Count


class FigureStaging(Remarks):
    """The rows on disk: filled with `add` and `remark`, then settled once, then read. `rows` is how many can be taken."""

    def __init__(self):
        super().__init__()
        self._database.executescript(_TABLES)
        self._rows = []
        self.rows = 0

    def add(self, row):
        given = marshal.dumps((tuple(row.given), row.cells), _PLAIN)
        name = marshal.dumps((row.count.figure, row.count.counted_on), _PLAIN)
        self._rows.append((row.line, given, name, marshal.dumps(tuple(row.count), _PLAIN)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _write(self):
        super()._write()
        self._database.executemany("INSERT INTO row (line, given, name, count) VALUES (?, ?, ?, ?)", self._rows)
        self._rows = []

    def settle(self, judge):
        """Find the workplace of each row, and the rows that another one replaces.

        `judge(rows)` says of some `FigureRow`s, each in turn, `(workplace id, remarks)`; without a workplace the row
        leaves the staging.
        """
        self._flush()
        for rows in self._batches():
            known, unknown = [], []
            for row, (workplace, remarks) in zip(rows, judge(rows), strict=True):
                for remark in remarks:
                    self.remark(remark)
                if workplace:
                    known.append((workplace, row.line))
                else:
                    unknown.append((row.line,))
            self._database.executemany("UPDATE row SET workplace = ? WHERE line = ?", known)
            self._database.executemany("DELETE FROM row WHERE line = ?", unknown)
        for line, last, is_same in self._database.execute(_REPEATED).fetchall():
            self._database.execute("DELETE FROM row WHERE line = ?", (line,))
            # What was said of a row that is not taken is nothing to know.
            self._flush()
            self._database.execute("DELETE FROM remark WHERE kind = 'warning' AND line = ?", (line,))
            reason = "repeated_same" if is_same else "repeated_other"
            self.remark(Remark(line, "repeated", "", "", reason, {"line": last}, []))
        self._database.execute("CREATE INDEX row_workplace ON row (workplace, line)")
        self.rows = self._database.execute("SELECT COUNT(*) FROM row").fetchone()[0]

    def _batches(self):
        last = -1
        statement = f"SELECT line, given, count FROM row WHERE line > ? ORDER BY line LIMIT {_JUDGED}"
        while found := self._database.execute(statement, (last,)).fetchall():
            last = found[-1][0]
            yield [_figure_row(*columns) for columns in found]

    def companies(self, after=""):
        """Id and rows of each workplace, in the order of the ids; those up to `after` are left out."""
        statement = "SELECT workplace, line, count FROM row WHERE workplace > ? ORDER BY workplace, line"
        for workplace, group in groupby(self._database.execute(statement, (int(after or 0),)), itemgetter(0)):
            yield (
                str(workplace),
                [StagedRow(line, workplace, Count(*marshal.loads(count))) for _pk, line, count in group],
            )


def _figure_row(line, given, count):
    given, cells = marshal.loads(given)
    return FigureRow(line, Given(*given), Count(*marshal.loads(count)), cells)


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
