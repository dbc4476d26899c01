"""Files packed by gzip or zip: what is in them, unpacked once, and never more than is reasonable.

A small file can be made to unpack into more than any disk holds. What is unpacked is counted as it comes,
whatever the file says of its size, and given up at a limit. Names in a zip are only names: nothing is
written under them.
"""

import gzip
import io
import lzma
import os
import struct
import tempfile
import weakref
import zipfile
import zlib
from typing import NamedTuple

from companies.register.cells import text
from companies.register.lines import MOST_SHEETS
from companies.register.readers.files import CHUNK, Unusable, showable

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MOST_UNPACKED = 4 * 1024**3
# The register's files shrink to a tenth or a thirtieth; beyond the first megabytes, no honest file to less than this.
MOST_RATIO, UNWATCHED = 200, 16 * 1024 * 1024
# How other archives begin; the second element says where.
_ARCHIVES = [
    (GZIP, 0), (ZIP, 0), (EMPTY_ZIP, 0), (b"7z\xbc\xaf", 0), (b"Rar!", 0), (b"\xfd7zXZ", 0), (b"BZh", 0),
    (b"\x28\xb5\x2f\xfd", 0), (b"ustar", 257),
]  # fmt: skip
# What the zip modules raise for files that are no proper archives.
_BROKEN = (
    zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, lzma.LZMAError, EOFError, struct.error, NotImplementedError,
    RuntimeError, ValueError, OverflowError, IndexError, KeyError,
)  # fmt: skip
_ENCRYPTED = 0x1
# Of the record at a zip's end: its mark, and where the number of files and the size of their list stand.
_END, _END_64, _LOCATOR_64 = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_MOST_LISTED = 4 * CHUNK


def is_archive(start):
    """Whether a file that begins so is packed in some way, also one that is not unpacked here."""
    return any(start[at:].startswith(mark) for mark, at in _ARCHIVES)


class Unpacked:
    """Bytes on disk without a name: the operating system deletes them when nothing uses them any more.

    Opened like a `Path`, as often as wanted.
    """

    def __init__(self):
        with tempfile.TemporaryFile() as file:
            self.descriptor = os.dup(file.fileno())
        weakref.finalize(self, os.close, self.descriptor)

    def open(self, mode="rb"):
        return io.BufferedReader(_Window(self), CHUNK // 8)

    def fill(self, source, packed):
        """Copy all of `source` here, of which `packed` gives the packed size. Raises `Unusable` beyond reason."""
        size = 0
        while chunk := source.read(CHUNK):
            size += len(chunk)
            refuse_bomb(size, packed)
            view = memoryview(chunk)
            while view:
                view = view[os.write(self.descriptor, view) :]
        return size


class _Window(io.RawIOBase):
    """Reads an `Unpacked` file at a position of its own."""

    def __init__(self, unpacked):
        self._unpacked, self._at = unpacked, 0

    def readable(self):
        return True

    def seekable(self):
        return True

    def readinto(self, buffer):
        data = os.pread(self._unpacked.descriptor, len(buffer), self._at)
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def seek(self, offset, whence=os.SEEK_SET):
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at}.get(whence)
        if start is None:
            start = os.fstat(self._unpacked.descriptor).st_size
        if start + offset < 0:
            raise ValueError("before the beginning")
        self._at = start + offset
        return self._at

    def tell(self):
        return self._at


class Member(NamedTuple):
    """One file of a zip: its name as it may be shown, and its bytes."""

    name: str
    file: Unpacked


def refuse_bomb(size, packed):
    """Raise `Unusable` where so many bytes have come out of so few, or simply too many."""
    if size > MOST_UNPACKED:
        raise Unusable("unpacked_large", limit=MOST_UNPACKED // 1024**2)
    if size > UNWATCHED and size > MOST_RATIO * packed:
        raise Unusable("bomb")


def gunzip(path):
    """What is packed in a gzip file."""
    with path.open("rb") as stream:
        packed = stream.seek(0, os.SEEK_END)
        stream.seek(0)
        unpacked = Unpacked()
        with whole(), gzip.GzipFile(fileobj=stream) as source:
            unpacked.fill(source, packed)
    return unpacked


def names(stream):
    """The entries of a zip; none of them has been read. Raises `Unusable`."""
    _refuse_long_list(stream)
    with whole(), zipfile.ZipFile(stream) as archive:
        return archive.infolist()


def members(path):
    """Yields a `Member` for each file in a zip that may hold rows; folders and what systems hide are passed over."""
    with path.open("rb") as stream:
        entries = [entry for entry in names(stream) if not _is_hidden(entry)]
        if len(entries) > MOST_SHEETS:
            raise Unusable("many_files", limit=MOST_SHEETS)
        unpacked = 0
        with whole(), zipfile.ZipFile(stream) as archive:
            for number, entry in enumerate(entries, start=1):
                with open_entry(archive, entry) as source:
                    file = Unpacked()
                    unpacked += file.fill(source, entry.compress_size)
                refuse_bomb(unpacked, unpacked)
                yield Member(_name(entry, number), file)


def open_entry(archive, entry):
    """A stream of one entry; its checksum is looked at when it comes to its end. Raises `Unusable` if it is locked."""
    if entry.flag_bits & _ENCRYPTED:
        raise Unusable("password")
    return archive.open(entry)


class whole:
    """Turns what the zip modules raise for a file that is cut off or damaged into `Unusable`."""

    def __enter__(self):
        return self

    def __exit__(self, kind, error, traceback):
        if isinstance(error, _BROKEN) or (isinstance(error, OSError) and error.errno is None):
            raise Unusable("packed_broken") from error


def _refuse_long_list(stream):
    """Refuse a zip with a list of files that would fill the memory: the zip module reads it all at once."""
    size = stream.seek(0, os.SEEK_END)
    tail_at = max(0, size - 65_557)
    stream.seek(tail_at)
    tail = stream.read()
    at = tail.rfind(_END)
    listed = int.from_bytes(tail[at + 12 : at + 16], "little") if at >= 0 else 0
    locator = tail[max(0, at - 20) : at] if at >= 0 else b""
    if locator.startswith(_LOCATOR_64):
        stream.seek(max(0, min(int.from_bytes(locator[8:16], "little"), size)))
        record = stream.read(56)
        if not record.startswith(_END_64):
            # Something stands before the archive, and moves all that it says of places.
            stream.seek(max(0, tail_at + at - 76))
            record = stream.read(56)
        listed = int.from_bytes(record[40:48], "little")
    stream.seek(0)
    if listed > _MOST_LISTED:
        raise Unusable("many_files", limit=MOST_SHEETS)


def _is_hidden(entry):
    name = entry.filename
    return name.endswith("/") or name.rpartition("/")[2].startswith(".") or name.startswith("__MACOSX/")


def _name(entry, number):
    return showable(text(entry.filename))[-100:] or f"#{number}"
