"""The rules for the groups at work: what they would move, moving it, and taking it back.

Strict: one rule that can't be followed stops all of them, since the ones below it would take what is not theirs.
What no rule takes keeps its group, and so does what was put there by hand.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, Sum, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import rules as rulebook
from companies import selections
from companies.models import TierChange, TierMove, Workplace
from companies.set_based import MODULUS, FirstMatch, give_groups, lock
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.bulk import insert_from, write_history
from jobcenter_crm.backstage.kinds import JobFailed, job_kind
from jobcenter_crm.backstage.models import Job

KIND = "companies.segment"
PERMISSION = "companies.change_segmentationrule"
SAMPLE = 5
State = TierMove.State


class RulesBroken(Exception):
    """Rules that can't be followed; `problems` are pairs of rule and what is wrong with it, in words."""

    def __init__(self, problems):
        self.problems = problems
        super().__init__(
            " ".join(
                _("Rule %(number)s, “%(name)s”: %(problem)s")
                % {"number": rule.number, "name": rule.selection.name, "problem": problem}
                for rule, problem in problems
            )
        )


class Stale(Exception):
    """The register or the rules are no longer what was calculated; the text says since when."""


@dataclass
class Preview:
    """What the rules would do now. Nothing is written.

    `fits`, `takes` and `moves` count for each rule, from 1: what its selection finds, what it takes of that (the
    first that fits), and what of it is in another group now. `matrix` counts the active workplaces by group now
    and group then, 0 for none. `mark` names exactly this outcome of exactly these rules.
    """

    rules: list
    at: datetime
    fits: dict
    takes: Counter = field(default_factory=Counter)
    moves: Counter = field(default_factory=Counter)
    matrix: Counter = field(default_factory=Counter)
    by_hand: int = 0
    mark: str = ""

    @property
    def total(self):
        return sum(self.moves.values())

    @property
    def without(self):
        """How many would be in no group."""
        return self.matrix[0, 0]

    @property
    def workplaces(self):
        return sum(self.matrix.values())


class Rules:
    """The rules as they stand, compiled for the whole register on `today`.

    Raises `RulesBroken`.
    """

    def __init__(self, today, *, locked=False):
        self.today = today
        self.all = rulebook.in_order(locked=locked)
        if problems := [(rule, problem) for rule in self.all for problem in rulebook.why_not(rule, today=today)]:
            raise RulesBroken(problems)
        found = [selections.rows(rule.selection, today=today, user=None) for rule in self.all]
        self.match = FirstMatch(found, [rule.tier for rule in self.all])

    def preview(self):
        """Counts all of it, in two statements."""
        shown = Preview(self.all, timezone.localtime(), self.match.fits())
        sums = []
        for number, tier, by_hand, count, keys, squares in self.match.cells():
            if by_hand:
                shown.by_hand += count
            taken = number is not None and not by_hand
            then = self.all[number - 1].tier if taken else tier
            shown.matrix[tier or 0, then or 0] += count
            if taken:
                shown.takes[number] += count
            if then != tier:
                shown.moves[number] += count
                sums.append((number, tier, count, keys, squares))
        shown.mark = self.mark(sums)
        return shown

    def mark(self, sums):
        """Names these rules and what they move: `(rule, group now, how many, sum of keys, sum of squared keys)`."""
        told = [(rule.pk, rule.tier, rule.selection_id, rule.selection.query) for rule in self.all]
        return sha256(json.dumps([told, sorted(sums, key=str)]).encode()).hexdigest()

    def moving(self, **only):
        """The workplaces that would move, as `FirstMatch.moving` narrows them down."""
        return self.match.moving(**only)

    def tell(self, workplaces):
        """Set on each of these few workplaces the `rule` that takes it; returns them as a list.

        One that no rule takes any more, since it was found, is left out.
        """
        found = list(workplaces)
        numbers = self.match.rules_of([workplace.pk for workplace in found])
        told = [workplace for workplace in found if numbers.get(workplace.pk)]
        for workplace in told:
            workplace.rule = self.all[numbers[workplace.pk] - 1]
        return told

    def sample(self):
        """A few of those that would move, each with its rule."""
        return self.tell(self.moving().order_by("sort_name", "pk")[:SAMPLE])


def order(*, mark, calculated_at, by, queue_it=True):
    """Order that what was previewed be done: that and nothing else. Returns the job; a worker does it.

    Raises `RulesBroken`, and `Stale` when the preview would be another one by now.
    """
    rules = Rules(timezone.localdate())
    if rules.preview().mark != mark:
        raise Stale(changed_since(calculated_at))
    told = [{"name": rule.selection.name, "tier": rule.tier} for rule in rules.all]
    arguments = {"mark": mark, "calculated_at": calculated_at.isoformat() if calculated_at else "", "rules": told}
    return jobs.start(KIND, by=by, arguments=arguments, queue_it=queue_it)


def changed_since(moment):
    """Why nothing is done, in words."""
    if moment is None or abs(timezone.now() - moment) > timedelta(days=7):
        return _("The register has changed since it was calculated. Calculate again.")
    here = timezone.localtime(moment)
    is_today = here.date() == timezone.localdate()
    when = date_format(here, "TIME_FORMAT" if is_today else "SHORT_DATETIME_FORMAT")
    when = when[1:] if is_today and when.startswith("0") else when
    if is_today:
        return _("The register has changed since %(time)s. Calculate again.") % {"time": when}
    return _("The register has changed since it was calculated on %(when)s. Calculate again.") % {"when": when}


def last_job():
    """The job that last moved workplaces by the rules, or is about to; None before the first."""
    return Job.objects.filter(kind=KIND).for_job_page().order_by("-pk").first()


def take_back(job, progress):
    """Give what `job` moved its earlier group back, where it still has the one that the job gave it."""
    moved = job.tier_moves.filter(state__in=[State.DONE, State.UNDONE])
    progress(done=moved.filter(state=State.UNDONE).count(), total=moved.count())
    for number, rule in enumerate(job.arguments["rules"], 1):
        why = _("Taken back: rule “%(name)s”") % {"name": rule["name"]}
        with progress.saving():
            restored = _carry(
                job,
                number,
                waiting=State.DONE,
                still=_same("to") & Q(workplace__tier_by_hand=False, workplace__merged_into=None) & ~_moved_again(),
                gives=("from_tier", "from_since"),
                tells=("to_tier", "from_tier"),
                why=why,
                by=job.undone_by,
                becomes=State.UNDONE,
            )
            progress(done=progress.done + restored)
    progress(done=progress.total)
    return job.tier_moves.aggregate(
        restored=Count("pk", filter=Q(state=State.UNDONE)), left=Count("pk", filter=Q(state=State.DONE))
    )


@job_kind(
    KIND,
    label=gettext_lazy("Moving workplaces by the rules"),
    counts={
        "moved": gettext_lazy("Moved"),
        "left": gettext_lazy("Left as they were: changed by somebody meanwhile"),
    },
    result=lambda job: reverse("desk:segments"),
    undo=take_back,
    permission=PERMISSION,
)
def apply(job, progress):
    """Write down what moves, if it still is what was previewed; then move it rule by rule, each in a transaction."""
    _write_down(job, progress)
    for number, rule in enumerate(job.arguments["rules"], 1):
        why = _("Rule “%(name)s”") % {"name": rule["name"]}
        with progress.saving():
            moved = _carry(
                job,
                number,
                waiting=State.WAITING,
                still=_same("from")
                & Q(workplace__tier_by_hand=False, workplace__merged_into=None, workplace__ceased_on=None),
                gives=("to_tier", "to_since"),
                tells=("from_tier", "to_tier"),
                why=why,
                by=job.created_by,
                becomes=State.DONE,
            )
            not_moved = job.tier_moves.filter(rule_number=number, state=State.WAITING)
            progress(done=progress.done + moved + not_moved.update(state=State.LEFT))
    return job.tier_moves.aggregate(
        moved=Count("pk", filter=Q(state=State.DONE)), left=Count("pk", filter=Q(state=State.LEFT))
    )


def _write_down(job, progress):
    with progress.saving():
        if not job.tier_moves.exists():
            try:
                rules = Rules(timezone.localdate(), locked=True)
            except RulesBroken as broken:
                raise JobFailed(str(broken)) from broken
            rules.match.write_moves(job, timezone.localdate())
            if rules.mark(_sums(job.tier_moves.all())) != job.arguments["mark"]:
                raise JobFailed(changed_since(parse_datetime(job.arguments["calculated_at"])))
        progress(total=job.tier_moves.count())


def _sums(moves):
    key = F("workplace_id")
    sums = moves.order_by().values("rule_number", "from_tier").annotate(
        count=Count("pk"), keys=Sum(key), squares=Sum(key * key % MODULUS)
    )  # fmt: skip
    return [(one["rule_number"], one["from_tier"], one["count"], int(one["keys"]), int(one["squares"])) for one in sums]


def _same(side):
    """That the workplace has the group of the move's one side, and came to it on that day."""
    tier, since = F(f"{side}_tier"), F(f"{side}_since")
    in_none = Q(**{f"{side}_tier": None, "workplace__tier": None})
    return Q(workplace__tier=tier, workplace__tier_since=since) | in_none


def _moved_again():
    """That a later job has moved the workplace, which may have come back to the same group on the same day."""
    later = TierMove.objects.filter(workplace=OuterRef("workplace"), job__gt=OuterRef("job"), state=State.DONE)
    return Exists(later)


def _carry(job, number, *, waiting, still, gives, tells, why, by, becomes):
    """Give what rule `number` of `job` moves, and `waiting` is the state of, the group and day that `gives` names.

    Only where the workplace is `still` as it has to be; returns how many those were. The same statements however
    many rows: these are locked, and then told apart by the state of their move.
    """
    moves = job.tier_moves.filter(rule_number=number)
    lock(Workplace.everything.filter(pk__in=moves.filter(state=waiting).values("workplace")))
    moves.filter(still, state=waiting).update(state=State.TAKEN)
    taken = moves.filter(state=State.TAKEN)
    give_groups(taken, *gives)
    now = timezone.now()
    write_history(Workplace.everything.filter(pk__in=taken.values("workplace")), at=now, why=why, by=by)
    old, new = tells
    insert_from(
        TierChange,
        taken.order_by(),
        {
            "workplace": F("workplace_id"),
            "from_tier": F(old),
            "to_tier": F(new),
            "why": Value(why[:255]),
            "by": _key(by),
            "at": Value(now),
            "by_rule": Value(True),
        },
    )
    return taken.update(state=becomes)


def _key(user):
    return Value(user and user.pk, output_field=BigIntegerField())
