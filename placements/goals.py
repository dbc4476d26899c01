"""What placements add to the goals of agreements."""

from django.db.models import Avg, Count, Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame.rounding import half_up
from partnerships import goals
from partnerships.models import AgreementGoal, AgreementPlace
from placements.effect import FEWEST

_PLACEMENTS = "agreement__slots__placements"
# At the agreement's places, begun since the goal is counted from.
_SINCE = {f"{_PLACEMENTS}__starts_on__gte": F("counted_from")}


def _of(some):
    return AgreementGoal.objects.filter(pk__in=[goal.pk for goal in some]).order_by()


def _started(some, today):
    rows = _of(some).annotate(
        number=Count(
            _PLACEMENTS,
            filter=Q(**_SINCE, **{f"{_PLACEMENTS}__starts_on__lte": today, f"{_PLACEMENTS}__withdrawn_on": None}),
        )
    )
    return dict(rows.values_list("pk", "number"))


def _hours(some, today):
    """Hours a week on average where paid hours came of it; no figure where that are fewer than five."""
    paid = Q(
        **_SINCE, **{f"{_PLACEMENTS}__effect__outcome": "hours", f"{_PLACEMENTS}__effect__recorded_on__lte": today}
    )
    rows = _of(some).annotate(
        number=Count(f"{_PLACEMENTS}__effect", filter=paid), hours=Avg(f"{_PLACEMENTS}__effect__hours", filter=paid)
    )
    return {pk: half_up(hours, 1) for pk, hours in rows.filter(number__gte=FEWEST).values_list("pk", "hours")}


def _filled(some, today):
    """Positions filled through us, of the job orders that were received at the agreement's workplaces since.

    An order has no agreement: it counts where the agreement holds.
    """
    orders = "agreement__company__workplaces__job_orders"
    named = AgreementPlace.objects.filter(
        agreement=OuterRef("agreement"), workplace=OuterRef("agreement__company__workplaces")
    )
    hired = Q(
        **{
            f"{orders}__created_at__date__gte": F("counted_from"),
            f"{orders}__referrals__state": "hired",
            f"{orders}__referrals__on__lte": today,
        }
    )
    rows = _of(some).filter(Q(agreement__covers_all=True) | Exists(named))
    rows = rows.annotate(number=Count(f"{orders}__referrals", filter=hired, distinct=True))
    return {goal.pk: 0 for goal in some} | dict(rows.values_list("pk", "number"))


def declare():
    """The measures of this app; once, when the app is ready."""
    goals.register(
        goals.Measure("placements", _("Placements begun"), _started),
        goals.Measure("positions_filled", _("Positions filled through us"), _filled),
        goals.Measure("hours_after_placements", _("Paid hours after placements"), _hours, unit=_("hours a week")),
    )
