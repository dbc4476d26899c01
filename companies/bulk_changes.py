"""Giving many workplaces a responsible consultant or a group, as by hand, with a way back."""

from django.db.models import Case, DateField, F, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import actions
from companies.bulk_correction import CORRECTIONS
from companies.models import Workplace
from jobcenter_crm.backstage import bulk

TIER = "companies.bulk_tier"


def set_owner(*, draft, workplaces, answer, by, basis):
    """Order that `workplaces` get a responsible consultant, or nobody; the job, or None if all have."""
    correction = CORRECTIONS["owner"]
    values = correction.values(answer["owner"])
    lacking = correction.lacking(workplaces, values)
    if not lacking.exists():
        return None
    return bulk.start(correction.kind, by=by, rows=lacking, values=values, queue_it=False)


def set_tier(*, draft, workplaces, answer, by, basis):
    """Order that `workplaces` come into a group by hand; the job, or None if all are there by hand already."""
    tier = answer["tier"]
    values = {
        "tier": tier,
        # One that a rule had put there stays since then; only rules leave it alone from now on.
        "tier_since": Case(
            When(tier=tier, then=F("tier_since")), default=Value(timezone.localdate() if tier else None, DateField())
        ),
        "tier_by_hand": tier is not None,
    }
    lacking = workplaces.exclude(tier=tier, tier_by_hand=tier is not None)
    if not lacking.exists():
        return None
    return bulk.start(TIER, by=by, rows=lacking, values=values, arguments={"why": answer["why"]}, queue_it=False)


@bulk.bulk_kind(
    TIER,
    label=gettext_lazy("Changing the group"),
    model=Workplace,
    fields=["tier", "tier_since", "tier_by_hand"],
    permission="companies.set_tier",
)
def change_tier(workplace, values, *, job, by):
    if workplace.merged_into_id:
        # Merged, since it was ordered or done, into a workplace that nobody chose.
        return False
    why = job.arguments.get("why", "")
    if job.undone_at:
        why = _("Taken back: %(why)s") % {"why": why}
    actions.give_tier(workplace=workplace, by=by, why=why[:255], **values)
    return True
