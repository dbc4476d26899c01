"""The background work of placements: reservations that run out, and places that stand empty."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from placements import debt, reservations


@clock.every_day(
    "placements.reservations",
    at=time(0, 10),
    label=_("Letting reservations go"),
    counts={"let_go": _("that ran out")},
)
def let_reservations_go(date):
    """A reservation that is held no longer is free for others, and whose it was is told."""
    return reservations.let_go(date)


@clock.every_day(
    "placements.debt",
    at=time(4, 50),
    label=_("Places that stand empty"),
    counts={"owed": _("become follow-ups"), "paid": _("are owed no longer")},
)
def tell_what_we_owe(date):
    """A promised place that has been empty for 21 days is a follow-up for us."""
    return debt.plan(date)
