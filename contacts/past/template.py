"""The workbook to fill in: a sheet with a column for each thing we take in, and one that explains the columns."""

import io

import xlsxwriter
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from xlsxwriter.utility import xl_col_to_name

from companies.models import TIERS
from contacts.models import Channel, Interaction, Person
from contacts.past.columns import COLUMNS, EXPLAINED, LABELS

TEXTS = {"cvr", "p_number", "postcode", "phone"}
DATES = {"on", "next_on"}
WIDTHS = {"name": 28, "address": 24, "owner": 28, "person": 22, "email": 26, "purpose": 32, "note": 60, "why": 32}
WIDTHS |= {"channel": 18, "outcome": 20, "role": 20, "staff": 28, "next_step": 32, "postcode": 10, "tier": 9}
WIDTH = 15
LAST_ROW = 1_048_575
# What a spreadsheet shows beside a cell.
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
INK, QUIET, BAND, LINE = "#1f2933", "#52606d", "#e8eef4", "#cbd5df"


def workbook(colleagues):
    """The workbook in the language that is active, as bytes. `colleagues` are the e-mails to choose among."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as book:
        book.set_properties({"title": _("Your own past")})
        sheet = book.add_worksheet(_("To fill in"))
        explanation = book.add_worksheet(_("Explanation"))
        names = book.add_worksheet(_("Colleagues"))
        names.hide()
        for row, email in enumerate(colleagues):
            names.write_string(row, 0, email)
        source = f"='{names.get_name()}'!$A$1:$A${len(colleagues)}" if colleagues else None
        _fill_in(book, sheet, source)
        _explain(book, explanation)
    return stream.getvalue()


def names_aside():
    """What the sheets that hold no rows are called, in each language."""
    names = set()
    for language, _its_name in settings.LANGUAGES:
        with translation.override(language):
            names |= {_("Explanation"), _("Colleagues")}
    return names


def choices():
    """The words to choose among: {our column: words}. The reading understands each of them, in both languages."""
    yes_or_no = [_("yes"), _("no")]
    return {
        "tier": [tier for tier, _label in TIERS],
        "do_not_contact": yes_or_no,
        "labour_conflict": yes_or_no,
        "role": [str(label) for label in Person.Role.labels],
        "channel": [str(label) for label in Channel.labels],
        "outcome": [str(label) for label in Interaction.Outcome.labels],
    }


def _fill_in(book, sheet, colleagues):
    formats = {
        "heading": book.add_format(
            {"bold": True, "font_color": INK, "bg_color": BAND, "bottom": 1, "bottom_color": LINE, "text_wrap": True}
        ),
        "text": book.add_format({"num_format": "@", "valign": "top"}),
        "date": book.add_format({"num_format": "dd-mm-yyyy", "align": "left", "valign": "top"}),
        "plain": book.add_format({"valign": "top", "text_wrap": True}),
    }
    words = choices()
    sheet.freeze_panes(1, 0)
    sheet.set_row(0, 32)
    for at, column in enumerate(LABELS):
        kind = "text" if column in TEXTS else "date" if column in DATES else "plain"
        sheet.set_column(at, at, WIDTHS.get(column, WIDTH), formats[kind])
        sheet.write_string(0, at, str(LABELS[column]), formats["heading"])
        rule = {
            "input_title": str(LABELS[column])[:LONGEST_TITLE],
            "input_message": str(EXPLAINED[column][0])[:LONGEST_MESSAGE],
        }
        if column in words:
            rule |= {"validate": "list", "source": words[column], "error_message": _("Choose one of the words.")}
        elif column == "owner" and colleagues:
            # Only a help: an earlier colleague is no longer on the list.
            rule |= {"validate": "list", "source": colleagues, "error_type": "information"}
        else:
            rule |= {"validate": "any"}
        sheet.data_validation(1, at, LAST_ROW, at, rule)


def _explain(book, sheet):
    """Column by column; its letter stands before its name, so that no line can be taken for headings."""
    title = book.add_format({"bold": True, "font_size": 14, "font_color": INK})
    group = book.add_format({"bold": True, "font_color": INK, "bg_color": BAND})
    heading = book.add_format({"bold": True, "font_color": QUIET, "bottom": 1, "bottom_color": LINE})
    plain = book.add_format({"text_wrap": True, "valign": "top"})
    strong = book.add_format({"text_wrap": True, "valign": "top", "bold": True})
    for at, width in enumerate((30, 62, 40, 18)):
        sheet.set_column(at, at, width)
    sheet.write_string(0, 0, _("How to fill it in"), title)
    row = 1
    for advice in _advice():
        sheet.merge_range(row, 0, row, 3, advice, plain)
        row += 1
    row += 1
    for at, text in enumerate((_("Column"), _("What to write"), _("Example, or the words to choose"), _("Needed"))):
        sheet.write_string(row, at, text, heading)
    row += 1
    words, letters = choices(), {column: xl_col_to_name(at) for at, column in enumerate(LABELS)}
    for name, columns in COLUMNS.items():
        for at, text in enumerate((str(name), "", "", "")):
            sheet.write_string(row, at, text, group)
        row += 1
        for column, label in columns.items():
            what, example, needed = EXPLAINED[column]
            if column in words:
                example = ", ".join(map(str, words[column]))
            sheet.write_string(row, 0, f"{letters[column]}: {label}", strong)
            for at, text in enumerate((what, example, needed), start=1):
                sheet.write_string(row, at, str(text), plain)
            row += 1


def _advice():
    return [
        _(
            "One row for each contact. A workplace with five contacts has five rows; its other facts need only stand once."
        ),
        _("Leave empty what you do not know. Columns you have no use for may be deleted."),
        _("The employers must be here already: import the register first."),
        _("Never write a CPR number, nor anything about a citizen. A row with a CPR number is refused."),
        _("When you have filled it in, choose the file under Import, Your own past. You see what would change first."),
        _("You may take the same file in again: what is known is not added twice."),
    ]
