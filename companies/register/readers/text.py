"""CSV files in whatever dialect."""

import codecs
import csv
import hashlib
import io
import re
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from companies.register.cells import CellError, cvr_number
from companies.register.headings import REGISTER, Layout
from companies.register.readers.files import (
    CHUNK,
    HEADINGS_WITHIN,
    Headings,
    LeftOut,
    Row,
    Table,
    Unusable,
    refuse_unknown,
)

# A record of more lines or characters than this is a quotation mark that was never closed.
MOST_LINES = 40
MOST_CHARACTERS = 100_000
DELIMITERS = ";,\t|"
_OTHERS = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"SQLite format",
    b"\x7fELF",
)
# Control characters that no text is written with, and how many may have strayed into even a short one.
_WITHOUT = dict.fromkeys({*range(0x20), 0x7F} - set(b"\t\n\v\f\r\x1a\x1b"))
_STRAY = 3


@dataclass
class CsvReader:
    """A CSV file in whatever dialect: comma, semicolon, tab or bar; UTF-8 with or without BOM, or cp1252.

    Raises `Unusable` when it is made, if the file is no such thing or lacks the essential headings.
    """

    path: Path
    layout: Layout = REGISTER
    mapping: dict = field(default_factory=dict)
    sheets: list = field(default_factory=list)
    sha256: str = field(init=False)
    left_out: list[LeftOut] = field(default_factory=list)
    encoding: str = field(init=False)
    delimiter: str = field(init=False)
    first_line: int = field(init=False)
    table: Table = field(init=False)

    def __post_init__(self):
        try:
            self.encoding, self.sha256 = recognise(self.path)
            self._find_headings()
        except OSError as error:
            raise Unusable("unreadable_file", problem=error.strerror or type(error).__name__) from error

    @property
    def headings(self):
        return self.table.headings

    @property
    def columns(self):
        return self.table.columns

    @property
    def unused(self):
        return self.table.unused

    def rows(self):
        """Every row below the headings but the blank ones, in order."""
        width, made = len(self.headings), self.table.row
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
                yield made(line, cells)

    def _open(self):
        return io.TextIOWrapper(self.path.open("rb"), encoding=self.encoding, errors="replace", newline="")

    def _find_headings(self):
        """Set delimiter, table and the line where rows begin, from the row that names the most columns."""
        with self._open() as stream:
            lines = [stream.readline(MOST_CHARACTERS) for _ in range(4 * HEADINGS_WITHIN)]
        lines = [line for line in lines if line]
        if not any(line.strip() for line in lines):
            raise Unusable("empty")
        headings = Headings(self.layout, self.mapping)
        for delimiter in DELIMITERS:
            for cells, _line, first_line in _first_records(lines, delimiter):
                headings.consider(cells, (delimiter, first_line))
        self.table, (self.delimiter, self.first_line) = headings.settle(nothing=(",", 1))
        if self.table.has_no_headings:
            self._begin_at_once(lines)
        if not self.columns and _is_hardly_text("".join(lines)[:4096]):
            raise Unusable("binary")
        with self._open() as stream:
            cells = (cells for _line, cells, problem in self._records(stream) if not problem)
            refuse_unknown(self.table, cells, self.sha256)

    def _begin_at_once(self, lines):
        """Take the first row for a row; the delimiter is what gives as many cells as columns were named."""
        self.table = self.table.by_place()
        width = len(self.headings)
        records = {delimiter: list(_first_records(lines, delimiter)) for delimiter in DELIMITERS}
        self.delimiter = max(records, key=lambda delimiter: sum(len(one[0]) == width for one in records[delimiter]))
        self.first_line = records[self.delimiter][0][1] if records[self.delimiter] else 1

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


class _NeverClosed(Exception):
    """A quotation mark was opened and not closed within reason."""


def recognise(path):
    """Encoding and SHA-256 of a text file, read once in pieces.

    cp1252 is what is left when it is not UTF-8; but a file in UTF-8 with a few broken bytes stays UTF-8.
    Raises `Unusable` for a picture and the like, for UTF-16, and for an empty file.
    """
    digest = hashlib.sha256()
    decoder = codecs.getincrementaldecoder("utf-8")()
    is_utf8 = True
    with path.open("rb") as stream:
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
    if start.startswith(_OTHERS):
        raise Unusable("binary")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or start.count(0) > len(start) // 4:
        raise Unusable("utf16")


def _is_hardly_text(start):
    """Whether there are more control characters than can have strayed in: of bytes by chance every tenth is one."""
    signs = len(start) - len(start.translate(_WITHOUT))
    return signs > _STRAY and signs * 20 > len(start)


def _is_nearly_utf8(path):
    """Whether there are more letters in proper UTF-8 than bytes that are not."""
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    proper = broken = 0
    with path.open("rb") as stream:
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
