"""The clock: what is to be done every day, and every minute.

Celery beat only calls `tick` each minute. What is due follows from the wall clock in Copenhagen and from
what has no `ClockRun` yet, so a machine that was off at six catches up at nine, and two clocks are
harmless. `run_day` does a whole day's work in its own process, without worker or broker.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import time, timedelta
from time import monotonic

import structlog
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import ClockRun, LastTick

# A run that has not ended by then has lost its process.
RUN_LIMIT = timedelta(hours=1)
ATTEMPTS = 5
RETRY_AFTER = timedelta(minutes=5)

log = structlog.get_logger(__name__)

_days = {}
_ticks = {}


@dataclass(frozen=True)
class Done:
    """What a piece of the clock's work came to: its result, or its failure in words."""

    name: str
    result: dict
    failure: str = ""


@dataclass(frozen=True)
class DailyWork:
    name: str
    at: time
    work: Callable
    label: str | Promise
    counts: dict = field(default_factory=dict)


@dataclass(frozen=True)
class TickWork:
    name: str
    work: Callable
    label: str | Promise
    counts: dict = field(default_factory=dict)
    whole_day: Callable | None = None


def every_day(name, *, at, label="", counts=None):
    """Register `work(date)` to be done once a date, from the local time `at`; it may return a dict of counts.

    It can be called again for a date when it failed or its process died, so it must be harmless twice. `label` is
    what the page of operations calls it, `counts` names what it counts there: key -> words.
    """

    def register(work):
        if name in _days:
            raise ValueError(f"The daily work {name} is registered twice.")
        _days[name] = DailyWork(name, at, work, label or name, counts or {})
        return work

    return register


def every_tick(name, *, whole_day=None, label="", counts=None):
    """Register `work(now)` to be done each minute, possibly twice at once; it may return a dict of counts.

    Work that comes by and by over the day has a `whole_day(date, now)`, which does all of that date and is called in
    its place when a day is done by hand. `label` and `counts` as for `every_day`.
    """

    def register(work):
        if name in _ticks:
            raise ValueError(f"The work {name} is registered twice.")
        _ticks[name] = TickWork(name, work, label or name, counts or {}, whole_day)
        return work

    return register


def daily_work():
    """What is done every day, in the order of the day."""
    return sorted(_days.values(), key=lambda work: (work.at, work.name))


def tick_work():
    """What is done every minute, in the order in which it is done."""
    return list(_ticks.values())


def tick(now):
    """Do what is due at the instant `now` and not done yet; returns what was done."""
    local = timezone.localtime(now)
    due = [work for work in _days.values() if work.at <= local.time()]
    return [*do_days(due, local.date(), now), *do_ticks(now)]


def run_day(date, now):
    """All that the clock does on `date`, as though that day were wholly passed; returns what was done.

    Each daily work that has not succeeded yet, however often it failed, with the jobs it orders, then what comes by
    and by over a day, and then the work of one tick, which sends the mail that all these wrote.
    """
    with jobs.in_this_process():
        return [
            *do_days(_days.values(), date, now, by_hand=True),
            *do_whole_days(date, now),
            # By the clock of this very moment: what was written just now is due as well.
            *do_ticks(max(now, timezone.now()), but={work.name for work in tick_work() if work.whole_day}),
        ]


def do_days(works, date, now, *, by_hand=False):
    """Do those of `works` that are not done for `date`."""
    ended = ClockRun.objects.filter(date=date, ended_at__isnull=False, failure="")
    finished = set(ended.values_list("name", flat=True))
    done = []
    for work in sorted(works, key=lambda work: (work.at, work.name)):
        run = None if work.name in finished else claim(work.name, date, now, by_hand=by_hand)
        if run is not None:
            outcome = attempt(work.name, work.work, date)
            ClockRun.objects.filter(pk=run.pk, attempts=run.attempts).update(
                ended_at=timezone.now(), result=outcome.result, failure=outcome.failure
            )
            done.append(outcome)
    return done


def claim(name, date, now, *, by_hand=False):
    """The run of that work for that date if it is ours to do, else None.

    Ours is a new one, one whose process died, and one that failed a while ago but not too often (by
    hand: at any time). Each is taken by one INSERT or one UPDATE, so that only one clock gets it.
    """
    run, is_new = ClockRun.objects.get_or_create(name=name, date=date, defaults={"started_at": now})
    if is_new:
        return run
    died = Q(ended_at=None, started_at__lt=now - RUN_LIMIT)
    failed = Q(ended_at__isnull=False) & ~Q(failure="")
    if not by_hand:
        failed &= Q(ended_at__lte=now - RETRY_AFTER)
    left = ClockRun.objects.filter(died | failed, pk=run.pk, attempts=run.attempts)
    if not by_hand:
        left = left.filter(attempts__lt=ATTEMPTS)
    taken = left.update(started_at=now, ended_at=None, failure="", result={}, attempts=F("attempts") + 1)
    if not taken:
        return None
    run.refresh_from_db()
    return run


def do_whole_days(date, now):
    """The work that comes by and by over a day, all of it."""
    return [
        _timed(work.name, now, lambda work=work: attempt(work.name, work.whole_day, date, now))
        for work in tick_work()
        if work.whole_day
    ]


def do_ticks(now, but=()):
    return [
        _timed(work.name, now, lambda work=work: attempt(work.name, work.work, now))
        for work in tick_work()
        if work.name not in but
    ]


def _timed(name, now, do):
    """What `do()` gives, after writing down how it went and how long it took."""
    began = monotonic()
    outcome = do()
    write_down(outcome, now, monotonic() - began)
    return outcome


def write_down(outcome, now, seconds):
    """Keep how work of each minute went last, and since when it fails if it does."""
    facts = {"at": now, "seconds": round(seconds, 3), "result": outcome.result, "failure": outcome.failure}
    facts["failing_since"] = Coalesce("failing_since", now) if outcome.failure else None
    if not LastTick.objects.filter(name=outcome.name).update(**facts):
        facts["failing_since"] = now if outcome.failure else None
        LastTick.objects.bulk_create([LastTick(name=outcome.name, **facts)], ignore_conflicts=True)


def attempt(name, work, *moments):
    """Call the work; a failure must not keep the rest of the clock's work from being done."""
    with structlog.contextvars.bound_contextvars(clock=name):
        try:
            return Done(name, work(*moments) or {})
        except Exception as problem:
            log.exception("clock_work_broke")
            words = _("It was broken off by an error (%(problem)s); the log says where.")
            return Done(name, {}, words % {"problem": type(problem).__name__})
