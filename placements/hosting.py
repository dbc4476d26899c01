"""Acts on hosting profiles: whom a workplace can host, and that it is still true."""

from django.db import transaction
from django.utils import timezone

from contacts.actions import standing
from placements.models import HostingProfile


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
    """It is still true, as heard `on` that day; an earlier day than is known already says nothing new."""
    kept = HostingProfile.objects.select_for_update().get(pk=profile.pk)
    if kept.confirmed_on < on:
        kept.confirmed_on, kept.confirmed_by, kept._history_user = on, by, by
        kept.save()
    return kept
