"""The follow-up of a job order: one is open as long as the order is, for every working day until it is filled or withdrawn.

When somebody has done something about the order, the next one is for the next working day. It is the responsible
consultant's, in their language, and says how many are still to be found and by when. Where that one has left, whoever
took the last one over keeps it.
"""

from collections import defaultdict
from datetime import date, datetime, time

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, F, Max, OuterRef, Q
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from companies.models import Workplace
from contacts import follow_up_kinds, inbound, waiting
from contacts.actions import drop, drop_next, hold, refresh, refresh_contact_dates
from contacts.follow_up_kinds import FollowUpKind
from contacts.goes_along import batches
from contacts.models import FollowUp
from contacts.waiting import Found, Line, first_of_each
from jobcenter_crm.backstage.bulk import write_history
from jobcenter_crm.frame.working_days import next_working_day, working_day_from
from placements.models import JobOrder

# The kind of the follow-up that a job order makes.
KIND = "job_order"
_NAME = FollowUp._meta.get_field("occurrence").max_length


def promised_for(order):
    """What is and was promised for a job order."""
    return FollowUp.objects.caused_by(order).filter(kind=KIND)


def missing_in_words(order):
    """How many are still to be found, as it is said on screen and in the title of the follow-up."""
    if order.positions == 1:
        return _("One still to find")
    return _("%(missing)s of %(positions)s still to find") % {"missing": order.missing, "positions": order.positions}


def title_for(order, today):
    """What the follow-up says to the one whose it is: the vacancy, how many are missing, and by when."""
    with translation.override(order.owner.language or settings.LANGUAGE_CODE):
        words = {
            "title": order.title,
            "missing": missing_in_words(order).lower(),
            "day": date_format(order.deadline, "DATE_FORMAT"),
        }
        if order.deadline < today:
            said = _("Job order, %(title)s: %(missing)s, the deadline passed on %(day)s")
        else:
            said = _("Job order, %(title)s: %(missing)s, deadline %(day)s")
        return (said % words)[:200]


def write(order, *, by, today, is_given=False, soon=False):
    """Let exactly one follow-up be open for an open order, with the words of the day, and none for one that is closed.

    Where the order `is_given` to a colleague, the follow-up is given with it; otherwise whoever has it keeps it. One
    that is to be seen `soon` is due today. The caller holds the workplace and has locked the order. Harmless twice.
    """
    found = list(promised_for(order).open().order_by("due_on", "pk").select_for_update(of=["self"]))
    kept = found.pop(0) if found and order.is_open else None
    for follow_up in found:
        follow_up.finish(by=by)
    if kept is None and order.is_open and not order.workplace.ceased_on:
        kept = _new(order, today, _known([order.pk], today)[order.pk])
        kept.save()
    elif kept is not None and is_given and kept.owner_id != order.owner_id:
        kept.give(to=order.owner, by=by, at=timezone.now())
    if kept is not None:
        _fit(kept, order, today, soon)
    refresh(order.workplace)


def followed(order, *, by, today):
    """Somebody has done something about the order: what was promised until today is done, and the next is due tomorrow.

    Where that is neither the responsible consultant nor whoever has the follow-up, these are to see it: nothing is
    ticked off in their name, and what was due later is due today.
    """
    rows = promised_for(order).open().select_for_update(of=["self"])
    theirs = [one for one in rows if by.pk in (order.owner_id, one.owner_id)]
    for follow_up in theirs:
        if follow_up.due_on <= today:
            follow_up.finish(by=by)
    write(order, by=by, today=today, soon=not theirs and by.pk != order.owner_id)


def reopen(order, *, by, since, today):
    """An act of `by` is undone: what it has ticked off since is open again, and what was made instead is gone.

    What somebody has touched meanwhile stays as they left it, and what was brought forward stays where it can be seen.
    The caller holds the workplace and has locked the order.
    """
    promised = promised_for(order).select_for_update(of=["self"])
    ticked = promised.filter(done_by=by, done_at__gte=since).order_by("done_at", "pk").first()
    if order.is_open and ticked and drop_next(ticked) is None:
        ticked.reopen()
    elif not order.is_open:
        # It was open for a moment: ticked off, what was made for that would count as done for its day.
        for made in promised.open():
            drop(made)
    write(order, by=by, today=today)


def _fit(follow_up, order, today, soon):
    """Its words are the order's; its day moves only where it is to be seen sooner."""
    facts = {"title": title_for(order, today), "person_id": order.contact_id}
    if soon and (day := working_day_from(today)) < follow_up.due_on:
        # Named anew: the day it stood for is still to come, and is to have one of its own. Several may come to one day.
        facts |= {"due_on": day, "occurrence": f"{day}+{follow_up.pk}"[:_NAME]}
    changed = [name for name, value in facts.items() if getattr(follow_up, name) != value]
    if changed:
        for name in changed:
            setattr(follow_up, name, facts[name])
        follow_up.save(update_fields=changed)


def _day(occurrence):
    """The day that a follow-up is named for; one that was brought forward has a number of its own behind it."""
    return date.fromisoformat(occurrence[:10])


class _Known:
    """What has been promised for one order: the days that are named already, and the latest tick that nothing continues.

    `kept_by` is the key of whoever had that one, None where they have left.
    """

    def __init__(self):
        self.days, self.done_today, self.last, self.kept_by = set(), False, None, None


def _known(keys, today):
    """`{order: _Known}` in two statements; of the past only what the next day depends on."""
    found = defaultdict(_Known)
    rows = FollowUp.objects.filter(kind=KIND, cause_id__in=keys).order_by()
    since = timezone.make_aware(datetime.combine(today, time.min))
    lately = rows.filter(Q(occurrence__gte=today.isoformat()) | Q(done_at__gte=since))
    for pk, occurrence, done_at in lately.values_list("cause_id", "occurrence", "done_at"):
        found[pk].days.add(_day(occurrence))
        found[pk].done_today = found[pk].done_today or (done_at is not None and done_at >= since)
    free = rows.filter(done_at__isnull=False, continued_by=None)
    latest = free.filter(pk__in=free.values("cause_id").annotate(last=Max("pk")).values("last"))
    for pk, last, whose, works_here in latest.values_list("cause_id", "pk", "owner_id", "owner__is_active"):
        found[pk].last, found[pk].kept_by = last, whose if works_here else None
    return found


def _new(order, today, known):
    """The next one, unsaved: for the first working day from `today` on that is not named yet, and not for a day that has been worked.

    An order that was received today has been looked at today. It is the responsible consultant's; of one who has left,
    whoever had the last one and works here keeps it.
    """
    worked = known.done_today or timezone.localdate(order.created_at) >= today
    day = next_working_day(today) if worked else working_day_from(today)
    while day in known.days:
        day = next_working_day(day)
    kept_by = None if order.owner.is_active else known.kept_by
    return FollowUp(
        kind=KIND, cause_type=ContentType.objects.get_for_model(JobOrder), cause_id=order.pk, occurrence=day.isoformat(),
        workplace_id=order.workplace_id, person_id=order.contact_id, title=title_for(order, today), due_on=day,
        owner_id=kept_by or order.owner_id, continues_id=known.last,
    )  # fmt: skip


# The clock.


def plan(today):
    """Let every open order have its follow-up, with words that are still true; returns counts. Harmless twice.

    In a fixed number of statements for every 500.
    """
    closed = sum(_close_several(some) for some in batches(list(_to_close().values_list("pk", flat=True))))
    made = sum(_write_several(some, today) for some in batches(list(_to_write(today).values_list("pk", flat=True))))
    return {"followed": made, "closed": closed}


def _open_ones():
    return FollowUp.objects.open().filter(kind=KIND)


def _to_close():
    """Follow-ups of orders that are open no longer, and those beside which a later one is open."""
    later = _open_ones().filter(cause_id=OuterRef("cause_id"), pk__gt=OuterRef("pk"))
    return _open_ones().filter(~Q(cause_id__in=JobOrder.objects.open().values("pk")) | Exists(later)).order_by("pk")


@transaction.atomic
def _close_several(keys):
    rows = FollowUp.objects.filter(pk__in=keys)
    places = set(rows.order_by().values_list("workplace", flat=True))
    hold(places)
    still = list(_to_close().filter(pk__in=keys).select_for_update(of=["self"]).values_list("pk", flat=True))
    now, closing = timezone.now(), FollowUp.objects.filter(pk__in=still)
    # Nobody did it: it is ticked off in the name of the one whose it was.
    closing.update(done_at=now, done_by=F("owner"))
    write_history(closing, at=now, by=None)
    refresh_contact_dates(Workplace.objects.filter(pk__in=places))
    return len(still)


def _to_write(today):
    """Open orders that have no follow-up, or whose deadline has passed: its title is to say so."""
    promised = _open_ones().filter(cause_id=OuterRef("pk"))
    missing = ~Exists(promised) & Q(workplace__ceased_on=None)
    return JobOrder.objects.open().filter(missing | Q(deadline__lt=today)).order_by("pk")


@transaction.atomic
def _write_several(keys, today):
    rows = JobOrder.objects.open().filter(pk__in=keys).order_by("pk")
    hold(rows.order_by().values("workplace"))
    orders = list(rows.select_for_update(of=["self"]).select_related("workplace", "owner"))
    promised = {one.cause_id: one for one in _open_ones().filter(cause_id__in=keys).select_for_update(of=["self"])}
    known = _known(keys, today)
    new, stale = [], []
    for order in orders:
        follow_up = promised.get(order.pk)
        if follow_up is None and not order.workplace.ceased_on:
            new.append(_new(order, today, known[order.pk]))
        elif follow_up is not None and follow_up.title != (title := title_for(order, today)):
            follow_up.title = title
            stale.append(follow_up)
    if stale:
        FollowUp.objects.bulk_update(stale, ["title"])
        write_history(FollowUp.objects.filter(pk__in=[one.pk for one in stale]), at=timezone.now(), by=None)
    if new:
        bulk_create_with_history(new, FollowUp)
        refresh_contact_dates(Workplace.objects.filter(pk__in={one.workplace_id for one in new}))
    return len(new)


# Where it is told.


def _waiting(asked):
    """Those that are to be followed up today, of which somebody has not done so yet."""
    return FollowUp.objects.due_until(asked.today).filter(kind=KIND, owner__in=asked.users)


def _tell(rows, asked, most):
    """The nearest deadline first."""
    rows = rows.select_related("workplace")
    deadline = JobOrder.objects.filter(pk=OuterRef("cause_id")).values("deadline")[:1]
    found = {}
    for one in first_of_each(rows.annotate(deadline=deadline), "owner", ["deadline", "pk"], most):
        told = found.setdefault(one.owner_id, Found(one.in_all))
        told.lines.append(Line(one.title, _page(one), one.workplace.name, one.deadline))
    return found


def for_day(user):
    """The open orders that are `user`'s to follow, the nearest deadline first; in two statements at most.

    Each with its `follow_up`, None where it is done and the clock has not made the next, and how many candidates are
    `waiting` for an answer.
    """
    mine = _open_ones().filter(owner=user).values("cause_id")
    rows = JobOrder.objects.open().filter(Q(owner=user) | Q(pk__in=mine)).with_waiting()
    orders = list(rows.select_related("workplace", "contact").order_by("deadline", "pk"))
    promised = (
        {one.cause_id: one for one in _open_ones().filter(cause_id__in=[one.pk for one in orders])} if orders else {}
    )
    for order in orders:
        order.follow_up = promised.get(order.pk)
    return orders


def _page(follow_up):
    return reverse("placements:job_order", args=[follow_up.cause_id])


def _new_order(workplace):
    return f"{reverse('placements:add_job_order')}?workplace={workplace.pk}"


def declare():
    """The kind of follow-up, what of it waits before everything else, and what a call may be about; once, when the app is ready."""
    follow_up_kinds.register(FollowUpKind(KIND, gettext_lazy("Job order"), url=_page, is_told_apart=True))
    inbound.register(inbound.Offer(gettext_lazy("They need people"), _new_order, "placements.add_joborder"))
    waiting.register(
        waiting.of_rows(
            5, "job_orders", gettext_lazy("Job orders"), _waiting, _tell,
            url=lambda: f"{reverse('desk:home')}#job-orders",
        )
    )  # fmt: skip
