"""The steps of an agreement, and the only writers of its state: proposed, active, declined, ended, and the way back.

Locks go company, workplace, agreement: a merge of either waits, and two who act at once come one after the other, so that
two agreements of one kind never hold at one workplace on one day.
"""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies.models import Company, Workplace
from contacts import whom_to_call
from contacts.actions import NotNow, hold
from contacts.models import Interaction
from partnerships import proposals, review_days, versions
from partnerships.models import UNDO_FOR, Agreement, AgreementPlace, AgreementStep, CompanyCentre

State = Agreement.State
# From which state each step may be taken.
MAY_COME_FROM = {
    State.PROPOSED: {State.DRAFT},
    State.ACTIVE: {State.PROPOSED},
    State.DECLINED: {State.DRAFT, State.PROPOSED},
    State.ENDED: {State.ACTIVE},
    State.DRAFT: {State.PROPOSED},
}
# A meeting counts as the one at which it was agreed when it was held so long before the agreement was written down.
MEETING_BEFORE = timedelta(days=365)
# Kinds at whose table the two managements should sit.
OF_MANAGEMENT = {Agreement.Kind.PARTNERSHIP, Agreement.Kind.CENTRE}


class Overlaps(NotNow):
    """Another agreement of the same kind holds at one of the workplaces in the same time; `others` are those."""

    def __init__(self, others):
        self.others = others
        other = others[0]
        super().__init__(
            _(
                "There already is one of this kind at one of the workplaces in this time: %(agreement)s, %(state)s, %(who)s."
            )
            % {"agreement": other, "state": str(other.get_state_display()).lower(), "who": other.owner}
        )


def locked(agreement):
    """The agreement as it is now, locked in the order of the house; a merge that came first has moved it."""
    company, workplace = agreement.company_id, agreement.workplace_id
    list(Company.everything.filter(pk=company).select_for_update(no_key=True).values_list("pk"))
    hold([workplace])
    found = Agreement.objects.select_for_update(of=["self"]).select_related("company", "workplace", "owner")
    found = found.get(pk=agreement.pk)
    moved = (found.company_id, found.workplace_id) != (company, workplace)
    return locked(found) if moved else found


def overlapping(agreement, today, *, covers_all=None, places=None):
    """Binding agreements of the same kind at one of its workplaces whose period has a day in common, as a list.

    `covers_all` and `places` (keys) are what it is about to hold at, where that differs from what is written.
    """
    covers_all = agreement.covers_all if covers_all is None else covers_all
    if places is None and not covers_all:
        places = list(AgreementPlace.objects.filter(agreement=agreement).values_list("workplace", flat=True))
    found = Agreement.objects.binding(today).filter(kind=agreement.kind).exclude(pk=agreement.pk)
    found = found.at_any_of(agreement.company_id, None if covers_all else places)
    return list(found.within(agreement.starts_on, agreement.ends_on, today).select_related("owner").order_by("pk")[:5])


def refuse_overlap(agreement, today, **about_to):
    """Raises `Overlaps` where another of its kind is in the way. The caller holds the company."""
    if others := overlapping(agreement, today, **about_to):
        raise Overlaps(others)


def _step(agreement, state, *, by, on, why=""):
    if agreement.state not in MAY_COME_FROM[state]:
        raise NotNow(
            _("This can't be done with an agreement that is %(state)s.")
            % {"state": str(agreement.get_state_display()).lower()}
        )
    before, agreement.state = agreement.state, state
    agreement._history_user = by
    AgreementStep.objects.create(
        agreement=agreement, before=before, state=state, on=on, why=why, at=timezone.now(), by=by
    )


def lacking(agreement):
    """What must be written before it can be proposed, as the labels of the fields.

    Both sides give something, but in a letter of intent; a company centre says its form and places.
    """
    names = ["purpose"] if agreement.kind == Agreement.Kind.INTENT else ["purpose", "we_give", "they_give"]
    said = [Agreement._meta.get_field(name).verbose_name for name in names if not getattr(agreement, name).strip()]
    if agreement.is_centre and not CompanyCentre.objects.filter(agreement=agreement).exists():
        said.append(_("the form of the company centre and its places"))
    return said


def refuse_lacking(agreement):
    """Raises `NotNow` where it lacks what even a proposal must say."""
    if missing := lacking(agreement):
        raise NotNow(_("Something is missing. Write: %(what)s.") % {"what": ", ".join(map(str, missing))})


@transaction.atomic
def propose(*, agreement, by, on, follow_up_on=None):
    """The employer has our proposal, and by `follow_up_on` somebody hears what they say. Raises `Overlaps`, or `NotNow` where it is no draft any more, or lacks something."""
    agreement = locked(agreement)
    _step(agreement, State.PROPOSED, by=by, on=on)
    refuse_lacking(agreement)
    refuse_overlap(agreement, timezone.localdate())
    agreement.save()
    if follow_up_on:
        proposals.promise(agreement, on=follow_up_on, by=by)
    return agreement


@transaction.atomic
def take_back_proposal(*, agreement, by, on):
    """It is a draft again, to be worked on. Raises `NotNow`."""
    agreement = locked(agreement)
    _step(agreement, State.DRAFT, by=by, on=on)
    agreement.save()
    proposals.settle(agreement, by=by)
    return agreement


def held_meeting(agreement, today):
    """The latest meeting with the employer at which it can have been agreed; None if there was none."""
    since = timezone.localdate(agreement.created_at) - MEETING_BEFORE
    meetings = Interaction.objects.held().meetings().filter(workplace__company=agreement.company_id)
    return meetings.filter(on__range=(since, today)).newest_first().first()


@transaction.atomic
def activate(
    *,
    agreement,
    by,
    signed_on,
    signed_by_us,
    signed_by_them,
    document,
    starts_on,
    ends_on=None,
    review_on=None,
    daily=None,
):
    """Both have signed: it holds, its first version is kept and its first review planned.

    `document` is the signed file. `review_on` is the day of the first review; without one it comes a whole interval
    after the beginning. `daily` becomes the daily contact at its workplaces. Raises `Overlaps`, or `NotNow` where it
    is not proposed.
    """
    agreement = locked(agreement)
    _step(agreement, State.ACTIVE, by=by, on=signed_on)
    agreement.starts_on, agreement.ends_on = starts_on, ends_on
    agreement.signed_on, agreement.signed_document = signed_on, document
    agreement.signed_by_us, agreement.signed_by_them = signed_by_us, signed_by_them
    refuse_overlap(agreement, timezone.localdate())
    refuse_lacking(agreement)
    agreement.next_review_on = review_on or review_days.first_day(agreement)
    versions.record(agreement, by=by, on=starts_on, document=document)
    agreement.save()
    review_days.plan(agreement)
    proposals.settle(agreement, by=by)
    if daily:
        keys = [place.pk for place in places_of(agreement)]
        whom_to_call.hand_over(Workplace.objects.filter(pk__in=keys), opened=None, daily=daily, by=by)
    return agreement


def places_of(agreement):
    """The workplaces at which it holds and which have not ceased."""
    if agreement.covers_all:
        return list(agreement.company.workplaces.active().order_by("pk"))
    return list(agreement.places.active().order_by("pk"))


@transaction.atomic
def decline(*, agreement, by, on, why):
    """The employer does not want it, or we have given the draft up; `why` is kept. Raises `NotNow`."""
    agreement = locked(agreement)
    _step(agreement, State.DECLINED, by=by, on=on, why=why)
    agreement.save()
    proposals.settle(agreement, by=by)
    return agreement


@transaction.atomic
def end(*, agreement, by, on, why):
    """The last day is `on`; its open review is dropped. Raises `NotNow`."""
    return end_locked(agreement=locked(agreement), by=by, on=on, why=why)


def end_locked(*, agreement, by, on, why):
    """The same for an agreement that the caller has locked."""
    _step(agreement, State.ENDED, by=by, on=on, why=why)
    if on < agreement.starts_on:
        raise NotNow(
            _("It began on %(day)s. Choose that day or a later one.")
            % {"day": date_format(agreement.starts_on, "DATE_FORMAT")}
        )
    if agreement.ends_on and on > agreement.ends_on:
        raise NotNow(
            _("It was agreed until %(day)s. Choose that day or an earlier one.")
            % {"day": date_format(agreement.ends_on, "DATE_FORMAT")}
        )
    agreement.ends_on, agreement.next_review_on = on, None
    agreement.save()
    review_days.drop(agreement, by=by)
    return agreement


@transaction.atomic
def undo(*, agreement, by):
    """Take back the last step, where `by` took it within ten minutes and it was not the signing; returns the agreement.

    Raises `NotNow` otherwise, and `Overlaps` where another has begun to hold meanwhile.
    """
    return undo_locked(agreement=locked(agreement), by=by)


def undo_locked(*, agreement, by):
    """The same for an agreement that the caller has locked."""
    step = agreement.steps.last()
    if not may_undo(step, by, timezone.now()):
        raise NotNow(_("Only the one who took the step can take it back, and only within ten minutes."))
    ended = agreement.state == State.ENDED
    if ended and agreement.signed_document.is_erased:
        raise NotNow(_("Its signed file has been erased since, and without it the agreement can't hold."))
    agreement.state, agreement._history_user = step.before, by
    if ended:
        before = agreement.history.filter(state=State.ACTIVE).first()
        agreement.ends_on, agreement.next_review_on = before.ends_on, before.next_review_on
    if agreement.state in (State.PROPOSED, State.ACTIVE):
        refuse_overlap(agreement, timezone.localdate())
    agreement.save()
    step.delete()
    if ended:
        review_days.reopen(agreement, since=step.at, by=by)
        review_days.plan(agreement)
    if step.state == State.PROPOSED:
        proposals.settle(agreement, by=by)
    elif step.before == State.PROPOSED:
        proposals.reopen(agreement, since=step.at)
    return agreement


def may_undo(step, user, now):
    """Whether `user` may take back this step, the last of an agreement."""
    return (
        step is not None
        and bool(step.before)
        and step.state != State.ACTIVE
        and step.by_id == user.pk
        and now - step.at < UNDO_FOR
    )
