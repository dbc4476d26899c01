"""Colleagues: who they are and how to reach them; and those who leave."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST
from django.views.generic import ListView

from jobcenter_crm.frame.pages import CappedPages
from jobcenter_crm.staff import actions, leaving
from jobcenter_crm.staff.models import User

DEACTIVATE = "staff.deactivate_user"

may_deactivate = permission_required(DEACTIVATE, raise_exception=True)


class Colleagues(CappedPages, ListView):
    """Everybody who works here, by name; for those who may let them in again also who has left."""

    http_method_names = ["get", "head", "options"]
    template_name = "staff/colleagues.html"
    paginate_by = 50
    context_object_name = "colleagues"

    @cached_property
    def q(self):
        return self.request.GET.get("q", "").replace("\0", "").strip()[:100]

    @cached_property
    def shows_left(self):
        return self.request.GET.get("show") == "left" and self.request.user.has_perm(DEACTIVATE)

    def get_queryset(self):
        rows = User.objects.filter(is_active=not self.shows_left)
        for word in self.q.split():
            rows = rows.filter(
                Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(team__name__icontains=word)
                | Q(phone__icontains=word)
            )  # fmt: skip
        return rows.select_related("team", "deputy").prefetch_related("groups").in_order()

    def get_context_data(self, **kwargs):
        may = self.request.user.has_perm(DEACTIVATE)
        today = timezone.localdate()
        return super().get_context_data(q=self.q, shows_left=self.shows_left, may_deactivate=may, today=today, **kwargs)


@require_http_methods(["GET", "HEAD", "POST"])
@may_deactivate
def deactivate(request, pk):
    """Let a colleague who leaves no longer log in; what they leave behind is counted first."""
    colleague = get_object_or_404(User.objects.working().select_related("team", "manager"), pk=pk)
    if request.method == "POST":
        try:
            actions.deactivate(user=colleague, by=request.user)
        except actions.NotThem as not_them:
            messages.error(request, str(not_them))
        else:
            undo = reverse("staff:reactivate", args=[colleague.pk])
            said = _("%(name)s can no longer log in.") % {"name": colleague}
            messages.success(request, said, extra_tags=f"undo:{undo}")
        return redirect("staff:colleagues")
    left = leaving.left_behind(colleague)
    return render(request, "staff/deactivate.html", {"colleague": colleague, "left": left})


@require_POST
@may_deactivate
def reactivate(request, pk):
    """Let a colleague log in again."""
    colleague = get_object_or_404(User, pk=pk)
    try:
        actions.reactivate(user=colleague, by=request.user)
        messages.success(request, _("%(name)s can log in again.") % {"name": colleague})
    except actions.NotThem as not_them:
        messages.error(request, str(not_them))
    return redirect("staff:colleagues")
