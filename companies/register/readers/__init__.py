"""Files as rows of raw cells, one reader for each kind of file; the rules are elsewhere and the same for all.

A reader streams: it keeps one row in memory, whatever the size of the file. Which kind a file is of is told
by what is in it and never by its name.
"""

from pathlib import Path

from companies.register import cells
from companies.register.headings import REGISTER
from companies.register.lines import MOST_SHEETS
from companies.register.readers import excel, packed
from companies.register.readers.documents import DocumentReader, begins_as_json
from companies.register.readers.files import (
    UNREADABLE,
    UNSAID,
    LeftOut,
    Reader,
    Row,
    Unnamed,
    Unusable,
    digest,
    is_by_place,
    is_unsaid,
    named,
    places,
    samples,
    showable,
)
from companies.register.readers.sheets import Sheets
from companies.register.readers.text import CsvReader

__all__ = [
    "UNREADABLE",
    "UNSAID",
    "CsvReader",
    "DocumentReader",
    "LeftOut",
    "Reader",
    "Row",
    "Sheets",
    "Unnamed",
    "Unusable",
    "is_by_place",
    "is_unsaid",
    "open_file",
    "places",
    "samples",
    "showable",
]

# A packed file or a sheet that is refused for one of these is the end of the whole file; others are left out.
_FATAL = {
    "archive_nested",
    "bomb",
    "document_large",
    "json_broken",
    "many_files",
    "packed_broken",
    "password",
    "unpacked_large",
    "workbook_broken",
    "workbook_large",
}


def open_file(path, *, layout=REGISTER, mapping=None):
    """The reader for a file, told by what is in it.

    `mapping` is what a person has said of its columns: {heading: our column, or empty for none}. Raises
    `Unusable`; `Unnamed` where its columns only have to be named. A mapping that names columns by their place
    ("#1", "#2") says that the first row is no headings, unless it holds just these.
    """
    path = Path(path)
    try:
        return _open(path, layout, named(mapping))
    except OSError as error:
        raise Unusable("unreadable_file", problem=error.strerror or type(error).__name__) from error


def _open(path, layout, mapping):
    start = _start(path)
    if not packed.is_archive(start) and not start.startswith(excel.OLE):
        return _plain(path, start, layout, mapping)
    parts = list(_parts(path, start, layout, mapping))
    if len(parts) > MOST_SHEETS:
        raise Unusable("many_files", limit=MOST_SHEETS)
    sha256 = digest(path)
    if not any(reader for _name, reader, _problem in parts):
        raise _worst(parts, sha256)
    return Sheets([(name, reader, _left_out(problem)) for name, reader, problem in parts], sha256=sha256)


def _start(path):
    with path.open("rb") as stream:
        return stream.read(4096)


def _plain(path, start, layout, mapping):
    """The reader of a file that is not packed."""
    if begins_as_json(start):
        return DocumentReader(path, layout=layout, mapping=mapping)
    return CsvReader(path, layout=layout, mapping=mapping)


def _parts(path, start, layout, mapping):
    """Yields (name, reader or None, what is wrong with it) for each table in a file that is packed in some way."""
    if start.startswith(packed.GZIP):
        yield from _inner("", packed.gunzip(path), layout, mapping)
    elif start.startswith(excel.OLE) or (start.startswith(packed.ZIP) and excel.is_workbook(path, start)):
        yield from _sheets(path, layout, mapping)
    elif start.startswith((packed.ZIP, packed.EMPTY_ZIP)):
        for name, file in packed.members(path):
            yield from _inner(name, file, layout, mapping)
    else:
        raise Unusable("archive_other")


def _inner(name, file, layout, mapping):
    """The tables of a file that was packed; a workbook may be, another archive may not."""
    start = _start(file)
    is_workbook = start.startswith(excel.OLE) or (start.startswith(packed.ZIP) and excel.is_workbook(file, start))
    if packed.is_archive(start) and not is_workbook:
        raise Unusable("archive_nested")
    if is_workbook:
        for sheet, reader, problem in _sheets(file, layout, mapping):
            yield f"{name}: {sheet}" if name else sheet, reader, problem
    else:
        yield name, *_tried(lambda: _plain(file, start, layout, mapping))


def _sheets(path, layout, mapping):
    for number, sheet in enumerate(excel.sheets(path), start=1):
        name = showable(cells.text(sheet.name)) or f"#{number}"
        if sheet.left_out:
            yield name, None, Unusable(sheet.left_out)
        else:
            yield name, *_tried(lambda sheet=sheet: excel.SheetReader(sheet, layout, mapping))


def _tried(make):
    """(reader, None), or (None, what is wrong) where the rest of the file may do without it."""
    try:
        return make(), None
    except Unusable as problem:
        if problem.reason in _FATAL:
            raise
        return None, problem


def _left_out(problem):
    """The code of the sentence that says why a sheet is left out; none for one with nothing in it."""
    if problem is None or problem.reason == "empty":
        return ""
    return problem.reason if problem.reason in ("sheet_hidden", "sheet_kind") else "sheet_unknown"


def _worst(parts, sha256):
    """What to say of a file none of whose tables can be used: of the one whose columns may be named, if there is one."""
    problems = [problem for _name, _reader, problem in parts if problem.reason not in ("sheet_hidden", "sheet_kind")]
    for problem in problems:
        if isinstance(problem, Unnamed):
            problem.sha256 = sha256
            return problem
    if len(parts) == 1 and problems:
        return problems[0]
    return Unusable("no_sheet")
