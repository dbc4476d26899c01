"""The lists of workplaces that rows are chosen on and that can be taken out as Excel: the register, and those of apps above.

An app above adds its own in `apps.ready()`. What a list shows is said by its address alone, so that what is written in
the background is the list that was on the screen.
"""

from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy

from companies import selections
from companies.filters import order
from companies.models import Selection
from jobcenter_crm.frame.addresses import number


@dataclass(frozen=True)
class Column:
    """One column of a file: `value(workplace)` as `kind` ("text", "date", "number" or "km"), empty for None."""

    heading: Any
    width: int
    value: Any
    kind: str = "text"

    def of(self, way):
        """The same column in a list of other rows, from each of which `way` leads to its workplace ("slot.workplace")."""
        workplace_of = attrgetter(way)
        return replace(self, value=lambda row: self.value(workplace_of(row)))


NAME = Column(gettext_lazy("Workplace"), 34, lambda one: one.name)
GROUP = Column(gettext_lazy("Group"), 8, lambda one: one.tier, "number")
BRANCH = Column(gettext_lazy("Branch"), 34, lambda one: one.branch.title if one.branch else "")
EMPLOYEES = (
    Column(gettext_lazy("Employees, at least"), 11, lambda one: one.employees_min, "number"),
    Column(gettext_lazy("Employees, at most"), 11, lambda one: one.employees_max, "number"),
)
RESPONSIBLE = Column(gettext_lazy("Responsible"), 24, lambda one: str(one.responsible) if one.responsible else "")
LAST_CONTACT = Column(gettext_lazy("Last contact"), 13, lambda one: one.last_contact_on, "date")
NEXT_STEP = Column(gettext_lazy("Next step"), 13, lambda one: one.next_contact_on, "date")
COMPANY = Column(gettext_lazy("Company"), 34, lambda one: one.company.name)
CVR_NUMBER = Column(gettext_lazy("CVR number"), 12, lambda one: one.company.cvr_number)
P_NUMBER = Column(gettext_lazy("P-number"), 13, lambda one: one.p_number or "")
TOWN = Column(gettext_lazy("Town"), 18, lambda one: one.town)
# Which workplace it is, in lists of what happens there.
WHICH = (NAME, COMPANY, CVR_NUMBER, P_NUMBER, GROUP)
WHICH_IN_TOWN = (NAME, TOWN, CVR_NUMBER, P_NUMBER, GROUP)
# What it takes to find and reach the place: the last columns of every list of workplaces.
REACH = (
    COMPANY,
    CVR_NUMBER,
    P_NUMBER,
    Column(gettext_lazy("Street and number"), 28, lambda one: one.street),
    Column(gettext_lazy("Postcode"), 10, lambda one: one.postcode),
    TOWN,
    Column(gettext_lazy("Municipality"), 18, lambda one: one.municipality.name if one.municipality else ""),
    Column(gettext_lazy("Telephone"), 14, lambda one: one.phone),
    Column(gettext_lazy("E-mail"), 28, lambda one: one.email),
    Column(gettext_lazy("Sector"), 10, lambda one: str(one.get_sector_display())),
)


class Listing:
    """A list of workplaces as its address `data` shows it to `user`; each of them at most once.

    `name` is what drafts and exports keep, `label` what the list is called, `permission` what it takes to see it.
    """

    name = ""
    label = ""
    permission = "companies.view_workplace"
    # Of the address, what says nothing about which rows there are.
    BESIDES = frozenset({"page"})

    def __init__(self, data, *, user, today):
        self.data, self.user, self.today = data, user, today

    @classmethod
    def kept(cls, data):
        """The address of the list from its first page on, as it is kept."""
        data = data.copy()
        for name in cls.BESIDES:
            data.pop(name, None)
        return data.urlencode()

    @classmethod
    def url(cls, query):
        """Where the list is that was kept as `query`."""
        raise NotImplementedError

    def rows(self):
        """Its workplaces, with whatever `order` asks about. Raises `BrokenSelection` for an address that can't be read."""
        raise NotImplementedError

    def order(self):
        """The columns and expressions that `rows` stand in order by."""
        return ["sort_name", "pk"]

    def words(self):
        """What it is narrowed to, in words; empty where it is not."""
        return ""

    def selection(self):
        """The saved search that it shows, if it shows that and nothing else."""
        return None

    def of_whom(self):
        """The keys of the colleagues of whose work it tells, which is no list to work with (decision 19)."""
        return set()

    def columns(self):
        """What it shows, as `Column`s."""
        raise NotImplementedError

    def annotated(self, workplaces):
        """The queryset with what `columns` ask of the database."""
        return workplaces

    def dress(self, workplaces):
        """Give each of these what else `columns` show, in a fixed number of statements."""


class RegisterList(Listing):
    """The register, as the filter shows it."""

    name = "register"
    label = gettext_lazy("Companies")
    BESIDES = frozenset({"page", "filter"})

    @classmethod
    def url(cls, query):
        here = reverse("companies:register")
        return f"{here}?{query}" if query else here

    def rows(self):
        return self._search().rows()

    def order(self):
        return order(self.data.get("sort"))

    def words(self):
        return self._search().in_words()

    def _search(self):
        return selections.search(self.data, today=self.today, user=self.user)

    def selection(self):
        pk = number(self.data.get("selection"))
        found = Selection.objects.seen_by(self.user).filter(pk=pk).first() if pk else None
        return found if found and selections.query_of(found.data) == selections.query_of(self.data) else None

    def of_whom(self):
        return self._search().of_whom

    def columns(self):
        return [NAME, GROUP, BRANCH, *EMPLOYEES, RESPONSIBLE, LAST_CONTACT, NEXT_STEP, *REACH]


_listings = {}


def register(*listings):
    """Make lists known; called from `AppConfig.ready()`. Raises `ValueError` for a name that is taken."""
    for listing in listings:
        if listing.name in _listings:
            raise ValueError(f"There is a list called {listing.name} already.")
        _listings[listing.name] = listing


def listing_named(name):
    """The list of that name; None for one that nobody has registered."""
    return _listings.get(name)


def opened(draft, *, user):
    """The list that `user` chose the rows of `draft` on, as it was on that day: a large file may be written after midnight."""
    return _listings[draft.listing](QueryDict(draft.query), user=user, today=draft.chosen_on)


def url_of(draft):
    """The way back to the list that the rows of `draft` were chosen on."""
    return _listings[draft.listing].url(draft.query)


def label_of(name):
    """What the list of that name is called; the name itself where nobody knows it any more."""
    return _listings[name].label if name in _listings else name
