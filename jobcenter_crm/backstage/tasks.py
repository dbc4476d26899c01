"""What the worker and the clock do for backstage itself."""

from datetime import time

from celery import shared_task
from celery.signals import beat_embedded_init, beat_init
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock, files, jobs, outbox
from jobcenter_crm.backstage.kinds import job_kind, kind_or_stand_in
from jobcenter_crm.backstage.models import StoredFile


@shared_task(ignore_result=True)
def run_job(pk):
    jobs.run(pk)


@shared_task(ignore_result=True)
def tick():
    clock.tick(timezone.now())


@beat_init.connect
@beat_embedded_init.connect
def tick_at_once(**kwargs):
    """A clock that starts does what is due now; Celery's would wait a minute for its first tick."""
    tick.apply_async(expires=55)


@job_kind(
    "backstage.undo",
    label=_("Undo"),
    counts={"restored": _("Given their earlier value back"), "left": _("Left as they are: changed since")},
)
def undo(job, progress):
    """Take back the job that this one undoes, as its kind knows how."""
    return kind_or_stand_in(job.undoes.kind).undo(job.undoes, progress)


@clock.every_tick(
    "backstage.jobs",
    label=_("Putting back work that was broken off"),
    counts={"put_back": _("put back"), "given_up": _("given up"), "queued": _("queued again")},
)
def sweep_jobs(now):
    return jobs.sweep(now)


@clock.every_tick(
    "backstage.outbox",
    label=_("Sending mail"),
    counts={"sent": _("sent"), "later": _("put off"), "given_up": _("given up"), "in_doubt": _("in doubt")},
)
def sweep_outbox(now):
    return outbox.sweep(now)


@clock.every_day(
    "backstage.sessions",
    at=time(4, 0),
    label=_("Forgetting log-ins that have ended"),
    counts={"deleted": _("forgotten")},
)
def clear_sessions(date):
    """Log-ins that have ended are forgotten."""
    deleted, _by_model = Session.objects.filter(expire_date__lt=timezone.now()).delete()
    return {"deleted": deleted}


@clock.every_day(
    "backstage.files", at=time(4, 10), label=_("Deleting files that nothing names"), counts={"deleted": _("deleted")}
)
def clear_files(date):
    """Files that no transaction kept are deleted from the disk."""
    known = StoredFile.objects.all()
    return {
        "deleted": files.clear_orphans(
            lambda names: known.filter(file__in=names).values_list("file", flat=True), timezone.now()
        )
    }
