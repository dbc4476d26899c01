"""Acts on slots other than taking their places, which only `placements.occupancy` does."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.actions import NotNow, hold, standing
from partnerships.models import Agreement
from placements import debt, occupancy
from placements.models import Slot


@transaction.atomic
def make(*, workplace, owner, by, target_groups=(), considerations=(), token=None, **facts):
    """A new open slot at `workplace`. The same `token` again returns the one it made the first time.

    Raises `NotNow` where the employer is in a labour conflict or the workplace has ceased, and for an agreement that
    does not hold there.
    """
    workplace = standing(workplace)
    if token and (known := Slot.objects.filter(token=token).first()):
        return known
    if why := why_none(workplace):
        raise NotNow(why)
    _refuse_agreement(facts.get("agreement"), workplace)
    slot = Slot(
        workplace=workplace, owner=owner, created_by=by, confirmed_on=timezone.localdate(), token=token, **facts
    )
    slot._history_user = by
    slot.save()
    slot.target_groups.set(target_groups)
    slot.considerations.set(considerations)
    return slot


def why_none(workplace):
    """Why no new slot can be agreed at a workplace; empty where one can."""
    if workplace.labour_conflict:
        return _("There is a labour conflict here. No new places can be agreed.")
    if workplace.ceased_on:
        return _("The workplace has ceased. No new places can be agreed.")
    return ""


def agreements_at(workplace, today, also=None):
    """The agreements that a slot at `workplace` may come out of; `also` is the one it has already."""
    holding = Agreement.objects.in_force(today).at(workplace).values("pk")
    rows = Agreement.objects.filter(pk__in=holding)
    return (rows | Agreement.objects.filter(pk=also)) if also else rows


def _refuse_agreement(agreement, workplace, also=None):
    if agreement and not agreements_at(workplace, timezone.localdate(), also).filter(pk=agreement.pk).exists():
        raise NotNow(_("This agreement does not hold at the workplace."))


@transaction.atomic
def change(*, slot, by, target_groups=None, considerations=None, **facts):
    """Change what a slot says. Raises `Full` or `NotNow` where those who have its places would not fit any more."""
    # A form has written into `slot` what was typed: what it had is asked for again.
    kept = Slot.objects.select_related("workplace").get(pk=slot.pk)
    _refuse_agreement(facts.get("agreement"), kept.workplace, kept.agreement_id)
    slot = occupancy.resize(slot=slot, by=by, **facts)
    for name, chosen in (("target_groups", target_groups), ("considerations", considerations)):
        if chosen is not None:
            getattr(slot, name).set(chosen)
    return slot


@transaction.atomic
def set_state(*, slot, state, by, why="", on=None):
    """Pause, close or open a slot, with the reason. One that is opened is known to be open `on` that day.

    Returns the slot, and what it said before, as `put_back` takes it. Raises `NotNow` where it is so already.
    """
    hold([slot.workplace_id])
    kept = Slot.objects.select_for_update(of=["self"]).select_related("workplace").get(pk=slot.pk)
    if kept.state == state:
        raise NotNow(_("The slot is %(state)s already.") % {"state": str(kept.get_state_display()).lower()})
    if state == Slot.State.OPEN and (no := why_none(kept.workplace)):
        raise NotNow(no)
    before = [kept.state, kept.state_why, kept.confirmed_on.isoformat()]
    facts = {"state": state, "state_why": why}
    if state == Slot.State.OPEN:
        facts["confirmed_on"] = on or timezone.localdate()
    kept = occupancy.resize(slot=kept, by=by, **facts)
    return kept, [*before, kept.history.latest().history_id]


@transaction.atomic
def put_back(*, slot, before, by):
    """Undo the last `set_state` or `confirm`, where nobody has changed the slot since; else raises `NotNow`.

    What we owed there, and was ticked off because the slot was open no longer, is owed again.
    """
    state, why, day, written = before
    hold([slot.workplace_id])
    kept = Slot.objects.select_for_update(of=["self"]).get(pk=slot.pk)
    latest = kept.history.latest()
    if latest.history_id != written:
        raise NotNow(_("The slot has been changed since. Nothing was undone."))
    is_opened = state == Slot.State.OPEN and not kept.is_open
    kept = occupancy.resize(slot=kept, by=by, state=state, state_why=why, confirmed_on=date.fromisoformat(day))
    if is_opened:
        debt.reopen(kept, by=by, since=latest.history_date)
    return kept


@transaction.atomic
def confirm(*, slot, by, on):
    """It is still open, as heard `on` that day; an earlier day than is known already says nothing new.

    Returns the slot, and what it said before, as `put_back` takes it; None where it was known.
    """
    kept = Slot.objects.select_for_update(of=["self"]).get(pk=slot.pk)
    if kept.confirmed_on >= on:
        return kept, None
    before = [kept.state, kept.state_why, kept.confirmed_on.isoformat()]
    kept.confirmed_on, kept._history_user = on, by
    kept.save(update_fields=["confirmed_on"])
    return kept, [*before, kept.history.latest().history_id]
