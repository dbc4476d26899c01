"""What is asked of places when a contact is logged: whether they are still open, and whom the workplace can host."""

from contextlib import suppress

from django.db.models import CharField, F, IntegerField, Value
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from contacts import asked_along
from contacts.actions import NotNow
from contacts.asked_along import Asked, Question
from jobcenter_crm.frame.languages import column_in_language
from jobcenter_crm.frame.templatetags.frame import lowerfirst
from placements import hosting, slots
from placements.models import HostingProfile, Slot
from placements.querysets import ASKED_AFTER

YES, NO = "yes", "no"
# Slots that are asked about at once; the longest unheard of come first.
MOST = 5


def _ask(workplace, user, today):
    """The profile and the slots of a workplace, from one statement."""
    parts = []
    if user.has_perm("placements.change_slot"):
        parts.append(_rows("slot", _slots(workplace, today), column_in_language("measure__name"), F("places")))
    if user.has_perm("placements.change_hostingprofile"):
        profiles = HostingProfile.objects.filter(workplace=workplace, confirmed_on__lt=today)
        parts.append(_rows("profile", profiles, column_in_language("target_groups__name"), Value(0, IntegerField())))
    if not parts:
        return []
    rows = sorted(parts[0].union(*parts[1:], all=True), key=lambda row: (row[0] != "slot", row[5], row[1]))
    return [*_of_slots(rows)[:MOST], *_of_profile(rows, today)]


def _slots(workplace, today):
    return Slot.objects.to_confirm(today).filter(workplace=workplace)


def _rows(kind, rows, name, places):
    return rows.order_by().values_list(Value(kind, CharField()), "pk", name, "tasks", places, "confirmed_on")


def _of_slots(rows):
    return [
        Asked(
            f"slot-{pk}",
            ngettext("%(n)s place, %(measure)s: %(tasks)s", "%(n)s places, %(measure)s: %(tasks)s", places)
            % {"n": places, "measure": lowerfirst(measure), "tasks": tasks},
            ((YES, _("Still open")), (NO, _("No longer"))),
            since,
            is_due=True,
        )
        for kind, pk, measure, tasks, places, since in rows
        if kind == "slot"
    ]


def _of_profile(rows, today):
    """The profile has one row for each of its target groups, or one without any."""
    mine = [row for row in rows if row[0] == "profile"]
    if not mine:
        return []
    _kind, pk, _group, tasks, _places, since = mine[0]
    known = [part for part in (tasks, *sorted(row[2] for row in mine if row[2])) if part]
    if not known:
        return []
    words = pgettext("hosting", "Can host") + f": {', '.join(known)}"
    choices = ((YES, _("Still true")), (NO, _("No longer")))
    return [Asked(f"profile-{pk}", words, choices, since, is_due=since < today - ASKED_AFTER)]


def _take(answers, by, on):
    """Write the answers. A slot that is open no longer is paused: what becomes of it, its own consultant decides.
    A workplace that can no longer host whom it could has an empty profile.

    Returns `[kind, key, what it said before]` of each that says something else now.
    """
    done = []
    for key, value in answers.items():
        kind, _dash, pk = key.partition("-")
        before = None
        if kind == "profile":
            if profile := HostingProfile.objects.filter(pk=pk).first():
                act = hosting.confirm if value == YES else hosting.end
                _kept, before = act(profile=profile, by=by, on=on)
        elif slot := Slot.objects.filter(pk=pk).first():
            before = _heard(slot, value, by, on)
        if before:
            done.append([kind, int(pk), before])
    return done


def _heard(slot, value, by, on):
    if value == YES:
        _kept, before = slots.confirm(slot=slot, by=by, on=on)
        return before
    # Somebody may have paused it a moment ago.
    with suppress(NotNow):
        _kept, before = slots.set_state(
            slot=slot, state=Slot.State.PAUSED, by=by, why=_("No longer open, as the employer said")
        )
        return before
    return None


def _put_back(done, by):
    """Let each say what it said before, where nobody has changed it since; how many somebody has."""
    left = 0
    found = Slot.objects.in_bulk([pk for kind, pk, _before in done if kind == "slot"])
    for kind, pk, before in done:
        try:
            if kind == "slot":
                slots.put_back(slot=found[pk], before=before, by=by)
            elif profile := HostingProfile.objects.filter(pk=pk).first():
                hosting.put_back(profile=profile, before=before, by=by)
        except NotNow:
            left += 1
    return left


def declare():
    """The questions of this app; once, when the app is ready."""
    asked_along.register(Question("places", _ask, _take, _put_back))
