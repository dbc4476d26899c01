"""Reservations on a page: a place is reserved, and each is taken further on the card of its slot."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from contacts.actions import NotNow
from placements import case_reference, occupancy, reservations
from placements.models import Reservation, Slot
from placements.reservation_forms import GiveBackForm, MeetForm, ReserveForm, span_in_words

VIEW, ADD, CHANGE = "placements.view_reservation", "placements.add_reservation", "placements.change_reservation"
START = "placements.add_placement"
# Settled ones that the card of a slot still tells of.
SETTLED_SHOWN = 5


def for_card(slot, user, today):
    """What the card of a slot shows of its reservations, for `placements/_reservations.html`; two statements."""
    if not user.has_perm(VIEW):
        return {"may_see_reservations": False}
    rows = Reservation.objects.filter(slot=slot).select_related("consultant", "settled_by")
    held, may_change = list(rows.open().order_by("starts_on", "pk")), user.has_perm(CHANGE)
    for one in held:
        one.case_url = case_reference.link(one.case_reference)
        one.runs_out = one.held_until <= reservations.told_until(today)
        one.start_url = _start_url(one) if user.has_perm(START) else ""
    return {
        "may_see_reservations": True,
        "may_change_reservations": may_change,
        "may_renew_reservations": _may_renew(user),
        "may_reserve": user.has_perm(ADD) and slot.is_open and not slot.workplace.labour_conflict,
        "reservations": held,
        "settled_reservations": list(
            rows.exclude(state__in=Reservation.OPEN).order_by("-settled_at", "-pk")[:SETTLED_SHOWN]
        ),
    }


def _start_url(reservation):
    try:
        return f"{reverse('placements:start', args=[reservation.slot_id])}?reservation={reservation.pk}"
    except NoReverseMatch:
        return ""


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(ADD, raise_exception=True)
def reserve(request, pk):
    """Hold a place for a case. The one who loses the last place is told when there is one, and keeps what was typed."""
    found = Slot.objects.select_related("workplace", "measure")
    slot, today = get_object_or_404(found, pk=pk), timezone.localdate()
    if request.method != "POST":
        form = ReserveForm(slot=slot, today=today, start=_day(request.GET.get("start", "")))
        return _page(request, slot, form)
    form = ReserveForm(request.POST, slot=slot, today=today)
    if form.is_valid():
        try:
            made = occupancy.occupy(
                slot=slot, by=request.user, consultant=request.user, as_placement=False, **form.cleaned_data
            )
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            said = _("Reserved %(span)s. It is held until %(day)s.") % {
                "span": span_in_words(made), "day": date_format(made.held_until, "DATE_FORMAT"),
            }  # fmt: skip
            messages.success(request, said)
            return redirect(_card(made))
    return _page(request, slot, form)


def _day(text):
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page(request, slot, form):
    free = None
    if form.is_bound is False:
        free = _free(slot, form.fields["starts_on"].initial)
    context = {"slot": slot, "form": form, "free": free}
    return render(request, "placements/reserve.html", context, status=422 if form.errors else 200)


def _free(slot, day):
    taken = sum(span.first <= day <= span.last for span in occupancy.taken(slot))
    return max(slot.places - taken, 0)


def _card(reservation):
    return f"{reverse('placements:slot', args=[reservation.slot_id])}#reservations"


def _find(pk):
    found = Reservation.objects.select_related("slot__workplace", "slot__measure", "consultant")
    return get_object_or_404(found, pk=pk)


def _settled(request, reservation):
    """Where it can't be taken further any more: back to the card, with the reason."""
    if reservation.is_open:
        return None
    messages.info(
        request,
        _("This reservation is settled already: %(state)s.") % {"state": str(reservation.get_state_display()).lower()},
    )
    return redirect(_card(reservation))


def _act(request, reservation, form, act, said, title, button):
    """The page of one act, and the act itself."""
    if form.is_bound and form.is_valid():
        try:
            act()
        except NotNow as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, said)
            return redirect(_card(reservation))
    context = {"reservation": reservation, "slot": reservation.slot, "form": form, "title": title, "button": button}
    return render(request, "placements/reservation_act.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def meet(request, pk):
    """Employer and candidate have met."""
    reservation = _find(pk)
    if refusal := _settled(request, reservation):
        return refusal
    form = MeetForm(request.POST if request.method == "POST" else None, today=timezone.localdate())
    return _act(
        request, reservation, form,
        lambda: reservations.meet(reservation=reservation, by=request.user, on=form.cleaned_data["on"]),
        _("The meeting is noted."), _("The meeting is held"), _("Note it"),
    )  # fmt: skip


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(CHANGE, raise_exception=True)
def give_back(request, pk):
    """The place is free for others again."""
    reservation = _find(pk)
    if refusal := _settled(request, reservation):
        return refusal
    form = GiveBackForm(request.POST if request.method == "POST" else None)
    return _act(
        request, reservation, form,
        lambda: reservations.give_back(reservation=reservation, by=request.user, why=form.cleaned_data["why"]),
        _("Given back. The place is free for others."), _("Give the place back"), _("Give back"),
    )  # fmt: skip


def _may_renew(user):
    """Whoever may start a placement out of a reservation may also wait for it."""
    return user.has_perm(CHANGE) or user.has_perm(START)


@require_POST
def renew(request, pk):
    """Hold it seven days more."""
    if not _may_renew(request.user):
        raise PermissionDenied
    reservation = _find(pk)
    try:
        reservation = reservations.renew(reservation=reservation, by=request.user)
        day = date_format(reservation.held_until, "DATE_FORMAT")
        messages.success(request, _("Renewed. It is held until %(day)s.") % {"day": day})
    except NotNow as refused:
        messages.error(request, str(refused))
    return redirect(_card(reservation))
