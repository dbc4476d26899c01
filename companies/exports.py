"""Workplaces as Excel: what a list shows with what it takes to reach them, typed, and recorded.

A list of employers that leaves the house is contact: those who are protected are left out unless somebody who may has
stated the basis. It is written row by row, so that its size costs time but no memory.
"""

import tempfile
from datetime import timedelta

import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from companies import bulk_drafts, listings
from companies.listings import Column
from companies.models import Export, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import StoredFile
from jobcenter_crm.staff.discretion import note_read

KIND = "companies.export"
# Up to so many rows the browser waits for the file, some three seconds; above, a job writes it.
ROWS_AT_ONCE = 20_000
# So many of a list that is made as a file while one waits.
ROWS_OF_A_LIST = 10_000
KEPT_DAYS = 7
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so is taken for a formula by programs that read the file as text, or when it is edited.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
# Stays text when somebody edits the cell.
QUOTED = {"quote_prefix": True}


def _warnings(workplace):
    said = []
    if workplace.ceased_on:
        said.append(_("Ceased"))
    if workplace.do_not_contact:
        said.append(_("Do not contact"))
    if workplace.advertising_protected or workplace.company.advertising_protected:
        said.append(_("Advertising-protected"))
    return ", ".join(said)


WARNINGS = Column(gettext_lazy("Note well"), 34, _warnings)


def order(*, draft, workplaces, answer, by, basis):
    """The rows of `draft` as Excel: sent at once, or written by a job, which is returned; recorded either way."""
    export = Export(
        by=by,
        listing=draft.listing,
        selection=draft.selection,
        selection_name=draft.selection.name if draft.selection else "",
        query=draft.query,
        words=draft.words,
        ticked=draft.ticked,
        with_protected=bool(basis),
        basis=basis,
        draft=draft,
    )
    if draft.rows > ROWS_AT_ONCE:
        with transaction.atomic():
            export.save()
            return jobs.start(KIND, by=by, arguments={"export": export.pk}, total=draft.rows, queue_it=False)
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    write(export, file)
    # Recorded before the first byte leaves, and not before the file is written: that would hold up other writers.
    export.save()
    return _sent(file, file_name(export))


def of_list(title, columns, rows, *, words, by):
    """The first 10,000 `rows` of the list called `title`, as Excel, with a sheet that says who chose what, and when."""
    is_cut = rows[ROWS_OF_A_LIST : ROWS_OF_A_LIST + 1].exists()
    first = _("The first %(n)s; the list has more.") % {"n": number_format(ROWS_OF_A_LIST, force_grouping=True)}
    shown = rows[:ROWS_OF_A_LIST].iterator(chunk_size=1000)
    return of_rows(title, columns, shown, words=words, by=by, cut=first if is_cut else "")


def of_rows(title, columns, rows, *, words, by, cut=""):
    """What `rows` give, whatever the `Column`s read them as, as Excel; as `of_list` does. `cut` says that there are more."""
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        write_rows(book, book.add_worksheet(title), columns, rows)
        about = [
            (_("List"), title),
            (_("Filter"), words),
            (_("Rows"), cut),
            (pgettext("an export", "Made by"), str(by)),
            (_("When"), date_format(timezone.localtime(), "SHORT_DATETIME_FORMAT")),
        ]
        write_facts(book, book.add_worksheet(_("About this file")), about)
    return _sent(file, f"{title} {timezone.localdate().isoformat()}.xlsx")


def _sent(file, name):
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=name,
        content_type=CONTENT_TYPE,
        headers={"Cache-Control": "private, no-store"},
    )


def work(job, progress):
    """Write the file of a large export, and keep it for its maker. Harmless twice."""
    export = Export.objects.select_related("draft", "by").get(pk=job.arguments["export"])
    if export.file_id is None:
        with tempfile.TemporaryFile() as file:
            write(export, file, told=progress)
            file.seek(0)
            with progress.saving():
                export.file = StoredFile.keep(File(file), by=export.by, name=file_name(export))
                export.save(update_fields=["rows", "left_out", "file"])
    return {"rows": export.rows, "left_out": export.left_out}


def page(job):
    return reverse("companies:export", args=[job.arguments["export"]])


def write(export, file, *, told=lambda done: None):
    """Write the workbook to the open `file`, in the language that is active, and count its rows on the unsaved `export`."""
    draft = export.draft
    shown = listings.opened(draft, user=export.by)
    note_read(f"{draft.listing}_excel", reader=export.by, colleagues=shown.of_whom())
    found = shown.annotated(Workplace.objects.select_related("company", "owner", "branch", "municipality"))
    if not export.with_protected:
        found = found.open_to_outreach()
    columns = [*shown.columns(), WARNINGS] if export.with_protected else shown.columns()
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_("Workplaces"))
        about = book.add_worksheet(_("About this file"))
        written = write_rows(book, sheet, columns, bulk_drafts.in_order(draft, found=found, dress=shown.dress), told)
        export.rows, export.left_out = written, draft.rows - written
        _about(book, about, export)


def write_rows(book, sheet, columns, rows, told=lambda done: None):
    """Write a heading and the `rows`, whatever the `Column`s read them as, to an empty sheet; returns how many."""
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        "number": book.add_format({"num_format": "0"}),
        "km": book.add_format({"num_format": "0.0"}),
    }
    quoted = book.add_format({"num_format": "@"} | QUOTED)
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, formats[column.kind])
        sheet.write_string(0, at, str(column.heading), heading)
    number = 0
    for number, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = column.value(row)
            if value in (None, ""):
                continue
            if column.kind == "text":
                _write_text(sheet, number, at, value, formats["text"], quoted)
            elif column.kind == "date":
                sheet.write_datetime(number, at, value, formats["date"])
            else:
                sheet.write_number(number, at, value, formats["number"])
        if number % 1000 == 0:
            told(number)
    sheet.autofilter(0, 0, number, len(columns) - 1)
    return number


def _write_text(sheet, row, column, text, plain, quoted):
    sheet.write_string(row, column, text, quoted if text.startswith(FORMULA_SIGNS) else plain)


def _about(book, sheet, export):
    """What a reader who gets the file from somebody else must know of it."""
    which = _("Ticked in the list") if export.ticked else _("The whole list")
    lines = [
        (_("List"), str(listings.label_of(export.listing))),
        (_("Filter"), export.words or _("All workplaces")),
        (_("Selection"), export.selection_name),
        (_("Chosen"), which),
        (pgettext("an export", "Made by"), str(export.by)),
        (_("When"), date_format(timezone.localtime(export.at), "SHORT_DATETIME_FORMAT")),
        (_("Rows"), number_format(export.rows, force_grouping=True)),
        (_("Left out"), _left_out(export)),
        (_("Basis"), export.basis),
    ]
    write_facts(book, sheet, lines)


def write_facts(book, sheet, lines):
    """Write labels and words below each other to an empty sheet; what has no words is left out."""
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    quoted = book.add_format({"text_wrap": True} | QUOTED)
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (label, words) in enumerate((label, words) for label, words in lines if words):
        sheet.write_string(row, 0, label, bold)
        _write_text(sheet, row, 1, words, wrapped, quoted)


def _left_out(export):
    number = number_format(export.left_out, force_grouping=True)
    if not export.left_out:
        return number
    if export.with_protected:
        return _("%(n)s: merged into another workplace since they were chosen.") % {"n": number}
    return _("%(n)s: advertising-protected, do not want contact, or ceased.") % {"n": number}


def file_name(export):
    """What it is called on the disk: the list and the day."""
    date = timezone.localdate(export.at).isoformat()
    if export.listing == listings.RegisterList.name:
        return _("Workplaces %(date)s.xlsx") % {"date": date}
    return f"{listings.label_of(export.listing)} {date}.xlsx"


@transaction.atomic
def let_go(now):
    """Delete files that have been kept for long enough; the record stays. Returns how many."""
    old = Export.objects.filter(file__isnull=False, at__lt=now - timedelta(days=KEPT_DAYS))
    files = StoredFile.objects.filter(pk__in=list(old.values_list("file", flat=True)))
    old.update(file=None)
    for stored in files:
        transaction.on_commit(lambda stored=stored: stored.file.storage.delete(stored.file.name))
    return files.delete()[0]
