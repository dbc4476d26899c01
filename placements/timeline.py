"""What has happened with the places and job orders of a workplace, for its timeline: in words, and never whose place it is.

A slot opened, paused or closed; a place reserved or given back; a placement that started, was extended, ended or came to nothing,
and that its effect was written; a job order received, filled, withdrawn or opened again. What came of a single placement is not told: that stands on its own card.
"""

from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Coalesce, Lag, TruncDate
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.timeline import PLACES, Event, Kind, columns, register
from jobcenter_crm.frame.languages import column_in_language
from placements.models import Effect, Extension, JobOrder, Placement, Reservation, Slot, Stay

State = Slot.State
_SLOT_WORDS = {
    State.OPEN: gettext_lazy("Slot opened again"),
    State.PAUSED: gettext_lazy("Slot paused"),
    State.CLOSED: gettext_lazy("Slot closed"),
}
_ORDER_WORDS = {
    JobOrder.State.OPEN: gettext_lazy("Job order opened again"),
    JobOrder.State.FILLED: gettext_lazy("Job order filled"),
    JobOrder.State.WITHDRAWN: gettext_lazy("Job order withdrawn"),
}
# One that has started is told of by its placement.
_SETTLED_WORDS = {
    Reservation.State.GIVEN_BACK: gettext_lazy("Place given back"),
    Reservation.State.LET_GO: gettext_lazy("Reservation let go"),
}


def _event(row, page, words, more="", part=""):
    """The `Event`: whoever did it stands before what there is `more` to say."""
    about = f"{row.what}, {row.about}" if row.what else row.about
    url = reverse(f"placements:{page}", args=[row.of]) + part
    return Event(row.day, str(words), "pin-map", url, about, more=row.said(more))


def _at(slot):
    """The condition that something is at a workplace; `slot` leads to the slot."""
    return lambda workplace: Q((f"{slot}__workplace", workplace))


def _of_slot(rows, slot, day, **facts):
    """The columns of what has to do with a slot, to which `slot` leads."""
    return columns(rows, day, what=column_in_language(f"{slot}measure__name"), about=f"{slot}tasks", **facts)


def _effects(today):
    return _of_slot(Effect.objects, "placement__slot__", F("recorded_on"), who="recorded_by")


def _written(row, today):
    return _event(row, "placement", _("What came of the placement was noted"))


def _over(today):
    """Placements that have ended, which have a `first` day, and those that came to nothing."""
    rows = Placement.objects.filter(Q(ended_on__isnull=False) | Q(withdrawn_on__isnull=False))
    day = Coalesce("ended_on", "withdrawn_on")
    return _of_slot(rows, "slot__", day, who="consultant", why="end_reason", first="ended_on")


def _ended(row, today):
    words = _("Placement ended") if row.first else _("Placement came to nothing")
    return _event(row, "placement", words, Placement.Reason(row.why).label)


def _extensions(today):
    facts = {"of": "placement_id", "who": "by", "last": "after"}
    return _of_slot(Extension.objects, "placement__slot__", TruncDate("at"), **facts)


def _extended(row, today):
    more = _("until %(day)s") % {"day": date_format(row.last, "DATE_FORMAT")}
    return _event(row, "placement", _("Placement extended"), more)


def _stays(today):
    """Those that have begun; none of a placement that came to nothing."""
    rows = Stay.objects.filter(starts_on__lte=today, placement__withdrawn_on=None)
    facts = {"of": "placement_id", "why": "workplace__name", "first": "starts_on", "last": "ends_on"}
    return _of_slot(rows, "placement__slot__", F("starts_on"), **facts)


def _at_stay(workplace):
    """Here, and elsewhere of those who have a place here."""
    return Q(workplace=workplace) | Q(placement__slot__workplace=workplace)


def _stayed(row, today):
    if row.last:
        more = _span(row.first, row.last)
    else:
        more = _("from %(day)s") % {"day": date_format(row.first, "DATE_FORMAT")}
    return _event(row, "placement", _("Stay at %(place)s") % {"place": row.why}, more)


def _placements(today):
    """All of them, on the day on which they start; one that is still to, or came to nothing, when it was agreed."""
    is_to_come = Q(starts_on__gt=today) | Q(withdrawn_on__isnull=False)
    day = Case(When(is_to_come, then=TruncDate("created_at")), default=F("starts_on"))
    return _of_slot(Placement.objects, "slot__", day, who="consultant", first="starts_on", last="withdrawn_on")


def _started(row, today):
    if row.first > today or row.last:
        more = _("starts on %(day)s") % {"day": date_format(row.first, "DATE_FORMAT")}
        return _event(row, "placement", _("Placement agreed"), more)
    return _event(row, "placement", _("Placement started"))


def _settled_reservations(today):
    rows = Reservation.objects.filter(state__in=list(_SETTLED_WORDS))
    facts = {"of": "slot_id", "who": "settled_by", "state": "state", "why": "why"}
    return _of_slot(rows, "slot__", TruncDate("settled_at"), **facts)


def _settled(row, today):
    return _event(row, "slot", _SETTLED_WORDS[row.state], row.why, part="#reservations")


def _reservations(today):
    facts = {"of": "slot_id", "who": "created_by", "first": "starts_on", "last": "planned_end"}
    return _of_slot(Reservation.objects, "slot__", TruncDate("created_at"), **facts)


def _reserved(row, today):
    return _event(row, "slot", _("Place reserved"), _span(row.first, row.last), part="#reservations")


_OF_HISTORY = {"of": "id", "key": "history_id", "who": "history_user", "before": F("before"), "state": "state"}


def _changes(model):
    """The lines of history in which one got another state than it had `before`."""
    before = Window(Lag("state", default=Value("")), partition_by="id", order_by="history_id")
    return model.history.exclude(history_type="-").annotate(before=before).exclude(before=F("state"))


def _in_history(model):
    """The condition that a line of history is of one that is at a workplace."""
    return lambda workplace: Q(id__in=model.objects.filter(workplace=workplace).order_by().values("pk"))


def _slots(today):
    """The lines of history in which a slot got another state than it had, or its first.

    A slot that begins closed is the case system's list's own: nobody has opened anything.
    """
    rows = _changes(Slot).exclude(before="", state=State.CLOSED)
    return _of_slot(rows, "", TruncDate("history_date"), why="state_why", number="places", **_OF_HISTORY)


def _slot(row, today):
    if row.before:
        return _event(row, "slot", _SLOT_WORDS[row.state], row.why)
    more = ngettext("%(n)s place", "%(n)s places", row.number) % {"n": row.number}
    return _event(row, "slot", _("Slot opened"), more)


def _job_orders(today):
    """The lines of history in which a job order was received, closed or opened again."""
    facts = {"about": "title", "why": "closed_why", "number": "positions"}
    return columns(_changes(JobOrder), TruncDate("history_date"), **facts, **_OF_HISTORY)


def _job_order(row, today):
    if row.before:
        return _event(row, "job_order", _ORDER_WORDS[row.state], row.why)
    more = ngettext("%(n)s position", "%(n)s positions", row.number) % {"n": row.number}
    return _event(row, "job_order", _("Job order received"), more)


def _span(first, last):
    return _("from %(first)s to %(last)s") % {
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }


def declare():
    """The kinds of this app; once, when the app is ready. Of those of one day, what comes later in the life of a place stands first."""
    placement, reservation = "placements.view_placement", "placements.view_reservation"
    register(
        Kind("effect", PLACES, (placement, "placements.view_effect"), _effects, _at("placement__slot"), _written),
        Kind("placement_over", PLACES, (placement,), _over, _at("slot"), _ended),
        Kind("extension", PLACES, (placement,), _extensions, _at("placement__slot"), _extended),
        Kind("stay", PLACES, (placement,), _stays, _at_stay, _stayed),
        Kind("placement", PLACES, (placement,), _placements, _at("slot"), _started),
        Kind("reservation_settled", PLACES, (reservation,), _settled_reservations, _at("slot"), _settled),
        Kind("reservation", PLACES, (reservation,), _reservations, _at("slot"), _reserved),
        Kind("slot", PLACES, ("placements.view_slot",), _slots, _in_history(Slot), _slot),
        Kind("job_order", PLACES, ("placements.view_joborder",), _job_orders, _in_history(JobOrder), _job_order),
    )
