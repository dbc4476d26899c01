"""Whom to call about what: the colleagues of a workplace, noted and ended on the card."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from companies import merging
from companies.models import Workplace
from contacts import whom_to_call
from contacts.actions import NotNow
from contacts.handover_forms import ColleagueRoleForm
from contacts.models import ColleagueRole
from jobcenter_crm.frame.pages import back


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("contacts.add_colleaguerole", raise_exception=True)
def add_colleague(request, workplace_pk):
    """Note who opened the door, who is the daily contact, or who knows a matter; an earlier one ends with it."""
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), workplace_pk)
    data = request.POST if request.method == "POST" else None
    initial = {"role": ColleagueRole.Role.DAILY, "colleague": request.user.pk}
    form = ColleagueRoleForm(data, today=timezone.localdate(), initial=initial)
    if data is not None and form.is_valid():
        try:
            noted = whom_to_call.give(workplace=workplace, by=request.user, **form.cleaned_data)
        except NotNow as not_now:
            form.add_error(None, str(not_now))
        else:
            messages.success(request, _("Noted: %(what)s.") % {"what": noted})
            return back(request, workplace)
    context = {
        "form": form,
        "workplace": workplace,
        "title": _("Whom to call about what"),
        "next": request.POST.get("next") or request.GET.get("next", ""),
    }
    return render(request, "contacts/form.html", context, status=422 if form.errors else 200)


@require_POST
@permission_required("contacts.change_colleaguerole", raise_exception=True)
def end_colleague(request, pk):
    """Say that a colleague is it no longer; the line at the foot takes that back."""
    role = get_object_or_404(ColleagueRole.objects.current().select_related("workplace", "colleague"), pk=pk)
    whom_to_call.end(role=role, by=request.user)
    undo = reverse("contacts:colleague_again", args=[role.pk])
    messages.success(request, _("No longer: %(what)s.") % {"what": role}, extra_tags=f"undo:{undo}")
    return back(request, role.workplace)


@require_POST
@permission_required("contacts.change_colleaguerole", raise_exception=True)
def colleague_again(request, pk):
    """Take the end back."""
    role = get_object_or_404(ColleagueRole.objects.select_related("workplace", "colleague"), pk=pk)
    try:
        whom_to_call.reopen(role=role, by=request.user)
        messages.success(request, _("Noted: %(what)s.") % {"what": role})
    except NotNow as not_now:
        messages.error(request, str(not_now))
    return back(request, role.workplace)
