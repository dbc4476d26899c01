"""The forms of placements: a start, an extension, the end, a stay, and what came of it."""

import uuid
from datetime import timedelta

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from companies.models import Workplace
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import User
from placements import steps
from placements.case_reference import CaseReferenceField
from placements.models import Effect, Placement

# A placement is not written longer after its start, nor planned to begin or last further ahead.
BACK, AHEAD, LONGEST = timedelta(days=366), timedelta(days=366), timedelta(days=3653)
# Where a measure has no usual length.
USUAL_WEEKS = 13
EXTENSIONS = (4, 13)
PICK = "pick"


class StartForm(forms.Form):
    """Somebody starts in a place of `slot`; out of a `reservation`, if there is one."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    case_reference = CaseReferenceField(
        help_text=gettext_lazy("As the case system has it. No name, and nothing else about the person.")
    )
    starts_on = forms.DateField(label=gettext_lazy("Start"), widget=DAY)
    planned_end = forms.DateField(label=gettext_lazy("Planned end"), widget=DAY)
    consultant = forms.ModelChoiceField(
        label=gettext_lazy("Consultant"), queryset=User.objects.none(), empty_label=None,
        help_text=gettext_lazy("Who follows up on it."),
    )  # fmt: skip

    def __init__(self, *args, slot, user, today, reservation=None, **kwargs):
        self.today = today
        starts_on = max(today, slot.starts_on)
        known = {
            "starts_on": starts_on,
            "planned_end": starts_on + timedelta(weeks=slot.measure.usual_weeks or USUAL_WEEKS, days=-1),
            "consultant": user.pk,
        }
        if slot.ends_on:
            known["planned_end"] = min(known["planned_end"], slot.ends_on)
        if reservation:
            known = {
                "case_reference": reservation.case_reference, "starts_on": reservation.starts_on,
                "planned_end": reservation.planned_end, "consultant": reservation.consultant_id,
            }  # fmt: skip
        offered = User.objects.for_choice("placements.change_placement")
        if not offered.filter(pk=known["consultant"]).exists():
            # Whoever reserved it may not follow it up, or has left.
            known["consultant"] = user.pk
        super().__init__(*args, initial=known, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        self.fields["consultant"].queryset = offered

    def clean(self):
        facts = super().clean()
        first, last = facts.get("starts_on"), facts.get("planned_end")
        if first and not self.today - BACK <= first <= self.today + AHEAD:
            self.add_error("starts_on", _("Choose a day within a year from today."))
        elif first and last and not first <= last <= first + LONGEST:
            self.add_error("planned_end", _("Choose a day after the start, within ten years."))
        return facts


class ExtendForm(forms.Form):
    """Until when it is extended: one of the quick ones, or a day."""

    # The planned end that the weeks were counted from: sent again, they are not counted from the new one.
    seen = forms.DateField(required=False, widget=forms.HiddenInput)
    to = forms.ChoiceField(label=gettext_lazy("Until when?"), widget=forms.RadioSelect)
    on = forms.DateField(label=gettext_lazy("Day"), required=False, widget=DAY)
    granted_in = forms.ChoiceField(
        label=gettext_lazy("Granted in"), required=False, widget=forms.RadioSelect,
        choices=[("vitas", "VITAS"), ("case", gettext_lazy("The case system")), ("", gettext_lazy("Not granted yet"))],
        help_text=gettext_lazy("It is granted there, not here. Nothing is sent from this page."),
    )  # fmt: skip

    def __init__(self, *args, placement, **kwargs):
        self.placement = placement
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = placement.planned_end.isoformat()
        self.ends = {str(weeks): placement.planned_end + timedelta(weeks=weeks) for weeks in EXTENSIONS}
        self.fields["to"].choices = [*((weeks, _in_weeks(weeks, day)) for weeks, day in self.ends.items()),
                                     (PICK, _("Pick a day"))]  # fmt: skip

    def clean(self):
        facts = super().clean()
        if facts.get("seen") and facts["seen"] != self.placement.planned_end:
            day = date_format(self.placement.planned_end, "DATE_FORMAT")
            raise forms.ValidationError(
                _("It has been extended meanwhile, to %(day)s. Open the page again to extend it further.")
                % {"day": day}
            )
        to, day = facts.get("to"), facts.get("on")
        if to == PICK:
            if day is None and "on" not in self.errors:
                self.add_error("on", _("Pick the day."))
            elif day and day > self.placement.starts_on + LONGEST:
                self.add_error("on", _("Choose a day within ten years from the start."))
        elif to:
            # What stands in the field of the day is not meant then, and can't be wrong.
            self.errors.pop("on", None)
            facts["on"] = self.ends[to]
        return facts


def _in_weeks(weeks, day):
    words = ngettext("%(n)s week: %(day)s", "%(n)s weeks: %(day)s", int(weeks))
    return words % {"n": weeks, "day": date_format(day, "DATE_FORMAT")}


def _reason(reasons):
    """Why, of a short list; none of the reasons says anything about health."""
    return forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=[(reason.value, reason.label) for reason in reasons], widget=forms.RadioSelect,
        help_text=gettext_lazy("More than this is not kept here: what concerns the person stands in the case system."),
    )  # fmt: skip


class EndForm(forms.Form):
    """The day on which it ended, and why."""

    on = forms.DateField(label=gettext_lazy("Last day"), widget=DAY)
    reason = _reason(Placement.ENDS)

    def __init__(self, *args, placement, today, **kwargs):
        over = placement.planned_end <= today
        known = {"on": min(placement.planned_end, today)} | ({"reason": Placement.Reason.AS_PLANNED} if over else {})
        super().__init__(*args, initial=known, **kwargs)


class WithdrawForm(forms.Form):
    """Why it came to nothing."""

    reason = _reason(Placement.WITHDRAWALS)


class StayForm(forms.Form):
    """At which workplace of the centre, from and until when."""

    workplace = forms.ModelChoiceField(
        label=gettext_lazy("Workplace"),
        queryset=Workplace.objects.none(),
        empty_label=gettext_lazy("Choose a workplace"),
    )
    starts_on = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    ends_on = forms.DateField(
        label=gettext_lazy("Until"), required=False, widget=DAY, help_text=gettext_lazy("Empty: to the end.")
    )

    def __init__(self, *args, placement, today, known=None, **kwargs):
        self.placement = placement
        initial = {"starts_on": min(max(today, placement.starts_on), placement.last_day)}
        if known:
            initial = {"workplace": known.workplace_id, "starts_on": known.starts_on, "ends_on": known.ends_on}
        super().__init__(*args, initial=initial, **kwargs)
        places = steps.may_stay_at(placement)
        if known:
            places = places | Workplace.objects.filter(pk=known.workplace_id)
        self.fields["workplace"].queryset = places
        self.fields["workplace"].label_from_instance = lambda place: f"{place.name}, {place.short_address}"

    def clean(self):
        facts = super().clean()
        first, last = facts.get("starts_on"), facts.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("It can't end before it begins."))
        return facts


class EffectForm(forms.Form):
    """What came of a placement: the button that was pressed, the hours beside it, and self-supporting or not."""

    outcome = forms.ChoiceField(
        choices=Effect.Outcome.choices,
        error_messages={"required": gettext_lazy("Choose one."), "invalid_choice": gettext_lazy("Choose one.")},
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours a week"), required=False, min_value=1, max_value=37,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Write whole hours, from 1 to 37.")
        ),
    )  # fmt: skip
    self_supporting = forms.TypedChoiceField(
        label=gettext_lazy("Self-supporting?"), required=False, widget=forms.RadioSelect, empty_value=None,
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))], coerce=lambda said: said == "yes",
    )  # fmt: skip

    def __init__(self, *args, told=None, **kwargs):
        """`told` is what was said before, and is there to be corrected."""
        known = {}
        if told is not None:
            said = {True: "yes", False: "no"}.get(told.self_supporting, "")
            known = {"outcome": told.outcome, "hours": told.hours, "self_supporting": said}
        super().__init__(*args, initial=known, **kwargs)

    def clean(self):
        facts = super().clean()
        if facts.get("outcome") != Effect.Outcome.HOURS:
            self.errors.pop("hours", None)
            facts["hours"] = None
        elif not facts.get("hours") and "hours" not in self.errors:
            self.add_error("hours", _("Write how many hours a week."))
        return facts
