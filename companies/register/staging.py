"""The rows of one file, clean and in the order of their companies, in a database of their own on disk.

A file comes in any order, and what becomes of a row may depend on one far below it: a P-number under two
companies, a row that a later one replaces, how many places a company has. Kept in memory that would grow
with the file. The database is nameless: the operating system deletes it with the process, however it ends.
"""

import json
import marshal
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter

from companies.register.rows import OF_COMPANY, OF_EITHER, OF_WORKPLACE, CleanRow, Remark

_REMARKS = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
PRAGMA cache_size = -8192;
CREATE TABLE remark (line INTEGER, kind TEXT, col TEXT, value TEXT, reason TEXT, details TEXT, raw TEXT);
"""
_TABLES = """
CREATE TABLE row (line INTEGER PRIMARY KEY, cvr INTEGER, p INTEGER, address TEXT NOT NULL, facts BLOB, company INTEGER);
CREATE TABLE replaced (line INTEGER PRIMARY KEY, by INTEGER);
"""
_INDEXES = """
CREATE INDEX row_p ON row (p, cvr) WHERE p IS NOT NULL;
CREATE INDEX row_cvr ON row (cvr, line);
CREATE INDEX row_place ON row (cvr, address) WHERE p IS NOT NULL;
CREATE INDEX remark_line ON remark (kind, line);
"""
# A P-number under two companies: nobody but the sender of the file knows which of the rows is right.
_TORN = """
SELECT row.line, row.p, (SELECT MIN(other.line) FROM row other WHERE other.p = row.p AND other.cvr <> row.cvr)
FROM row WHERE p IN (SELECT p FROM row WHERE p IS NOT NULL GROUP BY p HAVING MIN(cvr) <> MAX(cvr)) ORDER BY row.line
"""
_SAME_P_NUMBER = """
INSERT INTO replaced SELECT line, last FROM
(SELECT line, MAX(line) OVER (PARTITION BY p) AS last FROM row WHERE p IS NOT NULL) WHERE line < last
"""
_SAME_ADDRESS = """
INSERT INTO replaced SELECT line, last FROM
(SELECT line, MAX(line) OVER (PARTITION BY cvr, address) AS last FROM row WHERE p IS NULL AND NOT company) WHERE line < last
"""
_SAME_COMPANY = """
INSERT INTO replaced SELECT line, last FROM
(SELECT line, MAX(line) OVER (PARTITION BY cvr) AS last FROM row WHERE company) WHERE line < last
"""
_HAS_P_NUMBER = """
INSERT INTO replaced SELECT row.line, MAX(numbered.line) FROM row JOIN row numbered
ON numbered.cvr = row.cvr AND numbered.address = row.address AND numbered.p IS NOT NULL
WHERE row.p IS NULL AND NOT row.company AND row.line NOT IN (SELECT line FROM replaced)
AND numbered.line NOT IN (SELECT line FROM replaced) GROUP BY row.line
"""
_REPLACED = """
SELECT row.line, last.line, row.p IS NULL AND last.p IS NOT NULL, row.facts = last.facts
FROM replaced JOIN row ON row.line = replaced.line JOIN row last ON last.line = replaced.by ORDER BY row.line
"""
_BATCH = 1000
# So many are asked about at a time: a long list has PostgreSQL read the whole table.
_JUDGED = 200
# A version of the format without references between objects: equal facts are equal bytes.
_PLAIN = 2


class Remarks:
    """What there is to tell about the rows of a file: filled with `remark`, then counted and read."""

    def __init__(self):
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.executescript(_REMARKS)
        self._remarks = []

    def close(self):
        self._database.close()

    def remark(self, remark):
        details = json.dumps(remark.details) if remark.details else "{}"
        raw = json.dumps(remark.raw) if remark.raw else "[]"
        self._remarks.append((*remark[:5], details, raw))
        if len(self._remarks) >= _BATCH:
            self._flush()

    def _flush(self):
        self._database.execute("BEGIN")
        self._write()
        self._database.execute("COMMIT")

    def _write(self):
        self._database.executemany("INSERT INTO remark VALUES (?, ?, ?, ?, ?, ?, ?)", self._remarks)
        self._remarks = []

    def count(self, kind):
        """How many rows have a remark of that kind."""
        self._flush()
        return self._database.execute("SELECT COUNT(DISTINCT line) FROM remark WHERE kind = ?", (kind,)).fetchone()[0]

    def remarks(self, *kinds) -> Iterator[Remark]:
        self._flush()
        marks = ", ".join("?" * len(kinds))
        rows = self._database.execute(f"SELECT * FROM remark WHERE kind IN ({marks}) ORDER BY line, rowid", kinds)
        for line, kind, column, value, reason, details, raw in rows:
            yield Remark(line, kind, column, value, reason, json.loads(details), json.loads(raw))


class PlacedStaging(Remarks):
    """Rows about workplaces that are known already, each with the one it means.

    Filled with `add` and `remark`, then settled once, then read. `rows` is how many can be taken. A kind of file
    says in `ROWS` what its table of rows holds besides the line, in the order in which `keep` gets it; in `FOUND`
    which columns a row's place fills, the workplace first; in `READ` which columns `made` makes a row of; and in
    `BY` by which of them the rows are read in turn.
    """

    ROWS = FOUND = READ = ()
    BY = ""

    def __init__(self):
        super().__init__()
        held = ", ".join([f"{name} BLOB" for name in self.ROWS] + [f"{name} INTEGER" for name in self.FOUND])
        self._database.execute(f"CREATE TABLE row (line INTEGER PRIMARY KEY, {held})")
        self._rows = []
        self.rows = 0

    def keep(self, line, *values):
        """Keep a row: each of its values as bytes, which are equal where the values are."""
        self._rows.append((line, *(marshal.dumps(value, _PLAIN) for value in values)))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _write(self):
        super()._write()
        marks = ", ".join("?" * (1 + len(self.ROWS)))
        self._database.executemany(f"INSERT INTO row (line, {', '.join(self.ROWS)}) VALUES ({marks})", self._rows)
        self._rows = []

    def made(self, line, *values):
        """The row that `keep` got, to be judged."""
        raise NotImplementedError

    def settle(self, judge):
        """Find the workplace of each row, and the rows that are there twice.

        `judge(rows)` says of some of them, each in turn, its place and the remarks, in one tuple; without a
        workplace the row leaves the staging, and its warnings with it.
        """
        self._flush()
        self._database.execute("CREATE INDEX remark_line ON remark (kind, line)")
        sets = ", ".join(f"{name} = ?" for name in self.FOUND)
        for rows in self._judged():
            known, unknown = [], []
            for row, (*place, remarks) in zip(rows, judge(rows), strict=True):
                for remark in remarks:
                    self.remark(remark)
                if place[0]:
                    known.append((*place, row.line))
                else:
                    unknown.append((row.line,))
            self._database.executemany(f"UPDATE row SET {sets} WHERE line = ?", known)
            self._leave_out(unknown)
        self._repeated()
        self._database.execute(f"CREATE INDEX row_{self.BY} ON row ({self.BY}, line)")
        self.rows = self._database.execute("SELECT COUNT(*) FROM row").fetchone()[0]

    def _judged(self):
        last = -1
        statement = f"SELECT line, {', '.join(self.READ)} FROM row WHERE line > ? ORDER BY line LIMIT {_JUDGED}"
        while found := self._database.execute(statement, (last,)).fetchall():
            last = found[-1][0]
            yield [self.made(line, *map(marshal.loads, values)) for line, *values in found]

    def _repeated(self):
        """Leave out the rows that others replace or repeat, and remark on each."""
        raise NotImplementedError

    def _leave_out(self, lines):
        self._flush()
        self._database.executemany("DELETE FROM row WHERE line = ?", lines)
        self._database.executemany("DELETE FROM remark WHERE kind = 'warning' AND line = ?", lines)


class Staging(Remarks):
    """Filled with `add` and `remark`, then settled once, then read.

    `rows` is how many can be taken, `has_p_numbers` whether any row of the file brings one.
    """

    def __init__(self):
        super().__init__()
        self._database.executescript(_TABLES)
        self._rows = []
        self.rows, self.has_p_numbers = 0, False

    def add(self, row):
        p_number = row.p_number and int(row.p_number)
        facts = marshal.dumps(row.facts, _PLAIN)
        self._rows.append((row.line, int(row.cvr), p_number, row.address or "", facts, row.of == OF_COMPANY))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _write(self):
        super()._write()
        self._database.executemany("INSERT INTO row VALUES (?, ?, ?, ?, ?, ?)", self._rows)
        self._rows = []

    def settle(self, p_heading, raw_of):
        """Find the rows that contradict or replace each other. `raw_of(lines)` yields (line, cells) of those lines.

        Rows that are out of it leave the staging, and their warnings with them.
        """
        self._flush()
        self._database.executescript(_INDEXES)
        self.has_p_numbers = (
            self._database.execute("SELECT 1 FROM row WHERE p IS NOT NULL LIMIT 1").fetchone() is not None
        )
        if not self.has_p_numbers:
            self._database.execute("UPDATE row SET company = 0 WHERE company")
        self._reject_torn(p_heading, raw_of)
        for statement in (_SAME_P_NUMBER, _SAME_ADDRESS, _SAME_COMPANY, _HAS_P_NUMBER):
            self._database.execute(statement)
        for line, last, is_place, is_same in self._database.execute(_REPLACED):
            reason = "repeated_place" if is_place else "repeated_same" if is_same else "repeated_other"
            self.remark(Remark(line, "repeated", "", "", reason, {"line": last}, []))
        self._flush()
        self._database.execute("DELETE FROM remark WHERE kind = 'warning' AND line IN (SELECT line FROM replaced)")
        self._database.execute("DELETE FROM row WHERE line IN (SELECT line FROM replaced)")
        self.rows = self._database.execute("SELECT COUNT(*) FROM row").fetchone()[0]

    def _reject_torn(self, p_heading, raw_of):
        torn = {line: (p_number, other) for line, p_number, other in self._database.execute(_TORN)}
        if not torn:
            return
        raw = dict(raw_of(torn))
        for line, (p_number, other) in torn.items():
            self.remark(
                Remark(
                    line, "rejected", p_heading, f"{p_number:010}", "p_number_two_companies", {"line": other}, raw[line]
                )
            )
        self._flush()
        self._database.executemany("DELETE FROM row WHERE line = ?", [(line,) for line in torn])
        self._database.executemany("DELETE FROM remark WHERE kind = 'warning' AND line = ?", [(line,) for line in torn])

    def companies(self, after="") -> Iterator[tuple[str, list[CleanRow]]]:
        """CVR number and rows, in the order of the CVR numbers; those up to `after` are left out."""
        rows = self._database.execute(
            "SELECT line, cvr, p, address, facts, company FROM row WHERE cvr > ? ORDER BY cvr, line",
            (int(after or -1),),
        )
        of = (OF_WORKPLACE, OF_COMPANY) if self.has_p_numbers else (OF_EITHER, OF_EITHER)
        clean = (
            CleanRow(
                line, f"{cvr:08}", p_number and f"{p_number:010}", address or None, marshal.loads(facts), of[company]
            )
            for line, cvr, p_number, address, facts, company in rows
        )
        for cvr, group in groupby(clean, attrgetter("cvr")):
            yield cvr, list(group)

    def companies_of(self, p_numbers):
        """`{P-number: CVR number}` for those of `p_numbers` that the file has a row for."""
        found = {}
        wanted = list(p_numbers)
        for first in range(0, len(wanted), 500):
            some = [int(number) for number in wanted[first : first + 500]]
            marks = ", ".join("?" * len(some))
            rows = self._database.execute(f"SELECT p, cvr FROM row WHERE p IN ({marks})", some)
            found |= {f"{p_number:010}": f"{cvr:08}" for p_number, cvr in rows}
        return found
