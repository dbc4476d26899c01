"""The employer's sickness absence by quarter: who may see it, how it is written, and the figure of a goal (need M14).

Only of a whole workplace of at least twenty employees, and only for the agreement's responsible consultant and managers:
to everybody else no page says that there is a figure at all.
"""

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships import goals, steps
from partnerships.models import AbsenceFigure, Agreement, last_day_of
from partnerships.refusals import Refused

FEWEST = AbsenceFigure.FEWEST
# Older quarters tell nothing about what an agreement does.
QUARTERS = 24


def may_see(user, agreement):
    """The agreement's responsible consultant, and managers."""
    if not user.has_perm("partnerships.view_absencefigure"):
        return False
    return agreement.owner_id == user.pk or user.has_perm("partnerships.view_every_absencefigure")


def may_change(user, agreement):
    """Those who see the figures write them too, as long as the agreement is not over."""
    return may_see(user, agreement) and not agreement.is_over and user.has_perm("partnerships.change_absencefigure")


def quarters(today):
    """The quarters that are over, the latest first, as (year, quarter)."""
    this = today.year * 4 + (today.month - 1) // 3
    return [(one // 4, one % 4 + 1) for one in range(this - 1, this - 1 - QUARTERS, -1)]


def quarter_in_words(year, quarter):
    """ "3rd quarter of 2026": one sentence for each, since the figure is written differently in each language."""
    words = {
        1: _("1st quarter of %(year)s"),
        2: _("2nd quarter of %(year)s"),
        3: _("3rd quarter of %(year)s"),
        4: _("4th quarter of %(year)s"),
    }[quarter]
    return words % {"year": year}


def percent_in_words(percent):
    """ "5.4 %", with the comma of the language."""
    return _("%(n)s %%") % {"n": number_format(percent, 1, use_l10n=True)}


def places_for(agreement):
    """The workplaces of which a figure can be written."""
    return steps.places_of(agreement)


@transaction.atomic
def write(*, agreement, workplace, year, quarter, percent, employees, source, by, today):
    """Keep the figure of a quarter that is over. Raises `Refused`, also where there is one already."""
    agreement = steps.locked(agreement)
    if not agreement.is_service:
        raise Refused(_("Only a service agreement has figures of sickness absence."))
    _refuse_over(agreement)
    _refuse_few(employees)
    if workplace not in places_for(agreement):
        raise Refused(_("The agreement does not hold at that workplace."), "workplace")
    if last_day_of(year, quarter) >= today:
        raise Refused(_("That quarter is not over yet."), "quarter")
    if known := AbsenceFigure.objects.filter(
        agreement=agreement, workplace=workplace, year=year, quarter=quarter
    ).first():
        words = _("There is a figure of the %(quarter)s already: %(percent)s. Change that one.")
        words %= {"quarter": quarter_in_words(year, quarter), "percent": percent_in_words(known.percent)}
        raise Refused(words, "quarter")
    figure = AbsenceFigure(
        agreement=agreement, workplace=workplace, year=year, quarter=quarter, percent=percent, employees=employees,
        source=source, by=by,
    )  # fmt: skip
    figure._history_user = by
    figure.save()
    return figure


@transaction.atomic
def change(*, figure, percent, employees, source, by):
    """Put a figure right; what it was stays in its history. Raises `Refused`."""
    _refuse_over(steps.locked(figure.agreement))
    _refuse_few(employees)
    figure.percent, figure.employees, figure.source, figure.by = percent, employees, source, by
    figure._history_user = by
    figure.save()
    return figure


def _refuse_over(agreement):
    if agreement.is_over:
        raise Refused(_("This agreement is over, and stays as it is. Make a new one."))


def _refuse_few(employees):
    if employees < FEWEST:
        raise Refused(
            _("A figure of fewer than 20 employees is not kept: somebody could be told from it."), "employees"
        )


# --- The figure of a goal ------------------------------------------------------------------------


def _latest(goals_, today):
    """The latest quarter since each goal is counted from, as one percent over all employees that were counted."""
    figures = AbsenceFigure.objects.filter(agreement__in={goal.agreement_id for goal in goals_})
    by_agreement = {}
    for figure in figures:
        by_agreement.setdefault(figure.agreement_id, []).append(figure)
    found = {}
    for goal in goals_:
        counted = [one for one in by_agreement.get(goal.agreement_id, ()) if goal.counted_from <= one.last_day < today]
        if counted:
            last = max(one.place_in_time for one in counted)
            found[goal.pk] = weighted([one for one in counted if one.place_in_time == last])
    return found


def weighted(figures):
    """The percent of several workplaces together, each with as much weight as it has employees."""
    people = sum(one.employees for one in figures)
    sick = sum(one.percent * one.employees for one in figures)
    return (sick / people).quantize(Decimal("0.1"), ROUND_HALF_UP)


def declare():
    """What can be a goal of a service agreement; once, when the app is ready."""
    goals.register(
        goals.Measure(
            "absence",
            gettext_lazy("Sickness absence"),
            _latest,
            lambda goal: f"{goal.agreement.get_absolute_url()}#absence",
            unit="%",
            less_is_better=True,
            kinds=(Agreement.Kind.SERVICE,),
            may_see=may_see,
        )
    )


# --- The chart -----------------------------------------------------------------------------------

# The drawing in its own units; the stylesheet says how large one is on the page.
WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 34, 12, 12, 172


@dataclass
class Line:
    """One workplace in the chart: `runs` are unbroken stretches of points, `number` tells the lines apart."""

    workplace: object
    number: int
    runs: list
    points: list


@dataclass
class Chart:
    """A line for each workplace over the quarters, with what is needed to draw it; `goal` is where a goal lies."""

    lines: list
    across: list
    down: list
    goal: dict | None = None
    words: str = ""
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = BOTTOM


@dataclass
class OnCard:
    """What the card shows of sickness absence to those who may see it."""

    figures: list
    several: bool
    may_change: bool
    chart: Chart | None = None
    earlier: list = field(default_factory=list)


# As many rows as are read at a glance; the rest is folded away.
SHOWN = 8


def for_card(agreement, user):
    """The figures, the latest first, and their chart; None for those who may not see them. One statement, two with a goal."""
    if not may_see(user, agreement):
        return None
    figures = list(AbsenceFigure.objects.filter(agreement=agreement).select_related("workplace"))
    figures.sort(key=lambda one: (-one.place_in_time, one.workplace.sort_name, one.pk))
    goal = agreement.goals.filter(measure="absence", ended_on=None).order_by("deadline", "pk").last()
    several = len({one.workplace_id for one in figures}) > 1
    shown = OnCard(figures[:SHOWN], several, may_change(user, agreement), earlier=figures[SHOWN:])
    if len({one.place_in_time for one in figures}) > 1:
        shown.chart = draw(figures, goal.target if goal else None)
    return shown


def draw(figures, target=None):
    """The `Chart` of some figures of at least two quarters: of the six latest years, and with a goal that is a share."""
    latest = max(one.place_in_time for one in figures)
    figures = [one for one in figures if one.place_in_time > latest - QUARTERS]
    target = None if target is None or target > 100 else target
    first, last = (pick(one.place_in_time for one in figures) for pick in (min, max))
    highest = max([one.percent for one in figures] + ([target] if target is not None else []))
    step = next((size for size in (1, 2, 5, 10) if highest / size <= 5), 20)
    top = step * max(1, -(-int(highest.to_integral_value("ROUND_CEILING")) // step))

    def x(quarter):
        return LEFT + 6 + (quarter - first) * (WIDTH - LEFT - RIGHT - 12) / max(last - first, 1)

    def y(percent):
        return BOTTOM - float(percent) * (BOTTOM - TOP) / top

    by_place = {}
    for one in sorted(figures, key=lambda one: one.place_in_time):
        by_place.setdefault(one.workplace, []).append(one)
    lines = [
        _line(place, number, rows, x, y)
        for number, (place, rows) in enumerate(sorted(by_place.items(), key=lambda item: item[0].sort_name), 1)
    ]
    across = _across(first, last, x)
    down = [{"y": _plain(y(percent)), "label": f"{percent} %"} for percent in range(0, top + 1, step)]
    goal = None if target is None else {"y": _plain(y(target)), "label": percent_in_words(target)}
    return Chart(lines, across, down, goal, _in_words(by_place))


def _line(place, number, rows, x, y):
    points, runs, before = [], [], None
    for one in rows:
        point = {
            "x": _plain(x(one.place_in_time)),
            "y": _plain(y(one.percent)),
            "words": f"{quarter_in_words(one.year, one.quarter)}: {percent_in_words(one.percent)}",
        }
        if before is None or one.place_in_time != before + 1:
            runs.append([])
        runs[-1].append(point)
        points.append(point)
        before = one.place_in_time
    strokes = [" ".join(f"{point['x']},{point['y']}" for point in run) for run in runs if len(run) > 1]
    # Six dashes tell lines apart; more than six workplaces begin anew, and the table says which is which.
    return Line(place, (number - 1) % 6 + 1, strokes, points)


def _across(first, last, x):
    """The quarters under the chart: each with its name while there is room, then each year where it begins."""
    labels = []
    for quarter in range(first, last + 1):
        year, part = divmod(quarter, 4)
        if last - first < 6:
            label = _("Q%(quarter)s %(year)s") % {"quarter": part + 1, "year": f"{year % 100:02d}"}
        else:
            label = str(year) if part == 0 else ""
        labels.append({"x": _plain(x(quarter)), "label": label})
    return labels


def _in_words(by_place):
    """What the chart says, for those who hear it: from where to where each line goes."""
    said = []
    for place, rows in by_place.items():
        said.append(
            _("%(name)s: %(first)s in the %(from)s, %(last)s in the %(to)s.")
            % {
                "name": place.name,
                "first": percent_in_words(rows[0].percent),
                "from": quarter_in_words(rows[0].year, rows[0].quarter),
                "last": percent_in_words(rows[-1].percent),
                "to": quarter_in_words(rows[-1].year, rows[-1].quarter),
            }
        )
    return " ".join(said)


def _plain(number):
    """A coordinate, with a point in every language."""
    return f"{number:.1f}"
