"""From the chosen rows of a list to the act: what was chosen, what will not change and why, and the way back."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django.views.generic import ListView

from companies import bulk_drafts, listings, selections
from companies.bulk_acts import act_named
from companies.filters import BrokenSelection
from companies.forms import BasisForm
from companies.models import BulkDraft, Export
from jobcenter_crm.backstage import files, jobs
from jobcenter_crm.backstage.bulk import ROWS_AT_ONCE
from jobcenter_crm.backstage.models import Job
from jobcenter_crm.frame.addresses import numbers
from jobcenter_crm.frame.pages import CappedPages, back

# More than a page of the register can have ticked.
MOST_TICKED = 1000


@require_POST
@permission_required("companies.view_workplace", raise_exception=True)
def choose(request):
    """Put the ticked rows, or the whole result, aside, and go to the page that says what will happen to them."""
    listing = listings.listing_named(request.POST.get("list", listings.RegisterList.name))
    if listing is None:
        raise Http404
    if not request.user.has_perm(listing.permission):
        raise PermissionDenied
    try:
        query = listing.kept(selections.data_of(request.POST.get("query", "")))
    except BrokenSelection as broken:
        return _say(request, " ".join(broken.problems), listing.url(""))
    here = listing.url(query)
    act = act_named(request.POST.get("act", ""))
    if act is None:
        return _say(request, _("Say what is to be done with them: press a button of the bar."), here)
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    ticked = None if request.POST.get("all") else _ticked(request.POST)
    if ticked == []:
        return _say(request, _("Tick the workplaces first, or choose the whole list."), here)
    try:
        draft = bulk_drafts.put_aside(
            act, by=request.user, query=query, today=timezone.localdate(), ticked=ticked, listing=listing
        )
    except BrokenSelection as broken:
        return _say(request, " ".join([_("The filter can't be read."), *broken.problems]), here, messages.ERROR)
    return redirect(draft)


def _ticked(data):
    return numbers(data.getlist("row")[:MOST_TICKED])


def _say(request, words, to, level=messages.INFO):
    messages.add_message(request, level, words)
    return redirect(to)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request, key):
    """How many rows, a sample, which will not change and why; sending the form acts on exactly those."""
    draft = get_object_or_404(BulkDraft.objects.of(request.user).select_related("selection"), key=key)
    act = act_named(draft.act)
    if act is None:
        raise Http404
    if not request.user.has_perm(act.permission):
        raise PermissionDenied
    chosen, counts = bulk_drafts.workplaces(draft), bulk_drafts.counts(draft)
    data = request.POST if request.method == "POST" else None
    form = act.form(data, workplaces=chosen, user=request.user) if act.form else None
    may_state = act.is_contact and counts["protected"] and request.user.has_perm("companies.reach_protected")
    basis = BasisForm(data) if may_state else None
    asked = [one for one in (form, basis) if one is not None]
    # Each of them is asked, so that all errors are shown at once.
    faulty = [one for one in asked if data is not None and not one.is_valid()]
    if data is not None and not faulty:
        stated = basis.stated if basis else ""
        return _carry_out(request, act, draft, chosen, answer=form.cleaned_data if form else {}, basis=stated)
    counts["taken"] = counts["open"] if act.is_contact else counts["standing"]
    return render(
        request,
        "companies/bulk.html",
        {
            "act": act,
            "draft": draft,
            "list_url": listings.url_of(draft),
            "counts": counts,
            "form": form,
            "basis": basis,
            "sample": [
                (one, act.now(one) if act.now else "") for one in bulk_drafts.sample(draft, only_open=act.is_contact)
            ],
        },
        status=422 if data is not None else 200,
    )


def _carry_out(request, act, draft, chosen, *, answer, basis):
    if act.is_contact and not basis:
        chosen = chosen.open_to_outreach()
    deed = {"draft": draft, "workplaces": chosen, "answer": answer, "by": request.user, "basis": basis}
    if act.is_done_once:
        with transaction.atomic():
            if not BulkDraft.objects.filter(pk=draft.pk, done_at=None).update(done_at=timezone.now()):
                return _say(request, _("This has been done already."), listings.url_of(draft))
            outcome = act.carry_out(**deed)
    else:
        outcome = act.carry_out(**deed)
    if isinstance(outcome, HttpResponseBase):
        return outcome
    if isinstance(outcome, Job):
        return _run(request, act, outcome, draft, chosen)
    if outcome is None:
        return _say(request, _("All the chosen workplaces are so already."), listings.url_of(draft))
    undo = f"undo:{outcome.undo_url}" if outcome.undo_url else ""
    messages.success(request, outcome.words, extra_tags=undo)
    return redirect(listings.url_of(draft))


def _run(request, act, job, draft, chosen):
    """Do a small job here and now, and say what came of it; a large one has a page of its own."""
    if job.total > ROWS_AT_ONCE:
        jobs.queue_on_commit(job.pk)
        return redirect(job)
    same = chosen.count() - job.total
    jobs.run(job.pk)
    job.refresh_from_db()
    if job.state != Job.State.DONE:
        return redirect(job)
    changed, left = job.counts["changed"], job.counts["left"]
    said = [act.done % {"n": changed}]
    if same > 0:
        said.append(ngettext("%(n)s was so already.", "%(n)s were so already.", same) % {"n": same})
    said += _left(left)
    undo = reverse("companies:bulk_undo", args=[job.pk])
    messages.success(request, " ".join(said), extra_tags=f"undo:{undo}" if changed else "")
    return redirect(listings.url_of(draft))


def _left(left):
    if not left:
        return []
    words = ngettext(
        "%(n)s was left: somebody has changed it since.", "%(n)s were left: somebody has changed them since.", left
    )
    return [words % {"n": left}]


@require_POST
def undo(request, pk):
    """Take back what was just done, from the line at the foot."""
    job = get_object_or_404(Job.objects.visible_to(request.user).for_job_page(), pk=pk)
    if not job.may_be_decided_by(request.user):
        raise PermissionDenied
    is_small = job.total is not None and job.total <= ROWS_AT_ONCE
    try:
        undoing = jobs.undo(job, by=request.user, queue_it=not is_small)
    except jobs.NotPossible:
        return _say(request, _("There is nothing to undo here, or somebody else was faster."), job.get_absolute_url())
    if not is_small:
        return redirect(undoing)
    jobs.run(undoing.pk)
    undoing.refresh_from_db()
    if undoing.state != Job.State.DONE:
        return redirect(undoing)
    restored, left = undoing.counts["restored"], undoing.counts["left"]
    said = [ngettext("%(n)s workplace changed back.", "%(n)s workplaces changed back.", restored) % {"n": restored}]
    messages.success(request, " ".join(said + _left(left)))
    return back(request, "companies:register")


class Exports(PermissionRequiredMixin, CappedPages, ListView):
    """What was taken out as Excel: by whom, when, which search, how many, on what basis."""

    permission_required = "companies.view_export"
    template_name = "companies/exports.html"
    paginate_by = 50
    context_object_name = "exports"

    def get_queryset(self):
        return Export.objects.written().for_page()


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
def export(request, pk):
    """The file that was written in the background, for whoever ordered it."""
    made = get_object_or_404(Export.objects.filter(by=request.user, file__isnull=False).select_related("file"), pk=pk)
    return files.hand_out(made.file)
