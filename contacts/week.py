"""A week at a glance: what is planned by the clock, and what is promised by the day."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from urllib.parse import urlencode

from django import forms
from django.contrib.auth.decorators import permission_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from contacts.contact_list import list_url
from contacts.follow_up_list import WhoseField, of_whom
from contacts.models import FollowUp, Interaction
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.frame.working_days import is_working_day

_WEEK = re.compile(r"(\d{4})-W(\d\d)")
# Of what is planned and of what is promised in a week, no more is shown.
MOST = 300


@dataclass
class Day:
    """One day of the week."""

    day: date
    is_off: bool
    planned: list = field(default_factory=list)
    promised: list = field(default_factory=list)

    @property
    def is_empty(self):
        return not (self.planned or self.promised)


class WeekForm(StrictForm):
    """Whose week, and which: the address says it as 2026-W48."""

    whose = WhoseField(label=_("Whose week"))
    week = forms.CharField(required=False, max_length=8, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        self.user, self.monday = user, today - timedelta(days=today.weekday())
        super().__init__(data)
        self.fields["whose"].offer_to(user)

    def clean(self):
        facts = super().clean()
        if facts.get("week") or "week" in self.errors:
            self.errors.pop("week", None)
            self.monday = self._monday_of(facts.get("week", ""))
        return facts

    @property
    def is_mine(self):
        return self.is_valid() and not self.cleaned_data["whose"]

    def _monday_of(self, text):
        found = _WEEK.fullmatch(text)
        try:
            monday = date.fromisocalendar(int(found[1]), int(found[2]), 1)
            if abs(monday - self.monday) < timedelta(days=3660):
                return monday
        except (TypeError, ValueError):
            pass
        raise forms.ValidationError(_("There is no such week within ten years."), code="week")


@require_safe
@permission_required(["contacts.view_followup", "contacts.view_interaction"], raise_exception=True)
def week(request):
    """The week of one person, a team or everybody."""
    today = timezone.localdate()
    form = WeekForm(request.GET, user=request.user, today=today)
    is_readable = form.is_valid()
    monday = form.monday
    days, is_cut = _days(monday, form.cleaned_data["whose"], request.user) if is_readable else ([], False)
    context = {
        "form": form,
        "is_readable": is_readable,
        "days": days,
        "is_mine": form.is_mine,
        "monday": monday,
        "sunday": monday + timedelta(days=6),
        "before": in_address(monday - timedelta(days=7)),
        "after": in_address(monday + timedelta(days=7)),
        "is_this": monday <= today < monday + timedelta(days=7),
        "today": today,
        "is_empty": all(day.is_empty for day in days),
        "is_cut": is_cut,
        "held_url": list_url(whose=form.is_mine and "me", day_from=monday, day_until=monday + timedelta(days=6)),
    }
    return render(request, "contacts/week.html", context)


def week_url(day):
    """The address of one's own week that `day` is in."""
    return f"{reverse('contacts:week')}?{urlencode({'week': in_address(day)})}"


def in_address(day):
    """The week of a day as the address says it."""
    year, number, _day = day.isocalendar()
    return f"{year}-W{number:02}"


def _days(monday, whose, user):
    """Monday to Friday, and the weekend's days where something is on them; and whether there is more than is shown."""
    days = [Day(day, not is_working_day(day)) for day in (monday + timedelta(days=n) for n in range(7))]
    on = {day.day: day for day in days}
    span = (days[0].day, days[-1].day)
    # Asked of the keys, since a contact of two of a team would come twice.
    own = Interaction.objects.filter(of_whom(whose, user, "staff"), state="planned", on__range=span).values("pk")
    planned = Interaction.objects.filter(pk__in=own).select_related("workplace").prefetch_related("staff", "persons")
    planned = list(planned.soonest_first()[: MOST + 1])
    promised = FollowUp.objects.open().filter(of_whom(whose, user), due_on__range=span).for_list()
    promised = list(promised.order_by("due_on", "workplace__sort_name", "pk")[: MOST + 1])
    for contact in planned[:MOST]:
        on[contact.on].planned.append(contact)
    for follow_up in promised[:MOST]:
        on[follow_up.due_on].promised.append(follow_up)
    shown = [day for day in days if day.day.weekday() < 5 or not day.is_empty]
    return shown, max(len(planned), len(promised)) > MOST
