"""Acts on places of work: group, responsible consultant and flags, each with who did it and why."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import TierChange, Workplace


@transaction.atomic
def set_tier(*, workplace, tier, by, why=""):
    """Put `workplace` in group `tier` (1-4, or None for no group) by hand; rules leave it alone from then on.

    Returns the `TierChange`, or None when it already stood there by hand.
    """
    workplace = _locked(workplace)
    if workplace.tier == tier and workplace.tier_by_hand == (tier is not None):
        return None
    now = timezone.now()
    change = None
    if workplace.tier != tier:
        change = TierChange.objects.create(
            workplace=workplace, from_tier=workplace.tier, to_tier=tier, why=why, by=by, at=now
        )
        workplace.tier_since = timezone.localdate(now) if tier else None
    workplace.tier = tier
    workplace.tier_by_hand = tier is not None
    _save(workplace, ["tier", "tier_since", "tier_by_hand"], by=by, why=why)
    return change


@transaction.atomic
def set_owner(*, workplace, owner, by, why=""):
    """Name `owner` (or nobody) as the responsible consultant of `workplace`; `why` stands in its history.

    Raises `ValueError` for a colleague who no longer works here.
    """
    if owner is not None and not owner.is_active:
        raise ValueError(_("%(name)s no longer works here.") % {"name": owner})
    workplace = _locked(workplace)
    if workplace.owner_id == (owner.pk if owner else None):
        return
    workplace.owner = owner
    _save(workplace, ["owner"], by=by, why=why)


@transaction.atomic
def set_flags(*, workplace, do_not_contact, do_not_contact_why, labour_conflict, by, why=""):
    """Mark or unmark `workplace` as one that asks to be left alone, or where there is a labour conflict."""
    workplace = _locked(workplace)
    workplace.do_not_contact = do_not_contact
    workplace.do_not_contact_why = do_not_contact_why if do_not_contact else ""
    workplace.labour_conflict = labour_conflict
    _save(workplace, ["do_not_contact", "do_not_contact_why", "labour_conflict"], by=by, why=why)


@transaction.atomic
def agree_centrally(*, company, agreed_centrally, central_person, central_owner, by):
    """Say that contacts to all workplaces of `company` go through `central_owner`, or that they no longer do."""
    company.agreed_centrally = agreed_centrally
    company.central_person = central_person if agreed_centrally else ""
    company.central_owner = central_owner if agreed_centrally else None
    company._history_user = by
    company.save(update_fields=["agreed_centrally", "central_person", "central_owner"])


def _locked(workplace):
    return Workplace.objects.select_for_update().get(pk=workplace.pk)


def _save(workplace, fields, *, by, why=""):
    """Write only `fields`: an import may be writing the register facts of the same row."""
    workplace._history_user = by
    if why:
        workplace._change_reason = why[:100]
    workplace.save(update_fields=fields)
