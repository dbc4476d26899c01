"""The pages on which a rejected row is put right, and the corrected rows are brought again."""

from django import forms
from django.contrib import messages
from django.db import transaction
from django.db.models import Case, When
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from companies.importing import get_import, importers_only, names_for, order_reading, run_if_small
from companies.models import RejectedRow
from companies.register import corrections
from companies.register.kinds import kind_of
from companies.register.mappings import by_position
from companies.register.readers import is_by_place, is_unsaid
from companies.register.reasons import sentence

# A cell of so many characters is written in several lines.
LONG = 60
# So many workplaces are shown at once; of more one is picked from a list.
FEW_PLACES = 8


class RowForm(forms.Form):
    """The cells of one row, each under the heading it has in the file."""

    def __init__(self, data=None, *, row, remarks):
        """`remarks` are all that was found wrong with the row."""
        self.row, shown = row, row.register_import
        self.headings, self.rules = shown.headings, kind_of(shown.kind).rules
        super().__init__(data)
        cells = list(row.corrected or row.raw)
        # Where the file has no column for the P-number, one that was chosen stands behind the last.
        chosen = cells.pop() if row.corrected and len(cells) > len(self.headings) else ""
        self.columns = by_position(kind_of(shown.kind), self.headings, shown.mapping, cells)
        # The columns of other sheets: they go along, and nobody is asked about them.
        self.unsaid = {at for at, cell in enumerate(cells) if is_unsaid(cell)}
        cells = cells + [""] * (len(self.headings) - len(cells))
        positions = corrections.position_of(self.headings, self.columns)
        self.faulty = {positions[remark.column] for remark in remarks if remark.column in positions}
        hidden = {positions.get(remark.column) for remark in remarks if remark.details.get("hidden")}
        for at, cell in enumerate(cells):
            is_long = len(cell) > LONG or "\n" in cell
            self.fields[f"cell_{at}"] = forms.CharField(
                label=self._heading(at),
                required=False,
                max_length=self.rules.longest,
                initial=cell,
                widget=self._widget(at, is_long),
                help_text=self._help(at, cell, at in hidden and not row.corrected),
            )
        self.count = len(self.fields)
        self._offer_places(chosen)

    def _offer_places(self, chosen):
        """Where the row can mean several workplaces, they are there to choose from."""
        cells = [self[f"cell_{at}"].value() or "" for at in range(self.count)]
        found = corrections.possible_places(self.row.register_import, cells, today=timezone.localdate())
        self.places = dict(found)
        if found:
            is_few = len(found) <= FEW_PLACES
            self.fields["place"] = forms.ChoiceField(
                label=_("Which workplace does the row mean?"),
                help_text=_("The company has several, and the row does not say which."),
                choices=found if is_few else [("", "---------"), *found],
                required=False,
                initial=chosen,
                widget=forms.RadioSelect if is_few else forms.Select,
            )
            self.faulty -= {at for at, column in self.columns.items() if column in ("cvr", "p_number")}

    def _widget(self, at, is_long):
        if at in self.unsaid:
            return forms.HiddenInput()
        return forms.Textarea(attrs={"rows": 3}) if is_long else forms.TextInput(attrs={"autocomplete": "off"})

    def _heading(self, at):
        heading = self.headings[at] if at < len(self.headings) else ""
        if not heading or is_by_place([heading]):
            return _("Column %(place)s") % {"place": at + 1}
        return heading

    def _help(self, at, cell, is_hidden):
        if is_hidden:
            return _("What stood here looked like a CPR number and is not kept.")
        if len(cell) == self.rules.kept_of_a_cell and not self.row.corrected:
            return _("Only the first %(n)s characters are kept here.") % {"n": len(cell)}
        return ""

    def clean(self):
        facts = super().clean()
        self._refuse_cpr()
        if self.errors:
            return facts
        cells = [facts[f"cell_{at}"].replace("\r\n", "\n") for at in range(self.count)]
        self.cells, beyond = cells[: len(self.headings)], cells[len(self.headings) :]
        for at, cell in enumerate(beyond, start=len(self.headings)):
            if cell:
                self.add_error(f"cell_{at}", sentence("no_heading"))
        place = facts.get("place", "")
        at_p_number = next((at for at, column in self.columns.items() if column == "p_number"), None)
        if place and at_p_number is not None:
            self.cells[at_p_number] = place
        wrong = corrections.look_at(self.row.register_import, self.cells, today=timezone.localdate())
        for at, reasons in wrong.items():
            for reason, details in reasons.items():
                if reason != "several_places" or not self.places:
                    self.add_error(None if at is None else f"cell_{at}", sentence(reason, details))
                elif not place:
                    self.add_error("place", _("Choose the workplace, or write its P-number."))
        if place and at_p_number is None:
            self.cells.append(place)
        return facts

    def _refuse_cpr(self):
        """What may be a CPR number is neither kept nor sent back to the browser."""
        self.data = self.data.copy()
        for at in range(self.count):
            name = f"cell_{at}"
            if not corrections.may_be_kept(self.data.get(name, ""), is_p_number=self.columns.get(at) == "p_number"):
                self.data[name] = ""
                self.add_error(name, sentence("cpr_typed"))

    def parts(self):
        """The fields: what is wrong, what is read, and what nobody reads unless it is wrong."""
        wrong, read, other, unsaid = [], [], [], []
        if self.places:
            wrong.append(self["place"])
        for at in range(self.count):
            bound = self[f"cell_{at}"]
            is_wrong = at in self.faulty or bound.errors or at >= len(self.headings)
            if at in self.unsaid:
                unsaid.append(bound)
            else:
                (wrong if is_wrong else read if at in self.columns else other).append(bound)
        return {"wrong": wrong, "read": read, "other": other, "unsaid": unsaid}


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@importers_only
def row(request, pk):
    """One rejected row: why, and its cells to put right; saving goes on to the next that is not yet."""
    rows = RejectedRow.objects.rejected().filter(register_import__kind__in=names_for(request.user))
    shown = get_object_or_404(rows.select_related("register_import", "taken_with", "corrected_by"), pk=pk)
    whole = shown.register_import
    if not corrections.can_row_be_corrected(shown):
        raise Http404
    if shown.taken_with:
        return _too_late(request, shown.taken_with)
    remarks = list(whole.remarks.rejected().filter(line=shown.line))
    if request.method == "POST" and "leave_out" in request.POST:
        if not corrections.leave_out(shown):
            return _too_late(request, whole)
        messages.success(request, _("The correction is undone. The row stays rejected."))
        return redirect("companies:import_row", shown.pk)
    form = RowForm(request.POST if request.method == "POST" else None, row=shown, remarks=remarks)
    if request.method == "POST" and form.is_valid():
        if not corrections.correct(shown, form.cells, by=request.user):
            return _too_late(request, whole)
        return _go_on(request, shown)
    before, after = _beside(shown)
    corrected = whole.remarks.corrected().count()
    return render(
        request,
        "companies/import_row.html",
        {
            "row": shown,
            "whole": whole,
            "form": form,
            "parts": form.parts(),
            "reasons": [
                (remark, sentence(remark.reason, remark.details, whole.sheets))
                for remark in remarks
                if not (form.places and remark.reason == "several_places")
            ],
            "before": before,
            "after": after,
            "corrected": corrected,
            "is_last": corrected + (shown.corrected is None) >= whole.rows_rejected,
        },
        status=422 if form.errors else 200,
    )


def _too_late(request, where):
    messages.info(request, _("This row has been brought again already."))
    return redirect(where)


def _beside(row):
    """The rejected rows before and after this one in the file."""
    others = row.register_import.remarks.rows().filter(taken_with=None)
    return (
        others.filter(line__lt=row.line).order_by("-line", "pk").first(),
        others.filter(line__gt=row.line).order_by("line", "pk").first(),
    )


def _go_on(request, row):
    """To the next row that nobody has put right, from the top again after the last; else back to the import."""
    others = row.register_import.remarks.uncorrected().exclude(line=row.line)
    if following := others.order_by(Case(When(line__gt=row.line, then=0), default=1), "line", "pk").first():
        return redirect("companies:import_row", following.pk)
    messages.success(request, _("Line %(line)s is corrected. It was the last.") % {"line": row.where})
    return redirect(f"{row.register_import.get_absolute_url()}#remarks")


@require_POST
@importers_only
def again(request, pk):
    """Bring the corrected rows of an import again: read as a file of their own, and previewed."""
    shown = get_import(request.user, pk)
    with transaction.atomic():
        fresh = corrections.bring_again(shown, by=request.user)
        if fresh:
            order_reading(fresh, by=request.user)
    if fresh:
        run_if_small(fresh)
        return redirect(fresh)
    if last := shown.corrections.order_by("-pk").first():
        return redirect(last)
    messages.info(request, _("No rejected row has been corrected yet."))
    return redirect(shown)
