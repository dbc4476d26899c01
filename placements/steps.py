"""The steps of a placement: it starts, is extended, moves between the workplaces of a centre, and ends.

Who may take a place is settled by `occupancy`; here each step brings its follow-ups along.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import Workplace
from contacts.actions import NotNow, hold
from partnerships.models import CentreMember
from placements import follow_ups, occupancy
from placements.models import Placement, Stay

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
        if stay.starts_on > on:
            stay.delete()
        elif stay.ends_on is None or stay.ends_on > on:
            stay.ends_on = on
            stay.save(update_fields=["ends_on"])
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
