"""What agreements can be measured by: each app registers its own measures, and the figure is always asked of the data."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Count, Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.models import FACE_TO_FACE, Interaction
from partnerships.models import AgreementGoal, Mentor


@dataclass(frozen=True)
class Measure:
    """One thing that can be counted.

    `count(goals, today)` gives `{goal key: figure}` for `AgreementGoal`s of this measure, and of others that are counted
    by the same function, in a fixed number of statements; one without a figure is left out. `url(goal)` is the list behind the figure. Where `less_is_better`,
    a goal is reached from above, and needs a baseline. `kinds` are the kinds of agreement that it suits; all, if empty.
    `may_see(user, agreement)` says who may see the figure; without it, whoever sees the agreement.
    """

    name: str
    label: str | Promise
    count: Callable
    url: Callable | None = None
    unit: str | Promise = ""
    less_is_better: bool = False
    kinds: tuple = ()
    may_see: Callable | None = None


CONTACTS = "contacts"
_measures = {}


def register(*measures):
    """Add measures; called from `AppConfig.ready()`. Raises `ValueError` for a name that stands for something else."""
    for measure in measures:
        if _measures.setdefault(measure.name, measure) != measure:
            raise ValueError(f"There are two measures called {measure.name}.")


def measure_named(name):
    """The measure of that name; one that no app knows any more is called by its name, and counts nothing."""
    return _measures.get(name) or Measure(name, name, lambda goals, today: {})


def measures_for(kind):
    """Those that suit agreements of `kind`, in the order in which they were registered."""
    return [measure for measure in _measures.values() if not measure.kinds or kind in measure.kinds]


def figure(value):
    """A figure as people write it: one decimal where it has one."""
    value = Decimal(value)
    whole = value == value.to_integral_value()
    return number_format(value, 0 if whole else 1, use_l10n=True, force_grouping=True)


@dataclass
class Progress:
    """How far one goal has come; `actual` is None where the data has no figure, or where the reader may not see it."""

    goal: AgreementGoal
    measure: Measure
    actual: Decimal | None
    today: object
    is_hidden: bool = False

    @property
    def is_reached(self):
        if self.actual is None:
            return False
        return self.actual <= self.goal.target if self.measure.less_is_better else self.actual >= self.goal.target

    @property
    def is_late(self):
        return not self.is_reached and not self.is_hidden and self.goal.deadline < self.today

    @property
    def days_late(self):
        return (self.today - self.goal.deadline).days

    @property
    def percent(self):
        """0-100: how much of the way is behind us."""
        if self.actual is None:
            return 0
        if self.is_reached:
            return 100
        if self.measure.less_is_better:
            way = (self.goal.baseline or 0) - self.goal.target
            gone = (self.goal.baseline or 0) - self.actual
        else:
            way, gone = self.goal.target, self.actual
        return max(0, min(99, int(gone * 100 / way))) if way > 0 else 0

    @property
    def url(self):
        return self.measure.url(self.goal) if self.measure.url else ""

    @property
    def shown(self):
        return "" if self.actual is None else figure(self.actual)

    @property
    def target_shown(self):
        return figure(self.goal.target)

    @property
    def baseline_shown(self):
        return "" if self.goal.baseline is None else figure(self.goal.baseline)


def progress(goals, today, user=None):
    """The `Progress` of each of `goals` (a list, each with its `agreement`), in a fixed number of statements a measure,
    of which those that are counted alike are counted together.

    Figures that `user` may not see are hidden from them; with no user, all are told.
    """
    by_count = {}
    for goal in goals:
        by_count.setdefault(measure_named(goal.measure).count, []).append(goal)
    counted = {}
    for count, some in by_count.items():
        counted.update(count(some, today))
    found = []
    for goal in goals:
        actual = counted.get(goal.pk)
        actual = actual if actual is None else Decimal(actual)
        found.append(Progress(goal, measure_named(goal.measure), actual, today))
    return found if user is None else seen_by(user, found)


def seen_by(user, progress):
    """The same, with the figures hidden that `user` may not see."""
    return [
        replace(one, actual=None, is_hidden=True)
        if one.measure.may_see is not None and not one.measure.may_see(user, one.goal.agreement)
        else one
        for one in progress
    ]


def of_agreement(agreement, today, user=None):
    """The `Progress` of the goals of one agreement that have not been given up."""
    goals = list(agreement.goals.filter(ended_on=None))
    for goal in goals:
        goal.agreement = agreement
    return progress(goals, today, user)


def _held(goals, today):
    """Contacts held at the places of each goal's agreement, or meetings where these are meant, from the day it is counted from."""
    from partnerships.models import AgreementPlace

    named = AgreementPlace.objects.filter(
        agreement=OuterRef("agreement"), workplace=OuterRef("agreement__company__workplaces")
    )
    contact = "agreement__company__workplaces__interactions"
    # Which workplaces an agreement covers is asked in the statement that counts.
    rows = (
        AgreementGoal.objects.filter(pk__in=[goal.pk for goal in goals])
        .filter(Q(agreement__covers_all=True) | Exists(named))
        .annotate(
            number=Count(
                contact,
                distinct=True,
                filter=Q(
                    Q(measure=CONTACTS) | Q(**{f"{contact}__channel__in": FACE_TO_FACE}),
                    **{
                        f"{contact}__state": Interaction.State.HELD,
                        f"{contact}__on__gte": F("counted_from"),
                        f"{contact}__on__lte": today,
                    },
                ),
            )
        )
    )
    return {goal.pk: 0 for goal in goals} | dict(rows.order_by().values_list("pk", "number"))


def _trained_mentors(goals, today):
    rows = (
        Mentor.objects.filter(centre__agreement__in=[goal.agreement_id for goal in goals], trained_on__lte=today)
        .order_by()
        .values("centre__agreement")
        .annotate(number=Count("person", distinct=True))
    )
    of = dict(rows.values_list("centre__agreement", "number"))
    return {goal.pk: of.get(goal.agreement_id, 0) for goal in goals}


def _log(goal):
    return f"{reverse('desk:card', args=[goal.agreement.workplace_id])}?show=contacts"


def _mentors(goal):
    return f"{goal.agreement.get_absolute_url()}#mentors"


def declare():
    """The measures of this app; once, when the app is ready."""
    register(
        Measure(CONTACTS, _("Contacts held"), _held, _log),
        Measure("meetings", _("Meetings held"), _held, _log),
        Measure("mentors", _("Mentors who finished training"), _trained_mentors, _mentors, kinds=("centre",)),
    )
