"""Workbooks: .xlsx, .xlsm, .xlsb, .xls and .ods, each sheet a table of its own.

A workbook can't be streamed as it lies on disk, so there is a limit to its size, and it is looked at before
it is opened. Opening it is left to a process of its own (`workbook.py`); what that writes is then streamed.
"""

import marshal
import os
import signal
import struct
import subprocess
import sys
import zipfile
from contextlib import nullcontext
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path

from companies.register.headings import Layout
from companies.register.readers.files import (
    CHUNK,
    HEADINGS_WITHIN,
    Headings,
    LeftOut,
    Table,
    Unusable,
    refuse_unknown,
)
from companies.register.readers.packed import Unpacked, names, open_entry, refuse_bomb, whole
from companies.register.readers.workbook import LARGE, MOST_SECONDS, PASSWORD, READ

OLE = b"\xd0\xcf\x11\xe0"
# What is stored, and what it unpacks to: some 300,000 rows of fourteen columns.
MOST_STORED, MOST_UNPACKED = 50 * 1024**2, 250 * 1024**2
MOST_ROWS = 400_000
# A library that is refused memory ends its process.
_GAVE_UP = {LARGE, -signal.SIGABRT, -signal.SIGKILL, -signal.SIGXCPU}
_PROGRAM = Path(__file__).with_name("workbook.py")
# A locked workbook is a stream of this name in a file of Microsoft's old kind.
_LOCKED = "EncryptedPackage".encode("utf-16-le")


def is_workbook(path, start):
    """Whether the file is a workbook, by what is in it. Raises `Unusable` for a zip that can't be read."""
    if start.startswith(OLE):
        return True
    with path.open("rb") as stream:
        found = {entry.filename for entry in names(stream)}
    return bool(found & {"xl/workbook.xml", "xl/workbook.bin"}) or {"mimetype", "content.xml"} <= found


@dataclass
class Sheet:
    """One sheet of a workbook that was read: its rows are where the index says."""

    name: str
    left_out: str
    file: Unpacked
    begins: int
    written: int

    def records(self):
        """(row number, cells) of each row that has something in it."""
        with self.file.open() as stream:
            stream.seek(self.begins)
            for _ in range(self.written):
                yield marshal.load(stream)


@dataclass
class SheetReader:
    """The rows of one sheet. Raises `Unusable` when it is made, if it has no headings that are known."""

    sheet: Sheet
    layout: Layout
    mapping: dict
    sha256: str = ""
    sheets: list = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    table: Table = field(init=False)
    first_row: int = field(init=False)

    def __post_init__(self):
        headings = Headings(self.layout, self.mapping)
        for number, cells in islice(self.sheet.records(), HEADINGS_WITHIN):
            headings.consider(cells, number)
        self.table, self.first_row = headings.settle(nothing=0)
        if self.table.has_no_headings:
            self.table, self.first_row = self.table.by_place(), 0
        if not self.headings:
            raise Unusable("empty")
        refuse_unknown(self.table, (cells for _number, cells in self._records()), self.sha256)

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
        for number, cells in self._records():
            if any(map(str.strip, cells)):
                yield self.table.row(number, cells)

    def _records(self):
        """(row number, cells) below the headings; what stands to the right of the last heading has no name."""
        width = len(self.headings)
        for number, cells in self.sheet.records():
            if number > self.first_row:
                yield number, cells[:width] + [""] * (width - len(cells))


def sheets(path):
    """The `Sheet`s of a workbook, those that are not read with the reason why. Raises `Unusable`."""
    _refuse_large_or_locked(path)
    file = Unpacked()
    code = _run(path, file)
    if code == PASSWORD:
        raise Unusable("password")
    if code in _GAVE_UP:
        raise _too_large()
    if code != READ:
        raise Unusable("workbook_broken")
    with file.open() as stream:
        stream.seek(-8, os.SEEK_END)
        stream.seek(*struct.unpack("<Q", stream.read(8)))
        return [
            Sheet(name, left_out, file, begins, written) for name, left_out, begins, written in marshal.load(stream)
        ]


def _run(path, target):
    """The exit code of the program that reads the workbook, which for a crash is the signal below zero."""
    with _as_input(path) as source:
        try:
            return subprocess.run(
                [sys.executable, "-I", str(_PROGRAM), str(MOST_ROWS)],
                stdin=source, stdout=target.descriptor, stderr=subprocess.DEVNULL, timeout=2 * MOST_SECONDS,
            ).returncode  # fmt: skip
        except subprocess.TimeoutExpired:
            return LARGE


def _as_input(path):
    if isinstance(path, Unpacked):
        os.lseek(path.descriptor, 0, os.SEEK_SET)
        return nullcontext(path.descriptor)
    return path.open("rb")


def _refuse_large_or_locked(path):
    """Measure before anything is opened: what is stored, and what comes out of it when it is unpacked."""
    with path.open("rb") as stream:
        stored = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        if stored > MOST_STORED:
            raise _too_large()
        start = stream.read(len(OLE))
        if start == OLE:
            if _LOCKED in stream.read():
                raise Unusable("password")
            return
        unpacked = 0
        with whole(), zipfile.ZipFile(stream) as archive:
            for entry in archive.infolist():
                size = 0
                with open_entry(archive, entry) as part:
                    while chunk := part.read(CHUNK):
                        size += len(chunk)
                        unpacked += len(chunk)
                        refuse_bomb(size, entry.compress_size)
                        if unpacked > MOST_UNPACKED:
                            raise _too_large()


def _too_large():
    return Unusable("workbook_large", rows=MOST_ROWS, size=MOST_UNPACKED // 1024**2)
