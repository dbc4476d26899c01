"""What a target can be about: figures of the dashboard, and by what it can be told whether they can be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from contacts.models import Interaction
from jobcenter_crm.desk.dashboard.figures import WORKPLACES, figure_named
from jobcenter_crm.desk.dashboard.realism import Through
from partnerships.models import Agreement, Review
from placements.models import Placement, Slot

STOCK, SHARE, FLOW, OUTCOME = "stock", "share", "flow", "outcome"
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Gains:
    """What was gained in a time: `count` of `rows()`, each on a day `on`; `workplace` leads from a row to the workplace."""

    rows: Callable
    on: str
    count: object
    workplace: str = "workplace"


@dataclass(frozen=True)
class Measure:
    """A figure as a target; `name` is the figure's.

    `kind`: how many there are ("stock") or how large a share of them ("share"), on a day; how many in a period, counted
    from the start ("flow"); what share of a period's ("outcome"). `through` leads to it. `gains` are counted for what a
    year gave. `idle(asked)`: the aggregate of those that will be there on the last day asked for if nothing is done.
    """

    name: str
    kind: str
    through: Through
    gains: Gains | None = None
    idle: Callable | None = None
    is_less: bool = False
    called: str | Promise = ""

    @property
    def source(self):
        return figure_named(self.name)[0]

    @property
    def figure(self):
        return figure_named(self.name)[1]

    @property
    def words(self):
        return self.called or self.figure.words

    @property
    def is_percent(self):
        return self.kind in (SHARE, OUTCOME)

    @property
    def is_of_a_period(self):
        return self.kind in (FLOW, OUTCOME)

    def is_seen_by(self, user):
        """Whether `user` may be told it."""
        return user.has_perm(self.source.permission) and self.figure.is_seen_by(user.has_perm)

    @property
    def whole(self):
        """The figure that a share is a share of."""
        return figure_named(self.figure.of)[1] if self.is_percent else None

    @property
    def takes_several_groups(self):
        """Whether the list behind it can be narrowed to several groups at a time, as the register can."""
        return self.source.url_name == WORKPLACES.url_name


def _first_ones():
    """Contacts before which there was none at the workplace."""
    earlier = Interaction.objects.held().filter(workplace=OuterRef("workplace"), on__lt=OuterRef("on"))
    return Interaction.objects.held().filter(~Exists(earlier))


def _in_year_by(asked):
    return Count("pk", filter=Q(last_contact_on__gte=asked.year_ago))


def _not_run_out_by(asked):
    return Count("pk", filter=Q(pk__in=Agreement.objects.in_force(asked.today).order_by().values("pk")))


def _of_outcome(outcome):
    return lambda: Placement.objects.ended().of_outcome(outcome)


def _as_on_that_day(name):
    return lambda asked: figure_named(name)[1].count(asked)


_PLACES_REACHED = Gains(Interaction.objects.held, "on", Count("workplace", distinct=True))
_SLOT = "slot__workplace"

MEASURES = {
    measure.name: measure
    for measure in (
        Measure(
            "hosts", FLOW, Through.CONTACTS,
            Gains(Placement.objects.standing, "starts_on", Count(_SLOT, distinct=True), _SLOT),
        ),
        Measure("started", FLOW, Through.CONTACTS, Gains(Placement.objects.standing, "starts_on", Count("pk"), _SLOT)),
        Measure("contacts", FLOW, Through.EACH, Gains(Interaction.objects.held, "on", Count("pk"))),
        Measure("in_year", SHARE, Through.EACH, _PLACES_REACHED, _in_year_by),
        Measure("in_time", SHARE, Through.EACH, _PLACES_REACHED, _as_on_that_day("in_time")),
        Measure("never", STOCK, Through.EACH, Gains(_first_ones, "on", Count("workplace", distinct=True)), is_less=True),
        Measure("without_owner", STOCK, Through.NOTHING, is_less=True),
        Measure(
            "active", STOCK, Through.MEETINGS,
            Gains(lambda: Agreement.objects.filter(signed_on__isnull=False), "signed_on", Count("pk")), _not_run_out_by,
        ),
        Measure(
            "reviews_late", STOCK, Through.EACH,
            Gains(Review.objects.held, "held_on", Count("pk"), "agreement__workplace"),
            _as_on_that_day("reviews_late"), is_less=True,
        ),
        Measure(
            "open_places", STOCK, Through.CONTACTS, Gains(Slot.objects.promised, "created_at__date", Sum("places")),
            _as_on_that_day("open_places"),
        ),
        Measure(
            "supporting", OUTCOME, Through.OUTCOME, Gains(_of_outcome("supporting"), "ended_on", Count("pk"), _SLOT),
            called=_("Self-supporting four weeks after a placement"),
        ),
        Measure(
            "job", OUTCOME, Through.OUTCOME, Gains(_of_outcome("job"), "ended_on", Count("pk"), _SLOT),
            called=pgettext_lazy("what came of placements", "Ordinary job after a placement"),
        ),
    )
}  # fmt: skip


def period_before(start, deadline, today):
    """The days, first and last, with which a period from `start` to `deadline` is compared: as long, and just before it.

    Whole months are as many months, else as many days. A start that lies ahead is not waited for: the days end today.
    """
    last = min(start - _DAY, today)
    end = deadline + _DAY
    apart = relativedelta(end, start)
    if apart.days == 0 and (apart.years or apart.months):
        return last + _DAY - relativedelta(years=apart.years, months=apart.months), last
    return last + _DAY - (end - start), last
