"""The wordings that an agreement has had, and what is different between two of them."""

from django.contrib.auth.decorators import permission_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jobcenter_crm.frame.addresses import number
from partnerships import versions as wordings
from partnerships.models import Agreement


@require_safe
@permission_required("partnerships.view_agreement", raise_exception=True)
def versions(request, pk):
    """Two versions side by side: the latest two, unless the address names others."""
    agreement = get_object_or_404(Agreement.objects.select_related("company", "workplace"), pk=pk)
    every = {version.number: version for version in agreement.versions.select_related("made_by")}
    if not every:
        raise Http404(_("It has not been signed, and has no version yet."))
    after = every.get(number(request.GET.get("after")), every[max(every)])
    before = every.get(number(request.GET.get("before")), every.get(after.number - 1))
    context = {
        "agreement": agreement,
        "versions": every.values(),
        "before": before,
        "after": after,
        "changes": wordings.compare(before.wording, after.wording) if before else [],
        "lines": [] if before else wordings.lines(after.wording),
    }
    return render(request, "partnerships/versions.html", context)
