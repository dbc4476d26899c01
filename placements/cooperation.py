"""How many employers have placements that are registered here, of all that have somebody employed.

It is not the official cooperation rate (samarbejdsgrad, jobindsats.dk) and does not bear its name. That one counts a
company with one employee on average in the period; subsidised jobs, flex jobs, job rotation and mentors of whatever
system; and what other job centres have arranged. Here a placement counts that is written in this system, at a workplace
that is active now, with one employee or more at the last count.

A company is counted once, by its CVR number, however many workplaces it has: once inside our municipality and once
outside. So it is in each line of the tables, and their lines may be more together than the whole. The rows behind a
number are workplaces, and those are counted too: as many as the register's filter finds.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import Case, CharField, Count, Exists, IntegerField, OuterRef, Value, When
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Branch, Workplace
from jobcenter_crm.frame.rounding import half_up
from jobcenter_crm.staff.models import Organisation
from placements.filters import EVER, NOW, YEAR, having

PERIODS = {
    YEAR: gettext_lazy("In the last 12 months"),
    NOW: gettext_lazy("Today"),
    EVER: gettext_lazy("Ever"),
}
# As the register's filter calls them.
INSIDE, OUTSIDE, NOWHERE = "inside", "outside", "unknown"
# From so many employees to so many, as the register's intervals are cut.
SIZES = ((1, 1), (2, 4), (5, 9), (10, 19), (20, 49), (50, 99), (100, None))


@dataclass(frozen=True)
class Rate:
    """`having` companies with placements of `companies` with somebody employed; at so many workplaces."""

    having: int = 0
    companies: int = 0
    having_workplaces: int = 0
    workplaces: int = 0

    @property
    def percent(self):
        """With one decimal; None where there is no company."""
        return half_up(100 * self.having / self.companies, 1) if self.companies else None

    @property
    def in_words(self):
        if self.percent is None:
            return ""
        return _("%(n)s %%") % {"n": number_format(self.percent, 1, use_l10n=True)}


@dataclass(frozen=True)
class Line:
    """One branch or size: `query` is what the register's filter is asked for, besides what the whole is asked for."""

    label: str
    query: dict
    inside: Rate
    outside: Rate


@dataclass(frozen=True)
class Cooperation:
    """The two rates and their tables. `uncounted` workplaces have placements and no employee that anybody has counted,
    `nowhere` have employees and no municipality: both are in no rate.
    """

    period: str
    inside: Rate
    outside: Rate
    by_branch: list
    by_size: list
    uncounted: int
    nowhere: int


def cooperation(today, period=YEAR, workplaces=None):
    """The `Cooperation` as of `today`, of `workplaces` or of all, in seven statements.

    Raises `LookupError` where nobody has written which municipality is ours.
    """
    ours = Organisation.get().municipality_code
    if not ours:
        raise LookupError("The organisation has no municipality code.")
    active = (Workplace.objects.all() if workplaces is None else workplaces).active().order_by()
    has_placement = having(period, today)
    employing = active.employing(least=1)
    placed = employing.exclude(municipality=None).annotate(
        area=Case(When(municipality=ours, then=Value(INSIDE)), default=Value(OUTSIDE), output_field=CharField())
    )
    whole = _rates(placed, has_placement)
    branches = _rates(placed, has_placement, "branch__scheme", "branch__section")
    sizes = _rates(placed.annotate(size=_size()), has_placement, "size")
    uncounted = active.filter(has_placement).filter(~Exists(employing.filter(pk=OuterRef("pk"))))
    return Cooperation(
        period=period,
        inside=whole.get((INSIDE,), Rate()),
        outside=whole.get((OUTSIDE,), Rate()),
        by_branch=_by_branch(branches),
        by_size=_by_size(sizes),
        uncounted=uncounted.count(),
        nowhere=employing.nowhere().count(),
    )


def _rates(workplaces, has_placement, *by):
    """`{(area, *by): Rate}`; one statement."""
    rows = workplaces.values("area", *by).annotate(
        having=Count("company", distinct=True, filter=has_placement),
        companies=Count("company", distinct=True),
        having_workplaces=Count("pk", filter=has_placement),
        workplaces=Count("pk"),
    )
    return {tuple(row.pop(name) for name in ("area", *by)): Rate(**row) for row in rows}


def _size():
    """The place in `SIZES`, by the fewest employees that there may be."""
    steps = [When(employees_min__gte=first, then=Value(place)) for place, (first, _last) in enumerate(SIZES)]
    return Case(*reversed(steps), default=Value(0), output_field=IntegerField())


def _by_branch(rates):
    """By section of each code list, in the order of the lists; those without a branch last."""
    keys = {key[1:] for key in rates}
    sections = Branch.objects.filter(level=0).in_bulk(field_name="pk") if keys else {}
    called = {(one.scheme, one.section): one.title for one in sections.values()}
    lists = {scheme for scheme, _section in keys if scheme}
    lines = []
    for scheme, section in sorted(keys, key=lambda key: (key == (None, None), key[0] or "", key[1] or "")):
        if scheme is None:
            label, query = _("No branch"), None
        else:
            label = called.get((scheme, section), section)
            label = f"{label} ({scheme})" if len(lists) > 1 else label
            query = {"main_branch": f"{scheme}:{section}"}
        lines.append(_line(label, query, rates, (scheme, section)))
    return lines


def _by_size(rates):
    lines = []
    for place, (first, last) in enumerate(SIZES):
        if last is None:
            label = _("%(n)s or more") % {"n": first}
        else:
            label = str(first) if first == last else f"{first}–{last}"
        query = {"employees_from": first} | ({"employees_to": last} if last else {})
        lines.append(_line(label, query, rates, (place,)))
    return lines


def _line(label, query, rates, key):
    return Line(label, query, rates.get((INSIDE, *key), Rate()), rates.get((OUTSIDE, *key), Rate()))


def rows_url(area, period="", query=None):
    """The register with the rows behind a number: the workplaces of an area, those with placements where `period` is given."""
    asked = {"area": area, "employees_from": 1} | (query or {}) | ({"placement": period} if period else {})
    return f"{reverse('companies:register')}?{urlencode(asked)}"
