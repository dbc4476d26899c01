"""The register, and what people set on a workplace. The card itself shows several apps and lives in `desk`."""

import re

from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.contrib.messages.views import SuccessMessageMixin
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from django.views.generic import FormView, ListView

from companies import actions, bulk_acts, selections
from companies.filter_parts import branches_called
from companies.filters import ORDERS, SHOWN_BY, USUAL_ORDER, BrokenSelection, WorkplaceFilter, order
from companies.forms import CentralForm, FlagsForm, OwnerForm, TierForm
from companies.merging import standing_or_404
from companies.models import TierPlan, Workplace
from jobcenter_crm.frame.pages import CappedPages, KeysFirstPaginator
from jobcenter_crm.staff.discretion import note_read

LAST_OF_A_LIST = re.compile(r"(.*[,;])([^,;]*)", re.DOTALL)


class Register(PermissionRequiredMixin, CappedPages, ListView):
    """The register. The URL says all; the filter's panel is made when it is opened."""

    permission_required = "companies.view_workplace"
    paginate_by = 50
    context_object_name = "workplaces"

    def get(self, request, *args, **kwargs):
        self.today = timezone.localdate()
        self.filter = WorkplaceFilter(request.GET, Workplace.objects.all(), today=self.today, user=request.user)
        self.tabs = selections.tabs(request.GET, request.user)
        return super().get(request, *args, **kwargs)

    def get_queryset(self):
        try:
            found = self._opened().rows()
        except BrokenSelection as broken:
            self.problems = broken.problems
            return Workplace.objects.none()
        self.problems = []
        self.found = found
        note_read("register", reader=self.request.user, colleagues=self.filter.of_whom)
        return found.order_by(*order(self.request.GET.get("sort")))

    def get_paginator(self, queryset, per_page, **kwargs):
        return KeysFirstPaginator(queryset, per_page, shown=Workplace.objects.for_register_page())

    def _opened(self):
        """The filter; a selection opened as it was saved is read with the vocabulary it was saved with."""
        if self.tabs.current and not self.is_changed:
            selections.search(self.tabs.current, today=self.today, user=self.request.user)
        return self.filter

    @cached_property
    def is_changed(self):
        """Whether the address says something else than the selection that is open."""
        return bool(self.tabs.current) and selections.query_of(self.request.GET) != self.tabs.current.query

    def get_template_names(self):
        return ["companies/_filter.html" if self.request.htmx.target == "filter" else "companies/register.html"]

    def get_context_data(self, **kwargs):
        cadences = TierPlan.cadences()
        paged = super().get_context_data(**kwargs)
        # Of more than are counted it would say nothing, and take longer than all the rest.
        is_counted = not self.problems and not paged["paginator"].is_more
        return paged | {
            "today": self.today,
            "cadences": cadences,
            "problems": self.problems,
            "chips": [] if self.problems else self.filter.chips(),
            "filter": self.filter,
            "orders": [(value, words) for value, (words, _order) in ORDERS.items()],
            "sort": self.request.GET.get("sort", USUAL_ORDER),
            "filter_is_open": "filter" in self.request.GET or bool(self.problems),
            "is_filtered": bool(set(self.request.GET) - SHOWN_BY),
            "due_count": self.found.waiting(self.today, cadences).order_by().count() if is_counted else None,
            "tabs": self.tabs,
            "search": selections.query_of(self.request.GET),
            "is_changed": self.is_changed,
            "is_outdated": bool(self.tabs.current) and self.tabs.current.is_outdated,
            "may_change": bool(self.tabs.current) and self.tabs.current.may_be_changed_by(self.request.user),
            "bulk_acts": bulk_acts.acts_for(self.request.user),
        }


@require_safe
@permission_required("companies.view_workplace", raise_exception=True)
def branches(request):
    """Branches whose code or title fits what is being typed, as options of the filter's field.

    Of a list it is the last one that is being typed; an option then is the whole list with that one chosen.
    """
    text = request.GET.get("branch", "").replace("\0", "")[-300:]
    before, last = "", text.strip()
    found = branches_called(last) if len(last) > 1 else []
    if not found and (listed := LAST_OF_A_LIST.fullmatch(text)):
        before, last = listed[1].strip(), listed[2].strip()
        found = branches_called(last) if len(last) > 1 else []
    # A browser offers what holds all that is typed, so that is repeated where a list stands before it.
    typed = text.strip() if before else ""
    return render(request, "companies/_branches.html", {"branches": found[:20], "before": before, "typed": typed})


class WorkplaceForm(PermissionRequiredMixin, SuccessMessageMixin, FormView):
    """A page with one form about a workplace, opened as a sheet by htmx; saving returns to the card."""

    template_name = "companies/workplace_form.html"
    title = ""

    def dispatch(self, request, *args, **kwargs):
        if not self.has_permission():
            return self.handle_no_permission()
        self.workplace = standing_or_404(Workplace.objects.select_related("company", "owner"), kwargs["pk"])
        return super().dispatch(request, *args, **kwargs)

    def form_invalid(self, form):
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def get_context_data(self, **kwargs):
        return super().get_context_data(workplace=self.workplace, title=self.title, **kwargs)

    def get_success_url(self):
        return self.workplace.get_absolute_url()


class SetTier(WorkplaceForm):
    """Put a workplace in another group, and say why."""

    permission_required = "companies.set_tier"
    form_class = TierForm
    title = _("Set the group")
    success_message = _("The group is saved.")

    def get_initial(self):
        return {"tier": self.workplace.tier or ""}

    def get_context_data(self, **kwargs):
        return super().get_context_data(plans=TierPlan.objects.all(), **kwargs)

    def form_valid(self, form):
        actions.set_tier(workplace=self.workplace, by=self.request.user, **form.cleaned_data)
        return super().form_valid(form)


class SetOwner(WorkplaceForm):
    """Name the responsible consultant."""

    permission_required = "companies.set_owner"
    form_class = OwnerForm
    title = _("Set the responsible consultant")
    success_message = _("The responsible consultant is saved.")

    def get_initial(self):
        return {"owner": self.workplace.owner_id}

    def form_valid(self, form):
        actions.set_owner(workplace=self.workplace, by=self.request.user, **form.cleaned_data)
        return super().form_valid(form)


class SetFlags(WorkplaceForm):
    """Say that an employer wants no contact, or that there is a labour conflict."""

    permission_required = "companies.set_flags"
    form_class = FlagsForm
    title = _("Warnings")
    success_message = _("The warnings are saved.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.workplace}

    def form_valid(self, form):
        actions.set_flags(workplace=self.workplace, by=self.request.user, **form.cleaned_data)
        return super().form_valid(form)


class AgreeCentrally(WorkplaceForm):
    """Say that contacts to every workplace of the company are agreed centrally."""

    permission_required = "companies.agree_centrally"
    form_class = CentralForm
    title = _("Agreed centrally")
    success_message = _("The central agreement is saved.")

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"instance": self.workplace.company}

    def form_valid(self, form):
        actions.agree_centrally(company=self.workplace.company, by=self.request.user, **form.cleaned_data)
        return super().form_valid(form)
