"""When an agreement is reviewed: the day, the promise that the responsible consultant gets a month before it, and its end."""

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from companies.models import Workplace
from contacts import follow_up_kinds
from contacts.actions import hold, refresh, refresh_contact_dates
from contacts.follow_up_kinds import FollowUpKind
from contacts.goes_along import batches
from contacts.models import FollowUp
from jobcenter_crm.frame.working_days import working_day_from
from partnerships.models import Agreement, Review
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


def fit(agreement, *, ends_on, review_every, today):
    """Let `next_review_on` of a locked agreement follow a change of its last day or interval; these are as they were.

    With another interval, or where it had only been waiting for the last day, it comes a whole interval after the
    latest review, and no sooner than today unless it was late already. One that somebody has called stays. None comes
    after the last day.
    """
    open_one = Review.objects.open().filter(agreement=agreement).first()
    was = agreement.next_review_on
    waits = ends_on is not None and was == ends_on
    if (agreement.review_every != review_every or waits) and not (open_one and open_one.called_why):
        latest = Review.objects.held().filter(agreement=agreement).newest_first().first()
        day = next_day(agreement, latest.held_on if latest else agreement.starts_on)
        agreement.next_review_on = max(day, min(was, today))
    if agreement.ends_on:
        agreement.next_review_on = min(agreement.next_review_on, agreement.ends_on)


def plan(agreement):
    """Let the open review of an active agreement be on its `next_review_on`; made where there is none. Harmless twice."""
    review, made = Review.objects.get_or_create(
        agreement=agreement, held_on=None, dropped_at=None, defaults={"due_on": agreement.next_review_on}
    )
    review.agreement = agreement
    moved = not made and review.due_on != agreement.next_review_on
    if moved:
        review.due_on = agreement.next_review_on
        review.save(update_fields=["due_on"])
    for follow_up in [] if made else promised_for(review).open().select_for_update():
        title = _title_for_owner(review)
        if moved or follow_up.title != title:
            follow_up.title = title
            follow_up.due_on = review.due_on if moved else follow_up.due_on
            follow_up.save(update_fields=["title", "due_on"])
    remind(review, timezone.localdate())
    refresh(agreement.workplace)
    return review


def promised_for(review):
    """What was promised for a review."""
    return FollowUp.objects.caused_by(review).filter(kind=KIND)


def remind(review, today):
    """Write the follow-up of an open review that is near; that of one that has moved far away is taken back.

    Harmless twice. Its day is left alone: whoever has put it off has put it off.
    """
    if review.due_on > today + PLANNED_AHEAD:
        promised_for(review).open().delete()
        return
    facts = _promise(review)
    names = {name: facts.pop(name) for name in ("kind", "cause_type", "cause_id", "occurrence")}
    FollowUp.objects.get_or_create(**names, defaults=facts)


def _promise(review):
    """The columns of what is promised for a review."""
    return {
        "kind": KIND,
        "cause_type": ContentType.objects.get_for_model(Review),
        "cause_id": review.pk,
        "occurrence": "",
        "workplace_id": review.agreement.workplace_id,
        "title": _title_for_owner(review),
        "due_on": review.due_on,
        "owner": review.agreement.owner,
    }


def _title_for_owner(review):
    """What the promise says; written by the clock, read by the one whose it is."""
    with translation.override(review.agreement.owner.language or settings.LANGUAGE_CODE):
        return title_of(review.agreement, review.due_on)[:200]


def title_of(agreement, due_on=None):
    """What a review is called, in the language that is active; one on the last day says that it is the last."""
    if due_on and agreement.ends_on and due_on >= agreement.ends_on:
        day = date_format(agreement.ends_on, "DATE_FORMAT")
        return _("Runs out on %(day)s, prolong or end: %(agreement)s") % {"day": day, "agreement": agreement}
    if agreement.is_yearly:
        return _("Yearly review: %(agreement)s") % {"agreement": agreement}
    return _("Review: %(agreement)s") % {"agreement": agreement}


def drop(agreement, *, by):
    """The agreement has ended: its open review is dropped, and what was promised for it is ticked off."""
    for review in Review.objects.open().filter(agreement=agreement).select_for_update():
        review.dropped_at, review._history_user = timezone.now(), by
        review.save(update_fields=["dropped_at"])
        close(review, by=by)


def reopen(agreement, *, since, by):
    """The end is taken back: the review that it dropped, at `since` or later, is open again, with what was promised for it."""
    dropped = Review.objects.filter(agreement=agreement, dropped_at__gte=since).order_by("-pk").first()
    if dropped is None or Review.objects.open().filter(agreement=agreement).exists():
        return
    dropped.dropped_at, dropped._history_user = None, by
    dropped.save(update_fields=["dropped_at"])
    for follow_up in promised_for(dropped).filter(done_at__gte=since).select_for_update():
        follow_up.reopen()


def close(review, *, by):
    """Tick off what was promised for a review: it has been held, or there is none to hold."""
    for follow_up in FollowUp.objects.open().caused_by(review).select_for_update():
        follow_up.finish(by=by)
    refresh(review.agreement.workplace)


def hand_to_owner(agreement):
    """Let the open promise of its review be the responsible consultant's, who may be another by now.

    One that somebody has given to a colleague stays with that one.
    """
    for review in Review.objects.open().filter(agreement=agreement):
        promised_for(review).open().filter(given_at=None).exclude(owner=agreement.owner).update(owner=agreement.owner)


def plan_ahead(today):
    """Promise every review that has come near, and make the one that an active agreement lacks; returns counts.

    In a fixed number of statements for every 500. Harmless twice, and whatever it is broken off at: each batch is
    one transaction, and what it asks is what is missing.
    """
    lacking = list(Agreement.objects.without_open_review().order_by("pk").values_list("pk", flat=True))
    made = sum(_make_missing(some) for some in batches(lacking))
    near = list(_unpromised(today).order_by("pk").values_list("pk", flat=True))
    return {"made": made, "promised": sum(_promise_several(some, today) for some in batches(near))}


@transaction.atomic
def _make_missing(agreements):
    rows = Agreement.objects.filter(pk__in=agreements)
    _lock(rows)
    found = rows.without_open_review().order_by("pk").values_list("pk", "next_review_on")
    return _written([Review(agreement_id=pk, due_on=day) for pk, day in found], Review)


def _unpromised(today):
    """Open reviews that are near, of active agreements, and of which no follow-up has been written."""
    promised = FollowUp.objects.filter(
        kind=KIND, cause_type=ContentType.objects.get_for_model(Review), cause_id=OuterRef("pk")
    )
    return Review.objects.to_plan(today).filter(~Exists(promised), agreement__state=Agreement.State.ACTIVE)


@transaction.atomic
def _promise_several(reviews, today):
    _lock(Agreement.objects.filter(reviews__in=reviews))
    found = _unpromised(today).filter(pk__in=reviews).select_related("agreement__owner").order_by("pk")
    promises = [FollowUp(**_promise(review)) for review in found]
    number = _written(promises, FollowUp)
    refresh_contact_dates(Workplace.objects.filter(pk__in={one.workplace_id for one in promises}))
    return number


def _lock(agreements):
    """Lock agreements as every act does: their workplaces first."""
    hold(agreements.order_by().values("workplace"))
    list(agreements.order_by("pk").select_for_update(of=["self"]).values_list("pk", flat=True))


def _written(rows, model):
    if rows:
        bulk_create_with_history(rows, model)
    return len(rows)


def _page(follow_up):
    return reverse("partnerships:review", args=[follow_up.cause_id])


def declare():
    """The kind of follow-up that a review makes; once, when the app is ready."""
    follow_up_kinds.register(FollowUpKind(KIND, gettext_lazy("Review"), url=_page, is_kept=True, always_escalates=True))
