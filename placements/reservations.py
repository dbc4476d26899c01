"""What is done with a reservation once it is made: the meeting held, renewed, given back, or let go by the clock.

Making one, and starting it, is of `occupancy`, which locks the slot first and the reservation then; nothing here takes a
place, so that here the reservation alone is locked. The workplace is held before it where a place becomes free: what we
owed there is owed again.
"""

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from contacts import waiting
from contacts.actions import NotNow, hold
from contacts.waiting import Found, Line, first_of_each
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.frame.working_days import working_days_after
from placements import debt
from placements.models import Reservation
from placements.occupancy import HELD_FOR, settle

# So many working days before its end a reservation is told among what waits.
TOLD_BEFORE = 2


def _locked(reservation):
    found = Reservation.objects.select_for_update(of=["self"]).select_related("slot__workplace", "consultant")
    found = found.get(pk=reservation.pk)
    if not found.is_open:
        raise NotNow(
            _("This reservation is settled already: %(state)s.") % {"state": str(found.get_state_display()).lower()}
        )
    return found


def _save(reservation, by, *names):
    reservation._history_user = by
    reservation.save(update_fields=names)
    return reservation


@transaction.atomic
def meet(*, reservation, by, on):
    """The employer and the candidate have met. Raises `NotNow` where it is settled."""
    reservation = _locked(reservation)
    reservation.state, reservation.met_on = Reservation.State.MET, on
    return _save(reservation, by, "state", "met_on")


@transaction.atomic
def renew(*, reservation, by):
    """Hold it seven days more, once. Raises `NotNow` where that has been done, or it is settled."""
    reservation = _locked(reservation)
    if reservation.is_renewed:
        raise NotNow(_("It has been renewed once already. Start it, or give it back."))
    reservation.held_until = max(reservation.held_until, timezone.localdate()) + HELD_FOR
    reservation.is_renewed = True
    return _save(reservation, by, "held_until", "is_renewed")


@transaction.atomic
def give_back(*, reservation, by, why):
    """The place is free for others, and the reference erased. Raises `NotNow` where it is settled."""
    hold([reservation.slot.workplace_id])
    reservation = _locked(reservation)
    settle(reservation, Reservation.State.GIVEN_BACK, by=by, why=why)
    debt.owe_again(reservation.slot)
    return reservation


def let_go(today):
    """Let those go that are held no longer, and tell whose they were; returns counts. Harmless twice."""
    keys = Reservation.objects.run_out(today).order_by("pk").values_list("pk", "slot__workplace")
    return {"let_go": sum(_let_go(pk, workplace, today) for pk, workplace in list(keys))}


@transaction.atomic
def _let_go(pk, workplace, today):
    hold([workplace])
    found = Reservation.objects.run_out(today).select_for_update(of=["self"])
    held = found.select_related("slot__workplace", "slot__measure", "consultant").filter(pk=pk).first()
    if held is None:
        return 0
    settle(held, Reservation.State.LET_GO, by=None)
    debt.owe_again(held.slot)
    if held.consultant.is_active:
        slot = held.slot
        Message.post(
            key=f"let-go:{held.pk}",
            to=held.consultant,
            template="placements/mail/let_go",
            context={
                "place": slot.workplace.name,
                "measure": slot.measure,
                "tasks": slot.tasks,
                "starts_on": held.starts_on,
                "held_until": held.held_until,
                "url": f"{settings.SITE_URL}{reverse('placements:slot', args=[slot.pk])}",
            },
        )
    return 1


def told_until(today):
    """What is held until this day, or a day before, runs out."""
    return working_days_after(today, TOLD_BEFORE)


def _running_out(asked):
    return Reservation.objects.open().filter(consultant__in=asked.users, held_until__lte=told_until(asked.today))


def _tell(rows, asked, most):
    found = {}
    rows = rows.select_related("slot__workplace", "slot__measure")
    for held in first_of_each(rows, "consultant", ["held_until", "pk"], most):
        told = found.setdefault(held.consultant_id, Found(held.in_all))
        url = f"{held.slot.get_absolute_url()}#reservations"
        told.lines.append(Line(str(held.slot), url, held.slot.workplace.name, held.held_until))
    return found


def declare():
    """What runs out, among what waits for whoever reserved it; once, when the app is ready."""
    waiting.register(
        waiting.of_rows(15, "reservations", gettext_lazy("Reservations that run out"), _running_out, _tell)
    )
