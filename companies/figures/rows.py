"""The columns of a file of figures, and the rules for one row of it: from raw cells to a count, or what is wrong."""

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

from companies import cpr
from companies.models import WorkplaceFigure
from companies.register import cells
from companies.register.cells import CellError, fact
from companies.register.headings import SYNONYMS, Layout, folded
from companies.register.places import Given
from companies.register.rows import Note, RowRules

COLUMNS = {
    _("The workplace"): {"p_number": _("P-number"), "cvr": _("CVR number")},
    _("The figure"): {
        "value": _("Value"),
        "figure": _("Which figure"),
        "counted_on": _("Counted on"),
        "source": _("Source"),
    },
}


def _missing(lacking):
    return "no_place_heading" if "cvr" in lacking[0] else "no_value_heading"


FIGURES = Layout(
    {
        "cvr": SYNONYMS["cvr"],
        "p_number": SYNONYMS["p_number"],
        "value": """
            Værdi; Value; Tal; Antal; Sygefravær; Sygefraværsdage; Fraværsdage; Fraværsdage pr. ansat; Sygefravær (dage);
            Sygefravær pr. ansat; Antal job; Antal stillinger; Job til folk med kort uddannelse; Antal ufaglærte job;
            number; sickness absence; days of absence; jobs; jobs for people with short education
        """,
        "figure": "Nøgletal; Figure; Tallets navn; Måling; Hvad er talt; which figure; measure; kpi",
        "counted_on": """
            Opgjort den; Counted on; Opgørelsesdato; Opgjort; Opgjort pr.; Dato; Pr. dato; Gælder fra; date; as of; day
        """,
        "source": "Kilde; Source; Datakilde; Stammer fra; origin",
    },
    essential=(("cvr", "p_number"), ("value",)),
    missing=_missing,
)

LONGEST_SOURCE = WorkplaceFigure._meta.get_field("source").max_length
FIRST_YEAR = 1970
# Ten digits before the comma is what a value may have.
TOO_MUCH = Decimal(10) ** 10
# With the groups and the comma of a Danish number, or with the point of a spreadsheet's.
_DANISH = re.compile(r"(?:[1-9][0-9]{0,2}(?:[. ][0-9]{3})+|[0-9]{1,40})(?:,[0-9]{1,40})?")
_POINT = re.compile(r"[0-9]{1,40}\.[0-9]{1,40}")
_EITHER = re.compile(r"[1-9][0-9]{0,2}\.[0-9]{3}")


def amount(raw):
    """A `Decimal` with two decimals, from "12", "12,5", "12.5" or "1.234,5". Raises `CellError`.

    "1.234" may be a thousand or one and a bit, and is nobody's to guess.
    """
    plain = fact(raw)
    if not plain:
        raise CellError("amount_missing")
    if _EITHER.fullmatch(plain):
        whole, _point, rest = plain.partition(".")
        raise CellError("amount_two_ways", thousand=whole + rest, decimal=f"{whole},{rest}")
    if _DANISH.fullmatch(plain):
        plain = plain.replace(".", "").replace(" ", "").replace(",", ".")
    elif not _POINT.fullmatch(plain):
        raise CellError("amount_form")
    value = Decimal(plain)
    if value >= TOO_MUCH - 1:
        raise CellError("amount_form")
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP)


class Count(NamedTuple):
    """What a row tells: the code of the figure, the day as ISO writes it, the value with two decimals, and the source."""

    figure: str
    counted_on: str
    value: str
    source: str


class FigureRow(NamedTuple):
    """A row that can be taken if its workplace is known. `cells` are all its cells, as they may be kept."""

    line: int
    given: Given
    count: Count
    cells: list


class FigureRules(RowRules):
    """Applies the rules to the rows of one file. `answers` hold for rows that do not say otherwise."""

    def __init__(self, *, headings, columns, known, answers, today):
        super().__init__(headings=headings, columns=columns)
        self._answers, self._today = answers, today
        self._known = known
        self._names = {}
        for figure in known:
            for name in (figure.code, figure.name_da, figure.name_en):
                self._names.setdefault(folded(name), figure.code)

    def clean(self, row):
        """`(FigureRow or None, remarks)`: None where the row is rejected, and then all that is wrong with it."""
        notes = self.unreadable(row)
        if notes:
            return None, self.remarks(row, notes)
        values = dict.fromkeys(self.columns, "") | row.values
        given = self._given(values, notes)
        count = Count(
            self._figure(values, notes),
            self._day(values, notes),
            self._value(values, notes),
            self._source(values, notes),
        )
        if notes:
            return None, self.remarks(row, notes)
        return FigureRow(row.line, given, count, self.raw(row)), ()

    def _given(self, values, notes):
        found = self.named_place(values, notes)
        return Given(**found)

    def _figure(self, values, notes):
        raw = fact(values.get("figure", ""))
        if not raw:
            code = self._answers.get("figure", "")
            if not code:
                notes.append(Note(True, "figure_missing", "figure"))
            return code
        code = self._names.get(folded(raw), "")
        if not code:
            known = ", ".join(figure.name for figure in self._known)
            notes.append(Note(True, "figure_unknown", "figure", raw, {"known": known}))
        return code

    def _day(self, values, notes):
        raw = fact(values.get("counted_on", ""))
        if not raw:
            day = self._answers.get("counted_on", "")
            if not day:
                notes.append(Note(True, "counted_on_missing", "counted_on"))
            return day
        try:
            day = cells.day(raw)
        except CellError:
            day = None
        if day is None:
            notes.append(Note(True, "day_form", "counted_on", raw))
        elif day.year < FIRST_YEAR:
            notes.append(Note(True, "day_long_ago", "counted_on", raw, {"year": FIRST_YEAR}))
        elif day > self._today:
            notes.append(Note(True, "counted_on_later", "counted_on", raw))
        return day.isoformat() if isinstance(day, date) else ""

    def _value(self, values, notes):
        raw = values.get("value", "")
        try:
            return str(amount(raw))
        except CellError as error:
            notes.append(Note(True, error.reason, "value", raw, error.details))
            return ""

    def _source(self, values, notes):
        source = fact(values.get("source", ""))
        if not source:
            source = self._answers.get("source", "")
            if not source:
                notes.append(Note(True, "source_missing", "source"))
        elif len(source) > LONGEST_SOURCE:
            details = {"length": len(source), "limit": LONGEST_SOURCE}
            notes.append(Note(True, "text_long", "source", source, details))
        elif cpr.PLAIN.search(source) and cpr.read(source) is not cpr.Reading.CLEAN:
            notes.append(Note(True, "maybe_cpr_refused", "source", source))
        return source
