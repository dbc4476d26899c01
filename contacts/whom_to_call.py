"""Whom of us to call about what at a workplace: who opened the door, the daily contact, and whoever knows a matter."""

from dataclasses import dataclass
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from simple_history.utils import bulk_create_with_history

from contacts.actions import NotNow
from contacts.models import ColleagueRole, Interaction
from jobcenter_crm.backstage.bulk import write_history

Role = ColleagueRole.Role
BATCH = 500


@dataclass
class Proposal:
    """Who may have opened the door: they held the first meeting."""

    colleague: object
    on: date


def proposed_opener(log):
    """Who held the first meeting with the employer, by the `Log`: a `Proposal`; None where none of them works here any more."""
    meeting = log.first_meeting
    still_here = [user for user in meeting.ours if user.is_active] if meeting else []
    colleague = min(still_here, key=lambda user: user.pk, default=None)
    return Proposal(colleague, meeting.on) if colleague else None


@transaction.atomic
def give(*, workplace, colleague, role, by, about="", since=None):
    """Note what a colleague is there; the one who was so before is no longer from then on. Returns the role.

    Raises `NotNow` when somebody has noted another in the same second.
    """
    current = ColleagueRole.objects.current().filter(workplace=workplace, role=role, about=about)
    for before in current.select_for_update():
        if before.colleague_id == colleague.pk:
            return before
        end(role=before, by=by)
    made = ColleagueRole(workplace=workplace, colleague=colleague, role=role, about=about, since=since, created_by=by)
    made._history_user = by
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise NotNow(_("A colleague has just noted somebody else. Look at it again.")) from None
    return made


def end(*, role, by):
    """Say that a colleague is it no longer; it stays in the history."""
    role.ended_on, role._history_user = max(timezone.localdate(), role.since or date.min), by
    role.save(update_fields=["ended_on"])


def reopen(*, role, by):
    """Take the end back. Raises `NotNow` where somebody else has taken the place meanwhile."""
    role.ended_on, role._history_user = None, by
    try:
        with transaction.atomic():
            role.save(update_fields=["ended_on"])
    except IntegrityError:
        raise NotNow(_("A colleague has taken this place meanwhile.")) from None


def hand_over(places, *, opened, daily, by):
    """Write the roles that a hand-over of `places`, a queryset, brings; what was written, for `take_back`.

    `opened` stays the one who opened the door where they have met the employer and nobody is noted yet. `daily` is
    the daily contact from now on. Either may be None: then nothing is changed.
    """
    made, ended = [], []
    if opened:
        met = Interaction.objects.held().meetings().filter(staff=opened).order_by().values("workplace")
        noted = ColleagueRole.objects.current().opened_the_door().values("workplace")
        made += [_role(pk, opened, Role.OPENED, by) for pk in _keys(places.filter(pk__in=met).exclude(pk__in=noted))]
    if daily:
        current = ColleagueRole.objects.current().daily_contacts().filter(workplace__in=places.order_by().values("pk"))
        same = set(current.filter(colleague=daily).values_list("workplace", flat=True))
        before = current.exclude(colleague=daily)
        ended = _keys(before)
        for first in range(0, len(ended), BATCH):
            rows = ColleagueRole.objects.filter(pk__in=ended[first : first + BATCH])
            rows.update(ended_on=timezone.localdate())
            write_history(rows, at=timezone.now(), by=by)
        made += [_role(pk, daily, Role.DAILY, by) for pk in _keys(places) if pk not in same]
    rows = bulk_create_with_history(made, ColleagueRole, batch_size=BATCH, default_user=by) if made else []
    return {"made": [row.pk for row in rows], "ended": ended}


def take_back(written, *, kept, by):
    """Undo what `hand_over` wrote, but at the workplaces `kept` (keys), which have stayed where they were handed over to."""
    made = ColleagueRole.objects.current().filter(pk__in=written.get("made", [])).exclude(workplace__in=kept)
    made.delete()
    taken = ColleagueRole.objects.current().values("workplace")
    ended = ColleagueRole.objects.daily_contacts().filter(pk__in=written.get("ended", [])).exclude(workplace__in=kept)
    free = _keys(ended.exclude(workplace__in=taken.filter(role=Role.DAILY)))
    again = ColleagueRole.objects.filter(pk__in=free)
    again.update(ended_on=None)
    write_history(again, at=timezone.now(), by=by)


def _role(workplace_pk, colleague, role, by):
    return ColleagueRole(
        workplace_id=workplace_pk, colleague=colleague, role=role, since=timezone.localdate() if role == Role.DAILY else None,
        created_by=by,
    )  # fmt: skip


def _keys(rows):
    return list(rows.order_by("pk").values_list("pk", flat=True))
