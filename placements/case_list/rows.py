"""The rules for one row of the case system's list: from raw cells to a placement, or what is wrong."""

from typing import NamedTuple

from django import forms

from companies.register import cells
from companies.register.cells import CellError, fact
from companies.register.headings import folded
from companies.register.places import Given
from companies.register.rows import Note, RowRules
from placements.case_list.columns import DELETED, is_cpr
from placements.case_reference import CaseReferenceField

FIRST_YEAR = 2000


class Told(NamedTuple):
    """What a row tells: the code of the measure, the first and the last day as ISO writes them, and the case reference."""

    measure: str
    starts_on: str
    ends_on: str
    reference: str


class PlacementRow(NamedTuple):
    """A row that can be taken if its workplace is known. `cells` are its cells, as they may be kept."""

    line: int
    given: Given
    told: Told
    cells: list


class PlacementRules(RowRules):
    """Applies the rules to the rows of one file. `measures` are all there are, those that have ended among them."""

    def __init__(self, *, headings, columns, measures):
        super().__init__(headings=headings, columns=columns)
        self._known = ", ".join(str(measure) for measure in measures)
        self._measures = {}
        for measure in measures:
            for name in (measure.code, measure.name_da, measure.name_en):
                if name:
                    self._measures.setdefault(folded(name), measure.code)
        self._reference = CaseReferenceField(required=True)

    def clean(self, row):
        """`(PlacementRow or None, remarks)`: None where the row is rejected, and then all that is wrong with it."""
        notes = self.unreadable(row)
        if notes:
            return None, self.remarks(row, notes)
        values = dict.fromkeys(self.columns, "") | row.values
        found = self.named_place(values, notes)
        told = Told(
            self._measure(values, notes),
            self._day(values, "starts_on", notes),
            self._day(values, "ends_on", notes),
            self._case(values, notes),
        )
        if told.starts_on and told.ends_on and told.ends_on < told.starts_on:
            notes.append(Note(True, "ends_before", "ends_on", values["ends_on"]))
        if notes:
            return None, self.remarks(row, notes)
        return PlacementRow(row.line, Given(**found), told, self.raw(row)), ()

    def _measure(self, values, notes):
        raw = fact(values.get("measure", ""))
        code = self._measures.get(folded(raw), "")
        if not code:
            reason = "measure_unknown" if raw else "measure_missing"
            notes.append(Note(True, reason, "measure", raw, {"known": self._known}))
        return code

    def _day(self, values, column, notes):
        raw = values.get(column, "")
        try:
            day = cells.day(raw)
        except CellError:
            notes.append(Note(True, "day_form", column, raw))
            return ""
        if day is None:
            notes.append(Note(True, "day_missing", column))
        elif day.year < FIRST_YEAR:
            notes.append(Note(True, "day_long_ago", column, raw, {"year": FIRST_YEAR}))
        else:
            return day.isoformat()
        return ""

    def _case(self, values, notes):
        raw = fact(values.get("reference", ""))
        if raw == DELETED or (raw and is_cpr(raw)):
            notes.append(Note(True, "cpr_reference", "reference", raw))
            return ""
        try:
            return self._reference.clean(raw)
        except forms.ValidationError:
            notes.append(Note(True, "reference_form" if raw else "reference_missing", "reference", raw))
            return ""
