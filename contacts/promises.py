"""What people do with follow-ups besides ticking one off: write them, change them, many at once, and undo all that."""

from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from companies.models import Workplace
from contacts.actions import NotNow, drop_next, hold, refresh, refresh_contact_dates, standing, tick
from contacts.follow_up_kinds import kind_of
from contacts.models import UNDO_FOR, FollowUp

# What an undo puts back.
RESTORED = (
    "title", "person_id", "channel", "due_on", "owner_id", "repeat_every", "repeat_unit", "given_by_id", "given_at",
    "given_word", "done_at", "done_by_id", "done_with_id",
)  # fmt: skip


@dataclass
class Done:
    """What came of an act: the follow-ups that it was done to, those that it left, and those that stay (see `undo`).

    `marks` are the keys of what the history wrote of it; `undo` takes them.
    """

    acted: list = field(default_factory=list)
    left: list = field(default_factory=list)
    stays: list = field(default_factory=list)
    marks: list = field(default_factory=list)


def _marked(done):
    written = FollowUp.history.filter(id__in=[one.pk for one in done.acted]).values("id").order_by()
    done.marks = sorted(written.annotate(last=Max("history_id")).values_list("last", flat=True))
    return done


@transaction.atomic
def add(*, workplace, by, **facts):
    """Write a follow-up by hand; `facts` are its columns. One written for a colleague is given to that one.

    The same again within ten minutes is a form that was sent twice: it returns what the first one made.
    """
    workplace = standing(workplace)
    lately = FollowUp.objects.open().filter(created_by=by, created_at__gt=timezone.now() - UNDO_FOR)
    if same := lately.filter(kind=FollowUp.Kind.BY_HAND, workplace=workplace, **facts).first():
        return same
    given = {} if facts["owner"] == by else {"given_by": by, "given_at": timezone.now()}
    follow_up = FollowUp.objects.create(
        kind=FollowUp.Kind.BY_HAND, workplace=workplace, created_by=by, **given, **facts
    )
    refresh(workplace)
    return follow_up


@transaction.atomic
def change(*, follow_up, by, title, due_on, person, channel, repeat_every, repeat_unit):
    """Change an open follow-up. Raises `NotNow` when it is done already."""
    hold([follow_up.workplace_id])
    follow_up = FollowUp.objects.select_for_update().get(pk=follow_up.pk)
    if follow_up.done_at:
        raise NotNow(_("This follow-up is already done."))
    follow_up.title, follow_up.due_on, follow_up.person, follow_up.channel = title, due_on, person, channel
    follow_up.repeat_every, follow_up.repeat_unit = repeat_every, repeat_unit
    follow_up.save(update_fields=["title", "due_on", "person", "channel", "repeat_every", "repeat_unit"])
    refresh(follow_up.workplace)
    return _marked(Done([follow_up]))


@transaction.atomic
def finish_several(*, follow_ups, by):
    """Tick off all of them but those that only an act of their app ends. Returns what was `Done`."""
    done = Done()
    for follow_up in _open(follow_ups):
        if kind_of(follow_up).is_kept:
            done.left.append(follow_up)
        else:
            tick(follow_up, by=by)
            done.acted.append(follow_up)
    return _marked(_refreshed(done))


@transaction.atomic
def postpone_several(*, follow_ups, to):
    """Move each to the day that `to(follow_up)` gives; one for which it gives None is left. Returns what was `Done`."""
    done = Done()
    for follow_up in _open(follow_ups):
        day = to(follow_up)
        if day is None:
            done.left.append(follow_up)
            continue
        follow_up.due_on = day
        follow_up.save(update_fields=["due_on"])
        done.acted.append(follow_up)
    return _marked(_refreshed(done))


@transaction.atomic
def give_several(*, follow_ups, to, by, word=""):
    """Let a colleague do them. Returns what was `Done`.

    Left are those that are the colleague's already, and those that a colleague must accept first.
    """
    done, now = Done(), timezone.now()
    for follow_up in _open(follow_ups):
        if follow_up.owner_id == to.pk or kind_of(follow_up).is_handed_over:
            done.left.append(follow_up)
        else:
            follow_up.give(to=to, by=by, at=now, word=word)
            done.acted.append(follow_up)
    return _marked(done)


def _open(follow_ups):
    """Those that are open, locked in one order, so that two who act on the same never wait for each other."""
    hold({one.workplace_id for one in follow_ups})
    rows = FollowUp.objects.open().filter(pk__in=[one.pk for one in follow_ups]).select_related("workplace", "owner")
    return list(rows.select_for_update(of=["self"]).order_by("pk"))


def _refreshed(done):
    places = {one.workplace_id for one in done.acted}
    refresh_contact_dates(Workplace.objects.filter(pk__in=places))
    return done


@transaction.atomic
def undo(*, marks):
    """Put back what an act did, by the `marks` of its `Done`; returns what was `Done` to which.

    A follow-up that somebody has touched since is left. `stays` are those that a tick had made and that somebody has
    touched: they stand beside the one that is open again.
    """
    written = FollowUp.history.filter(history_id__in=marks).values_list("id", flat=True)
    hold(FollowUp.objects.filter(pk__in=list(written)).order_by().values("workplace"))
    rows = FollowUp.objects.filter(pk__in=list(written)).select_related("workplace").select_for_update(of=["self"])
    rows = {row.pk: row for row in rows.order_by("pk")}
    past = {}
    for was in FollowUp.history.filter(id__in=rows).order_by("id", "history_id"):
        past.setdefault(was.id, []).append(was)
    done = Done()
    for pk, row in rows.items():
        *_earlier, before, last = [None, *past[pk]]
        if before is None or last.history_id not in marks:
            done.left.append(row)
            continue
        was_done = row.done_at is not None
        for name in RESTORED:
            setattr(row, name, getattr(before, name))
        row.save(update_fields=RESTORED)
        if was_done and row.done_at is None and (stays := drop_next(row)):
            done.stays.append(stays)
        done.acted.append(row)
    return _refreshed(done)
