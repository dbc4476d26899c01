"""How the four groups stand side by side, counted of the whole register."""

from django.db.models import Count, Q

from companies.models import Workplace
from companies.querysets import IN_PLANS, contacted_in_time, has_no_owner

# What is counted of each group, and of those in none (group 0).
FACTS = ("count", "contacted", "never", "without_owner", "in_plans")


def count(today, plans):
    """The facts of each group in which there are active workplaces, {group: {fact: number}}; in one statement.

    `contacted` are those within the cadence of their group's plan, or the last year where it has none.
    """
    in_time = contacted_in_time(today, dict(cadences(plans)))
    counted = (
        Workplace.objects.active()
        .order_by()
        .values("tier")
        .annotate(
            count=Count("pk"),
            contacted=Count("pk", filter=in_time),
            never=Count("pk", filter=Q(last_contact_on=None)),
            without_owner=Count("pk", filter=has_no_owner()),
            in_plans=Count("pk", filter=IN_PLANS),
        )
    )
    return {one.pop("tier") or 0: one for one in counted}


def cadences(plans):
    """The cadences, in days, of those plans that have one, as pairs [group, days]."""
    return [[plan.tier, plan.cadence_days] for plan in plans if plan.cadence_days]


def as_kept(found, plans):
    """What `count` found, as JSON takes it, with the cadences by which it was counted."""
    rows = [[tier, *(facts[name] for name in FACTS)] for tier, facts in found.items()]
    return {"cadences": cadences(plans), "groups": rows}


def of(kept, plans):
    """What `as_kept` gave, as `count` finds it; None where it was counted by other cadences than those of `plans`."""
    if kept["cadences"] != cadences(plans):
        return None
    return {tier: dict(zip(FACTS, facts, strict=True)) for tier, *facts in kept["groups"]}
