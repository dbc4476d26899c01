"""The background work of placements: what runs out, stands empty or is to be followed, and what came of placements."""

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from placements import debt, effect, job_order_days, job_orders, reservations
from placements.case_list import forgetting


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


@clock.every_day(
    "placements.effect",
    at=time(4, 45),
    label=_("Asking what came of placements"),
    counts={"asked": _("asked")},
)
def ask_what_came_of_it(date):
    """Four weeks after the end, a follow-up of the placement's consultant."""
    return {"asked": effect.ask(date)}


@clock.every_day(
    "placements.job_orders",
    at=time(4, 40),
    label=_("Following job orders"),
    counts={"followed": _("become follow-ups"), "closed": _("are followed no longer")},
)
def follow_job_orders(date):
    """Every open job order has a follow-up for each working day."""
    return job_order_days.plan(date)


@clock.every_day(
    "placements.references",
    at=time(4, 50),
    label=_("Forgetting case references"),
    counts={"erased": _("erased"), "rows": _("rejected rows emptied")},
)
def erase_case_references(date):
    """90 days after the effect was written, or the job order closed, the row stays without its case reference.

    A rejected row stays without its cells.
    """
    now = timezone.now()
    erased = effect.erase_references(now) + job_orders.erase_references(now)
    return {"erased": erased, "rows": forgetting.forget_rows(now)}
