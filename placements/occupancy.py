"""Who takes the places of a slot: the only writer of reservations and placements, and the sweep over the days.

A slot never holds more than its places on any day, also when two people save in the same second: each act locks the row
of the slot, looks at all who take its places on the days in question, and only then writes. The workplace is held before
the slot, as everywhere: what was owed there is ticked off.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from simple_history.utils import bulk_create_with_history

from contacts.actions import NotNow, hold
from placements import debt
from placements.models import Extension, Placement, Reservation, Slot
from placements.querysets import WORTH_STARTING

# A reservation is held for so long, and as long once more.
HELD_FOR = timedelta(days=7)
MOST_PLACES = 200


class Full(NotNow):
    """All places are taken on some day; `day` is the first, `free_from` when one is free to the end, or None."""

    def __init__(self, slot, day, free_from):
        self.slot, self.day, self.free_from = slot, day, free_from
        said = ngettext("The place is taken on %(day)s.", "All %(n)s places are taken on %(day)s.", slot.places) % {
            "n": slot.places,
            "day": date_format(day, "DATE_FORMAT"),
        }
        if free_from:
            said += " " + _("From %(day)s there is one.") % {"day": date_format(free_from, "DATE_FORMAT")}
        super().__init__(said)


@dataclass(frozen=True)
class Span:
    """Days on which one place is taken, both included."""

    first: date
    last: date


def taken(slot, *, but=()):
    """The `Span`s of all who take places of `slot`; those of the rows in `but` are left out."""
    without = {(type(row), row.pk) for row in but if row is not None}
    rows = [*Reservation.objects.open().filter(slot=slot), *Placement.objects.standing().filter(slot=slot)]
    return [
        Span(row.starts_on, row.planned_end if isinstance(row, Reservation) else row.last_day)
        for row in rows
        if (type(row), row.pk) not in without
    ]


def taken_of_each(slots):
    """`{slot: its Spans}` of all that have taken places of `slots`, by key; one statement, none without slots."""
    spans = {slot.pk: [] for slot in slots}
    if not spans:
        return spans
    reserved, placed = (
        rows.filter(slot__in=list(spans)).values_list("slot", "starts_on", "last") for rows in Slot.objects.takers()
    )
    for key, first, last in reserved.union(placed, all=True):
        spans[key].append(Span(first, last))
    return spans


def count_free(slots, spans, today):
    """Give each slot the `free` of `SlotQuerySet.with_free`, where its `Spans` are known already (`taken_of_each`)."""
    for slot in slots:
        none = slot.workplace.labour_conflict or slot.workplace.ceased_on
        weeks = four_weeks(slot, max(today, slot.starts_on))
        slot.free = 0 if none else slot.places - most(spans[slot.pk], weeks)


def first_overfull(spans, places, wanted):
    """The first day of `wanted` on which `places` are taken by `spans` already; None if there is none.

    The number taken changes only where a span begins or ends: only those days are looked at.
    """
    days = sorted({wanted.first, *(span.first for span in spans if wanted.first < span.first <= wanted.last)})
    for day in days:
        if sum(span.first <= day <= span.last for span in spans) >= places:
            return day
    return None


def free_from(spans, places, wanted):
    """The first day after the beginning of `wanted` from which a place is free for as long; None if nobody leaves."""
    length = wanted.last - wanted.first
    for day in sorted({span.last + timedelta(days=1) for span in spans if span.last >= wanted.first}):
        if first_overfull(spans, places, Span(day, day + length)) is None:
            return day
    return None


def most(spans, within):
    """The most of `spans` that there are on one day of `within`."""
    days = {within.first, *(span.first for span in spans if within.first < span.first <= within.last)}
    return max(sum(span.first <= day <= span.last for span in spans) for day in days)


def four_weeks(slot, first):
    """The days from `first` on that nobody may have, so that a place counts as free; fewer where the slot ends sooner."""
    return Span(first, min(first + WORTH_STARTING, slot.ends_on or date.max))


def first_free(slot, spans, today):
    """The first day on which a place of `slot` is free, of which `spans` are taken; None if it is not before it ends."""
    first = max(today, slot.starts_on)
    wanted = four_weeks(slot, first)
    day = first if first_overfull(spans, slot.places, wanted) is None else free_from(spans, slot.places, wanted)
    return None if day is None or (slot.ends_on and day > slot.ends_on) else day


def free_until(slot, spans, day):
    """The last day on which a place that is free on `day` still is; None where nobody is to come who takes it."""
    until = first_overfull(spans, slot.places, Span(day, slot.ends_on or date.max))
    return until and until - timedelta(days=1)


def outlook(slot, taken, today):
    """When a place of `slot` is free (`first_free`), how many are then, and until when (`free_until`), asked of many slots.

    `taken` are pairs of the first and the last day of those who have its places. Nearly everywhere they are all there on
    the first day: then it is told from their last days alone.
    """
    first = max(today, slot.starts_on)
    if any(begins > first for begins, _last in taken):
        spans = [Span(*days) for days in taken]
        day = first_free(slot, spans, today)
        if day is None:
            return None, 0, None
        return day, slot.places - most(spans, four_weeks(slot, day)), free_until(slot, spans, day)
    lasts = sorted(last for _begins, last in taken if last >= first)
    leaving = len(lasts) - slot.places
    if leaving < 0:
        return first, -leaving, None
    day = lasts[leaving] + timedelta(days=1)
    if slot.ends_on and day > slot.ends_on:
        return None, 0, None
    return day, slot.places - sum(last >= day for last in lasts), None


def _locked(slot):
    return Slot.objects.select_for_update(of=["self"]).select_related("measure", "workplace").get(pk=slot.pk)


def _refuse_overfull(slot, wanted, *, but=()):
    spans = taken(slot, but=but)
    if day := first_overfull(spans, slot.places, wanted):
        raise Full(slot, day, free_from(spans, slot.places, wanted))


def _refuse_outside(slot, wanted):
    """Raises `NotNow` where the slot is not open for those days."""
    if not slot.is_open:
        raise NotNow(_("The slot is %(state)s. Open it first.") % {"state": str(slot.get_state_display()).lower()})
    _refuse_other_days(slot, wanted)


def _refuse_other_days(slot, wanted):
    """Raises `NotNow` where the slot's period has not all of those days."""
    if wanted.first < slot.starts_on:
        raise NotNow(_("The slot begins on %(day)s.") % {"day": date_format(slot.starts_on, "DATE_FORMAT")})
    if slot.ends_on and wanted.last > slot.ends_on:
        raise NotNow(_("The slot ends on %(day)s.") % {"day": date_format(slot.ends_on, "DATE_FORMAT")})


def _standing(placement):
    """The locked placement. Raises `NotNow` where nothing more comes of it."""
    found = Placement.objects.select_for_update(of=["self"]).get(pk=placement.pk)
    if over := why_over(found):
        raise NotNow(over)
    return found


def why_over(placement):
    """Why nothing more can be done with a placement; empty where it stands."""
    if placement.is_withdrawn:
        return _("This placement came to nothing.")
    return _("This placement has ended.") if placement.has_ended else ""


@transaction.atomic
def occupy(*, slot, by, consultant, case_reference, starts_on, planned_end, as_placement, reservation=None, token=None):
    """Take a place: as a reservation held for seven days, or `as_placement`, which may come out of a `reservation`.

    The same `token` again returns what it made the first time. Raises `Full`, or `NotNow` where the slot is not open
    for those days, the employer is in a labour conflict, or the reservation is settled already.
    """
    model = Placement if as_placement else Reservation
    hold([slot.workplace_id])
    # Asked when the workplace is held: the same form sent twice at once waits here.
    if token and (known := model.objects.filter(token=token).first()):
        return known
    slot = _locked(slot)
    wanted = Span(starts_on, planned_end)
    if reservation is not None:
        reservation = Reservation.objects.select_for_update().get(pk=reservation.pk)
        if not reservation.is_open or reservation.slot_id != slot.pk:
            raise NotNow(_("This reservation is settled already."))
    _refuse_outside(slot, wanted)
    if slot.workplace.labour_conflict and reservation is None:
        raise NotNow(_("There is a labour conflict here. No new places can be agreed."))
    if slot.workplace.ceased_on and slot.workplace.ceased_on < planned_end:
        raise NotNow(
            _("The workplace ceased on %(day)s.") % {"day": date_format(slot.workplace.ceased_on, "DATE_FORMAT")}
        )
    _refuse_overfull(slot, wanted, but=[reservation])
    facts = {
        "slot": slot, "case_reference": case_reference, "consultant": consultant, "starts_on": starts_on,
        "planned_end": planned_end, "token": token, "created_by": by,
    }  # fmt: skip
    if not as_placement:
        made = Reservation(held_until=timezone.localdate() + HELD_FOR, **facts)
    else:
        made = Placement(reservation=reservation, **facts)
    made._history_user = by
    made.save()
    if reservation is not None:
        settle(reservation, Reservation.State.STARTED, by=by)
    debt.settle(slot, by=by)
    return made


def settle(reservation, state, *, by, why=""):
    """It is held no longer; its case reference goes with it. The caller has locked it. `by` is None for the clock."""
    reservation.state, reservation.why, reservation.case_reference = state, why, ""
    reservation.settled_at, reservation.settled_by, reservation._history_user = timezone.now(), by, by
    reservation.save()


@transaction.atomic
def extend(*, placement, by, planned_end, granted_in=""):
    """Let it last longer. Raises `Full`, or `NotNow` where it is over, the slot ends before, or it would not be longer."""
    slot = _locked(placement.slot)
    placement = _standing(placement)
    if planned_end <= placement.planned_end:
        raise NotNow(
            _("It is planned until %(day)s. Choose a later day.")
            % {"day": date_format(placement.planned_end, "DATE_FORMAT")}
        )
    if slot.ends_on and planned_end > slot.ends_on:
        raise NotNow(_("The slot ends on %(day)s.") % {"day": date_format(slot.ends_on, "DATE_FORMAT")})
    _refuse_overfull(slot, Span(placement.planned_end + timedelta(days=1), planned_end), but=[placement])
    Extension.objects.create(
        placement=placement, before=placement.planned_end, after=planned_end, granted_in=granted_in, by=by
    )
    placement.planned_end, placement._history_user = planned_end, by
    placement.save()
    return placement


@transaction.atomic
def end(*, placement, by, on, reason):
    """It ended on `on`, a day not after today. Raises `NotNow` where it has ended already, or `on` can't be."""
    slot = _locked(placement.slot)
    placement = _standing(placement)
    if not placement.starts_on <= on <= timezone.localdate():
        raise NotNow(_("Choose a day from its start until today."))
    if on > placement.planned_end:
        # It lasted longer than was planned: the place was taken all the while.
        _refuse_overfull(slot, Span(placement.planned_end + timedelta(days=1), on), but=[placement])
    placement.ended_on, placement.end_reason, placement._history_user = on, reason, by
    placement.save()
    return placement


@transaction.atomic
def withdraw(*, placement, by, reason):
    """It came to nothing: the place is free again at once. Raises `NotNow` where it is over, or began before today."""
    slot = _locked(placement.slot)
    placement = _standing(placement)
    today = timezone.localdate()
    if placement.starts_on < today:
        raise NotNow(
            _("It began on %(day)s. Say that it has ended instead.")
            % {"day": date_format(placement.starts_on, "DATE_FORMAT")}
        )
    placement.withdrawn_on, placement.end_reason, placement._history_user = today, reason, by
    placement.save()
    debt.owe_again(slot)
    return placement


@transaction.atomic
def reopen(*, placement, by):
    """It has not ended, nor come to nothing, after all. Raises `Full` or `NotNow` where its days are not free any more."""
    slot = _locked(placement.slot)
    placement = Placement.objects.select_for_update(of=["self"]).get(pk=placement.pk)
    if not placement.is_over:
        raise NotNow(_("Nothing is to be undone here."))
    first = placement.ended_on + timedelta(days=1) if placement.has_ended else placement.starts_on
    wanted = Span(first, placement.planned_end)
    if wanted.first <= wanted.last:
        _refuse_other_days(slot, wanted)
        _refuse_overfull(slot, wanted, but=[placement])
    if placement.is_withdrawn:
        debt.settle(slot, by=by)
    placement.ended_on, placement.withdrawn_on, placement.end_reason = None, None, ""
    placement._history_user = by
    placement.save()
    return placement


@transaction.atomic
def make_room(*, slot, by, wanted, but=()):
    """Let a slot have as many places as are taken together with the `wanted` days, pairs of the first and the last.

    For what has taken place or been granted elsewhere: it is so, whatever the slot says. Raises `NotNow` where no slot
    can have so many. Returns the locked slot.
    """
    slot = _locked(slot)
    spans = [*taken(slot, but=but), *(Span(*days) for days in wanted)]
    most = max(sum(one.first <= span.first <= one.last for one in spans) for span in spans)
    if most > MOST_PLACES:
        raise NotNow(_("No slot has more than %(n)s places.") % {"n": MOST_PLACES})
    first = min(span.first for span in spans)
    if most > slot.places or first < slot.starts_on:
        slot.places, slot.starts_on, slot._history_user = max(most, slot.places), min(first, slot.starts_on), by
        slot.save()
    return slot


@transaction.atomic
def take_in(*, slot, placements, by):
    """Write placements that the case system has, unsaved rows without their slot; the slot grows with them."""
    slot = make_room(slot=slot, by=by, wanted=[(one.starts_on, one.last_day) for one in placements])
    for one in placements:
        one.slot = slot
    return bulk_create_with_history(placements, Placement, default_user=by)


@transaction.atomic
def resize(*, slot, by, **facts):
    """Change a slot's places, days or state, as long as all who take its places still fit. Raises `Full` or `NotNow`."""
    hold([slot.workplace_id])
    slot = _locked(slot)
    for name, value in facts.items():
        setattr(slot, name, value)
    spans = taken(slot)
    today = timezone.localdate()
    for span in spans:
        if span.last < today:
            # What has been is not changed by what the slot holds from now on.
            continue
        others = [one for one in spans if one is not span]
        span = Span(max(span.first, today), span.last)
        if day := first_overfull(others, slot.places, span):
            raise Full(slot, day, None)
        if span.first < slot.starts_on or (slot.ends_on and span.last > slot.ends_on):
            raise NotNow(
                _("Somebody is there from %(first)s to %(last)s. Choose days around those.")
                % {"first": date_format(span.first, "DATE_FORMAT"), "last": date_format(span.last, "DATE_FORMAT")}
            )
    slot._history_user = by
    slot.save()
    debt.settle_if_paid(slot, by=by)
    return slot
