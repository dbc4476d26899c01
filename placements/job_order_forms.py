"""Forms of job orders: what the employer asks for, who is proposed, and how it ends."""

import uuid
from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.follow_up_forms import Cautious
from contacts.models import Person
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.frame.working_days import working_days_after
from jobcenter_crm.staff.models import User
from placements.case_reference import CaseReferenceField
from placements.models import JobOrder, Measure

# So far ahead a deadline may lie.
AHEAD = timedelta(days=366 * 2)
# A new order is proposed to be filled within so many working days.
USUAL_DAYS = 10
MOST_POSITIONS = 200


def refuse_day(day, today):
    """Raises `ValidationError` for a new deadline that has passed, or lies far ahead."""
    if not today <= day <= today + AHEAD:
        raise forms.ValidationError(_("Choose a day from today on, within two years."))


class JobOrderForm(Cautious, forms.ModelForm):
    """All that a job order says."""

    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("title", "skills")

    class Meta:
        model = JobOrder
        fields = ["title", "positions", "deadline", "skills", "measure", "contact", "owner"]
        labels = {"positions": gettext_lazy("How many?"), "owner": gettext_lazy("Responsible")}
        widgets = {"deadline": DAY, "skills": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "title": gettext_lazy("What they need people for, in a few words."),
            "skills": gettext_lazy("What somebody must be able to do. Write no names."),
        }
        error_messages = {
            "measure": {"invalid_choice": gettext_lazy("This measure is not in force today. Choose another one.")},
        }

    def __init__(self, *args, workplace, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        order = self.instance
        self.known_deadline = order.deadline if order.pk else None
        measures = Measure.objects.valid(today)
        if order.measure_id:
            measures = measures | Measure.objects.filter(pk=order.measure_id)
        self.fields["measure"].queryset = measures.order_by("position", "code")
        self.fields["measure"].empty_label = _("Ordinary vacancy")
        self.fields["measure"].label = _("What kind")
        here = Person.objects.at(workplace).current()
        # One who has left stays where they were chosen.
        self.fields["contact"].queryset = Person.objects.filter(
            Q(pk__in=here.order_by().values("pk")) | Q(pk=order.contact_id)
        )
        self.fields["contact"].empty_label = _("Not agreed yet")
        self.fields["owner"].queryset = User.objects.for_choice(
            "placements.change_joborder", order.owner_id if order.pk else None
        )
        self.fields["owner"].empty_label = None
        self.fields["positions"].widget.attrs |= {"inputmode": "numeric"}

    def clean_deadline(self):
        day = self.cleaned_data["deadline"]
        # One that has passed stays as it was; a new one is still to come.
        if day != self.known_deadline:
            refuse_day(day, self.today)
        return day

    def facts(self):
        """What the act takes, as keyword arguments."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class NewJobOrderForm(JobOrderForm):
    """The same, with what a new order begins with."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, workplace, user, today, **kwargs):
        begins = {"deadline": working_days_after(today, USUAL_DAYS), "positions": 1, "owner": user.pk}
        super().__init__(*args, workplace=workplace, today=today, initial=begins, **kwargs)
        self.fields["token"].initial = uuid.uuid4
        if not self.fields["owner"].queryset.filter(pk=user.pk).exists():
            self.initial["owner"] = None

    def facts(self):
        return super().facts() | {"token": self.cleaned_data["token"]}


class ReferForm(forms.Form):
    """Whom we propose: the case, and nothing else about the person."""

    case_reference = CaseReferenceField()


class FillForm(forms.Form):
    """How many the employer has found without us."""

    # How many were filled when the page was opened: sent again, nobody is counted twice.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=MOST_POSITIONS)
    number = forms.IntegerField(label=gettext_lazy("How many have they found?"), min_value=1, max_value=MOST_POSITIONS)

    def __init__(self, *args, order, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = order.filled
        self.fields["number"].initial = 1
        self.fields["number"].widget.attrs |= {"inputmode": "numeric"}


class CorrectFoundForm(forms.Form):
    """How many the employer has found without us, in all; none where it was a mistake."""

    # As above.
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput, min_value=0, max_value=MOST_POSITIONS)
    number = forms.IntegerField(
        label=gettext_lazy("How many have they found in all without us?"), min_value=0, max_value=MOST_POSITIONS
    )

    def __init__(self, *args, order, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = order.filled
        self.fields["number"].initial = found
        self.fields["number"].widget.attrs |= {"inputmode": "numeric"}


class WithdrawForm(Cautious, forms.Form):
    """Why the employer no longer asks."""

    why = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"), max_length=200,
        help_text=gettext_lazy("A few words about the vacancy. Write no name, CPR number or health."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)


class ReopenForm(forms.Form):
    """How many they ask for now, in all, and until when."""

    positions = forms.IntegerField(
        label=gettext_lazy("How many, with those who have been found?"), min_value=1, max_value=MOST_POSITIONS
    )
    deadline = forms.DateField(label=gettext_lazy("Deadline"), widget=DAY)

    def __init__(self, *args, order, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)
        self.fields["positions"].initial = max(order.positions, min(order.filled + 1, MOST_POSITIONS))
        self.fields["positions"].widget.attrs |= {"inputmode": "numeric"}
        self.fields["deadline"].initial = max(order.deadline, working_days_after(today, USUAL_DAYS))

    def clean_deadline(self):
        refuse_day(self.cleaned_data["deadline"], self.today)
        return self.cleaned_data["deadline"]
