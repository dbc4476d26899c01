"""Code lists as files: out as CSV or Excel, corrected or added to, and in again with a preview.

A row is known by its code; nothing is deleted by a file. What follows from a code (level, section and the
branch above, the order of names) is derived, and checked where the file tells it too.
"""

import csv
import io
import zipfile

import tablib
import xlsxwriter
from django import forms
from django.contrib import messages
from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError
from django.shortcuts import redirect
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from import_export.admin import ImportExportMixin
from import_export.fields import Field
from import_export.formats import base_formats
from import_export.forms import ConfirmImportForm, ExportForm, ImportForm
from import_export.resources import Diff, ModelResource
from import_export.results import RowResult
from python_calamine import CalamineWorkbook

from companies.codes import level_of
from companies.models import Branch, CompanyForm, Municipality, Postcode

LARGEST = 2 * 1024 * 1024
# What a workbook of that size may unfold to, and how many rows of a list are still a code list.
LARGEST_UNFOLDED = 50 * 1024 * 1024
MOST_ROWS = 20_000
BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"
# A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
# What the library says on our screens; it brings no Danish.
BORROWED = [
    gettext_noop("Format"),
    gettext_noop("Import"),
    gettext_noop("Export"),
    gettext_noop("No valid data to import. Ensure your file has the correct headers or data for import."),
]


# --- Rows ------------------------------------------------------------------------------------


class WordDiff(Diff):
    """What a row changes, old and new whole: the library's own marks letters, by inline styles that the pages refuse."""

    def as_html(self):
        return [
            str(new)
            if self.new or old == new
            else format_html("<del>{}</del> <ins>{}</ins>", old if old not in (None, "") else "–", new)
            for old, new in zip(self.left, self.right, strict=True)
        ]


class CodeResource(ModelResource):
    """Reads and writes rows of a code list. `WIDTH` is the number of digits of its codes, 0 for any."""

    WIDTH = 0

    class Meta:
        import_id_fields = ["code"]
        skip_unchanged = True
        report_skipped = False
        clean_model_instances = True

    @classmethod
    def get_diff_class(cls):
        return WordDiff

    def before_import(self, dataset, **kwargs):
        """Headings as they may be written. Raises `ValidationError` for a file that is no such list."""
        dataset.headers = [str(heading or "").strip().lower() for heading in dataset.headers or []]
        needed = [field.column_name for name, field in self.fields.items() if name in self._meta.import_id_fields]
        missing = [name for name in needed if name not in dataset.headers]
        if missing:
            raise ValidationError(
                _("There is no column called %(names)s. Download the list, and use its headings.")
                % {"names": ", ".join(missing)}
            )
        if len(set(filter(None, dataset.headers))) < len(list(filter(None, dataset.headers))):
            raise ValidationError(_("Two columns have the same heading. Delete one of them."))
        if len(dataset) > MOST_ROWS:
            raise ValidationError(_("The file has more than %(most)s rows.") % {"most": MOST_ROWS})
        self.seen = {}
        # One question instead of one a row.
        self.known = {self._key(vars(row)): row for row in self.get_queryset()}

    def get_instance(self, instance_loader, row):
        return self.known.get(self._key(row))

    def after_save_instance(self, instance, row, **kwargs):
        self.known[self._key(row)] = instance

    def _key(self, facts):
        return tuple(facts[name] for name in self._meta.import_id_fields)

    def before_import_row(self, row, row_number=0, **kwargs):
        """The cells as text, and what follows from them. Raises `ValidationError` in words."""
        for heading, cell in row.items():
            row[heading] = _as_text(cell)
        row["code"] = self.code(row)
        key = self._key(row)
        if key in self.seen:
            raise ValidationError({"code": _("The same code is also in line %(line)s.") % {"line": self.seen[key]}})
        self.seen[key] = row_number + 1
        self.derive(row)

    def code(self, row):
        """The code with its leading zeros, which a spreadsheet may have taken away."""
        code = row["code"]
        if not code:
            raise ValidationError({"code": _("There is no code.")})
        if not (code.isascii() and code.isdigit()) or (self.WIDTH and len(code) > self.WIDTH):
            raise ValidationError({"code": self.wrong_code()})
        return code.zfill(self.WIDTH)

    def wrong_code(self):
        return _("The code has %(n)s digits.") % {"n": self.WIDTH}

    def derive(self, row):
        """Check and complete the other cells."""

    def export_field(self, field, instance, **kwargs):
        value = super().export_field(field, instance, **kwargs)
        return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _as_text(cell):
    """A cell as somebody sees it: 101 and 101.0 are "101", TRUE is "1"."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(int(cell))
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = str(cell).strip()
    if "\0" in text:
        raise ValidationError(_("The row holds a NUL character. Delete it from the file."))
    return text[1:] if text[:1] == "'" and text[1:2] in _FORMULA else text


class PostcodeResource(CodeResource):
    WIDTH = 4

    class Meta(CodeResource.Meta):
        model = Postcode
        fields = ["code", "town"]


class MunicipalityResource(CodeResource):
    """The order of names follows when a row is saved."""

    WIDTH = 4

    class Meta(CodeResource.Meta):
        model = Municipality
        fields = ["code", "name", "region"]


class CompanyFormResource(CodeResource):
    class Meta(CodeResource.Meta):
        model = CompanyForm
        fields = ["code", "name", "is_public", "is_personal"]

    YES = {"1", "yes", "ja", "true", "sand", "x"}
    NO = {"", "0", "no", "nej", "false", "falsk"}

    def code(self, row):
        code = super().code(row)
        if len(code) > 3:
            raise ValidationError({"code": self.wrong_code()})
        return code

    def wrong_code(self):
        return _("The code has at most 3 digits.")

    def derive(self, row):
        for name in ("is_public", "is_personal"):
            if name in row:
                told = row[name].lower()
                if told not in self.YES | self.NO:
                    raise ValidationError({name: _("Write 1 for yes or 0 for no.")})
                row[name] = "1" if told in self.YES else "0"


class BranchResource(CodeResource):
    """Level, section and the branch above follow from the code; where the file tells them, they must agree."""

    parent = Field(attribute="parent__code", column_name="parent", readonly=True)

    class Meta(CodeResource.Meta):
        model = Branch
        import_id_fields = ["scheme", "code"]
        fields = ["scheme", "code", "title", "level", "section", "parent"]

    def get_queryset(self):
        return super().get_queryset().select_related("parent")

    def wrong_code(self):
        return _("A code is a letter or has 2, 3, 4 or 6 digits.")

    def code(self, row):
        row["scheme"] = row["scheme"].upper()
        if row["scheme"] not in Branch.Scheme.values:
            raise ValidationError({"scheme": _("The code list is DB07 or DB25.")})
        code = row["code"].replace(".", "").upper()
        if code.isascii() and len(code) == 1 and code.isalpha():
            return code
        if len(code) in (1, 5) and code.isascii() and code.isdigit():
            # No level has so few digits: a spreadsheet has taken the zero.
            code = f"0{code}"
        if not code:
            raise ValidationError({"code": _("There is no code.")})
        if not (code.isascii() and code.isdigit() and len(code) in (2, 3, 4, 6)):
            raise ValidationError({"code": self.wrong_code()})
        return code

    def derive(self, row):
        code, level = row["code"], level_of(row["code"])
        # One that is known stays where it is: DB07 has an unstated branch outside the order of the others.
        known = self.known.get(self._key(row))
        above = known.parent if known else self._above(row, level)
        section = known.section if known else above.section if above else code
        facts = {"level": str(level), "section": section, "parent": above.code if above else ""}
        for name, value in facts.items():
            told = row.get(name, "")
            if told and told.lstrip("0") != value.lstrip("0"):
                raise ValidationError(
                    {
                        name: _("This follows from the code, and is “%(value)s”. Leave the cell empty.")
                        % {"value": value}
                    }
                )
            row[name] = value
        row["above"] = above

    def _above(self, row, level):
        """The nearest branch above that there is; a branch that has none but its section needs that told."""
        if level == 0:
            return None
        code = row["code"]
        shorter = [code[:digits] for digits in (4, 3, 2) if digits < len(code)]
        found = (self.known.get((row["scheme"], one)) for one in [*shorter, row.get("section", "").upper()])
        above = next(filter(None, found), None)
        if above is None:
            raise ValidationError(
                {
                    "code": _(
                        "No branch above %(code)s is known. Write its section in the row, or put the one above first."
                    )
                    % {"code": code}
                }
            )
        return above

    def before_save_instance(self, instance, row, **kwargs):
        instance.parent = row["above"]


# --- Files -----------------------------------------------------------------------------------


class UnreadableFile(Exception):
    """Says to the person who chose the file what is wrong with it."""


class DanishCsv(base_formats.CSV):
    """CSV as a Danish spreadsheet writes and opens it: semicolons, UTF-8 with BOM; commas and Windows-1252 are read too."""

    def get_title(self):
        return "CSV"

    def create_dataset(self, content):
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = content.decode("cp1252", "replace")
        heading = text.partition("\n")[0]
        delimiter = max(";,\t", key=heading.count)
        try:
            return tablib.import_set(text.replace("\0", "\N{REPLACEMENT CHARACTER}"), format="csv", delimiter=delimiter)
        except Exception as problem:
            raise UnreadableFile(
                _("Not every row has as many cells as there are headings. Correct the file.")
            ) from problem

    def export_data(self, dataset, **kwargs):
        return BOM + dataset.export("csv", delimiter=";", quoting=csv.QUOTE_MINIMAL)


class Workbook(base_formats.Format):
    """The first sheet of an Excel workbook; codes are written as text, so that their zeros stay."""

    def __init__(self, encoding=None):
        pass

    def get_title(self):
        return "Excel (XLSX)"

    def get_extension(self):
        return "xlsx"

    def get_content_type(self):
        return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

    def can_import(self):
        return True

    def can_export(self):
        return True

    def create_dataset(self, content):
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as packed:
                unfolded = sum(part.file_size for part in packed.infolist())
        except zipfile.BadZipFile as problem:
            raise UnreadableFile(_UNREADABLE_WORKBOOK) from problem
        if unfolded > LARGEST_UNFOLDED:
            raise UnreadableFile(_("The workbook is too large."))
        try:
            rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as problem:
            # The reader is not written in Python, and its panics are no `Exception`.
            raise UnreadableFile(_UNREADABLE_WORKBOOK) from problem
        headings, *rest = rows or [[]]
        return tablib.Dataset(*(row for row in rest if any(cell != "" for cell in row)), headers=headings)

    def export_data(self, dataset, **kwargs):
        written = io.BytesIO()
        with xlsxwriter.Workbook(written, {"in_memory": True}) as book:
            sheet = book.add_worksheet()
            for at, row in enumerate([dataset.headers, *dataset]):
                for column, cell in enumerate(row):
                    sheet.write_string(at, column, "" if cell is None else str(cell))
            sheet.freeze_panes(1, 0)
            sheet.autofit()
        return written.getvalue()


_UNREADABLE_WORKBOOK = gettext_lazy("The workbook can't be read. Save it as .xlsx once more.")
FORMATS = [DanishCsv, Workbook]


class FileForm(ImportForm):
    """The list as a file. Which kind of file it is follows from the file."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["format"].required = False
        self.fields["format"].widget = forms.HiddenInput()
        file = self.fields["import_file"]
        file.label = gettext_lazy("File")
        file.help_text = gettext_lazy("CSV or Excel, with the headings of the list as it is downloaded. At most 2 MB.")
        file.widget.attrs = {"accept": ".csv,.txt,.xlsx"}

    @property
    def media(self):
        return forms.Media()

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("The file is too large: at most %(limit)s are taken.") % {"limit": filesizeformat(LARGEST)}
            )
        return file

    def clean(self):
        facts = super().clean()
        if file := facts.get("import_file"):
            facts["format"] = str(FORMATS.index(Workbook if file.read(4) == b"PK\x03\x04" else DanishCsv))
            file.seek(0)
        return facts


class ConfirmForm(ConfirmImportForm):
    """What the second step is told of the first; nothing else than what the first has written is believed."""

    import_file_name = forms.RegexField(r"\A[0-9a-f]{32}\Z", widget=forms.HiddenInput)
    original_file_name = forms.CharField(max_length=255, widget=forms.HiddenInput)
    format = forms.ChoiceField(choices=[(str(at), at) for at in range(len(FORMATS))], widget=forms.HiddenInput)
    resource = forms.ChoiceField(choices=[("0", 0)], widget=forms.HiddenInput, required=False)


class ListAsFile(ImportExportMixin):
    """Lets those who may change a code list download it, and take it in again after a preview."""

    formats = FORMATS
    import_form_class = FileForm
    confirm_form_class = ConfirmForm
    export_form_class = ExportForm
    import_template_name = "admin/companies/list_import.html"
    export_template_name = "admin/companies/list_export.html"
    to_encoding = "utf-8"

    def has_import_permission(self, request):
        """A file may both change rows and add some."""
        return super().has_import_permission(request) and self.has_add_permission(request)

    def write_to_tmp_storage(self, import_file, input_format):
        stored = self.get_tmp_storage_class()()
        stored.save(import_file.read())
        return stored

    def add_data_read_fail_error_to_form(self, form, e):
        form.add_error("import_file", str(e) if isinstance(e, UnreadableFile) else _("The file can't be read."))

    def process_import(self, request, **kwargs):
        if request.method == "POST" and self.has_import_permission(request):
            form = self.create_confirm_form(request)
            stored = form.is_valid() and self.get_tmp_storage_class()(name=form.cleaned_data["import_file_name"])
            if not stored or stored.read() is None:
                messages.error(request, _("The file is no longer stored here. Choose it again."))
                return redirect(self._page("import"))
        return super().process_import(request, **kwargs)

    def process_dataset(self, dataset, form, request, **kwargs):
        return super().process_dataset(dataset, form, request, rollback_on_validation_errors=True, **kwargs)

    def process_result(self, result, request):
        if result.has_errors() or result.has_validation_errors():
            # The list has changed since the preview.
            messages.error(
                request, _("The list has changed meanwhile, and nothing was taken in. Choose the file again.")
            )
            return redirect(self._page("import"))
        return super().process_result(result, request)

    def add_success_message(self, result, request):
        totals = result.totals
        said = _("%(new)s rows added, %(changed)s changed, %(same)s were so already.") % {
            "new": totals[RowResult.IMPORT_TYPE_NEW],
            "changed": totals[RowResult.IMPORT_TYPE_UPDATE],
            "same": totals[RowResult.IMPORT_TYPE_SKIP],
        }
        messages.success(request, said)

    def _create_log_entry(self, user_pk, rows, import_type, action_flag):
        if rows and action_flag in (ADDITION, CHANGE):
            LogEntry.objects.log_actions(
                user_pk, rows, action_flag, change_message=_("From a file."), single_object=len(rows) == 1
            )

    def _page(self, kind):
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{kind}")
