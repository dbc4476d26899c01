"""Employers with placements registered here, and the official cooperation rate that is typed beside it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_http_methods, require_safe

from companies import exports
from companies.listings import Column
from contacts.actions import NotNow
from placements import official_figures
from placements.cooperation import INSIDE, NOWHERE, OUTSIDE, PERIODS, cooperation, rows_url
from placements.cooperation_forms import CooperationForm, OfficialFigureForm
from placements.models import OfficialFigure

VIEW = "placements.view_placement"
# So many of the official figures are shown, those read last first.
SHOWN = 12
COLUMNS = (
    Column(gettext_lazy("By"), 22, lambda row: row[0]),
    Column(gettext_lazy("Branch or employees"), 44, lambda row: row[1].label),
    Column(gettext_lazy("In the municipality: with placements"), 14, lambda row: row[1].inside.having, "number"),
    Column(gettext_lazy("In the municipality: employers"), 14, lambda row: row[1].inside.companies, "number"),
    Column(gettext_lazy("In the municipality: per cent"), 14, lambda row: row[1].inside.percent, "km"),
    Column(gettext_lazy("Outside: with placements"), 14, lambda row: row[1].outside.having, "number"),
    Column(gettext_lazy("Outside: employers"), 14, lambda row: row[1].outside.companies, "number"),
    Column(gettext_lazy("Outside: per cent"), 14, lambda row: row[1].outside.percent, "km"),
)


def _found(period, today):
    """The rates, or None where nobody has said which municipality is ours."""
    try:
        return cooperation(today, period)
    except LookupError:
        return None


@require_safe
@permission_required(VIEW, raise_exception=True)
def employers(request):
    """The two rates, the rows behind them, and the official figures with source and date."""
    form = CooperationForm(request.GET)
    is_readable = form.is_valid()
    period = form.cleaned_data.get("period")
    found = _found(period, timezone.localdate()) if is_readable else None
    context = {
        "form": form,
        "is_readable": is_readable,
        "period": period,
        "periods": PERIODS.items(),
        "found": found,
        "whole": [
            (_("In the municipality"), found.inside, rows_url(INSIDE, period), rows_url(INSIDE)),
            (_("Outside the municipality"), found.outside, rows_url(OUTSIDE, period), rows_url(OUTSIDE)),
        ] if found else [],
        "tables": [
            ("branch", _("By branch"), _("Branch"), _linked(found.by_branch, period)),
            ("size", _("By number of employees at the workplace"), _("Employees"), _linked(found.by_size, period)),
        ] if found else [],
        "nowhere_url": rows_url(NOWHERE),
        "official": OfficialFigure.objects.select_related("by")[:SHOWN],
    }  # fmt: skip
    return render(request, "placements/cooperation.html", context)


def _linked(lines, period):
    """Each line with where its rows are, inside and outside; the register can't be asked for those without a branch."""
    return [
        (line, [
            (rate, rows_url(area, period, line.query) if line.query is not None and rate.having else "")
            for area, rate in ((INSIDE, line.inside), (OUTSIDE, line.outside))
        ])
        for line in lines
    ]  # fmt: skip


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """Both tables as Excel; what can't be read goes back to the page, which says so."""
    form = CooperationForm(request.GET)
    found = _found(form.cleaned_data["period"], timezone.localdate()) if form.is_valid() else None
    if found is None:
        return redirect(f"{reverse('placements:cooperation')}?{request.GET.urlencode()}")
    rows = [(_("Branch"), line) for line in found.by_branch] + [(_("Employees"), line) for line in found.by_size]
    return exports.of_rows(
        pgettext("a sheet", "Employers with placements"), COLUMNS, rows, words=str(PERIODS[found.period]),
        by=request.user,
    )  # fmt: skip


def _sheet(request, form, **context):
    context = {"form": form, **context}
    return render(request, "placements/official_figure.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("placements.add_officialfigure", raise_exception=True)
def add_official(request):
    """Type an official figure."""
    data = request.POST if request.method == "POST" else None
    form = OfficialFigureForm(data, today=timezone.localdate())
    return _taken(request, form, official_figures.write) or _sheet(request, form)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("placements.change_officialfigure", raise_exception=True)
def change_official(request, pk):
    """Put an official figure right; what it was before stands below."""
    figure = get_object_or_404(OfficialFigure, pk=pk)
    data = request.POST if request.method == "POST" else None
    form = OfficialFigureForm(data, today=timezone.localdate(), figure=figure)
    earlier = figure.history.select_related("history_user").order_by("-history_date", "-history_id")[1:]
    return _taken(request, form, official_figures.change, figure=figure) or _sheet(
        request, form, figure=figure, earlier=earlier
    )


def _taken(request, form, act, **more):
    """The answer where the form was sent and its act done; None where it is still to be filled in."""
    if not form.is_bound or not form.is_valid():
        return None
    try:
        act(**form.facts(), **more, by=request.user)
    except NotNow as refused:
        form.add_error("period", str(refused))
        return None
    messages.success(request, _("Saved."))
    return redirect("placements:cooperation")
