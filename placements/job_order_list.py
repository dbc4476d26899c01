"""The list of job orders: which are open, by when, whose; the same rows on the page and in Excel."""

from datetime import timedelta

from django import forms
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.listings import WHICH_IN_TOWN, Column
from companies.querysets import search_words
from contacts.owned_list import OwnedListFilter
from placements.models import JobOrder, Measure

OPEN, FILLED, WITHDRAWN = "", "filled", "withdrawn"
# Value in the address -> words.
PARTS = {
    OPEN: pgettext_lazy("job orders", "Open"),
    FILLED: pgettext_lazy("job orders", "Filled"),
    WITHDRAWN: pgettext_lazy("job orders", "Withdrawn"),
}
SORTED = {
    "": (gettext_lazy("Nearest deadline first"), ["deadline", "pk"]),
    "name": (gettext_lazy("By workplace"), ["workplace__sort_name", "pk"]),
    "-missing": (gettext_lazy("Most to find first"), [(F("positions") - F("filled")).desc(), "deadline", "pk"]),
    "whose": (gettext_lazy("By colleague"), ["owner__first_name", "owner__last_name", "deadline", "pk"]),
    "-new": (gettext_lazy("Newest first"), ["-pk"]),
}
# Of what is closed, what was closed last.
CLOSED_FIRST = ["-closed_on", "-pk"]
ORDINARY = "ordinary"
SOON = timedelta(days=7)


class JobOrderFilter(OwnedListFilter):
    """What the address of the list may say. `user` and `today` are arguments."""

    PARTS = PARTS
    SORTED = {name: words for name, (words, _order) in SORTED.items()}
    NARROWED = ("kind", "deadline", "whose", "tier")
    OWNERS_MAY = "placements.change_joborder"

    q = forms.CharField(
        label=gettext_lazy("Search"), max_length=100, required=False,
        widget=forms.TextInput(attrs={"placeholder": gettext_lazy("Name, town or vacancy")}),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("What kind"), required=False,
        error_messages={"invalid_choice": gettext_lazy("There is no such measure.")},
    )  # fmt: skip
    deadline = forms.ChoiceField(
        label=gettext_lazy("Deadline"), required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("passed", gettext_lazy("Has passed")),
            ("week", gettext_lazy("Within a week")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Deadlines are not told apart like that.")},
    )  # fmt: skip

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        used = Measure.objects.filter(pk__in=JobOrder.objects.order_by().values("measure"))
        self.fields["kind"].choices = [
            ("", _("All kinds")), (ORDINARY, _("Ordinary vacancies")), *((one.pk, one.name) for one in used)
        ]  # fmt: skip

    def _chosen(self):
        facts, rows = self.cleaned_data, JobOrder.objects.all()
        for word in search_words(facts["q"]):
            rows = rows.filter(Q(workplace__search_text__contains=word) | Q(title__icontains=word))
        if facts["kind"]:
            rows = rows.ordinary() if facts["kind"] == ORDINARY else rows.filter(measure=facts["kind"])
        if facts["deadline"] == "passed":
            rows = rows.filter(deadline__lt=self.today)
        elif facts["deadline"] == "week":
            rows = rows.filter(deadline__range=(self.today, self.today + SOON))
        return self.owned(rows)

    def counts(self):
        """How many orders there are of each part; how many positions the open ones lack, and how many are late; one statement."""
        is_open = Q(state="open")
        return self._chosen().order_by().aggregate(
            open=Count("pk", filter=is_open),
            # Not "filled": a column is called so.
            full=Count("pk", filter=Q(state=FILLED)),
            withdrawn=Count("pk", filter=Q(state=WITHDRAWN)),
            missing=Coalesce(Sum(F("positions") - F("filled"), filter=is_open), 0),
            passed=Count("pk", filter=is_open & Q(deadline__lt=self.today)),
        )  # fmt: skip

    def rows(self):
        """The orders of the list, in order, with what a row shows."""
        facts = self.cleaned_data
        _words, order = SORTED[facts["sort"]]
        if facts["state"] and not facts["sort"]:
            order = CLOSED_FIRST
        rows = self._chosen().filter(state=facts["state"] or "open").with_waiting()
        return rows.select_related("measure", "workplace__company", "owner").order_by(*order)


COLUMNS = (
    Column(gettext_lazy("Vacancy"), 34, lambda one: one.title),
    Column(gettext_lazy("What kind"), 26, lambda one: one.measure.name if one.measure else _("Ordinary vacancy")),
    Column(gettext_lazy("Status"), 12, lambda one: str(one.get_state_display())),
    *(column.of("workplace") for column in WHICH_IN_TOWN),
    Column(gettext_lazy("Positions"), 10, lambda one: one.positions, "number"),
    Column(pgettext_lazy("positions", "Filled"), 8, lambda one: one.filled, "number"),
    Column(gettext_lazy("Referred, not answered"), 13, lambda one: one.waiting, "number"),
    Column(gettext_lazy("Deadline"), 13, lambda one: one.deadline, "date"),
    Column(gettext_lazy("Responsible"), 24, lambda one: str(one.owner)),
    Column(gettext_lazy("Closed on"), 13, lambda one: one.closed_on, "date"),
    Column(gettext_lazy("Why it was withdrawn"), 34, lambda one: one.closed_why),
)
