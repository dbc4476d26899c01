"""Workplaces as Excel: what is on screen with what it takes to reach them, typed, and recorded.

A list of employers that leaves the house is contact: those who are protected are left out unless somebody who may has
stated the basis. It is written row by row, so that its size costs time but no memory.
"""

import tempfile
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import xlsxwriter
from django.core.files import File
from django.db import transaction
from django.http import FileResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format, number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from companies import bulk_drafts
from companies.models import Export, Workplace
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import StoredFile

KIND = "companies.export"
# Up to so many rows the browser waits for the file, some three seconds; above, a job writes it.
ROWS_AT_ONCE = 20_000
KEPT_DAYS = 7
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins so is taken for a formula by programs that read the file as text, or when it is edited.
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Column:
    heading: Any
    width: int
    value: Any
    kind: str = "text"


def _warnings(workplace):
    said = []
    if workplace.ceased_on:
        said.append(_("Ceased"))
    if workplace.do_not_contact:
        said.append(_("Do not contact"))
    if workplace.advertising_protected or workplace.company.advertising_protected:
        said.append(_("Advertising-protected"))
    return ", ".join(said)


# The columns of the list in their order, then what it takes to find and reach the place.
COLUMNS = [
    Column(gettext_lazy("Workplace"), 34, lambda one: one.name),
    Column(gettext_lazy("Group"), 8, lambda one: one.tier, "number"),
    Column(gettext_lazy("Branch"), 34, lambda one: one.branch.title if one.branch else ""),
    Column(gettext_lazy("Employees, at least"), 11, lambda one: one.employees_min, "number"),
    Column(gettext_lazy("Employees, at most"), 11, lambda one: one.employees_max, "number"),
    Column(gettext_lazy("Responsible"), 24, lambda one: str(one.responsible) if one.responsible else ""),
    Column(gettext_lazy("Last contact"), 13, lambda one: one.last_contact_on, "date"),
    Column(gettext_lazy("Next step"), 13, lambda one: one.next_contact_on, "date"),
    Column(gettext_lazy("Company"), 34, lambda one: one.company.name),
    Column(gettext_lazy("CVR number"), 12, lambda one: one.company.cvr_number),
    Column(gettext_lazy("P-number"), 13, lambda one: one.p_number or ""),
    Column(gettext_lazy("Street and number"), 28, lambda one: one.street),
    Column(gettext_lazy("Postcode"), 10, lambda one: one.postcode),
    Column(gettext_lazy("Town"), 18, lambda one: one.town),
    Column(gettext_lazy("Municipality"), 18, lambda one: one.municipality.name if one.municipality else ""),
    Column(gettext_lazy("Telephone"), 14, lambda one: one.phone),
    Column(gettext_lazy("E-mail"), 28, lambda one: one.email),
    Column(gettext_lazy("Sector"), 10, lambda one: str(one.get_sector_display())),
]
WARNINGS = Column(gettext_lazy("Note well"), 34, _warnings)


def order(*, draft, workplaces, answer, by, basis):
    """The rows of `draft` as Excel: sent at once, or written by a job, which is returned; recorded either way."""
    export = Export(
        by=by,
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
    file.seek(0)
    return FileResponse(
        file,
        as_attachment=True,
        filename=file_name(export),
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
    found = Workplace.objects.select_related("company", "owner", "branch", "municipality")
    if not export.with_protected:
        found = found.open_to_outreach()
    columns = [*COLUMNS, WARNINGS] if export.with_protected else COLUMNS
    with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
        sheet = book.add_worksheet(_("Workplaces"))
        about = book.add_worksheet(_("About this file"))
        written = _rows(book, sheet, columns, bulk_drafts.in_order(draft, found=found), told)
        export.rows, export.left_out = written, draft.rows - written
        _about(book, about, export)


def _rows(book, sheet, columns, rows, told):
    heading = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
    formats = {
        "text": book.add_format({"num_format": "@"}),
        "date": book.add_format({"num_format": "dd-mm-yyyy", "align": "left"}),
        "number": book.add_format({"num_format": "0"}),
    }
    # Stays text when somebody edits the cell.
    quoted = book.add_format({"num_format": "@", "quote_prefix": True})
    sheet.freeze_panes(1, 1)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width, formats[column.kind])
        sheet.write_string(0, at, str(column.heading), heading)
    number = 0
    for number, workplace in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = column.value(workplace)
            if value in (None, ""):
                continue
            if column.kind == "text":
                sheet.write_string(number, at, value, quoted if value.startswith(FORMULA_SIGNS) else formats["text"])
            elif column.kind == "date":
                sheet.write_datetime(number, at, value, formats["date"])
            else:
                sheet.write_number(number, at, value, formats["number"])
        if number % 1000 == 0:
            told(number)
    sheet.autofilter(0, 0, number, len(columns) - 1)
    return number


def _about(book, sheet, export):
    """What a reader who gets the file from somebody else must know of it."""
    bold, wrapped = book.add_format({"bold": True, "valign": "top"}), book.add_format({"text_wrap": True})
    which = _("Ticked in the list") if export.ticked else _("The whole list")
    lines = [
        (_("Filter"), export.words or _("All workplaces")),
        (_("Selection"), export.selection_name),
        (_("Chosen"), which),
        (pgettext("an export", "Made by"), str(export.by)),
        (_("When"), date_format(timezone.localtime(export.at), "SHORT_DATETIME_FORMAT")),
        (_("Rows"), number_format(export.rows, force_grouping=True)),
        (_("Left out"), _left_out(export)),
        (_("Basis"), export.basis),
    ]
    sheet.set_column(0, 0, 18)
    sheet.set_column(1, 1, 90)
    for row, (label, words) in enumerate((label, words) for label, words in lines if words):
        sheet.write_string(row, 0, label, bold)
        sheet.write_string(row, 1, words, wrapped)


def _left_out(export):
    number = number_format(export.left_out, force_grouping=True)
    if not export.left_out:
        return number
    if export.with_protected:
        return _("%(n)s: merged into another workplace since they were chosen.") % {"n": number}
    return _("%(n)s: advertising-protected, do not want contact, or ceased.") % {"n": number}


def file_name(export):
    return _("Workplaces %(date)s.xlsx") % {"date": timezone.localdate(export.at).isoformat()}


@transaction.atomic
def let_go(now):
    """Delete files that have been kept for long enough; the record stays. Returns how many."""
    old = Export.objects.filter(file__isnull=False, at__lt=now - timedelta(days=KEPT_DAYS))
    files = StoredFile.objects.filter(pk__in=list(old.values_list("file", flat=True)))
    old.update(file=None)
    for stored in files:
        transaction.on_commit(lambda stored=stored: stored.file.storage.delete(stored.file.name))
    return files.delete()[0]
