"""The background work of contacts: filling contact plans, morning overviews, and offers that nobody answers."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from contacts import (
    contact_plans,  # noqa: F401 - its kind of bulk work is known as soon as it is read
    handovers,
    overview,
)
from jobcenter_crm.backstage import clock


@clock.every_tick(
    "contacts.overview",
    whole_day=overview.write,
    label=_("Writing morning overviews"),
    counts={"mails": _("written"), "nothing": _("without anything to tell")},
)
def write_overviews(now):
    return overview.write_due(now)


@clock.every_day(
    "contacts.handovers",
    at=time(4, 30),
    label=_("Passing on hand-overs that nobody has answered"),
    counts={"escalated": _("passed on")},
)
def escalate_handovers(date):
    """What was offered and has not been answered within two working days goes to the manager."""
    return {"escalated": handovers.escalate(date)}
