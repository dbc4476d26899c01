"""A program by itself: reads a workbook from its input and writes the cells of its sheets to its output.

The library that reads Excel is not written in Python. A hostile workbook can have it ask for more memory than
there is or break off the whole process, so it gets a process of its own, with limits, and that one's end
only costs the file. Started by `excel.py`, without Django.

The output is, for each row that has something in it, `marshal` of `(number of the row, cells as text)`; then
`marshal` of `[(name of the sheet, "" or why it is left out, where it begins, how many rows)]`; and last, as
eight bytes, where that list begins. The exit code says what else happened: see below.
"""

import errno
import marshal
import os
import resource
import struct
import sys
from contextlib import suppress
from datetime import date, datetime

READ, BROKEN, PASSWORD, LARGE = 0, 10, 11, 12
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 120
# A long text that a million cells point at is kept once in a workbook, and written a million times.
MOST_WRITTEN = 512 * 1024**2
MOST_CELLS = 12_000_000


def main():
    for kind, most in (
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_FSIZE, MOST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system with a lower limit of its own
            resource.setrlimit(kind, (most, most))
    import python_calamine

    try:
        with python_calamine.CalamineWorkbook.from_filelike(sys.stdin.buffer) as workbook:
            write(workbook, sys.stdout.buffer, int(sys.argv[1]))
    except python_calamine.PasswordError:
        return PASSWORD
    except (MemoryError, TooLarge):
        return LARGE
    except OSError as error:
        return LARGE if error.errno == errno.EFBIG else BROKEN
    except BaseException:  # a panic of the library is no Exception
        return BROKEN
    return READ


class TooLarge(Exception):
    """More rows or cells than are read of a workbook."""


def write(workbook, target, most_rows):
    sheets, rows = [], 0
    for facts in workbook.sheets_metadata:
        begins = target.tell()
        left_out = "" if str(facts.typ).endswith("WorkSheet") else "sheet_kind"
        if not left_out and not str(facts.visible).endswith("Visible"):
            left_out = "sheet_hidden"
        written = 0 if left_out else write_sheet(workbook.get_sheet_by_name(facts.name), target, most_rows - rows)
        rows += written
        sheets.append((facts.name, left_out, begins, written))
    index_at = target.tell()
    marshal.dump(sheets, target)
    target.write(struct.pack("<Q", index_at))
    target.flush()


def write_sheet(sheet, target, most_rows):
    if sheet.total_height * sheet.total_width > MOST_CELLS:
        raise TooLarge
    written = 0
    for number, row in enumerate(sheet.iter_rows(), start=1):
        cells = [written_as(cell) for cell in row]
        while cells and not cells[-1].strip():
            cells.pop()
        if not cells:
            continue
        written += 1
        if written > most_rows:
            raise TooLarge
        marshal.dump((number, cells), target)
    return written


def written_as(cell):
    """A cell as a person would have typed it: a whole number without point, a date as 2026-11-24."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if (cell.hour, cell.minute, cell.second) == (0, 0, 0) else cell.isoformat(" ")
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None else str(cell)


if __name__ == "__main__":
    # Without the farewell of the interpreter, which would try once more to write what did not fit.
    os._exit(main())
