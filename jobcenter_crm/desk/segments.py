"""The page of the four groups: how they stand side by side, the rules that fill them, and how they have changed."""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import movement as moves
from companies import plans, segmentation
from companies import rules as rulebook
from companies.filters import BrokenSelection
from companies.models import TIERS, SegmentationRule, Selection, TierPlan, Workplace
from companies.quality import share_in_words
from contacts import barriers
from contacts.filters import USUAL_MONTHS
from jobcenter_crm.desk.dashboard import kept
from jobcenter_crm.desk.moved import MovedList, MoveForm, in_words, last_year, period_form, quick_periods
from jobcenter_crm.frame.pages import KeysAtOncePaginator, back

# Up to so many workplaces the preview is there at once; it takes seconds on a large register, and waits to be asked for.
AT_ONCE = 20_000
# Where the plan has no cadence: within the last year.
YEAR = relativedelta(months=12)

may_see = permission_required("companies.view_tierplan", raise_exception=True)
may_change = permission_required(segmentation.PERMISSION, raise_exception=True)


@dataclass
class Group:
    """One of the four groups, with its plan; each number is that of the list behind its link."""

    plan: TierPlan
    every: int
    count: int = 0
    contacted: int = 0
    never: int = 0
    without_owner: int = 0
    in_plans: int = 0
    came: int = 0
    left: int = 0
    since: object = None

    @property
    def tier(self):
        return self.plan.tier

    @property
    def share(self):
        return share_in_words(self.count, self.every)

    @property
    def coverage(self):
        return share_in_words(self.contacted, self.count)

    @property
    def within(self):
        """How far back a contact counts, in words."""
        if days := self.plan.cadence_days:
            return ngettext("Contacted in the last day", "Contacted in the last %(n)s days", days) % {"n": days}
        return _("Contacted in the last 12 months")

    def url(self, **more):
        return f"{reverse('companies:register')}?{urlencode({'tier': self.tier, **more})}"

    @property
    def urls(self):
        return {
            "count": self.url(),
            "contacted": self.url(contacted_since=self.since.isoformat()),
            "never": self.url(contact="never"),
            "without_owner": self.url(owner="none"),
        }


def groups(today, *, anew=False):
    """The four groups side by side, how many active workplaces there are, how many in none, and when they were counted.

    The last is None where they were counted now.
    """
    plans = list(TierPlan.objects.all())
    found, as_of = kept.how_groups_stand(plans, today, anew=anew)
    every = sum(one["count"] for one in found.values())
    told = [Group(plan, every, since=_since(plan, today), **found.get(plan.tier, {})) for plan in plans]
    return told, every, found.get(0, {}).get("count", 0), as_of


def _since(plan, today):
    return today - (timedelta(days=plan.cadence_days) if plan.cadence_days else YEAR)


@never_cache
@require_safe
@may_see
def segments(request):
    """The groups, their rules, and what these would move; nothing is changed by looking."""
    return _page(request, asked="preview" in request.GET)


def _page(request, *, asked=False, stale="", status=200):
    today = timezone.localdate()
    told, every, without, as_of = groups(today, anew="anew" in request.GET)
    # All is kept together, or nothing.
    period, anew = last_year(today), as_of is None
    stands = {0: without, **{group.tier: group.count for group in told}}
    year, _moved_as_of = kept.movement(*period, today, anew=anew, stands=stands)
    for group in told:
        group.came, group.left = year.came(group.tier), year.left(group.tier)
    met, _met_as_of = kept.barriers_met(USUAL_MONTHS, today, anew=anew)
    rules, problems, preview, sample = _preview(today, calculate=asked or every <= AT_ONCE, stale=stale)
    context = {
        "today": today,
        "groups": told,
        "every": every,
        "without": without,
        "rules": rules,
        "problems": problems,
        "preview": preview,
        "matrix": preview and _matrix(preview.matrix, "desk:segment_moves", {}),
        "sample": sample,
        "more": preview and preview.total - len(sample),
        "stale": stale,
        "here": f"{reverse('desk:segments')}{'?preview=1' if asked else ''}",
        "last_job": segmentation.last_job(),
        "arrows": [("up", "arrow-up"), ("down", "arrow-down")],
        "may_change": request.user.has_perm(segmentation.PERMISSION),
        "year": _period(*period),
        "as_of": as_of,
        "now": plans.reckon(
            plans=[group.plan for group in told], places={group.tier: group.in_plans for group in told}
        ),
        **barriers.shown(met, USUAL_MONTHS),
    }
    return render(request, "desk/segments.html", context, status=status)


def _preview(today, *, calculate, stale):
    """The rules; what is wrong with them; and, where that is asked for, what they would move, with a few of them."""
    try:
        rules = segmentation.Rules(today)
    except segmentation.RulesBroken as broken:
        told = rulebook.in_order()
        problems = {rule.pk: [] for rule, _problem in broken.problems}
        for rule, problem in broken.problems:
            problems[rule.pk].append(problem)
        for rule in told:
            rule.problems = problems.get(rule.pk, [])
        return told, broken.problems, None, []
    if stale or not calculate or not rules.all:
        return rules.all, [], None, []
    preview = rules.preview()
    for rule in rules.all:
        number = rule.number
        rule.fits, rule.takes, rule.moves = preview.fits.get(number, 0), preview.takes[number], preview.moves[number]
    return rules.all, [], preview, rules.sample() if preview.total else []


def _matrix(cells, url_name, more):
    """A table of groups before and after: heads, and for each group its line of `(number, URL)` with the sum.

    "No group" has a line and a column only where somebody is, or comes to be, in none. What stays has no URL.
    """
    tiers = [tier for tier, _name in TIERS]
    olds = [*tiers, 0] if any(n for (old, _new), n in cells.items() if old == 0) else tiers
    news = [*tiers, 0] if any(n for (_old, new), n in cells.items() if new == 0) else tiers

    def cell(old, new):
        number = cells[old, new]
        query = urlencode({**more, "was": old, "became": new})
        return number, "" if old == new or not number else f"{reverse(url_name)}?{query}"

    return {
        "heads": news,
        "lines": [
            {
                "tier": old,
                "cells": [(new == old, *cell(old, new)) for new in news],
                "sum": sum(cells[old, new] for new in news),
            }
            for old in olds
        ],
        "sums": [sum(cells[old, new] for old in olds) for new in news],
        "all": sum(cells.values()),
    }


def _paginator(workplaces):
    shown = Workplace.objects.for_register_page()
    return KeysAtOncePaginator(workplaces.order_by("sort_name", "pk"), 50, shown=shown)


@never_cache
@require_safe
@may_see
def segment_moves(request):
    """The workplaces that the rules would move now, from one group to another, or by one rule."""
    narrowed = MoveForm(request.GET)
    if not narrowed.is_valid():
        raise Http404
    was, became, number = (narrowed.cleaned_data[name] for name in ("was", "became", "rule"))
    try:
        rules = segmentation.Rules(timezone.localdate())
    except segmentation.RulesBroken:
        return redirect("desk:segments")
    if number and number > len(rules.all):
        raise Http404
    page = _paginator(rules.moving(was=was, becomes=became, number=number)).get_page(request.GET.get("page"))
    workplaces = rules.tell(page)
    for workplace in workplaces:
        workplace.was, workplace.became = workplace.tier, workplace.rule.tier
    context = {
        "title": _("What the rules would move"),
        "sub": in_words(was, became, rules.all[number - 1] if number else None),
        "back": reverse("desk:segments"),
        "back_words": _("Groups"),
        "page_obj": page,
        "paginator": page.paginator,
        "workplaces": workplaces,
        "how_words": _("Rule"),
        "empty": _("The rules move nobody here."),
    }
    return render(request, "desk/segment_moves.html", context)


# --- The rules -------------------------------------------------------------------------------


class RuleForm(forms.Form):
    """A shared selection, and the group of what it finds."""

    selection = forms.ModelChoiceField(
        Selection.objects.none(), label=gettext_lazy("What is in"), empty_label=gettext_lazy("Choose a selection"),
        help_text=gettext_lazy("A shared selection. What it finds on the day the rules are used, not what it finds today."),
    )  # fmt: skip
    tier = forms.TypedChoiceField(
        label=gettext_lazy("Goes to"), choices=TIERS, coerce=int, widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a group.")},
    )  # fmt: skip

    def __init__(self, *args, rule=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.fields["selection"].queryset = Selection.objects.shared()
        self.fields["selection"].error_messages["required"] = _("Choose a selection.")

    def clean_selection(self):
        selection = self.cleaned_data["selection"]
        problems = rulebook.why_not(SegmentationRule(selection=selection), today=timezone.localdate())
        if problems:
            raise forms.ValidationError([str(problem) for problem in problems])
        return selection

    def save(self, *, by):
        """Whether the rule could be saved; if not, the form says why."""
        try:
            if self.rule:
                rulebook.change(rule=self.rule, by=by, **self.cleaned_data)
            else:
                rulebook.add(by=by, **self.cleaned_data)
        except rulebook.HasARule:
            self.add_error("selection", _("This selection has a rule already. Change that one, or choose another."))
            return False
        return True


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def rule_add(request):
    """A new rule, below the others."""
    return _edit(request, None, _("New rule"), _("It is put below the others."))


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def rule(request, pk):
    """Another selection or another group for a rule."""
    found = get_object_or_404(SegmentationRule.objects.select_related("selection__created_by"), pk=pk)
    return _edit(request, found, _("Change the rule"), capfirst(found.selection.name_for(request.user)))


def _edit(request, found, title, sub):
    initial = {"selection": found.selection_id, "tier": found.tier} if found else None
    form = RuleForm(request.POST or None, initial=initial, rule=found)
    if request.method == "POST":
        form = RuleForm(request.POST, initial=initial, rule=found)
        if form.is_valid() and form.save(by=request.user):
            messages.success(request, _("The rule is saved. Nothing has moved yet."))
            return back(request, "desk:segments")
    context = {
        "form": form,
        "title": title,
        "sub": sub,
        "plans": TierPlan.objects.all(),
        "problems": rulebook.why_not(found, today=timezone.localdate()) if found and not form.is_bound else [],
        "there_are_none": not form.fields["selection"].queryset.exists(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "desk/rule_form.html", context, status=422 if request.method == "POST" else 200)


@require_POST
@may_change
def rule_move(request, pk):
    """Let a rule change places with the one above it, or below."""
    found = get_object_or_404(SegmentationRule, pk=pk)
    rulebook.move(rule=found, up=request.POST.get("to") == "up", by=request.user)
    return back(request, "desk:segments")


@require_POST
@may_change
def rule_remove(request, pk):
    """Take a rule out; its selection stays."""
    found = get_object_or_404(SegmentationRule.objects.select_related("selection__created_by"), pk=pk)
    rulebook.remove(rule=found, by=request.user)
    name = found.selection.name_for(request.user)
    messages.success(request, _("The rule “%(name)s” is removed. The selection is kept.") % {"name": name})
    return back(request, "desk:segments")


@require_http_methods(["GET", "HEAD", "POST"])
@may_change
def segments_apply(request):
    """Order exactly what the page showed, or say that it is another outcome by now.

    That answer stands at this address: whoever comes back to it gets the page itself.
    """
    if request.method != "POST":
        return redirect("desk:segments")
    try:
        calculated_at = parse_datetime(request.POST.get("at", "")[:40])
    except ValueError:
        calculated_at = None
    if calculated_at is not None and timezone.is_naive(calculated_at):
        calculated_at = None
    try:
        job = segmentation.order(mark=request.POST.get("mark", ""), calculated_at=calculated_at, by=request.user)
    except segmentation.Stale as stale:
        return _page(request, stale=str(stale), status=422)
    except segmentation.RulesBroken:
        return _page(request, status=422)
    return redirect(job)


# --- Movement --------------------------------------------------------------------------------


@require_safe
@may_see
def movement(request):
    """From and to: where workplaces stood at the start of a period, and where at its end."""
    today = timezone.localdate()
    form = period_form(request.GET, today)
    context = {"form": form, "today": today, "quick": _quick(today)}
    if form.is_valid():
        start, until = form.cleaned_data["start"], form.cleaned_data["until"]
        told, as_of = kept.movement(start, until, today, anew="anew" in request.GET)
        period = {"from": start.isoformat(), "until": until.isoformat()}
        url = reverse("desk:movement_rows")

        def number(count, **narrowed):
            return count, f"{url}?{urlencode(period | narrowed)}" if count else ""

        context |= {
            "start": start,
            "until": until,
            "as_of": as_of,
            "query": _period(start, until),
            "total": told.total,
            "matrix": _matrix(told.matrix, "desk:movement_rows", period),
            "flows": [
                {
                    "tier": tier,
                    "came": [
                        number(told.came(tier), became=tier),
                        number(told.came(tier, moves.RULE), became=tier, how=moves.RULE),
                        number(told.came(tier, moves.HAND), became=tier, how=moves.HAND),
                    ],
                    "left": [
                        number(told.left(tier), was=tier),
                        number(told.left(tier, moves.RULE), was=tier, how=moves.RULE),
                        number(told.left(tier, moves.HAND), was=tier, how=moves.HAND),
                    ],
                }
                for tier, _name in TIERS
            ],
            "all_url": f"{url}?{urlencode(period)}",
        }
    return render(request, "desk/movement.html", context)


def _quick(today):
    """Periods to choose with one press: `(words, query)`."""
    return [(words, _period(start, until)) for words, start, until in quick_periods(today)]


def _period(start, until):
    return urlencode({"from": start.isoformat(), "until": until.isoformat()})


@require_safe
@may_see
def movement_rows(request):
    """The workplaces behind a number of the movement."""
    moved = MovedList(request.GET, user=request.user, today=timezone.localdate())
    try:
        found = moved.rows()
    except BrokenSelection:
        raise Http404 from None
    start, until = moved.period
    page = _paginator(found).get_page(request.GET.get("page"))
    workplaces = list(page)
    moved.dress(workplaces)
    period = urlencode({"from": start.isoformat(), "until": until.isoformat()})
    context = {
        "title": _("Moved between groups"),
        "sub": moved.narrowed_to,
        "start": start,
        "until": until,
        "back": f"{reverse('desk:movement')}?{period}",
        "back_words": _("Movement over time"),
        "page_obj": page,
        "paginator": page.paginator,
        "workplaces": workplaces,
        "how_words": pgettext("what moved it", "By"),
        "empty": _("Nobody moved so in these days."),
        "listing": MovedList.name,
    }
    return render(request, "desk/segment_moves.html", context)
