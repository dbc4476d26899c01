"""The list of agreements: which kinds, where they stand, whose, what is due; the same rows on the page and in Excel."""

from urllib.parse import urlencode

from django import forms
from django.db.models import Case, Count, F, Q, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.exports import WARNINGS
from companies.listings import GROUP, NAME, Column
from companies.querysets import search_words
from contacts.owned_list import OwnedListFilter
from partnerships.models import Agreement

State = Agreement.State
STANDING, OVER = "", "over"
# Value in the address -> the question that it asks.
REVIEWS = {"due": "review_due", "overdue": "review_overdue", "run_out": "run_out"}
# Value in the address -> words and the condition.
PARTS = {
    STANDING: (gettext_lazy("All that stand"), Q(state__in=[State.DRAFT, State.PROPOSED, State.ACTIVE])),
    "active": (pgettext_lazy("agreements", "Active"), Q(state=State.ACTIVE)),
    "proposed": (pgettext_lazy("agreements", "Proposed"), Q(state=State.PROPOSED)),
    "draft": (pgettext_lazy("agreements", "Drafts"), Q(state=State.DRAFT)),
    OVER: (gettext_lazy("Ended and declined"), Q(state__in=[State.ENDED, State.DECLINED])),
}
SORTED = {
    "": (gettext_lazy("Review due first"), [F("next_review_on").asc(nulls_last=True), "workplace__sort_name", "pk"]),
    "name": (gettext_lazy("By workplace"), ["workplace__sort_name", "pk"]),
    "whose": (gettext_lazy("By colleague"), ["owner__first_name", "owner__last_name", "workplace__sort_name", "pk"]),
    "-new": (gettext_lazy("Newest first"), ["-pk"]),
}


class AgreementFilter(OwnedListFilter):
    """What the address of the list may say. `user` and `today` are arguments."""

    PARTS = {name: words for name, (words, _part) in PARTS.items()}
    SORTED = {name: words for name, (words, _order) in SORTED.items()}
    NARROWED = ("kind", "review", "whose", "tier")
    OWNERS_MAY = "partnerships.change_agreement"

    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All kinds")), *Agreement.Kind.choices],
        error_messages={"invalid_choice": gettext_lazy("There is no such kind of agreement.")},
    )  # fmt: skip
    review = forms.ChoiceField(
        label=gettext_lazy("Review"), required=False,
        choices=[
            ("", gettext_lazy("All")),
            ("due", gettext_lazy("Within 60 days, or overdue")),
            ("overdue", gettext_lazy("Overdue")),
            ("run_out", gettext_lazy("The agreement has run out")),
        ],
        error_messages={"invalid_choice": gettext_lazy("Reviews are not told apart like that.")},
    )  # fmt: skip

    def _chosen(self):
        facts, rows = self.cleaned_data, Agreement.objects.all()
        for word in search_words(facts["q"]):
            rows = rows.filter(
                Q(workplace__search_text__contains=word) | Q(company__cvr_number=word) | Q(title__icontains=word)
            )
        if facts["kind"]:
            rows = rows.filter(kind=facts["kind"])
        if facts["review"]:
            rows = getattr(rows, REVIEWS[facts["review"]])(self.today)
        return self.owned(rows)

    def counts(self):
        """How many there are of each part, and of how many the review is due or overdue; one statement."""
        counted = {name or "standing": Count("pk", filter=part) for name, (_words, part) in PARTS.items()}
        due, late = (
            Q(pk__in=found.order_by().values("pk"))
            for found in (Agreement.objects.review_due(self.today), Agreement.objects.review_overdue(self.today))
        )
        return (
            self._chosen()
            .order_by()
            .aggregate(**counted, due=Count("pk", filter=due), overdue=Count("pk", filter=late))
        )

    def rows(self):
        """The agreements of the list, in order, with what a row shows."""
        facts = self.cleaned_data
        _words, part = PARTS[facts["state"]]
        rows = self._chosen().filter(part).select_related("company", "workplace__company", "owner")
        _words, order = SORTED[facts["sort"]]
        if facts["state"] == OVER and not facts["sort"]:
            order = [F("ends_on").desc(nulls_last=True), "-pk"]
        if facts["state"] == STANDING and not facts["sort"]:
            # What somebody has to do something about comes before what only waits.
            order = [Case(When(state=State.ACTIVE, then=Value(0)), default=Value(1)), *order]
        return rows.order_by(*order)


def list_url(**asked):
    """The address of the list for what is asked."""
    query = urlencode({name: value for name, value in asked.items() if value})
    return f"{reverse('partnerships:agreements')}{'?' if query else ''}{query}"


COLUMNS = (
    Column(gettext_lazy("Kind"), 20, lambda one: str(one.get_kind_display())),
    Column(gettext_lazy("About"), 24, lambda one: one.title),
    Column(gettext_lazy("State"), 14, lambda one: str(one.get_state_display())),
    NAME.of("workplace"),
    Column(gettext_lazy("Company"), 34, lambda one: one.company.name),
    Column(gettext_lazy("CVR number"), 12, lambda one: one.company.cvr_number),
    Column(gettext_lazy("Holds at all workplaces"), 12, lambda one: _("yes") if one.covers_all else ""),
    GROUP.of("workplace"),
    Column(gettext_lazy("Number of people"), 10, lambda one: one.people, "number"),
    Column(gettext_lazy("From"), 13, lambda one: one.starts_on, "date"),
    Column(gettext_lazy("Until"), 13, lambda one: one.ends_on, "date"),
    Column(gettext_lazy("Signed on"), 13, lambda one: one.signed_on, "date"),
    Column(gettext_lazy("Next review"), 13, lambda one: one.next_review_on, "date"),
    Column(gettext_lazy("Responsible"), 24, lambda one: str(one.owner)),
    Column(gettext_lazy("Version"), 8, lambda one: one.version or None, "number"),
    # An agreement is cooperation that exists: none is left out, and whoever reads the file is told.
    WARNINGS.of("workplace"),
)
