"""Signs of life of the worker and the clock, and what `/health/` makes of them and of what `watch` sees.

They follow from what Celery itself signals: a worker's main process beats while it is connected to its
broker, also when all its hands are busy with long jobs; the clock beats when the broker has taken a tick.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic

import structlog
from celery.signals import after_task_publish, heartbeat_sent
from django.db import Error, connection
from django.utils import timezone

from jobcenter_crm.backstage import watch
from jobcenter_crm.backstage.models import Pulse

WORKER, CLOCK = "worker", "clock"
# A worker beats each 15 seconds, the clock each minute; older than this is too late.
LIMITS = {WORKER: timedelta(minutes=1), CLOCK: timedelta(minutes=3)}
WORKER_BEATS_EVERY = 15

log = structlog.get_logger(__name__)
_last_beat = {}


def beat(name):
    """Write that the process of that name lives, in one statement."""
    Pulse.objects.bulk_create(
        [Pulse(name=name, beat_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["beat_at"],
    )


def beat_between_tasks(name):
    """The same from a process of Celery's own: whatever the database says, that process must go on.

    It keeps no connection: it forks the processes that do the work, and they must not inherit one.
    """
    try:
        beat(name)
    except Error as problem:
        log.warning("pulse_not_written", pulse=name, problem=type(problem).__name__)
    finally:
        connection.close()


@heartbeat_sent.connect
def worker_lives(**kwargs):
    """Celery's worker says every other second that it is connected to its broker."""
    if monotonic() - _last_beat.get(WORKER, -WORKER_BEATS_EVERY) >= WORKER_BEATS_EVERY:
        _last_beat[WORKER] = monotonic()
        beat_between_tasks(WORKER)


@after_task_publish.connect(sender="jobcenter_crm.backstage.tasks.tick")
def clock_lives(**kwargs):
    """Only the clock publishes ticks."""
    beat_between_tasks(CLOCK)


@dataclass(frozen=True)
class Process:
    """Worker or clock: "ok", "late" or "never", and how many seconds ago it beat, None before the first time."""

    name: str
    state: str
    age: int | None
    beat_at: datetime | None


def processes(now):
    """How worker and clock are; one statement."""
    return list(_processes(dict(Pulse.objects.values_list("name", "beat_at")), now))


def _processes(beats, now):
    for name, limit in LIMITS.items():
        age = now - beats[name] if name in beats else None
        state = "never" if age is None else "ok" if age <= limit else "late"
        yield Process(name, state, None if age is None else max(0, round(age.total_seconds())), beats.get(name))


def health(now):
    """What `/health/` tells: database, worker and clock, with ages in seconds, scheduled work, and mail.

    Unwell is what should live and does not, and what should have run and has not. Mail that was given up or is in
    doubt is told, but asks for a person, not for an alarm. Never raises, names no secret.
    """
    try:
        beats = dict(Pulse.objects.values_list("name", "beat_at"))
        wrong = [seen.work.name for seen in [*watch.daily(now), *watch.each_minute(now)] if seen.is_wrong]
        mail = watch.mail(now)
    except Error:
        return {"status": "unwell", "database": "unreachable"}
    report = {"status": "unwell" if wrong or mail.is_stuck else "well", "database": "ok"}
    for process in _processes(beats, now):
        report[process.name] = process.state
        report[f"{process.name}_age_seconds"] = process.age
        if process.state != "ok":
            report["status"] = "unwell"
    return report | {
        "scheduled": "late" if wrong else "ok",
        "scheduled_late": wrong,
        "mail": "stuck" if mail.is_stuck else "ok",
        "mail_waiting": mail.waiting,
        "mail_failed": mail.failed,
        "mail_in_doubt": mail.in_doubt,
    }
