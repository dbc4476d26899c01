"""The page of a background job, and the health of the whole."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jobcenter_crm.backstage import jobs, pulse
from jobcenter_crm.backstage.models import Job


@login_not_required
@never_cache
@require_safe
def health(request):
    """For whoever watches over the installation: 200 when database, worker and clock live, else 503."""
    report = pulse.health(timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "well" else 503)


def get_job(request, pk):
    """The job, if this person may see it; otherwise it does not exist."""
    return get_object_or_404(Job.objects.visible_to(request.user).for_job_page(), pk=pk)


@never_cache
@require_safe
def job(request, pk):
    """How far a job is and how it ended; only that part when htmx asks for news."""
    job = get_job(request, pk)
    template = "backstage/_job.html" if request.htmx else "backstage/job.html"
    page = render(request, template, {"job": job, "may_decide": job.may_be_decided_by(request.user)})
    if request.htmx and not job.is_under_way and job.result_url == request.htmx.current_url_abs_path:
        # The page that waits for it is the one that has the outcome.
        page["HX-Refresh"] = "true"
    return page


@require_POST
def undo(request, pk):
    """Order that the job be taken back, and show how that goes."""
    job = get_job(request, pk)
    if not job.may_be_decided_by(request.user):
        raise PermissionDenied
    try:
        return redirect(jobs.undo(job, by=request.user))
    except jobs.NotPossible:
        messages.info(request, _("There is nothing to undo here, or somebody else was faster."))
        return redirect(job)


@require_POST
def retry(request, pk):
    """Let a failed job try again."""
    job = get_job(request, pk)
    if not job.may_be_decided_by(request.user):
        raise PermissionDenied
    try:
        jobs.retry(job, by=request.user)
    except jobs.NotPossible:
        messages.info(request, _("This job has not failed, so there is nothing to try again."))
    return redirect(job)
