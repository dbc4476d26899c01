"""The background work of the roof: figures that are counted before anybody asks for them."""

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from jobcenter_crm.desk.dashboard import kept


@clock.every_day(
    "desk.figures", at=time(5, 15), label=_("Counting the figures of the overview"), counts={"kept": _("kept")}
)
def keep_figures(date):
    """What the overview and the pages of the groups show of a large register."""
    return {"kept": kept.keep(date, timezone.now())}
