"""Reserving a place, and what is said when a reservation is taken further."""

import uuid
from datetime import timedelta

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from contacts.follow_up_forms import Cautious
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.frame.working_days import working_day_from
from placements.case_reference import CaseReferenceField

# How far ahead a start may lie, and how long a place may be taken.
AHEAD = timedelta(days=366)
LONGEST = timedelta(weeks=261)
# A meeting is written down so long after it was held.
MEETING_AGO = timedelta(days=60)


def usual_end(slot, starts_on):
    """The last day of the measure's usual length, or the slot's own last day; None where the measure has no usual length."""
    if not slot.measure.usual_weeks:
        return None
    day = starts_on + timedelta(weeks=slot.measure.usual_weeks) - timedelta(days=1)
    return min(day, slot.ends_on) if slot.ends_on and slot.ends_on >= starts_on else day


def length_in_words(slot):
    """The measure's usual length as the form says it, and its limit in the law; empty where neither is known."""
    weeks, said = slot.measure.usual_weeks, []
    years, rest = divmod(weeks or 0, 52)
    if years and not rest:
        said.append(
            ngettext("Empty: %(n)s year, the usual length.", "Empty: %(n)s years, the usual length.", years)
            % {"n": years}
        )
    elif weeks:
        said.append(
            ngettext("Empty: %(n)s week, the usual length.", "Empty: %(n)s weeks, the usual length.", weeks)
            % {"n": weeks}
        )
    if slot.measure.limit:
        said.append(slot.measure.limit)
    return " ".join(said)


class ReserveForm(forms.Form):
    """For which case, and for which days. `slot` and `today` are arguments, `start` is a day to begin with."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    case_reference = CaseReferenceField()
    starts_on = forms.DateField(label=gettext_lazy("Start"), widget=DAY)
    planned_end = forms.DateField(label=gettext_lazy("Planned end"), widget=DAY, required=False)

    def __init__(self, *args, slot, today, start=None, **kwargs):
        self.slot, self.today = slot, today
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        day = max(start or today, today, slot.starts_on)
        self.fields["starts_on"].initial = working_day_from(day)
        self.fields["planned_end"].help_text = length_in_words(slot)

    def clean_starts_on(self):
        day = self.cleaned_data["starts_on"]
        if not self.today <= day <= self.today + AHEAD:
            raise forms.ValidationError(_("Choose a day from today on, within a year."))
        return day

    def clean(self):
        facts = super().clean()
        starts_on, end = facts.get("starts_on"), facts.get("planned_end")
        if starts_on is None or "planned_end" in self.errors:
            return facts
        if end is None:
            facts["planned_end"] = usual_end(self.slot, starts_on)
            if facts["planned_end"] is None:
                self.add_error("planned_end", _("This measure has no usual length. Choose the last day."))
        elif not starts_on <= end <= starts_on + LONGEST:
            self.add_error("planned_end", _("Choose a day from the start on, within five years."))
        return facts


class MeetForm(forms.Form):
    """When employer and candidate met."""

    on = forms.DateField(label=gettext_lazy("Meeting held"), widget=DAY)

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today

    def clean_on(self):
        day = self.cleaned_data["on"]
        if not self.today - MEETING_AGO <= day <= self.today:
            raise forms.ValidationError(_("Choose a day until today, at most 60 days ago."))
        return day


class GiveBackForm(Cautious, forms.Form):
    """Why the place is given back."""

    why = forms.CharField(
        label=gettext_lazy("Why is it given back?"), max_length=200,
        help_text=gettext_lazy("A few words about the place or the plan. Write no name, CPR number or health."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)


def span_in_words(reservation):
    """From when to when a place is reserved."""
    return _("from %(first)s to %(last)s") % {
        "first": date_format(reservation.starts_on, "DATE_FORMAT"),
        "last": date_format(reservation.planned_end, "DATE_FORMAT"),
    }
