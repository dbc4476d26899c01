"""Placements: the list, the card of one, and its steps from the start to what came of it."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts import list_pages
from contacts.actions import NotNow
from contacts.models import FollowUp
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import COUNTED_TO, capped_count
from jobcenter_crm.staff.discretion import note_read
from placements import effect as effects
from placements import occupancy, steps
from placements.models import Effect, Placement, Reservation, Slot, Stay
from placements.placement_forms import EffectForm, EndForm, ExtendForm, StartForm, StayForm, WithdrawForm
from placements.placement_list import PlacementFilter, columns_for, may_see_references

VIEW, ADD, CHANGE = "placements.view_placement", "placements.add_placement", "placements.change_placement"
SEE_EFFECT, ADD_EFFECT = "placements.view_effect", "placements.add_effect"
# So many of those that have ended are told on the card of a slot.
LATEST = 5


@require_safe
@permission_required(VIEW, raise_exception=True)
def placements(request):
    """The placements that run, those that end first at the top; the address narrows them, and tells what came of them."""
    context = list_pages.shown(request, PlacementFilter)
    form, is_readable = context["form"], context["is_readable"]
    if is_readable:
        note_read("placements", reader=request.user, colleagues=form.of_whom)
    may_see = is_readable and request.user.has_perm(SEE_EFFECT)
    may_tell = may_see and not form.is_of_colleagues
    # Of a long list they are told when somebody asks for them: they take longer than the page.
    is_told = may_tell and (bool(form.cleaned_data["shares"]) or capped_count(form.chosen()) <= COUNTED_TO)
    context |= {
        "shows_shares": may_see,
        "is_of_colleagues": is_readable and form.is_of_colleagues,
        "shares": effects.shares(form.chosen()) if is_told else None,
        "fewest": effects.FEWEST,
        "sees_references": may_see_references(request.user),
    }
    return render(request, "placements/placements.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel; a filter that can't be read goes back to the list, which says so."""
    return list_pages.as_excel(
        request,
        PlacementFilter,
        page="placements:placements",
        title=_("Placements"),
        columns=columns_for(request.user),
        rows=_noted,
    )


def _noted(form):
    """The rows that leave the house; of whose work they tell is noted, where that is a colleague's."""
    note_read("placements_excel", reader=form.user, colleagues=form.of_whom)
    return form.rows()


def _placement(pk):
    rows = Placement.objects.select_related(
        "slot__workplace__company", "slot__measure", "slot__agreement", "slot__contact", "slot__mentor", "consultant",
        "effect__recorded_by",
    )  # fmt: skip
    return get_object_or_404(rows, pk=pk)


def _effect_of(placement):
    """What came of it, if it was written; asked for together with the placement."""
    return getattr(placement, "effect", None)


@require_safe
@permission_required(VIEW, raise_exception=True)
def placement(request, pk):
    """The card of a placement: how far it is, whom to call, when it is followed up, and what came of it."""
    placement, today, user = _placement(pk), timezone.localdate(), request.user
    follow_ups = FollowUp.objects.caused_by(placement).select_related("owner", "done_by").order_by("due_on", "pk")
    told = _effect_of(placement)
    extensions = list(placement.extensions.select_related("by"))
    for one in extensions:
        one.where = steps.GRANTED_IN.get(one.granted_in, one.granted_in)
    may_change = user.has_perm(CHANGE)
    asked_on = effects.asked_on(placement) if placement.has_ended else None
    context = {
        "placement": placement,
        "slot": placement.slot,
        "today": today,
        "is_overdue": not placement.is_over and placement.planned_end < today,
        "is_to_come": not placement.is_over and placement.starts_on > today,
        "may_withdraw": may_change and not placement.is_over and placement.starts_on >= today,
        "may_reopen": may_change and told is None and steps.said_over(placement, user, timezone.now()) is not None,
        "follow_ups": list(follow_ups),
        "extensions": extensions,
        "stays": list(placement.stays.select_related("workplace")),
        "is_centre": placement.slot.agreement is not None and placement.slot.agreement.is_centre,
        "effect": told if user.has_perm(SEE_EFFECT) else None,
        "shows_effect": placement.has_ended and user.has_perm(SEE_EFFECT),
        "asked_on": asked_on,
        "may_tell": asked_on is not None and asked_on <= today and told is None and user.has_perm(ADD_EFFECT),
        "may_undo": user.has_perm(ADD_EFFECT) and effects.may_undo(told, user, timezone.now()),
        "may_change": may_change and not placement.is_over,
        "sees_references": may_see_references(user),
        "is_long": is_over_limit(placement.slot.measure, placement.starts_on, placement.last_day),
    }
    return render(request, "placements/placement.html", context)


def weeks_of(first, last):
    """How many weeks those days are, in the nearest whole number."""
    return max(1, round(((last - first).days + 1) / 7))


def is_over_limit(measure, first, last):
    """Whether it lasts longer than the measure's longest, where the law sets one; advice, and never a refusal."""
    return measure.longest_weeks is not None and (last - first).days + 1 > measure.longest_weeks * 7


def _sheet(request, template, form, **context):
    return render(request, template, {"form": form} | context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def start(request, pk):
    """Somebody starts in a place of a slot, out of a reservation or without one."""
    found = Slot.objects.select_related("workplace", "measure", "agreement", "owner")
    slot = get_object_or_404(found, pk=pk)
    asked = request.POST if request.method == "POST" else request.GET
    reservation = None
    if key := number(asked.get("reservation")):
        reservation = get_object_or_404(Reservation, pk=key, slot=slot)
        if not reservation.is_open and request.method != "POST":
            messages.info(request, _("This reservation is settled already."))
            return redirect(slot)
    data = request.POST if request.method == "POST" else None
    form = StartForm(data, slot=slot, user=request.user, today=timezone.localdate(), reservation=reservation)
    if data is not None and form.is_valid():
        try:
            placement = steps.start(slot=slot, by=request.user, reservation=reservation, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _started(placement))
            return redirect(placement)
    return _sheet(request, "placements/start.html", form, slot=slot, reservation=reservation)


def _started(placement):
    follow_up = FollowUp.objects.open().caused_by(placement).order_by("due_on").first()
    if follow_up is None:
        return _("The placement is written.")
    return _("The placement is written. It is followed up for the first time on %(day)s.") % {
        "day": date_format(follow_up.due_on, "DATE_FORMAT")
    }


def _over(request, placement):
    """Back to the card of one that has ended or come to nothing."""
    if not placement.is_over:
        return None
    messages.info(request, occupancy.why_over(placement))
    return redirect(placement)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def extend(request, pk):
    """Note on the spot that it lasts longer."""
    placement = _placement(pk)
    if over := _over(request, placement):
        return over
    data = request.POST if request.method == "POST" else None
    form = ExtendForm(data, placement=placement)
    if data is not None and form.is_valid():
        try:
            placement = steps.extend(
                placement=placement, by=request.user, planned_end=form.cleaned_data["on"],
                granted_in=form.cleaned_data["granted_in"],
            )  # fmt: skip
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _extended(placement))
            return redirect(placement)
    return _sheet(
        request, "placements/extend.html", form, placement=placement, slot=placement.slot,
        weeks=weeks_of(placement.starts_on, placement.planned_end),
    )  # fmt: skip


def _extended(placement):
    said = _("Extended until %(day)s. The follow-ups have moved along.") % {
        "day": date_format(placement.planned_end, "DATE_FORMAT")
    }
    if is_over_limit(placement.slot.measure, placement.starts_on, placement.planned_end):
        said += " " + _("That is longer than the measure usually may last; the case system decides.")
    return said


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def end(request, pk):
    """It has ended: the day, and why."""
    placement, today = _placement(pk), timezone.localdate()
    if over := _over(request, placement):
        return over
    if placement.starts_on > today:
        # One that has not begun has no last day.
        return redirect("placements:withdraw", placement.pk)
    data = request.POST if request.method == "POST" else None
    form = EndForm(data, placement=placement, today=today)
    if data is not None and form.is_valid():
        try:
            placement = steps.end(placement=placement, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            day = date_format(effects.asked_on(placement), "DATE_FORMAT")
            said = _("The placement has ended. On %(day)s it is asked what came of it.") % {"day": day}
            messages.success(request, said, extra_tags=_undo(placement, "placements:reopen"))
            return redirect(placement)
    return _sheet(
        request, "placements/end.html", form, placement=placement, slot=placement.slot,
        may_withdraw=placement.starts_on == today,
    )  # fmt: skip


def _undo(placement, page):
    """That a line at the foot can be undone, as `messages` takes it."""
    return f"undo:{reverse(page, args=[placement.pk])}"


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def withdraw(request, pk):
    """It came to nothing, before it had begun."""
    placement, today = _placement(pk), timezone.localdate()
    if over := _over(request, placement):
        return over
    if placement.starts_on < today:
        day = date_format(placement.starts_on, "DATE_FORMAT")
        messages.info(request, _("It began on %(day)s. Say that it has ended instead.") % {"day": day})
        return redirect("placements:end", placement.pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            steps.withdraw(placement=placement, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            said = _("It came to nothing. The place is free again, and nothing more is followed up.")
            messages.success(request, said, extra_tags=_undo(placement, "placements:reopen"))
            return redirect(placement)
    return _sheet(
        request, "placements/withdraw.html", form, placement=placement, slot=placement.slot,
        begins_today=placement.starts_on == today,
    )  # fmt: skip


@require_POST
@permission_required(CHANGE, raise_exception=True)
def reopen(request, pk):
    """Undo that one has just said that it ended, or came to nothing."""
    placement = _placement(pk)
    try:
        steps.reopen(placement=placement, by=request.user)
        messages.success(request, _("Undone. The placement and its follow-ups are as they were."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(placement)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def add_stay(request, pk):
    """At which workplace of the centre they are now."""
    placement = _placement(pk)
    if over := _over(request, placement):
        return over
    if placement.slot.agreement is None or not placement.slot.agreement.is_centre:
        messages.info(request, _("Only a placement in a company centre moves between workplaces."))
        return redirect(placement)
    return _stay(request, placement, None)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def stay(request, pk):
    """Correct at which workplace they are or were, and when."""
    known = get_object_or_404(Stay.objects.select_related("workplace"), pk=pk)
    placement = _placement(known.placement_id)
    return _over(request, placement) or _stay(request, placement, known)


def _stay(request, placement, known):
    data = request.POST if request.method == "POST" else None
    form = StayForm(data, placement=placement, today=timezone.localdate(), known=known)
    if data is not None and form.is_valid():
        try:
            steps.stay(placement=placement, known=known, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("%(name)s is saved.") % {"name": form.cleaned_data["workplace"].name})
            return redirect(placement)
    return _sheet(request, "placements/stay.html", form, placement=placement, slot=placement.slot, known=known)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD_EFFECT, raise_exception=True)
def effect(request, pk):
    """What came of it, in one tap."""
    placement = _placement(pk)
    if placement.is_withdrawn:
        return _over(request, placement)
    if not placement.has_ended or timezone.localdate() < effects.asked_on(placement):
        messages.info(request, _("What came of it is asked four weeks after the end."))
        return redirect(placement)
    told = _effect_of(placement)
    form = EffectForm(request.POST if request.method == "POST" else None, told=told)
    if request.method == "POST" and form.is_valid():
        try:
            noted = effects.record(placement=placement, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            said = _("Noted: %(what)s.") % {"what": str(noted).lower()}
            messages.success(request, said, extra_tags=_undo(placement, "placements:undo_effect"))
            return redirect(placement)
    return _sheet(request, "placements/effect.html", form, placement=placement, slot=placement.slot, told=told,
                  outcomes=Effect.Outcome.choices)  # fmt: skip


@require_POST
@permission_required(ADD_EFFECT, raise_exception=True)
def undo_effect(request, pk):
    """Take back what was just written; what was told before holds again."""
    placement = _placement(pk)
    try:
        former = effects.undo(placement=placement, by=request.user)
        said = _("Taken back. It is asked again.")
        if former:
            said = _("Taken back. It says again: %(what)s.") % {"what": str(former).lower()}
        messages.success(request, said)
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(placement)


def for_card(slot, user, today):
    """What the card of a slot shows of its placements; nothing to those who may see none."""
    if not user.has_perm(VIEW):
        return {}
    rows = Placement.objects.filter(slot=slot).select_related("consultant", "effect")
    ended = rows.ended().order_by("-ended_on", "-pk")
    latest = list(ended[: LATEST + 1])
    return {
        "shows_placements": True,
        "running_placements": list(rows.running().order_by("starts_on", "pk")),
        "ended_placements": latest[:LATEST],
        "has_more_placements": len(latest) > LATEST,
        "may_start": slot.is_open and user.has_perm(ADD),
        "sees_references": may_see_references(user),
        "sees_effect": user.has_perm(SEE_EFFECT),
    }
