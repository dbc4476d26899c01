"""The background work of partnerships: planning reviews."""

from datetime import time

from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from partnerships import review_days
from partnerships.models import Agreement


@clock.every_day(
    "partnerships.reviews",
    at=time(4, 40),
    label=_("Planning reviews of agreements"),
    counts={
        "promised": _("become follow-ups"),
        "made": _("that were missing"),
        "moved": _("agreements whose workplace the register has given another company"),
    },
)
def plan_reviews(date):
    """Every review within 30 days is a follow-up, and every active agreement has a review, and is its workplace's company's."""
    moved = Agreement.objects.follow_workplaces()
    return review_days.plan_ahead(date) | {"moved": moved}
