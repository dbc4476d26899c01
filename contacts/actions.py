"""What people do with contacts and follow-ups; the only writers of a workplace's contact dates."""

from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import DateField, F, Max, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Least
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import RegisterChange, Workplace
from contacts import asked_along
from contacts.follow_up_kinds import kind_of
from contacts.invitations import tell
from contacts.models import UNDO_FOR, Amendment, ContactPlan, ContactPlanTarget, FollowUp, Interaction

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class NotNow(Exception):
    """The act does not fit the state the thing is in; the words say why."""


def refresh_contact_dates(workplaces):
    """Write `last_contact_on` and `next_contact_on` of the `Workplace` queryset from the log, in one statement.

    Last: the day of the latest held contact. Next: the earliest of what is planned or promised. What the contact
    plans say of these places is written as well.
    """
    log = Interaction.objects.filter(workplace=OuterRef("pk")).order_by()
    promised = FollowUp.objects.open().filter(workplace=OuterRef("pk")).order_by()
    planned_on = _one(log.planned().values("workplace").annotate(day=Min("on")))
    promised_on = _one(promised.values("workplace").annotate(day=Min("due_on")))
    workplaces.update(
        last_contact_on=_one(log.held().values("workplace").annotate(day=Max("on"))),
        next_contact_on=_earlier(planned_on, promised_on),
    )
    tick_off(ContactPlanTarget.objects.filter(workplace__in=workplaces.order_by().values("pk")))


def tick_off(targets):
    """Write for each of the `ContactPlanTarget` queryset which contact ticked it off, in one statement.

    It is the first in which somebody was reached, from the day the plan began to the day it ended; one that was
    given up before it began counts none.
    """
    plan = "workplace__contact_plan_targets__plan__"
    ran = Q(**{f"{plan}state": ContactPlan.State.RUNNING}) | Q(
        **{f"{plan}state": ContactPlan.State.ENDED, "on__lte": F(f"{plan}ends_on")}
    )
    first = (
        # Held, said by when it was logged, and of which workplace, said twice: asked for the state, SQLite would
        # go through all that was held since the plan began.
        Interaction.objects.filter(logged_at__isnull=False)
        .exclude(outcome=Interaction.Outcome.NO_ANSWER)
        .filter(
            ran,
            workplace=OuterRef("workplace"),
            workplace__contact_plan_targets=OuterRef("pk"),
            on__gte=F(f"{plan}starts_on"),
        )
        .order_by("on", "pk")
    )
    targets.update(contact=Subquery(first.values("pk")[:1]))


def _one(grouped):
    return Subquery(grouped.values("day"), output_field=DateField())


def _earlier(one, other):
    # SQLite's Least is NULL when either is, PostgreSQL's only when both are.
    return Coalesce(Least(one, other), one, other)


@transaction.atomic
def plan(
    *,
    workplace,
    by,
    channel,
    on,
    purpose,
    at=None,
    persons=(),
    staff=(),
    services=(),
    coordination="",
    basis="",
    token=None,
):
    """Plan a contact. The same `token` again returns the contact it made the first time."""
    if token and (known := Interaction.objects.filter(token=token).first()):
        return known
    workplace = standing(workplace)
    contact = _plan(
        workplace, by, persons, staff, services, channel=channel, on=on, at=at, purpose=purpose,
        coordination=coordination, basis=basis, token=token,
    )  # fmt: skip
    tell([contact], by=by)
    refresh(workplace)
    return contact


def _plan(workplace, by, persons, staff, services=(), **facts):
    contact = Interaction.objects.create(workplace=workplace, state=Interaction.State.PLANNED, created_by=by, **facts)
    # Added, not set: it is new, and there is nothing to look up.
    contact.persons.add(*persons)
    contact.staff.add(*(staff or [by]))
    if services:
        contact.services.add(*services)
    return contact


def standing(workplace):
    """The workplace, or the one it was merged into a moment ago; a merge waits until the contact is written, and takes it along."""
    found = Workplace.everything.select_for_update(no_key=True).only("merged_into").get(pk=workplace.pk)
    return workplace if found.merged_into_id is None else standing(found.merged_into)


def hold(workplaces):
    """Lock workplaces, by their keys, before what belongs to them: a hand-over of a thousand goes the same way."""
    rows = Workplace.everything.filter(pk__in=workplaces).order_by("pk").select_for_update(no_key=True)
    list(rows.values_list("pk", flat=True))


@transaction.atomic
def join(*, contact, by):
    """Go along to a contact that a colleague has planned.

    Raises `NotNow` when it is no longer planned.
    """
    contact = Interaction.objects.select_for_update().get(pk=contact.pk)
    _join(contact, by)
    tell([contact], by=by)


def _join(contact, by):
    if contact.state != Interaction.State.PLANNED:
        raise NotNow(_("This contact is no longer planned."))
    contact.staff.add(by)
    contact.coordination, contact._history_user = Interaction.Coordination.TOGETHER, by
    contact.save(update_fields=["coordination"])


def _no_longer_join(contact, by):
    """Take `by` out of a colleague's contact, and give back what was agreed about it before anybody went along."""
    together = Interaction.Coordination.TOGETHER
    contact.staff.remove(by)
    written = contact.history.order_by("-history_id")
    along = contact.staff.exclude(pk=contact.created_by_id)
    if written.filter(coordination=together, history_user__in=along).exists():
        return
    before = written.exclude(coordination=together).first()
    # A contact of a file has no line of its beginning.
    if before or not written.filter(history_type="+").exists():
        contact.coordination, contact._history_user = before.coordination if before else "", by
        contact.save(update_fields=["coordination"])


@transaction.atomic
def plan_several(*, wanted, by):
    """Plan contacts at several workplaces, all or none; returns those that were planned, and those `by` joins.

    `wanted`: for each a dictionary of what `plan` takes; one with `join` is a colleague's contact to go along to.
    The same tokens again return what they made the first time. Raises `NotNow` when a colleague's contact is no
    longer planned.
    """
    places = _all_standing([one["workplace"] for one in wanted])
    known = {one.token: one for one in Interaction.objects.filter(token__in=[one["token"] for one in wanted])}
    theirs = Interaction.objects.filter(pk__in=[one["join"].pk for one in wanted if "join" in one])
    joined = list(theirs.select_for_update().order_by("pk"))
    for contact in joined:
        _join(contact, by)
    planned = []
    for one in wanted:
        facts = dict(one)
        place, persons = places[facts.pop("workplace").pk], facts.pop("persons", ())
        if "join" not in facts:
            planned.append(known.get(facts["token"]) or _plan(place, by, persons, (), **facts))
    tell([*planned, *joined], by=by)
    refresh_contact_dates(Workplace.objects.filter(pk__in=[place.pk for place in places.values()]))
    return planned, joined


def _all_standing(workplaces):
    """What `standing` gives for each, by the key of the one that was asked for.

    Locked in one order, so that two who plan at the same places never wait for each other.
    """
    asked = {workplace.pk: workplace for workplace in workplaces}
    rows = Workplace.everything.filter(pk__in=asked).order_by("pk").select_for_update(no_key=True)
    return {
        row.pk: asked[row.pk] if row.merged_into_id is None else standing(row.merged_into)
        for row in rows.only("merged_into")
    }


@transaction.atomic
def take_back_several(*, planned, joined, by):
    """Undo what `plan_several` did, all or none; `planned` and `joined` are the keys of the contacts.

    Raises `NotNow` when one of them is no longer new, has been logged or cancelled meanwhile, or is gone.
    """
    now = timezone.now()
    ours = list(Interaction.objects.filter(pk__in=planned).select_for_update().order_by("pk"))
    theirs = list(Interaction.objects.filter(pk__in=joined).select_for_update().order_by("pk"))
    if len(ours) + len(theirs) < len(planned) + len(joined) or not all(
        contact.may_be_taken_back(by, now) for contact in ours
    ):
        raise NotNow(_("It can only be taken back once, and only within ten minutes."))
    if any(contact.state != Interaction.State.PLANNED for contact in ours + theirs):
        raise NotNow(_("One of them has been logged or cancelled meanwhile. Cancel the others one by one."))
    tell(ours, by=by, gone=True)
    for contact in ours:
        contact.delete()
    for contact in theirs:
        # Whoever planned it still goes.
        _no_longer_join(contact, by)
    tell(theirs, by=by)
    refresh_contact_dates(Workplace.objects.filter(pk__in=[contact.workplace_id for contact in ours]))


@transaction.atomic
def log(
    *,
    workplace,
    by,
    channel,
    on,
    outcome,
    at=None,
    direction=Interaction.Direction.OUTBOUND,
    purpose="",
    barrier="",
    note="",
    meeting_offered=None,
    basis="",
    persons=(),
    staff=(),
    services=(),
    next_step="",
    next_on=None,
    more_steps=(),
    finished=(),
    planned=None,
    token=None,
):
    """Log a contact that took place; returns it and the `FollowUp` of its next step, if one was promised.

    `more_steps` are what else follows from it, each a dict of `occurrence`, `title`, `due_on` and `owner`, and of its
    `kind` where it is no next step.
    `services` are those that were presented. `planned` is the planned contact that was held. `finished` are follow-ups that are done by it. The
    same `token` again returns what the first call made: a form sent twice logs one contact. What follows from it and
    was not written the first time is.
    """
    steps = [{"occurrence": "", "title": next_step, "due_on": next_on, "owner": by}] if next_on else []
    if token and (known := Interaction.objects.filter(token=token).first()):
        promised = _promise(known, [*steps, *more_steps], by=by, persons=persons)
        refresh(known.workplace)
        return known, promised
    now = timezone.now()
    workplace = standing(workplace)
    contact = planned or Interaction(workplace=workplace, created_by=by)
    if planned:
        contact = Interaction.objects.select_for_update().get(pk=planned.pk)
        if contact.state != Interaction.State.PLANNED:
            raise NotNow(_("This contact has already been logged or cancelled."))
        if contact.on > timezone.localdate():
            # It took place earlier: nobody is to go there on the day it was planned for.
            tell([contact], by=by, gone=True)
    contact.state = Interaction.State.HELD
    contact.logged_at = now
    contact.channel, contact.on, contact.at, contact.direction = channel, on, at, direction
    contact.purpose, contact.outcome, contact.barrier, contact.note = purpose, outcome, barrier, note
    contact.meeting_offered, contact.basis, contact.token = meeting_offered, basis or contact.basis, token
    contact.save()
    for related, rows in (
        (contact.persons, persons),
        (contact.staff, staff or [by]),
        (contact.services, services),
    ):
        if planned:
            related.set(rows)
        else:
            # A new one has none that would have to be looked for first.
            related.add(*rows)
    promised = _promise(contact, [*steps, *more_steps], by=by, persons=persons)
    for done in finished:
        done.workplace = workplace
        tick(done, by=by, contact=contact)
    refresh(workplace)
    return contact, promised


def _promise(contact, steps, *, by, persons):
    """Write what follows from a contact, but what is written already; returns the next step, if one was promised."""
    known = {one.occurrence: one for one in FollowUp.objects.caused_by(contact)}
    for step in steps:
        if step["occurrence"] not in known:
            known[step["occurrence"]] = FollowUp.objects.create(
                cause=contact,
                workplace=contact.workplace,
                person=persons[0] if persons else None,
                created_by=by,
                **{"kind": FollowUp.Kind.NEXT_STEP} | step,
            )
    return known.get("")


@transaction.atomic
def take_back(*, contact, by):
    """Undo a contact that `by` has just logged or planned; returns the history record of what was written.

    What had been planned is planned again; what was new is gone, and so is the next step it promised. With it the number
    of answers given along with it that stay, because somebody has changed since what they were about.
    The history keeps both. Raises `NotNow` when it is not theirs, no longer new, or a colleague has taken on what
    followed from it, or been asked to.
    """
    hold([contact.workplace_id])
    contact = Interaction.objects.select_for_update().get(pk=contact.pk)
    if not contact.may_be_taken_back(by, timezone.now()):
        raise NotNow(_("Only the one who wrote it can take it back, and only within ten minutes."))
    workplace, written = contact.workplace, contact.history.first()
    follows = FollowUp.objects.caused_by(contact)
    if follows.filter(Q(handover_items__state__in=["open", "moved"])).exists():
        raise NotNow(_("A colleague has been asked to take on what followed from it. Withdraw that first."))
    follows.delete()
    for finished in FollowUp.objects.filter(done_with=contact):
        untick(finished)
    stays = asked_along.put_back(contact, by=by)
    before = contact.history.filter(state=Interaction.State.PLANNED).first()
    if contact.state == Interaction.State.HELD and before:
        for field in ("state", "channel", "direction", "on", "at", "purpose", "note", "basis"):
            setattr(contact, field, getattr(before, field))
        contact.outcome = contact.barrier = ""
        contact.meeting_offered = contact.logged_at = contact.token = None
        contact.answered_along = {}
        contact.save()
        tell([contact], by=by)
    else:
        tell([contact], by=by, gone=True)
        contact.delete()
    refresh(workplace)
    return written, stays


@transaction.atomic
def move(*, contact, by, on, at=None):
    """Move a planned contact to another day or time. Returns, as JSON, what `put_back` takes to undo it."""
    contact = _planned(contact)
    before = _when(contact)
    contact.on, contact.at = on, at
    contact.save(update_fields=["on", "at"])
    tell([contact], by=by)
    refresh(contact.workplace)
    return [contact.history.latest().pk, *before]


@transaction.atomic
def cancel(*, contact, by):
    """Cancel a planned contact; it stays in the log as cancelled. Returns, as JSON, what `put_back` takes to undo it."""
    contact = _planned(contact)
    _cancel(contact, by=by, at=timezone.now())
    tell([contact], by=by)
    refresh(contact.workplace)
    return [contact.history.latest().pk, *_when(contact)]


@transaction.atomic
def put_back(*, contact, done, by):
    """Undo a move or a cancellation, by what it returned. Raises `NotNow` where the contact has been changed since."""
    hold([contact.workplace_id])
    contact, (mark, on, at) = Interaction.objects.select_for_update().get(pk=contact.pk), done
    if contact.history.latest().pk != mark:
        raise NotNow(_("It has been changed since, and was left."))
    contact.state, contact.cancelled_at, contact.cancelled_by = Interaction.State.PLANNED, None, None
    contact.on, contact.at = date.fromisoformat(on), at and time.fromisoformat(at)
    contact.save(update_fields=["state", "cancelled_at", "cancelled_by", "on", "at"])
    tell([contact], by=by)
    refresh(contact.workplace)


def _planned(contact):
    """The contact, locked. Raises `NotNow` where it is not planned any more."""
    hold([contact.workplace_id])
    contact = Interaction.objects.select_for_update().get(pk=contact.pk)
    if contact.state != Interaction.State.PLANNED:
        raise NotNow(_("This contact has already been logged or cancelled."))
    return contact


def _when(contact):
    return [contact.on.isoformat(), contact.at and contact.at.isoformat()]


def _cancel(contact, *, by, at):
    contact.state, contact.cancelled_at, contact.cancelled_by = Interaction.State.CANCELLED, at, by
    contact.save(update_fields=["state", "cancelled_at", "cancelled_by"])


@transaction.atomic
def swap_staff(*, contacts, out, to, by):
    """Let `to` go to planned contacts instead of those of the queryset `out`; nobody else who goes is touched.

    `contacts` are keys; those no longer planned, and those to which none of `out` was to go, are left. Returns
    `[[key, [keys of those who no longer go], whether to was going already], ...]`, for `swap_staff_back`.
    """
    through = Interaction.staff.through.objects
    planned = Interaction.objects.planned().filter(pk__in=contacts)
    keys = list(planned.select_for_update().order_by("pk").values_list("pk", flat=True))
    leaving = {}
    for contact, user in through.filter(interaction__in=keys, user__in=out).values_list("interaction", "user"):
        if user != to.pk:
            leaving.setdefault(contact, []).append(user)
    going = set(through.filter(interaction__in=leaving, user=to).values_list("interaction", flat=True))
    through.filter(interaction__in=leaving, user__in={user for users in leaving.values() for user in users}).delete()
    through.bulk_create([through.model(interaction_id=key, user=to) for key in leaving if key not in going])
    tell(Interaction.objects.filter(pk__in=leaving), by=by)
    return [[key, sorted(users), key in going] for key, users in leaving.items()]


@transaction.atomic
def swap_staff_back(*, swapped, to, by):
    """Undo `swap_staff` where the contact is still planned and `to` is to go to it; returns how many were left."""
    through = Interaction.staff.through.objects
    keys = [key for key, _users, _was_going in swapped]
    planned = Interaction.objects.planned().filter(pk__in=keys)
    locked = list(planned.select_for_update().order_by("pk").values_list("pk", flat=True))
    still = set(through.filter(interaction__in=locked, user=to).values_list("interaction", flat=True))
    # With nobody of ours a contact would fall out of every list: those who went before come first.
    back = [
        through.model(interaction_id=key, user_id=user)
        for key, users, _was in swapped
        if key in still
        for user in users
    ]
    through.bulk_create(back, ignore_conflicts=True)
    through.filter(interaction__in=[key for key, _users, was in swapped if key in still and not was], user=to).delete()
    tell(Interaction.objects.filter(pk__in=still), by=by)
    return len(swapped) - len(still)


@transaction.atomic
def change_note(*, contact, by, note, services=None):
    """Change the note while it is open to its author; afterwards what is written is added to it.

    With it which `services` were presented, where it is given. Returns the `Amendment` when one was made.
    """
    contact = Interaction.objects.select_for_update().get(pk=contact.pk)
    if contact.note_is_open_to(by, timezone.now()):
        contact.note = note
        contact.save(update_fields=["note"])
        if services is not None:
            contact.services.set(services)
        return None
    return Amendment.objects.create(interaction=contact, text=note, by=by, at=timezone.now())


def refresh(workplace):
    """The same for one place."""
    refresh_contact_dates(Workplace.objects.filter(pk=workplace.pk))


def tick(follow_up, *, by, contact=None):
    """Tick off a follow-up that is locked; one that comes again makes the next."""
    follow_up.finish(by=by, contact=contact)
    follow_up.come_again(today=timezone.localdate())


def untick(follow_up):
    """Open a follow-up that is locked again, and let go of the next one that its tick had made.

    Returns that one where somebody has changed or ticked it off since: then it stays.
    """
    follow_up.reopen()
    return drop_next(follow_up)


def drop_next(follow_up):
    """Delete the next one that a tick has made, unless somebody has touched it: then it is returned."""
    following = FollowUp.objects.filter(continues=follow_up).select_for_update().first()
    return None if following is None or drop(following) else following


def drop(follow_up):
    """Delete one that is locked and that nobody has touched since it was made; returns whether it is gone."""
    if follow_up.done_at or follow_up.history.count() > 1 or follow_up.handover_items.exists():
        return False
    follow_up.delete()
    return True


@transaction.atomic
def finish(*, follow_up, by):
    """Tick off a follow-up. Harmless twice.

    Raises `NotNow` for one that only an act of its app ends.
    """
    hold([follow_up.workplace_id])
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at is None:
        if kind_of(follow_up).is_kept:
            raise NotNow(_("This is not ticked off by hand: it is done where it is about."))
        tick(follow_up, by=by)
        refresh(follow_up.workplace)
    return follow_up


@transaction.atomic
def reopen(*, follow_up):
    """Take a tick back; returns the next one that it had made where that stays, because somebody has touched it.

    Raises `NotNow` for one that only an act of its app ends.
    """
    hold([follow_up.workplace_id])
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if kind_of(follow_up).is_kept:
        raise NotNow(_("This is not ticked off by hand: it is done where it is about."))
    stays = untick(follow_up)
    refresh(follow_up.workplace)
    return stays


@transaction.atomic
def postpone(*, follow_up, to):
    """Move an open follow-up to the day `to`.

    Raises `NotNow` when it is done already.
    """
    hold([follow_up.workplace_id])
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at:
        raise NotNow(_("This follow-up is already done."))
    follow_up.due_on = to
    follow_up.save(update_fields=["due_on"])
    refresh(follow_up.workplace)
    return follow_up


@transaction.atomic
def close(*, workplace, follow_ups, contacts, by):
    """Tick off `follow_ups` and cancel the planned `contacts` of a workplace that has ceased; returns the moment it was done.

    All get the same moment, by which `undo_close` finds them again. What a colleague has meanwhile done or moved
    on is left as it is. That the place has closed counts as seen: somebody has decided.
    """
    now = timezone.now()
    promised = FollowUp.objects.open().filter(workplace=workplace, pk__in=[one.pk for one in follow_ups])
    for follow_up in promised.select_for_update():
        follow_up.finish(by=by, at=now)
    planned = Interaction.objects.planned().filter(workplace=workplace, pk__in=[one.pk for one in contacts])
    planned = list(planned.select_for_update())
    for contact in planned:
        _cancel(contact, by=by, at=now)
    tell(planned, by=by)
    RegisterChange.objects.of("closed").unseen().filter(workplace=workplace).update(seen_at=now, seen_by=by)
    refresh(workplace)
    return now


@transaction.atomic
def undo_close(*, workplace, at, by):
    """Open again what `by` closed at that moment.

    Raises `NotNow` when it was more than ten minutes ago, or nothing is left of it.
    """
    follow_ups = FollowUp.objects.filter(workplace=workplace, done_at=at, done_by=by).select_for_update()
    contacts = Interaction.objects.filter(workplace=workplace, cancelled_at=at, cancelled_by=by).select_for_update()
    contacts = list(contacts)
    closed = [*follow_ups, *contacts]
    if not closed or timezone.now() - at > UNDO_FOR:
        raise NotNow(_("Only the one who closed it can open it again, and only within ten minutes."))
    for one in closed:
        one.reopen()
    tell(contacts, by=by)
    RegisterChange.objects.filter(workplace=workplace, seen_at=at, seen_by=by).update(seen_at=None, seen_by=None)
    refresh(workplace)


def as_number(moment):
    """An instant as microseconds, for an address; `from_number` reads it back."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_number(microseconds):
    """The instant; the first of all for what is no number, or one that no clock will show."""
    try:
        return _EPOCH + timedelta(microseconds=microseconds or 0)
    except OverflowError:
        return _EPOCH
