"""Files as rows of raw cells, one reader for each kind of file; the rules are elsewhere and the same for all.

A reader streams: it keeps one row in memory, whatever the size of the file.
"""

import codecs
import csv
import hashlib
import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, Protocol

from companies import cpr
from companies.register.cells import CellError, cvr_number, text
from companies.register.headings import REGISTER, Layout, folded

CHUNK = 1024 * 1024
# A record of more lines or characters than this is a quotation mark that was never closed.
MOST_LINES = 40
MOST_CHARACTERS = 100_000
# Above the headings there may be a title or a date; further down there are only rows.
HEADINGS_WITHIN = 10
DELIMITERS = ";,\t|"
# Of so many rows the first different cells are shown beside a column that is to be named.
LOOKED_AT, SAMPLES = 200, 3
UNREADABLE = "\N{REPLACEMENT CHARACTER}"
_PLACE = re.compile(r"#[1-9][0-9]{0,4}")
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_OTHERS = (
    b"%PDF",
    b"\x1f\x8b",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"7z\xbc\xaf",
    b"Rar!",
    b"SQLite format",
    b"\x7fELF",
)


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

    With a `problem` (a code of `reasons.REJECTED`) it could not be read as a row, and `values` is empty.
    """

    line: int
    values: dict
    cells: list
    problem: str = ""
    details: dict | None = None


class Reader(Protocol):
    """What the importer asks of every kind of file."""

    headings: list[str]
    columns: dict[str, int]
    sha256: str
    sheets: list[str]

    def rows(self) -> Iterator[Row]: ...


def open_file(path, *, layout=REGISTER, mapping=None):
    """The reader for a file, told by what is in it and not by its name.

    `mapping` is what a person has said of its columns: {heading: our column, or empty for none}. Raises
    `Unusable`; `Unnamed` where its columns only have to be named. A mapping that names columns by their
    place ("#1", "#2") says that the first row is no headings, unless it holds just these.
    """
    named = {folded(heading): column for heading, column in (mapping or {}).items()}
    return CsvReader(path, layout=layout, mapping=named, is_by_place=bool(mapping) and is_by_place(mapping))


def places(width):
    """The headings of a file that has none."""
    return [f"#{place}" for place in range(1, width + 1)]


def is_by_place(headings):
    """Whether these are `places`, and not what a file calls its columns."""
    return all(_PLACE.fullmatch(heading) for heading in headings)


@dataclass
class CsvReader:
    """A CSV file in whatever dialect: comma, semicolon, tab or bar; UTF-8 with or without BOM, or cp1252.

    Raises `Unusable` when it is made, if the file is no such thing or lacks the essential headings.
    """

    path: Path
    layout: Layout = REGISTER
    mapping: dict = field(default_factory=dict)
    is_by_place: bool = False
    sheets: list = field(default_factory=list)
    sha256: str = field(init=False)
    encoding: str = field(init=False)
    delimiter: str = field(init=False)
    headings: list[str] = field(init=False)
    columns: dict[str, int] = field(init=False)
    first_line: int = field(init=False)

    def __post_init__(self):
        try:
            self.encoding, self.sha256 = recognise(self.path)
            self._find_headings()
        except OSError as error:
            raise Unusable("unreadable_file", problem=error.strerror or type(error).__name__) from error

    def rows(self):
        """Every row below the headings but the blank ones, in order."""
        names, positions = list(self.columns), list(self.columns.values())
        pick = itemgetter(*positions) if len(positions) > 1 else lambda cells: (cells[positions[0]],)
        width = len(self.headings)
        with self._open() as stream:
            for line, cells, problem in self._records(stream):
                if problem:
                    yield Row(line, {}, cells, problem, {"limit": MOST_CHARACTERS} if problem == "line_long" else None)
                    continue
                if not any(cells) or not any(map(str.strip, cells)):
                    continue
                if len(cells) > width and not any(map(str.strip, cells[width:])):
                    del cells[width:]
                if len(cells) != width:
                    yield Row(line, {}, cells, "cells", {"cells": len(cells), "headings": width})
                    continue
                yield Row(line, dict(zip(names, pick(cells), strict=True)), cells)

    def _open(self):
        return open(self.path, encoding=self.encoding, errors="replace", newline="")

    def _find_headings(self):
        """Set delimiter, headings, columns and the line where rows begin, from the row that names the most columns."""
        with self._open() as stream:
            lines = [stream.readline(MOST_CHARACTERS) for _ in range(4 * HEADINGS_WITHIN)]
        lines = [line for line in lines if line]
        if not any(line.strip() for line in lines):
            raise Unusable("empty")
        best = None
        for delimiter in DELIMITERS:
            for cells, _line, first_line in _first_records(lines, delimiter):
                headings = [text(cell) for cell in cells]
                columns = self.layout.understand(headings, self.mapping)
                score = (
                    -len(self.layout.lacking(columns)),
                    len(columns) > 1,
                    len(columns) + len(headings) / 1000,
                )
                if best is None or score > best[0]:
                    best = score, delimiter, headings, columns, first_line
        score, self.delimiter, self.headings, self.columns, self.first_line = best or ((0, 0, 0), ",", [], {}, 1)
        if self.is_by_place and places(1)[0] not in self.headings:
            self._begin_at_once(lines)
        if problem := self.layout.problem(self.columns):
            found = ", ".join(filter(None, (shown(cell) for cell in self.headings[:40]))) or "–"
            if len(self.headings) < 2:
                raise Unusable(problem, found=found)
            raise Unnamed(problem, headings=self.headings, samples=self._samples(), sha256=self.sha256, found=found)

    def _begin_at_once(self, lines):
        """Take the first row for a row; the delimiter is what gives as many cells as columns were named."""
        width = len(self.mapping)
        records = {delimiter: list(_first_records(lines, delimiter)) for delimiter in DELIMITERS}
        self.delimiter = max(records, key=lambda delimiter: sum(len(one[0]) == width for one in records[delimiter]))
        self.headings = places(width)
        self.columns = self.layout.understand(self.headings, self.mapping)
        self.first_line = records[self.delimiter][0][1] if records[self.delimiter] else 1

    def _samples(self):
        with self._open() as stream:
            cells = (cells for _line, cells, problem in self._records(stream) if not problem)
            return samples(self.headings, cells)

    def _records(self, stream):
        """(line, cells, problem) for each record, none of them lost to a quotation mark that is never closed.

        The csv module would read on to the next mark or the end of the file, and make one cell of it. Such a
        record is given up at its first line, and what follows is read again as lines of their own.
        """
        lines, pending, taken = _numbered(stream), deque(), []

        def feed():
            size = 0
            while True:
                if not taken:
                    size = 0
                number, line = pending.popleft() if pending else next(lines, (0, None))
                if not number and not taken:
                    return
                if not number:
                    raise _NeverClosed
                taken.append((number, line))
                size += len(line or "")
                if line is None or len(taken) > MOST_LINES or size > MOST_CHARACTERS:
                    raise _NeverClosed
                yield line

        for _ in range(1, self.first_line):
            next(lines)
        while True:
            try:
                for cells in csv.reader(feed(), delimiter=self.delimiter):
                    if len(taken) > 1 and self._has_swallowed(taken):
                        raise _NeverClosed
                    number = taken[0][0]
                    taken.clear()
                    yield number, cells, ""
                return
            except (_NeverClosed, csv.Error):
                number, line = taken.pop(0)
                pending.extendleft(reversed(taken))
                taken.clear()
                yield number, (line or "").rstrip("\r\n").split(self.delimiter), "quote" if line else "line_long"

    def _names_a_company(self, cells):
        at = self.columns.get("cvr")
        return at is not None and _is_cvr_number(cells[at])

    def _has_swallowed(self, taken):
        """Whether a record of several lines holds a line that is a row by itself, or a quote in the wrong place."""
        try:
            list(csv.reader([line for _number, line in taken], delimiter=self.delimiter, strict=True))
        except csv.Error:
            return True
        for _number, line in taken[1:]:
            if line.count('"') % 2:
                continue
            cells = next(csv.reader([line], delimiter=self.delimiter), [])
            if len(cells) == len(self.headings) and (len(cells) > 3 or self._names_a_company(cells)):
                return True
        return False


def samples(headings, rows):
    """For each heading the first different cells below it, as they may be shown; `rows` are lists of cells."""
    found = [[] for _heading in headings]
    for cells in islice(rows, LOOKED_AT):
        for some, cell in zip(found, cells, strict=False):
            value = showable(text(cell))[:60]
            if value and value not in some and len(some) < SAMPLES:
                some.append(value)
    return found


def showable(cell, is_p_number=False):
    """A cell as it may be shown: empty if it looks like a CPR number, and with what no database takes made visible."""
    known = set if is_p_number else (lambda numbers: set())
    if (cpr.PLAIN.search(cell) or cpr.HYPHENED.search(cell)) and cpr.read(cell, known=known) is not cpr.Reading.CLEAN:
        return ""
    return cell.replace("\0", "\N{SYMBOL FOR NULL}")


class _NeverClosed(Exception):
    """A quotation mark was opened and not closed within reason."""


def shown(value):
    """A heading as a message may show it: short, and without long runs of digits, which may be somebody's number."""
    return re.sub(r"[0-9]{5,}[0-9 -]*", "…", text(value))[:60]


def recognise(path):
    """Encoding and SHA-256 of a text file, read once in pieces.

    cp1252 is what is left when it is not UTF-8; but a file in UTF-8 with a few broken bytes stays UTF-8.
    Raises `Unusable` for a spreadsheet, a picture and the like, for UTF-16, and for an empty file.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    with open(path, "rb") as stream:
        start = stream.read(4096)
        _refuse_what_is_no_text(start)
        chunk = start
        while chunk:
            digest.update(chunk)
            if is_utf8:
                try:
                    decoder.decode(chunk)
                except UnicodeDecodeError:
                    is_utf8 = False
            chunk = stream.read(CHUNK)
    if start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig", digest.hexdigest()
    if not is_utf8 and not _is_nearly_utf8(path):
        return "cp1252", digest.hexdigest()
    return "utf-8", digest.hexdigest()


def _refuse_what_is_no_text(start):
    if not start:
        raise Unusable("empty")
    if start.startswith(_SPREADSHEETS):
        raise Unusable("spreadsheet")
    if start.startswith(_OTHERS):
        raise Unusable("binary")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start.count(0) > len(start) // 4:
        raise Unusable("utf16")


def _is_nearly_utf8(path):
    """Whether there are more letters in proper UTF-8 than bytes that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    proper = broken = 0
    with open(path, "rb") as stream:
        while chunk := stream.read(CHUNK):
            beyond = re.findall(r"[^\x00-\x7f]", decoder.decode(chunk))
            lost = sum("\udc80" <= sign <= "\udcff" for sign in beyond)
            proper, broken = proper + len(beyond) - lost, broken + lost
    return proper > broken


def _first_records(lines, delimiter):
    """The first records of a file, each with its line and the line after it; a spreadsheet's "sep=;" is none."""
    reader = csv.reader(lines, delimiter=delimiter)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells) and not cells[0].lower().startswith("sep="):
                yield cells, line, reader.line_num + 1
            line = reader.line_num + 1
            if reader.line_num >= HEADINGS_WITHIN:
                return
    except csv.Error:
        return


def _numbered(stream):
    """(number, line) for each physical line; None for a line that is too long, which is passed over."""
    number = 0
    while line := stream.readline(MOST_CHARACTERS):
        number += 1
        if len(line) == MOST_CHARACTERS and line[-1] not in "\r\n":
            while (rest := stream.readline(CHUNK)) and rest[-1] not in "\r\n":
                pass
            yield number, None
        else:
            yield number, line


def _is_cvr_number(raw):
    try:
        return bool(cvr_number(raw))
    except CellError:
        return False
