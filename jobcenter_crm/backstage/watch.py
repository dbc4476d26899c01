"""Whether all that should have run has run: for the page of the clock, and for `/health/`.

Nothing here writes, and nothing is guessed from silence: what is due follows from the wall clock, as the clock
itself reads it, and what was done from what it wrote down.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Min, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from jobcenter_crm.backstage import clock
from jobcenter_crm.backstage.models import ClockRun, Job, LastTick, Message
from jobcenter_crm.backstage.querysets import QUEUE_LIMIT

# So long after its hour the daily work may still be waiting or under way.
GRACE = timedelta(minutes=20)
# The clock ticks each minute; a tick may take a while to come to the last of its work.
TICK_LIMIT = timedelta(minutes=5)
# Runs of the clock that are looked at.
MONTH = timedelta(days=31)
# Mail that has waited so long for its turn shows that something is wrong with sending.
MAIL_LIMIT = timedelta(hours=1)

OK, TO_COME, UNDER_WAY, LATE, FAILED, NEVER = "ok", "to_come", "under_way", "late", "failed", "never"
# What somebody should look at.
WRONG = (LATE, FAILED, NEVER)


@dataclass(frozen=True)
class Seen:
    """One piece of the clock's work as it stands.

    `run` is its last one, a `ClockRun` or a `LastTick`, None before the first; `missed` the day without a run that
    should have had one.
    """

    work: object
    state: str
    run: object = None
    missed: date | None = None

    @property
    def is_wrong(self):
        return self.state in WRONG

    @property
    def figures(self):
        """What the last run counted, as (words, number) pairs; nothing is left out but noughts."""
        counted = self.run.result if self.run else {}
        return [(words, counted[key]) for key, words in self.work.counts.items() if counted.get(key)]

    @property
    def seconds(self):
        """How long the last run took; None while it is not known."""
        if isinstance(self.run, LastTick):
            return self.run.seconds
        ended = self.run and self.run.ended_at
        return (ended - self.run.started_at).total_seconds() if ended else None


def daily(now):
    """How each piece of daily work stands, in the order of the day; one statement, of the runs of a month."""
    today = timezone.localdate(now)
    # Not those of a day to come, which somebody may have done by hand.
    runs = ClockRun.objects.filter(date__range=(today - MONTH, today))
    newest = {run.name: run for run in runs.order_by("date")}
    return [_day_seen(work, newest.get(work.name), now, is_new=not newest) for work in clock.daily_work()]


def _day_seen(work, run, now, *, is_new):
    local = timezone.localtime(now)
    due_at = timezone.make_aware(datetime.combine(local.date(), work.at))
    is_due = local.time() >= work.at
    # Before its hour, yesterday's is the one that must be there.
    expected = local.date() if is_due else local.date() - timedelta(days=1)
    if run and run.date >= expected:
        if not run.ended_at:
            is_slow = now - run.started_at > clock.RUN_LIMIT
            return Seen(work, LATE if is_slow else UNDER_WAY, run)
        return Seen(work, FAILED if run.failure else OK, run)
    if is_due and now - due_at <= GRACE:
        return Seen(work, TO_COME, run)
    if run is None and not is_due:
        # New here: nobody missed what came before its first day.
        return Seen(work, TO_COME)
    if is_new:
        return Seen(work, NEVER)
    return Seen(work, LATE, run, missed=expected)


def each_minute(now):
    """How each piece of the work of every minute stands; one statement."""
    last = LastTick.objects.in_bulk()
    return [_tick_seen(work, last.get(work.name), now) for work in clock.tick_work()]


def _tick_seen(work, run, now):
    if run is None:
        return Seen(work, NEVER)
    if now - run.at > TICK_LIMIT:
        return Seen(work, LATE, run)
    return Seen(work, FAILED if run.failure else OK, run)


@dataclass(frozen=True)
class Mail:
    """How many messages wait, were given up, and are in doubt, and since when the longest waiting has been due."""

    waiting: int
    failed: int
    in_doubt: int
    oldest: datetime | None
    is_stuck: bool

    @property
    def unsettled(self):
        """Those that a person has to decide about."""
        return self.failed + self.in_doubt


def mail(now):
    """How the mail stands; one statement."""
    state = Message.State
    told = Message.objects.exclude(state__in=[state.SENT, state.REPLACED]).aggregate(
        waiting=Count("pk", filter=Q(state__in=[state.WAITING, state.SENDING])),
        failed=Count("pk", filter=Q(state=state.FAILED, dropped_at=None)),
        in_doubt=Count("pk", filter=Q(state=state.IN_DOUBT, dropped_at=None)),
        oldest=Min(Coalesce("resent_at", "created_at"), filter=Q(state=state.WAITING)),
    )
    return Mail(**told, is_stuck=bool(told["oldest"]) and now - told["oldest"] > MAIL_LIMIT)


def jobs(now):
    """How many jobs wait, wait too long for a worker, run, and failed within a week; one statement."""
    state = Job.State
    recent = Q(state=state.FAILED, ended_at__gte=now - timedelta(days=7))
    return Job.objects.filter(Q(state__in=[state.WAITING, state.RUNNING]) | recent).aggregate(
        waiting=Count("pk", filter=Q(state=state.WAITING)),
        unheard=Count("pk", filter=Q(state=state.WAITING, queued_at__lt=now - 2 * QUEUE_LIMIT)),
        running=Count("pk", filter=Q(state=state.RUNNING)),
        failed=Count("pk", filter=recent),
    )
