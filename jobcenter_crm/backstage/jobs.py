"""Background jobs: ordered by a page, run by a worker, resumed after a lost one.

What a kind of work is stands in `kinds.py`; how bulk work keeps its exact rows in `bulk.py`.
"""

import threading
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from time import monotonic

import structlog
from celery import current_app
from django.conf import settings
from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from jobcenter_crm.backstage.kinds import JobFailed, kind_of, kind_or_stand_in
from jobcenter_crm.backstage.models import Job

# A job that lost its worker this often is itself what kills them.
ATTEMPTS = 5
# Seconds between two writes of the progress outside a saving, and between two renewals by `beating`.
TELL_EVERY = 1
BEAT_EVERY = 10

log = structlog.get_logger(__name__)

_in_this_process = ContextVar("jobs_in_this_process", default=False)


class JobLost(Exception):
    """Another worker has taken the job over; this one must stop, and may not say how it ended."""


class NotPossible(Exception):
    """The job is not in a state from which it can be undone or tried again (any more)."""


@transaction.atomic
def start(kind, *, by, arguments=None, total=None, undoes=None, queue_it=True):
    """Order work of a registered kind in the caller's transaction; a worker hears of it on commit.

    `arguments` must be JSON without personal data. `by` is None for the clock and for commands. With
    `queue_it=False` the caller runs it (`run(job.pk)`) in its own process. Raises `UnknownKind`.
    """
    kind_of(kind)
    job = Job.objects.create(kind=kind, arguments=arguments or {}, total=total, created_by=by, undoes=undoes)
    if queue_it:
        queue_on_commit(job.pk)
    return job


def queue_on_commit(pk):
    transaction.on_commit(partial(run if _in_this_process.get() else queue, pk))


@contextmanager
def in_this_process():
    """What is ordered within is done here, as soon as its order is committed: there may be no worker."""
    before = _in_this_process.set(True)
    try:
        yield
    finally:
        _in_this_process.reset(before)


def queue(pk):
    """Tell a worker about the job.

    Whatever is wrong with the broker, the job waits in the database and the clock tells again: the page
    that ordered it has committed, and must not end in an error.
    """
    try:
        current_app.send_task("jobcenter_crm.backstage.tasks.run_job", args=[pk], ignore_result=True)
    except Exception as problem:
        log.warning("job_not_queued", job=pk, problem=type(problem).__name__)


@transaction.atomic
def retry(job, *, by):
    """Let a failed job try again from its start; raises `NotPossible` if it has not failed."""
    put_back = Job.objects.filter(pk=job.pk, state=Job.State.FAILED).update(
        state=Job.State.WAITING, attempts=0, failure="", ended_at=None, queued_at=timezone.now()
    )
    if not put_back:
        raise NotPossible
    log.info("job_retried", job=job.pk, by=by.pk)
    queue_on_commit(job.pk)


@transaction.atomic
def undo(job, *, by, queue_it=True):
    """Order that an ended job be taken back; returns the job that does so, whose counts say what it left.

    Raises `NotPossible` if the kind knows no way back, or if the job is not ended, or undone already.
    """
    if kind_or_stand_in(job.kind).undo is None:
        raise NotPossible
    taken = Job.objects.undoable().filter(pk=job.pk)
    if not taken.update(state=Job.State.UNDONE, undone_at=timezone.now(), undone_by=by):
        raise NotPossible
    job.refresh_from_db()
    return start("backstage.undo", by=by, undoes=job, queue_it=queue_it)


def run(pk):
    """Do the job in this process, if it still waits; returns whether it did.

    Whatever the work raises ends up in words on the job. A lost database connection ends nothing: the
    job is left as a dead worker would have left it, and the clock puts it back.
    """
    job = take(pk)
    if job is None:
        return False
    progress = Progress(job)
    with structlog.contextvars.bound_contextvars(job=job.pk, kind=job.kind), translation.override(language_of(job)):
        log.info("job_taken", attempt=job.attempts)
        try:
            progress.end(**_outcome(job, progress))
        except JobLost:
            log.warning("job_lost_to_another_worker")
        except (OperationalError, InterfaceError) as problem:
            log.error("job_lost_the_database", exc_info=problem)
            connection.close()
    return True


def _outcome(job, progress):
    try:
        counts = kind_or_stand_in(job.kind).work(job, progress)
    except JobFailed as failure:
        log.info("job_failed")
        return {"state": Job.State.FAILED, "failure": str(failure) or _("The work could not be done.")}
    except (JobLost, OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("job_broke")
        return {
            "state": Job.State.FAILED,
            "failure": _("Something went wrong that nobody foresaw. Tell support the number of this job: %(job)s.")
            % {"job": job.pk},
        }
    if counts is not None:
        progress.counts = counts
    log.info("job_done")
    return {"state": Job.State.DONE}


@transaction.atomic
def take(pk):
    """Make a waiting job ours by one UPDATE; None if it no longer waits."""
    now = timezone.now()
    taken = (
        Job.objects.waiting()
        .filter(pk=pk)
        .update(
            state=Job.State.RUNNING,
            attempts=F("attempts") + 1,
            started_at=Coalesce("started_at", now),
            heartbeat_at=now,
        )
    )
    return Job.objects.for_job_page().get(pk=pk) if taken else None


class Progress:
    """How a running job tells how far it is, and how it makes sure that it is still its own.

    A job belongs to whoever took it last: each write names the attempt it was made in, and one that
    finds the job in other hands raises `JobLost`. So a worker that was only slow (a machine asleep)
    can neither write rows within `saving()` nor an end over those of the worker that came after it.
    """

    def __init__(self, job):
        self.done, self.total, self.counts = job.done, job.total, dict(job.counts)
        self._mine = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING, attempts=job.attempts)
        self._told_at = monotonic()
        self._saving = False
        self._lost = False

    def __call__(self, done=None, total=None, counts=None):
        """Set what is given; written at most once a second, or with the saving that it happens in."""
        if total is not None:
            self.total = total
        if done is not None:
            self.done = done
        if counts is not None:
            self.counts = counts
        if not self._saving and monotonic() - self._told_at >= TELL_EVERY:
            self._write()

    @contextmanager
    def saving(self):
        """One transaction of the work, with the progress made in it: all of it is saved, or nothing.

        It begins with the write on the job's row, which also locks the row: until it is committed
        nobody can take the job over, and if somebody has, nothing of it happens (`JobLost`).
        """
        before = self.done, self.total, dict(self.counts)
        try:
            with transaction.atomic(durable=True):
                self._saving = True
                self._write()
                yield self
                self._write()
        except BaseException:
            self.done, self.total, self.counts = before
            raise
        finally:
            self._saving = False

    @contextmanager
    def beating(self):
        """Renew the heartbeat from a thread while a long step can't; raises `JobLost` after it if the job is gone."""
        stop = threading.Event()
        thread = threading.Thread(target=self._beat_until, args=[stop], name="heartbeat", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            stop.set()
            thread.join()
        if self._lost:
            raise JobLost

    def end(self, *, state, failure=""):
        self._write(state=state, failure=failure, ended_at=timezone.now())

    def _write(self, **more):
        if self.total is not None:
            self.total = max(self.total, self.done)
        now = timezone.now()
        if not self._mine.update(done=self.done, total=self.total, counts=self.counts, heartbeat_at=now, **more):
            raise JobLost
        self._told_at = monotonic()

    def _beat_until(self, stop):
        try:
            while not stop.wait(BEAT_EVERY):
                try:
                    self._lost = not self._mine.update(heartbeat_at=timezone.now())
                except DatabaseError:
                    # On SQLite the step itself may hold the lock; nobody else can take the job meanwhile.
                    connection.close()
                if self._lost:
                    return
        finally:
            connection.close()


def sweep(now):
    """Put back what lost its worker and tell the workers again what lost its place in the queue; harmless twice.

    Returns counts: put back, given up, queued again.
    """
    counts = {"put_back": 0, "given_up": 0, "queued": 0}
    for job in Job.objects.orphaned(now).select_related("created_by"):
        orphan = Job.objects.orphaned(now).filter(pk=job.pk, attempts=job.attempts)
        if job.attempts >= ATTEMPTS:
            counts["given_up"] += orphan.update(
                state=Job.State.FAILED, failure=given_up_in_words(job), ended_at=timezone.now()
            )
        elif orphan.update(state=Job.State.WAITING, queued_at=now):
            counts["put_back"] += 1
            queue(job.pk)
    for pk in Job.objects.unheard_of(now).order_by("pk").values_list("pk", flat=True):
        if Job.objects.unheard_of(now).filter(pk=pk).update(queued_at=now):
            counts["queued"] += 1
            queue(pk)
    if any(counts.values()):
        log.warning("jobs_swept", **counts)
    return counts


def given_up_in_words(job):
    with translation.override(language_of(job)):
        return _("The work was broken off %(times)s times without coming to its end. What it had saved is kept.") % {
            "times": job.attempts
        }


def language_of(job):
    """That of the person who ordered it."""
    return (job.created_by.language if job.created_by else "") or settings.LANGUAGE_CODE
