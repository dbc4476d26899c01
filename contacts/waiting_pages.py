"""What waits for whoever is logged in, on a page; and its number, for the bell."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contacts import waiting
from contacts.follow_up_list import list_url


@never_cache
@require_safe
def waiting_list(request):
    """All that waits: one's own, and that of those one stands in for. What is done is gone from it."""
    today = timezone.localdate()
    found = waiting.for_reader(request.user, today)
    for section in found:
        section.url = list_url(section.person.pk) if section.person else ""
    count = sum(what.count for section in found for part, what in section.parts if part.urgent)
    return render(request, "contacts/waiting.html", {"sections": found, "count": count, "today": today})


@never_cache
@require_safe
def waiting_count(request):
    """What stands at the bell, fetched after the page so that no page waits for it."""
    return render(request, "contacts/_bell.html", {"count": waiting.count_for(request.user, timezone.localdate())})
