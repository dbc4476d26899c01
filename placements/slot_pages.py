"""Slots: the list, the card of one, and the acts on it."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import merging
from companies.models import Workplace
from contacts import list_pages
from contacts.actions import NotNow
from contacts.views import choose
from jobcenter_crm.frame.addresses import number
from jobcenter_crm.frame.pages import COUNTED_TO
from placements import hosting, occupancy, occupancy_chart, placement_pages, ratio, reservation_pages, slots, undoing
from placements.models import Slot
from placements.slot_forms import NewSlotForm, SlotForm, StateForm
from placements.slot_list import COLUMNS, SlotFilter

VIEW, ADD, CHANGE = "placements.view_slot", "placements.add_slot", "placements.change_slot"
# What an address with a signature is for.
SET_STATE = "placements.set_state"


@require_safe
@permission_required(VIEW, raise_exception=True)
def slot_list(request):
    """The open slots, those with free places first; the address narrows them."""
    context = list_pages.shown(request, SlotFilter)
    # Who has which place is looked up for each slot: of a long list that takes longer than the page may.
    context["is_summed"] = context["is_readable"] and context["counts"]["open"] <= COUNTED_TO
    context["places"] = context["form"].places() if context["is_summed"] else {}
    return render(request, "placements/slots.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel; a filter that can't be read goes back to the list, which says so."""
    return list_pages.as_excel(
        request, SlotFilter, page="placements:slots", title=_("Slots"), columns=COLUMNS,
        rows=lambda form: form.rows().prefetch_related("target_groups"),
    )  # fmt: skip


@require_safe
@permission_required(VIEW, raise_exception=True)
def slot(request, pk):
    """The card of a slot: what is free, what is done there, for whom, whom to call, and how full it is."""
    found = Slot.objects.select_related(
        "workplace__company", "measure", "contact", "mentor", "agreement__workplace", "owner", "created_by"
    ).prefetch_related("target_groups", "considerations")
    today = timezone.localdate()
    slot = get_object_or_404(found.with_free(today), pk=pk)
    full, spans = occupancy_chart.of_slot(slot, today)
    free_on = occupancy.first_free(slot, spans, today)
    context = {
        "slot": slot,
        "workplace": slot.workplace,
        "today": today,
        "free": max(slot.free, 0),
        "free_on": free_on,
        "free_until": free_on and occupancy.free_until(slot, spans, free_on),
        "has_run_out": slot.ends_on is not None and slot.ends_on < today,
        "why_none": slots.why_none(slot.workplace),
        "is_to_confirm": slot.is_to_confirm(today),
        "advice": ratio.advice(slot.workplace, today) if slot.measure.counts_in_ratio else None,
        "occupancy": full,
    }
    context |= reservation_pages.for_card(slot, request.user, today)
    context |= placement_pages.for_card(slot, request.user, today)
    return render(request, "placements/slot.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def add(request):
    """A new slot at a workplace; which one is found first, where the page was opened from nowhere in particular."""
    asked = request.POST if request.method == "POST" else request.GET
    pk = number(asked.get("workplace"))
    if pk is None:
        return choose(request, "placements:add_slot", title=_("New slot"))
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), pk)
    today = timezone.localdate()
    data = request.POST if request.method == "POST" else None
    profile = hosting.profile_at(workplace)
    form = NewSlotForm(data, workplace=workplace, user=request.user, today=today, profile=profile)
    why_none = slots.why_none(workplace)
    if data is not None and form.is_valid():
        try:
            made = slots.make(workplace=workplace, by=request.user, **form.facts())
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The slot is open. Case workers see it from now on."))
            return redirect(made)
    context = {
        "form": form,
        "workplace": workplace,
        "profile": profile,
        "why_none": "" if form.errors else why_none,
        "advice": ratio.advice(workplace, today),
    }
    return render(request, "placements/slot_new.html", context, status=422 if form.errors else 200)


def _slot(pk):
    return get_object_or_404(Slot.objects.select_related("workplace__company", "measure", "owner"), pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def change(request, pk):
    """What the slot says. Those who have its places must still fit; its measure stays once somebody had one."""
    slot = _slot(pk)
    data = request.POST if request.method == "POST" else None
    # The form writes into its own copy what was typed; the page tells what is so.
    form = SlotForm(data, instance=copy(slot), workplace=slot.workplace, today=timezone.localdate())
    if slot.placements.exists() or slot.reservations.exists():
        del form.fields["measure"]
    if data is not None and form.is_valid():
        try:
            slots.change(slot=slot, by=request.user, **form.facts())
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("Saved."))
            return redirect(slot)
    context = {"form": form, "slot": slot, "workplace": slot.workplace}
    return render(request, "placements/slot_form.html", context, status=422 if form.errors else 200)


# State -> title of the page, its button, what is said afterwards.
STATES = {
    Slot.State.PAUSED: (
        gettext_lazy("Pause the slot"),
        pgettext_lazy("a button", "Pause"),
        gettext_lazy("The slot is paused. Nobody can reserve a place until it is opened."),
    ),
    Slot.State.CLOSED: (
        gettext_lazy("Close the slot"),
        pgettext_lazy("a button", "Close"),
        gettext_lazy("The slot is closed."),
    ),
    Slot.State.OPEN: (
        gettext_lazy("Open the slot"),
        pgettext_lazy("a button", "Open"),
        gettext_lazy("The slot is open."),
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def set_state(request, pk, state):
    """Pause, close or open the slot, with the reason."""
    slot = _slot(pk)
    title, button, done = STATES[state]
    if slot.state == state:
        words = {"state": str(slot.get_state_display()).lower()}
        messages.info(request, _("The slot is %(state)s already.") % words)
        return redirect(slot)
    data = request.POST if request.method == "POST" else None
    form = StateForm(data, state=state)
    if data is not None and form.is_valid():
        try:
            _slot_now, before = slots.set_state(slot=slot, state=state, by=request.user, why=form.cleaned_data["why"])
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            signed = undoing.sign(request, SET_STATE, slot.pk, before)
            undo = f"{reverse('placements:undo_slot', args=[slot.pk])}?of={signed}"
            messages.success(request, str(done), extra_tags=f"undo:{undo}")
            return redirect(slot)
    context = {
        "form": form,
        "slot": slot,
        "title": title,
        "button": button,
        "reserved": slot.reservations.open().count() if state != Slot.State.OPEN else 0,
    }
    return render(request, "placements/slot_state.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required(CHANGE, raise_exception=True)
def undo(request, pk):
    """Undo that one has just paused, closed or opened a slot, where nobody has changed it since."""
    slot = _slot(pk)
    before = undoing.read_or_say(request, SET_STATE, slot.pk)
    if before is None:
        return redirect(slot)
    try:
        slots.put_back(slot=slot, before=before, by=request.user)
        messages.success(request, _("Undone. The slot is as it was."))
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(slot)
