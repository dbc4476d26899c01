"""What people do with reviews: hold one, call one before its time, move it, arrange it, put right what they wrote.

Locks go as `partnerships.steps` has them, and then the review: one that two people hold at once is held by the first.
"""

from datetime import timedelta

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from contacts.models import FollowUp, Interaction
from jobcenter_crm.frame.working_days import working_day_from
from partnerships import review_days, steps, year_figures
from partnerships.models import Review

Decision = Review.Decision
# No review is planned further ahead than the longest interval, with some room to move it.
FURTHEST = relativedelta(years=6)
# What may be put right of one that was held.
WRITTEN = ("we_found", "they_found", "our_rating", "their_rating", "decided")


def _locked(review):
    """The review as it is now, with its agreement, both locked."""
    agreement = steps.locked(review.agreement)
    review = Review.objects.select_for_update(of=["self"]).select_related("held_by").get(pk=review.pk)
    review.agreement = agreement
    return review


def _open(review, by):
    review = _locked(review)
    if review.is_held:
        raise NotNow(
            _("%(name)s has written this review already: it was held on %(day)s.")
            % {"name": review.held_by, "day": _day(review.held_on)}
        )
    if not review.is_open:
        raise NotNow(_("The agreement has ended, and there is nothing to review any more."))
    review._history_user = by
    return review


def _day(day):
    return date_format(day, "DATE_FORMAT")


def offered_day(agreement, held_on, today):
    """The day of the next review that is offered: a whole interval after this one, but never in the past.

    That of an agreement whose last day has come is offered as though it were prolonged.
    """
    day = working_day_from(held_on + relativedelta(months=agreement.review_every))
    if agreement.ends_on and agreement.ends_on > today:
        day = min(day, agreement.ends_on)
    return max(day, today + timedelta(days=1))


def why_not_held(review, held_on, today):
    """Why it can't have been held on that day, in words; empty where it can."""
    agreement = review.agreement
    if held_on > today:
        return _("The day is in the future. Write the review when it has been held.")
    if held_on < agreement.starts_on:
        return _("The agreement began on %(day)s. Choose that day or a later one.") % {"day": _day(agreement.starts_on)}
    latest = Review.objects.held().filter(agreement=agreement).newest_first().first()
    if latest and held_on < latest.held_on:
        return _("The last review was held on %(day)s. Choose that day or a later one.") % {"day": _day(latest.held_on)}
    return ""


def why_not_next(agreement, day, today, decision=Decision.CONTINUE):
    """Why the next review can't be on that day, in words; empty where it can.

    One that is to be changed, and whose last day has come, is about to be prolonged.
    """
    if day <= today:
        return _("The next review lies ahead. Choose a day after today.")
    if day > today + FURTHEST:
        return _("That is more than six years ahead. Check the year.")
    ends_on = agreement.ends_on
    if ends_on and ends_on <= today and decision == Decision.CONTINUE:
        return _("Its last day was %(day)s. Choose “Change” to prolong it, or “End”.") % {"day": _day(ends_on)}
    if ends_on and ends_on > today and day > ends_on:
        return _("The agreement ends on %(day)s. Choose that day or an earlier one.") % {"day": _day(ends_on)}
    return ""


def _refuse(why):
    if why:
        raise NotNow(why)


@transaction.atomic
def hold(*, review, by, held_on, decision, staff, persons=(), next_on=None, last_day=None, **written):
    """Write a review that was held, with what the data says on that day; returns it.

    To continue, or to change what was agreed, plans the next one: on `next_on`, or a whole interval later. To end ends
    the agreement on `last_day`, or else on the day of the review. `written` is what both found, by the names of
    `WRITTEN`. Raises `NotNow` where somebody was quicker, or a day does not fit.
    """
    review = _open(review, by)
    agreement, today = review.agreement, timezone.localdate()
    _refuse(why_not_held(review, held_on, today))
    review.figures = year_figures.collect(year_figures.year_of(agreement, held_on))
    review.held_on, review.held_by, review.written_at = held_on, by, timezone.now()
    review.decision = decision
    for name, value in written.items():
        setattr(review, name, value)
    review.save()
    review.staff.set(staff)
    review.persons.set(persons)
    review_days.close(review, by=by)
    if decision == Decision.END:
        why = Truncator(" ".join(review.decided.split()) or _("Decided at the review.")).chars(200)
        review.agreement = steps.end_locked(agreement=agreement, by=by, on=last_day or held_on, why=why)
    else:
        day = next_on or offered_day(agreement, held_on, today)
        _refuse(why_not_next(agreement, day, today, decision))
        _plan_next(agreement, day, by=by)
    return review


def _plan_next(agreement, day, *, by):
    agreement.next_review_on, agreement._history_user = day, by
    agreement.save(update_fields=["next_review_on"])
    review_days.plan(agreement)


@transaction.atomic
def call(*, review, by, on, why):
    """Bring the open review forward to `on`, because one is needed. Raises `NotNow` where that would not be sooner."""
    review = _open(review, by)
    _refuse(why_not_called(review, on, timezone.localdate()))
    review.called_why, review.called_by, review.due_on = why, by, on
    review.save(update_fields=["called_why", "called_by", "due_on"])
    _move(review, by=by)
    return review


def why_not_called(review, on, today):
    """Why it can't be called for that day, in words; empty where it can."""
    if on < today:
        return _("Choose a day from today on.")
    if review.due_on < today:
        return _("It should have been held by %(day)s already. Hold it, there is no need to call it.") % {
            "day": _day(review.due_on)
        }
    if on > review.due_on:
        return _("It is to be held by %(day)s anyway. Choose that day or an earlier one, or move it.") % {
            "day": _day(review.due_on)
        }
    return ""


@transaction.atomic
def move(*, review, by, on):
    """Let the open review be held by another day. Raises `NotNow` for one in the past or after the agreement's end."""
    review = _open(review, by)
    _refuse(why_not_moved(review, on, timezone.localdate()))
    review.due_on = on
    review.save(update_fields=["due_on"])
    _move(review, by=by)
    return review


def why_not_moved(review, on, today):
    """Why it can't be moved to that day, in words; empty where it can."""
    agreement = review.agreement
    if agreement.has_run_out(today):
        return _("Its last day was %(day)s. Prolong it or end it.") % {"day": _day(agreement.ends_on)}
    if not today <= on <= today + FURTHEST:
        return _("Choose a day from today on, and within six years.")
    if agreement.ends_on and on > agreement.ends_on:
        return _("The agreement ends on %(day)s. Choose that day or an earlier one.") % {"day": _day(agreement.ends_on)}
    return ""


def _move(review, *, by):
    """Let the agreement and the promise follow a review whose day has been set."""
    for follow_up in review_days.promised_for(review).open().select_for_update():
        follow_up.due_on = review.due_on
        follow_up.save(update_fields=["due_on"])
    _plan_next(review.agreement, review.due_on, by=by)


@transaction.atomic
def arrange(*, review, by, contact):
    """Note that it is held at a planned contact. Raises `NotNow` where that is not planned any more."""
    # The contact may just have been planned, its workplace is held: no more than the review is locked after that.
    rows = Review.objects.select_for_update(of=["self"]).select_related("agreement")
    review = rows.filter(pk=review.pk).first()
    if review is None or not review.is_open:
        raise NotNow(_("This review is not open any more."))
    if not meetings_for(review.agreement).filter(pk=contact.pk).exists():
        raise NotNow(_("This contact is no longer planned."))
    review._history_user = by
    review.meeting = contact
    review.save(update_fields=["meeting"])
    return review


def meetings_for(agreement):
    """Planned contacts at which it can be held: at a workplace of the agreement."""
    return Interaction.objects.planned().filter(year_figures.at_places(agreement)).soonest_first()


@transaction.atomic
def change(*, review, by, staff, persons, **written):
    """Put right what was written; not the day nor the decision. Raises `NotNow` for a colleague, and after 24 hours."""
    review = _locked(review)
    if not review.is_open_to(by, timezone.now()):
        raise NotNow(_("Only the one who wrote it can change it, and only within 24 hours."))
    review._history_user = by
    for name, value in written.items():
        setattr(review, name, value)
    review.save(update_fields=list(written))
    review.staff.set(staff)
    review.persons.set(persons)
    return review


@transaction.atomic
def take_back(*, review, by):
    """Undo the holding of a review: it is open again on its day, and what was written is kept for the next time.

    The next one that it had planned is gone, and an agreement that it ended is active again. Raises `NotNow` after
    ten minutes, for a colleague, and where something has been done with what followed.
    """
    review = _locked(review)
    if not review.may_be_taken_back(by, timezone.now()):
        raise NotNow(_("Only the one who wrote it can take it back, and only within ten minutes."))
    if review.filings.exists():
        raise NotNow(_("It has been noted as filed, and stays as it is."))
    agreement = review.agreement
    if Review.objects.held().filter(agreement=agreement, written_at__gt=review.written_at).exists():
        raise NotNow(_("Another review has been held since."))
    if agreement.is_active:
        _drop_next(agreement)
    review.held_on = review.held_by = review.written_at = None
    review.decision, review.figures, review._history_user = "", [], by
    review.save()
    for follow_up in review_days.promised_for(review).filter(done_at__isnull=False).select_for_update():
        follow_up.reopen()
    if agreement.is_active:
        _plan_next(agreement, review.due_on, by=by)
    else:
        review.agreement = steps.undo_locked(agreement=agreement, by=by)
    return review


def _drop_next(agreement):
    """Delete the open review that a holding had planned. Raises `NotNow` where somebody has done something with it."""
    for following in Review.objects.open().filter(agreement=agreement).select_for_update():
        promised = list(review_days.promised_for(following))
        touched = following.history.count() > 1 or following.filings.exists()
        if touched or any(one.done_at or one.history.count() > 1 for one in promised):
            raise NotNow(_("Somebody has done something with the next review since. Move that one instead."))
        FollowUp.objects.filter(pk__in=[one.pk for one in promised]).delete()
        following.delete()
