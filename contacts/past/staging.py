"""The rows of one file of our own past, each with the workplace it means, in a database of their own on disk."""

import marshal
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from companies.register.places import Given
from companies.register.rows import Remark
from companies.register.staging import PlacedStaging
from contacts.past.rows import Facts, PastRow

_REPEATED = """
SELECT line, first FROM
(SELECT line, MIN(line) OVER (PARTITION BY workplace, facts) AS first FROM row) WHERE first < line ORDER BY line
"""


class StagedRow(NamedTuple):
    """A row that is taken: its line, the id of its workplace, and what it tells."""

    line: int
    workplace: int
    facts: Facts


class PastStaging(PlacedStaging):
    """The rows of one file of our own past; of those that tell the same of one workplace the first is taken."""

    ROWS = ("given", "facts")
    FOUND = ("workplace", "company")
    READ = ("given", "facts")
    BY = "company"

    def add(self, row):
        self.keep(row.line, (tuple(row.given), row.doubts, row.cells), tuple(row.facts))

    def made(self, line, given, facts):
        given, doubts, cells = given
        return PastRow(line, Given(*given), doubts, Facts(*facts), cells)

    def _repeated(self):
        repeated = self._database.execute(_REPEATED).fetchall()
        self._leave_out([(line,) for line, _first in repeated])
        for line, first in repeated:
            self.remark(Remark(line, "repeated", "", "", "repeated_same", {"line": first}, []))

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
