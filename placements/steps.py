"""The steps of a placement: it starts, is extended, moves between the workplaces of a centre, and ends or comes to nothing.

Who may take a place is settled by `occupancy`; here each step brings its follow-ups along.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Workplace
from contacts.actions import NotNow, hold, refresh
from contacts.models import UNDO_FOR, FollowUp
from partnerships.models import CentreMember
from placements import follow_ups, occupancy
from placements.models import Effect, Placement, Stay

# Where an extension was granted: what is kept -> words.
GRANTED_IN = {"vitas": "VITAS", "case": gettext_lazy("the case system")}


def _whole(placement):
    return Placement.objects.select_related("slot__workplace", "slot__agreement", "slot__measure", "consultant").get(
        pk=placement.pk
    )


@transaction.atomic
def start(*, slot, by, **facts):
    """Somebody starts; `facts` are those of `occupancy.occupy`, and it raises what that does."""
    hold([slot.workplace_id])
    placement = _whole(occupancy.occupy(slot=slot, by=by, as_placement=True, **facts))
    follow_ups.write(placement, today=timezone.localdate())
    return placement


@transaction.atomic
def take_in(*, slot, placements, by):
    """Write placements that the case system has; those that run are followed up. Raises what `occupancy.take_in` does."""
    hold([slot.workplace_id])
    made = occupancy.take_in(slot=slot, placements=placements, by=by)
    for placement in made:
        if not placement.is_over:
            follow_ups.write(placement, today=timezone.localdate())
    return made


@transaction.atomic
def extend(*, placement, by, planned_end, granted_in=""):
    """Let it last longer, and its follow-ups with it. Raises what `occupancy.extend` does."""
    hold([placement.slot.workplace_id])
    was = follow_ups.plan(placement)
    placement = _whole(occupancy.extend(placement=placement, by=by, planned_end=planned_end, granted_in=granted_in))
    follow_ups.write(placement, today=timezone.localdate(), was=was)
    return placement


@transaction.atomic
def end(*, placement, by, on, reason):
    """It has ended: nothing of it is to be followed up but what came of it. Raises what `occupancy.end` does."""
    hold([placement.slot.workplace_id])
    placement = _whole(occupancy.end(placement=placement, by=by, on=on, reason=reason))
    follow_ups.close(placement, by=by)
    for stay in placement.stays.all():
        stay._history_user = by
        if stay.starts_on > on:
            stay.delete()
        elif stay.ends_on is None or stay.ends_on > on:
            stay.ends_on = on
            stay.save(update_fields=["ends_on"])
    return placement


@transaction.atomic
def withdraw(*, placement, by, reason):
    """It came to nothing: nothing of it is to be followed up, nor what came of it. Raises what `occupancy.withdraw` does."""
    hold([placement.slot.workplace_id])
    placement = _whole(occupancy.withdraw(placement=placement, by=by, reason=reason))
    follow_ups.close(placement, by=by)
    return placement


def said_over(placement, by, now):
    """The row of the history in which `by` has just said that it ended or came to nothing; None if it can't be undone."""
    if not placement.is_over:
        return None
    last, before = ([*placement.history.order_by("-history_id")[:2], None, None])[:2]
    if last is None or last.history_user_id != by.pk or now - last.history_date >= UNDO_FOR:
        return None
    # What was changed since is not that it ended; and one that came with a list as ended never ran here.
    was_over = before is None or before.ended_on is not None or before.withdrawn_on is not None
    return None if was_over else last


@transaction.atomic
def reopen(*, placement, by):
    """Undo that it ended or came to nothing: it has its place, its follow-ups and its stays again.

    Raises what `occupancy.reopen` does, and `NotNow` where it is too late, somebody else said it, or what came of it has
    been told.
    """
    hold([placement.slot.workplace_id])
    placement = Placement.objects.select_for_update(of=["self"]).get(pk=placement.pk)
    said = said_over(placement, by, timezone.now())
    if said is None:
        raise NotNow(_("It can only be undone within ten minutes, by the one who did it."))
    if Effect.objects.filter(placement=placement).exists():
        raise NotNow(_("It is told already what came of it. Take that back first."))
    placement = _whole(occupancy.reopen(placement=placement, by=by))
    promised = FollowUp.objects.caused_by(placement).select_for_update(of=["self"])
    for asked in promised.open().filter(kind=follow_ups.EFFECT):
        asked.delete()
    for closed in promised.filter(kind=follow_ups.KIND, done_by=by, done_at__gte=said.history_date):
        closed.reopen()
    changed = Stay.history.filter(placement=placement, history_date__gte=said.history_date).values("id")
    for was in Stay.history.as_of(said.history_date - timedelta.resolution).filter(id__in=changed):
        was._history_user = by
        was.save()
    refresh(placement.slot.workplace)
    return placement


def may_stay_at(placement):
    """The workplaces among which a placement in a company centre can move; none in any other."""
    agreement = placement.slot.agreement
    if agreement is None or not agreement.is_centre:
        return Workplace.objects.none()
    members = CentreMember.objects.filter(centre__agreement=agreement).values("workplace")
    found = Workplace.objects.filter(pk__in=members) | Workplace.objects.filter(pk=placement.slot.workplace_id)
    return found.order_by("sort_name", "pk")


@transaction.atomic
def stay(*, placement, workplace, starts_on, ends_on=None, known=None):
    """Write at which of a centre's workplaces they are, from and until when; `known` is the stay that is changed.

    The one before, if it was open, ends the day before. Raises `NotNow` where two would overlap or lie outside.
    """
    placement = Placement.objects.select_for_update(of=["self"]).get(pk=placement.pk)
    if starts_on < placement.starts_on or max(starts_on, ends_on or starts_on) > placement.last_day:
        raise NotNow(_("Choose days within the placement."))
    others = placement.stays.exclude(pk=known.pk) if known else placement.stays.all()
    for other in others:
        if other.ends_on is None and other.starts_on < starts_on and known is None:
            other.ends_on = starts_on - timedelta(days=1)
            other.save(update_fields=["ends_on"])
        elif other.starts_on <= (ends_on or placement.last_day) and (other.ends_on or placement.last_day) >= starts_on:
            raise NotNow(_("They are at %(place)s on some of these days.") % {"place": other.workplace})
    row = known or Stay(placement=placement)
    row.workplace, row.starts_on, row.ends_on = workplace, starts_on, ends_on
    row.save()
    return row
