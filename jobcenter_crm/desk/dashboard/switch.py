"""The switch: whether managers see figures by colleague, from which day, and by which agreement with the staff (decision 19)."""

from dateutil.relativedelta import relativedelta
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from companies.cpr import refuse_cpr
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff import actions
from jobcenter_crm.staff.discretion import SWITCH
from jobcenter_crm.staff.models import FEWEST_IN_A_TEAM, Organisation

# An agreement with the staff may be older than this system.
YEARS_BACK = 10


class StaffFiguresForm(forms.Form):
    """From which day managers see figures by colleague, and by which agreement with the staff."""

    since = forms.DateField(
        label=gettext_lazy("Shown to managers from"),
        widget=DAY,
        error_messages={"required": gettext_lazy("Write the day from which they are shown.")},
    )
    reference = forms.CharField(
        label=gettext_lazy("Agreement with the staff"),
        max_length=200,
        validators=[refuse_cpr],
        help_text=gettext_lazy(
            "What was agreed, when and with whom; for instance: works committee, 12 November 2026, item 4."
        ),
        error_messages={"required": gettext_lazy("Write which agreement with the staff it rests on.")},
    )

    def __init__(self, *args, today, **kwargs):
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_since(self):
        day = self.cleaned_data["since"]
        if not self.today - relativedelta(years=YEARS_BACK) <= day <= self.today + relativedelta(years=1):
            raise forms.ValidationError(_("Write a day at most a year ahead and at most ten years back."))
        return day


@require_http_methods(["GET", "HEAD", "POST"])
@permission_required(SWITCH, raise_exception=True)
def staff_figures(request):
    """Says what it means, and switches it on, with a day and a reference, or off, at once."""
    today = timezone.localdate()
    if request.method == "POST" and "off" in request.POST:
        actions.switch_staff_figures_off(by=request.user)
        messages.success(request, _("Figures by colleague are switched off. Each colleague alone sees their own."))
        return redirect("desk:staff_figures")
    organisation = Organisation.get()
    said = {
        "since": organisation.staff_figures_since or today,
        "reference": organisation.staff_figures_reference,
    }
    form = StaffFiguresForm(request.POST if request.method == "POST" else None, today=today, initial=said)
    if request.method == "POST" and form.is_valid():
        actions.switch_staff_figures_on(**form.cleaned_data, by=request.user)
        if form.cleaned_data["since"] > today:
            said = _(
                "Figures by colleague are shown from %(day)s. Every colleague reads it on the page of their own figures."
            )
        else:
            said = _("Figures by colleague are switched on. Every colleague reads it on the page of their own figures.")
        messages.success(request, said % {"day": date_format(form.cleaned_data["since"], "DATE_FORMAT")})
        return redirect("desk:staff_figures")
    context = {
        "form": form,
        "organisation": organisation,
        "is_on": organisation.staff_figures_since is not None,
        "is_shown": organisation.shows_staff_figures(today),
        "fewest": FEWEST_IN_A_TEAM,
    }
    return render(request, "desk/staff_figures.html", context, status=422 if form.errors else 200)
