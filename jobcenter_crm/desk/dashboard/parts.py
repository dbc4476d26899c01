"""The parts of the dashboard that are drawn: contacts by month, movement between the groups, barriers, company centres.

Each is a page of its own, and comes into the dashboard once that is there: the figures are not kept waiting for it.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.functions import Coalesce, Least, TruncMonth
from django.utils.dates import MONTHS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from companies import movement as moves
from companies.models import TIERS
from companies.quality import share_in_words
from companies.set_based import tally
from contacts import barriers
from contacts.models import Interaction
from jobcenter_crm.desk.charts import Cell, Chart, Row, Series
from jobcenter_crm.desk.dashboard.figures import AGREEMENTS, CONTACTS, FEWEST, GROUPS, SLOTS
from jobcenter_crm.frame.danish import sort_key
from jobcenter_crm.frame.templatetags.frame import short_month
from partnerships.centres import REFERENCE
from partnerships.models import Agreement
from placements.models import Placement, Slot

NAMES_OF_GROUPS = {**dict(TIERS), 0: gettext_lazy("No group")}
_COLOURS = {1: "tier-1", 2: "tier-2", 3: "tier-3", 4: "tier-4", 0: "quiet"}
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Part:
    """One part: `count(asked)` gives plain rows that can be kept, `charts(rows, asked)` the `Chart`s made of them."""

    name: str
    words: str | Promise
    permission: str
    count: object
    charts: object
    also: tuple = ()

    def is_seen_by(self, may):
        """Whether `may(permission)` allows all that it tells of, and opens: `permission`, and what is `also` needed."""
        return all(map(may, (self.permission, *self.also)))


# Contacts by month


def _count_contacts(asked):
    """`[[month, tier, in the period, on the same days a year earlier]]` of contacts held; 0 for no group."""
    period, before = Q(on__range=(asked.since, asked.until)), Q(on__range=asked.before)
    held = asked.at(Interaction.objects.held().filter(period | before)).order_by()
    rows = held.annotate(month=TruncMonth("on"), group=Coalesce("workplace__tier", 0)).values("month", "group")
    counted = rows.annotate(now=Count("pk", filter=period), then=Count("pk", filter=before))
    return sorted([month.isoformat(), *more] for month, *more in counted.values_list("month", "group", "now", "then"))


def _months(asked):
    """The first days of the months that the period touches."""
    first, last = asked.since.replace(day=1), asked.until.replace(day=1)
    found = [first]
    while found[-1] < last:
        found.append(found[-1] + relativedelta(months=1))
    return found


def _within(month, since, until):
    """The days of the month that lie between these two, first and last."""
    return max(month, since), min(month + relativedelta(months=1) - _DAY, until)


def _row(month, cells, asked):
    """The row of a month, unfinished where today is one of its days in the period."""
    first, last = _within(month, asked.since, asked.until)
    label = f"{MONTHS[month.month]} {month.year}"
    return Row(label, cells, short_month(month), first <= asked.today <= last)


def _contact_charts(rows, asked):
    in_period, before, by_group = Counter(), Counter(), Counter()
    for month, group, n, earlier in rows:
        month = date.fromisoformat(month)
        in_period[month] += n
        before[month] += earlier
        by_group[month, group] += n
    groups = [*GROUPS, *([0] if any(group == 0 for _month, group in +by_group) else [])]
    now, grouped = [], []
    for month in _months(asked):
        last_year = month - relativedelta(years=1)
        first, last = _within(month, asked.since, asked.until)
        is_ahead = first > asked.today
        cells = [
            Cell() if is_ahead else _contacts(in_period[month], asked, first, last),
            _contacts(before[last_year], asked, *_within(last_year, *asked.before)),
        ]
        now.append(_row(month, cells, asked))
        cells = [Cell() if is_ahead else _contacts(by_group[month, tier], asked, first, last, tier) for tier in groups]
        grouped.append(_row(month, cells, asked))
    series = [Series(_("In the period")), Series(_("A year earlier"), "quiet", "dashed")]
    note = _("Dashed: the same days a year earlier. Dotted: the month is not over.")
    by_tier = [Series(str(NAMES_OF_GROUPS[tier]), _COLOURS[tier]) for tier in groups]
    return [
        Chart("line", "trend", _("Contacts held, by month"), _("Month"), series, now, note=note),
        Chart(
            "stacked", "trend-groups", _("Contacts held, by month and group"), _("Month"), by_tier, grouped,
            note=_("By the group that the workplace is in today."),
        ),
    ]  # fmt: skip


def _contacts(n, asked, first, last, tier=None):
    more = {} if tier is None else {"tier": tier or "none"}
    url = CONTACTS.list_url(asked, day_from=first.isoformat(), day_until=last.isoformat(), **more)
    return Cell(n, url=url if n else "")


def count_own_contacts(asked):
    """`{(month, tier): number}` of the contacts of the period that the colleague took part in; 0 for no group."""
    held = asked.at(Interaction.objects.held().filter(on__range=(asked.since, asked.until)))
    rows = CONTACTS.of(held, asked).order_by().annotate(month=TruncMonth("on"), group=Coalesce("workplace__tier", 0))
    return {(row["month"], row["group"]): row["n"] for row in rows.values("month", "group").annotate(n=Count("pk"))}


def own_contact_chart(counted, asked):
    """The `Chart` of what `count_own_contacts` has counted, month by month."""
    by_month, lines = Counter(), []
    for (month, _group), n in counted.items():
        by_month[month] += n
    for month in _months(asked):
        first, last = _within(month, asked.since, asked.until)
        cell = Cell() if first > asked.today else _contacts(by_month[month], asked, first, last)
        lines.append(_row(month, [cell], asked))
    name = _("Contacts held, by month")
    return Chart("bars", "own-contacts", name, _("Month"), [Series(_("Contacts held"))], lines)


# Movement between the groups


def _count_moves(asked):
    """`[[was, became, number]]` of the workplaces that stand in another group than at the start of the period."""
    moved = tally(asked.at(moves.moves(asked.since, asked.until)), "was", "became")
    return sorted([was, became, n] for (was, became), n in moved.items())


def _move_charts(rows, asked):
    came, left = Counter(), Counter()
    for was, became, n in rows:
        came[became] += n
        left[was] += n
    groups = [*GROUPS, *([0] if came[0] or left[0] else [])]
    days = {"from": asked.since.isoformat(), "until": asked.until.isoformat()}

    def cell(n, **way):
        return Cell(n, url=asked.url("desk:movement_rows", **days, **way) if n else "")

    lines = [
        Row(str(NAMES_OF_GROUPS[tier]), [cell(came[tier], became=tier), cell(left[tier], was=tier)]) for tier in groups
    ]
    series = [Series(_("Came into the group")), Series(_("Left the group"), "quiet")]
    note = _("Workplaces that are active today, each counted once: one that was moved away and back has not moved.")
    return [Chart("bars", "flow", _("Movement between the groups"), _("Group"), series, lines, note=note)]


# Barriers


def _count_barriers(asked):
    """`[[barrier, tier, number]]` of active workplaces that met each barrier in the period, 0 for no group."""
    met = asked.at(Interaction.objects.met_barrier(asked.since, until=asked.until))
    found = barriers.by_group(met)
    return sorted([barrier, tier or 0, n] for tier, row in found.items() for barrier, n in row.items() if n)


def _barrier_charts(rows, asked):
    counted = {(barrier, tier): n for barrier, tier, n in rows}
    groups = [*GROUPS, *([0] if any(tier == 0 for _barrier, tier, _n in rows) else [])]
    days = {"barrier_from": asked.since.isoformat(), "barrier_until": asked.until.isoformat()}
    lines = []
    for barrier, label in Interaction.Barrier.choices:
        cells = []
        for tier in groups:
            n = counted.get((barrier, tier), 0)
            url = asked.url("companies:register", barrier=barrier, tier=tier or "none", **days)
            cells.append(Cell(n, url=url if n else ""))
        if total := sum(cell.value for cell in cells):
            lines.append((total, Row(str(label), cells)))
    lines = [row for _total, row in sorted(lines, key=lambda line: -line[0])]
    series = [Series(str(NAMES_OF_GROUPS[tier]), _COLOURS[tier]) for tier in groups]
    note = _(
        "Active workplaces where the barrier stood in the way in the period; one that met two counts once for each."
    )
    return [
        Chart(
            "across", "barriers", _("Barriers met"), pgettext("head of a column", "Barrier"), series, lines, note=note
        )
    ]


# Company centres


def _count_centres(asked):
    """`{"centres": [[key, title, workplace, open places, those taken, those free]], "said": n, "supporting": n}`.

    How full the active centres' open slots are, from today or from the day they begin; and of the placements at centres that ended in the period and of
    whom it was said, how many supported themselves. In a labour conflict, and where the workplace has ceased, a place may be
    neither taken nor free.
    """
    of_centres = {"agreement__kind": Agreement.Kind.CENTRE, "agreement__in": Agreement.objects.active()}
    slots = asked.at(Slot.objects.coming(asked.today).filter(**of_centres)).with_free(asked.today).order_by()
    had = Least("taken", "places", output_field=IntegerField())
    rows = slots.values("agreement", "agreement__title", "agreement__workplace__name").annotate(
        in_all=Sum("places"), had=Sum(had), now=Coalesce(Sum("free", filter=Q(free__gt=0)), 0)
    )
    ended = Placement.objects.ended_in(asked.since, asked.until).filter(slot__agreement__kind=Agreement.Kind.CENTRE)
    ended = asked.at(ended, "slot__workplace").order_by()
    said, supporting = ended.of_outcome("said").order_by(), ended.of_outcome("supporting").order_by()
    told = ended.aggregate(
        said=Count("pk", filter=Q(pk__in=said.values("pk"))),
        supporting=Count("pk", filter=Q(pk__in=supporting.values("pk"))),
    )
    names = ("agreement", "agreement__title", "agreement__workplace__name", "in_all", "had", "now")
    centres = sorted(([row[name] for name in names] for row in rows), key=lambda row: (sort_key(row[2]), row[0]))
    return {"centres": centres, **told}


def _centre_charts(counted, asked):
    lines, barred = [], []
    for key, title, workplace, in_all, had, now in counted["centres"]:
        url = asked.url("placements:slots", agreement=key, free="yes") if now else ""
        label = f"{workplace}, {title}" if title else workplace
        lines.append(Row(label, [Cell(had), Cell(now, url=url)]))
        if left := in_all - had - now:
            barred.append((label, left))
    series = [Series(pgettext("places of a centre", "Taken or promised")), Series(pgettext("places", "Free"), "quiet")]
    said, supporting = counted["said"], counted["supporting"]
    if said >= FEWEST:
        own = ngettext(
            "Of the %(n)s person at centres whose placement ended in the period, and of whom it is known, %(share)s supported themselves four weeks later.",
            "Of the %(n)s people at centres whose placements ended in the period, and of whom it is known, %(share)s supported themselves four weeks later.",
            said,
        ) % {"n": said, "share": share_in_words(supporting, said)}
    else:
        own = _("How many supported themselves four weeks later is told when it is known of at least %(n)s.") % {
            "n": FEWEST
        }
    note = " ".join(map(str, (*_barred(barred), own, REFERENCE)))
    return [Chart("across", "centres", _("Places of company centres"), _("Company centre"), series, lines, note=note)]


def _barred(centres):
    """The sentence about places that are neither taken nor free, of `(label, number)`; nothing where there are none."""
    if n := sum(number for _label, number in centres):
        yield ngettext(
            "Not drawn is %(n)s place that nobody has and nobody can have now, because of a labour conflict or because the workplace has ceased: %(centres)s.",
            "Not drawn are %(n)s places that nobody has and nobody can have now, because of a labour conflict or because the workplace has ceased: %(centres)s.",
            n,
        ) % {"n": n, "centres": ", ".join(f"{label} ({number})" for label, number in centres)}


PARTS = {
    part.name: part
    for part in (
        Part("trend", gettext_lazy("Contacts by month"), CONTACTS.permission, _count_contacts, _contact_charts),
        Part(
            "flow", gettext_lazy("Movement between the groups"), "companies.view_tierplan", _count_moves, _move_charts
        ),
        Part(
            "centres",
            gettext_lazy("Company centres"),
            "placements.view_effect",
            _count_centres,
            _centre_charts,
            also=(SLOTS.permission, AGREEMENTS.permission),
        ),
        Part("barriers", gettext_lazy("Barriers met"), "contacts.view_barrieranswer", _count_barriers, _barrier_charts),
    )
}
