"""The list of placements: which run, which have ended, of which the effect is due; the same rows on the page and in Excel."""

from django import forms
from django.db.models import Count, F, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.listings import Column
from companies.models import TIERS
from companies.querysets import search_words
from contacts.follow_up_list import of_whom
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.staff.models import Team, User
from placements.models import Measure, Placement

RUNNING, OVERDUE, ENDED, EFFECT_DUE = "", "overdue", "ended", "effect"
WORDS = {
    RUNNING: pgettext_lazy("placements", "Running"),
    OVERDUE: gettext_lazy("Past the planned end"),
    ENDED: pgettext_lazy("placements", "Ended"),
    EFFECT_DUE: gettext_lazy("Effect due"),
}
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
    return {
        RUNNING: Q(ended_on=None),
        OVERDUE: Q(ended_on=None, planned_end__lt=today),
        ENDED: Q(ended_on__isnull=False),
        EFFECT_DUE: Q(pk__in=due),
    }[state]


class PlacementFilter(StrictForm):
    """What the address of the list may say. `user` and `today` are arguments."""

    q = forms.CharField(label=gettext_lazy("Employer"), max_length=100, required=False)
    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure"), required=False, queryset=Measure.objects.all(), empty_label=gettext_lazy("All measures"),
        error_messages={"invalid_choice": gettext_lazy("There is no such measure.")},
    )  # fmt: skip
    whose = forms.ChoiceField(
        label=gettext_lazy("Consultant"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such colleague or team here any more.")},
    )  # fmt: skip
    tier = forms.ChoiceField(
        label=gettext_lazy("Group"), required=False,
        choices=[("", gettext_lazy("All groups")), *((str(value), label) for value, label in TIERS)],
        error_messages={"invalid_choice": gettext_lazy("There is no such group.")},
    )  # fmt: skip
    sort = forms.ChoiceField(
        label=gettext_lazy("Sorted"), required=False, choices=list(SORTED.items()),
        error_messages={"invalid_choice": gettext_lazy("The list can't be sorted like that.")},
    )  # fmt: skip
    state = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user, today):
        self.user, self.today = user, today
        super().__init__(data)
        colleagues = User.objects.working().who_may("placements.change_placement").exclude(pk=user.pk).in_order()
        team = [("team", _("My team's"))] if user.team_id else []
        self.fields["whose"].choices = [
            ("", _("Everybody's")), ("me", _("Mine")), *team, ("nobody", _("Those of colleagues who have left")),
            (_("A team's"), [(f"team-{one.pk}", one.name) for one in Team.objects.all()]),
            (_("A colleague's"), [(str(colleague.pk), str(colleague)) for colleague in colleagues]),
        ]  # fmt: skip

    def clean(self):
        facts = super().clean()
        if facts.get("state") not in WORDS:
            # Beside no field: it is chosen by the tabs.
            raise forms.ValidationError(_("There is no such part of the list."), code="unknown")
        return facts

    @property
    def is_narrowed(self):
        """Whether anything but the part was chosen."""
        return any(self.cleaned_data[name] for name in ("q", "measure", "whose", "tier"))

    @property
    def is_of_colleagues(self):
        """Whether it is narrowed to what somebody has done: of that no shares are told."""
        return bool(self.cleaned_data["whose"])

    def chosen(self):
        """The placements that the filter finds, whatever became of them."""
        facts, rows = self.cleaned_data, Placement.objects.all()
        for word in search_words(facts["q"]):
            rows = rows.filter(
                Q(slot__workplace__search_text__contains=word) | Q(slot__workplace__company__cvr_number=word)
            )
        if facts["measure"]:
            rows = rows.filter(slot__measure=facts["measure"])
        if facts["tier"]:
            rows = rows.filter(slot__workplace__tier=int(facts["tier"]))
        if facts["whose"]:
            whose = str(self.user.pk) if facts["whose"] == "me" else facts["whose"]
            rows = rows.filter(of_whom(whose, self.user, "consultant"))
        return rows

    def counts(self):
        """How many there are of each part; one statement."""
        counted = {state or "running": Count("pk", filter=_part(state, self.today)) for state in WORDS}
        return self.chosen().order_by().aggregate(**counted)

    def rows(self):
        """The placements of the list, in order, with what a row shows."""
        facts = self.cleaned_data
        rows = self.chosen().filter(_part(facts["state"], self.today))
        rows = rows.select_related("slot__workplace__company", "slot__measure", "consultant", "effect")
        order = ORDERS.get(facts["sort"])
        if order is None:
            order = [F("ended_on").desc(nulls_last=True), "-pk"] if facts["state"] == ENDED else ["planned_end", "pk"]
            order = ["ended_on", "pk"] if facts["state"] == EFFECT_DUE else order
        return rows.order_by(*order)

    def words(self):
        """What is chosen, for whoever gets the file."""
        facts = self.cleaned_data
        said = [str(WORDS[facts["state"]])]
        for name in ("measure", "whose", "tier"):
            if facts[name]:
                field = self.fields[name]
                told = str(facts[name]) if name == "measure" else _chosen_words(field, facts[name])
                said.append(f"{field.label}: {told}")
        return ", ".join(said + ([f"“{facts['q']}”"] if facts["q"] else []))


def _chosen_words(field, value):
    for key, words in field.choices:
        options = words if isinstance(words, list | tuple) else [(key, words)]
        for inner, told in options:
            if str(inner) == value:
                return told
    return value


def may_see_references(user):
    """Whoever works with the cases sees which one it is; for everybody else a placement is only a row."""
    return user.has_perm("placements.change_placement") or user.has_perm("placements.change_reservation")


def _effect(placement):
    told = getattr(placement, "effect", None)
    return str(told) if told else ""


REFERENCE = Column(gettext_lazy("Case reference"), 18, lambda one: one.case_reference)
# Without the colleague: what came of placements is never told by colleague.
COLUMNS = (
    Column(gettext_lazy("Workplace"), 34, lambda one: one.slot.workplace.name),
    Column(gettext_lazy("Company"), 34, lambda one: one.slot.workplace.company.name),
    Column(gettext_lazy("CVR number"), 12, lambda one: one.slot.workplace.company.cvr_number),
    Column(gettext_lazy("P-number"), 13, lambda one: one.slot.workplace.p_number or ""),
    Column(gettext_lazy("Group"), 8, lambda one: one.slot.workplace.tier, "number"),
    Column(gettext_lazy("Measure"), 26, lambda one: str(one.slot.measure)),
    Column(gettext_lazy("Tasks"), 34, lambda one: one.slot.tasks),
    Column(gettext_lazy("Start"), 13, lambda one: one.starts_on, "date"),
    Column(gettext_lazy("Planned end"), 13, lambda one: one.planned_end, "date"),
    Column(pgettext_lazy("one placement", "Ended"), 13, lambda one: one.ended_on, "date"),
    Column(gettext_lazy("Why it ended"), 26, lambda one: str(one.get_end_reason_display())),
    Column(gettext_lazy("What came of it"), 20, _effect),
    Column(gettext_lazy("Paid hours a week"), 10, lambda one: one.effect.hours if _effect(one) else None, "number"),
)


def columns_for(user):
    """The columns of the file that `user` gets."""
    return (REFERENCE, *COLUMNS) if may_see_references(user) else COLUMNS
