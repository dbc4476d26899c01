"""Handing over: workplaces with all that goes along, or single follow-ups and planned contacts, to a colleague.

Offered and answered; a manager may assign without asking. What moves, moves by statements whose number does not grow
with the rows, and only where it is still the giver's by then.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.db.models import FilteredRelation, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Workplace
from companies.set_based import lock
from contacts import goes_along, whom_to_call
from contacts.actions import NotNow
from contacts.models import FollowUp, Handover, HandoverItem, Interaction
from jobcenter_crm.backstage.bulk import write_history
from jobcenter_crm.frame.working_days import working_days_before
from jobcenter_crm.staff.models import User

ASSIGN = "contacts.assign_handover"
# Working days until an offer that nobody has answered goes to the manager.
ANSWERED_WITHIN = 2

State = Handover.State
Item = HandoverItem.State
# What is kept of single things, and the part that knows how they are moved.
SINGLE = {"single_follow_ups": goes_along.FOLLOW_UPS, "single_visits": goes_along.VISITS}


@dataclass
class Outcome:
    """What came of an acceptance: how many things moved, how many were left, and `along`, how many of each part."""

    handover: Handover
    moved: int
    left: int
    along: dict = field(default_factory=dict)

    @property
    def along_in_words(self):
        return [
            part.words % {"n": self.along[part.name]} for part in goes_along.all_parts() if self.along.get(part.name)
        ]


def _items(handover):
    # Not by way of the hand-over: several answered at once look like a loop that asks for each row.
    return HandoverItem.objects.filter(handover=handover)


def theirs(giver):
    """The workplaces that are `giver`'s to hand over; without a giver, those that nobody is responsible for."""
    places = Workplace.objects
    return places.filter(owner=giver) if giver else places.without_owner()


def offered(what="workplace"):
    """Keys of what stands in an open offer: workplaces, or what the column of the item names."""
    return HandoverItem.objects.open().filter(**{f"{what}__isnull": False}).values(what)


def not_offered(workplaces):
    """Those of the queryset that are in no open offer."""
    return workplaces.exclude(pk__in=offered())


def with_offer(workplaces):
    """Each with the `offer` that is open of it, a `HandoverItem`, by the same statement; None where there is none."""
    is_open = Q(handover_items__state=Item.OPEN)
    found = workplaces.annotate(offer=FilteredRelation("handover_items", condition=is_open))
    return found.select_related("offer__handover__to")


def going(part, workplaces, giver, *, is_everything=False, handover=None):
    """What of a part goes along with `workplaces`, a queryset; where `is_everything` is handed over, also from elsewhere.

    Not from workplaces that stand in another open offer than `handover`: there it goes along with these.
    """
    if not (is_everything and part.is_theirs_anywhere):
        return part.at(workplaces, giver)
    others = HandoverItem.objects.open().filter(workplace__isnull=False).exclude(handover=handover)
    return part.of(giver).exclude(workplace__in=others.values("workplace"))


@transaction.atomic
def offer(
    *,
    giver,
    to,
    by,
    workplaces=(),
    follow_ups=(),
    visits=(),
    is_everything=False,
    note="",
    giver_opened_the_door=False,
    daily_contact=None,
):
    """Offer exactly these things of `giver` to a colleague; keys of them, returns the `Handover`.

    With `is_everything`, what the giver has at the workplaces of colleagues goes along too.
    Raises `NotNow` where one of them is not the giver's any more, or is in another open offer, and changes nothing.
    """
    if not to.is_active or (giver and giver.pk == to.pk):
        raise NotNow(_("It can't be handed over to %(name)s. Choose another colleague.") % {"name": to})
    handover = Handover.objects.create(
        giver=giver, to=to, offered_by=by, note=note, daily_contact=daily_contact, is_everything=is_everything,
        giver_opened_the_door=giver_opened_the_door and giver is not None,
    )  # fmt: skip
    wanted = {
        "workplace_id": (workplaces, theirs(giver)),
        "follow_up_id": (follow_ups, goes_along.FOLLOW_UPS.of(giver)),
        "visit_id": (visits, goes_along.VISITS.of(giver)),
    }
    items = []
    for column, (keys, fitting) in wanted.items():
        fit = set()
        for some in goes_along.batches(list(keys)):
            fit.update(fitting.filter(pk__in=some).order_by().values_list("pk", flat=True))
        if len(fit) < len(set(keys)):
            raise NotNow(_("Not all of it can be handed over any more: somebody has been faster. Look at it again."))
        items += [HandoverItem(handover=handover, **{column: key}) for key in sorted(fit)]
    if not items and not (is_everything and _has_more(giver)):
        raise NotNow(_("There is nothing to hand over."))
    try:
        with transaction.atomic():
            HandoverItem.objects.bulk_create(items, goes_along.BATCH)
    except IntegrityError:
        raise NotNow(_("One of these has been offered to a colleague already. Look at it again.")) from None
    return handover


def _has_more(giver):
    """Whether they have something that no workplace of theirs takes along."""
    none = Workplace.objects.none()
    rows = (going(part, none, giver, is_everything=True) for part in goes_along.all_parts())
    return any(some.exists() for some in rows)


@transaction.atomic
def assign(*, by, **what):
    """Hand over at once, without asking; `what` as `offer` takes it. Returns the `Outcome`."""
    outcome = _move(offer(by=by, **what), by)
    outcome.handover.moved["assigned"] = True
    outcome.handover.save(update_fields=["moved"])
    return outcome


@transaction.atomic
def accept(*, handovers, by):
    """Take what was offered to `by`, any number of hand-overs; returns an `Outcome` for each that still was open."""
    waiting = Handover.objects.offered_to(by).filter(pk__in=[handover.pk for handover in handovers])
    found = list(waiting.select_for_update(of=["self"]).select_related("giver", "to", "daily_contact").order_by("pk"))
    return [_move(handover, by) for handover in found]


@transaction.atomic
def settle(*, handover, by):
    """Assign an open offer, for whoever may: the colleague has not answered. Returns the `Outcome`; raises `NotNow`."""
    handover = _open(handover)
    if not handover.to.is_active:
        raise NotNow(_("%(name)s no longer works here.") % {"name": handover.to})
    return _move(handover, by)


@transaction.atomic
def decline(*, handover, by, why):
    """Say no, and why. Raises `NotNow` when it has been answered already."""
    _close(_open(handover), State.DECLINED, by, why)


@transaction.atomic
def withdraw(*, handover, by):
    """Take an offer back, or give it back: everything stays with the giver. Raises `NotNow` when it has been answered."""
    _close(_open(handover), State.WITHDRAWN, by)


def _open(handover):
    rows = Handover.objects.select_for_update(of=["self"]).select_related("giver", "to", "daily_contact")
    found = rows.get(pk=handover.pk)
    if not found.is_open:
        raise NotNow(_("This hand-over has been answered already."))
    return found


def _close(handover, state, by, why=""):
    _answer(handover, state, by, why=why)
    _items(handover).open().update(state=Item.CLOSED)


def _answer(handover, state, by, **more):
    handover.state, handover.answered_by, handover.answered_at = state, by, timezone.now()
    for name, value in more.items():
        setattr(handover, name, value)
    handover.save(update_fields=["state", "answered_by", "answered_at", *more])


def _move(handover, by):
    """Give the things of an open hand-over to whom they were offered, as far as they are still the giver's."""
    giver, to, now = handover.giver, handover.to, timezone.now()
    # What moved by an earlier answer, and was left when that was undone, is no longer a matter of this hand-over.
    _items(handover).moved().update(state=Item.LEFT)
    items = _items(handover).open()
    places = theirs(giver).filter(pk__in=items.filter(workplace__isnull=False).values("workplace"))
    lock(places)
    owner = Workplace.everything.filter(pk=OuterRef("workplace")).values("owner")[:1]
    items.filter(workplace__in=places.order_by().values("pk")).update(state=Item.MOVED, owner_before=Subquery(owner))
    moved = Workplace.everything.filter(pk__in=_moved(handover, "workplace"))
    done = {}
    # Before the owner is another: what goes along is asked of the giver, and who met them of the log.
    for part in goes_along.all_parts():
        rows = going(part, moved, giver, is_everything=handover.is_everything, handover=handover)
        done[part.name] = part.move(rows, giver, to, by)
    moved.update(owner=to)
    write_history(moved, at=now, by=by, why=_("Handed over"))
    roles = whom_to_call.hand_over(
        moved, opened=giver if handover.giver_opened_the_door else None, daily=handover.daily_contact, by=by
    )
    along = {name: len(rows) for name, rows in done.items()}
    for column, name in (("follow_up", "single_follow_ups"), ("visit", "single_visits")):
        done[name] = _move_single(handover, column, SINGLE[name], giver, to, by)
    left = _items(handover).open().update(state=Item.LEFT)
    _answer(handover, State.ACCEPTED, by, moved={**done, "roles": roles})
    return Outcome(handover, _items(handover).moved().count(), left, along)


def _moved(handover, column):
    return _items(handover).moved().filter(**{f"{column}__isnull": False}).values(column)


def _move_single(handover, column, part, giver, to, by):
    wanted = list(_items(handover).open().filter(**{f"{column}__isnull": False}).values_list(column, flat=True))
    if not wanted:
        return []
    model = HandoverItem._meta.get_field(column).related_model
    standing = FollowUp.objects.open() if model is FollowUp else Interaction.objects.planned()
    if giver:
        standing = standing.filter(**{"owner" if model is FollowUp else "staff": giver})
    else:
        standing = standing.without_owner() if model is FollowUp else standing.without_staff()
    done = []
    for some in goes_along.batches(wanted):
        done += part.move(standing.filter(pk__in=some), giver, to, by)
    keys = [one[0] for one in done]
    for some in goes_along.batches(keys):
        _items(handover).filter(**{f"{column}__in": some}).update(state=Item.MOVED)
    return done


@transaction.atomic
def undo(*, handover, by):
    """Take an acceptance back where nothing has changed since; returns how many things were left with the colleague.

    What was offered is offered again; what was assigned or taken is as if it had never been. Raises `NotNow` for
    anybody but the one who accepted, and after ten minutes.
    """
    rows = Handover.objects.select_for_update(of=["self"]).select_related("giver", "to")
    handover = next(iter(rows.filter(pk=handover.pk)))
    if not handover.may_be_undone(by, timezone.now()):
        raise NotNow(_("Only the one who accepted it can undo it, and only within ten minutes."))
    left = _give_back_workplaces(handover, by)
    done = handover.moved
    kept = list(_moved(handover, "workplace").values_list("workplace", flat=True))
    whom_to_call.take_back(done.get("roles", {}), kept=kept, by=by)
    for part in goes_along.all_parts():
        left += part.take_back(done.get(part.name, []), handover.to, by)
    for name, part in SINGLE.items():
        left += part.take_back(done.get(name, []), handover.to, by)
    _open_again(handover, is_offer=not done.get("assigned"), by=by)
    return left


def _give_back_workplaces(handover, by):
    """Give each back to whoever had it, where it is still the colleague's; how many are not."""
    places = Workplace.objects.filter(owner=handover.to, pk__in=_moved(handover, "workplace"))
    lock(places)
    still = set(places.order_by().values_list("pk", flat=True))
    by_before, left = defaultdict(list), 0
    for pk, before in _items(handover).moved().filter(workplace__isnull=False).values_list("workplace", "owner_before"):
        if pk in still:
            by_before[before].append(pk)
        else:
            left += 1
    for before, mine in by_before.items():
        for some in goes_along.batches(mine):
            rows = Workplace.everything.filter(pk__in=some)
            rows.update(owner=before)
            write_history(rows, at=timezone.now(), by=by, why=_("Hand-over undone"))
            _items(handover).filter(workplace__in=some).update(state=Item.CLOSED)
    return left


def _open_again(handover, *, is_offer, by):
    for column, standing in (
        ("follow_up", FollowUp.objects.filter(owner=handover.to)),
        ("visit", Interaction.objects.filter(staff=handover.to)),
    ):
        mine = _items(handover).moved().filter(**{f"{column}__isnull": False})
        mine.exclude(**{f"{column}__in": standing.values("pk")}).update(state=Item.CLOSED)
    if is_offer:
        for column in ("workplace", "follow_up", "visit"):
            elsewhere = offered(column)
            back = _items(handover).filter(state=Item.CLOSED, **{f"{column}__isnull": False})
            keys = list(back.exclude(**{f"{column}__in": elsewhere}).values_list("pk", flat=True))
            _items(handover).filter(pk__in=keys).update(state=Item.OPEN)
    if _items(handover).open().exists() or (is_offer and handover.is_everything):
        handover.state, handover.answered_at, handover.answered_by = State.OFFERED, None, None
    elif not _items(handover).moved().exists():
        handover.state, handover.answered_at, handover.answered_by = State.WITHDRAWN, timezone.now(), by
    handover.moved = {}
    handover.save(update_fields=["state", "answered_at", "answered_by", "moved"])


def escalate(day):
    """Let the managers know of offers that nobody has answered within two working days; how many. Harmless twice."""
    last = working_days_before(day, ANSWERED_WITHIN)
    until = timezone.make_aware(datetime.combine(last + timedelta(days=1), time.min))
    late = Handover.objects.offered().filter(escalated_at=None, offered_at__lt=until)
    return late.update(escalated_at=timezone.now())


def managers():
    """Those who may hand over what is a colleague's."""
    return User.objects.working().who_may(ASSIGN)
