"""Figures about one colleague: one's own, for everybody; and by colleague, for managers where it is switched on (decision 19)."""

from collections import Counter
from dataclasses import replace

from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from jobcenter_crm.desk.dashboard import parts, shown
from jobcenter_crm.desk.dashboard.asked import PeriodForm
from jobcenter_crm.desk.dashboard.figures import (
    AGREEMENTS,
    CONTACTS,
    FOLLOW_UPS,
    PLACEMENTS,
    SLOTS,
    WAITING,
    WORKPLACES,
)
from jobcenter_crm.desk.dashboard.reckoned import Reckoned, by_colleague
from jobcenter_crm.staff import discretion
from jobcenter_crm.staff.models import Organisation

# Without what came of placements: that is told of the house, and never by colleague.
TODAY = (
    "places", "in_time", "never", "waiting", "late", "active", "reviews_due", "reviews_late", "open_places",
    "filled", "free_places", "running",
)  # fmt: skip
PERIOD = ("contacts", "started")
SOURCES = (
    replace(WORKPLACES.only(*TODAY), figures=(*WORKPLACES.only(*TODAY).figures, WAITING)),
    FOLLOW_UPS.only(*TODAY),
    AGREEMENTS.only(*TODAY),
    SLOTS.only(*TODAY),
    PLACEMENTS.only(*TODAY, *PERIOD),
)


def reckon(asked, may):
    """What `may(permission)` allows of the colleague's own figures, and their contacts by month, None where it does not."""
    told, contacts = Reckoned(), None
    for source in SOURCES:
        if may(source.permission):
            told.figures |= source.counted(asked)
    if may(CONTACTS.permission):
        contacts = parts.count_own_contacts(asked)
        in_groups = told.figures["contacts"] = Counter()
        for (_month, tier), n in contacts.items():
            in_groups[tier] += n
    return told, contacts


@never_cache
@require_safe
def mine(request):
    """One's own figures, from the verbs of the dashboard; what the role holds no list of is left out."""
    today, user = timezone.localdate(), request.user
    form = PeriodForm(request.GET, user=user, today=today)
    organisation = Organisation.get()
    context = {
        "form": form,
        "today": today,
        "is_readable": form.is_valid(),
        "organisation": organisation,
        "is_shared": organisation.shows_staff_figures(today),
    }
    if context["is_readable"]:
        asked = form.asked(colleague=user)
        told, contacts = reckon(asked, user.has_perm)
        context |= {
            "asked": asked,
            "heads": shown.heads(told),
            "now": shown.lines(TODAY, told, asked),
            "period": shown.lines(PERIOD, told, asked),
            "chart": None if contacts is None else parts.own_contact_chart(contacts, asked),
        }
    return render(request, "desk/mine.html", context)


@never_cache
@require_safe
@permission_required(discretion.DASHBOARD, raise_exception=True)
def colleagues(request):
    """The figures of the teams, by colleague; refused in words where the organisation has not switched it on."""
    today = timezone.localdate()
    organisation = Organisation.get()
    context = {"organisation": organisation, "today": today}
    if not organisation.shows_staff_figures(today):
        return render(request, "desk/by_colleague_off.html", context, status=403)
    form = PeriodForm(request.GET, user=request.user, today=today)
    context |= {"form": form, "is_readable": form.is_valid()}
    if context["is_readable"]:
        asked = form.asked()
        columns, lines, keys = shown.colleagues(by_colleague(asked, request.user.has_perm), asked)
        discretion.note_read("by_colleague", reader=request.user, colleagues=keys)
        context |= {"asked": asked, "people": lines, "people_heads": shown.people_heads(columns)}
    return render(request, "desk/by_colleague.html", context)
