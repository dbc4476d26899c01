"""The background work of the register: reading a file that was uploaded, and taking it in."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.models import RegisterImport
from companies.register import runs
from companies.register.readers import Unusable
from companies.register.reasons import sentence
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


def _import_of(job):
    return RegisterImport.objects.select_related("file").get(pk=job.arguments["import"])
