"""The background work of partnerships: planning reviews."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from partnerships import review_days


@clock.every_day(
    "partnerships.reviews",
    at=time(4, 40),
    label=_("Planning reviews of agreements"),
    counts={"promised": _("become follow-ups"), "made": _("that were missing")},
)
def plan_reviews(date):
    """Every review within 30 days is a follow-up, and every active agreement has a review."""
    return review_days.plan_ahead(date)
