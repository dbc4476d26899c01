"""Targets: set, changed, ended; how far each has come, and whether it can be reached."""

from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from decimal import Decimal
from functools import cached_property
from math import ceil

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth
from django.http import QueryDict
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import npgettext, pgettext

from companies import plans
from companies.among import NAMES, AmongForm
from companies.capacity import DAYS_A_YEAR
from companies.models import TierPlan, Workplace
from contacts.actions import NotNow
from contacts.models import Interaction
from jobcenter_crm.desk.dashboard.asked import Asked, selection_is_of_few, those_of_few
from jobcenter_crm.desk.dashboard.counting import Ask, count
from jobcenter_crm.desk.dashboard.measures import MEASURES, OUTCOME, SHARE, period_before
from jobcenter_crm.desk.dashboard.realism import FEWEST, Grounds, Realism, Through, Verdict, Way
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff.models import Team, User

VIEW, ADD, CHANGE = "desk.view_target", "desk.add_target", "desk.change_target"
_DAY = timedelta(days=1)
# Where a visit or a meeting is what counts, these are the channels of a plan that bring one.
_MEETINGS = ("visit", "meeting")


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
        return ", ".join(filter(None, [groups_in_words(self.tiers), *(str(chip["text"]) for chip in chips)]))


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
    said = {
        "team": _("The team is of fewer than five people. Figures are told of five people and more."),
        "among": selection_is_of_few(),
    }
    few = {name: said[name] for name in those_of_few(where, Team.objects.told_to_all())}
    return Scope(where, tiers, form, tuple(few.values()), few)


# How far it has come


@dataclass(frozen=True)
class Numbers:
    """What was counted of a target: so many, of so many where it is a share, and how many there will be by the deadline."""

    now: int
    of: int | None = None
    idle: int | None = None


def _asks(measure, scope, since, until, today, deadline):
    """What is asked for the `Numbers` of a measure: always in the same order."""
    asked = scope.asked(since, until, today)
    asks = [Ask(measure.source, measure.figure.count, asked, scope.tiers)]
    if measure.is_percent:
        asks.append(Ask(measure.source, measure.whole.count, asked, scope.tiers))
    if measure.idle and deadline > today:
        asks.append(Ask(measure.source, measure.idle, replace(asked, today=deadline), scope.tiers))
    return asks


def _numbers(measure, counted, today, deadline):
    now, *rest = counted
    of = rest.pop(0) if measure.is_percent else None
    # What will be there by the deadline has to be there today: what is contacted meanwhile is the work that is reckoned.
    idle = rest.pop(0) if measure.idle and deadline > today else now
    return Numbers(now, of, idle)


def _value(measure, numbers):
    """The figure as a target is written: a number, or per cent with one decimal; None where nothing can be told."""
    if not measure.is_percent:
        return Decimal(numbers.now)
    if not numbers.of or (measure.kind == OUTCOME and numbers.of < FEWEST):
        return None
    return round(Decimal(100 * numbers.now) / numbers.of, 1)


def _way(measure, numbers, *, goal, start, deadline, today):
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
        return None if self.numbers is None else _value(self.measure, self.numbers)

    @property
    def now(self):
        return "" if self.value is None else self.target.in_figures(self.value)

    @property
    def start(self):
        if self.target.baseline is None or self.scope.is_hidden:
            return ""
        return self.target.in_figures(self.target.baseline)

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
        if self.value is None:
            return None
        if not self.target.is_open:
            return self.target.is_reached
        return self.value <= self.target.goal if self.measure.is_less else self.value >= self.target.goal

    @property
    def is_over(self):
        """Past the deadline, or ended."""
        return not self.target.is_open or self.target.deadline < self.today

    @property
    def percent_of_time(self):
        """How much of the time has gone, 0-100."""
        whole = (self.target.deadline - self.target.starts_on).days
        return max(0, min(100, round(100 * (self.today - self.target.starts_on).days / whole)))

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
        return rows_url(self.measure, self.scope, *_period_now(self.target, self.today), self.today)

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
        way = _way(
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


def _period_now(target, today):
    """The days that count so far; one that has not begun has its first day, on which there is nothing yet."""
    return target.starts_on, max(target.starts_on, min(today, target.deadline))


def progress(targets, today, scopes=None):
    """The `Progress` of each of `targets`, all counted in one statement; reading where each holds may take more.

    `scopes` are their `Scope`s, where these are known.
    """
    if scopes is None:
        known = {}
        for target in targets:
            where, tiers = where_of(target)
            key = tuple(sorted(where.items()))
            if key not in known:
                known[key] = scope_of(where, tiers, today)
        reader = Asked(None, today, today, today, {})
        scopes = [
            replace(known[tuple(sorted(where.items()))], tiers=tiers, reader=reader)
            for where, tiers in map(where_of, targets)
        ]
    asks, spans = [], []
    for target, scope in zip(targets, scopes, strict=True):
        wanted = []
        if target.is_open and not scope.problems:
            wanted = _asks(MEASURES[target.measure], scope, *_period_now(target, today), today, target.deadline)
        spans.append(slice(len(asks), len(asks) + len(wanted)))
        asks += wanted
    counted = count(asks)
    return [
        Progress(target, scope, _told(target, counted[span], today), today)
        for target, scope, span in zip(targets, scopes, spans, strict=True)
    ]


def _told(target, counted, today):
    return _numbers(MEASURES[target.measure], counted, today, target.deadline) if counted else None


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
    scopes = [Scope(asked.where, where_of(target)[1], asked.form, reader=asked) for target in here]
    return OnDashboard(progress(here, asked.today, scopes), len(every) - len(here))


# When it is set


@dataclass(frozen=True)
class Check:
    """What is shown before a target is set: the baseline, and the sums."""

    baseline: Decimal | None
    baseline_days: tuple | None
    realism: Realism | None
    scope: Scope
    measure: object

    @property
    def verdict(self):
        return self.realism.verdict if self.realism else Verdict.UNKNOWN

    @property
    def days_in_words(self):
        return self.baseline_days and " – ".join(date_format(day, "DATE_FORMAT") for day in self.baseline_days)


def check(target, scope, today):
    """The baseline of a target that is about to be set or changed, and whether it can be reached, from the data of today.

    The baseline of a figure of today is that of the day on which the target was set, and stays. One that is counted over
    a period is counted again: a later deadline is compared with a longer time before.
    """
    measure = MEASURES[target.measure]
    now = _asks(measure, scope, *_period_now(target, today), today, target.deadline)
    days = None
    asks = list(now)
    if measure.is_of_a_period:
        days = period_before(target.starts_on, target.deadline, target.set_on or today)
        asks += _asks(measure, scope, *days, today, today)
    counted = count(asks)
    numbers = _numbers(measure, counted[: len(now)], today, target.deadline)
    if days:
        baseline = _value(measure, _numbers(measure, counted[len(now) :], today, today))
    else:
        baseline = target.baseline if target.pk else _value(measure, numbers)
    realism = None
    # A share of nothing has no number to reach.
    if measure.kind != SHARE or numbers.of:
        way = _way(measure, numbers, goal=target.goal, start=target.starts_on, deadline=target.deadline, today=today)
        realism = Realism(way, _grounds(measure, scope, today))
    return Check(baseline, days, realism, scope, measure)


def _grounds(measure, scope, today):
    """What the last twelve months gave there, and what there is time for, in a fixed number of statements."""
    since = today - relativedelta(months=12) + _DAY
    gained, best = _gained(measure, scope, since, today)
    if measure.through == Through.OUTCOME:
        asked = scope.asked(since, today, today)
        return Grounds(gained, best, *count([Ask(measure.source, measure.whole.count, asked, scope.tiers)]))
    if measure.through == Through.NOTHING:
        return Grounds(gained, best)
    tries = None
    if measure.through in (Through.CONTACTS, Through.MEETINGS):
        held = Interaction.objects.held().filter(on__range=(since, today))
        if measure.through == Through.MEETINGS:
            held = held.meetings()
        tries = _in_scope(held, scope, "workplace").count()
    return Grounds(gained, best, tries, **_time(measure, scope))


def _within(measure, loads):
    """How many days a contact counts of a coverage, the groups' own taken together; None of anything else."""
    if measure.name == "in_year":
        return DAYS_A_YEAR
    if measure.name != "in_time":
        return None
    places = sum(load.places for load in loads)
    a_year = sum(load.contacts_a_year if load.cadence_days else load.places for load in loads)
    return round(places * DAYS_A_YEAR / a_year) if a_year else DAYS_A_YEAR


def _in_scope(rows, scope, workplace):
    if scope.where:
        rows = scope.form.at(rows, workplace)
    return rows.filter(**{f"{workplace}__tier__in": scope.tiers}) if scope.tiers else rows


def _gained(measure, scope, since, today):
    """`(in the twelve months, in the best calendar month of them)`; a workplace counts once in each of the two."""
    gains = measure.gains
    if gains is None:
        return None, None
    rows = _in_scope(gains.rows(), scope, gains.workplace).filter(**{f"{gains.on}__range": (since, today)}).order_by()
    months = rows.annotate(month=TruncMonth(F(gains.on))).values("month").annotate(n=gains.count)
    return rows.aggregate(n=gains.count)["n"] or 0, max(
        (n for _month, n in months.values_list("month", "n")), default=0
    )


def _time(measure, scope):
    """What there is time for: the hours, what of them goes elsewhere, how long a contact takes, how many share them.

    The contacts of the plans at the target's own workplaces count for it; those at other workplaces, and where meetings
    are what counts those by telephone and letter, do not. A target of a team is measured by its own hours.
    """
    rows = list(TierPlan.objects.all())
    every = _of_team(scope, rows) or plans.reckon(plans=rows)
    inside = dict(_in_places(scope).values_list("tier").annotate(n=Count("pk")))
    ours = [plans.load_of(plan, inside.get(plan.tier, 0)) for plan in rows]
    within = _within(measure, ours)
    if measure.through == Through.MEETINGS:
        ours = [load for load in ours if load.channel in _MEETINGS] or ours
    contacts = sum(load.contacts_a_year for load in ours)
    if contacts:
        minutes = sum(load.contacts_a_year * load.minutes for load in ours) / contacts
    else:
        asked = [load.minutes for load in ours if not scope.tiers or load.tier in scope.tiers]
        minutes = sum(asked) / len(asked) if asked else None
    elsewhere = every.hours_a_week - sum(load.hours_a_week for load in ours)
    return {
        "hours": every.hours, "elsewhere": round(max(0, elsewhere), 4), "minutes": minutes,
        "consultants": every.consultants, "within": within,
    }  # fmt: skip


def _in_places(scope):
    """The workplaces of the plans at a scope."""
    places = scope.asked(None, None, None).workplaces().counted_in_plans().order_by()
    return places.filter(tier__in=scope.tiers) if scope.tiers else places


def _of_team(scope, rows):
    """The reckoning of the plans for one team: its workplaces, its hours, its consultants; None where no team is meant."""
    if "team" not in scope.where:
        return None
    team = scope.where["team"]
    places = Workplace.objects.counted_in_plans().filter(owner__team=team).order_by()
    counted = dict(places.values_list("tier").annotate(n=Count("pk")))
    hours = Team.objects.filter(pk=team).aggregate(all=Sum("outreach_hours"))["all"]
    return plans.Reckoning(
        tuple(plans.load_of(plan, counted.get(plan.tier, 0)) for plan in rows),
        None if hours is None else float(hours),
        User.objects.doing_outreach().filter(team=team).count(),
    )


def _take(target, found, today):
    """Write on a target what its check found."""
    target.baseline = found.baseline
    target.baseline_since, target.baseline_until = found.baseline_days or (None, None)
    target.verdict, target.reckoned_on = found.verdict, today
    target.grounds = {
        "way": asdict(found.realism.way) if found.realism else None,
        "grounds": asdict(found.realism.grounds) if found.realism else asdict(Grounds()),
    }
    if found.verdict != Verdict.INCOHERENT:
        target.why = ""


@transaction.atomic
def save(*, target, found, by, today):
    """Set a target, or change one, with what its check has found.

    Raises `NotNow` where a colleague has ended it meanwhile.
    """
    if target.pk and not Target.objects.select_for_update().open().filter(pk=target.pk).exists():
        raise NotNow(_("A colleague has ended this target meanwhile. Set a new one."))
    if not target.pk:
        target.set_on, target.set_by = today, by
    _take(target, found, today)
    target._history_user = by
    target.save()
    return target


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
