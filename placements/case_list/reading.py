"""The case system's list, read to its end: which rows can be taken, which workplace each means, what is wrong."""

import marshal
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from companies.register import importer, mappings
from companies.register.places import Given, Places
from companies.register.readers.files import Table
from companies.register.rows import Note, Remark
from companies.register.staging import PlacedStaging
from placements.case_list.columns import PLACEMENTS, OnlyOurs
from placements.case_list.keeping import details_of
from placements.case_list.rows import PlacementRow, PlacementRules, Told
from placements.case_list.taking_in import PlacementWalk
from placements.models import Measure

# A placement is known by its case and its first day: of several such rows the last holds.
_REPEATED = """
SELECT line, last, told = (SELECT kept.told FROM row kept WHERE kept.line = last) FROM
(SELECT line, told, MAX(line) OVER (PARTITION BY name) AS last FROM row) WHERE line < last ORDER BY line
"""


class StagedRow(NamedTuple):
    """A row that is taken: its line, the id of its workplace, and what it tells."""

    line: int
    workplace: int
    told: Told


class PlacementStaging(PlacedStaging):
    """The rows of one list; of those about one case and first day the last is taken."""

    ROWS = ("given", "name", "told")
    FOUND = ("workplace",)
    READ = ("given", "told")
    BY = "workplace"

    def add(self, row):
        name = (row.told.reference, row.told.starts_on)
        self.keep(row.line, (tuple(row.given), row.cells), name, tuple(row.told))

    def made(self, line, given, told):
        given, cells = given
        return PlacementRow(line, Given(*given), Told(*told), cells)

    def _repeated(self):
        repeated = self._database.execute(_REPEATED).fetchall()
        self._leave_out([(line,) for line, _last, _is_same in repeated])
        for line, last, is_same in repeated:
            reason = "repeated_same" if is_same else "repeated_placement"
            self.remark(Remark(line, "repeated", "", "", reason, {"line": last}, []))

    def companies(self, after=""):
        """Id and rows of each workplace, in the order of the ids; those up to `after` are left out."""
        statement = "SELECT workplace, line, told FROM row WHERE workplace > ? ORDER BY workplace, line"
        for workplace, group in groupby(self._database.execute(statement, (int(after or 0),)), itemgetter(0)):
            yield str(workplace), [StagedRow(line, workplace, Told(*marshal.loads(told))) for _pk, line, told in group]


class PlacementReading(importer.KnownReading):
    """Only our columns are read of the file; that CPR numbers stood beside them is told, and nothing more of them."""

    layout = PLACEMENTS
    make_staging = PlacementStaging

    def _read(self, progress):
        self.reader = OnlyOurs(self.reader)
        super()._read(progress)

    def make_rules(self, columns):
        return PlacementRules(headings=self.reader.headings, columns=columns, measures=list(Measure.objects.all()))

    def settle(self):
        if self.reader.deleted:
            self.staging.remark(Remark(1, "warning", "", "", "cpr_deleted", details_of(self.reader.deleted), []))
        rules = self.rules_for(self.reader.columns)
        self.staging.settle(lambda rows: judge(rows, rules))

    def walk(self):
        return PlacementWalk(self)


def judge(rows, rules):
    """Which workplace each of some `PlacementRow`s means: `(workplace id, remarks)`, no id if it is rejected."""
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
    table = Table(PLACEMENTS, mapping, headings, PLACEMENTS.understand(headings, mapping))
    row = table.row(1, cells)
    rules = PlacementRules(
        headings=headings, columns=row.columns or table.columns, measures=list(Measure.objects.all())
    )
    clean, remarks = rules.clean(row)
    return judge([clean], rules)[0][1] if clean else remarks
