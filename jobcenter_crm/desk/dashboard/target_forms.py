"""The forms of targets: what is to be reached, where, by when, who answers for it."""

from dateutil.relativedelta import relativedelta
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.among import NAMES
from companies.models import TIERS, Municipality, Selection
from contacts.follow_up_forms import Cautious
from jobcenter_crm.desk.dashboard.asked import EARLIEST, LATEST
from jobcenter_crm.desk.dashboard.measures import MEASURES
from jobcenter_crm.desk.dashboard.realism import Verdict
from jobcenter_crm.desk.dashboard.targets import VIEW, query_of, scope_of, where_of
from jobcenter_crm.desk.models import Target
from jobcenter_crm.frame.fields import FigureField
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import Team, User

# A figure of longer ago is that of another job centre, and nobody answers for what lies further ahead.
MOST_YEARS = 5
_NUMBER = {"max_digits": 8, "decimal_places": 1, "min_value": 0, "max_value": 9_999_999}
# They come together: what somebody else counted, who that was, and as of when.
_COMPARED = ("comparison", "comparison_source", "comparison_on")
# What is written of a target and may be changed, beside who answers for it.
_WRITTEN = ("goal", "deadline", *_COMPARED, "why")
_SAYS = gettext_lazy("Write a number, with one decimal at most.")


class TargetForm(Cautious, forms.Form):
    """A target that is set or, with a `target` that exists, changed: what it is about and where it holds then stay."""

    measure = forms.ChoiceField(label=gettext_lazy("What is to be reached?"))
    tier = forms.MultipleChoiceField(
        label=gettext_lazy("Groups"), choices=[(str(tier), name) for tier, name in TIERS], required=False,
        widget=forms.CheckboxSelectMultiple, help_text=gettext_lazy("None: all of them."),
    )  # fmt: skip
    team = forms.ChoiceField(label=gettext_lazy("Team of the responsible"), required=False)
    municipality = forms.ChoiceField(label=gettext_lazy("Municipality"), required=False)
    among = forms.ChoiceField(
        label=gettext_lazy("In the selection"),
        required=False,
        help_text=gettext_lazy("Those that are shared with all."),
    )
    branch = forms.CharField(
        label=gettext_lazy("Branch"), required=False, max_length=300,
        help_text=gettext_lazy("A code at any level, or words from its title."),
    )  # fmt: skip
    goal = FigureField(
        label=gettext_lazy("Target"), says=_SAYS, help_text=gettext_lazy("Per cent, where the figure is a share."),
        **_NUMBER,
    )  # fmt: skip
    starts_on = forms.DateField(
        label=gettext_lazy("Counted from"), required=False, widget=DAY,
        help_text=gettext_lazy("For what is counted over a period. Anything else begins where it stands today."),
    )  # fmt: skip
    deadline = forms.DateField(label=gettext_lazy("Deadline"), widget=DAY)
    responsible = forms.ModelChoiceField(
        User.objects.none(),
        label=gettext_lazy("Responsible"),
        empty_label=gettext_lazy("Choose a colleague"),
        help_text=gettext_lazy("One of those who may see targets."),
    )
    comparison = FigureField(label=gettext_lazy("Figure for comparison"), says=_SAYS, required=False, **_NUMBER)
    comparison_on = forms.DateField(label=gettext_lazy("As of"), required=False, widget=DAY)
    comparison_source = forms.CharField(
        label=gettext_lazy("Source"), required=False, max_length=200,
        help_text=gettext_lazy("Who counted it, and where it can be read."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("Why is it set all the same?"), required=False, max_length=300,
        help_text=gettext_lazy("One sentence. It stays with the target."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("comparison_source", "why")
    FIXED = ("measure", "tier", "team", "municipality", "among", "branch", "starts_on")
    OFFERED = {
        "team": lambda: Team.objects.told_to_all().values_list("pk", "name"),
        "municipality": lambda: Municipality.objects.values_list("pk", "name"),
        "among": lambda: Selection.objects.shared().values_list("pk", "name"),
    }

    def __init__(self, data=None, *, user, today, target=None):
        self.today, self.target = today, target
        super().__init__(data, initial=_initial(target) if target else {"starts_on": today, "responsible": user.pk})
        # Whoever answers for it has to be able to see it.
        also = target.responsible_id if target else None
        self.fields["responsible"].queryset = User.objects.for_choice(VIEW, also)
        if target:
            for name in self.FIXED:
                del self.fields[name]
            return
        self.fields["measure"].choices = [
            ("", _("Choose one")),
            *((name, one.words) for name, one in MEASURES.items() if one.is_seen_by(user)),
        ]
        for name, offered in self.OFFERED.items():
            self.fields[name].choices = lambda offered=offered: [("", _("All")), *offered()]

    def clean(self):
        facts = super().clean()
        measure = MEASURES.get(self.target.measure if self.target else facts.get("measure"))
        if measure is None:
            return facts
        self._clean_goal(measure, facts)
        self._clean_days(measure, facts)
        self._clean_comparison(measure, facts)
        where, tiers = where_of(self.target) if self.target else self._clean_where(measure, facts)
        self.scope = scope_of(where, tiers, self.today)
        if self.scope.problems:
            self._say_where_it_fails()
        if not self.errors:
            self._clean_once(measure, facts)
        return facts

    def _clean_goal(self, measure, facts):
        goal = facts.get("goal")
        if goal is None:
            return
        if measure.is_percent and goal > 100:
            self.add_error("goal", _("It is a share: write at most 100 per cent."))
        elif not measure.is_percent and goal != goal.to_integral_value():
            self.add_error("goal", _("It is a number of something: write a whole number."))

    def _clean_days(self, measure, facts):
        if self.target:
            start = self.target.starts_on
        else:
            start = facts["starts_on"] = (
                (facts.get("starts_on") or self.today) if measure.is_of_a_period else self.today
            )
        if not self.target and not (
            max(EARLIEST, self.today - relativedelta(years=1)) <= start <= self.today + relativedelta(years=1)
        ):
            self.add_error("starts_on", _("Write a day at most a year back or ahead."))
        deadline = facts.get("deadline")
        if deadline is None or "starts_on" in self.errors:
            return
        if deadline <= max(self.today, start):
            self.add_error("deadline", _("The deadline must lie ahead, and after the start."))
        elif deadline > min(LATEST, self.today + relativedelta(years=MOST_YEARS)):
            self.add_error("deadline", _("Write a day at most five years ahead."))

    def _clean_comparison(self, measure, facts):
        lacking = [name for name in _COMPARED if facts.get(name) in (None, "")]
        if len(lacking) < len(_COMPARED) and not any(name in self.errors for name in _COMPARED):
            for name in lacking:
                self.add_error(name, _("A figure for comparison has a source and a day. Fill in all three, or none."))
        if measure.is_percent and (facts.get("comparison") or 0) > 100:
            self.add_error("comparison", _("It is a share: write at most 100 per cent."))
        day = facts.get("comparison_on")
        if day and not EARLIEST <= day <= self.today:
            self.add_error("comparison_on", _("Write a day that has been."))

    def _clean_where(self, measure, facts):
        where = {name: facts[name] for name in NAMES if facts.get(name)}
        tiers = tuple(sorted(int(tier) for tier in facts.get("tier") or ()))
        if len(tiers) > 1 and not measure.takes_several_groups:
            self.add_error(
                "tier", _("The list behind this figure shows one group at a time. Choose one group, or none.")
            )
        if len(query_of(where, tiers)) > Target._meta.get_field("where").max_length:
            self.add_error("branch", _("The search is too long. Take something out of it."))
        return where, tiers

    def _say_where_it_fails(self):
        """Beside its field, what can't be read of where; of a target that has been set, above the form."""
        search = self.scope.form.search
        found = {name: errors.as_data() for name, errors in search.form.errors.items()} or self.scope.few
        for name, errors in found.items():
            self.add_error(name if name in self.fields else None, errors)
        if not found:
            self.add_error(None, list(self.scope.problems))

    def _clean_once(self, measure, facts):
        where, tiers = self.scope.where, self.scope.tiers
        same = Target.objects.open().filter(
            measure=measure.name, where=query_of(where, tiers), among=where.get("among"), deadline=facts["deadline"]
        )
        if same.exclude(pk=self.target and self.target.pk).exists():
            self.say_that_there_is_one()

    def say_that_there_is_one(self):
        """The same figure at the same place with the same deadline has a target already."""
        self.add_error("deadline", _("There is a target for the same by the same day already. Change that one."))

    def filled(self):
        """The `Target` as the form says it, not saved; the form has been found valid."""
        facts = self.cleaned_data
        target = self.target or Target(measure=facts["measure"], starts_on=facts["starts_on"])
        if not self.target:
            target.where = query_of(self.scope.where, self.scope.tiers)
            target.among_id = self.scope.where.get("among") and int(self.scope.where["among"])
        for name in (*_WRITTEN, "responsible"):
            setattr(target, name, facts[name])
        return target

    def lacks_why(self, verdict):
        """Whether the sentence is missing without which such a target is not set; the form then says so."""
        if verdict != Verdict.INCOHERENT or self.cleaned_data["why"]:
            return False
        self.add_error("why", _("The target does not hang together. Write in a sentence why it is set all the same."))
        return True


def _initial(target):
    return {name: getattr(target, name) for name in _WRITTEN} | {"responsible": target.responsible_id}


class EndForm(Cautious, forms.Form):
    """Why a target is ended."""

    why = forms.CharField(
        label=gettext_lazy("Why does it end?"), max_length=300,
        help_text=gettext_lazy("One sentence: it is reached, its time is up, or something else matters more."),
    )  # fmt: skip
    not_cpr = forms.BooleanField(label=gettext_lazy("It is not a CPR number"), required=False)

    FREE_TEXT = ("why",)
