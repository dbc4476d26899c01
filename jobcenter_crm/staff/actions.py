"""Acts on colleagues and teams."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from jobcenter_crm.staff import leaving
from jobcenter_crm.staff.models import Organisation, User


class NotThem(Exception):
    """This colleague can't be deactivated or let in by this one; the words say why."""


@transaction.atomic
def enter_hours(*, hours, by):
    """Write how many hours a week each team has for outreach: `hours` is `{Team: number or None}`; returns those changed."""
    changed = [team for team, number in hours.items() if team.outreach_hours != number]
    for team in changed:
        team.outreach_hours = hours[team]
        team._history_user = by
        team.save(update_fields=["outreach_hours"])
    return changed


@transaction.atomic
def switch_staff_figures_on(*, since, reference, by):
    """Let managers see figures by colleague from the day `since`; `reference` names the agreement with the staff."""
    return _switch_staff_figures(since, reference, by, by)


@transaction.atomic
def switch_staff_figures_off(*, by):
    """Let each colleague alone see their own figures again, from the next press on. Harmless twice."""
    return _switch_staff_figures(None, "", None, by)


def _switch_staff_figures(since, reference, who, by):
    Organisation.objects.select_for_update().filter(pk=1).first()
    organisation = Organisation.get()
    said = (organisation.staff_figures_since, organisation.staff_figures_reference)
    if said == (since, reference):
        return organisation
    organisation.staff_figures_since, organisation.staff_figures_reference = since, reference
    organisation.staff_figures_by, organisation._history_user = who, by
    organisation.save()
    return organisation


@transaction.atomic
def deactivate(*, user, by):
    """Let a colleague who leaves no longer log in, from the next press on; the managers are told.

    Nothing of theirs is rewritten: who can't log in is responsible for nothing, and letting them in again gives all
    back. Harmless twice. Raises `NotThem` for oneself, and for one whom only a superuser may touch.
    """
    user = _theirs(user, by)
    if not user.is_active:
        return user
    user.is_active, user._history_user = False, by
    user.save(update_fields=["is_active"])
    has_left(user=user, by=by)
    return user


def has_left(*, user, by):
    """What follows where `user` has just become inactive: log-ins end, and whoever has to know is told."""
    end_sessions(user)
    if user.feed_hash:
        # The address may be anywhere by now, and is not to come back with the log-in.
        user.close_feed()
    leaving.tell(user, by=by, at=timezone.now())


@transaction.atomic
def reactivate(*, user, by):
    """Let a colleague log in again: what was theirs, and what nobody has taken over since, is theirs. Raises `NotThem`."""
    user = _theirs(user, by)
    user.is_active, user._history_user = True, by
    user.save(update_fields=["is_active"])
    return user


def _theirs(user, by):
    found = User.objects.select_for_update().get(pk=user.pk)
    if found.pk == by.pk:
        raise NotThem(_("You can't do this to your own log-in. Ask a colleague who may."))
    if found.is_superuser and not by.is_superuser:
        raise NotThem(_("%(name)s runs the system. Only another who does can change this log-in.") % {"name": found})
    return found


def end_sessions(user):
    """End every log-in of `user`. A session does not say whose it is but inside: each one is read."""
    store = import_module(settings.SESSION_ENGINE).SessionStore
    live = Session.objects.filter(expire_date__gte=timezone.now())
    for session in live.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            store(session.session_key).delete()
