"""The pages of targets: the list, one of them with its sums, set, change, end."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from contacts.actions import NotNow
from jobcenter_crm.desk.dashboard import checks, targets
from jobcenter_crm.desk.dashboard.asked import DashboardForm
from jobcenter_crm.desk.dashboard.target_forms import EndForm, TargetForm
from jobcenter_crm.desk.dashboard.targets import ADD, CHANGE, VIEW
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff import discretion

# So many of those that have ended are shown, the latest first, until somebody asks for all.
ENDED_SHOWN = 20


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def target_list(request):
    """How far each target has come, the open ones by their deadline, then those that have ended."""
    today = timezone.localdate()
    rows = targets.seen_by(request.user, Target.objects.select_related("responsible"))
    ended = rows.ended().order_by("-ended_on", "-pk")
    ended = list(ended if "all" in request.GET else ended[: ENDED_SHOWN + 1])
    is_more = "all" not in request.GET and len(ended) > ENDED_SHOWN
    every = targets.progress([*rows.open(), *(ended[:ENDED_SHOWN] if is_more else ended)], today)
    context = {
        "open": [one for one in every if one.target.is_open],
        "ended": [one for one in every if not one.target.is_open],
        "is_more": is_more,
        "today": today,
    }
    return render(request, "desk/targets.html", context)


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def here(request):
    """The open targets that hold where the dashboard looks: a part of it that comes when its figures are there."""
    form = DashboardForm(request.GET, user=request.user, today=timezone.localdate())
    if not (request.htmx and form.is_valid()):
        return redirect("desk:targets")
    told = targets.for_dashboard(form.asked(), request.user)
    if told and told.progress:
        discretion.note_read("targets_here", reader=request.user, colleagues=form.of_whom)
    return render(request, "desk/_targets.html", {"targets": told})


def _target(request, pk, rows):
    """The target of that number among `rows`, of those whose figure the reader may see."""
    return get_object_or_404(targets.seen_by(request.user, rows), pk=pk)


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def target(request, pk):
    """One target: how far it has come, whether it can be reached from here, and what was promised on what grounds."""
    found = _target(request, pk, Target.objects.select_related("responsible", "set_by", "ended_by"))
    today = timezone.localdate()
    (told,) = targets.progress([found], today)
    history = found.history.select_related("history_user").order_by("-history_date", "-history_id")
    context = {"one": told, "target": found, "today": today, "history": history}
    return render(request, "desk/target.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def target_add(request):
    """Set a target: what is typed is reckoned and shown first, and then set or changed again."""
    return _set(request, None, _("New target"))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def target_change(request, pk):
    """Another target, deadline, responsible or figure for comparison; reckoned anew and shown before it is saved."""
    found = _target(request, pk, Target.objects.open())
    return _set(request, found, _("Change the target"))


def _set(request, found, title):
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    form = TargetForm(data, user=request.user, today=today, target=found)
    words = str(found) if found else ""
    context = {"form": form, "title": title, "target": found, "words": words}
    if data is None or not form.is_valid() or data.get("step") == "change":
        return render(request, "desk/target_form.html", context, status=422 if form.errors else 200)
    filled = form.filled()
    check = checks.check(filled, form.scope, today)
    if data.get("step") == "save" and not form.lacks_why(check.verdict):
        try:
            saved = checks.save(target=filled, found=check, by=request.user, today=today)
        except IntegrityError:
            # In the same second a colleague has set the same one; anything else would be an error of ours.
            form.say_that_there_is_one()
            return render(request, "desk/target_form.html", context, status=422)
        except NotNow as refused:
            form.add_error(None, str(refused))
            return render(request, "desk/target_form.html", context, status=422)
        messages.success(request, _("The target is set.") if found is None else _("The target is changed."))
        return redirect(saved)
    context |= {
        "check": check,
        "filled": filled,
        "baseline": check.baseline is not None and filled.in_figures(check.baseline),
        "stands": filled.in_figures(check.stands) if check.is_worse else "",
    }
    return render(request, "desk/target_means.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def target_end(request, pk):
    """End a target and say why; what it had come to is kept."""
    found = _target(request, pk, Target.objects.open())
    today = timezone.localdate()
    form = EndForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            ended = targets.end(target=found, why=form.cleaned_data["why"], by=request.user, today=today)
        except NotNow as refused:
            messages.error(request, str(refused))
            return redirect("desk:targets")
        messages.success(request, _("The target is ended."))
        return redirect(ended)
    (told,) = targets.progress([found], today)
    context = {"form": form, "target": found, "one": told}
    return render(request, "desk/target_end.html", context, status=422 if form.errors else 200)
