"""The background work of the register: files that were uploaded, the nightly refresh, corrections and rules in bulk."""

from datetime import time

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies import (
    bulk_changes,  # noqa: F401 - its kinds of bulk work are known as soon as it is read
    bulk_correction,  # noqa: F401 - as above
    bulk_drafts,
    exports,
    segmentation,  # noqa: F401 - as above
)
from companies.models import RegisterImport
from companies.register import nightly, runs
from companies.register.readers import Unusable
from companies.register.reasons import sentence
from jobcenter_crm.backstage import clock
from jobcenter_crm.backstage.kinds import JobFailed, job_kind

READ = "companies.read_register"
TAKE_IN = "companies.import_register"
_COUNTS = {
    "new": pgettext_lazy("rows of a file", "new"),
    "changed": pgettext_lazy("rows of a file", "changed"),
    "ceased": pgettext_lazy("rows of a file", "ceased"),
    "unchanged": pgettext_lazy("rows of a file", "unchanged"),
}


def _page(job):
    return reverse("companies:import", args=[job.arguments["import"]])


@job_kind(READ, label=_("Reading a register file"), counts=_COUNTS, result=_page)
def read(job, progress):
    """Find out what taking the file in would do; changes nothing of the register."""
    runs.preview(_import_of(job), today=timezone.localdate(), progress=progress)


@job_kind(TAKE_IN, label=_("Taking in a register file"), counts=_COUNTS, result=_page)
def take_in(job, progress):
    """Write what was previewed; goes on where a run that died has come to."""
    try:
        runs.apply(_import_of(job), today=timezone.localdate(), progress=progress)
    except Unusable as unusable:
        raise JobFailed(sentence(unusable.reason, unusable.details)) from unusable


@job_kind(
    nightly.JOB,
    label=_("Taking in a delivery of the register"),
    counts=_COUNTS,
    result=_page,
    permission="companies.import_register",
)
def take_in_delivery(job, progress):
    """Fetch, read and take in what the feed has delivered."""
    try:
        nightly.take(_import_of(job), feed=job.arguments["feed"], today=timezone.localdate(), progress=progress)
    except Unusable as unusable:
        raise JobFailed(sentence(unusable.reason, unusable.details)) from unusable


job_kind(
    exports.KIND,
    label=_("Writing an Excel file"),
    counts={"rows": _("Rows"), "left_out": _("Left out")},
    result=exports.page,
    permission="companies.export_workplaces",
)(exports.work)


@clock.every_day(
    "companies.bulk_drafts",
    at=time(4, 20),
    label=_("Forgetting what was chosen for a bulk act and not used, and old downloads"),
    counts={"drafts": _("choices forgotten"), "files": _("files deleted")},
)
def forget_drafts(date):
    """Rows that somebody chose and did nothing with, and files that have lain long enough."""
    now = timezone.now()
    return {"drafts": bulk_drafts.forget(now), "files": exports.let_go(now)}


@clock.every_day(
    "companies.imports",
    at=time(4, 20),
    label=_("Deleting files that nobody took in"),
    counts={"files": _("files deleted")},
)
def forget_files(date):
    """Files that were previewed and left, or whose taking in failed, 30 days after they came."""
    return {"files": runs.let_go(timezone.now())}


@clock.every_day("companies.feed", at=time(2, 30), label=_("Taking in the nightly files of the register"))
def refresh(date):
    """Order what the feeds have that is new. In a day done by hand it is taken in by now, and told."""
    return nightly.order_new() | nightly.report(timezone.now())


@clock.every_tick("companies.feed_report", label=_("Telling how the nightly files went"))
def report_refresh(now):
    return nightly.report(now)


def _import_of(job):
    return RegisterImport.objects.select_related("file").get(pk=job.arguments["import"])
