"""Many figures in one statement: at different places, over different periods, of different sources."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from django.db.models import IntegerField, Value
from django.db.models.functions import Coalesce

from jobcenter_crm.desk.dashboard.asked import Asked
from jobcenter_crm.desk.dashboard.figures import Source


@dataclass(frozen=True)
class Ask:
    """One number: `count(asked)`, an aggregate over the rows of `source`, in the groups `tiers`, in all where none is named."""

    source: Source
    count: Callable
    asked: Asked
    tiers: tuple = ()

    @property
    def scan(self):
        """What those have in common that are counted in one go through the rows."""
        where = tuple(sorted((name, str(value)) for name, value in self.asked.where.items()))
        return self.source.name, where, self.asked.today


def count(asks):
    """The numbers of `asks`, in their order, in one statement: each source is gone through once for each of its scopes."""
    scans = {}
    for at, ask in enumerate(asks):
        scans.setdefault(ask.scan, []).append(at)
    if not scans:
        return []
    width = max(len(some) for some in scans.values())
    parts = [_part(number, [asks[at] for at in some], width) for number, some in enumerate(scans.values())]
    found = [0] * len(asks)
    places = list(scans.values())
    for number, group, *counted in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        for at, n in zip(places[number], counted, strict=False):
            if not asks[at].tiers or group in asks[at].tiers:
                found[at] += n or 0
    return found


def _part(number, asks, width):
    """`(number, tier, n, ...)` of asks that go through the same rows, filled up with noughts to `width`."""
    first = asks[0]
    # A source may leave out what lies before or after the period, so it is asked for all of their periods together.
    widest = replace(
        first.asked, since=min(ask.asked.since for ask in asks), until=max(ask.asked.until for ask in asks)
    )
    rows = first.source.rows(widest).order_by()
    grouped = rows.values(
        scan=Value(number, IntegerField()),
        group=Coalesce(f"{first.source.workplace}tier", 0, output_field=IntegerField()),
    )
    counts = {f"n_{at}": ask.count(ask.asked) for at, ask in enumerate(asks)}
    fill = {f"n_{at}": Value(0, IntegerField()) for at in range(len(asks), width)}
    return grouped.annotate(**counts, **fill).values_list("scan", "group", *(f"n_{at}" for at in range(width)))
