"""The list of slots: of which measure, what is free, whose, for whom; the same rows on the page and in Excel."""

from django import forms
from django.db.models import Count, F, IntegerField, Q, Sum
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.among import NAMES
from companies.listings import WHICH_IN_TOWN, Column
from companies.models import TargetGroup
from contacts.owned_list import OwnedListFilter
from partnerships.models import Agreement
from placements import debt
from placements.models import Measure, Slot
from placements.search import matching

OPEN, PAUSED, OVER = "", "paused", "over"
# Value in the address -> words.
PARTS = {
    OPEN: pgettext_lazy("slots", "Open"),
    PAUSED: pgettext_lazy("slots", "Paused"),
    OVER: gettext_lazy("Closed and run out"),
}
SORTED = {
    "": (gettext_lazy("Free places first"), [F("free").desc(), "workplace__sort_name", "pk"]),
    "name": (gettext_lazy("By workplace"), ["workplace__sort_name", "pk"]),
    "measure": (gettext_lazy("By measure"), ["measure__position", "measure", "workplace__sort_name", "pk"]),
    "whose": (gettext_lazy("By colleague"), ["owner__first_name", "owner__last_name", "workplace__sort_name", "pk"]),
    "-new": (gettext_lazy("Newest first"), ["-pk"]),
}
FREE = {"yes": Q(free__gt=0), "no": Q(free__lte=0), "some": Q(taken__gt=0)}
_GROUPS = Slot.target_groups.through.objects


class SlotFilter(OwnedListFilter):
    """What the address of the list may say. `user` and `today` are arguments."""

    PARTS = PARTS
    SORTED = {name: words for name, (words, _order) in SORTED.items()}
    NARROWED = ("measure", "free", "group", "whose", "tier", "heard", "owed")
    KEPT = (*NAMES, "agreement")
    OWNERS_MAY = "placements.change_slot"

    q = forms.CharField(
        label=gettext_lazy("Search"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name, town or tasks")}),
    )  # fmt: skip
    measure = forms.ChoiceField(
        label=gettext_lazy("Measure"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such measure.")},
    )  # fmt: skip
    free = forms.ChoiceField(
        label=gettext_lazy("Free places"), required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("yes", gettext_lazy("Has a free place")),
            ("no", gettext_lazy("All places are taken")),
            ("some", gettext_lazy("Has a place that is taken or promised")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Free places are not told apart like that.")},
    )  # fmt: skip
    group = forms.ChoiceField(
        label=gettext_lazy("Target group"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such target group.")},
    )  # fmt: skip
    heard = forms.ChoiceField(
        label=gettext_lazy("Still open?"), required=False,
        choices=[("", gettext_lazy("All")), ("not", gettext_lazy("Not heard of for 60 days"))],
        error_messages={"invalid_choice": gettext_lazy("Slots are not told apart like that.")},
    )  # fmt: skip

    owed = forms.ChoiceField(
        label=gettext_lazy("What we owe"), required=False,
        choices=[("", gettext_lazy("All")), ("yes", gettext_lazy("We owe them a candidate or a call"))],
        error_messages={"invalid_choice": gettext_lazy("Slots are not told apart like that.")},
    )  # fmt: skip

    agreement = forms.ModelChoiceField(
        required=False, queryset=Agreement.objects.all(), widget=forms.HiddenInput,
        error_messages={"invalid_choice": gettext_lazy("There is no such agreement.")},
    )  # fmt: skip

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        self.fields["measure"].choices = [
            ("", _("All measures")), *((one.pk, one.name) for one in Measure.objects.filter(pk__in=Slot.objects.order_by().values("measure")))
        ]  # fmt: skip
        self.fields["group"].choices = [
            ("", _("All target groups")), *((one.pk, one.name) for one in TargetGroup.objects.filter(pk__in=_GROUPS.values("targetgroup")))
        ]  # fmt: skip

    def _chosen(self):
        facts = self.cleaned_data
        rows = Slot.objects.filter(matching(facts["q"]))
        if facts["measure"]:
            rows = rows.filter(measure=facts["measure"])
        if facts["group"]:
            rows = rows.filter(pk__in=_GROUPS.filter(targetgroup=facts["group"]).values("slot"))
        if facts["agreement"]:
            rows = rows.filter(agreement=facts["agreement"])
        if facts["heard"]:
            rows = rows.filter(pk__in=Slot.objects.to_confirm(self.today).order_by().values("pk"))
        if facts["owed"]:
            rows = rows.filter(pk__in=debt.owed_slots().order_by().values("pk"))
        if facts["free"]:
            rows = rows.with_free(self.today).filter(FREE[facts["free"]])
        return self.owned(rows)

    @property
    def chips(self):
        if not (agreement := self.cleaned_data["agreement"]):
            return super().chips
        words = f"{agreement}, {agreement.workplace.name}"
        return [*super().chips, {"name": "agreement", "with": "", "text": words}]

    def _part(self, name):
        if name == OPEN:
            return Q(state="open") & (Q(ends_on=None) | Q(ends_on__gte=self.today))
        if name == PAUSED:
            return Q(state="paused") & (Q(ends_on=None) | Q(ends_on__gte=self.today))
        return Q(state="closed") | Q(ends_on__lt=self.today)

    def counts(self):
        """How many slots there are of each part, and how many were not heard of for 60 days; one statement."""
        counted = {name or "open": Count("pk", filter=self._part(name)) for name in PARTS}
        late = Slot.objects.to_confirm(self.today).order_by().values("pk")
        return self._chosen().order_by().aggregate(**counted, to_confirm=Count("pk", filter=Q(pk__in=late)))

    def places(self):
        """How many places the open part has, how many of them are taken or promised, free today, and free from a later day on.

        One statement.
        """
        rows = self._chosen().filter(self._part(OPEN)).with_free(self.today).order_by()
        counted = {
            "in_all": Sum("places"),
            "had": Sum(Least("taken", "places", output_field=IntegerField())),
            "today": Sum("free", filter=Q(free__gt=0, starts_on__lte=self.today)),
            "later": Sum("free", filter=Q(free__gt=0, starts_on__gt=self.today)),
        }
        return rows.aggregate(**{name: Coalesce(number, 0) for name, number in counted.items()})

    def rows(self):
        """The slots of the list, in order, with what a row shows; what is free is reckoned in the same statement."""
        facts = self.cleaned_data
        _words, order = SORTED[facts["sort"]]
        rows = self._chosen().filter(self._part(facts["state"])).with_free(self.today)
        return rows.select_related("measure", "workplace__company", "owner").order_by(*order)


def _groups(slot):
    return ", ".join(group.name for group in slot.target_groups.all())


COLUMNS = (
    Column(gettext_lazy("Measure"), 26, lambda one: one.measure.name),
    Column(gettext_lazy("Tasks"), 40, lambda one: one.tasks),
    Column(gettext_lazy("Status"), 12, lambda one: str(one.get_state_display())),
    *(column.of("workplace") for column in WHICH_IN_TOWN),
    Column(gettext_lazy("Places"), 8, lambda one: one.places, "number"),
    Column(pgettext_lazy("places", "Free"), 10, lambda one: max(one.free, 0), "number"),
    Column(gettext_lazy("From"), 13, lambda one: one.starts_on, "date"),
    Column(gettext_lazy("Until"), 13, lambda one: one.ends_on, "date"),
    Column(gettext_lazy("Target groups"), 40, _groups),
    Column(gettext_lazy("Responsible"), 24, lambda one: str(one.owner)),
    Column(gettext_lazy("Still open as of"), 13, lambda one: one.confirmed_on, "date"),
)
