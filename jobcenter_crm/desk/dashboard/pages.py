"""The dashboard: how it stands today and what came of a period, group by group; every number opens its rows."""

from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobcenter_crm.desk.dashboard import committee, kept, shown
from jobcenter_crm.desk.dashboard.asked import DashboardForm
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.staff import discretion
from jobcenter_crm.staff.models import Organisation

VIEW = "desk.view_dashboard"


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def part(request, name):
    """One of the parts that are drawn: within the dashboard when htmx asks, else a page of its own."""
    found = PARTS.get(name)
    if found is None:
        raise Http404
    if not found.is_seen_by(request.user.has_perm):
        raise PermissionDenied
    form = DashboardForm(request.GET, user=request.user, today=timezone.localdate())
    context = {"form": form, "part": found, "is_readable": form.is_valid()}
    if context["is_readable"]:
        asked = form.asked()
        discretion.note_read(f"dashboard_{name}", reader=request.user, colleagues=form.of_whom)
        rows, as_of = kept.rows(found, asked, anew="anew" in request.GET)
        context |= {"asked": asked, "as_of": as_of, "charts": found.charts(rows, asked)}
    return render(request, "desk/_dashboard_part.html" if request.htmx else "desk/dashboard_part.html", context)


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def dashboard(request):
    """The figures of a period and of today; the address says which period, and at which workplaces."""
    today = timezone.localdate()
    form = DashboardForm(request.GET, user=request.user, today=today)
    organisation = Organisation.get()
    is_readable = form.is_valid()
    is_open = "filter" in request.GET or not is_readable
    context = {"form": form, "today": today, "is_readable": is_readable, "panel_is_open": is_open}
    if not is_readable:
        return render(request, "desk/dashboard.html", context)
    asked = form.asked()
    discretion.note_read("dashboard", reader=request.user, colleagues=form.of_whom)
    told, as_of = kept.figures(asked, request.user.has_perm, anew="anew" in request.GET)
    columns, teams = shown.teams(told, asked, reader=request.user)
    context |= {
        "asked": asked,
        "is_anew": "anew" in request.GET,
        "told": told,
        "as_of": as_of,
        "strip": shown.strip(told, asked),
        "heads": shown.heads(told),
        "tables": [
            {"key": "today", "lines": shown.lines_of_today(told, asked)},
            {"key": "period", "lines": shown.lines(shown.PERIOD, told, asked)},
        ],
        "parts": [one for one in PARTS.values() if one.is_seen_by(request.user.has_perm)],
        "heat": shown.heat(told, asked) if told.coverage else None,
        "teams": teams,
        "committee": committee.address(asked),
        "team_heads": shown.people_heads(columns),
        "shows_colleagues": organisation.shows_staff_figures(today),
        # The frame's too, which would ask for it again.
        "organisation": organisation,
    }
    return render(request, "desk/dashboard.html", context)
