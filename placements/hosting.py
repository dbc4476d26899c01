"""Acts on hosting profiles: whom a workplace can host, and that it is still true."""

from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.actions import NotNow, standing
from placements.models import HostingProfile

# What a profile says, and what is chosen in it.
_SAID, _CHOSEN = ("tasks", "hours_from", "hours_to"), ("target_groups", "considerations")


def profile_at(workplace):
    """The profile of a workplace with its groups and considerations; None where nobody has written one."""
    return (
        HostingProfile.objects.filter(workplace=workplace)
        .select_related("confirmed_by")
        .prefetch_related("target_groups", "considerations")
        .first()
    )


@transaction.atomic
def write(*, workplace, by, target_groups, considerations, **facts):
    """Write whom a workplace can host, as of today."""
    workplace = standing(workplace)
    profile = HostingProfile.objects.select_for_update().filter(workplace=workplace).first()
    profile = profile or HostingProfile(workplace=workplace)
    for name, value in facts.items():
        setattr(profile, name, value)
    profile.confirmed_on, profile.confirmed_by, profile._history_user = timezone.localdate(), by, by
    profile.save()
    profile.target_groups.set(target_groups)
    profile.considerations.set(considerations)
    return profile


@transaction.atomic
def confirm(*, profile, by, on):
    """It is still true, as heard `on` that day; an earlier day than is known already says nothing new.

    Returns the profile, and what it said before, as `put_back` takes it; None where it was known.
    """
    kept = HostingProfile.objects.select_for_update().get(pk=profile.pk)
    if kept.confirmed_on >= on:
        return kept, None
    before = [kept.confirmed_on.isoformat(), kept.confirmed_by_id]
    kept.confirmed_on, kept.confirmed_by, kept._history_user = on, by, by
    kept.save()
    return kept, [*before, kept.history.latest().history_id]


@transaction.atomic
def end(*, profile, by, on):
    """They can host nobody any more, as heard `on` that day: the profile is empty until somebody writes it anew.

    Returns the profile, and what it said before, as `put_back` takes it; None where something newer is known.
    """
    kept = HostingProfile.objects.select_for_update().get(pk=profile.pk)
    # On the same day they have the last word: the profile may have been found true before they were asked.
    if kept.confirmed_on > on:
        return kept, None
    before = [kept.confirmed_on.isoformat(), kept.confirmed_by_id]
    said = {name: getattr(kept, name) for name in _SAID} | {
        name: list(getattr(kept, name).values_list("pk", flat=True)) for name in _CHOSEN
    }
    _say(kept, dict.fromkeys(_SAID) | {"tasks": ""} | dict.fromkeys(_CHOSEN, ()))
    kept.confirmed_on, kept.confirmed_by, kept._history_user = on, by, by
    kept.save()
    return kept, [*before, kept.history.latest().history_id, said]


def _say(profile, said):
    """Let the profile say this; what is chosen is written at once, the rest when it is saved."""
    for name in _CHOSEN:
        getattr(profile, name).set(said[name])
    for name in _SAID:
        setattr(profile, name, said[name])


@transaction.atomic
def put_back(*, profile, before, by):
    """Undo a `confirm` or an `end`, where nobody has changed the profile since; else raises `NotNow`."""
    day, whose, written, *said = before
    kept = HostingProfile.objects.select_for_update().get(pk=profile.pk)
    if kept.history.latest().history_id != written:
        raise NotNow(_("It has been changed since, and was left."))
    kept.confirmed_on, kept.confirmed_by_id, kept._history_user = date.fromisoformat(day), whose, by
    for one in said:
        _say(kept, one)
    kept.save()
    return kept
