"""The finder: which places fit, each with its reasons. Nothing that is asked is kept."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from placements import finder
from placements.finder import FinderForm

VIEW = "placements.view_slot"


@never_cache
@require_safe
@permission_required(VIEW, raise_exception=True)
def find(request):
    """The form, and the places that fit; with nothing asked, all that are open."""
    today = timezone.localdate()
    form = FinderForm(request.GET, today=today)
    found = finder.find(form, today) if form.is_valid() else None
    context = {
        "form": form,
        "found": found,
        "today": today,
        "most": finder.SHOWN,
        "is_asked": bool(found and any(value for name, value in form.cleaned_data.items() if name != "show")),
        "may_reserve": request.user.has_perm("placements.add_reservation"),
    }
    return render(request, "placements/find.html", context)
