"""The forms of a service agreement: its terms, a punch card, one punch, and a figure of sickness absence."""

import uuid
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.by_hand import is_telephone
from companies.models import Workplace
from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.fields import FigureField
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import User
from partnerships import absence, punch_cards
from partnerships.centre_forms import NOT_CPR, NOTE_HELP
from partnerships.models import PunchCard, ServiceTerms

# A card that begins further off, or holds longer, is a mistake in the year.
LONGEST = timedelta(days=5 * 366)


class TermsForm(Cautious, forms.ModelForm):
    """What a service agreement holds. Of one that holds, `note` says what has changed."""

    FREE_TEXT = (
        "hotline_phone", "hotline_hours", "posted_days", "readiness", "partial_return", "other_municipalities", "in_return", "note",
    )  # fmt: skip

    note = forms.CharField(label=gettext_lazy("What has changed?"), max_length=200, required=False, help_text=NOTE_HELP)
    not_cpr = forms.BooleanField(**NOT_CPR)

    class Meta:
        model = ServiceTerms
        fields = [
            "hotline_by", "hotline_phone", "hotline_hours", "posted_by", "posted_days", "readiness", "partial_return",
            "other_municipalities", "in_return",
        ]  # fmt: skip
        widgets = {"hotline_phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"})}
        help_texts = {
            "partial_return": gettext_lazy("How we help somebody back little by little, and with § 56 agreements."),
            "other_municipalities": gettext_lazy("What we do with their papers for employees who live elsewhere."),
        }

    def __init__(self, *args, agreement, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("hotline_by", "posted_by"):
            # One who has left since stays until somebody else is chosen.
            here = Q(is_active=True) | Q(pk=getattr(self.instance, f"{name}_id"))
            self.fields[name].queryset = User.objects.filter(here).in_order()
            self.fields[name].empty_label = _("Nobody")
        self.fields["hotline_phone"].validators.append(is_telephone)
        for field in self.fields.values():
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 2
        if not agreement.is_active:
            del self.fields["note"]

    def facts(self):
        """What `service_terms.write` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "not_cpr"}


class CardForm(forms.Form):
    """How many clips, of help from whom, and until when."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    clips = forms.IntegerField(
        label=gettext_lazy("How many clips?"), min_value=1, max_value=500,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), gettext_lazy("Write a number from 1 to 500.")
        ),
    )  # fmt: skip
    experts = forms.MultipleChoiceField(
        label=gettext_lazy("Help from whom?"), choices=PunchCard.Expert, widget=forms.CheckboxSelectMultiple
    )
    issued_on = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    expires_on = forms.DateField(
        label=gettext_lazy("Expires"), widget=DAY, help_text=gettext_lazy("The last day on which a clip can be used.")
    )

    def __init__(self, *args, today, card=None, **kwargs):
        if card is None:
            known = {"issued_on": today, "expires_on": punch_cards.usual_end(today), "token": uuid.uuid4}
        else:
            known = {name: getattr(card, name) for name in ("clips", "experts", "issued_on", "expires_on")}
        super().__init__(*args, initial=known, **kwargs)
        if card is not None:
            del self.fields["token"]

    def clean(self):
        facts = super().clean()
        begins, expires = facts.get("issued_on"), facts.get("expires_on")
        if begins and expires and expires < begins:
            self.add_error("expires_on", _("It can't expire before it begins."))
        elif begins and expires and expires - begins > LONGEST:
            self.add_error("expires_on", _("A card holds for five years at most. Look at the year."))
        return facts

    def facts(self):
        """What `punch_cards.make` or `punch_cards.change` takes."""
        return self.cleaned_data


class PunchForm(Cautious, forms.Form):
    """One clip: who helped, with what, when, and who used it."""

    FREE_TEXT = ("used_for", "helper")

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)
    expert = forms.ChoiceField(label=gettext_lazy("Help from whom?"), widget=forms.RadioSelect)
    used_for = forms.CharField(
        label=gettext_lazy("For what?"),
        max_length=200,
        help_text=gettext_lazy("The task, such as: lifting in the laundry. Never anybody's health or name."),
    )
    on = forms.DateField(label=gettext_lazy("When?"), widget=DAY)
    used_by = forms.ModelChoiceField(
        label=gettext_lazy("Who at the employer used it?"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=gettext_lazy("Nobody in particular"),
        help_text=gettext_lazy("Who asked for the help, such as the foreman; not who was ill."),
    )
    helper = forms.CharField(label=gettext_lazy("Who of us helped?"), max_length=100, required=False)
    not_cpr = forms.BooleanField(**NOT_CPR)

    def __init__(self, *args, card, people, user, today, **kwargs):
        self.today = today
        kinds = [(value, label) for value, label in PunchCard.Expert.choices if value in card.experts]
        known = {
            "token": uuid.uuid4, "on": min(today, card.expires_on), "helper": str(user),
            "expert": kinds[0][0] if len(kinds) == 1 else None,
        }  # fmt: skip
        super().__init__(*args, initial=known, **kwargs)
        self.fields["expert"].choices = kinds
        self.fields["used_by"].queryset = people

    def clean(self):
        facts = super().clean()
        if facts.get("on") and facts["on"] > self.today:
            self.add_error("on", _("Choose today or an earlier day: a clip is written when it is used."))
        return facts

    def facts(self):
        """What `punch_cards.punch` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "not_cpr"}


class AbsenceForm(Cautious, forms.Form):
    """The absence of one workplace in one quarter. Of a figure that is there, only what can be put right is asked."""

    FREE_TEXT = ("source",)

    workplace = forms.ModelChoiceField(
        label=gettext_lazy("Which workplace?"), queryset=Workplace.objects.none(), empty_label=None
    )
    quarter = forms.ChoiceField(
        label=gettext_lazy("Which quarter?"), help_text=gettext_lazy("Only quarters that are over.")
    )
    percent = FigureField(
        label=gettext_lazy("Sickness absence, percent"), min_value=0, max_value=100, max_digits=4, decimal_places=1,
        says=gettext_lazy("Write percent from 0 to 100 with one decimal at most, such as 5.4."),
        help_text=gettext_lazy("Of the whole workplace, never of a department or a person."),
    )  # fmt: skip
    employees = forms.IntegerField(
        label=gettext_lazy("Of how many employees?"), max_value=999_999,
        error_messages=dict.fromkeys(("invalid", "max_value"), gettext_lazy("Write a whole number.")),
        help_text=gettext_lazy("At least 20, so that nobody can be told from the figure."),
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=120, help_text=gettext_lazy("Who gave the figure, and when.")
    )
    not_cpr = forms.BooleanField(**NOT_CPR)

    def __init__(self, *args, today, agreement, figure=None, **kwargs):
        known = {}
        if figure is not None:
            known = {name: getattr(figure, name) for name in ("percent", "employees", "source")}
        super().__init__(*args, initial=known, **kwargs)
        if figure is not None:
            del self.fields["workplace"], self.fields["quarter"]
            return
        places = absence.places_for(agreement)
        self.fields["workplace"].queryset = Workplace.objects.filter(pk__in=[place.pk for place in places])
        self.fields["quarter"].choices = [
            (f"{year}-{quarter}", absence.quarter_in_words(year, quarter)) for year, quarter in absence.quarters(today)
        ]

    def clean_employees(self):
        employees = self.cleaned_data["employees"]
        if employees < absence.FEWEST:
            raise forms.ValidationError(
                _("A figure of fewer than 20 employees is not kept: somebody could be told from it.")
            )
        return employees

    def facts(self):
        """What `absence.write` or `absence.change` takes."""
        facts = {name: value for name, value in self.cleaned_data.items() if name != "not_cpr"}
        if quarter := facts.pop("quarter", ""):
            facts["year"], facts["quarter"] = (int(part) for part in quarter.split("-"))
        return facts
