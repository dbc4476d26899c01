"""The forms of a company centre: its facts, somebody who takes part, and a mentor."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import TargetGroup
from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.fields import FigureField
from jobcenter_crm.frame.widgets import DAY
from partnerships.centres import ONLY_OF
from partnerships.models import CentreMember, CompanyCentre, Mentor

# Nobody plans a place in a centre further ahead.
AHEAD = timedelta(days=365)
NOT_CPR = {"label": gettext_lazy("It is not a CPR number"), "required": False}
NOTE_HELP = gettext_lazy("The agreement holds: its earlier wording is kept, and this says what is new.")


def places_field(label, **more):
    """So many of the places."""
    words = dict.fromkeys(("invalid", "min_value", "max_value"), gettext_lazy("Write a number from 1 to 999."))
    return forms.IntegerField(label=label, min_value=1, max_value=999, error_messages=words, **more)


class GroupsField(forms.ModelMultipleChoiceField):
    """Target groups; of one that has ended, its last day is told."""

    widget = forms.CheckboxSelectMultiple

    def __init__(self, *, today=None, **kwargs):
        self.today = today
        super().__init__(TargetGroup.objects.none(), **kwargs)

    def label_from_instance(self, group):
        if self.today and group.valid_to and group.valid_to < self.today:
            return _("%(name)s (ended on %(day)s)") % {
                "name": group.name,
                "day": date_format(group.valid_to, "DATE_FORMAT"),
            }
        return group.name


class CentreForm(Cautious, forms.ModelForm):
    """What the contract of a centre holds. Of an agreement that holds, `note` says what has changed."""

    FREE_TEXT = (
        "side_production", "agency", "tasks", "support", "reception", "absence", "follow_up", "exit", "payment", "note",
    )  # fmt: skip

    places = places_field(gettext_lazy("Number of places"))
    target_groups = GroupsField(
        label=gettext_lazy("Target groups"),
        required=False,
        help_text=gettext_lazy("Whom the employer can take: groups of citizens, never one of them."),
    )
    note = forms.CharField(label=gettext_lazy("What has changed?"), max_length=200, required=False, help_text=NOTE_HELP)
    not_cpr = forms.BooleanField(**NOT_CPR)

    class Meta:
        model = CompanyCentre
        fields = [
            "form", "places", "side_production", "agency", "target_groups", "tasks", "support", "reception", "absence",
            "follow_up", "exit", "payment",
        ]  # fmt: skip
        widgets = {"form": forms.RadioSelect}
        help_texts = {
            "form": gettext_lazy(
                "Virtual: a pool of small employers. Open side production: something made beside what the employer "
                "lives by. Network: a core company and others around it. Satellite: an agency sends people out."
            ),
            "tasks": gettext_lazy("What people do there."),
            "support": gettext_lazy("What helps them along, such as a job coach or a course."),
            "follow_up": gettext_lazy("When, and who takes part."),
            "payment": gettext_lazy("What is paid for, by whom, and when."),
        }

    def __init__(self, *args, agreement, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["form"].choices = CompanyCentre.Form.choices
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        chosen = self.instance.target_groups.all()
        groups = TargetGroup.objects.filter(Q(pk__in=TargetGroup.objects.valid(today)) | Q(pk__in=chosen))
        self.fields["target_groups"].queryset = groups.order_by("code")
        self.fields["target_groups"].today = today
        if not agreement.is_active:
            del self.fields["note"]

    def clean(self):
        facts = super().clean()
        for name, form in ONLY_OF.items():
            if facts.get("form") and facts["form"] != form:
                # What is not shown is not meant, and can't be wrong.
                self.errors.pop(name, None)
                facts[name] = ""
        return facts

    def facts(self):
        """What `centres.write` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "not_cpr"}


class _Dated(forms.ModelForm):
    """Somebody who is part of a centre from one day, and perhaps until another."""

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["since"].initial = today
            del self.fields["until"]

    def clean(self):
        facts = super().clean()
        since, until = facts.get("since"), facts.get("until")
        if since and since > self.today + AHEAD:
            self.add_error("since", _("Choose a day within a year from now."))
        if until and until > self.today:
            self.add_error("until", _("Choose today or an earlier day: it ends when it has ended."))
        elif since and until and until < since:
            self.add_error("until", _("It can't end before it begins."))
        return facts

    def facts(self):
        return self.cleaned_data


class MemberForm(_Dated):
    """From when an employer takes part, and with how many of the places."""

    places = places_field(
        gettext_lazy("Of the places"),
        required=False,
        help_text=gettext_lazy("Empty: it shares the places of the centre."),
    )

    class Meta:
        model = CentreMember
        fields = ["places", "since", "until"]
        widgets = {"since": DAY, "until": DAY}
        help_texts = {
            "until": gettext_lazy("The last day. Empty: it still takes part. Its mentors end on the same day."),
        }


class MentorForm(_Dated):
    """Who, for how many hours a week, and whether they finished mentor training."""

    person = forms.ModelChoiceField(
        label=gettext_lazy("Who?"),
        queryset=Person.objects.none(),
        empty_label=gettext_lazy("Choose somebody at the employer"),
    )
    hours_a_week = FigureField(
        label=gettext_lazy("Hours a week"), min_value=0, max_value=168, max_digits=4, decimal_places=1,
        says=gettext_lazy("Write hours a week with one decimal at most, such as 2 or 4.5."),
        help_text=gettext_lazy("How much time they have for it, on average."),
    )  # fmt: skip

    class Meta:
        model = Mentor
        fields = ["person", "hours_a_week", "since", "trained_on", "until"]
        widgets = {"since": DAY, "until": DAY, "trained_on": DAY}
        help_texts = {
            "trained_on": gettext_lazy("Empty: not yet."),
            "until": gettext_lazy("The last day. Empty: still a mentor."),
        }

    def __init__(self, *args, people=None, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            self.fields["person"].queryset = people
            self.fields["person"].label_from_instance = _with_place
        else:
            del self.fields["person"]

    def clean(self):
        facts = super().clean()
        if facts.get("trained_on") and facts["trained_on"] > self.today:
            self.add_error("trained_on", _("Choose the day when it was finished, today or earlier."))
        return facts


def _with_place(person):
    place = person.workplace.name if person.workplace else person.company.name
    return f"{person.name}, {place}"
