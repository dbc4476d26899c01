"""Whom a workplace can host: the form on its card."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from companies import merging
from companies.models import Workplace
from jobcenter_crm.frame.pages import back
from placements import hosting
from placements.models import HostingProfile
from placements.slot_forms import HostingForm


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required("placements.change_hostingprofile", raise_exception=True)
def profile(request, pk):
    """Write whom the workplace can host, as of today."""
    workplace = merging.standing_or_404(Workplace.objects.select_related("company"), pk)
    if workplace.pk != pk and request.method != "POST":
        return redirect("placements:hosting", workplace.pk)
    known = hosting.profile_at(workplace)
    data = request.POST if request.method == "POST" else None
    form = HostingForm(data, instance=known or HostingProfile(workplace=workplace), today=timezone.localdate())
    if data is not None and form.is_valid():
        hosting.write(workplace=workplace, by=request.user, **form.facts())
        messages.success(request, _("Saved, as of today."))
        return back(request, workplace)
    context = {"form": form, "workplace": workplace, "profile": known}
    context["next"] = request.POST.get("next") or request.GET.get("next", "")
    return render(request, "placements/hosting.html", context, status=422 if form.errors else 200)
