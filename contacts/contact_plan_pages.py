"""Contact plans: their list, one plan with its workplaces, and what is done with it."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies.cpr import refuse_cpr
from companies.filters import BrokenSelection
from companies.models import Selection, TargetGroup
from contacts import contact_plans as plans
from contacts.actions import NotNow
from contacts.listings import SHOWN, PlanList, shown
from contacts.models import ContactPlan, ContactPlanTarget
from contacts.querysets import still_to_contact
from jobcenter_crm.frame.addresses import numbers
from jobcenter_crm.frame.pages import CappedPaginator, back
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.fields import ColleagueField
from jobcenter_crm.staff.models import User

SAMPLE = 10
VIEW, ADD, CHANGE = "contacts.view_contactplan", "contacts.add_contactplan", "contacts.change_contactplan"


def may_take_part():
    """Those whose role is to contact employers."""
    return User.objects.working().who_may("contacts.add_interaction")


class ContactPlanForm(forms.ModelForm):
    """What a plan is about. Once it runs, where it begins and what it was started on stay."""

    class Meta:
        model = ContactPlan
        fields = ["name", "purpose", "channel", "selection", "target_group", "starts_on", "ends_on", "participants"]
        widgets = {
            "channel": forms.RadioSelect,
            "participants": forms.CheckboxSelectMultiple,
            "starts_on": DAY,
            "ends_on": DAY,
        }
        labels = {"channel": gettext_lazy("How?")}
        help_texts = {
            "purpose": gettext_lazy("Is filled in when one of the workplaces is contacted."),
            "selection": gettext_lazy("One of those that are shared with all."),
        }

    def __init__(self, *args, user, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        plan = self.instance
        # One that was taken back stays where it is, and is not named to others.
        self.fields["selection"].label_from_instance = lambda selection: capfirst(selection.name_for(user))
        found = Selection.objects.filter(Q(is_shared=True) | Q(pk=plan.selection_id)).select_related("created_by")
        self.fields["selection"].queryset = found
        self.fields["selection"].empty_label = gettext_lazy("Choose a selection")
        groups = TargetGroup.objects.valid(today) | TargetGroup.objects.filter(pk=plan.target_group_id or "")
        self.fields["target_group"].queryset = groups
        self.fields["target_group"].empty_label = gettext_lazy("None in particular")
        # The choices of the model begin with an empty one, which as a button would say nothing.
        self.fields["channel"].choices = ContactPlan._meta.get_field("channel").choices
        here = may_take_part()
        if plan.pk:
            here |= User.objects.working().filter(pk__in=plan.participants.values("pk"))
        self.fields["participants"].queryset = here.in_order()
        if plan.pk and not plan.is_draft:
            self.fields["selection"].disabled = self.fields["starts_on"].disabled = True

    def clean_name(self):
        return _without_cpr(self.cleaned_data["name"])

    def clean_purpose(self):
        return _without_cpr(self.cleaned_data["purpose"])

    def clean(self):
        facts = super().clean()
        starts_on, ends_on = facts.get("starts_on"), facts.get("ends_on")
        if ends_on and ends_on < self.today:
            self.add_error("ends_on", _("The day has passed. Choose one from today on."))
        elif starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("The plan must end on the day it begins, or later."))
        return facts


def _without_cpr(text):
    refuse_cpr(text)
    return text


class FillForm(forms.Form):
    """Taking in exactly the rows that were shown; a manager may say on what basis also the protected ones."""

    rows = forms.CharField(widget=forms.HiddenInput)
    basis = forms.CharField(
        label=gettext_lazy("On what basis are the protected ones contacted too?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy(
            "Leave it empty to leave them out. What you write is kept with the plan, with your name."
        ),
    )

    def clean_basis(self):
        return _without_cpr(self.cleaned_data["basis"])


class ShareForm(forms.Form):
    """How to share out."""

    how = forms.ChoiceField(
        label=gettext_lazy("How?"),
        choices=[
            (plans.EVENLY, gettext_lazy("Evenly")),
            (plans.BY_AREA, gettext_lazy("By area")),
            (plans.BY_HAND, pgettext_lazy("sharing out", "By hand")),
        ],
        widget=forms.RadioSelect,
    )
    which = forms.ChoiceField(
        label=gettext_lazy("Which?"),
        choices=[
            ("new", gettext_lazy("Those that nobody has")),
            ("all", gettext_lazy("All that are not contacted yet, anew")),
        ],
        widget=forms.RadioSelect,
        required=False,
    )
    others = forms.BooleanField(
        label=gettext_lazy("Also those that a colleague outside the plan is responsible for"), required=False
    )
    to = ColleagueField(
        label=gettext_lazy("To whom?"),
        queryset=User.objects.none(),
        required=False,
        empty_label=gettext_lazy("Choose a colleague"),
    )
    target = forms.TypedMultipleChoiceField(coerce=int, required=False, widget=forms.MultipleHiddenInput)

    def __init__(self, *args, plan, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = User.objects.filter(pk__in=[person.pk for person in people])
        asked = self.data.getlist("target") if hasattr(self.data, "getlist") else []
        pks = numbers(asked)
        known = plan.targets.waiting().filter(pk__in=pks).values_list("pk", flat=True) if pks else []
        self.fields["target"].choices = [(pk, pk) for pk in known]

    def clean(self):
        facts = super().clean()
        if facts.get("how") == plans.BY_HAND:
            if not facts.get("to"):
                self.add_error("to", _("Choose a colleague."))
            if not facts.get("target") and "target" not in self.errors:
                self.add_error(None, _("Tick the workplaces in the list of the plan first."))
        return facts


class LeaveOutForm(forms.Form):
    """Why a workplace is not contacted for this plan; empty: it is, after all."""

    why = forms.CharField(
        label=gettext_lazy("Why is it left out?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("All can read it. Empty: it is to be contacted after all."),
    )

    def clean_why(self):
        return _without_cpr(self.cleaned_data["why"])


@require_safe
@permission_required(VIEW, raise_exception=True)
def contact_plans(request):
    """The plans: those that run, those to come in their order, those that have ended, and those that never ran."""
    every = list(
        ContactPlan.objects.annotate_progress()
        .select_related("selection", "target_group")
        .prefetch_related("participants")
    )
    state = ContactPlan.State
    parts = {one: [plan for plan in every if plan.state == one] for one in state}
    context = {
        "running": parts[state.RUNNING],
        "drafts": parts[state.DRAFT],
        "ended": sorted(parts[state.ENDED], key=lambda plan: plan.ends_on, reverse=True),
        "given_up": parts[state.GIVEN_UP],
        "every": every,
        "today": timezone.localdate(),
    }
    return render(request, "contacts/contact_plans.html", context)


@dataclass
class Part:
    """What one colleague, or nobody, has of a plan."""

    user: object
    contacted: int
    waiting: int
    takes_part: bool

    @property
    def in_all(self):
        return self.contacted + self.waiting


@require_safe
@permission_required(VIEW, raise_exception=True)
def contact_plan(request, pk):
    """One plan: what it is for, how far each has come, and its workplaces."""
    plan = _plan(pk)
    people = list(plan.participants.in_order())
    targets = plan.targets.standing()
    parts = _parts(targets, people)
    counts = {
        "mine": sum(part.waiting for part in parts if part.user == request.user),
        "waiting": sum(part.waiting for part in parts),
        "contacted": sum(part.contacted for part in parts),
        "all": targets.count(),
    }
    counts["left_out"] = counts["all"] - counts["waiting"] - counts["contacted"]
    show = request.GET.get("show")
    if plan.is_given_up:
        # Nobody was to contact anybody.
        show = "all"
    elif show not in SHOWN:
        show = "mine" if counts["mine"] else "waiting" if counts["waiting"] else "all"
    rows = shown(targets, show, request.user).for_plan_page().order_by("workplace__sort_name", "pk")
    page = CappedPaginator(rows, 50).get_page(request.GET.get("page"))
    may_change = request.user.has_perm(CHANGE)
    more, problems = _more(plan) if may_change and not plan.is_over else (0, [])
    context = {
        "plan": plan,
        "people": people,
        "parts": [part for part in parts if part.in_all or part.takes_part],
        "adrift": [part for part in parts if part.waiting and not part.takes_part],
        "adrift_count": sum(part.waiting for part in parts if not part.takes_part),
        "counts": counts,
        "in_all": counts["waiting"] + counts["contacted"],
        "tabs": [
            (value, words, counts[value])
            for value, words in SHOWN.items()
            if value in (show, "all") or (counts[value] and not plan.is_given_up)
        ],
        "show": show,
        "page_obj": page,
        "listing": PlanList.name,
        "list_query": urlencode({"plan": plan.pk, "show": show}),
        "more": more,
        "problems": problems,
        "next_plan": plans.next_after(plan) if plan.is_over else None,
        "today": timezone.localdate(),
    }
    return render(request, "contacts/contact_plan.html", context)


def _plan(pk):
    return get_object_or_404(
        ContactPlan.objects.select_related("selection__created_by", "target_group", "job", "basis_by", "created_by"),
        pk=pk,
    )


def _parts(targets, people):
    """How far each has come who has something in the plan or takes part; first those who do, in order."""
    counted = (
        targets.order_by()
        .values("consultant")
        .annotate(reached=Count("pk", filter=Q(contact__isnull=False)), waiting=Count("pk", filter=still_to_contact()))
    )
    numbers = {row["consultant"]: (row["reached"], row["waiting"]) for row in counted}
    taking_part = {person.pk for person in people if person.is_active}
    gone = User.objects.in_bulk(set(numbers) - {None} - {person.pk for person in people})
    everybody = [*people, *gone.values()]
    parts = [Part(person, *numbers.get(person.pk, (0, 0)), person.pk in taking_part) for person in everybody]
    if None in numbers:
        parts.append(Part(None, *numbers[None], False))
    return parts


def _more(plan):
    """How many workplaces fit by now that are not in the plan (capped), or why that can't be said."""
    try:
        return plans.count_more(plan, timezone.localdate()), []
    except BrokenSelection as broken:
        return 0, broken.problems


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def add(request):
    """A new plan, as a draft, last in order."""
    return _form_page(request, ContactPlan())


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """Change a plan that has not ended."""
    plan = _plan(pk)
    if plan.is_over:
        messages.info(request, _("This plan has ended, and stays as it was."))
        return redirect(plan)
    return _form_page(request, plan)


def _form_page(request, plan):
    today = timezone.localdate()
    initial = {} if plan.pk else {"starts_on": today, "selection": request.GET.get("selection", "")[:18]}
    form = ContactPlanForm(
        request.POST if request.method == "POST" else None,
        instance=plan,
        initial=initial,
        user=request.user,
        today=today,
    )
    if request.method == "POST" and form.is_valid():
        if plan.pk:
            plan._history_user = request.user
            form.save()
        else:
            plans.draft(plan, by=request.user, participants=form.cleaned_data["participants"])
        messages.success(request, _("%(name)s is saved.") % {"name": plan})
        return redirect(plan)
    context = {"form": form, "plan": plan if plan.pk else None, "has_selections": Selection.objects.shared().exists()}
    return render(request, "contacts/contact_plan_form.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def earlier(request, pk):
    """Let a draft come one place earlier."""
    plans.earlier(plan=_plan(pk), by=request.user)
    return redirect("contacts:contact_plans")


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def fill(request, pk):
    """Start a draft, or add to a running plan what its selection finds by now: exactly the rows that were shown."""
    plan, today = _plan(pk), timezone.localdate()
    if plan.is_over:
        messages.info(request, _("This plan has ended, and stays as it was."))
        return redirect(plan)
    if plan.job and plan.job.is_under_way:
        messages.info(request, _("The plan is being filled. Wait until that is done."))
        return redirect(plan)
    form = FillForm(request.POST if request.method == "POST" else None)
    has_changed = False
    if request.method == "POST" and form.is_valid():
        try:
            return _fill(request, plan, form.cleaned_data, today)
        except plans.Changed:
            has_changed = True
        except BrokenSelection:
            # Told below, with what is wrong with it.
            pass
    try:
        found, problems = plans.find(plan, today), []
    except BrokenSelection as broken:
        found, problems = None, broken.problems
    may_reach = request.user.has_perm(plans.REACH_PROTECTED)
    context = {
        "plan": plan,
        "form": form,
        "found": found,
        "mark": found.mark if found else "",
        "sample": found.rows.select_related("company", "owner").order_by("sort_name", "pk")[:SAMPLE] if found else [],
        "asks_basis": bool(found and found.protected_count and may_reach),
        "problems": problems,
        "has_changed": has_changed,
        "running": ContactPlan.objects.running().exclude(pk=plan.pk) if plan.is_draft else [],
        "filter_url": plan.selection.get_absolute_url(),
    }
    return render(request, "contacts/contact_plan_fill.html", context, status=422 if request.method == "POST" else 200)


def _fill(request, plan, answer, today):
    act, said = (plans.start, _("The plan runs.")) if plan.is_draft else (plans.take_in, _("They are added."))
    try:
        job = act(plan=plan, mark=answer["rows"], by=request.user, today=today, basis=answer["basis"])
        messages.success(request, _("The workplaces are being added.") if job else said)
    except NotNow as error:
        messages.error(request, str(error))
        return redirect(plan)
    return redirect(plan if job else "contacts:share_contact_plan", *([] if job else [plan.pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def share(request, pk):
    """Share a plan's workplaces out: the outcome is shown first, and saved as it was shown."""
    plan = _plan(pk)
    if plan.is_over:
        messages.info(request, _("This plan has ended, and stays as it was."))
        return redirect(plan)
    people = list(plan.participants.working().in_order())
    asked = request.POST if request.method == "POST" else request.GET
    form = ShareForm(asked if "how" in asked else {"how": plans.EVENLY, "which": "new"}, plan=plan, people=people)
    outcome, has_changed = None, False
    if form.is_valid() and people:
        facts = form.cleaned_data
        outcome = plans.outcome(
            plan,
            people,
            how=facts["how"],
            anew=facts["which"] == "all",
            others_too=facts["others"],
            to=facts["to"],
            ticked=set(facts["target"]),
        )
        if request.method == "POST":
            has_changed = asked.get("outcome") != outcome.mark
            if not has_changed:
                plans.share_out(plan=plan, given=outcome.given)
                number = len([pk for pk, who in outcome.given.items() if who])
                said = ngettext("%(n)s workplace is shared out.", "%(n)s workplaces are shared out.", number)
                messages.success(request, said % {"n": number})
                return redirect(plan)
    context = {
        "plan": plan,
        "form": form,
        "people": people,
        "outcome": outcome,
        "number": len([pk for pk, who in outcome.given.items() if who]) if outcome else 0,
        "is_by_hand": form["how"].value() == plans.BY_HAND,
        "has_changed": has_changed,
        "ticked": form.cleaned_data.get("target", []) if hasattr(form, "cleaned_data") else [],
    }
    wrong = request.method == "POST" or ("how" in asked and form.errors)
    return render(request, "contacts/contact_plan_share.html", context, status=422 if wrong else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def end(request, pk):
    """End a plan after showing what is left, and offer the next one in order."""
    plan = _plan(pk)
    if request.method == "POST":
        try:
            plans.end(plan=plan, by=request.user, today=timezone.localdate())
            said = _("%(name)s is given up.") if plan.is_draft else _("%(name)s has ended.")
            messages.success(request, said % {"name": plan})
        except NotNow as error:
            messages.error(request, str(error))
        return redirect(plan)
    if plan.is_over:
        return redirect(plan)
    context = {
        "plan": plan,
        "contacted": plan.targets.contacted().count(),
        "waiting": plan.targets.waiting().count(),
        "next_plan": plans.next_after(plan),
    }
    return render(request, "contacts/contact_plan_end.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required([VIEW, "contacts.add_interaction"], raise_exception=True)
def leave_out(request, pk):
    """Say why one workplace is not contacted for a plan, or that it is after all."""
    target = get_object_or_404(
        ContactPlanTarget.objects.standing()
        .select_related("plan", "workplace")
        .filter(plan__in=ContactPlan.objects.open()),
        pk=pk,
    )
    form = LeaveOutForm(request.POST if request.method == "POST" else None, initial={"why": target.left_out_why})
    if request.method == "POST" and form.is_valid():
        target.leave_out(form.cleaned_data["why"], by=request.user)
        said = _("%(name)s is left out.") if target.left_out_why else _("%(name)s is to be contacted.")
        messages.success(request, said % {"name": target.workplace})
        return back(request, target.plan)
    context = {"form": form, "workplace": target.workplace, "title": _("Leave out of the plan")}
    context["next"] = (
        request.POST.get("next")
        or request.GET.get("next", "")
        or reverse("contacts:contact_plan", args=[target.plan_id])
    )
    return render(request, "contacts/form.html", context, status=422 if form.errors else 200)
