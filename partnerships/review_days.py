"""When an agreement is reviewed: the day, the promise that the responsible consultant gets a month before it, and its end."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from contacts.actions import refresh
from contacts.models import FollowUp
from jobcenter_crm.frame.working_days import working_day_from
from partnerships.models import Review
from partnerships.querysets import PLANNED_AHEAD

# The kind of the follow-up that a review makes.
KIND = "review"


def first_day(agreement):
    """When it is reviewed for the first time: a whole interval after its beginning, on its last day at the latest."""
    return next_day(agreement, agreement.starts_on)


def next_day(agreement, after):
    """A whole interval after a day; on its last day where that comes sooner, and a working day where it can be one."""
    day = working_day_from(after + relativedelta(months=agreement.review_every))
    return min(day, agreement.ends_on) if agreement.ends_on else day


def plan(agreement):
    """Let the open review of an active agreement be on its `next_review_on`; made where there is none. Harmless twice."""
    review, made = Review.objects.get_or_create(
        agreement=agreement, held_on=None, dropped_at=None, defaults={"due_on": agreement.next_review_on}
    )
    if not made and review.due_on != agreement.next_review_on:
        review.due_on = agreement.next_review_on
        review.save(update_fields=["due_on"])
        FollowUp.objects.open().caused_by(review).filter(kind=KIND).update(due_on=review.due_on)
    remind(review, timezone.localdate())
    refresh(agreement.workplace)
    return review


def remind(review, today):
    """Write the follow-up of an open review that is near; that of one that has moved far away is taken back.

    Harmless twice. Its day is left alone: whoever has put it off has put it off.
    """
    promised = FollowUp.objects.caused_by(review).filter(kind=KIND)
    if review.due_on > today + PLANNED_AHEAD:
        promised.open().delete()
        return
    agreement = review.agreement
    # Written by the clock, read by the one whose it is.
    with translation.override(agreement.owner.language or settings.LANGUAGE_CODE):
        title = title_of(agreement)
    FollowUp.objects.get_or_create(
        kind=KIND,
        cause_type=ContentType.objects.get_for_model(review),
        cause_id=review.pk,
        occurrence="",
        defaults={
            "workplace": agreement.workplace,
            "title": title[:200],
            "due_on": review.due_on,
            "owner": agreement.owner,
        },
    )


def title_of(agreement):
    """What the promise says, in the language that is active."""
    if agreement.is_yearly:
        return _("Yearly review: %(agreement)s") % {"agreement": agreement}
    return _("Review: %(agreement)s") % {"agreement": agreement}


def drop(agreement, *, by):
    """The agreement has ended: its open review is dropped, and what was promised for it is ticked off."""
    for review in Review.objects.open().filter(agreement=agreement).select_for_update():
        review.dropped_at, review._history_user = timezone.now(), by
        review.save(update_fields=["dropped_at"])
        close(review, by=by)


def close(review, *, by):
    """Tick off what was promised for a review: it has been held, or there is none to hold."""
    for follow_up in FollowUp.objects.open().caused_by(review).select_for_update():
        follow_up.finish(by=by)
    refresh(review.agreement.workplace)


def hand_to_owner(agreement):
    """Let the open promise of its review be the responsible consultant's, who may be another by now."""
    for review in Review.objects.open().filter(agreement=agreement):
        FollowUp.objects.open().caused_by(review).filter(kind=KIND).exclude(owner=agreement.owner).update(
            owner=agreement.owner
        )
