"""What charts, heat maps and strips of figures are made of, as the fragments that show them take it.

A page reckons its figures, puts them in these and includes `desk/_chart.html`, `desk/_heat.html` or
`desk/_figures_strip.html`; each of them tells at its top how it is included. A chart is a table that
`static/js/charts.js` draws, so the numbers that are seen and those that are read are the same.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.formats import number_format

from jobcenter_crm.frame.rounding import half_up

KINDS = {"line", "bars", "stacked", "across"}
COLOURS = {"tier-1", "tier-2", "tier-3", "tier-4", "accent", "quiet", "late"}
LINES = {"solid", "dashed"}
# The percentages at which the second to the fifth shade of a heat map begin.
STEPS = (35, 50, 65, 80)
# A share of fewer says nothing, and moves by twenty points with one of them.
FEWEST = 5


@dataclass(frozen=True)
class Cell:
    """One number of a chart: `value` is drawn, `text` is read, `url` opens what is counted.

    Without a value it is a gap, never a nought. Without a text the value is written the way of the language.
    """

    value: int | float | Decimal | None = None
    text: str = ""
    url: str = ""

    @property
    def words(self):
        if self.text or self.value is None:
            return self.text
        if isinstance(self.value, int):
            return number_format(self.value, force_grouping=True)
        # `number_format` cuts digits off and does not round.
        return number_format(half_up(self.value, 1), 1, force_grouping=True)


@dataclass(frozen=True)
class Series:
    """One column of a chart's table: a line, or the bars of one colour.

    `colour`: one of `COLOURS`. `line`: "solid", or "dashed" for what it is compared with (lines only).
    """

    label: str
    colour: str = "accent"
    line: str = "solid"

    def __post_init__(self):
        if self.colour not in COLOURS or self.line not in LINES:
            raise ValueError(f"No series is drawn {self.colour}, {self.line}.")


@dataclass(frozen=True)
class Row:
    """One category, with a `Cell` for each series; `short` is for the axis where the label is long ("jan.").

    `is_unfinished`: still running, as this month is; drawn dotted.
    """

    label: str
    cells: list
    short: str = ""
    is_unfinished: bool = False


@dataclass(frozen=True)
class Chart:
    """A table, and how it is drawn.

    `kind`: "line", "bars" (side by side), "stacked" (upon each other) or "across" (lying; several series end to end).
    `key`: unlike that of anything else on the page; the heading before the chart has the id `<key>-head`.
    `name`: what the table is called when it is read or copied. `head`: what a row is ("Month").
    `unit`: behind the figures of the axis ("%"). `top`: where the axis ends, for instance 100; else by itself.
    `note`: a sentence below, such as what is dashed and what is dotted.

    Raises `ValueError` for an unknown kind, and for a row that has not as many cells as there are series.
    """

    kind: str
    key: str
    name: str
    head: str
    series: list
    rows: list
    unit: str = ""
    top: int | None = None
    note: str = ""

    def __post_init__(self):
        if self.kind not in KINDS:
            raise ValueError(f"No chart is drawn as {self.kind}.")
        for row in self.rows:
            if len(row.cells) != len(self.series):
                raise ValueError(f"{len(row.cells)} cells for {len(self.series)} series: {row.label}.")

    @property
    def has_figures(self):
        return any(cell.value is not None for row in self.rows for cell in row.cells)


@dataclass(frozen=True)
class Head:
    """The head of a column: the mark of a group where it is of one, else words."""

    label: str = ""
    tier: int | None = None


@dataclass(frozen=True)
class Share:
    """So many of so many, as a cell of a heat map; nothing is shown of fewer than `FEWEST`."""

    part: int
    whole: int
    url: str = ""

    @property
    def percent(self):
        """A whole number, or None where the share says nothing."""
        return half_up(100 * self.part / self.whole) if self.whole >= FEWEST else None

    @property
    def step(self):
        """The shade, 1 to 5, of the percentage that is shown."""
        return None if self.percent is None else 1 + sum(self.percent >= bound for bound in STEPS)


@dataclass(frozen=True)
class HeatRow:
    """A row of a heat map, with a `Share` for each head."""

    label: str
    cells: list
    url: str = ""


@dataclass(frozen=True)
class Heat:
    """Shares by two things, such as branch and group.

    `key`, `name` and `note` as those of a `Chart`; `head`: what a row is ("Branch"). Raises `ValueError` for a row that
    has not as many cells as there are heads.
    """

    key: str
    name: str
    head: str
    heads: list
    rows: list
    note: str = ""

    def __post_init__(self):
        for row in self.rows:
            if len(row.cells) != len(self.heads):
                raise ValueError(f"{len(row.cells)} cells for {len(self.heads)} heads: {row.label}.")

    @property
    def has_figures(self):
        return any(cell.percent is not None for row in self.rows for cell in row.cells)

    @property
    def hides_some(self):
        return any(cell.percent is None for row in self.rows for cell in row.cells)

    @property
    def fewest(self):
        return FEWEST


@dataclass(frozen=True)
class Figure:
    """One figure of a strip: a small label, the figure large (`text` empty where there is none yet), a line below.

    `url` opens the list that is counted. `is_late` makes it red: the label must say why.
    """

    label: str
    text: str = ""
    url: str = ""
    second: str = ""
    is_late: bool = False
