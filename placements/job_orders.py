"""Acts on job orders: received, changed, candidates referred and answered for, filled, withdrawn and opened again.

`filled` counts those who were hired and those whom the employer found without us; when all are found the order is filled
by itself. Each act holds the workplace, then locks the order, and only then looks: of two who fill the last position in
the same second one is told so.
"""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.actions import NotNow, hold, standing
from placements import job_order_days
from placements.models import JobOrder, Referral

# So long after an order is closed the case references of its candidates are kept.
ERASED_AFTER = timedelta(days=90)


@transaction.atomic
def receive(*, workplace, owner, by, token=None, **facts):
    """An employer asks for people: a new open order. The same `token` again returns the one it made the first time.

    Raises `NotNow` where nobody can be referred to the employer.
    """
    workplace = standing(workplace)
    if token and (known := JobOrder.objects.filter(token=token).first()):
        return known
    if why := why_none(workplace):
        raise NotNow(why)
    order = JobOrder(workplace=workplace, owner=owner, created_by=by, token=token, **facts)
    order._history_user = by
    order.save()
    job_order_days.write(order, by=by, today=timezone.localdate())
    return order


def why_none(workplace):
    """Why nobody can be referred to a workplace; empty where somebody can."""
    if workplace.labour_conflict:
        return _("There is a labour conflict here. Nobody can be referred.")
    if workplace.ceased_on:
        return _("The workplace has ceased. Nobody can be referred.")
    return ""


def _locked(order):
    """The order as it is now, its workplace held and the row locked."""
    hold([order.workplace_id])
    rows = JobOrder.objects.select_for_update(of=["self"]).select_related("workplace", "owner")
    return rows.get(pk=order.pk)


def _open(order):
    """The same of one that is open. Raises `NotNow` where it is not."""
    order = _locked(order)
    if not order.is_open:
        raise NotNow(closed_in_words(order))
    return order


def closed_in_words(order):
    """What is said to whoever comes too late."""
    if order.state == JobOrder.State.WITHDRAWN:
        return _("The job order has been withdrawn. Open it again first.")
    return ngettext(
        "The position has been filled already.", "All %(n)s positions have been filled already.", order.positions
    ) % {"n": order.positions}


def _save(order, by, state=None):
    """Write the order; it is filled when nobody is missing, and open when somebody is, unless it is withdrawn, which it stays."""
    if state is None:
        state = JobOrder.State.OPEN if order.missing else JobOrder.State.FILLED
        state = order.state if order.state == JobOrder.State.WITHDRAWN else state
    if state != order.state:
        order.closed_on = None if state == JobOrder.State.OPEN else timezone.localdate()
    if state != JobOrder.State.WITHDRAWN:
        order.closed_why = ""
    order.state, order._history_user = state, by
    order.save()
    return order


def _before(order):
    """What `put_back` takes to undo the act that comes now."""
    return [order.state, order.filled, order.positions, order.deadline.isoformat(),
            order.closed_on and order.closed_on.isoformat(), order.closed_why]  # fmt: skip


@transaction.atomic
def change(*, order, by, **facts):
    """Change what an open order says. Raises `NotNow` where it is closed, or more have been found than it would ask for.

    With as many positions as are filled, it is filled.
    """
    order = _open(order)
    is_given = "owner" in facts and facts["owner"].pk != order.owner_id
    for name, value in facts.items():
        setattr(order, name, value)
    if order.missing < 0:
        raise NotNow(_not_fewer(order))
    _save(order, by)
    job_order_days.write(order, by=by, today=timezone.localdate(), is_given=is_given)
    return order


def _not_fewer(order):
    return ngettext(
        "%(n)s position is filled already. The order can't have fewer.",
        "%(n)s positions are filled already. The order can't have fewer.",
        order.filled,
    ) % {"n": order.filled}


@transaction.atomic
def refer(*, order, by, case_reference):
    """Propose a candidate. The same again by the same colleague on the same day returns the referral that there is.

    Raises `NotNow` where the order is closed, the case has been referred before, or nobody can be referred there.
    """
    order, today = _locked(order), timezone.localdate()
    known = order.referrals.filter(case_reference=case_reference).select_related("by").first()
    if known and known.state == Referral.State.REFERRED and known.by_id == by.pk and known.on == today:
        return known
    if not order.is_open:
        raise NotNow(closed_in_words(order))
    if known:
        words = {"day": date_format(known.on, "DATE_FORMAT"), "state": str(known.get_state_display()).lower()}
        raise NotNow(_("This case is here already: %(state)s, %(day)s.") % words)
    if why := why_none(order.workplace):
        raise NotNow(why)
    referral = Referral.objects.create(job_order=order, case_reference=case_reference, on=today, by=by)
    job_order_days.followed(order, by=by, today=today)
    return referral


@transaction.atomic
def withdraw_referral(*, referral, by, since):
    """Take a referral back as if it had not been made, for whoever made it, at `since` or a moment later.

    Raises `NotNow` where it has been answered.
    """
    order = _locked(referral.job_order)
    found = order.referrals.filter(pk=referral.pk, by=by, state=Referral.State.REFERRED).first()
    if found is None:
        raise NotNow(_("The referral has been answered since. Nothing was undone."))
    found.delete()
    job_order_days.reopen(order, by=by, since=since, today=timezone.localdate())
    return order


@transaction.atomic
def answer(*, referral, by, hired):
    """What came of a referral: hired, or not this time. The same answer again changes nothing.

    Raises `NotNow` where another answer has been written, or somebody is hired for an order that is closed.
    """
    state = Referral.State.HIRED if hired else Referral.State.DECLINED
    order = _locked(referral.job_order)
    referral = order.referrals.get(pk=referral.pk)
    if referral.state == state:
        return order
    if referral.state != Referral.State.REFERRED:
        words = {"state": str(referral.get_state_display()).lower()}
        raise NotNow(_("It has been answered already: %(state)s. Take that back first.") % words)
    if hired and not order.is_open:
        raise NotNow(closed_in_words(order))
    _write_answer(referral, state, by)
    if hired:
        order.filled += 1
        _save(order, by)
    job_order_days.followed(order, by=by, today=timezone.localdate())
    return order


def _write_answer(referral, state, by):
    referral.state, referral.on, referral.by = state, timezone.localdate(), by
    referral.save(update_fields=["state", "on", "by"])


@transaction.atomic
def take_back(*, referral, by, since=None):
    """Take an answer back: the candidate is a referred one again, and a position that was filled is to be filled again.

    What the answer has ticked off is open again where it is undone on the spot, by whoever gave it at `since` or a moment
    later. Raises `NotNow` where there is no answer, or nobody knows any more whom it was about.
    """
    order = _locked(referral.job_order)
    referral = order.referrals.get(pk=referral.pk)
    if referral.state == Referral.State.REFERRED:
        raise NotNow(_("It has not been answered. There is nothing to take back."))
    if referral.reference_erased_at:
        raise NotNow(_("The case reference has been erased. The answer can't be taken back any more."))
    was_hired = referral.state == Referral.State.HIRED
    _write_answer(referral, Referral.State.REFERRED, by)
    if was_hired:
        order.filled -= 1
        _save(order, by)
    if since is None:
        job_order_days.write(order, by=by, today=timezone.localdate())
    else:
        job_order_days.reopen(order, by=by, since=since, today=timezone.localdate())
    return order


@transaction.atomic
def fill(*, order, by, number=1, seen=None):
    """The employer has found `number` people without us. Returns the order, and what it was, as `put_back` takes it.

    `seen` is how many were filled when the colleague looked; raises `NotNow` where that has changed meanwhile, the order
    is closed, or fewer are missing.
    """
    order = _open(order)
    _refuse_changed(order, seen)
    if number > order.missing:
        said = ngettext("Only %(n)s position is still open.", "Only %(n)s positions are still open.", order.missing)
        raise NotNow(said % {"n": order.missing})
    before = _before(order)
    order.filled += number
    _save(order, by)
    job_order_days.followed(order, by=by, today=timezone.localdate())
    return order, [*before, order.history.latest().history_id]


@transaction.atomic
def correct_found(*, order, by, number, seen=None):
    """The employer has found `number` people in all without us, whatever was written before.

    An order that was filled by a mistake is open again, and one of which nobody is missing is filled. Returns the order,
    and what it was, as `put_back` takes it. Raises `NotNow` where it has changed since somebody has `seen` so many filled,
    or more would be found than are asked for.
    """
    order = _locked(order)
    _refuse_changed(order, seen)
    hired = order.hired
    if hired + number > order.positions:
        left = order.positions - hired
        said = ngettext(
            "At most %(n)s can have been found without us.", "At most %(n)s can have been found without us.", left
        )
        raise NotNow(said % {"n": left})
    before = _before(order)
    order.filled = hired + number
    _save(order, by)
    job_order_days.write(order, by=by, today=timezone.localdate())
    return order, [*before, order.history.latest().history_id]


def _refuse_changed(order, seen):
    """Raises `NotNow` where not as many are filled as a colleague has `seen`."""
    if seen is not None and seen != order.filled:
        raise NotNow(
            _("Somebody has changed it meanwhile: %(filled)s of %(positions)s are filled now. Look at it again.")
            % {"filled": order.filled, "positions": order.positions}
        )


@transaction.atomic
def withdraw(*, order, by, why):
    """The employer no longer asks. Returns the order, and what it was. Raises `NotNow` where it is closed already."""
    order = _open(order)
    before = _before(order)
    order.closed_why = why
    _save(order, by, JobOrder.State.WITHDRAWN)
    job_order_days.write(order, by=by, today=timezone.localdate())
    return order, [*before, order.history.latest().history_id]


@transaction.atomic
def reopen(*, order, by, positions, deadline):
    """Ask again, with so many positions in all and until a new day. Returns the order, and what it was.

    Raises `NotNow` where it is open, as many are filled as are asked for, or nobody can be referred there.
    """
    order = _locked(order)
    if order.is_open:
        raise NotNow(_("The job order is open already."))
    if why := why_none(order.workplace):
        raise NotNow(why)
    before = _before(order)
    order.positions, order.deadline = positions, deadline
    if order.missing <= 0:
        said = ngettext(
            "%(n)s position is filled. Ask for more than that.", "%(n)s positions are filled. Ask for more than that.",
            order.filled,
        )  # fmt: skip
        raise NotNow(said % {"n": order.filled})
    _save(order, by, JobOrder.State.OPEN)
    job_order_days.write(order, by=by, today=timezone.localdate())
    return order, [*before, order.history.latest().history_id]


@transaction.atomic
def put_back(*, order, before, by):
    """Undo the last `fill`, `withdraw` or `reopen`, where nobody has changed the order since; else raises `NotNow`."""
    state, filled, positions, deadline, closed_on, closed_why, written = before
    order = _locked(order)
    act = order.history.latest()
    if act.history_id != written:
        raise NotNow(_("The job order has been changed since. Nothing was undone."))
    order.state, order.filled, order.positions, order.closed_why = state, filled, positions, closed_why
    order.deadline = date.fromisoformat(deadline)
    order.closed_on, order._history_user = closed_on and date.fromisoformat(closed_on), by
    order.save()
    job_order_days.reopen(order, by=by, since=act.history_date, today=timezone.localdate())
    return order


def erase_references(now):
    """Forget the case references of orders that were closed 90 days ago; returns how many. Harmless twice.

    The rows stay and count. The history has never had the references.
    """
    closed = JobOrder.objects.closed().filter(closed_on__lte=timezone.localdate(now) - ERASED_AFTER)
    rows = Referral.objects.filter(job_order__in=closed.order_by().values("pk"), reference_erased_at=None)
    return rows.update(case_reference="", reference_erased_at=now)
