"""The goals of an agreement: added, changed, given up."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import NotNow
from partnerships import drafting, goals
from partnerships.drafting_pages import CHANGE
from partnerships.forms import GoalForm
from partnerships.models import Agreement, AgreementGoal


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def add(request, pk):
    """A goal more."""
    agreement = get_object_or_404(Agreement.objects.select_related("company", "workplace"), pk=pk)
    return _goal_page(
        request, agreement, AgreementGoal(created_by=request.user), _("Add a goal"), _("Goal added: %(what)s")
    )


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """Another target or deadline."""
    goal = _goal(pk)
    may_see = goals.measure_named(goal.measure).may_see
    if may_see and not may_see(request.user, goal.agreement):
        raise PermissionDenied
    return _goal_page(request, goal.agreement, goal, _("Change the goal"), _("Goal changed: %(what)s"))


def _goal(pk):
    found = AgreementGoal.objects.filter(ended_on=None).select_related("agreement__company", "agreement__workplace")
    return get_object_or_404(found, pk=pk)


def _goal_page(request, agreement, goal, title, note):
    data = request.POST if request.method == "POST" else None
    form = GoalForm(data, instance=goal, agreement=agreement, today=timezone.localdate())
    if data is not None and form.is_valid():
        goal = form.instance
        goal._history_user = request.user
        try:
            drafting.with_part(
                agreement=agreement, by=request.user, note=(note % {"what": _in_words(goal)})[:200],
                act=lambda _agreement: _save(goal),
            )  # fmt: skip
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The goal is saved."))
            return redirect(agreement)
    context = {"form": form, "agreement": agreement, "workplace": agreement.workplace, "goal": goal, "title": title}
    return render(request, "partnerships/goal.html", context, status=422 if form.errors else 200)


def _save(goal):
    """Raises `NotNow` where a colleague has given it up meanwhile."""
    if goal.pk and AgreementGoal.objects.filter(pk=goal.pk, ended_on__isnull=False).exists():
        raise NotNow(_("A colleague has given this goal up meanwhile. Add a new one."))
    goal.save()


def _in_words(goal):
    return _("%(what)s: %(target)s by %(day)s") % {
        "what": goals.measure_named(goal.measure).label,
        "target": goals.figure(goal.target),
        "day": date_format(goal.deadline, "DATE_FORMAT"),
    }


@require_POST
@permission_required(CHANGE, raise_exception=True)
def end(request, pk):
    """Give a goal up; it stays in the versions."""
    goal = _goal(pk)

    def give_up(_agreement):
        goal.ended_on, goal._history_user = timezone.localdate(), request.user
        goal.save(update_fields=["ended_on"])

    note = _("Goal given up: %(what)s") % {"what": _in_words(goal)}
    try:
        drafting.with_part(agreement=goal.agreement, by=request.user, note=note[:200], act=give_up)
        messages.success(request, _("The goal is given up."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(goal.agreement)
