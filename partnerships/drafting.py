"""Writing an agreement: a new draft, what it says, whom to call and the goals; what already holds gets a new version."""

from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from contacts.actions import NotNow, standing
from partnerships import review_days, versions
from partnerships.models import Agreement, AgreementPlace, AgreementStep
from partnerships.steps import locked, refuse_lacking, refuse_overlap


@transaction.atomic
def make(*, kind, workplace, owner, by, covers_all=False, places=(), token=None, **facts):
    """A new draft, made at `workplace`, and holding at `places` besides, or at all of the company's.

    `facts` are what it says, by the names of `Agreement.WORDING`. The same `token` again returns what it made the first time;
    raises `NotNow` where it comes with something else.
    """
    workplace = standing(workplace)
    # Asked when the workplace is held: the same form sent twice at once waits here.
    if token and (known := Agreement.objects.filter(token=token).first()):
        if known.kind != kind or any(getattr(known, name) != value for name, value in facts.items()):
            raise NotNow(_("This form has been sent already, with other words. Open a new one for another draft."))
        return known
    agreement = Agreement(
        kind=kind, company=workplace.company, workplace=workplace, covers_all=covers_all, owner=owner, created_by=by,
        token=token, **facts,
    )  # fmt: skip
    agreement._history_user = by
    agreement.save()
    _set_places(agreement, {workplace.pk, *(place.pk for place in places)})
    AgreementStep.objects.create(
        agreement=agreement, state=agreement.state, on=timezone.localdate(), at=timezone.now(), by=by
    )
    return agreement


class ChangedMeanwhile(NotNow):
    """A colleague has saved the agreement since it was read; `agreement` is what it says now."""

    def __init__(self, agreement):
        self.agreement = agreement
        latest = agreement.history.first()
        super().__init__(
            _(
                "%(who)s has changed it meanwhile. What you wrote is kept here: look at what it says now, and save again."
            )
            % {"who": latest.history_user or _("Somebody")}
        )


def stamp(agreement):
    """What tells whether somebody has saved it since: the number of its latest line of history."""
    return agreement.history.order_by("-history_id").values_list("history_id", flat=True).first() or 0


@transaction.atomic
def change(*, agreement, by, note="", owner=None, covers_all=None, places=None, seen=None, **facts):
    """Change what an agreement says; of one that holds, its new version is kept with `note`, what has changed.

    `owner` and the interval of the reviews move what was promised. Raises `NotNow` for one that is over,
    and where an active one changes its wording without a note; `Overlaps` where another is in the way.
    """
    agreement = locked(agreement)
    before = _open(agreement)
    if seen is not None and seen != stamp(agreement):
        raise ChangedMeanwhile(agreement)
    for name, value in facts.items():
        setattr(agreement, name, value)
    if owner:
        agreement.owner = owner
    if covers_all is not None:
        agreement.covers_all = covers_all
    if places is not None:
        _set_places(agreement, {agreement.workplace_id, *(place.pk for place in places)})
    if not agreement.is_draft:
        refuse_overlap(agreement, timezone.localdate())
        refuse_lacking(agreement)
    return _save(agreement, before, by=by, note=note)


def _set_places(agreement, keys):
    rows = AgreementPlace.objects.filter(agreement=agreement)
    rows.exclude(workplace__in=keys).delete()
    known = set(rows.values_list("workplace", flat=True))
    AgreementPlace.objects.bulk_create(
        [AgreementPlace(agreement=agreement, workplace_id=key) for key in sorted(keys - known)]
    )


def _open(agreement):
    """What it says before a change; raises `NotNow` for one that is over."""
    if agreement.is_over:
        raise NotNow(_("This agreement is over, and stays as it is. Make a new one."))
    return versions.wording(agreement) if agreement.is_active else None


def _save(agreement, before, *, by, note):
    """Save a locked agreement; one that holds, and says something else than `before`, gets its next version."""
    agreement._history_user = by
    if before is not None and versions.wording(agreement) != before:
        if not note:
            raise NotNow(_("Say in a few words what has changed. The earlier wording is kept."))
        versions.record(agreement, by=by, on=timezone.localdate(), note=note)
    if before is not None:
        review_days.fit(
            agreement,
            ends_on=parse_date(before["ends_on"] or ""),
            review_every=before["review_every"],
            today=timezone.localdate(),
        )
    agreement.save()
    if agreement.is_active:
        review_days.plan(agreement)
        review_days.hand_to_owner(agreement)
    return agreement


@transaction.atomic
def with_part(*, agreement, by, note, act):
    """Change a part of an agreement - a goal, whom to call, the centre, the terms - by calling `act(agreement)`.

    Of one that holds, the new version is kept with `note`. Returns the agreement and what `act` returned. Raises
    `NotNow` for one that is over.
    """
    agreement = locked(agreement)
    before = _open(agreement)
    done = act(agreement)
    return _save(agreement, before, by=by, note=note), done
