"""The list of the workplaces that moved between groups in a period, and what its address may say."""

from dateutil.relativedelta import relativedelta
from django import forms
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from companies import among, listings
from companies import movement as moves
from companies.filters import BrokenSelection
from companies.listings import EMPLOYEES, NAME, REACH, RESPONSIBLE, Column
from companies.models import TIERS
from jobcenter_crm.frame.widgets import DAY

# A group, with 0 for none.
NAMES = {**dict(TIERS), 0: gettext_lazy("No group")}


class PeriodForm(forms.Form):
    """From the first day to the last, both counted."""

    start = forms.DateField(label=gettext_lazy("From"), widget=DAY)
    until = forms.DateField(label=gettext_lazy("Until"), widget=DAY)

    # As the addresses of this page call it; "from" is no name in Python.
    NAMES = {"start": "from"}

    def add_prefix(self, field_name):
        return self.NAMES.get(field_name, field_name)

    def clean(self):
        told = super().clean()
        start, until = told.get("start"), told.get("until")
        if start and start.year < 1900:
            self.add_error("start", _("Write a day after 1900."))
        elif until and until.year > 2200:
            self.add_error("until", _("Write a day before 2200."))
        elif start and until and until < start:
            self.add_error("until", _("The last day is before the first. Swap them."))
        return told


def last_year(today):
    """The first and the last day of the twelve months up to `today`."""
    return today - relativedelta(months=12), today


def quick_periods(today):
    """`(words, first day, last day)` of the periods to choose with one press."""
    months = [(_("3 months"), 3), (_("6 months"), 6), (_("12 months"), 12)]
    starts = [(words, today - relativedelta(months=many)) for words, many in months]
    return [(words, start, today) for words, start in [*starts, (_("This year"), today.replace(month=1, day=1))]]


def period_form(data, today):
    """The form, with the last twelve months where nothing is said."""
    start, until = last_year(today)
    asked = {"from": data.get("from") or start.isoformat(), "until": data.get("until") or until.isoformat()}
    return PeriodForm(asked)


class MoveForm(forms.Form):
    """From which group, to which, by which rule; 0 is no group."""

    was = forms.TypedChoiceField(choices=NAMES.items(), coerce=int, empty_value=None, required=False)
    became = forms.TypedChoiceField(choices=NAMES.items(), coerce=int, empty_value=None, required=False)
    rule = forms.IntegerField(min_value=1, max_value=32_000, required=False)
    how = forms.ChoiceField(choices=[(moves.RULE, moves.RULE), (moves.HAND, moves.HAND)], required=False)


def in_words(was, became, rule=None, how=""):
    """What a list of moves is narrowed down to, in words."""
    said = []
    if was is not None:
        said.append(_("from %(group)s") % {"group": _in_sentence(was)})
    if became is not None:
        said.append(_("to %(group)s") % {"group": _in_sentence(became)})
    if rule:
        said.append(_("by rule %(number)s, “%(name)s”") % {"number": rule.number, "name": rule.selection.name})
    if how:
        said.append(_("last moved by rule") if how == moves.RULE else _("last moved by hand"))
    return ", ".join(said)


def _in_sentence(tier):
    words = str(NAMES[tier])
    return words[:1].lower() + words[1:]


class MovedList(listings.Listing):
    """The workplaces behind a number of the movement."""

    name = "desk.moved"
    label = gettext_lazy("Moved between groups")
    permission = "companies.view_tierplan"

    @classmethod
    def url(cls, query):
        here = reverse("desk:movement_rows")
        return f"{here}?{query}" if query else here

    @cached_property
    def _asked(self):
        form, narrowed = period_form(self.data, self.today), MoveForm(self.data)
        if not (form.is_valid() and narrowed.is_valid()):
            problems = [*form.errors.values(), *narrowed.errors.values()]
            raise BrokenSelection([str(problem) for some in problems for problem in some])
        return form.cleaned_data | narrowed.cleaned_data

    @cached_property
    def _among(self):
        """At which workplaces: what a figure of the dashboard was narrowed to goes along to its rows."""
        query = QueryDict(mutable=True)
        query.update({name: self.data[name] for name in among.NAMES if self.data.get(name)})
        form = among.AmongForm(query, user=self.user, today=self.today)
        if not form.is_valid():
            raise BrokenSelection([str(problem) for problem in form.non_field_errors()])
        return form

    @property
    def period(self):
        """The first and the last day. Raises `BrokenSelection` like `rows`."""
        return self._asked["start"], self._asked["until"]

    def rows(self):
        was, became, how = (self._asked[name] for name in ("was", "became", "how"))
        found = moves.moved(*self.period, was=was, became=became, how=how or None)
        return self._among.at(found, "pk")

    @property
    def narrowed_to(self):
        """From which group, to which, how, and where, in words."""
        said = in_words(self._asked["was"], self._asked["became"], how=self._asked["how"])
        return ", ".join(filter(None, [said, *(str(chip["text"]) for chip in self._among.chips)]))

    def words(self):
        days = " – ".join(date_format(day, "DATE_FORMAT") for day in self.period)
        return ", ".join(filter(None, [self.narrowed_to, days]))

    def columns(self):
        return [
            NAME,
            Column(gettext_lazy("From"), 8, lambda one: one.was or None, "number"),
            Column(pgettext_lazy("a group", "To"), 8, lambda one: one.became or None, "number"),
            _of_last(pgettext_lazy("a move", "When"), 13, lambda last: timezone.localdate(last.at), "date"),
            _of_last(gettext_lazy("Why"), 40, lambda last: last.why),
            _of_last(pgettext_lazy("what moved it", "By"), 24, _mover),
            *EMPLOYEES,
            RESPONSIBLE,
            *REACH,
        ]

    def dress(self, workplaces):
        moves.tell(workplaces, *self.period)


def _of_last(heading, width, value, kind="text"):
    return Column(heading, width, lambda one: value(one.last_change) if one.last_change else None, kind)


def _mover(change):
    """Who moved it; of a rule, who used the rules then."""
    if not change.by_rule:
        return str(change.by or "")
    return _("rule, used by %(who)s") % {"who": change.by} if change.by else _("rule")
