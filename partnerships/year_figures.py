"""What the data says of an agreement since its last review: each app registers its own figures.

They are kept with the review by their names, and told in words when they are read, in the language of the reader.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dateutil.relativedelta import relativedelta
from django.db.models import Count, F, Q
from django.utils.dateparse import parse_date
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts.models import FACE_TO_FACE, FollowUp, Interaction
from partnerships import goals
from partnerships.models import Agreement, Punch, Review
from partnerships.review_days import KIND


@dataclass(frozen=True)
class Year:
    """What figures are counted of: an agreement, and its days, of which both count. What several of them need is asked once."""

    agreement: Agreement
    since: date
    until: date

    @cached_property
    def contacts(self):
        """`(channel, outcome, how many)` of the contacts held."""
        held = Interaction.objects.held().filter(at_places(self.agreement), on__range=(self.since, self.until))
        return list(held.order_by().values_list("channel", "outcome").annotate(n=Count("pk")))

    @cached_property
    def goals(self):
        """The progress of each goal, as of the last day."""
        return goals.of_agreement(self.agreement, self.until)


@dataclass(frozen=True)
class YearFigure:
    """One thing that a review is prepared with.

    `count(year)` gives what is kept as JSON - a number, or what `words(value)` can tell - in a fixed number of
    statements; None where there is nothing to tell. `kinds` are the kinds of agreement that it suits; all, if empty.
    """

    name: str
    label: str | Promise
    count: Callable
    words: Callable = goals.figure
    kinds: tuple = ()


@dataclass(frozen=True)
class Told:
    """A figure as it is read."""

    name: str
    label: object
    words: str


_figures = {}


def register(*figures):
    """Add figures; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for figure in figures:
        if _figures.setdefault(figure.name, figure) != figure:
            raise ValueError(f"There are two figures called {figure.name}.")


def since_when(agreement, until):
    """The first day that counts for a review held on `until`: the one after the last review, or else a year back.

    Never one before the agreement began.
    """
    earlier = Review.objects.held().filter(agreement=agreement, held_on__lt=until).newest_first()
    last = earlier.values_list("held_on", flat=True).first()
    since = last + relativedelta(days=1) if last else until - relativedelta(years=1)
    return max(since, agreement.starts_on)


def year_of(agreement, until):
    """The `Year` that ends on a day: since the last review."""
    return Year(agreement, min(since_when(agreement, until), until), until)


def collect(year):
    """All that is known of a `Year`, as JSON: `[{"name", "since", "value"}, ...]`."""
    found = []
    for figure in _figures.values():
        if figure.kinds and year.agreement.kind not in figure.kinds:
            continue
        value = figure.count(year)
        if value is not None:
            found.append({"name": figure.name, "since": year.since.isoformat(), "value": value})
    return found


def told(figures):
    """What `collect` gave, in words, as a list of `Told`; one that no app knows any more is left out."""
    known = [(_figures[one["name"]], one["value"]) for one in figures if one["name"] in _figures]
    return [Told(figure.name, figure.label, figure.words(value)) for figure, value in known]


def first_day_of(figures) -> date | None:
    """The day from which the figures of a review were counted; None where there are none."""
    return parse_date(figures[0]["since"]) if figures else None


def at_places(agreement, to="workplace"):
    """The condition that something is at one of the workplaces at which an agreement holds; `to` leads to the workplace."""
    if agreement.covers_all:
        return Q(**{f"{to}__company": agreement.company_id})
    return Q(**{f"{to}__in": agreement.agreement_places.order_by().values("workplace")})


def _contacts(year):
    return sum(n for _channel, _outcome, n in year.contacts)


def _meetings(year):
    return sum(n for channel, _outcome, n in year.contacts if channel in FACE_TO_FACE)


def _outcomes(year):
    counted = Counter()
    for _channel, outcome, n in year.contacts:
        counted[outcome] += n
    del counted[""]
    return dict(counted) or None


def _outcomes_in_words(counted):
    named = [(Interaction.Outcome(code), counted[code]) for code in Interaction.Outcome.values if code in counted]
    return ", ".join(f"{outcome.label}: {goals.figure(number)}" for outcome, number in named)


def _goals(year):
    """How many of the goals are reached, and how many there are; without those whose figures are for few eyes."""
    told = [one for one in year.goals if one.measure.may_see is None]
    return [sum(one.is_reached for one in told), len(told)] if told else None


def _follow_ups(year):
    """How many of those that were done in the time were done after their day, and how many were done."""
    days = (year.since, year.until)
    done = FollowUp.objects.filter(at_places(year.agreement), done_at__date__range=days).exclude(kind=KIND)
    counted = done.aggregate(late=Count("pk", filter=Q(done_at__date__gt=F("due_on"))), done=Count("pk"))
    return [counted["late"], counted["done"]] if counted["done"] else None


def _of(pair):
    return _("%(part)s of %(whole)s") % {"part": goals.figure(pair[0]), "whole": goals.figure(pair[1])}


def _clips(year):
    days = (year.since, year.until)
    return Punch.objects.filter(card__agreement=year.agreement, taken_back_at=None, on__range=days).count()


def declare():
    """The figures of this app; once, when the app is ready."""
    register(
        YearFigure("contacts", gettext_lazy("Contacts held"), _contacts),
        YearFigure("meetings", gettext_lazy("Meetings and visits"), _meetings),
        YearFigure("outcomes", gettext_lazy("What came of them"), _outcomes, _outcomes_in_words),
        YearFigure("goals", gettext_lazy("Goals reached"), _goals, _of),
        YearFigure("follow_ups", gettext_lazy("Follow-ups done late"), _follow_ups, _of),
        YearFigure("clips", gettext_lazy("Clips used"), _clips, kinds=("service",)),
    )
