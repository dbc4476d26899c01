"""What has happened with the places and job orders of a workplace, for its timeline: in words, and never whose place it is.

A slot opened, paused or closed; a place reserved or given back; a placement that started, was extended, ended or came to nothing,
and that its effect was written; a job order received, filled, withdrawn or opened again. What came of a single placement is not told: that stands on its own card.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, Q, Value, When, Window
from django.db.models.functions import Coalesce, Lag, TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from placements.models import Extension, JobOrder, Placement, Reservation, Slot, Stay

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


@dataclass(frozen=True)
class Event:
    """One thing that happened: `words` lead to `url`, `about` says of which slot or job order, `more` who and why."""

    day: date
    words: str
    about: str
    url: str
    more: str = ""


def at(workplace, user, today, most):
    """The `Event`s at a workplace that `user` may read of, newest first, in six statements at most.

    Among them are the `most` latest, all of them with None; the caller puts them among others and cuts.
    """
    found = []
    if user.has_perm("placements.view_placement"):
        placements = list(_placements(workplace, today, most))
        if user.has_perm("placements.view_effect"):
            found += [_written(one) for one in placements if _effect(one)]
        found += [_ended(one) for one in placements if one.ended_on]
        found += [_came_to_nothing(one) for one in placements if one.is_withdrawn]
        found += [_extended(one) for one in _extensions(workplace, most)]
        found += [_stayed(one) for one in _stays(workplace, today, most)]
        found += [_started(one, today) for one in placements]
    if user.has_perm("placements.view_reservation"):
        reservations = list(_reservations(workplace, most))
        found += [_settled(one) for one in reservations if one.state in _SETTLED_WORDS]
        found += [_reserved(one) for one in reservations]
    if user.has_perm("placements.view_slot"):
        found += [_slot(row) for row in _slots(workplace, most)]
    if user.has_perm("placements.view_joborder"):
        found += [_job_order(row) for row in _job_orders(workplace, most)]
    # Sorting keeps the order of those of one day: what comes later in the life of a place was put first.
    return sorted(found, key=lambda event: event.day, reverse=True)


def _slots(workplace, most):
    """The lines of history in which a slot got another state than it had, or its first.

    A slot that begins closed is the case system's list's own: nobody has opened anything.
    """
    rows = _changes(Slot, workplace).exclude(before="", state=State.CLOSED)
    return rows.select_related("measure", "history_user")[:most]


def _changes(model, workplace):
    """The lines of history at a workplace in which one got another state than it had `before`, newest first."""
    here = model.objects.filter(workplace=workplace).order_by().values("pk")
    before = Window(Lag("state", default=Value("")), partition_by="id", order_by="history_id")
    rows = model.history.filter(id__in=here).exclude(history_type="-").annotate(before=before)
    return rows.exclude(before=F("state")).order_by("-history_date", "-history_id")


def _slot(row):
    if row.before:
        words, more = _SLOT_WORDS[row.state], row.state_why
    else:
        words = _("Slot opened")
        more = ngettext("%(n)s place", "%(n)s places", row.places) % {"n": row.places}
    about = f"{row.measure}, {row.tasks}"
    url = reverse("placements:slot", args=[row.id])
    return Event(timezone.localdate(row.history_date), str(words), about, url, _said(row.history_user, more))


def _job_orders(workplace, most):
    """The lines of history in which a job order was received, closed or opened again."""
    return _changes(JobOrder, workplace).select_related("history_user")[:most]


def _job_order(row):
    if row.before:
        words, more = _ORDER_WORDS[row.state], row.closed_why
    else:
        words = _("Job order received")
        more = ngettext("%(n)s position", "%(n)s positions", row.positions) % {"n": row.positions}
    url = reverse("placements:job_order", args=[row.id])
    return Event(timezone.localdate(row.history_date), str(words), row.title, url, _said(row.history_user, more))


def _reservations(workplace, most):
    rows = Reservation.objects.filter(slot__workplace=workplace).select_related(
        "slot__measure", "created_by", "settled_by"
    )
    # Each of the latest events is of one of those that something happened to last.
    return rows.order_by(Coalesce("settled_at", "created_at").desc(), "-pk")[:most]


# One that has started is told of by its placement.
_SETTLED_WORDS = {
    Reservation.State.GIVEN_BACK: gettext_lazy("Place given back"),
    Reservation.State.LET_GO: gettext_lazy("Reservation let go"),
}


def _settled(one):
    words = str(_SETTLED_WORDS[one.state])
    return Event(timezone.localdate(one.settled_at), words, str(one.slot), _held(one), _said(one.settled_by, one.why))


def _reserved(one):
    span = _span(one.starts_on, one.planned_end)
    return Event(
        timezone.localdate(one.created_at), _("Place reserved"), str(one.slot), _held(one), _said(one.created_by, span)
    )


def _held(one):
    return f"{one.slot.get_absolute_url()}#reservations"


def _placements(workplace, today, most):
    """Those in a slot here, the ones to which something happened last at the top."""
    begun = Case(When(starts_on__gt=today, then=TruncDate("created_at")), default=F("starts_on"))
    rows = Placement.objects.filter(slot__workplace=workplace)
    rows = rows.select_related("slot__measure", "consultant", "effect__recorded_by")
    return rows.order_by(Coalesce("effect__recorded_on", "ended_on", "withdrawn_on", begun).desc(), "-pk")[:most]


def _effect(placement):
    return getattr(placement, "effect", None)


def _of(placement, day, words, more):
    return Event(day, words, str(placement.slot), placement.get_absolute_url(), more)


def _written(one):
    told = one.effect
    return _of(one, told.recorded_on, _("What came of the placement was noted"), _said(told.recorded_by))


def _ended(one):
    return _of(one, one.ended_on, _("Placement ended"), _said(one.consultant, one.get_end_reason_display()))


def _came_to_nothing(one):
    words = _("Placement came to nothing")
    return _of(one, one.withdrawn_on, words, _said(one.consultant, one.get_end_reason_display()))


def _started(one, today):
    if one.starts_on > today or one.is_withdrawn:
        more = _("starts on %(day)s") % {"day": date_format(one.starts_on, "DATE_FORMAT")}
        return _of(one, timezone.localdate(one.created_at), _("Placement agreed"), _said(one.consultant, more))
    return _of(one, one.starts_on, _("Placement started"), _said(one.consultant))


def _extensions(workplace, most):
    rows = Extension.objects.filter(placement__slot__workplace=workplace)
    return rows.select_related("placement__slot__measure", "by").order_by("-at", "-pk")[:most]


def _extended(one):
    more = _("until %(day)s") % {"day": date_format(one.after, "DATE_FORMAT")}
    return _of(one.placement, timezone.localdate(one.at), _("Placement extended"), _said(one.by, more))


def _stays(workplace, today, most):
    """Stays here, and elsewhere of those who have a place here; none of a placement that came to nothing."""
    rows = Stay.objects.filter(Q(workplace=workplace) | Q(placement__slot__workplace=workplace), starts_on__lte=today)
    rows = rows.filter(placement__withdrawn_on=None)
    return rows.select_related("placement__slot__measure", "workplace").order_by("-starts_on", "-pk")[:most]


def _stayed(one):
    words = _("Stay at %(place)s") % {"place": one.workplace.name}
    if one.ends_on:
        more = _span(one.starts_on, one.ends_on)
    else:
        more = _("from %(day)s") % {"day": date_format(one.starts_on, "DATE_FORMAT")}
    return _of(one.placement, one.starts_on, words, more)


def _span(first, last):
    return _("from %(first)s to %(last)s") % {
        "first": date_format(first, "DATE_FORMAT"),
        "last": date_format(last, "DATE_FORMAT"),
    }


def _said(who, what=""):
    """Who, and what there is to say besides."""
    return ": ".join(filter(None, [str(who) if who else "", str(what)]))
