"""Why a row or a file was not taken, or taken with a warning: a code for each, and its sentence.

Codes are what the database keeps, so that each reader sees the sentence in their own language. A
sentence says what to do, and never repeats a value of the file.
"""

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from companies.register.lines import in_words

# The whole file: nothing of it is taken.
UNUSABLE = {
    "empty": _("The file is empty. Choose another file."),
    "no_rows": _("The file has headings but no rows. Choose another file."),
    "no_cvr_heading": _(
        "No column has a heading for the CVR number, such as CVR-nummer, cvrnr or CVR. "
        "Headings found: %(found)s. Write the heading in the first line of the file."
    ),
    "no_name_heading": _(
        "No column has a heading for the name, such as Navn or Virksomhedsnavn. "
        "Headings found: %(found)s. Write the heading in the first line of the file."
    ),
    "no_headings": _(
        "The first line has no headings that are known. Found: %(found)s. At least the CVR number (such as CVR-nummer, cvrnr "
        "or CVR) and the name (such as Navn or Virksomhedsnavn) are needed. Write them in the first line of the file."
    ),
    "one_column": _(
        "There is only one column in the file. If it has more, save it as CSV with semicolons between the cells; if it "
        "has not, add the columns that are missing."
    ),
    "binary": _("This is neither text nor a workbook. Choose a CSV, Excel or JSON file from the register."),
    "utf16": _(
        "The file is written as UTF-16. Open it in a spreadsheet, save it as “CSV UTF-8”, and choose that file."
    ),
    "unreadable_file": _("The file can't be read: %(problem)s."),
    "workbook_large": _(
        "The workbook is too large: at most %(rows)s rows and %(size)s MB unpacked are read. "
        "Open it, save each sheet as “CSV UTF-8”, and choose those files."
    ),
    "workbook_broken": _(
        "The workbook is damaged, or of a kind that can't be read. Open it in a spreadsheet, save it anew as .xlsx or "
        "“CSV UTF-8”, and choose that file."
    ),
    "password": _("The file is locked with a password. Save it without password, and choose that file."),
    "no_sheet": _(
        "No sheet and no packed file has headings that are known. At least the CVR number (such as CVR-nummer, cvrnr or "
        "CVR) and the name (such as Navn or Virksomhedsnavn) are needed. Write them in the first line."
    ),
    "packed_broken": _("The packed file is cut off or damaged. Fetch it or pack it again, and choose that file."),
    "archive_nested": _(
        "There is a packed file within the packed file. Unpack it, and choose the files that lie in it."
    ),
    "archive_other": _("The file is packed in a way that can't be read here. Pack it as zip or gzip, or unpack it."),
    "bomb": _(
        "What is packed in the file is so much larger than the file itself that it can't be right. Unpack it yourself, "
        "and choose the files that lie in it."
    ),
    "unpacked_large": _(
        "More than %(limit)s MB are packed in the file. Divide it, and choose the files one after the other."
    ),
    "many_files": _("More than %(limit)s sheets or files are packed in the file. Divide it into several."),
    "many_rows": _("A file or sheet has more than %(limit)s rows. Divide it into several."),
    "no_documents": _(
        "This is JSON, but the first documents are none of the register's: none tells of a company (Vrvirksomhed) or a "
        "workplace (VrproduktionsEnhed). Choose another file."
    ),
    "documents_not_wanted": _(
        "This is JSON. Only files of the register are read as JSON; choose a CSV or Excel file here."
    ),
    "json_broken": _("The JSON is cut off or damaged. Fetch the file again, and choose that one."),
    "document_large": _(
        "A document of the file is larger than %(limit)s MB. Write one document a line, or all of them as one list."
    ),
    "no_place_heading": _(
        "No column has a heading for the CVR number or the P-number, such as CVR-nummer or P-nummer. "
        "Headings found: %(found)s. Write one of them in the first line of the file."
    ),
    "gone": _("The file is no longer stored here. Choose it again."),
    "delivery_gone": _("The delivery was taken away before it was read. Have it delivered again."),
    "delivery_large": _("The delivery is larger than 4 GB. Have it delivered in several parts."),
    "left": _("Nobody took it in within %(days)s days, so the file was deleted."),
}

# One row is left out; the others are taken.
REJECTED = {
    "cvr_missing": _("There is no CVR number. Write it."),
    "cvr_digits": _("The CVR number must have 8 digits; this has %(digits)s. Correct it."),
    "name_missing": _("There is no name. Write it."),
    "name_long": _("The name has %(length)s characters; at most %(limit)s are kept. Shorten it."),
    "p_number_digits": _("The P-number must have 10 digits; this has %(digits)s. Correct it, or leave the cell empty."),
    "p_number_two_companies": _(
        "The P-number is also in line %(line)s with another CVR number. Keep the right line only."
    ),
    "nul": _("The cell holds a NUL character. Delete it from the file."),
    "unreadable_character": _(
        "The cell holds characters that can't be read. Save the file as “CSV UTF-8” and choose it again."
    ),
    "cells": _("The row has %(cells)s cells, and there are %(headings)s headings. Correct the row."),
    "quote": _("A quotation mark is opened here and never closed. Close or delete it in the file."),
    "document_form": _(
        "The document is not built as the register's are. Fetch it again; or correct it as a row, and take that in."
    ),
    "line_long": _("The line is longer than %(limit)s characters. Correct it in the file."),
    "address_long": _("The address has %(length)s characters; at most %(limit)s are kept. Shorten it."),
    "cell_long": _("The cell has %(length)s characters; at most %(limit)s are read. Shorten it."),
    "cpr": _("The cell looks like a CPR number. Delete it; it must not enter the system."),
    "place_missing": _("There is neither a CVR number nor a P-number. Write one of them in the file."),
    "place_unknown": _(
        "No workplace with this P-number is known here. Import the register first, or add the workplace by hand; "
        "then take the row in again."
    ),
    "company_unknown": _(
        "No company with this CVR number is known here. Import the register first, or add the workplace by hand; "
        "then take the row in again."
    ),
    "place_other_company": _("The P-number belongs to another company than the CVR number. Correct one of them."),
    "several_places": _(
        "The row can mean %(number)s workplaces of the company. Write the P-number of the one that is meant."
    ),
    "text_long": _("The text has %(length)s characters; at most %(limit)s are kept. Shorten it in the file."),
    "maybe_cpr_refused": _(
        "The cell holds ten digits that may be a CPR number, and no workplace has them as its P-number. "
        "Delete them from the file."
    ),
    "day_form": _("This is not a date, such as 2026-11-24 or 24-11-2026. Correct it in the file."),
    "day_long_ago": _("The day is before %(year)s. Correct it in the file."),
}

# A row that another row of the same file replaces.
REPEATED = {
    "repeated_same": _("The same row is also in line %(line)s."),
    "repeated_other": _("Line %(line)s is about the same workplace and says otherwise. The last one is taken."),
    "repeated_place": _("Line %(line)s has the same company and address, with a P-number. That one is taken."),
}

# The row is taken; the fact in question is left as it was, unless the sentence says otherwise.
WARNINGS = {
    "cvr_checksum": _(
        "The check digit of the CVR number is wrong. The row is taken; look the company up in the register."
    ),
    "branch_unknown": _("No branch has this code. The branch is left as it was."),
    "postcode_unknown": _("No such postcode is known. It is taken as it is written."),
    "municipality_unknown": _("No such municipality is known. The municipality is left as it was."),
    "form_unknown": _("No such company form is known. The form is left as it was."),
    "date_form": _("This is not a date, such as 2026-11-24 or 24-11-2026. It is left as it was."),
    "employees_form": _("This is not a number of employees, such as 12 or 10-19. It is left as it was."),
    "yes_or_no_form": _("This is neither yes nor no. It is left as it was."),
    "coordinate_form": _("These are not degrees north or east. They are left as they were."),
    "sector_unknown": _("This is neither private nor public. It is left as it was."),
    "fact_long": _("The cell has %(length)s characters; at most %(limit)s are kept. It is left as it was."),
    "ends_later": _(
        "The end is in the future. The place counts as active until then; import a file again after that day."
    ),
    "maybe_cpr": _(
        "The cell holds ten digits that may be a CPR number. If they are, correct the file before you take it in."
    ),
    "several_workplaces": _(
        "The company has several workplaces, and the row tells not which. Only the company's own facts are taken."
    ),
    "several_here": _(
        "The company has several workplaces at this address, and the row tells not which. Only the company's own facts are taken."
    ),
    "sheet_unknown": _("No heading of %(sheet)s is known. It is left out."),
    "sheet_hidden": _("The sheet %(sheet)s is hidden. It is left out; show it and save the file if it is to be read."),
    "sheet_kind": _("%(sheet)s is no sheet with rows. It is left out."),
    "participants": _("Documents that tell of people or other participants: %(documents)s. They are never read."),
    "only_ceased": _("The company's only workplace has ceased. The row is taken in there."),
    "moved": _("The workplace was known at another address and without P-number. It is taken to have moved."),
}

# What somebody types into a rejected row.
TYPED = {
    "cpr_typed": _("This may be a CPR number. It is not kept; write the cell without it."),
    "no_heading": _("This cell has no heading. Move what is in it to the right cell, and empty it."),
}

SENTENCES = UNUSABLE | REJECTED | REPEATED | WARNINGS | TYPED


def sentence(code, details=None, sheets=()):
    """The sentence of `code` in the language that is active; a code of a version now gone stands for itself.

    `sheets` are the names of the file's sheets, for a sentence that speaks of a line. A day is kept in `details` as
    `iso_date`, and is the sentence's `date` as that language writes it.
    """
    if details and "iso_date" in details:
        details = details | {"date": date_format(date.fromisoformat(details["iso_date"]))}
    if sheets and details and "line" in details:
        details = details | {"line": in_words(details["line"], sheets)}
    text = SENTENCES.get(code)
    if text is None:
        return code
    try:
        return text % (details or {})
    except (KeyError, ValueError):
        return str(text)
