"""The figures of the dashboard: what each counts, in one sentence, and the list that it opens.

A figure is an aggregate over the rows of a source, grouped by the group that the workplace is in today, and an address
of the list behind it. Both ask the same verbs, so that the number and its rows can't differ; a test opens every one.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from django.db.models import BigIntegerField, Case, Count, F, IntegerField, Q, Sum, Value, When
from django.db.models.functions import Coalesce, Least
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from companies.models import TIERS, Workplace
from companies.querysets import contacted_in_time, has_no_owner
from contacts.models import FollowUp, Interaction
from contacts.querysets import overdue_by
from partnerships.models import Agreement
from placements import debt
from placements.effect import FEWEST
from placements.models import Effect, Placement, Slot

# The columns of a table of figures: the four groups; what is in none has a column where there is any.
GROUPS = [tier for tier, _name in TIERS]
# What is late for longer than this is told apart.
LONG = timedelta(days=14)
# The key of what is nobody's, where it is counted by team.
NOBODY = 0


@dataclass(frozen=True)
class Figure:
    """One number: `count(asked)` is the aggregate, `query(asked)` what the list's address says for the same rows.

    `of` names the figure that it is a part of, and is told with its share. `is_late` is red where there is any.
    `is_hidden_under` is the smallest number of `of` of which it is told at all: of fewer people nothing is told.
    `permission` is what a reader needs besides that of the list, where the list answers not everybody who sees it.
    """

    name: str
    words: str | Promise
    meaning: str | Promise
    count: Callable
    query: Callable
    of: str = ""
    is_late: bool = False
    is_hidden_under: int = 0
    permission: str = ""

    def is_seen_by(self, may):
        """Whether it is told to who is allowed what `may(permission)` says; the list is asked for apart."""
        return not self.permission or may(self.permission)


@dataclass(frozen=True)
class Source:
    """The rows that figures count: a list, what a reader needs to see it, and how its rows lead to the workplace.

    `colleague` is the lookup that leads to whose a row is; the list is asked for one's own by `whose=mine`.
    """

    name: str
    url_name: str
    permission: str
    rows: Callable
    workplace: str
    figures: tuple
    colleague: str = "owner"
    whose: str = "whose"
    mine: str = "me"

    def only(self, *names):
        """The same source with those of its figures alone."""
        return replace(self, figures=tuple(figure for figure in self.figures if figure.name in names))

    def seen_by(self, may):
        """The same source with those of its figures that `may(permission)` allows."""
        return replace(self, figures=tuple(figure for figure in self.figures if figure.is_seen_by(may)))

    def of(self, rows, asked):
        """Those of `rows` that are the colleague's who is asked about; all of them where nobody is."""
        return rows.filter(**{self.colleague: asked.colleague}) if asked.colleague else rows

    def grouped(self, asked, **keys):
        """The rows counted in one statement: dicts with `n_` and each figure's name, one for each value of `keys`."""
        rows = self.of(self.rows(asked), asked).order_by().values(**keys)
        return list(rows.annotate(**{f"n_{figure.name}": figure.count(asked) for figure in self.figures}))

    def by_group_and(self, asked, **keys):
        """As `grouped`, by the group of the workplace too."""
        return self.grouped(asked, group=Coalesce(f"{self.workplace}tier", 0), **keys)

    def counted(self, asked):
        """`{figure: {tier: number}}`, `tier` 0 for no group, in one statement."""
        return self.told(self.by_group_and(asked))

    def told(self, rows):
        """`{figure: {tier: number}}` of rows that have a `group` and a number for each figure; rows of a group are added up."""
        counted = {figure.name: {} for figure in self.figures}
        for row in rows:
            for name, groups in counted.items():
                groups[row["group"]] = groups.get(row["group"], 0) + (row[f"n_{name}"] or 0)
        return counted

    def url(self, figure, asked, **more):
        """The list behind `figure`."""
        return self.list_url(asked, **(figure.query(asked) | more))

    def list_url(self, asked, **query):
        """The list of the rows that the address says, of the colleague's who is asked about."""
        if asked.colleague:
            query[self.whose] = self.mine if asked.is_own else asked.colleague.pk
        return asked.url(self.url_name, **query)

    def of_team(self, key):
        """What the address says for the rows of those in a team."""
        return {"team": key} if self.whose == "owner" else {self.whose: f"team-{key}"}


def _where(condition):
    return Count("pk", filter=condition)


def _always(**query):
    return lambda asked: query


def _in(rows):
    """That a row is one of `rows`: the same verb as the list has."""
    return Q(pk__in=rows.order_by().values("pk"))


WORKPLACES = Source(
    "workplaces", "companies:register", "companies.view_workplace", lambda asked: asked.workplaces(), "",
    (
        Figure(
            "places", _("Workplaces"), _("Active workplaces, in the group that they are in today."),
            lambda asked: Count("pk"), _always(),
        ),
        Figure(
            "in_time", _("Contacted within the plan's time"),
            _("The last contact is no older than the group's plan allows; in a group without a rhythm, twelve months."),
            lambda asked: _where(contacted_in_time(asked.today, asked.cadences)), _always(contact="in_time"), of="places",
        ),
        Figure(
            "in_year", _("Contacted within 12 months"), _("The last contact was held in the last twelve months."),
            lambda asked: _where(Q(last_contact_on__gte=asked.year_ago)), _always(contacted_months=12), of="places",
        ),
        Figure(
            "never", _("Never contacted"), _("No contact was ever held there."),
            lambda asked: _where(Q(last_contact_on=None)), _always(contact="never"), of="places",
        ),
        Figure(
            "without_owner", _("Without a responsible consultant"),
            _("Nobody who works here is responsible for the workplace."),
            lambda asked: _where(has_no_owner()), _always(owner="none"), of="places",
        ),
    ),
    whose="owner",
)  # fmt: skip

# What my day counts as due: the same verb, `Workplace.objects.waiting`.
WAITING = Figure(
    "waiting", _("Due for contact"),
    _("The group's plan says that it is time, and nobody has promised a next step. Those that wait on your day."),
    lambda asked: _where(_in(Workplace.objects.waiting(asked.today, asked.cadences))), _always(contact="waiting"), of="places",
)  # fmt: skip

AGREEMENTS = Source(
    "agreements", "partnerships:agreements", "partnerships.view_agreement",
    lambda asked: asked.at(Agreement.objects.all()), "workplace__",
    (
        Figure(
            "active", _("Active agreements"), _("Signed, and not ended; counted at the workplace that made it."),
            lambda asked: _where(_in(Agreement.objects.active())), _always(state="active"),
        ),
        Figure(
            "reviews_due", _("Reviews within 60 days, or overdue"),
            _("Active agreements whose next review is at most 60 days away or has passed."),
            lambda asked: _where(_in(Agreement.objects.review_due(asked.today))), _always(state="active", review="due"),
        ),
        Figure(
            "reviews_late", _("Reviews overdue"), _("Active agreements whose review should have been held."),
            lambda asked: _where(_in(Agreement.objects.review_overdue(asked.today))),
            _always(state="active", review="overdue"), is_late=True,
        ),
    ),
)  # fmt: skip

SLOTS = Source(
    "slots", "placements:slots", "placements.view_slot",
    lambda asked: asked.at(Slot.objects.coming(asked.today)).with_free(asked.today), "workplace__",
    (
        Figure(
            "open_places", _("Open places"), _("Places in slots that are open today or will be."),
            lambda asked: Sum("places"), _always(),
        ),
        Figure(
            "filled", _("Filled places"),
            _("Open places that somebody has, or has been promised, in the four weeks from today or from the day on which the slot begins."),
            lambda asked: Sum(Least("taken", "places", output_field=IntegerField())), _always(free="some"), of="open_places",
        ),
        Figure(
            "free_places", _("Free places"),
            _("Open places that nobody has, or has been promised, in the four weeks from today or from the day on which the slot begins."),
            lambda asked: Sum("free", filter=Q(free__gt=0)), _always(free="yes"), of="open_places",
        ),
        Figure(
            "owed", _("Promised places that we have not filled"),
            _("Free places in the slots of which one has stood empty for 21 days, and for which we owe a candidate or a call."),
            lambda asked: Sum("free", filter=Q(free__gt=0) & _in(debt.owed_slots())), _always(owed="yes"),
            of="open_places", is_late=True,
        ),
    ),
)  # fmt: skip

# What came of a placement is told to those who may read it of each: the list is narrowed to it for nobody else.
_EFFECT = {"permission": "placements.view_effect"}
_TOLD = {"of": "known", "is_hidden_under": FEWEST} | _EFFECT


def _this_period(asked):
    return asked.since, asked.until


def _year_before(asked):
    return asked.before


def _between(name, days, **more):
    """What the address says of that which lies between the two days of `days(asked)`."""

    def query(asked):
        first, last = days(asked)
        return more | {f"{name}_from": first.isoformat(), f"{name}_until": last.isoformat()}

    return query


def _ended(days=_this_period):
    return lambda asked: _in(Placement.objects.ended_in(*days(asked)))


def _came_of_it(outcome, days=_this_period):
    return lambda asked: _where(_ended(days)(asked) & _in(Placement.objects.of_outcome(outcome)))


_ended_with = partial(_between, "ended", _this_period, state="ended")
_ended_before = partial(_between, "ended", _year_before, state="ended")

PLACEMENTS = Source(
    "placements", "placements:placements", "placements.view_placement",
    lambda asked: asked.at(Placement.objects.all(), "slot__workplace"), "slot__workplace__",
    (
        Figure(
            "running", _("Placements that run"),
            _("Not ended, also where the planned end has passed and nobody has said that it did."),
            lambda asked: _where(_in(Placement.objects.running())), _always(),
        ),
        Figure(
            "started", _("Placements begun"),
            _("The first day lies in the period. Of days that lie ahead those are counted that have been agreed."),
            lambda asked: _where(_in(Placement.objects.started_in(asked.since, asked.until))),
            _between("started", _this_period, state="all"),
        ),
        Figure(
            "started_before", _("Placements begun a year earlier"), _("The first day lies in the same days of the year before."),
            lambda asked: _where(_in(Placement.objects.started_in(*asked.before))),
            _between("started", _year_before, state="all"),
        ),
        Figure(
            "ended", _("Placements ended"), _("The last day lies in the period."),
            lambda asked: _where(_ended()(asked)), _ended_with(),
        ),
        Figure(
            "known", _("What came of it is known"),
            _("Placements that ended in the period of which somebody has told, four weeks later or more, what came of it."),
            _came_of_it("known"), _ended_with(outcome="known"), of="ended", **_EFFECT,
        ),
        *(
            Figure(
                outcome.value, outcome.label, _("Of the placements of which it is known."), _came_of_it(outcome.value),
                _ended_with(outcome=outcome.value), **_TOLD,
            )
            for outcome in (Effect.Outcome.JOB, Effect.Outcome.HOURS, Effect.Outcome.EDUCATION, Effect.Outcome.NONE)
        ),
        Figure(
            "supporting", pgettext_lazy("after a placement", "Self-supporting"),
            _("No public benefit four weeks after the end; of the placements of which it was said."),
            _came_of_it("supporting"), _ended_with(outcome="supporting"), of="said", is_hidden_under=FEWEST, **_EFFECT,
        ),
        Figure(
            "said", _("It was said whether they support themselves"), _("Of the placements that ended in the period."),
            _came_of_it("said"), _ended_with(outcome="said"), of="ended", **_EFFECT,
        ),
        Figure(
            "supporting_before", _("Self-supporting a year earlier"),
            _("No public benefit four weeks after the end; of the placements that ended on the same days of the year before."),
            _came_of_it("supporting", _year_before), _ended_before(outcome="supporting"), of="said_before", is_hidden_under=FEWEST,
            **_EFFECT,
        ),
        Figure(
            "said_before", _("It was said a year earlier whether they support themselves"),
            _("Of the placements that ended on the same days of the year before."),
            _came_of_it("said", _year_before), _ended_before(outcome="said"), **_EFFECT,
        ),
    ),
    colleague="consultant",
)  # fmt: skip


CONTACTS = Source(
    "contacts", "contacts:contacts", "contacts.view_interaction",
    lambda asked: asked.at(Interaction.objects.filter(on__range=(asked.before[0], asked.until))), "workplace__",
    (
        Figure(
            "contacts", _("Contacts held"), _("Every visit, call, letter, e-mail and meeting that was held in the period."),
            lambda asked: _where(Q(state="held", on__range=_this_period(asked))), _between("day", _this_period),
        ),
        Figure(
            "contacts_before", _("Contacts held a year earlier"), _("On the same days of the year before."),
            lambda asked: _where(Q(state="held", on__range=asked.before)), _between("day", _year_before),
        ),
    ),
    colleague="staff",
)  # fmt: skip

# Counted for targets only. What gave a placement counts also where it has ceased since.
HOSTS = Source(
    "hosts", "companies:register", "placements.view_placement",
    lambda asked: asked.at(Workplace.objects.all(), "pk"), "",
    (
        Figure(
            "hosts", _("Workplaces where a placement began"),
            _("Each counted once, however many placements began there in the period."),
            lambda asked: _where(Q(pk__in=_begun(asked).values("slot__workplace"))),
            _between("placed", _this_period, ceased="too"),
        ),
    ),
)  # fmt: skip


def _begun(asked):
    """As the register's filter has it: a first day that is still to come has begun nothing."""
    return Placement.objects.begun(asked.today).started_in(asked.since, asked.until).order_by()


FOLLOW_UPS = Source(
    "follow_ups", "contacts:follow_ups", "contacts.view_followup",
    lambda asked: asked.at(FollowUp.objects.overdue(asked.today)), "workplace__",
    (
        Figure(
            "late", _("Overdue follow-ups"), _("Promised by a day that has passed, and not done."),
            lambda asked: Count("pk"), _always(whose="all", when="overdue"), is_late=True,
        ),
        Figure(
            "late_long", _("Overdue for more than 14 days"), _("Of the overdue ones those whose day passed more than 14 days ago."),
            lambda asked: _where(overdue_by(asked.today - LONG)),
            lambda asked: {"whose": "all", "when": "overdue", "due_before": (asked.today - LONG).isoformat()},
            of="late", is_late=True,
        ),
    ),
    # The list of follow-ups is one's own where it says nothing.
    mine="",
)  # fmt: skip

SOURCES = (WORKPLACES, CONTACTS, AGREEMENTS, SLOTS, PLACEMENTS, FOLLOW_UPS)


def team_of_owner():
    """The team of the responsible consultant, `NOBODY` where there is none of them."""
    return Case(When(owner=None, then=Value(NOBODY)), default=F("owner__team"), output_field=BigIntegerField())


def _held(asked):
    """The contacts that were held in the period."""
    return asked.at(Interaction.objects.held().filter(on__range=_this_period(asked))).order_by()


def contacts_by(asked, lookup):
    """`{key: how many contacts were held in the period}`, each once for a key; `lookup` leads from a contact to it."""
    return dict(_held(asked).values_list(lookup).annotate(n=Count("pk", distinct=True)))


_TEAM_OF_STAFF = Coalesce("staff__team", NOBODY)


def contacts_of_several_teams(asked):
    """`{keys: number}` of the contacts of the period that those of several teams held together, None for no team.

    So that a sum over teams can count each of them once.
    """
    of_several = _held(asked).values("pk").annotate(n=Count(_TEAM_OF_STAFF, distinct=True)).filter(n__gt=1).values("pk")
    rows = Interaction.objects.filter(pk__in=of_several).order_by().annotate(team=_TEAM_OF_STAFF)
    teams = {}
    for pk, team in rows.values_list("pk", "team").distinct():
        teams.setdefault(pk, set()).add(team or None)
    return Counter(frozenset(keys) for keys in teams.values())


def figure_named(name):
    """The `(source, figure)` of that name. Raises `KeyError` for none."""
    return _BY_NAME[name]


_BY_NAME = {figure.name: (source, figure) for source in (*SOURCES, HOSTS) for figure in source.figures}
_BY_NAME[WAITING.name] = (WORKPLACES, WAITING)
