"""The background work of placements: asking what came of them, and forgetting whose they were."""

from datetime import time

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import clock
from placements import effect
from placements.case_list import forgetting


@clock.every_day(
    "placements.effect",
    at=time(4, 45),
    label=_("Asking what came of placements"),
    counts={"asked": _("asked")},
)
def ask_what_came_of_it(date):
    """Four weeks after the end, a follow-up of the placement's consultant."""
    return {"asked": effect.ask(date)}


@clock.every_day(
    "placements.references",
    at=time(4, 50),
    label=_("Forgetting case references"),
    counts={"erased": _("erased"), "rows": _("rejected rows emptied")},
)
def erase_case_references(date):
    """90 days after the effect was written, the row stays without its case reference; a rejected row without its cells."""
    now = timezone.now()
    return {"erased": effect.erase_references(now), "rows": forgetting.forget_rows(now)}
