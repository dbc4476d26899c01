"""What we owe: a place that was promised and has been empty for 21 days becomes a follow-up for us.

"We owe them a candidate or a call", once for each time that a slot has stood with a free place; ticked off by itself when
somebody takes a place, or the slot is paused, closed, or made smaller so that it is full.
"""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import F, Max, Min, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from simple_history.utils import bulk_create_with_history

from companies.models import Workplace
from contacts import follow_up_kinds
from contacts.actions import hold, refresh, refresh_contact_dates
from contacts.follow_up_kinds import FollowUpKind
from contacts.goes_along import batches
from contacts.models import FollowUp
from jobcenter_crm.backstage.bulk import write_history
from partnerships import card
from placements.models import Placement, Reservation, Slot
from placements.querysets import OWED_AFTER

# The kind of the follow-up that an empty place makes; all of them are caused by slots.
KIND = "owed"
_DAY = timedelta(days=1)
# Reservations out of which nobody came.
_CAME_TO_NOTHING = Q(state__in=["given_back", "let_go"]) | Q(placement__withdrawn_on__isnull=False)


def owed(slots, today):
    """`{slot: the day since which it has had a free place}` for those of `slots` with 21 such days; three statements.

    A place counts as taken from the day on which that was written down: a candidate is on the way. Whoever takes a
    place of several pays the debt for the others too, and the days begin anew. Who does not come after all, or whose
    reservation is given back or let go, has paid nothing: the employer has seen nobody, and the place was empty all along.
    """
    days = _empty(slots, today)
    return {slot: day for slot, day in days.items() if day and day <= today - OWED_AFTER}


def _empty(slots, today):
    """`{slot: the day since which it has had a free place, None where it is full}`; three statements."""
    found = list(slots.annotate(reopened_at=_reopened()).select_related("owner", "measure").order_by("pk"))
    keys = [slot.pk for slot in found]
    spans = defaultdict(list)
    for rows in (
        Reservation.objects.filter(slot__in=keys)
        .exclude(_CAME_TO_NOTHING)
        .values_list("slot", "created_at", "starts_on", "planned_end", "settled_at"),
        Placement.objects.standing()
        .filter(slot__in=keys)
        .values_list("slot", "created_at", "starts_on", "planned_end", "ended_on"),
    ):
        for pk, written, first, last, over in rows:
            spans[pk].append(_span(_day(written), first, last, over))
    return {slot: _empty_since(slot, spans[slot.pk], today) for slot in found}


def _reopened():
    """When a slot was opened after it had last been anything else: it has been promised again from then on."""
    history = Slot.history.model.objects.order_by()
    not_open = history.filter(id=OuterRef(OuterRef("pk"))).exclude(state="open").values("id")
    again = history.filter(
        id=OuterRef("pk"), state="open", history_id__gt=Subquery(not_open.annotate(row=Max("history_id")).values("row"))
    )
    return Subquery(again.values("id").annotate(at=Min("history_date")).values("at"))


def _day(moment):
    return timezone.localtime(moment).date()


def _span(written, first, last, over):
    """The day on which a place was spoken for, the first and the last day on which it was not free."""
    over = _day(over) if over and type(over) is not date else over
    return written, min(written, first), last if over is None else over


def _empty_since(slot, spans, today):
    """The first day of those, until today, on which it has been open with a place free; None when it is full today."""
    since = max(slot.starts_on, _day(slot.created_at), *([_day(slot.reopened_at)] if slot.reopened_at else []))
    since = max([since, *(min(written, today) for written, _first, _last in spans)])
    full = None
    # The number taken changes only where somebody comes or goes.
    for day in {today, *(last for _written, _first, last in spans if since <= last < today)}:
        if sum(first <= day <= last for _written, first, last in spans) >= slot.places:
            full = max(full or day, day)
    if full is None:
        return since
    return None if full == today else full + _DAY


def _may_be_owed(today):
    """Open slots that are old enough, where something new can be agreed."""
    return Slot.objects.on(today).filter(
        starts_on__lte=today - OWED_AFTER, workplace__ceased_on=None, workplace__merged_into=None,
        workplace__labour_conflict=False,
    )  # fmt: skip


def plan(today):
    """Write what we owe by now, and tick off what we owe no longer; returns counts. Harmless twice."""
    closed = sum(_close_several(some) for some in batches(_no_longer_owed(today)))
    keys = list(_may_be_owed(today).order_by("pk").values_list("pk", flat=True))
    return {"owed": sum(_promise_several(some, today) for some in batches(keys)), "paid": closed}


@transaction.atomic
def _promise_several(keys, today):
    rows = owed(_may_be_owed(today).filter(pk__in=keys), today)
    hold({slot.workplace_id for slot in rows})
    # Asked again under the lock: somebody may just have taken the place.
    rows = owed(Slot.objects.open().filter(pk__in=[slot.pk for slot in rows]), today) if rows else {}
    told = _told_last([slot.pk for slot in rows])
    new = [_promise(slot, day, today) for slot, day in rows.items() if told.get(slot.pk, date.min) < day]
    if new:
        bulk_create_with_history(new, FollowUp)
        refresh_contact_dates(Workplace.objects.filter(pk__in={one.workplace_id for one in new}))
    return len(new)


def _told_last(keys):
    """`{slot: the day}` on which its debt was last told of; a spell that began before is told already."""
    told = FollowUp.objects.filter(kind=KIND, cause_id__in=keys).order_by()
    # By the day on which it was written, which its name keeps: the follow-up itself may have been put off.
    found = defaultdict(lambda: date.min)
    for pk, made in told.values_list("cause_id", "occurrence"):
        found[pk] = max(found[pk], date.fromisoformat(made))
    return found


def _promise(slot, since, today):
    with translation.override(slot.owner.language or settings.LANGUAGE_CODE):
        title = _("We owe them a candidate or a call: %(slot)s, free since %(day)s") % {
            "slot": slot, "day": date_format(since, "SHORT_DATE_FORMAT"),
        }  # fmt: skip
    return FollowUp(
        kind=KIND, cause_type=ContentType.objects.get_for_model(Slot), cause_id=slot.pk, occurrence=today.isoformat(),
        workplace_id=slot.workplace_id, person_id=slot.contact_id, title=title[:200], due_on=today, owner=slot.owner,
    )  # fmt: skip


def _no_longer_owed(today):
    """The follow-ups of slots that can't be filled any more: paused, closed, run out, or their workplace gone."""
    fillable = _may_be_owed(today).values("pk")
    rows = FollowUp.objects.open().filter(kind=KIND).exclude(cause_id__in=fillable)
    return list(rows.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _close_several(keys):
    rows = FollowUp.objects.filter(pk__in=keys)
    places = set(rows.order_by().values_list("workplace", flat=True))
    hold(places)
    now = timezone.now()
    still = list(rows.open().select_for_update().order_by("pk").values_list("pk", flat=True))
    closing = FollowUp.objects.filter(pk__in=still)
    # Nobody did it: it is ticked off in the name of the one whose it was.
    closing.update(done_at=now, done_by=F("owner"))
    write_history(closing, at=now, by=None)
    refresh_contact_dates(Workplace.objects.filter(pk__in=places))
    return len(still)


def settle(slot, *, by):
    """Tick off what was owed for a slot: somebody takes a place, or there is none to fill. `by` is None for a list taken in.

    The caller holds the workplace.
    """
    found = FollowUp.objects.open().filter(kind=KIND, cause_id=slot.pk)
    done = list(found.select_for_update(of=["self"]).select_related("owner"))
    for follow_up in done:
        follow_up.finish(by=by or follow_up.owner)
    if done:
        refresh(slot.workplace)


def settle_if_paid(slot, *, by):
    """Tick off what was owed for a slot that has been changed, where it is open no longer, not in its period, or full now.

    The caller holds the workplace.
    """
    today = timezone.localdate()
    if not any(_empty(_may_be_owed(today).filter(pk=slot.pk), today).values()):
        settle(slot, by=by)


def reopen(slot, *, by, since):
    """Owe again what `by` has ticked off since: that the slot was open no longer is undone. The caller holds the workplace."""
    ticked = FollowUp.objects.filter(kind=KIND, cause_id=slot.pk, done_by=by, done_at__gte=since)
    done = list(ticked.select_for_update(of=["self"]))
    for follow_up in done:
        follow_up.reopen()
    if done:
        refresh(slot.workplace)


def owe_again(slot):
    """Somebody who was to have a place does not come: what they had paid is owed again, and to be seen today.

    A follow-up that was open when they took the place was ticked off by that, and by nothing else; one that somebody had
    ticked off before stays so. The caller holds the workplace.
    """
    today = timezone.localdate()
    since = owed(_may_be_owed(today).filter(pk=slot.pk), today).get(slot)
    told = FollowUp.objects.filter(kind=KIND, cause_id=slot.pk)
    if since is None or told.open().exists():
        return
    ticked = told.filter(occurrence__gte=since.isoformat()).select_for_update(of=["self"])
    moments = _taken_for_nothing(slot)
    for follow_up in ticked:
        if any(follow_up.created_at <= moment <= follow_up.done_at for moment in moments):
            follow_up.reopen()
            follow_up.due_on, follow_up.owner_id = today, slot.owner_id
            follow_up.save(update_fields=["due_on", "owner"])
    refresh(slot.workplace)


def _taken_for_nothing(slot):
    """When places of a slot were taken for those who did not come."""
    reserved = Reservation.objects.filter(_CAME_TO_NOTHING, slot=slot)
    placed = Placement.objects.withdrawn().filter(slot=slot, reservation=None)
    return [*reserved.values_list("created_at", flat=True), *placed.values_list("created_at", flat=True)]


def _note(agreement, user, today):
    """On the card of an agreement: what we owe for its slots, `(words, address)`."""
    slots = Slot.objects.filter(agreement=agreement).values("pk")
    open_ones = FollowUp.objects.open().filter(kind=KIND, cause_id__in=slots)
    found = dict(open_ones.values_list("cause_id", "due_on"))
    if not found:
        return None
    words = ngettext(
        "We owe them a candidate or a call: %(n)s slot has stood empty for three weeks.",
        "We owe them a candidate or a call: %(n)s slots have stood empty for three weeks.",
        len(found),
    ) % {"n": len(found)}
    return words, reverse("placements:slot", args=[min(found)])


def owed_slots():
    """The slots for which somebody has been told that we owe a candidate or a call, and has not given either."""
    return Slot.objects.owed(FollowUp.objects.open().filter(kind=KIND))


def _page(follow_up):
    return reverse("placements:slot", args=[follow_up.cause_id])


def declare():
    """The kind of follow-up, and the note on the card of an agreement; once, when the app is ready."""
    follow_up_kinds.register(FollowUpKind(KIND, gettext_lazy("We owe them"), url=_page))
    card.register(_note)
