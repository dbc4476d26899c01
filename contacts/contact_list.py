"""The list of contacts across workplaces: held or planned, when, how, what came of it; the same rows on the page and in Excel.

Whose they are is told of oneself and of teams; of a named colleague only to managers where the organisation has switched
figures by colleague on (decision 19). Excel has no column for who took part.
"""

from datetime import date
from urllib.parse import urlencode

from django import forms
from django.db.models import Exists, F, OuterRef
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies.among import GroupField, in_group, refuse_what_is_of_few
from companies.exports import WARNINGS
from companies.listings import WHICH, Column
from companies.models import Workplace
from contacts.follow_up_list import choices_told_to, of_whom
from contacts.models import Channel, Interaction
from contacts.owned_list import OwnedListFilter
from jobcenter_crm.frame.widgets import DAY
from jobcenter_crm.staff.models import FEWEST_IN_A_TEAM

HELD, PLANNED = "", "planned"
IN_PERSON = "face"
PARTS = {HELD: pgettext_lazy("contacts", "Held"), PLANNED: pgettext_lazy("contacts", "Planned")}
_NEWEST = ["-on", F("at").desc(nulls_last=True), "-pk"]
_OLDEST = ["on", F("at").asc(nulls_last=True), "pk"]
_BY_WORKPLACE = (gettext_lazy("By workplace"), ["workplace__sort_name", "workplace", *_NEWEST])
# Part -> value in the address -> words and order; what is held is read backwards, what is planned forwards.
SORTED = {
    HELD: {
        "": (gettext_lazy("Newest first"), _NEWEST),
        "-day": (gettext_lazy("Oldest first"), _OLDEST),
        "name": _BY_WORKPLACE,
    },
    PLANNED: {
        "": (gettext_lazy("Soonest first"), _OLDEST),
        "-day": (gettext_lazy("Latest first"), _NEWEST),
        "name": _BY_WORKPLACE,
    },
}


class ContactFilter(OwnedListFilter):
    """What the address of the list may say; all that were held at first. `user` and `today` are arguments."""

    PARTS = PARTS
    SORTED = {name: words for name, (words, _order) in SORTED[HELD].items()}
    # Those that are folded away until one of them is set.
    FOLDED = ("outcome", "direction", "tier")
    NARROWED = ("channel", "day_from", "day_until", "whose", *FOLDED)

    channel = forms.ChoiceField(
        label=gettext_lazy("How"), required=False,
        choices=[
            ("", gettext_lazy("All")),
            # At their place or at ours.
            (IN_PERSON, gettext_lazy("Face to face")),
            *Channel.choices,
        ],
        error_messages={"invalid_choice": gettext_lazy("No contact is made like that.")},
    )  # fmt: skip
    day_from = forms.DateField(label=gettext_lazy("From"), required=False, widget=DAY)
    day_until = forms.DateField(label=gettext_lazy("Until"), required=False, widget=DAY)
    outcome = forms.ChoiceField(
        label=gettext_lazy("Outcome"), required=False,
        choices=[("", gettext_lazy("All")), *Interaction.Outcome.choices],
        error_messages={"invalid_choice": gettext_lazy("Nothing like that can come of a contact.")},
    )  # fmt: skip
    direction = forms.ChoiceField(
        label=gettext_lazy("Who took contact"), required=False,
        choices=[("", gettext_lazy("All")), *Interaction.Direction.choices],
        error_messages={"invalid_choice": gettext_lazy("Contact is taken by us or by them.")},
    )  # fmt: skip
    tier = GroupField(label=gettext_lazy("Group now"))

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        self.fields["q"].label = _("Workplace")
        self.fields["whose"].label = _("Who takes part") if self.data.get("state") == PLANNED else _("Who took part")
        self.fields["whose"].error_messages["invalid_choice"] = _(
            "There is no such team of %(n)s or more people. Contacts are listed by colleague only where your organisation has switched that on."
        ) % {"n": FEWEST_IN_A_TEAM}
        orders = SORTED.get(self.data.get("state", HELD), SORTED[HELD])
        self.fields["sort"].choices = [(name, words) for name, (words, _order) in orders.items()]

    def whose_offered(self):
        words = {"own": _("My team"), "team": _("A team"), "colleague": _("A colleague")}
        own, others = choices_told_to(self.user, self.today, **words)
        return [("", _("Everybody")), ("me", _("Me")), *own, *others]

    def clean(self):
        facts = super().clean()
        if not self.is_planned:
            refuse_what_is_of_few(self, facts)
        first, last = facts.get("day_from"), facts.get("day_until")
        if first and last and last < first:
            self.add_error("day_until", _("That is before the first day."))
        return facts

    @property
    def colleagues(self):
        """The keys of the colleagues whose contacts, or contacts at whose workplaces, are asked for; none where nobody is named."""
        whose = self.cleaned_data.get("whose", "")
        return {*self.of_whom, *([int(whose)] if whose.isdigit() else [])}

    @property
    def is_unfolded(self):
        """Whether one of the `FOLDED` is set, or can't be read."""
        return any(self.data.get(name) for name in self.FOLDED)

    @property
    def is_planned(self):
        return self.cleaned_data.get("state") == PLANNED

    def rows(self):
        """The contacts of the list, in order."""
        facts = self.cleaned_data
        rows = self._of(Interaction.objects.planned() if self.is_planned else Interaction.objects.held())
        if facts["q"]:
            rows = rows.filter(workplace__in=Workplace.objects.matching(facts["q"]).order_by().values("pk"))
        rows = in_group(rows, facts["tier"])
        if facts["whose"]:
            rows = self._with(rows, facts["whose"])
        _words, order = SORTED[facts["state"]][facts["sort"]]
        return self.at(rows).order_by(*order)

    def _with(self, rows, whose):
        """Those of `rows` that they took part in; one of two of a team comes once."""
        took_part = Interaction.staff.through.objects.filter(of_whom(whose, self.user, "user"))
        if whose == "me":
            # Told apart first: for the few of one person PostgreSQL would otherwise go through all of them, one by one.
            return rows.filter(pk__in=took_part.values("interaction").distinct())
        return rows.filter(Exists(took_part.filter(interaction=OuterRef("pk"))))

    def _of(self, rows):
        """Those of `rows` that were asked for by what the contact itself says."""
        facts = self.cleaned_data
        if facts["channel"] == IN_PERSON:
            rows = rows.meetings()
        elif facts["channel"]:
            rows = rows.filter(channel=facts["channel"])
        asked = {
            "on__gte": facts["day_from"],
            "on__lte": facts["day_until"],
            "outcome": facts["outcome"],
            "direction": facts["direction"],
        }
        return rows.filter(**{name: value for name, value in asked.items() if value})


def list_url(**asked):
    """The address of the list for what is asked, days as `date`s."""
    said = {name: value.isoformat() if isinstance(value, date) else value for name, value in asked.items() if value}
    return f"{reverse('contacts:contacts')}{'?' if said else ''}{urlencode(said)}"


# Without note and purpose: what somebody has written freely does not leave the house by a list.
COLUMNS = (
    Column(gettext_lazy("Day"), 13, lambda one: one.on, "date"),
    Column(gettext_lazy("Time"), 8, lambda one: date_format(one.at, "TIME_FORMAT") if one.at else ""),
    Column(gettext_lazy("How"), 16, lambda one: str(one.get_channel_display())),
    Column(gettext_lazy("Who took contact"), 20, lambda one: str(one.get_direction_display())),
    Column(gettext_lazy("Outcome"), 18, lambda one: str(one.get_outcome_display())),
    Column(gettext_lazy("Barrier"), 26, lambda one: str(one.get_barrier_display())),
    *(column.of("workplace") for column in WHICH),
    # What has taken place is told in full: none is left out, and whoever reads the file is told.
    WARNINGS.of("workplace"),
)
