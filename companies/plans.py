"""The plans of the groups: a manager changes them and sees first what a change takes, against the hours there are."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Sum
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies import whole_register
from companies.capacity import WEEKS_A_YEAR, Load, Reckoning
from companies.forms import HoursForm, PlanForm
from companies.models import TierChange, TierPlan, Workplace
from jobcenter_crm.frame.pages import back
from jobcenter_crm.staff import actions
from jobcenter_crm.staff.models import Team, User


def count_places():
    """How many workplaces the plan of each group is about, {group: number}."""
    return dict(Workplace.objects.counted_in_plans().order_by().values_list("tier").annotate(count=Count("pk")))


def _rules_moved_any(since):
    return TierChange.objects.filter(by_rule=True, at__gt=since).exists()


# In pairs, since JSON has no numbers as keys.
WHOLE = whole_register.Whole("places", lambda _today: [*map(list, count_places().items())], _rules_moved_any)


def places_in_plans(*, anew=False):
    """`{group: workplaces}` of those the plans are about, and when they were counted; None where that was now."""
    found, as_of = whole_register.told(WHOLE.name, timezone.localdate(), anew=anew)
    return dict(found), as_of


def reckon(teams=None, plans=None, places=None):
    """What the plans take as they stand, in four statements.

    `teams` and `plans` are the rows, and `places` how many workplaces of each group are counted, where they are known.
    """
    if places is None:
        places = count_places()
    plans = TierPlan.objects.all() if plans is None else plans
    if teams is None:
        hours = Team.objects.aggregate(all=Sum("outreach_hours"))["all"]
    else:
        entered = [team.outreach_hours for team in teams if team.outreach_hours is not None]
        hours = sum(entered) if entered else None
    return Reckoning(
        tuple(load_of(plan, places.get(plan.tier, 0)) for plan in plans),
        None if hours is None else float(hours),
        User.objects.doing_outreach().count(),
    )


def load_of(plan, places):
    """What `plan` takes at so many places."""
    return Load(plan.tier, places, plan.cadence_days, plan.minutes_each, plan.channel)


def lines(after, before=None):
    """The groups of a reckoning, each with what it was `before` where that differs, for the table of sums."""
    was = {load.tier: load for load in before.loads} if before else {}
    return [
        {
            "load": load,
            "each": after.each_a_week(load),
            "was": was[load.tier] if was.get(load.tier, load) != load else None,
            "was_each": before.each_a_week(was[load.tier]) if before else None,
            "channel": TierPlan.Channel(load.channel).label,
        }
        for load in after.loads
    ]


def sums(after, before=None):
    """What `companies/_sums.html` shows of a reckoning, and of what it was before a change."""
    return {"now": after, "before": before, "lines": lines(after, before), "weeks": WEEKS_A_YEAR}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.change_tierplan", raise_exception=True)
def plan(request, tier):
    """Change the plan of a group. What takes more or less time is shown as hours first, and then saved or changed again."""
    # Twice, because a form writes on its instance also what is not saved in the end.
    plans = {row.tier: row for row in TierPlan.objects.all()}
    if tier not in plans:
        raise Http404
    form = PlanForm(request.POST.copy() if request.method == "POST" else None, instance=TierPlan.objects.get(pk=tier))
    step = request.POST.get("step", "")
    context = {"form": form, "plan": plans[tier], "next": request.POST.get("next") or request.GET.get("next", "")}
    if request.method == "POST" and form.is_valid() and step != "change":
        if step != "save" and form.changes_the_sums:
            return _what_it_means(request, form, list(plans.values()), context)
        form.save()
        messages.success(request, _("The plan of group %(tier)s is saved.") % {"tier": tier})
        return back(request, reverse("segments:hours"))
    return render(request, "companies/plan.html", context, status=422 if form.errors else 200)


def _what_it_means(request, form, plans, context):
    places, as_of = places_in_plans()
    before = reckon(plans=plans, places=places)
    after = before.with_load(load_of(form.instance, places.get(form.instance.tier, 0)))
    context |= sums(after, before) | {
        "cadence_that_fits": after.cadence_that_fits(form.instance.tier), "as_of": as_of,
    }  # fmt: skip
    return render(request, "companies/plan_means.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("staff.set_hours", raise_exception=True)
def hours(request):
    """What the plans take, group by group, and how many hours a week each team has for it."""
    teams = list(Team.objects.all())
    form = HoursForm(request.POST if request.method == "POST" else None, teams=teams)
    if request.method == "POST" and form.is_valid():
        actions.enter_hours(hours=form.hours(), by=request.user)
        messages.success(request, _("The hours are saved."))
        return redirect("segments:hours")
    places, as_of = places_in_plans(anew="anew" in request.GET)
    context = {"form": form, "teams": teams, "as_of": as_of, **sums(reckon(teams=teams, places=places))}
    return render(request, "companies/hours.html", context, status=422 if form.errors else 200)
