"""The page for the committee: what it is to be of, and the PDF."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobcenter_crm.backstage.files import show_pdf
from jobcenter_crm.desk.dashboard import committee, targets
from jobcenter_crm.desk.dashboard.pages import VIEW
from jobcenter_crm.staff import discretion


def _form(request):
    return committee.CommitteeForm(request.GET, user=request.user, today=timezone.localdate())


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def choose(request):
    """Which quarter, in which language; at which workplaces comes with the address."""
    form = _form(request)
    return _choose(request, form, 200 if form.is_valid() else 400)


def _choose(request, form, status):
    return render(request, "desk/committee.html", {"form": form, "is_readable": form.is_valid()}, status=status)


@require_safe
@permission_required(VIEW, raise_exception=True)
def paper(request):
    """One page of A4; where the address can't be read no PDF is made, and the form says why."""
    form = _form(request)
    if not form.is_valid():
        return _choose(request, form, 400)
    discretion.note_read("committee", reader=request.user, colleagues=form.of_whom)
    with translation.override(form.cleaned_data["lang"]):
        rows = _targets(form, request.user)
    pdf = committee.make(form, reader=request.user, now=timezone.now(), targets=rows)
    return show_pdf(pdf, committee.file_name(form))


def _targets(form, reader):
    """The open targets of the same places, as of today, in the language of the page."""
    found = targets.for_dashboard(form.asked(), reader)
    return [committee.target_row(one) for one in (found.progress if found else [])]
