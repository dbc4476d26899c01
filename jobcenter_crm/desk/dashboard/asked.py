"""What the dashboard is asked: a period, and at which workplaces."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from urllib.parse import urlencode

from dateutil.relativedelta import relativedelta
from django import forms
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.among import AmongForm, refuse_what_is_of_few
from companies.models import Municipality, Selection, TierPlan, Workplace
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import Team, User

# Charts by month get too narrow to be read, and no target reaches so far back.
MOST_MONTHS = 36
EARLIEST, LATEST = date(1990, 1, 1), date(2199, 12, 31)


class PeriodForm(AmongForm):
    """From and until, this year where nothing is said, and at which workplaces."""

    BESIDES = frozenset()

    since = forms.DateField(label=gettext_lazy("From"), widget=DAY, required=False)
    until = forms.DateField(label=pgettext_lazy("last day", "Until"), widget=DAY, required=False)

    def __init__(self, data, *, user, today):
        if not (data.get("since") or data.get("until")):
            # The panel shows which days are meant.
            data = data.copy()
            data["since"], data["until"] = today.replace(month=1, day=1).isoformat(), today.isoformat()
        super().__init__(data, user=user, today=today)

    def clean(self):
        facts = super().clean()
        since = facts.get("since") or self.today.replace(month=1, day=1)
        until = facts.get("until") or max(self.today, since)
        if since < EARLIEST:
            self.add_error("since", _("Write a day after 1990."))
        elif until > LATEST:
            self.add_error("until", _("Write a day before 2200."))
        elif until < since:
            self.add_error("until", _("The last day is before the first. Swap them."))
        elif until >= since + relativedelta(months=MOST_MONTHS):
            self.add_error("until", _("At most three years at a time. Choose a later first day."))
        return facts | {"since": since, "until": until}

    def asked(self, colleague=None):
        """What was asked, of one `colleague`'s where there is one; the form has been found valid."""
        facts = self.cleaned_data
        return Asked(self, facts["since"], facts["until"], self.today, self.where, colleague)


class DashboardForm(PeriodForm):
    """The address of the dashboard: a period, team, branch, municipality, selection."""

    BESIDES = frozenset({"filter", "anew"})

    municipality = forms.ChoiceField(
        label=gettext_lazy("Municipality"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such municipality.")},
    )  # fmt: skip
    branch = forms.CharField(
        label=gettext_lazy("Branch"), required=False, max_length=300,
        help_text=gettext_lazy("A code at any level, or words from its title."),
    )  # fmt: skip
    team = forms.ChoiceField(
        label=gettext_lazy("Team of the responsible"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such team of which figures are told. Choose another one.")},
    )  # fmt: skip
    among = forms.ChoiceField(
        label=gettext_lazy("In the selection"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such selection any more. Choose another one.")},
    )  # fmt: skip

    # Which rows each of the choices is one of, and the column that it is called by.
    OFFERED = {
        "municipality": lambda user: Municipality.objects.values_list("pk", "name"),
        "team": lambda user: Team.objects.told_to(user).values_list("pk", "name"),
        "among": lambda user: Selection.objects.seen_by(user).values_list("pk", "name"),
    }

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        for name, offered in self.OFFERED.items():
            # Asked for only by an open panel, or to check an answer.
            self.fields[name].choices = lambda offered=offered: [("", _("All")), *offered(user)]

    def clean(self):
        facts = super().clean()
        refuse_what_is_of_few(self, facts)
        return facts


@dataclass(frozen=True)
class Asked:
    """A period, both days counted, and where: `where` is that part of the address, empty for the whole register.

    Of a `colleague` only what is theirs.
    """

    form: AmongForm | None
    since: date
    until: date
    today: date
    where: dict
    colleague: User | None = None

    @property
    def is_own(self):
        """Whether the colleague is the one who asks."""
        return self.colleague == self.form.user

    def at(self, rows, workplace="workplace"):
        """Those of `rows` that belong to the workplaces asked for; the lookup leads to the workplace."""
        return self.form.at(rows, workplace) if self.where else rows

    def workplaces(self):
        """The active workplaces asked for."""
        return self.at(Workplace.objects.active(), "pk")

    @property
    def year_ago(self):
        """The first day of "within 12 months", as the register has it."""
        return self.today - relativedelta(months=12)

    @cached_property
    def plans(self):
        """The plans of the groups, in their order."""
        return list(TierPlan.objects.all())

    @cached_property
    def cadences(self):
        """`{tier: days}`, as the plans of the groups say it."""
        return {plan.tier: plan.cadence_days for plan in self.plans if plan.cadence_days}

    @cached_property
    def before(self):
        """The same days a year earlier, `(first, last)`."""
        return self.since - relativedelta(years=1), self.until - relativedelta(years=1)

    def url(self, name, **query):
        """The address of the list called `name`, narrowed to where and to what `query` says."""
        asked = urlencode({key: value for key, value in (self.where | query).items() if value not in ("", None)}, True)
        return f"{reverse(name)}{'?' if asked else ''}{asked}"

    @property
    def query(self):
        """The address of the dashboard for this, without what is said by saying nothing."""
        days = {"since": self.since, "until": self.until}
        usual = {"since": self.today.replace(month=1, day=1), "until": self.today}
        return urlencode(self.where | {name: day.isoformat() for name, day in days.items() if day != usual[name]})

    @property
    def days(self):
        """The period alone, for the address of another page of figures."""
        return urlencode({"since": self.since.isoformat(), "until": self.until.isoformat()})

    def quick(self):
        """Periods that are asked for by one tap: `(words, address, whether it is this one)`."""
        usual, this = usual_periods(self.today), (self.since, self.until)
        # Two of them may be the same days, as this year and this quarter are until the end of March.
        marked = next((words for words, *days in usual if tuple(days) == this), None)
        for words, since, until in usual:
            days = {} if (since, until) == usual[0][1:] else {"since": since, "until": until}
            here = f"?{urlencode(self.where | days)}"
            yield words, here, words == marked

    @property
    def period(self):
        """The period in words."""
        return " – ".join(date_format(day, "DATE_FORMAT") for day in (self.since, self.until))


def usual_periods(today):
    """`(words, first day, last day)` of the periods that are offered; the first is meant where none is named."""
    year, quarter, day = today.replace(month=1, day=1), first_of_quarter(today), timedelta(days=1)
    return [
        (_("This year"), year, today),
        (_("Last year"), year - relativedelta(years=1), year - day),
        (_("This quarter"), quarter, today),
        (_("Last quarter"), quarter - relativedelta(months=3), quarter - day),
        (_("12 months"), today - relativedelta(months=12) + day, today),
    ]


def first_of_quarter(day):
    return day.replace(month=3 * ((day.month - 1) // 3) + 1, day=1)
