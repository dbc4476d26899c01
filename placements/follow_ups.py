"""When a placement is followed up: the standard or the agreement's own rhythm, and the promises that come of it.

Up to four weeks: day 3 and a week before the end. Longer: week 1, the middle, and two weeks before the end. An agreement
that names weeks ("i uge 2, 6 og 12", "in weeks 2, 6 and 12") is followed up in those. Never on a day off.
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from simple_history.utils import bulk_create_with_history

from contacts import follow_up_kinds
from contacts.actions import refresh
from contacts.follow_up_kinds import FollowUpKind
from contacts.models import FollowUp
from jobcenter_crm.frame.working_days import working_day_from

# The kinds of the follow-ups that a placement makes: while it lasts, and what came of it.
KIND, EFFECT = "placement", "effect"
SHORT = timedelta(weeks=4)
WEEK = timedelta(weeks=1)
# So many days after its beginning a week is followed up: on a Friday, where it began on a Monday.
IN_A_WEEK = timedelta(days=4)
FIRST, MIDDLE, LAST = "first", "middle", "last"
# No placement is followed up by agreement after so many weeks.
MOST_WEEKS = 520
# The numbers after "uge", "week" or "weeks", with commas, dashes and "og" or "and" between them.
_WEEKS = re.compile(r"\b(?:uger?|weeks?)\s+((?:\d{1,3}(?:\s*(?:,|og|and|&)\s*)?)+)", re.IGNORECASE)


@dataclass(frozen=True)
class Planned:
    """A day on which to follow up; `name` is which of them it is, also when its day has moved."""

    name: str
    day: date


def weeks_named(text):
    """The weeks that an agreement says it is followed up in, in order; empty where it names none."""
    found = {int(number) for numbers in _WEEKS.findall(text) for number in re.findall(r"\d+", numbers)}
    return sorted(week for week in found if 1 <= week <= MOST_WEEKS)


def plan(placement):
    """The `Planned` days of a placement as it stands, in order; each a working day within it."""
    agreement = placement.slot.agreement
    first, last = placement.starts_on, placement.planned_end
    if weeks := weeks_named(agreement.followed_up) if agreement else []:
        days = [(f"week-{week}", first + WEEK * (week - 1) + IN_A_WEEK) for week in weeks]
    elif last - first <= SHORT:
        days = [(FIRST, first + timedelta(days=2)), (LAST, last - WEEK)]
    else:
        days = [(FIRST, first + IN_A_WEEK), (MIDDLE, first + (last - first) / 2), (LAST, last - 2 * WEEK)]
    found = []
    for name, day in days:
        day = working_day_from(day)
        if first <= day <= last and (not found or day > found[-1].day):
            found.append(Planned(name, day))
    return found


def write(placement, *, today, was=()):
    """Let what is promised for a running placement be what its plan says, from `today` on. Harmless twice.

    `was` is the plan before it was extended: an open one moves with it, and one that somebody has put off since stays
    where the plan has not moved. One that was done stays done, but after an extension the last one comes again.
    """
    known = _known(placement)
    planned_before = {one.name: one.day for one in was}
    wanted, new = plan(placement), []
    for one in wanted:
        mine = [row for row in known if _is(row, one.name)]
        open_one = next((row for row in mine if row.done_at is None), None)
        if open_one is not None:
            _move(open_one, placement, one, planned_before.get(one.name))
        elif one.day >= today and (not mine or (one.name == LAST and _is_later(placement, mine))):
            new.append(_new(placement, one, f"{one.name}-{placement.planned_end}" if mine else one.name))
    names = {one.name for one in wanted}
    for row in known:
        if row.done_at is None and not any(_is(row, name) for name in names):
            row.delete()
    if new:
        bulk_create_with_history(new, FollowUp)
    refresh(placement.slot.workplace)


def _known(placement):
    rows = FollowUp.objects.caused_by(placement).filter(kind=KIND)
    return list(rows.order_by("pk").select_for_update(of=["self"]))


def _is(row, name):
    """Whether a follow-up is that one of the plan: the last one has the end in its name when it has come again."""
    return row.occurrence == name or (name == LAST and row.occurrence.startswith(f"{LAST}-"))


def _is_later(placement, done):
    """Whether the placement was extended after the last one was done."""
    at = max(row.done_at for row in done)
    return placement.extensions.filter(at__gte=at).exists()


def _move(row, placement, one, before):
    title = title_for(placement, one)
    day = row.due_on if before in (None, one.day) else one.day
    if (title, day) != (row.title, row.due_on):
        row.title, row.due_on = title, day
        row.save(update_fields=["title", "due_on"])


def _new(placement, one, occurrence):
    return FollowUp(
        kind=KIND,
        cause_type=ContentType.objects.get_for_model(placement),
        cause_id=placement.pk,
        occurrence=occurrence,
        workplace=placement.slot.workplace,
        title=title_for(placement, one),
        due_on=one.day,
        owner=placement.consultant,
    )


def title_for(placement, one):
    """What the promise says, to the one whose it is: the employer and the week, and never the case."""
    with translation.override(placement.consultant.language or settings.LANGUAGE_CODE):
        words = {
            "employer": Truncator(placement.slot.workplace.name).chars(100),
            "n": (one.day - placement.starts_on).days // 7 + 1,
            "day": date_format(placement.planned_end, "DATE_FORMAT"),
        }
        if one.name == LAST:
            return _("%(employer)s, week %(n)s: the placement ends on %(day)s. What comes after?") % words
        return _("%(employer)s: how does the placement go in week %(n)s?") % words


def close(placement, *, by):
    """The placement is over: tick off what was promised while it lasted."""
    for row in FollowUp.objects.open().caused_by(placement).filter(kind=KIND).select_for_update(of=["self"]):
        row.finish(by=by)
    refresh(placement.slot.workplace)


def _placement(follow_up):
    return reverse("placements:placement", args=[follow_up.cause_id])


def _effect(follow_up):
    return reverse("placements:effect", args=[follow_up.cause_id])


def declare():
    """The kinds of follow-up that placements make; once, when the app is ready."""
    follow_up_kinds.register(
        FollowUpKind(KIND, gettext_lazy("Placement"), url=_placement),
        FollowUpKind(EFFECT, gettext_lazy("Effect"), url=_effect, is_kept=True),
    )
