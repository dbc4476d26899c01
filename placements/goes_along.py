"""Slots, reservations, running placements and job orders go along when their workplace is handed over, or when somebody leaves."""

from django.utils.translation import ngettext_lazy

from contacts import goes_along
from contacts.goes_along import owned
from jobcenter_crm.staff import leaving
from jobcenter_crm.staff.leaving import LeftBehind
from placements.models import JobOrder, Placement, Reservation, Slot


def _parts():
    """Those of each kind that are not over; the lookups lead to whose they are and where."""
    at_slot = {"column": "consultant", "workplace": "slot__workplace"}
    return [
        owned("slots", ngettext_lazy("%(n)s slot", "%(n)s slots", "n"), Slot.objects.standing),
        owned(
            "placements", ngettext_lazy("%(n)s running placement", "%(n)s running placements", "n"),
            Placement.objects.running, **at_slot,
        ),
        owned(
            "reservations", ngettext_lazy("%(n)s reservation", "%(n)s reservations", "n"), Reservation.objects.open,
            **at_slot,
        ),
        owned("job_orders", ngettext_lazy("%(n)s job order", "%(n)s job orders", "n"), JobOrder.objects.open),
    ]  # fmt: skip


def declare():
    """The parts of this app, and what a colleague leaves behind; once, when the app is ready."""
    parts = _parts()
    goes_along.register(*parts)
    leaving.register(
        *(LeftBehind(part.name, part.words, lambda user, part=part: part.of(user).count()) for part in parts)
    )
