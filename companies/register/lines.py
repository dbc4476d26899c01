"""Where a row stands in its file: one number, and the words for it.

A file may hold several sheets, or several files packed together. Rows are then numbered through: the number
of the sheet times `SHEET`, and the row within it, so that a number is found once in a file and sorts as the
file lies. Of a file of documents it is the number of the document.
"""

# No sheet has so many rows, and 200 of them still make a number that both databases keep.
SHEET = 10_000_000
MOST_SHEETS = 200


def line_of(sheet, row):
    """The line of a row in the sheet of that number, which counts from 1."""
    return sheet * SHEET + row


def in_words(line, sheets=()):
    """A line as it is shown: "5", and where the file has several `sheets`, "5 (Ark2)"."""
    if len(sheets) < 2 or line < SHEET:
        return str(line)
    sheet, row = divmod(line, SHEET)
    name = sheets[sheet - 1] if sheet <= len(sheets) else sheet
    return f"{row} ({name})"
