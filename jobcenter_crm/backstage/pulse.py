"""Signs of life of the worker and the clock, and what `/health/` makes of them.

They follow from what Celery itself signals: a worker's main process beats while it is connected to its
broker, also when all its hands are busy with long jobs; the clock beats when the broker has taken a tick.
"""

from datetime import timedelta
from time import monotonic

import structlog
from celery.signals import after_task_publish, heartbeat_sent
from django.db import DatabaseError, connection
from django.utils import timezone

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
    except DatabaseError as problem:
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


def health(now):
    """What `/health/` tells: database, worker and clock, with ages in seconds. Never raises, names no secret."""
    try:
        beats = dict(Pulse.objects.values_list("name", "beat_at"))
    except DatabaseError:
        return {"status": "unwell", "database": "unreachable"}
    report = {"status": "well", "database": "ok"}
    for name, limit in LIMITS.items():
        age = now - beats[name] if name in beats else None
        report[name] = "never" if age is None else "ok" if age <= limit else "late"
        report[f"{name}_age_seconds"] = None if age is None else max(0, round(age.total_seconds()))
        if report[name] != "ok":
            report["status"] = "unwell"
    return report
