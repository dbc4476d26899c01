"""The list of agreements, and the card of one."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from contacts import list_pages
from partnerships import card, centres, document_pages, goals, review_pages, service_pages, steps, versions
from partnerships.agreement_list import COLUMNS, AgreementFilter
from partnerships.models import Agreement, AgreementContact

VIEW = "partnerships.view_agreement"


@require_safe
@permission_required(VIEW, raise_exception=True)
def agreements(request):
    """The agreements that stand, those to be reviewed first; the address narrows them."""
    context = list_pages.shown(request, AgreementFilter)
    return render(request, "partnerships/agreements.html", context)


@require_safe
@permission_required("companies.export_workplaces", raise_exception=True)
@permission_required(VIEW, raise_exception=True)
def excel(request):
    """The same list as Excel; a filter that can't be read goes back to the list, which says so."""
    return list_pages.as_excel(
        request, AgreementFilter, page="partnerships:agreements", title=_("Agreements"), columns=COLUMNS
    )


@require_safe
@permission_required(VIEW, raise_exception=True)
def agreement(request, pk):
    """The card of an agreement: where it stands, what it says, how far its goals have come, and whom to call."""
    found = Agreement.objects.select_related(
        "company",
        "workplace",
        "owner__team__leader",
        "owner__manager",
        "signed_by_us",
        "signed_by_them",
        "signed_document",
    )
    agreement = get_object_or_404(found, pk=pk)
    today, now = timezone.localdate(), timezone.now()
    progress = goals.of_agreement(agreement, today, request.user)
    is_open = agreement.is_draft or agreement.is_proposed
    all_steps = list(agreement.steps.select_related("by"))
    context = {
        "agreement": agreement,
        "today": today,
        "places": list(agreement.places.order_by("sort_name", "pk")),
        "progress": progress,
        "reached": sum(one.is_reached for one in progress),
        "rest": card.rest(agreement),
        "every": versions.every(agreement.review_every),
        "lacking": steps.lacking(agreement) if agreement.is_draft else [],
        "overlapping": steps.overlapping(agreement, today) if is_open else [],
        "notes": card.notes(agreement, request.user, today),
        "parts": card.parts(agreement, request.user, today),
        "table": card.table(agreement, request.user, today) if is_open else None,
        "contacts": AgreementContact.objects.filter(agreement=agreement).select_related("colleague", "person"),
        "versions": list(agreement.versions.select_related("made_by")),
        "papers": document_pages.for_card(agreement, request.user),
        "steps": all_steps,
        "may_undo": steps.may_undo(all_steps[-1] if all_steps else None, request.user, now),
    }
    context |= review_pages.for_card(agreement, request.user, today)
    if agreement.is_centre:
        context["centre"] = centres.for_card(agreement, request.user, today)
    if agreement.is_service:
        context["service"] = service_pages.for_card(agreement, request.user, today)
    return render(request, "partnerships/agreement.html", context)
