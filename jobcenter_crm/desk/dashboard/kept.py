"""Figures of a large register, counted by the clock before anybody comes: a page can't wait for 300,000 rows.

Those of the overview, of the pages of the groups, and what `companies.whole_register` names. Only what is asked of the
whole register and of one of the usual periods is kept, and only where there is so much that it is needed: a small
register is counted while the page is made, and so is whatever is narrowed down. What is shown says as of when, and leads
to the same page counted anew. Kept and counted are the same numbers: the same functions made them.
"""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from companies import movement as moves
from companies import whole_register
from companies.models import TierChange, TierPlan, Workplace
from contacts import barriers
from jobcenter_crm.desk import standing
from jobcenter_crm.desk.dashboard.asked import Asked, usual_periods
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.desk.dashboard.reckoned import Reckoned, reckon
from jobcenter_crm.desk.models import KeptFigures
from jobcenter_crm.desk.moved import quick_periods

# Up to so many active workplaces all is counted while the page is made.
LIVE_UP_TO = 20_000
FIGURES = "figures"
# Of the pages of the groups.
STANDS, MOVED, MET = "stands", "moved", "met"
# Raised where what is kept is written in another form: what an earlier release has kept this morning is then not read.
FORM = 1


def is_needed():
    """Whether the register is so large that figures have to be kept."""
    return Workplace.objects.active().order_by()[LIVE_UP_TO : LIVE_UP_TO + 1].exists()


def keep(today, now):
    """Count all that is kept, and forget what was kept for other periods; returns how much. Harmless twice."""
    if not is_needed():
        KeptFigures.objects.all().delete()
        return 0
    kept = [
        KeptFigures(part=_kept_as(part), since=since, until=until, reckoned_at=now, figures=figures)
        for part, since, until, figures in [*_of_overview(today), *_of_groups(today), *_of_whole_register(today)]
    ]
    with transaction.atomic():
        KeptFigures.objects.all().delete()
        KeptFigures.objects.bulk_create(kept)
    return len(kept)


def _of_overview(today):
    """`(part, first day, last day, figures)` of each part in each period."""
    # In the first quarter this year is this quarter.
    for since, until in dict.fromkeys((since, until) for _words, since, until in usual_periods(today)):
        asked = Asked(None, since, until, today, {})
        yield FIGURES, since, until, asdict(reckon(asked))
        for part in PARTS.values():
            yield part.name, since, until, part.count(asked)


def _of_groups(today):
    """The same of the pages of the groups."""
    plans = TierPlan.objects.all()
    yield STANDS, today, today, standing.as_kept(standing.count(today, plans), plans)
    # On the first of April this year is three months.
    for since, until in dict.fromkeys((since, until) for _words, since, until in quick_periods(today)):
        yield MOVED, since, until, moves.movement(since, until, today=today).as_rows()
    for months in barriers.SPANS:
        found = barriers.count(today, months)
        yield MET, barriers.since(today, months), today, [[*cell, n] for cell, n in found.items()]


def _of_whole_register(today):
    for name, whole in whole_register.WHOLES.items():
        yield name, today, today, whole.count(today)


def _kept_as(part):
    return f"{part}-{FORM}"


def _find(part, since, until, today):
    """The `KeptFigures` that were counted today; None where there are none."""
    found = KeptFigures.objects.filter(part=_kept_as(part), since=since, until=until)
    return found.filter(reckoned_at__date__gte=today).first()


def read(part, asked):
    """The `KeptFigures` of a part for what was asked; None where it has to be counted."""
    return None if asked.where else _find(part, asked.since, asked.until, asked.today)


def figures(asked, may, *, anew=False):
    """The `Reckoned` of which `may(permission)` says that they may be seen, and when they were kept, None for now."""
    found = None if anew else read(FIGURES, asked)
    if found is None:
        return reckon(asked, may), None
    return Reckoned.of(found.figures).seen_by(may), timezone.localtime(found.reckoned_at)


def rows(part, asked, *, anew=False):
    """The rows of a `Part`, and when they were kept, None for now."""
    found = None if anew else read(part.name, asked)
    return (part.count(asked), None) if found is None else (found.figures, timezone.localtime(found.reckoned_at))


def how_groups_stand(plans, today, *, anew=False):
    """What `standing.count` finds, and when it was kept, None for now.

    Counted too where a cadence has changed since: whoever changed it looks at what that gives.
    """
    found = None if anew else _found_of_groups(STANDS, today, today, today)
    told = found and standing.of(found.figures, plans)
    if not told:
        return standing.count(today, plans), None
    return told, timezone.localtime(found.reckoned_at)


def movement(since, until, today, *, anew=False, stands=None):
    """The `Movement` of a period, and when it was kept, None for now; `stands` as in `moves.movement`."""
    found = None if anew else _found_of_groups(MOVED, since, until, today)
    if found is None:
        return moves.movement(since, until, today=today, stands=stands), None
    return moves.Movement.of(found.figures), timezone.localtime(found.reckoned_at)


def barriers_met(months, today, *, anew=False):
    """What `barriers.count` finds, and when it was kept, None for now."""
    found = None if anew else _found_of_groups(MET, barriers.since(today, months), today, today)
    if found is None:
        return barriers.count(today, months), None
    return {(tier, barrier): n for tier, barrier, n in found.figures}, timezone.localtime(found.reckoned_at)


def of_whole_register(name, today):
    """What `companies.whole_register` counts under a name, and when it was kept; None where it was not."""
    found = _find(name, today, today, today)
    return found and (found.figures, timezone.localtime(found.reckoned_at))


def _found_of_groups(part, since, until, today):
    """What `_find` finds; nothing where the rules have moved anybody since: whoever used them looks here at what they did."""
    found = _find(part, since, until, today)
    if found and TierChange.objects.filter(by_rule=True, at__gt=found.reckoned_at).exists():
        return None
    return found
