"""What the leader of a team is told of follow-ups that have been overdue for so many working days."""

from django.db.models import Count, Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.models import TierPlan
from contacts.models import FollowUp
from contacts.waiting import Found, Line, Part, register
from jobcenter_crm.frame.working_days import working_days_before
from jobcenter_crm.staff.models import Team, User
from jobcenter_crm.staff.roles import MANAGER


def long_overdue(today):
    """Those overdue by as many working days as the plan of their workplace's group says; one statement."""
    late = Q(pk__in=[])
    for tier, days in TierPlan.objects.filter(escalate_after_days__isnull=False).values_list(
        "tier", "escalate_after_days"
    ):
        late |= Q(workplace__tier=tier, due_on__lte=working_days_before(today, days))
    return FollowUp.objects.open().filter(late)


def _in_the_team(users, today, most):
    """A line for each colleague who has some, told to the leader of their team.

    To all managers where there is no leader to tell: without a team, no longer in the house, the leader away, or the
    leader's own.
    """
    managers = set(User.objects.working().filter(pk__in=users, groups__name=MANAGER).values_list("pk", flat=True))
    teams = list(Team.objects.filter(leader__in=users).values_list("pk", flat=True))
    if not managers and not teams:
        return {}
    late = long_overdue(today) if managers else long_overdue(today).filter(owner__team__in=teams)
    counted = late.values("owner").annotate(number=Count("pk")).order_by("-number", "owner")
    numbers = dict(counted.values_list("owner", "number"))
    people = User.objects.filter(pk__in=numbers).select_related("team__leader").in_bulk() if numbers else {}
    found = {}
    for key, number in numbers.items():
        person = people[key]
        leader = person.is_active and person.team and person.team.leader
        if leader and leader.is_active and leader.pk != key and not leader.is_absent(today):
            told = [leader.pk] if leader.pk in users else []
        else:
            told = managers - {key}
        for reader in told:
            one = found.setdefault(reader, Found())
            one.count += 1
            if len(one.lines) < most:
                one.lines.append(_line(person, number))
    return found


def _line(person, number):
    what = ngettext("%(n)s follow-up is long overdue", "%(n)s follow-ups are long overdue", number) % {"n": number}
    return Line(what, follow_ups_of(person) or reverse("contacts:waiting"), str(person))


def follow_ups_of(person):
    """The page with the open follow-ups of `person`; empty as long as there is none."""
    try:
        return f"{reverse('contacts:follow_ups')}?whose={person.pk}"
    except NoReverseMatch:
        return ""


def declare():
    """The part of the leaders; once, when the app is ready."""
    register(Part(90, "team_overdue", _("Long overdue in the team"), _in_the_team, late=True, passed_on=False))
