"""The pages of what changed in the register: after an import, and at the places one is responsible for."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.contrib.auth.mixins import PermissionRequiredMixin
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import ListView

from companies.importing import get_import
from companies.models import RegisterChange
from companies.register.news import KINDS
from jobcenter_crm.frame.pages import CappedPages, back


class NewsList(PermissionRequiredMixin, CappedPages, ListView):
    """News in a list, with a tab for each kind of which there is some. The URL says all; what it can't say is passed over."""

    paginate_by = 50
    context_object_name = "changes"

    def everything(self):
        """The changes that the page is about, of whatever kind."""
        raise NotImplementedError

    def get_queryset(self):
        asked = self.request.GET.get("news", "")
        self.kind = asked if asked in KINDS else ""
        self.found = self.everything().news()
        shown = self.found.of(self.kind) if self.kind else self.found
        return shown.for_news_page().order_by("-at", "workplace__sort_name", "pk")

    def get_context_data(self, **kwargs):
        counts = self.found.count_of_each()
        tabs = [(kind, label, counts[kind]) for kind, label in KINDS.items() if counts[kind] or kind == self.kind]
        return super().get_context_data(kind=self.kind, tabs=tabs, count=counts["all"], **kwargs)


class ImportChanges(NewsList):
    """What one import has changed, for the steward: at which places, and who has to know."""

    permission_required = "companies.import_register"
    template_name = "companies/import_changes.html"

    def everything(self):
        self.shown = get_import(self.request.user, self.kwargs["pk"])
        changes = RegisterChange.objects.filter(register_import=self.shown)
        asked = self.request.GET.get("owner")
        self.owner = asked if asked in ("with", "without") else ""
        return changes.with_owner(self.owner == "with") if self.owner else changes

    def get_context_data(self, **kwargs):
        return super().get_context_data(shown=self.shown, owner=self.owner, **kwargs)


class Changes(NewsList):
    """What changed at the places of whoever looks, as long as nobody has seen it; all of it, and everybody's, by choice."""

    permission_required = "companies.view_workplace"
    template_name = "companies/changes.html"

    def everything(self):
        self.whose = "all" if self.request.GET.get("whose") == "all" else ""
        self.seen_too = self.request.GET.get("seen") == "too"
        changes = RegisterChange.objects
        changes = changes.standing() if self.whose else changes.for_owner(self.request.user)
        return changes if self.seen_too else changes.unseen()

    def get_context_data(self, **kwargs):
        return super().get_context_data(whose=self.whose, seen_too=self.seen_too, **kwargs)


@require_POST
@permission_required("companies.change_registerchange", raise_exception=True)
def seen(request, pk):
    """Take note of what changed; it can be taken back from the line at the foot."""
    change = get_object_or_404(RegisterChange.objects.select_related("workplace"), pk=pk)
    change.see(by=request.user)
    undo = reverse("companies:change_unseen", args=[pk])
    messages.success(request, _("Seen: %(name)s") % {"name": change.workplace.name}, extra_tags=f"undo:{undo}")
    return back(request, change.workplace)


@require_POST
@permission_required("companies.change_registerchange", raise_exception=True)
def unseen(request, pk):
    """Put it before people again."""
    change = get_object_or_404(RegisterChange.objects.select_related("workplace"), pk=pk)
    change.unsee()
    messages.success(request, _("Not seen any more: %(name)s") % {"name": change.workplace.name})
    return back(request, change.workplace)
