"""The list of agreements, and the card of one."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from jobcenter_crm.frame.pages import CappedPaginator
from partnerships import goals, review_pages, steps
from partnerships.models import Agreement, AgreementContact

VIEW = "partnerships.view_agreement"


@require_safe
@permission_required(VIEW, raise_exception=True)
def agreements(request):
    """All agreements, newest first."""
    rows = Agreement.objects.select_related("company", "workplace", "owner")
    page = CappedPaginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "partnerships/agreements.html", {"page_obj": page, "today": timezone.localdate()})


@require_safe
@permission_required(VIEW, raise_exception=True)
def agreement(request, pk):
    """The card of an agreement: where it stands, what it says, how far its goals have come, and whom to call."""
    found = Agreement.objects.select_related(
        "company", "workplace", "owner", "signed_by_us", "signed_by_them", "signed_document"
    )
    agreement = get_object_or_404(found, pk=pk)
    today, now = timezone.localdate(), timezone.now()
    all_steps = list(agreement.steps.select_related("by"))
    context = {
        "agreement": agreement,
        "today": today,
        "places": list(agreement.places.order_by("sort_name", "pk")),
        "progress": goals.of_agreement(agreement, today, request.user),
        "contacts": AgreementContact.objects.filter(agreement=agreement).select_related("colleague", "person"),
        "versions": list(agreement.versions.select_related("made_by")),
        "steps": all_steps,
        "may_undo": steps.may_undo(all_steps[-1] if all_steps else None, request.user, now),
    }
    context |= review_pages.for_card(agreement, request.user, today)
    return render(request, "partnerships/agreement.html", context)
