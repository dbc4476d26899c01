"""From what somebody needs to the places that have it: all that is met first, then those that lack one thing.

Only properties of the place are asked for, and nothing is kept. Nothing is hidden without saying why: what lacks more than
one thing is counted, and so is what is left out whatever is asked. What may be over the ratio is shown with that doubt,
after its equals: we know too little to leave it out.

All open slots are looked at in memory, as plain rows and in a fixed number of statements: which criterion takes away most
can be told at no cost. With ten thousand of them each microsecond a row is a hundredth of a second, so rows hold only what
the criteria look at, most are told from the number of those who are there, and only those shown are put in order.
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from django import forms
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from companies.cpr import refuse_cpr
from companies.filter_parts import PointField
from companies.models import TargetGroup
from companies.querysets import position
from contacts.templatetags.contacts import km as in_km
from jobcenter_crm.frame.danish import search_key
from jobcenter_crm.frame.strict import StrictForm
from jobcenter_crm.frame.templatetags.frame import long_day
from jobcenter_crm.frame.widgets import DAY
from placements.models import Consideration, Measure, Slot
from placements.occupancy import outlook
from placements.ratio import Reached

# So many of each group are shown.
SHOWN = 50
# As far as is looked where a place is named and no distance.
USUAL_KM = 20
# Kept by a mentor who is named, too.
MENTOR = "fixed_mentor"


class FinderForm(StrictForm):
    """What a place must have: what the address of the page may say, strictly."""

    measure = forms.ModelChoiceField(
        label=gettext_lazy("Measure"), queryset=Measure.objects.none(), required=False, empty_label=gettext_lazy("Any")
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Target group"), queryset=TargetGroup.objects.none(), required=False,
        empty_label=gettext_lazy("Any"),
    )  # fmt: skip
    tasks = forms.CharField(
        label=gettext_lazy("Tasks"), required=False, max_length=100,
        help_text=gettext_lazy("Words such as: kitchen, cleaning. One of them is enough."),
    )  # fmt: skip
    hours_from = forms.IntegerField(label=gettext_lazy("Hours, from"), required=False, min_value=1, max_value=37)
    hours_to = forms.IntegerField(label=gettext_lazy("to"), required=False, min_value=1, max_value=37)
    by = forms.DateField(label=gettext_lazy("Free by"), required=False, widget=DAY)
    near = PointField(label=gettext_lazy("From town or postcode"), required=False, max_length=100)
    within = forms.IntegerField(label=gettext_lazy("At most, km"), required=False, min_value=1, max_value=400)
    offers = forms.ModelMultipleChoiceField(
        label=gettext_lazy("The place must offer"), queryset=Consideration.objects.none(), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    show = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)

    MANY = frozenset({"offers"})

    def __init__(self, data, *, today):
        self.today = today
        super().__init__(data)
        self.fields["measure"].queryset = Measure.objects.valid(today)
        self.fields["group"].queryset = TargetGroup.objects.valid(today)
        self.fields["offers"].queryset = Consideration.objects.all()

    def clean_tasks(self):
        refuse_cpr(self.cleaned_data["tasks"])
        return self.cleaned_data["tasks"]

    def clean_by(self):
        day = self.cleaned_data["by"]
        if day and not self.today <= day <= self.today + timedelta(days=1830):
            raise forms.ValidationError(_("Choose a day from today on."))
        return day

    def clean(self):
        facts = super().clean()
        first, last = facts.get("hours_from"), facts.get("hours_to")
        if first and last and first > last:
            self.add_error("hours_to", _("Write the fewer hours first."))
        if facts.get("within") and not facts.get("near") and "near" not in self.errors:
            self.add_error("near", _("From where? Write a postcode or a town."))
        return facts


@dataclass(slots=True)
class Row:
    """An open slot, as far as the criteria look at it; `groups` and `offers` are those of them that are asked for."""

    pk: int
    workplace: int
    name: str
    places: int
    measure: str
    tasks: str
    starts_on: date
    ends_on: date | None
    hours_from: int | None
    hours_to: int | None
    mentor: int | None
    labour_conflict: bool
    do_not_contact: bool
    employees_min: int | None = None
    counts_in_ratio: bool = False
    lies_north: float | None = None
    lies_east: float | None = None
    may_be_over: bool = False
    groups: frozenset = frozenset()
    offers: frozenset = frozenset()
    free_on: date | None = None
    free_until: date | None = None
    free: int = 0
    km: float | None = None
    missing: tuple = ()


@dataclass(frozen=True)
class Criterion:
    """One thing that is asked for. `is_met(row)`; `words` is what it is called; `said(slot, row)` and `missing(slot, row)` are what a line says."""

    name: str
    words: str
    is_met: Callable
    said: Callable
    missing: Callable


@dataclass(frozen=True)
class LeftOut:
    """Slots that are not offered whatever is asked, and why; `keys(rows, today)` names them, `words` counts them by `n`."""

    name: str
    words: Promise
    keys: Callable


@dataclass
class Line:
    """One slot as the page shows it; `doubts` are what may stand in the way though nothing lacks."""

    slot: Slot
    row: Row
    met: list
    missing: list
    doubts: list


@dataclass
class Found:
    """What the page shows: `fits` and `nearly` are `Line`s, the first `SHOWN` of so many as the counts say."""

    places_free: int
    fits: list
    fits_in_all: int
    nearly: list
    nearly_in_all: int
    lacking_more: int
    never_free: int
    left_out: list
    shown: list
    best_without: str
    without: int
    removes_most: str


_left_out = []


def register(*kinds):
    """Add what is left out; called from `AppConfig.ready()`. The first that names a slot counts."""
    _left_out.extend(kind for kind in kinds if kind not in _left_out)


def find(form, today):
    """The `Found` of a valid `FinderForm`."""
    asked, offers = form.cleaned_data, list(form.cleaned_data["offers"])
    rows = _rows(asked, offers, today)
    criteria = _criteria(asked, offers)
    for row in rows if criteria else ():
        row.missing = tuple([one for one in criteria if not one.is_met(row)])
    out = _sort_out(rows, today)
    apart = {row.pk for found in out.values() for row in found}
    never = [row for row in rows if row.free_on is None and row.pk not in apart]
    offered = [row for row in rows if row.free_on is not None and row.pk not in apart]
    fits = [row for row in offered if not row.missing]
    nearly = [row for row in offered if len(row.missing) == 1]
    # Of those left out, the ones that would be here.
    told = [(kind, [row for row in found if len(row.missing) < 2]) for kind, found in out.items()]
    told = [(kind, found) for kind, found in told if found]
    wanted = next((found for kind, found in told if kind.name == asked["show"]), [])
    best = [heapq.nsmallest(SHOWN, some, key=_best_first) for some in (fits, nearly, wanted)]
    lines = _lines([row for some in best for row in some], criteria)
    shown = [[lines[row.pk] for row in some if row.pk in lines] for some in best]
    without = Counter(row.missing[0].words for row in nearly)
    most = max(without.values(), default=0)
    # Of criteria that would give as many, the one that the best place lacks.
    named = min((row for row in nearly if without[row.missing[0].words] == most), key=_best_first, default=None)
    removed = Counter(one.words for row in offered for one in row.missing)
    return Found(
        # The number that the list of slots tells: whether they are offered here is another question.
        places_free=sum(row.free for row in rows if row.free_on == today and not row.labour_conflict),
        fits=shown[0],
        fits_in_all=len(fits),
        nearly=shown[1],
        nearly_in_all=len(nearly),
        lacking_more=len(offered) - len(fits) - len(nearly),
        never_free=len(never),
        left_out=[(kind, len(found), kind.words % {"n": len(found)}) for kind, found in told],
        shown=shown[2],
        best_without=named.missing[0].words if named else "",
        without=most,
        removes_most=max(removed, key=lambda words: removed[words], default=""),
    )


def _best_first(row):
    """The nearest, then the one that is free soonest; one whose position nobody knows comes after those in reach.

    Of those as near and as soon, the ones that may be over the ratio come last.
    """
    far = float("inf") if row.km is None else round(row.km, 1)
    return far, row.free_on or date.max, row.may_be_over, row.name, row.pk


def _sort_out(rows, today):
    """`{kind: rows}` of what is left out; a slot stands with the first kind that names it."""
    found, named = {}, set()
    for kind in _left_out:
        keys = set(kind.keys(rows, today)) - named
        named |= keys
        if keys:
            found[kind] = [row for row in rows if row.pk in keys]
    return found


def _rows(asked, offers, today):
    """All that can be filled, in six statements at most."""
    slots = Slot.objects.coming(today).filter(workplace__ceased_on=None, workplace__merged_into=None).order_by("pk")
    # As `Row` has them.
    columns = [
        "pk", "workplace", "workplace__sort_name", "places", "measure", "tasks", "starts_on", "ends_on", "hours_from",
        "hours_to", "mentor", "workplace__labour_conflict", "workplace__do_not_contact", "workplace__employees_min",
        "measure__counts_in_ratio",
    ]  # fmt: skip
    near = asked["near"]
    if near:
        latitude, longitude = position("workplace__")
        slots = slots.annotate(lies_north=latitude, lies_east=longitude)
        columns += ["lies_north", "lies_east"]
    rows = {values[0]: Row(*values) for values in slots.values_list(*columns)}
    _say_who_is_there(rows, today)
    _say_what_may_be_over(rows, today)
    if asked["group"]:
        through = Slot.target_groups.through.objects.filter(targetgroup=asked["group"])
        for pk in through.values_list("slot", flat=True):
            if pk in rows:
                rows[pk].groups |= {asked["group"].pk}
    if offers:
        through = Slot.considerations.through.objects.filter(consideration__in=offers)
        for pk, code in through.values_list("slot", "consideration"):
            if pk in rows:
                rows[pk].offers |= {code}
        for row in rows.values():
            if row.mentor:
                row.offers |= {MENTOR}
    if near:
        for row in rows.values():
            if row.lies_north is not None and row.lies_east is not None:
                row.km = near.km_to(row.lies_north, row.lies_east)
    return list(rows.values())


def _say_who_is_there(rows, today):
    """Give each row the first day on which a place is free, how many are then, and until when that is so."""
    there = defaultdict(list)
    for takers in Slot.objects.takers():
        for pk, first, last in takers.filter(last__gte=today).values_list("slot", "starts_on", "last"):
            there[pk].append((first, last))
    for pk, row in rows.items():
        row.free_on, row.free, row.free_until = outlook(row, there.get(pk, ()), today)


def _say_what_may_be_over(rows, today):
    """Mark the rows whose measure counts in the ratio, where that is reached on the day a place is free."""
    is_reached = Reached(today)
    for row in rows.values():
        if row.counts_in_ratio:
            row.may_be_over = is_reached(row.workplace, row.employees_min, row.free_on or today)


def _hours_in_words(first, last):
    if first and last and first != last:
        return _("%(first)s–%(last)s hours a week") % {"first": first, "last": last}
    return ngettext("%(n)s hour a week", "%(n)s hours a week", first or last) % {"n": first or last}


def _criteria(asked, offers):
    """What was asked for, as `Criterion`s, in the order of the form."""
    found = []
    if measure := asked["measure"]:
        found.append(
            Criterion(
                "measure", measure.name, lambda row: row.measure == measure.pk,
                lambda slot, row: measure.name, lambda slot, row: _("Only %(what)s") % {"what": slot.measure.name},
            )
        )  # fmt: skip
    if group := asked["group"]:
        found.append(
            Criterion(
                "group", group.name, lambda row: group.pk in row.groups, lambda slot, row: group.name,
                lambda slot, row: _("Not promised: %(what)s") % {"what": group.name},
            )
        )  # fmt: skip
    if words := search_key(asked["tasks"]).split():
        found.append(
            Criterion(
                "tasks", _("Tasks: %(what)s") % {"what": asked["tasks"]},
                lambda row: any(word in search_key(row.tasks) for word in words),
                lambda slot, row: "", lambda slot, row: _("Other tasks"),
            )
        )  # fmt: skip
    found += _criteria_of_time(asked)
    if near := asked["near"]:
        most = asked["within"] or USUAL_KM
        found.append(
            Criterion(
                "near", _("At most %(km)s km from %(place)s") % {"km": most, "place": near.name},
                lambda row: row.km is not None and row.km <= most, lambda slot, row: in_km(row.km),
                lambda slot, row: _("Nobody knows where it lies") if row.km is None
                # Rounded up, and always with a decimal: "10 km" would not be more than ten.
                else _("%(km)s km away") % {"km": number_format(ceil(row.km * 10) / 10, 1)},
            )
        )  # fmt: skip
    return found + [_offer(one) for one in offers]


def _criteria_of_time(asked):
    found = []
    if asked["hours_from"] or asked["hours_to"]:
        fewest, most = asked["hours_from"] or 1, asked["hours_to"] or 37

        def fits(row):
            first, last = row.hours_from, row.hours_to
            known = first is not None or last is not None
            return known and (first or 1) <= most and (last or 37) >= fewest

        found.append(
            Criterion(
                "hours", _hours_in_words(asked["hours_from"], asked["hours_to"]), fits,
                # The row says them.
                lambda slot, row: "",
                lambda slot, row: _hours_in_words(row.hours_from, row.hours_to) if row.hours_from or row.hours_to
                else _("Hours are not agreed"),
            )
        )  # fmt: skip
    if by := asked["by"]:
        found.append(
            Criterion(
                "by", _("Free by %(day)s") % {"day": long_day(by)},
                lambda row: row.free_on is not None and row.free_on <= by, lambda slot, row: "",
                lambda slot, row: _("First free on %(day)s") % {"day": date_format(row.free_on, "DATE_FORMAT")}
                if row.free_on else _("No place becomes free"),
            )
        )  # fmt: skip
    return found


def _offer(consideration):
    def said(slot, row):
        if consideration.pk == MENTOR and slot.mentor:
            return _("Mentor: %(name)s") % {"name": slot.mentor.name}
        return consideration.name

    return Criterion(
        f"offers.{consideration.pk}", consideration.name, lambda row: consideration.pk in row.offers, said,
        lambda slot, row: _("Not promised: %(what)s") % {"what": consideration.name},
    )  # fmt: skip


def _lines(rows, criteria):
    """`{key: Line}` with all that a line shows, in one statement; a slot that has gone meanwhile is left out."""
    found = Slot.objects.select_related("workplace", "measure", "mentor", "owner").in_bulk({row.pk for row in rows})
    lines = {}
    for row in rows:
        if slot := found.get(row.pk):
            met = [one.said(slot, row) for one in criteria if one not in row.missing]
            missing = [one.missing(slot, row) for one in row.missing]
            doubts = [_("May be over the ratio: ask VITAS")] if row.may_be_over else []
            lines[row.pk] = Line(slot, row, [words for words in met if words], missing, doubts)
    return lines


def declare():
    """What this app leaves out; once, when the app is ready."""
    register(
        LeftOut(
            "conflict",
            ngettext_lazy(
                "%(n)s slot is left out: there is a labour conflict.",
                "%(n)s slots are left out: there is a labour conflict.",
                "n",
            ),
            lambda rows, today: [row.pk for row in rows if row.labour_conflict],
        ),
        LeftOut(
            "left_alone",
            ngettext_lazy(
                "%(n)s slot is left out: the workplace has asked not to be contacted.",
                "%(n)s slots are left out: the workplaces have asked not to be contacted.",
                "n",
            ),
            lambda rows, today: [row.pk for row in rows if row.do_not_contact],
        ),
    )
