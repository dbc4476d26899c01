"""Targets of the demo: one that can be reached, one that is a stretch, one that does not hang together, one that has ended."""

from datetime import date, timedelta
from decimal import Decimal

from jobcenter_crm.desk.dashboard import checks, targets
from jobcenter_crm.desk.dashboard.measures import MEASURES
from jobcenter_crm.desk.models import Target
from jobcenter_crm.frame.working_days import working_day_from

WHY = "Byrådet har bedt om det. Vi tager det op igen efter sommer, når vi ved, hvad der er af timer."
ENDED = "Nået i god tid. Resten har bedt om ikke at blive kontaktet."
SOURCE = "Jobcentrets egen optælling til sidste års virksomhedsplan"


def make(people, today):
    """Karen's targets; set in the last months, and reckoned with the numbers of today."""
    karen = people["karen"]
    year = date(today.year, 12, 31) if today.month < 12 else date(today.year + 1, 12, 31)
    next_year = date(year.year + 1, 12, 31)
    _set(
        "in_year", karen, karen, today, where="tier=1&tier=2&tier=3", deadline=next_year, more=Decimal(4), was=Decimal(5),
        days_ago=90, comparison=Decimal("71.5"), comparison_source=SOURCE, comparison_on=date(today.year - 1, 12, 31),
    )  # fmt: skip
    _set("active", karen, karen, today, deadline=next_year, more=Decimal(3), was=Decimal(2), days_ago=60)
    _set("started", karen, karen, today, deadline=next_year, more=Decimal(120))
    _set("supporting", karen, karen, today, deadline=next_year, more=Decimal(0), goal=Decimal(25))
    done = _set(
        "never", karen, karen, today, where="tier=1", deadline=year, more=Decimal(0), was=Decimal(9), days_ago=140
    )
    targets.end(target=done, why=ENDED, by=karen, today=today)


def _set(
    measure, by, responsible, today, *, more, deadline, goal=None, was=None, days_ago=0, where="", why="", **facts
):
    """Set one that asks for so many `more` than there are today; `was` is by how much it has come nearer since.

    Why it is set all the same is kept only where it does not hang together.
    """
    target = Target(
        measure=measure, where=where, starts_on=today, deadline=deadline, responsible=responsible, goal=Decimal(0), why=WHY,
        **facts,
    )  # fmt: skip
    kept, tiers = targets.where_of(target)
    scope = targets.scope_of(kept, tiers, today)
    stands = checks.check(target, scope, today).baseline or Decimal(0)
    most = Decimal(100) if MEASURES[measure].is_percent else stands + more
    target.goal = min(most, stands + more).quantize(Decimal(1)) if goal is None else goal
    found = checks.check(target, scope, today)
    checks.save(target=target, found=found, by=by, today=today)
    if was is not None:
        target.baseline = stands + was if measure == "never" else max(Decimal(0), stands - was)
        target.set_on = target.starts_on = working_day_from(today - timedelta(days=days_ago))
        target.save_without_historical_record()
    return target
