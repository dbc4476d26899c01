"""Targets: where each holds, how far it has come, whether it can be reached from here, and how it ends."""

from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from math import ceil

from django.db import transaction
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from companies.among import NAMES, AmongForm, selection_is_of_few, those_of_few
from contacts.actions import NotNow
from jobcenter_crm.desk.dashboard.asked import Asked
from jobcenter_crm.desk.dashboard.counting import Ask, count
from jobcenter_crm.desk.dashboard.measures import MEASURES, OUTCOME, SHARE
from jobcenter_crm.desk.dashboard.realism import FEWEST, Grounds, Realism, Verdict, Way
from jobcenter_crm.desk.models import Target
from jobcenter_crm.frame.rounding import half_up
from jobcenter_crm.frame.templatetags.frame import lowerfirst
from jobcenter_crm.staff.models import Team

VIEW, ADD, CHANGE = "desk.view_target", "desk.add_target", "desk.change_target"


@dataclass(frozen=True)
class _Alike(Asked):
    """One of several that are asked together: the plans are read once for all of them, by `reader`."""

    reader: Asked | None = None

    @property
    def cadences(self):
        return self.reader.cadences


@dataclass(frozen=True)
class Scope:
    """Where a target holds: `where` as the dashboard has it, `tiers` the groups, `form` what reads the first.

    `problems` says why it can't be read today, in words: a team that is gone, a selection that is broken; `few` those of
    them that say of what field it is of a colleague, or of too few, for a target is the same number for all readers and
    so is never about a colleague (decision 19). `reader` has read, or reads, what the plans say, for all that are asked
    together.
    """

    where: dict
    tiers: tuple
    form: AmongForm | None
    problems: tuple = ()
    few: dict = field(default_factory=dict)
    reader: Asked | None = None

    @property
    def is_hidden(self):
        """Whether nothing is told that was counted there, now or ever: it is of few, or nobody can say of how many."""
        return bool(self.problems) and ("team" in self.where or "among" in self.where)

    def asked(self, since, until, today):
        reader = self.reader or Asked(None, since, until, today, {})
        return _Alike(self.form, since, until, today, self.where, reader=reader)

    @property
    def in_words(self):
        """The whole register says nothing."""
        chips = self.form.chips if self.form and not self.problems else []
        return ", ".join(filter(None, [groups_in_words(self.tiers), *(lowerfirst(chip["text"]) for chip in chips)]))


def groups_in_words(tiers):
    """ "group 1", "groups 1–3", "groups 1, 3"; empty for all."""
    if not tiers:
        return ""
    first, last = tiers[0], tiers[-1]
    is_row = len(tiers) > 2 and list(tiers) == list(range(first, last + 1))
    told = f"{first}–{last}" if is_row else ", ".join(map(str, tiers))
    return npgettext("where a target holds", "group %(n)s", "groups %(n)s", len(tiers)) % {"n": told}


def where_of(target):
    """`(where, tiers)` of a target, as a dashboard's address has it, without asking the database."""
    query = QueryDict(target.where)
    where = {name: query[name] for name in NAMES if query.get(name)}
    if target.among_id:
        where["among"] = str(target.among_id)
    return where, tuple(sorted(int(tier) for tier in query.getlist("tier")))


def query_of(where, tiers):
    """What `Target.where` keeps of them; the selection has a column of its own."""
    query = QueryDict(mutable=True)
    for name in NAMES:
        if name != "among" and where.get(name):
            query[name] = where[name]
    query.setlist("tier", sorted(tiers))
    return query.urlencode()


def scope_of(where, tiers, today):
    """The `Scope`, read as nobody in particular reads it: a target is the same number for all."""
    if not where:
        return Scope(where, tiers, None)
    query = QueryDict(mutable=True)
    query.update(where)
    form = AmongForm(query, user=None, today=today)
    if not form.is_valid():
        return Scope(where, tiers, form, tuple(form.non_field_errors()))
    few = few_in(where)
    return Scope(where, tiers, form, tuple(few.values()), few)


def few_in(where, selection=None):
    """`{name: why nothing is told of it}` of those parts of `where` that are of a colleague, or of too few."""
    said = {
        "team": _("The team is of fewer than five people. Figures are told of five people and more."),
        "among": selection_is_of_few(),
    }
    return {name: said[name] for name in those_of_few(where, Team.objects.told_to_all(), selection)}


# How far it has come


@dataclass(frozen=True)
class Numbers:
    """What was counted of a target: so many, of so many where it is a share, and how many there will be by the deadline."""

    now: int
    of: int | None = None
    idle: int | None = None


def asks_for(measure, scope, since, until, today, deadline):
    """What is asked for the `Numbers` of a measure: always in the same order."""
    asked = scope.asked(since, until, today)
    asks = [Ask(measure.source, measure.figure.count, asked, scope.tiers)]
    if measure.is_percent:
        asks.append(Ask(measure.source, measure.whole.count, asked, scope.tiers))
    if measure.idle and deadline > today:
        asks.append(Ask(measure.source, measure.idle, replace(asked, today=deadline), scope.tiers))
    return asks


def numbers_of(measure, counted, today, deadline):
    """The `Numbers` that were counted for what `asks_for` has asked."""
    now, *rest = counted
    of = rest.pop(0) if measure.is_percent else None
    # What will be there by the deadline has to be there today: what is contacted meanwhile is the work that is reckoned.
    idle = rest.pop(0) if measure.idle and deadline > today else now
    return Numbers(now, of, idle)


def value_of(measure, numbers):
    """The figure as a target is written: a number, or per cent with one decimal; None where nothing can be told."""
    if not measure.is_percent:
        return Decimal(numbers.now)
    if not numbers.of or (measure.kind == OUTCOME and numbers.of < FEWEST):
        return None
    return half_up(Decimal(100 * numbers.now) / numbers.of, 1)


def way_to(measure, numbers, *, goal, start, deadline, today):
    """The `Way` from today to the target."""
    percent = float(goal) if measure.is_percent else None
    if measure.kind == OUTCOME and numbers.of < FEWEST:
        # Of so few nothing is told, so nothing may follow from them either.
        numbers = Numbers(0, 0, 0)
    # In whole numbers of tenths of a per cent: 0.1 % of 1000 is one, and no more.
    wanted = (
        ceil(goal * numbers.of / 100) if measure.kind == SHARE else ceil(goal) if not measure.is_less else int(goal)
    )
    return Way(
        measure.through.value, numbers.now, wanted, numbers.idle, (deadline - max(today, start)).days + 1,
        measure.is_less, percent, numbers.of,
    )  # fmt: skip


@dataclass(frozen=True)
class State:
    """How a target stands, as icon, word and the sum behind it; `key` is a `Verdict`, "reached" or "missed"."""

    key: str
    label: str
    behind: str = ""


@dataclass
class Progress:
    """How far a target has come by today; `numbers` is None where it can't be counted (`scope.problems` says why)."""

    target: Target
    scope: Scope
    numbers: Numbers | None
    today: object

    @property
    def measure(self):
        return MEASURES[self.target.measure]

    @property
    def words(self):
        return self.measure.words

    @cached_property
    def value(self):
        """Where it stands: at its end, of one that has ended."""
        if not self.target.is_open:
            return None if self.scope.is_hidden else self.target.ended_with
        return None if self.numbers is None else value_of(self.measure, self.numbers)

    @property
    def now(self):
        return "" if self.value is None else self.target.in_figures(self.value)

    @property
    def start(self):
        if self.target.baseline is None or self.scope.is_hidden:
            return ""
        return self.target.in_figures(self.target.baseline)

    @property
    def counted_since(self):
        """From which day it counts and what it begins with, of what is counted over a period; empty of what stands on a day."""
        if not self.measure.is_of_a_period or not self.target.is_open:
            return ""
        day = date_format(self.target.starts_on, "DATE_FORMAT")
        if not self.start or self.measure.kind == OUTCOME:
            return _("counted from %(day)s") % {"day": day}
        return _("counted from %(day)s; as long a time before gave %(n)s") % {"day": day, "n": self.start}

    @property
    def goal(self):
        return self.target.in_figures(self.target.goal)

    @property
    def comparison(self):
        return "" if self.target.comparison is None else self.target.in_figures(self.target.comparison)

    @property
    def has_begun(self):
        return self.target.starts_on <= self.today

    @property
    def is_reached(self):
        return None if self.value is None else self.target.is_enough(self.value)

    @property
    def is_over(self):
        """Past the deadline, or ended."""
        return not self.target.is_open or self.target.deadline < self.today

    @property
    def percent_of_time(self):
        """How much of the time has gone, 0-100."""
        whole = (self.target.deadline - self.target.starts_on).days
        return max(0, min(100, half_up(100 * (self.today - self.target.starts_on).days / whole)))

    @property
    def percent_of_way(self):
        """How much of the way has been gone, 0-100: from nought of what is counted in a period, else from the baseline."""
        if self.value is None:
            return None
        if self.is_reached:
            return 100
        began = Decimal(0) if self.measure.kind == "flow" else self.target.baseline
        if began is None or began == self.target.goal:
            return None
        return max(0, min(99, int(100 * (self.value - began) / (self.target.goal - began))))

    @property
    def url(self):
        """The rows behind `now`; none where there are none, or where it stands still."""
        if not self.target.is_open or self.numbers is None or not self.numbers.now or self.value is None:
            return ""
        return rows_url(self.measure, self.scope, *days_so_far(self.target, self.today), self.today)

    @property
    def baseline_url(self):
        """The rows behind what it began with, of what is counted over a period."""
        target = self.target
        if target.baseline_since is None or not target.baseline or self.scope.problems:
            return ""
        return rows_url(self.measure, self.scope, target.baseline_since, target.baseline_until, self.today)

    @cached_property
    def realism(self):
        """Whether it can be reached from here, by the grounds on which it was set; None where that can't be reckoned."""
        if self.numbers is None or self.is_over or (self.measure.kind == SHARE and not self.numbers.of):
            return None
        target = self.target
        way = way_to(
            self.measure, self.numbers, goal=target.goal, start=target.starts_on, deadline=target.deadline,
            today=self.today,
        )  # fmt: skip
        return Realism(way, grounds_of(target))

    @property
    def promised(self):
        """The sums as they were when it was set or last changed; None where there were none to make, or none is told."""
        way = None if self.scope.is_hidden else self.target.grounds["way"]
        return Realism(Way(**way), grounds_of(self.target)) if way else None

    @property
    def verdict(self):
        return self.realism and self.realism.verdict

    @cached_property
    def state(self):
        """How it ended, whether it is reached, or whether it can be."""
        if not self.target.is_open:
            behind = _("ended on %(day)s: %(why)s") % {
                "day": date_format(self.target.ended_on, "DATE_FORMAT"), "why": self.target.ended_why,
            }  # fmt: skip
            return self._reached_or_not(behind, behind)
        if self.scope.problems:
            return State(Verdict.UNKNOWN, _("Can't be counted"), " ".join(map(str, self.scope.problems)))
        if self.is_over:
            return self._reached_or_not("", _("the deadline has passed: end it, or give it another"))
        if self.is_reached and self.has_begun:
            lapses = self.realism is not None and self.realism.need
            return self._reached_or_not(
                _("but by the deadline: %(sum)s") % {"sum": self.realism.in_short} if lapses else ""
            )
        if self.realism is None:
            return State(Verdict.UNKNOWN, str(Verdict.UNKNOWN.label), _("no figures yet"))
        return State(self.realism.verdict, str(self.realism.verdict.label), self.realism.in_short)

    def _reached_or_not(self, reached, missed=""):
        if self.is_reached is None:
            return State(Verdict.UNKNOWN, pgettext("a target", "Not counted"), missed)
        if self.is_reached:
            return State("reached", pgettext("a target", "Reached"), reached)
        return State("missed", pgettext("a target", "Not reached"), missed)


def grounds_of(target):
    return Grounds(**target.grounds["grounds"])


def rows_url(measure, scope, since, until, today):
    """The list behind a figure at a scope."""
    if not scope.tiers:
        more = {}
    elif measure.takes_several_groups:
        more = {"tier": list(scope.tiers)}
    else:
        more = {"tier": scope.tiers[0]}
    return measure.source.url(measure.figure, scope.asked(since, until, today), **more)


def days_so_far(target, today):
    """The days that count so far; one that has not begun has its first day, on which there is nothing yet."""
    return target.starts_on, max(target.starts_on, min(today, target.deadline))


def progress(targets, today, scopes=None):
    """The `Progress` of each of `targets`, all counted in one statement; reading where each holds may take more.

    `scopes` are their `Scope`s, where these are known.
    """
    if scopes is None:
        scopes = _scopes(targets, today)
    asks, spans = [], []
    for target, scope in zip(targets, scopes, strict=True):
        wanted = []
        if target.is_open and not scope.problems:
            wanted = asks_for(MEASURES[target.measure], scope, *days_so_far(target, today), today, target.deadline)
        spans.append(slice(len(asks), len(asks) + len(wanted)))
        asks += wanted
    counted = count(asks)
    return [
        Progress(target, scope, _told(target, counted[span], today), today)
        for target, scope, span in zip(targets, scopes, spans, strict=True)
    ]


def _scopes(targets, today):
    """The `Scope` of each of `targets`; each place is read once, and what the plans say once for all."""
    reader = Asked(None, today, today, today, {})
    read, scopes = {}, []
    for where, tiers in map(where_of, targets):
        key = tuple(sorted(where.items()))
        if key not in read:
            read[key] = scope_of(where, tiers, today)
        scopes.append(replace(read[key], tiers=tiers, reader=reader))
    return scopes


def _told(target, counted, today):
    return numbers_of(MEASURES[target.measure], counted, today, target.deadline) if counted else None


def seen_by(user, targets):
    """Those of `targets`, a queryset, whose figure `user` may see."""
    names = [name for name, measure in MEASURES.items() if measure.is_seen_by(user)]
    return targets.filter(measure__in=names)


@dataclass(frozen=True)
class OnDashboard:
    """The open targets for what a dashboard shows, and how many there are for other parts of the register."""

    progress: list
    elsewhere: int


def for_dashboard(asked, user):
    """The open targets that hold where `asked` looks, each of them counted as of today, in two statements.

    None for who may not see them. `asked.where` has been read already, so nothing is asked for it again; what the plans
    say is read in a third statement where `asked` has not read it for figures of its own.
    """
    if not user.has_perm(VIEW):
        return None
    every = list(seen_by(user, Target.objects.open()))
    where = {name: str(value) for name, value in asked.where.items()}
    here = [target for target in every if where_of(target)[0] == where]
    # A target is the same number for all: of few nothing is told, also not to those who see figures by colleague.
    few = few_in(where, asked.form.search and asked.form.search.chosen.get("among")) if here else {}
    scopes = [
        Scope(asked.where, where_of(target)[1], asked.form, tuple(few.values()), few, reader=asked) for target in here
    ]
    return OnDashboard(progress(here, asked.today, scopes), len(every) - len(here))


@transaction.atomic
def end(*, target, why, by, today):
    """End a target with what it has come to.

    Raises `NotNow` where a colleague has ended it already.
    """
    locked = Target.objects.select_for_update().open().filter(pk=target.pk).first()
    if locked is None:
        raise NotNow(_("A colleague has ended this target already."))
    (told,) = progress([locked], today)
    locked.ended_with = told.value
    locked.ended_on, locked.ended_by, locked.ended_why, locked._history_user = today, by, why, by
    locked.save()
    return locked
