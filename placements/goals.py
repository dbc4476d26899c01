"""What placements add to the goals of agreements."""

from django.db.models import Avg, Count, F, Q
from django.utils.translation import gettext_lazy as _

from partnerships import goals
from partnerships.models import AgreementGoal
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
    return {pk: round(hours, 1) for pk, hours in rows.filter(number__gte=FEWEST).values_list("pk", "hours")}


def declare():
    """The measures of this app; once, when the app is ready."""
    goals.register(
        goals.Measure("placements", _("Placements begun"), _started),
        goals.Measure("hours_after_placements", _("Paid hours after placements"), _hours, unit=_("hours a week")),
    )
