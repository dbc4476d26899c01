"""The list of placements: which run, which have ended, of which the effect is due; the same rows on the page and in Excel."""

from datetime import date

from django import forms
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.among import NAMES, refuse_what_is_of_few, those_of_few
from companies.listings import WHICH, Column
from companies.models import Workplace
from companies.querysets import search_words
from contacts.follow_up_list import team_of
from contacts.owned_list import OwnedListFilter
from jobcenter_crm.frame.pages import capped_counts
from jobcenter_crm.staff.discretion import sees_colleagues
from jobcenter_crm.staff.models import Team, User
from placements.models import Effect, Measure, Placement

RUNNING, OVERDUE, ENDED, EFFECT_DUE = "", "overdue", "ended", "effect"
ALL, WITHDRAWN = "all", "withdrawn"
WORDS = {
    RUNNING: pgettext_lazy("placements", "Running"),
    OVERDUE: gettext_lazy("Past the planned end"),
    ENDED: pgettext_lazy("placements", "Ended"),
    EFFECT_DUE: gettext_lazy("Effect due"),
    ALL: gettext_lazy("All placements"),
    WITHDRAWN: gettext_lazy("Came to nothing"),
}
# A period in the address: name -> words, and the question that it asks.
PERIODS = {
    "started": (gettext_lazy("Begun"), Placement.objects.started_in),
    "ended": (pgettext_lazy("in a period", "Ended"), Placement.objects.ended_in),
}
# Days that a period has where it is said on one side only.
FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2199, 12, 31)
SORTED = {
    "": gettext_lazy("What comes next first"),
    "name": gettext_lazy("By employer"),
    "whose": gettext_lazy("By colleague"),
    "-new": gettext_lazy("Latest start first"),
}
ORDERS = {
    "name": ["slot__workplace__sort_name", "pk"],
    "whose": ["consultant__first_name", "consultant__last_name", "planned_end", "pk"],
    "-new": ["-starts_on", "-pk"],
}


def _part(state, today):
    """The condition of a part of the list."""
    due = Placement.objects.effect_due(today).order_by().values("pk")
    running = Q(ended_on=None, withdrawn_on=None)
    return {
        RUNNING: running,
        OVERDUE: running & Q(planned_end__lt=today),
        ENDED: Q(ended_on__isnull=False),
        EFFECT_DUE: Q(pk__in=due),
        ALL: Q(withdrawn_on=None),
        WITHDRAWN: Q(withdrawn_on__isnull=False),
    }[state]


class PlacementFilter(OwnedListFilter):
    """What the address of the list may say. `user` and `today` are arguments."""

    PARTS = WORDS
    SORTED = SORTED
    NARROWED = ("measure", "whose", "tier", "outcome")
    KEPT = (*NAMES, "started_from", "started_until", "ended_from", "ended_until")
    OWNERS_MAY = "placements.change_placement"

    q = forms.CharField(label=gettext_lazy("Employer"), max_length=100, required=False)
    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure"), required=False, queryset=Measure.objects.all(), empty_label=gettext_lazy("All measures"),
        error_messages={"invalid_choice": gettext_lazy("There is no such measure.")},
    )  # fmt: skip

    outcome = forms.ChoiceField(
        label=gettext_lazy("Effect"), required=False,
        choices=[("", gettext_lazy("All")), ("known", gettext_lazy("It is known")), *Effect.Outcome.choices,
                 ("supporting", pgettext_lazy("after a placement", "Self-supporting")),
                 ("said", gettext_lazy("It was said whether they support themselves"))],
        error_messages={"invalid_choice": gettext_lazy("Nothing like that can come of a placement.")},
    )  # fmt: skip
    shares = forms.ChoiceField(required=False, choices=[("yes", "")], widget=forms.HiddenInput)
    started_from = forms.DateField(required=False, widget=forms.HiddenInput)
    started_until = forms.DateField(required=False, widget=forms.HiddenInput)
    ended_from = forms.DateField(required=False, widget=forms.HiddenInput)
    ended_until = forms.DateField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        self.fields["whose"].label = _("Consultant")
        if not user.has_perm("placements.view_effect"):
            del self.fields["outcome"]

    def clean(self):
        facts = super().clean()
        is_of_period = any(facts.get(f"{name}_{end}") for name in PERIODS for end in ("from", "until"))
        if is_of_period:
            # What has been come to in a period is no list to work with (decision 19).
            refuse_what_is_of_few(self, facts)
            self._refuse_whose(facts.get("whose", ""))
        if facts.get("outcome") and (self.of_whom if is_of_period else self._is_of_few(facts)):
            self.add_error(
                "outcome",
                _("What came of placements is never told by colleague. Ask for everybody's, or leave this empty."),
            )
        return facts

    def _is_of_few(self, facts):
        """Whether it is narrowed to a colleague, or to a team of which no figures are told; one's own are one's own."""
        teams, whose = Team.objects.told_to(self.user), facts.get("whose", "")
        if whose.startswith("team") and not teams.filter(pk=team_of(whose, self.user)).exists():
            return True
        return whose.isdigit() or bool(those_of_few(facts, teams))

    def _refuse_whose(self, whose):
        """Let the form say so where `whose` is a colleague's, or a team's of which no figures are told.

        Where such figures are switched on, `of_whom` has the keys of those colleagues too.
        """
        if whose in ("", "me"):
            return
        few = {"pk": whose} if whose.isdigit() else {"team": team_of(whose, self.user)}
        if whose.startswith("team") and Team.objects.told_to(self.user).filter(pk=few["team"]).exists():
            return
        if whose != "nobody" and sees_colleagues(self.user, self.today):
            self.of_whom = {*self.of_whom, *User.objects.working().filter(**few).values_list("pk", flat=True)}
            return
        # Beside no field: a period comes with a link.
        self.add_error(
            None,
            _(
                "What began or ended in a period is not told by colleague, nor of fewer than five people. Ask for everybody's, or take the period out."
            ),
        )

    @property
    def is_of_colleagues(self):
        """Whether it is narrowed to what somebody has done: of that no shares are told."""
        return bool(self.cleaned_data["whose"])

    def chosen(self):
        """The placements that the filter finds, whatever became of them and whatever came of them."""
        facts, rows = self.cleaned_data, Placement.objects.all()
        if search_words(facts["q"]):
            places = Workplace.objects.matching(facts["q"]).order_by()
            rows = rows.filter(slot__workplace__in=places.values("pk"))
        if facts["measure"]:
            rows = rows.filter(slot__measure=facts["measure"])
        for name, (_words, verb) in PERIODS.items():
            first, last = facts[f"{name}_from"], facts[f"{name}_until"]
            if first or last:
                rows = rows.filter(pk__in=verb(first or FIRST_DAY, last or LAST_DAY).order_by().values("pk"))
        return self.owned(rows, owner="consultant", workplace="slot__workplace")

    def _of_outcome(self):
        outcome = self.cleaned_data.get("outcome")
        return self.chosen().of_outcome(outcome) if outcome else self.chosen()

    @property
    def chips(self):
        said = []
        for name, (words, _verb) in PERIODS.items():
            days = [self.cleaned_data[f"{name}_{end}"] for end in ("from", "until")]
            if any(days):
                told = " – ".join(date_format(day, "SHORT_DATE_FORMAT") if day else "…" for day in days)
                said.append({"name": f"{name}_from", "with": f"{name}_until", "text": f"{words} {told}"})
        return super().chips + said

    def counts(self):
        """How many there are of each part, counted only so far; one statement."""
        rows = self._of_outcome()
        counts = capped_counts([rows.filter(_part(state, self.today)) for state in WORDS])
        return {state or "running": number for state, number in zip(WORDS, counts, strict=True)}

    def rows(self):
        """The placements of the list, in order, with what a row shows."""
        facts = self.cleaned_data
        rows = self._of_outcome().filter(_part(facts["state"], self.today))
        rows = rows.select_related("slot__workplace__company", "slot__measure", "consultant", "effect")
        order = ORDERS.get(facts["sort"])
        if order is None:
            order = [F("ended_on").desc(nulls_last=True), "-pk"] if facts["state"] == ENDED else ["planned_end", "pk"]
            order = {EFFECT_DUE: ["ended_on", "pk"], WITHDRAWN: ["-withdrawn_on", "-pk"]}.get(facts["state"], order)
        return rows.order_by(*order)


def may_see_references(user):
    """Whoever works with the cases sees which one it is; for everybody else a placement is only a row."""
    return user.has_perm("placements.change_placement") or user.has_perm("placements.change_reservation")


def _effect(placement):
    told = getattr(placement, "effect", None)
    return str(told) if told else ""


REFERENCE = Column(gettext_lazy("Case reference"), 18, lambda one: one.case_reference)
# Without the colleague: what came of placements is never told by colleague.
COLUMNS = (
    *(column.of("slot.workplace") for column in WHICH),
    Column(gettext_lazy("Measure"), 26, lambda one: str(one.slot.measure)),
    Column(gettext_lazy("Tasks"), 34, lambda one: one.slot.tasks),
    Column(gettext_lazy("Start"), 13, lambda one: one.starts_on, "date"),
    Column(gettext_lazy("Planned end"), 13, lambda one: one.planned_end, "date"),
    Column(pgettext_lazy("one placement", "Ended"), 13, lambda one: one.ended_on, "date"),
    Column(gettext_lazy("Came to nothing"), 13, lambda one: one.withdrawn_on, "date"),
    Column(gettext_lazy("Why it ended"), 26, lambda one: str(one.get_end_reason_display())),
    Column(gettext_lazy("Effect"), 20, _effect),
    Column(gettext_lazy("Paid hours a week"), 10, lambda one: one.effect.hours if _effect(one) else None, "number"),
)


def columns_for(user):
    """The columns of the file that `user` gets."""
    return (REFERENCE, *COLUMNS) if may_see_references(user) else COLUMNS
