"""Slots: the list, the card of one, and the acts on it."""

from django.contrib.auth.decorators import permission_required
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from placements import reservation_pages
from placements.models import Slot

VIEW = "placements.view_slot"


@require_safe
@permission_required(VIEW, raise_exception=True)
def slot(request, pk):
    """The card of a slot."""
    found = Slot.objects.select_related("workplace__company", "measure", "contact", "mentor", "agreement", "owner")
    slot = get_object_or_404(found, pk=pk)
    today = timezone.localdate()
    context = {"slot": slot, "today": today} | reservation_pages.for_card(slot, request.user, today)
    return render(request, "placements/slot.html", context)
