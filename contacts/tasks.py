"""The background work of contacts: filling a contact plan with many workplaces, and offers that nobody answers."""

from datetime import time

from contacts import (
    contact_plans,  # noqa: F401 - its kind of bulk work is known as soon as it is read
    handovers,
)
from jobcenter_crm.backstage import clock


@clock.every_day("contacts.handovers", at=time(4, 30))
def escalate_handovers(date):
    """What was offered and has not been answered within two working days goes to the manager."""
    return {"escalated": handovers.escalate(date)}
