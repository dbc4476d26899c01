"""Targets as the tests set them."""

from datetime import date
from decimal import Decimal

from jobcenter_crm.desk.dashboard import checks, targets
from jobcenter_crm.desk.models import Target
from tests.desk.dashboard import TODAY

NEXT_YEAR = date(2027, 11, 23)


def unset(measure, responsible, **facts):
    """A target that is about to be set: 365 days, today counted, are left."""
    facts = {"starts_on": TODAY, "deadline": NEXT_YEAR, "goal": Decimal(50)} | facts
    return Target(measure=measure, responsible=responsible, **facts)


def checked(target):
    """What a check finds of it today."""
    where, tiers = targets.where_of(target)
    return checks.check(target, targets.scope_of(where, tiers, TODAY), TODAY)
