"""Punch cards: made, used clip by clip, and never below zero, also when two people punch at once (need M14).

`PunchCard.used` repeats how many punches stand. Both are written in one transaction, and a clip is taken by one UPDATE
that takes none where none is left: of two who punch the last one, the second is told.
"""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from contacts.actions import NotNow
from partnerships.models import UNDO_FOR, Punch, PunchCard
from partnerships.refusals import Refused
from partnerships.steps import locked

Expert = PunchCard.Expert


def _day(day):
    return date_format(day, "DATE_FORMAT")


@transaction.atomic
def make(*, agreement, clips, experts, issued_on, expires_on, by, token=None):
    """A new card of a service agreement. The same `token` again returns what it made the first time. Raises `Refused`."""
    agreement = locked(agreement)
    if token and (known := PunchCard.objects.filter(token=token).first()):
        return known
    if not agreement.is_service:
        raise Refused(_("Only a service agreement has punch cards."))
    if agreement.is_over:
        raise Refused(_("This agreement is over, and stays as it is. Make a new one."))
    card = PunchCard(
        agreement=agreement, clips=clips, experts=_in_order(experts), issued_on=issued_on, expires_on=expires_on,
        created_by=by, token=token,
    )  # fmt: skip
    card._history_user = by
    card.save()
    return card


def _in_order(experts):
    return [str(value) for value in Expert.values if value in experts]


@transaction.atomic
def change(*, card, clips, experts, issued_on, expires_on, by):
    """Change what was agreed of a card; not so that a clip that was used would not have been there. Raises `Refused`."""
    card = PunchCard.objects.select_for_update(of=["self"]).select_related("agreement").get(pk=card.pk)
    if card.agreement.is_over:
        raise Refused(_("This agreement is over, and stays as it is. Make a new one."))
    if clips < card.used:
        words = ngettext(
            "%(n)s clip is used. Write that many or more.", "%(n)s clips are used. Write that many or more.", card.used
        )
        raise Refused(words % {"n": card.used}, "clips")
    punches = Punch.objects.filter(card=card, taken_back_at=None).order_by()
    helped = set(punches.values_list("expert", flat=True).distinct())
    if missing := [str(label) for value, label in Expert.choices if value in helped - set(experts)]:
        words = _("Clips were used for help from: %(who)s. Keep them ticked.")
        raise Refused(words % {"who": ", ".join(missing)}, "experts")
    days = sorted(punches.values_list("on", flat=True))
    if days and days[0] < issued_on:
        words = _("A clip was used on %(day)s. Choose that day or an earlier one.")
        raise Refused(words % {"day": _day(days[0])}, "issued_on")
    if days and days[-1] > expires_on:
        words = _("A clip was used on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": _day(days[-1])}, "expires_on")
    card.clips, card.experts, card.issued_on, card.expires_on = clips, _in_order(experts), issued_on, expires_on
    card._history_user = by
    card.save(update_fields=["clips", "experts", "issued_on", "expires_on"])
    return card


def punch(*, card, token=None, **facts):
    """Use one clip: `expert`, `on`, `used_for`, `used_by`, `helper`, and `by`. The same `token` again returns its first punch.

    Raises `Refused`, in words, and takes no clip then.
    """
    try:
        return _punch(card, token, **facts)
    except IntegrityError:
        # Sent twice in the same moment: the other one was quicker, and what this one took went back.
        if token and (known := Punch.objects.filter(token=token).first()):
            return known
        raise


@transaction.atomic
def _punch(card, token, *, expert, on, used_for, by, used_by=None, helper=""):
    if token and (known := Punch.objects.filter(token=token).first()):
        if known.taken_back_at or (known.used_for, known.expert, known.on) != (used_for, expert, on):
            raise Refused(_("This form has been sent already. Open it anew to use another clip."))
        return known
    free = PunchCard.objects.filter(pk=card.pk, used__lt=F("clips"), expires_on__gte=on)
    is_taken = free.update(used=F("used") + 1)
    # From here on the card is ours until we are done; a refusal gives the clip back.
    card = PunchCard.objects.select_related("agreement").get(pk=card.pk)
    if not is_taken:
        # The same form may have been quicker, and taken the last one.
        if token and (known := Punch.objects.filter(token=token).first()):
            return known
        raise _why_none(card, on)
    if not card.agreement.is_active:
        raise Refused(_("A clip can only be used while the agreement is active."))
    if expert not in card.experts:
        words = _("The card does not hold help from them. It holds: %(who)s.")
        raise Refused(words % {"who": ", ".join(card.expert_labels)}, "expert")
    if on < card.issued_on:
        words = _("The card begins on %(day)s. Choose that day or a later one.")
        raise Refused(words % {"day": _day(card.issued_on)}, "on")
    return Punch.objects.create(
        card=card, expert=expert, on=on, used_for=used_for, used_by=used_by, helper=helper, by=by, token=token
    )


def _why_none(card, on):
    if card.expires_on < on:
        words = _(
            "The card expired on %(day)s. If the clip was used before, choose that day; otherwise make a new card."
        )
        return Refused(words % {"day": _day(card.expires_on)}, "on")
    return Refused(_("No clip is left on this card: all %(n)s are used. Nothing was written.") % {"n": card.clips})


def may_take_back(punch, user, now):
    """Its author within ten minutes; a manager later too."""
    if not punch.is_standing:
        return False
    if user.has_perm("partnerships.take_back_punch"):
        return True
    return punch.by_id == user.pk and now - punch.at < UNDO_FOR


@transaction.atomic
def take_back(*, punch, by):
    """The punch was a mistake: it stays to be read, and its clip is there again. Raises `NotNow`."""
    now = timezone.now()
    if not punch.is_standing:
        raise NotNow(_("This clip has been taken back already."))
    if not may_take_back(punch, by, now):
        raise NotNow(_("Only the one who used the clip can take it back, within ten minutes; later a manager can."))
    if not Punch.objects.filter(pk=punch.pk, taken_back_at=None).update(taken_back_at=now, taken_back_by=by):
        raise NotNow(_("This clip has been taken back already."))
    PunchCard.objects.filter(pk=punch.card_id).update(used=F("used") - 1)


def usual_end(day):
    """The last day of a card that begins on `day` where nobody says otherwise: a year of it."""
    return day + timedelta(days=364)
