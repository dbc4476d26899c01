"""Rejected rows as a file that can be corrected and chosen again.

CSV as a Danish spreadsheet opens it: UTF-8 with BOM, semicolons. One line a row: where, what and why, and
then the row's own cells under their own headings.
"""

import csv
from itertools import groupby

from django.utils.translation import gettext as _

from companies.register.lines import in_words
from companies.register.readers.files import UNSAID
from companies.register.reasons import sentence

BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class _Echo:
    """A file that hands back what is written to it, so that `csv` can be streamed."""

    def write(self, text):
        return text


def lines(headings, remarks, sheets=()):
    """The lines of the file for one import, from remarks in the order of their lines; the first carries the BOM.

    `sheets` are the names of the sheets that the remarks' lines count.
    """
    yield BOM + _line([*_about(), *headings])
    for about, raw in by_row(remarks, sheets):
        yield _line([*about, *raw])


def lines_of_several(files):
    """The same for several files, `(name, headings, remarks, sheets)` each: every heading once, and the file's name first.

    Under a heading that a file does not have, its rows say nothing, so that a corrected row empties no fact.
    """
    columns = {}
    for _name, headings, _remarks, _sheets in files:
        for key in _keyed(headings):
            columns.setdefault(key, len(columns))
    yield BOM + _line([_("File"), *_about(), *(heading for heading, _time in columns)])
    for name, headings, remarks, sheets in files:
        keys = _keyed(headings)
        for about, raw in by_row(remarks, sheets):
            cells = ["" if key in keys else UNSAID for key in columns]
            for key, cell in zip(keys, raw, strict=False):
                cells[columns[key]] = cell
            yield _line([name, *about, *cells, *raw[len(keys) :]])


def by_row(remarks, sheets=()):
    """`([line, columns, values, reasons], cells)` for each row, with all that is wrong with it."""
    for number, some in groupby(remarks, lambda remark: remark.line):
        told = list(some)
        columns = ", ".join(dict.fromkeys(remark.column for remark in told if remark.column))
        values = ", ".join(dict.fromkeys(remark.value for remark in told if remark.value))
        reasons = " ".join(dict.fromkeys(str(sentence(remark.reason, remark.details, sheets)) for remark in told))
        yield (
            [in_words(number, sheets), columns, values, reasons],
            next((remark.raw for remark in told if remark.raw), []),
        )


def _about():
    return [_("Line"), _("Column"), _("In the file"), _("What is wrong, and what to do")]


def _keyed(headings):
    """Headings told apart where a file has the same one twice."""
    seen = {}
    keys = []
    for heading in headings:
        seen[heading] = seen.get(heading, 0) + 1
        keys.append((heading, seen[heading]))
    return keys


def _line(cells):
    return csv.writer(_Echo(), delimiter=";").writerow([_harmless(cell) for cell in cells])


def _harmless(cell):
    """Guarded by an apostrophe, as spreadsheets do; `cells.text` takes it off again."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
