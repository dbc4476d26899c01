"""The rows of one file of our own past, each with the workplace it means, in a database of their own on disk."""

import marshal
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from companies.register.places import Given
from companies.register.rows import Remark
from companies.register.staging import Remarks
from contacts.past.rows import Facts, PastRow

_TABLES = """
CREATE TABLE row (line INTEGER PRIMARY KEY, given BLOB, facts BLOB, workplace INTEGER, company INTEGER);
"""
_REPEATED = """
SELECT line, first FROM
(SELECT line, MIN(line) OVER (PARTITION BY workplace, facts) AS first FROM row) WHERE first < line ORDER BY line
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
    facts: Facts


class PastStaging(Remarks):
    """Filled with `add` and `remark`, then settled once, then read. `rows` is how many can be taken."""

    def __init__(self):
        super().__init__()
        self._database.executescript(_TABLES)
        self._rows = []
        self.rows = 0

    def add(self, row):
        given = marshal.dumps((tuple(row.given), row.doubts, row.cells), _PLAIN)
        self._rows.append((row.line, given, marshal.dumps(tuple(row.facts), _PLAIN)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _write(self):
        super()._write()
        self._database.executemany("INSERT INTO row (line, given, facts) VALUES (?, ?, ?)", self._rows)
        self._rows = []

    def settle(self, judge):
        """Find the workplace of each row, and the rows that are there twice.

        `judge(rows)` says of some `PastRow`s, each in turn, `(workplace id, company id, remarks)`; without a
        workplace the row leaves the staging, and its warnings with it.
        """
        self._flush()
        self._database.execute("CREATE INDEX remark_line ON remark (kind, line)")
        for rows in self._batches():
            known, unknown = [], []
            for row, (workplace, company, remarks) in zip(rows, judge(rows), strict=True):
                for remark in remarks:
                    self.remark(remark)
                if workplace:
                    known.append((workplace, company, row.line))
                else:
                    unknown.append((row.line,))
            self._database.executemany("UPDATE row SET workplace = ?, company = ? WHERE line = ?", known)
            self._leave_out(unknown)
        repeated = self._database.execute(_REPEATED).fetchall()
        self._leave_out([(line,) for line, _first in repeated])
        for line, first in repeated:
            self.remark(Remark(line, "repeated", "", "", "repeated_same", {"line": first}, []))
        self._database.execute("CREATE INDEX row_company ON row (company, line)")
        self.rows = self._database.execute("SELECT COUNT(*) FROM row").fetchone()[0]

    def _batches(self):
        last = -1
        statement = f"SELECT line, given, facts FROM row WHERE line > ? ORDER BY line LIMIT {_JUDGED}"
        while found := self._database.execute(statement, (last,)).fetchall():
            last = found[-1][0]
            yield [_past_row(*columns) for columns in found]

    def _leave_out(self, lines):
        self._flush()
        self._database.executemany("DELETE FROM row WHERE line = ?", lines)
        self._database.executemany("DELETE FROM remark WHERE kind = 'warning' AND line = ?", lines)

    def companies(self, after="") -> Iterator[tuple[str, list[StagedRow]]]:
        """Company id and rows in the order of the file, company by company; those up to `after` are left out."""
        statement = "SELECT company, line, workplace, facts FROM row WHERE company > ? ORDER BY company, line"
        rows = self._database.execute(statement, (int(after or 0),))
        for company, group in groupby(rows, itemgetter(0)):
            yield (
                str(company),
                [
                    StagedRow(line, workplace, Facts(*marshal.loads(facts)))
                    for _company, line, workplace, facts in group
                ],
            )


def _past_row(line, given, facts):
    given, doubts, cells = marshal.loads(given)
    return PastRow(line, Given(*given), doubts, Facts(*marshal.loads(facts)), cells)
