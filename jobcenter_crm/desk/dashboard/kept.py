"""Figures of a large register, counted by the clock before anybody comes: a page can't wait for 300,000 rows.

Only what is asked of the whole register and of one of the usual periods is kept, and only where there is so much that it
is needed: a small register is counted while the page is made, and so is whatever is narrowed down. What is shown says as
of when, and leads to the same page counted anew. Kept and counted are the same numbers: the same functions made them.
"""

from dataclasses import asdict

from django.db import transaction
from django.utils import timezone

from companies.models import Workplace
from jobcenter_crm.desk.dashboard.asked import Asked, usual_periods
from jobcenter_crm.desk.dashboard.parts import PARTS
from jobcenter_crm.desk.dashboard.reckoned import Reckoned, reckon
from jobcenter_crm.desk.models import KeptFigures

# Up to so many active workplaces all is counted while the page is made.
LIVE_UP_TO = 20_000
FIGURES = "figures"
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
    kept = []
    # In the first quarter this year is this quarter.
    for since, until in dict.fromkeys((since, until) for _words, since, until in usual_periods(today)):
        asked = Asked(None, since, until, today, {})
        counted = {FIGURES: asdict(reckon(asked)), **{part.name: part.count(asked) for part in PARTS.values()}}
        kept += [
            KeptFigures(part=_kept_as(part), since=since, until=until, reckoned_at=now, figures=figures)
            for part, figures in counted.items()
        ]
    with transaction.atomic():
        KeptFigures.objects.all().delete()
        KeptFigures.objects.bulk_create(kept)
    return len(kept)


def _kept_as(part):
    return f"{part}-{FORM}"


def read(part, asked):
    """The `KeptFigures` of a part for what was asked; None where it has to be counted."""
    if asked.where:
        return None
    found = KeptFigures.objects.filter(part=_kept_as(part), since=asked.since, until=asked.until)
    return found.filter(reckoned_at__date__gte=asked.today).first()


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
