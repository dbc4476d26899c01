"""Job orders: the list, the card of one, and the acts on it and on the candidates referred."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import merging
from companies.models import Workplace
from contacts import list_pages
from contacts.actions import NotNow, as_number, from_number
from contacts.views import choose
from jobcenter_crm.frame.addresses import number
from placements import case_reference, job_order_days, job_orders, undoing
from placements.job_order_forms import (
    CorrectFoundForm,
    FillForm,
    JobOrderForm,
    NewJobOrderForm,
    ReferForm,
    ReopenForm,
    WithdrawForm,
)
from placements.job_order_list import COLUMNS, JobOrderFilter
from placements.models import JobOrder, Referral
from placements.placement_list import may_see_references

VIEW, ADD, CHANGE = "placements.view_joborder", "placements.add_joborder", "placements.change_joborder"
REFER = "placements.add_referral"
# So many follow-ups that are done are told on the card.
DONE_SHOWN = 5
# What addresses with a signature are for.
PUT_BACK, UNREFER = "placements.put_back_job_order", "placements.withdraw_referral"
UNANSWER = "placements.take_back_answer"


@require_safe
@permission_required(VIEW, raise_exception=True)
def job_orders_list(request):
    """The open job orders, the nearest deadline first; the address narrows them."""
    context = list_pages.shown(request, JobOrderFilter)
    return render(request, "placements/job_orders.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel; a filter that can't be read goes back to the list, which says so."""
    return list_pages.as_excel(
        request, JobOrderFilter, page="placements:job_orders", title=_("Job orders"), columns=COLUMNS
    )


def _order(pk):
    rows = JobOrder.objects.select_related("workplace__company", "measure", "contact", "owner", "created_by")
    return get_object_or_404(rows, pk=pk)


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def job_order(request, pk):
    """The card of a job order: how many are missing and by when, who has been referred, and when it is followed up."""
    order, today, user = _order(pk), timezone.localdate(), request.user
    referrals = list(order.referrals.select_related("by"))
    sees_references = may_see_references(user)
    for one in referrals:
        one.case_url = case_reference.link(one.case_reference) if sees_references else ""
    hired = sum(one.state == Referral.State.HIRED for one in referrals)
    promised = job_order_days.promised_for(order).select_related("owner", "done_by")
    context = {
        "order": order,
        "workplace": order.workplace,
        "today": today,
        "is_late": order.is_open and order.deadline < today,
        "why_none": job_orders.why_none(order.workplace) if order.is_open else "",
        "referrals": sorted(referrals, key=lambda one: one.state != Referral.State.REFERRED),
        "waiting": sum(one.state == Referral.State.REFERRED for one in referrals),
        "hired": hired,
        "still_to_find": job_order_days.missing_in_words(order),
        "found_elsewhere": order.filled - hired,
        "follow_ups": [
            *promised.open().order_by("due_on", "pk"),
            *promised.filter(done_at__isnull=False).order_by("-done_at", "-pk")[:DONE_SHOWN],
        ],
        "sees_references": sees_references,
        "may_refer": order.is_open and user.has_perm(REFER),
    }
    return render(request, "placements/job_order.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def add(request):
    """A new job order of a workplace; which one is found first, where the page was opened from nowhere in particular."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = number(asked.get("workplace"))
    if pk is None:
        return choose(request, "placements:add_job_order", title=_("New job order"))
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), pk)
    data = request.POST if request.method == "POST" else None
    form = NewJobOrderForm(data, workplace=workplace, user=request.user, today=timezone.localdate())
    if data is not None and form.is_valid():
        try:
            made = job_orders.receive(workplace=workplace, by=request.user, **form.facts())
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(
                request, _("The job order is open. It is followed up every working day until it is filled.")
            )
            return redirect(made)
    why_none = "" if form.errors else job_orders.why_none(workplace)
    return _form(request, form, workplace, why_none=why_none)


def _form(request, form, workplace, **context):
    context |= {"form": form, "workplace": workplace}
    return render(request, "placements/job_order_form.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """What the order says, and whose it is; as long as it is open."""
    order = _order(pk)
    if refusal := _too_late(request, order):
        return refusal
    data = request.POST if request.method == "POST" else None
    # The form writes into its own copy what was typed; the page tells what is so.
    form = JobOrderForm(data, instance=copy(order), workplace=order.workplace, today=timezone.localdate())
    if data is not None and form.is_valid():
        try:
            changed = job_orders.change(order=order, by=request.user, **form.facts())
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved.") if changed.is_open else _filled(changed))
            return redirect(order)
    return _form(request, form, order.workplace, order=order)


def _too_late(request, order):
    """Back to the card of one that is closed, with the reason; what was sent is answered by the act itself."""
    if order.is_open or request.method == "POST":
        return None
    messages.info(request, job_orders.closed_in_words(order))
    return redirect(order)


def _filled(order):
    return ngettext(
        "The position is filled. The order is closed.", "All %(n)s positions are filled. The order is closed.",
        order.positions,
    ) % {"n": order.positions}  # fmt: skip


def _found(order):
    """What is said when somebody has been found."""
    if not order.is_open:
        return _filled(order)
    return _("Noted. %(missing)s.") % {"missing": job_order_days.missing_in_words(order)}


def _sheet(request, order, form, title, button, **context):
    context |= {"order": order, "form": form, "title": title, "button": button}
    return render(request, "placements/job_order_act.html", context, status=422 if form.errors else 200)


def _act(request, order, form, act, said, title, button, **context):
    """The page of one act, and the act itself, which can be undone."""
    if form.is_bound and form.is_valid():
        try:
            order_now, before = act()
        except NotNow as refused:
            form.add_error(None, str(refused))
            order.refresh_from_db()
        else:
            signed = undoing.sign(request, PUT_BACK, order.pk, before)
            undo = f"{reverse('placements:undo_job_order', args=[order.pk])}?of={signed}"
            messages.success(request, said(order_now), extra_tags=f"undo:{undo}")
            return redirect(order)
    return _sheet(request, order, form, title, button, **context)


def _data(request):
    return request.POST if request.method == "POST" else None


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def fill(request, pk):
    """The employer has found somebody without us."""
    order = _order(pk)
    if refusal := _too_late(request, order):
        return refusal
    form = FillForm(_data(request), order=order)
    return _act(
        request, order, form, lambda: job_orders.fill(order=order, by=request.user, **form.cleaned_data), _found,
        _("Found without us"), _("Note it"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def correct_found(request, pk):
    """It was written wrongly how many the employer has found without us; also of an order that is filled by that."""
    order = _order(pk)
    form = CorrectFoundForm(_data(request), order=order, found=order.filled - order.hired)
    return _act(
        request, order, form,
        lambda: job_orders.correct_found(order=order, by=request.user, **form.cleaned_data), _corrected,
        _("Found without us"), _("Correct it"),
    )  # fmt: skip


def _corrected(order):
    return _("Corrected.") if order.state == JobOrder.State.WITHDRAWN else _found(order)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def withdraw(request, pk):
    """The employer no longer asks."""
    order = _order(pk)
    if refusal := _too_late(request, order):
        return refusal
    form = WithdrawForm(_data(request))
    return _act(
        request, order, form,
        lambda: job_orders.withdraw(order=order, by=request.user, why=form.cleaned_data["why"]),
        lambda _order: _("The job order is withdrawn."), _("Withdraw the job order"), _("Withdraw"),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def reopen(request, pk):
    """They ask again, or for more."""
    order = _order(pk)
    if order.is_open and request.method != "POST":
        messages.info(request, _("The job order is open already."))
        return redirect(order)
    form = ReopenForm(_data(request), order=order, today=timezone.localdate())
    return _act(
        request, order, form, lambda: job_orders.reopen(order=order, by=request.user, **form.cleaned_data),
        lambda _order: _("The job order is open again."), _("Open the job order again"), _("Open again"),
    )  # fmt: skip


@require_POST
@permission_required(CHANGE, raise_exception=True)
def undo(request, pk):
    """Undo what one has just done with an order, where nobody has changed it since."""
    order = _order(pk)
    before = undoing.read_or_say(request, PUT_BACK, order.pk)
    if before is None:
        return redirect(order)
    try:
        job_orders.put_back(order=order, before=before, by=request.user)
        messages.success(request, _("Undone. The job order is as it was."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(order)


# Referrals.


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(REFER, raise_exception=True)
def refer(request, pk):
    """Propose a candidate. Who comes too late is told, and keeps what was typed."""
    order = _order(pk)
    if refusal := _too_late(request, order):
        return refusal
    form = ReferForm(_data(request))
    if form.is_bound and form.is_valid():
        since = timezone.now()
        try:
            made = job_orders.refer(order=order, by=request.user, **form.cleaned_data)
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            signed = undoing.sign(request, UNREFER, made.pk, as_number(since))
            undo = f"{reverse('placements:undo_referral', args=[made.pk])}?of={signed}"
            owner = order.owner
            said = _("Referred.") if owner == request.user else _("Referred. %(name)s sees it today.") % {"name": owner}
            messages.success(request, said, extra_tags=f"undo:{undo}")
            return redirect(_referrals(order))
    return _sheet(request, order, form, _("Refer a candidate"), _("Refer"))


def _referrals(order):
    return f"{order.get_absolute_url()}#referrals"


def _referral(pk):
    rows = Referral.objects.select_related("job_order__workplace", "job_order__owner")
    return get_object_or_404(rows, pk=pk)


@require_POST
@permission_required(REFER, raise_exception=True)
def undo_referral(request, pk):
    """Take back what one has just referred, as if it had not been."""
    referral = _referral(pk)
    order = referral.job_order
    since = undoing.read_or_say(request, UNREFER, referral.pk)
    if since is None:
        return redirect(_referrals(order))
    try:
        job_orders.withdraw_referral(referral=referral, by=request.user, since=from_number(since))
        messages.success(request, _("Undone. Nobody is referred by it."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(_referrals(order))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def answer(request, pk, hired):
    """Hired, or not this time."""
    referral, since = _referral(pk), timezone.now()
    try:
        order = job_orders.answer(referral=referral, by=request.user, hired=hired)
    except NotNow as refused:
        messages.error(request, str(refused))
        return redirect(_referrals(referral.job_order))
    signed = undoing.sign(request, UNANSWER, referral.pk, as_number(since))
    undo = f"{reverse('placements:take_back_answer', args=[referral.pk])}?of={signed}"
    said = _found(order) if hired else _("Noted: not this time.")
    messages.success(request, said, extra_tags=f"undo:{undo}")
    return redirect(_referrals(order))


@require_POST
@permission_required(CHANGE, raise_exception=True)
def take_back_answer(request, pk):
    """The answer was wrong, or it came to nothing: the candidate is a referred one again."""
    referral = _referral(pk)
    # From the card an answer is taken back at any time; on the spot what it has ticked off is open again.
    since = undoing.read(request, UNANSWER, referral.pk)
    try:
        job_orders.take_back(referral=referral, by=request.user, since=since and from_number(since))
        messages.success(request, _("Taken back. The candidate is referred, and not answered for."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(_referrals(referral.job_order))
