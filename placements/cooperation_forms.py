"""What the page of employers with placements may be asked, and the form for an official figure."""

from datetime import timedelta

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.follow_up_forms import Cautious
from jobcenter_crm.frame.fields import FigureField
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.frame.widgets import DAY
from placements.cooperation import PERIODS
from placements.filters import YEAR

# Nobody types what they read longer ago.
READ_AGO = timedelta(days=366)


class CooperationForm(StrictForm):
    """Which placements count; those of the last 12 months where the address says nothing."""

    BESIDES = frozenset()

    period = forms.ChoiceField(
        required=False, choices=list(PERIODS.items()),
        error_messages={"invalid_choice": gettext_lazy("There is no such period.")},
    )  # fmt: skip

    def clean_period(self):
        return self.cleaned_data["period"] or YEAR


class OfficialFigureForm(Cautious, forms.Form):
    """The official cooperation rate of a period, as it was read somewhere."""

    FREE_TEXT = ("period", "source")

    percent = FigureField(
        label=gettext_lazy("Official cooperation rate, per cent"), min_value=0, max_value=100, max_digits=4,
        decimal_places=1, says=gettext_lazy("Write percent from 0 to 100 with one decimal at most, such as 5.4."),
    )  # fmt: skip
    period = forms.CharField(
        label=gettext_lazy("Period"), max_length=40, help_text=gettext_lazy("As it is published, such as: 2025.")
    )
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=150,
        help_text=gettext_lazy("Where it stands, and whose placements it counts: our own, or all job centres'."),
    )  # fmt: skip
    read_on = forms.DateField(label=gettext_lazy("Read on"), widget=DAY)
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    def __init__(self, *args, today, figure=None, **kwargs):
        self.today = today
        self.earliest = min(figure.read_on, today - READ_AGO) if figure else today - READ_AGO
        known = {"read_on": today}
        if figure is not None:
            known = {name: getattr(figure, name) for name in ("percent", "period", "source", "read_on")}
        super().__init__(*args, initial=known, **kwargs)

    def clean_read_on(self):
        day = self.cleaned_data["read_on"]
        if not self.earliest <= day <= self.today:
            raise forms.ValidationError(_("Choose a day until today, at most a year ago."))
        return day

    def facts(self):
        """What `official_figures.write` takes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "not_cpr"}
