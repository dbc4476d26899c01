"""The pages of saved searches: kept from the register's page, listed, renamed, shared, changed, deleted."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from companies import selections
from companies.filters import BrokenSelection
from companies.forms import SelectionForm
from companies.models import SegmentationRule, Selection
from jobcenter_crm.frame.pages import CappedPaginator, back, capped_count
from jobcenter_crm.staff.discretion import note_read

SHARE = "companies.share_selection"


@require_safe
@permission_required("companies.view_selection", raise_exception=True)
def listed(request):
    """All that somebody sees, each in words and with its count. One more costs a search more, so few are on a page."""
    today = timezone.localdate()
    seen = Selection.objects.seen_by(request.user).select_related("created_by")
    page = CappedPaginator(seen, 20).get_page(request.GET.get("page"))
    told = selections.tell(page.object_list, today=today, user=request.user)
    note_read("selections", reader=request.user, colleagues={key for one in told for key in one.of_whom})
    return render(request, "companies/selections.html", {"page_obj": page, "told": told})


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.add_selection", raise_exception=True)
def add(request):
    """Keep a search under a name."""
    may_share = request.user.has_perm(SHARE)
    initial = {"search": request.GET.get("search", ""), "name": request.GET.get("name", "")[:80]}
    form = SelectionForm(request.POST if request.method == "POST" else None, may_share=may_share, initial=initial)
    if request.method == "POST" and form.is_valid():
        facts = form.cleaned_data
        data = QueryDict(facts["search"])
        if kept := _save(form, request.user, data=data, is_shared=facts.get("is_shared", False)):
            messages.success(request, _("Saved as “%(name)s”.") % {"name": kept})
            return redirect(kept)
    text = request.POST.get("search", "") if request.method == "POST" else initial["search"]
    try:
        data = selections.data_of(text)
    except BrokenSelection:
        # The form says so when it is sent.
        data = QueryDict()
    return _form(request, form, data)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.view_selection", raise_exception=True)
def edit(request, pk):
    """Rename it, share it or keep it to oneself; what it finds is changed on the register's page."""
    selection = _changeable(request, pk)
    may_share = request.user.has_perm(SHARE)
    initial = {"name": selection.name, "is_shared": selection.is_shared}
    form = SelectionForm(request.POST if request.method == "POST" else None, may_share=may_share, initial=initial)
    if request.method == "POST" and form.is_valid():
        is_shared = form.cleaned_data.get("is_shared", selection.is_shared)
        if kept := _save(form, request.user, selection=selection, is_shared=is_shared):
            messages.success(request, _("“%(name)s” is saved.") % {"name": kept})
            return back(request, "companies:selections")
    return _form(request, form, selection.data, selection)


@require_POST
@permission_required("companies.view_selection", raise_exception=True)
def keep(request, pk):
    """Let it find from now on what the register's page shows; where something is built on it, first it is said what."""
    selection, today = _changeable(request, pk), timezone.localdate()
    uses = selections.uses(selection)
    try:
        data = selections.data_of(request.POST.get("search", ""))
        if uses and "sure" not in request.POST:
            return _ask(request, selection, data, uses, today)
        selections.save(
            name=selection.name, data=data, is_shared=selection.is_shared, by=request.user, today=today,
            selection=selection,
        )  # fmt: skip
    except BrokenSelection as broken:
        messages.error(request, " ".join(broken.problems))
        return back(request, selection)
    messages.success(request, _("“%(name)s” now finds what you see here.") % {"name": selection})
    return redirect(selection)


def _ask(request, selection, data, uses, today):
    """What will follow the change. Raises `BrokenSelection` for a search that can't be saved anyway."""
    asked = selections.search(data, today=today, user=request.user)
    count = capped_count(asked.rows())
    note_read("selection_keep", reader=request.user, colleagues=asked.of_whom)
    context = {
        "selection": selection,
        "uses": uses,
        "search": selections.query_of(data),
        "words": asked.in_words(),
        "count": count,
        "rule_problems": asked.rule_problems() if any(isinstance(use, SegmentationRule) for use in uses) else [],
    }
    return render(request, "companies/selection_keep.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("companies.view_selection", raise_exception=True)
def delete(request, pk):
    """Delete it when somebody has seen which one; one that something is built on stays, and it is said what."""
    selection, status = _changeable(request, pk), 200
    uses = selections.uses(selection)
    if request.method == "POST":
        try:
            selections.delete(selection, by=request.user)
        except selections.InUse as in_use:
            uses, status = in_use.uses, 422
        else:
            messages.success(request, _("“%(name)s” is deleted.") % {"name": selection})
            return redirect("companies:selections")
    context = {"selection": selection, "uses": uses, "next": request.GET.get("next", "")}
    return render(request, "companies/selection_delete.html", context, status=status)


def _changeable(request, pk):
    """The selection; 404 for one that somebody else keeps to themselves, 403 for one they may only use."""
    selection = get_object_or_404(Selection.objects.seen_by(request.user).select_related("created_by"), pk=pk)
    if not selection.may_be_changed_by(request.user):
        raise PermissionDenied
    return selection


def _save(form, user, *, is_shared, data=None, selection=None):
    """The saved selection; None, with the form saying why, where it can't be."""
    name = form.cleaned_data["name"]
    try:
        if selection:
            return selections.rename(selection, name=name, is_shared=is_shared, by=user)
        return selections.save(name=name, data=data, is_shared=is_shared, by=user, today=timezone.localdate())
    except selections.NameTaken:
        taken = (
            _("There is a shared selection of this name already. Choose another name.")
            if is_shared
            else _("You have a selection of this name already. Choose another name.")
        )
        form.add_error("name", taken)
    except BrokenSelection as broken:
        for problem in broken.problems:
            form.add_error(None, problem)
    return None


def _form(request, form, data, selection=None):
    found = selections.search(data, today=timezone.localdate(), user=request.user)
    problems = found.problems()
    context = {
        "form": form,
        "selection": selection,
        "words": "" if problems else found.in_words(),
        "problems": problems,
        "uses": selections.uses(selection) if selection else [],
        "next": request.POST.get("next", "") or request.GET.get("next", ""),
        "opened_from": selection.get_absolute_url()
        if selection
        else f"{reverse('companies:register')}?{data.urlencode()}",
    }
    return render(request, "companies/selection_form.html", context, status=422 if form.errors else 200)
