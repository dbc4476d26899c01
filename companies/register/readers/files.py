"""What all readers have in common: a row, a refusal, and what a row says and leaves unsaid."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from operator import itemgetter
from typing import NamedTuple, Protocol

from companies import cpr
from companies.register.cells import text
from companies.register.headings import PLACE, folded

CHUNK = 1024 * 1024
# Above the headings there may be a title or a date; further down there are only rows.
HEADINGS_WITHIN = 10
# Of so many rows the first different cells are shown beside a column that is to be named.
LOOKED_AT, SAMPLES = 200, 3
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
# A cell of this text says nothing of its column: the fact is left as it is, where an empty cell would empty it.
# Written where the rows of one file do not all have the same columns; the English word is understood as well.
UNSAID = "(uændret)"
_UNSAID = {UNSAID, "(unchanged)"}
# Rows leave out the same few columns; a file made to have every pattern there is only costs time.
_PATTERNS = 500


def is_unsaid(cell):
    """Whether a cell says nothing of its column, in either language."""
    return cell in _UNSAID


class Unusable(Exception):
    """A file of which nothing can be taken: the code of the sentence, and what it needs to know."""

    def __init__(self, reason, **details):
        self.reason, self.details = reason, details
        super().__init__(reason)


class Unnamed(Unusable):
    """A file that could be read, but whose columns are not known: its headings, and a few cells below each.

    `samples` holds for each heading the first different cells that are not empty, as they may be shown.
    """

    def __init__(self, reason, *, headings, samples, sha256, **details):
        super().__init__(reason, **details)
        self.headings, self.samples, self.sha256 = headings, samples, sha256


class Row(NamedTuple):
    """One row: the line it begins in, our columns with their raw cells, and all its cells as the file has them.

    With a `problem` (a code of `reasons.REJECTED`) it could not be read as a row, and `values` is empty. A row
    that leaves some columns unsaid has its own `columns`, {our column: position}; others have the reader's.
    """

    line: int
    values: dict
    cells: list
    problem: str = ""
    details: dict | None = None
    columns: dict | None = None


class LeftOut(NamedTuple):
    """A part of the file that holds no rows for us, and is told of: `reason` is a code of `reasons.WARNINGS`."""

    line: int
    reason: str
    details: dict


class Reader(Protocol):
    """What the importer asks of every kind of file.

    `left_out` is complete when `rows` has come to its end. `sheets` are the names of all sheets or packed
    files, those that are left out too. So is `unused`, the headings that nothing is read from.
    """

    headings: list[str]
    columns: dict[str, int]
    unused: list[str]
    sha256: str
    sheets: list[str]
    left_out: list[LeftOut]

    def rows(self) -> Iterator[Row]: ...


class ByPlace(dict):
    """A mapping that names the columns of a file without headings by their place: {"1": our column}."""


def named(mapping):
    """What a person has said of the columns, as headings are compared; `ByPlace` where they are `places`."""
    kind = ByPlace if mapping and is_by_place(mapping) else dict
    return kind({folded(heading): column for heading, column in (mapping or {}).items()})


def places(width):
    """The headings of a file that has none."""
    return [f"#{place}" for place in range(1, width + 1)]


def is_by_place(headings):
    """Whether these are `places`, and not what a file calls its columns."""
    return all(PLACE.fullmatch(heading) for heading in headings)


@dataclass(frozen=True)
class Table:
    """The headings that were found, and which column of ours each of them is; makes rows of cells."""

    layout: object
    mapping: dict
    headings: list
    columns: dict

    def __post_init__(self):
        positions = list(self.columns.values())
        # `itemgetter` of one position would give a cell and not a tuple of cells.
        pick = itemgetter(*positions) if len(positions) > 1 else lambda cells: [cells[at] for at in positions]
        object.__setattr__(self, "_names", list(self.columns))
        object.__setattr__(self, "_pick", pick)
        object.__setattr__(self, "_patterns", {})

    @property
    def unused(self):
        """The headings that no row has used so far."""
        used = set(self.columns.values()).union(*(columns.values() for columns in self._patterns.values()))
        return [heading for at, heading in enumerate(self.headings) if heading and at not in used]

    @property
    def has_no_headings(self):
        """Whether its columns are named by their place, and no row was found that names the places."""
        return isinstance(self.mapping, ByPlace) and places(1)[0] not in self.headings

    def by_place(self):
        """The table with the places for headings, as many as were named."""
        headings = places(len(self.mapping))
        return Table(self.layout, self.mapping, headings, self.layout.understand(headings, self.mapping))

    def row(self, line, cells):
        """The `Row` of as many cells as there are headings."""
        if _UNSAID.isdisjoint(cells):
            return Row(line, dict(zip(self._names, self._pick(cells), strict=True)), cells)
        said = tuple(cell not in _UNSAID for cell in cells)
        columns = self._patterns.get(said)
        if columns is None:
            columns = self._understand(said)
            if len(self._patterns) < _PATTERNS:
                self._patterns[said] = columns
        values = {column: cells[at] if said[at] else "" for column, at in columns.items()}
        return Row(line, values, cells, columns=columns)

    def _understand(self, said):
        """The columns by the headings that something is said under; what no row can do without is then empty."""
        headings = [heading if is_said else "" for heading, is_said in zip(self.headings, said, strict=True)]
        columns = self.layout.understand(headings, self.mapping)
        needed = {name for some in self.layout.lacking(columns) for name in some}
        return columns | {name: at for name, at in self.columns.items() if name in needed}


class Headings:
    """Picks the row that names the most columns out of the first rows of a table."""

    def __init__(self, layout, mapping):
        self._layout, self._mapping = layout, mapping
        self._best = None

    def consider(self, cells, found):
        """`found` is what is to be remembered with this row, if it is the best."""
        # What looks like a CPR number is no heading, and is not kept as one.
        headings = [
            heading if showable(heading) == heading else f"#{place}"
            for place, heading in enumerate(map(text, cells), start=1)
        ]
        columns = self._layout.understand(headings, self._mapping)
        score = (-len(self._layout.lacking(columns)), len(columns) > 1, len(columns) + len(headings) / 1000)
        if self._best is None or score > self._best[0]:
            self._best = score, Table(self._layout, self._mapping, headings, columns), found

    def settle(self, nothing=None):
        """The `Table` of the best row and what was remembered with it."""
        if self._best is None:
            return Table(self._layout, self._mapping, [], {}), nothing
        return self._best[1:]


def refuse_unknown(table, rows, sha256):
    """Raise `Unusable` if essential headings are missing; `Unnamed`, with samples of `rows`, if there are headings."""
    if problem := table.layout.problem(table.columns):
        found = ", ".join(filter(None, (shown(cell) for cell in table.headings[:40]))) or "–"
        if len(table.headings) < 2:
            # Naming it would not help: whatever it is, the rest is missing, or stands between other signs than ours.
            is_one_unknown = table.headings and not table.columns
            raise Unusable("one_column" if is_one_unknown else problem, found=found)
        told = samples(table.headings, rows, table.columns.get("p_number"))
        raise Unnamed(problem, headings=table.headings, samples=told, sha256=sha256, found=found)


def samples(headings, rows, p_number_at=None):
    """For each heading the first different cells below it, as they may be shown; `rows` are lists of cells.

    None stands for cells that may not, because they look like CPR numbers; those of the column of P-numbers may.
    """
    found = [[] for _heading in headings]
    for cells in islice(rows, LOOKED_AT):
        for at, (some, cell) in enumerate(zip(found, cells, strict=False)):
            raw = text(cell)
            value = showable(raw, is_p_number=at == p_number_at)[:60] or None
            if raw and value not in some and len(some) < SAMPLES:
                some.append(value)
    return found


def showable(cell, is_p_number=False):
    """A cell as it may be shown: empty if it looks like a CPR number, and with what no database takes made visible."""
    known = set if is_p_number else (lambda numbers: set())
    if (cpr.PLAIN.search(cell) or cpr.HYPHENED.search(cell)) and cpr.read(cell, known=known) is not cpr.Reading.CLEAN:
        return ""
    return cell.replace("\0", "\N{SYMBOL FOR NULL}")


def shown(value):
    """A heading as a message may show it: short, and without long runs of digits, which may be somebody's number."""
    return re.sub(r"[0-9]{5,}[0-9 -]*", "…", text(value))[:60]


def digest(path):
    """The SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
