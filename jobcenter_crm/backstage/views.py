"""The page of a background job, and the health of the whole."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required, permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from django.views.generic import View

from jobcenter_crm.backstage import jobs, outbox, pulse, watch
from jobcenter_crm.backstage.forms import SettleMailForm
from jobcenter_crm.backstage.models import Job, Message
from jobcenter_crm.frame.pages import CappedPaginator, back

MESSAGES_SHOWN = 20


@login_not_required
@never_cache
@require_safe
def health(request):
    """For whoever watches over the installation: 200 when database, worker and clock live, else 503."""
    report = pulse.health(timezone.now())
    return JsonResponse(report, status=200 if report["status"] == "well" else 503)


@never_cache
@require_safe
@permission_required("backstage.view_clockrun", raise_exception=True)
def clock(request):
    """Whether all that should run by itself does: the clock's work, its processes, the mail, and the jobs."""
    now = timezone.now()
    page = CappedPaginator(Message.objects.unsettled().order_by("-created_at", "-pk"), MESSAGES_SHOWN)
    context = {
        "now": now,
        "processes": pulse.processes(now),
        "daily": watch.daily(now),
        "each_minute": watch.each_minute(now),
        "mail": watch.mail(now),
        "jobs": watch.jobs(now),
        "page_obj": page.get_page(request.GET.get("page")),
    }
    context["wrong"] = [seen for seen in [*context["daily"], *context["each_minute"]] if seen.is_wrong]
    context["silent"] = [process for process in context["processes"] if process.state != "ok"]
    context["is_well"] = not (context["wrong"] or context["silent"] or context["mail"].is_stuck)
    return render(request, "backstage/clock.html", context)


@require_POST
@permission_required("backstage.resend_message", raise_exception=True)
def resend(request, pk):
    """Put a message that was given up, or is in doubt, back in the queue; one that a later one has replaced is set aside."""
    message = get_object_or_404(Message, pk=pk)
    if message.resend(by=request.user):
        messages.success(request, _("The message is sent again within a minute."))
    elif message.set_aside():
        messages.success(request, _("A later mail says what holds now, so this one is set aside and not sent again."))
    else:
        messages.info(request, _("Somebody else was faster: it is neither given up nor in doubt any more."))
    return back(request, "backstage:clock")


class UnsettledMail(PermissionRequiredMixin, View):
    """All mail that was given up or is in doubt, as so many of each with a sample: sent again, or dropped, at once."""

    permission_required = "backstage.resend_message"

    def get(self, request):
        found = [outbox.Unsettled(state) for state in (Message.State.IN_DOUBT, Message.State.FAILED)]
        return render(request, "backstage/unsettled_mail.html", {"unsettled": [one for one in found if one.count]})

    def post(self, request):
        form = SettleMailForm(request.POST)
        try:
            count = outbox.settle_all(**form.cleaned_data, by=request.user) if form.is_valid() else None
        except outbox.Changed:
            count = None
        if count is None:
            messages.info(
                request, _("Something has changed meanwhile, so nothing was done. This is how it stands now.")
            )
            return redirect("backstage:unsettled_mail")
        if not count:
            messages.info(request, _("Later mails say what holds now, so none of these is sent again."))
            return redirect("backstage:clock")
        if form.cleaned_data["act"] == "drop":
            said = ngettext("%(n)s message is never sent.", "%(n)s messages are never sent.", count)
        else:
            said = ngettext(
                "%(n)s message is sent again within a minute.", "%(n)s messages are sent again within minutes.", count
            )
        messages.success(request, said % {"n": count})
        return redirect("backstage:clock")


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
