"""What the leader of a team is told of follow-ups that have been overdue for so many working days."""

from django.db.models import Count, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.models import TierPlan
from contacts.follow_up_kinds import all_kinds
from contacts.follow_up_list import list_url
from contacts.models import FollowUp
from contacts.waiting import Found, Line, Part, register
from jobcenter_crm.frame.working_days import working_days_before
from jobcenter_crm.staff.models import Team, User
from jobcenter_crm.staff.roles import MANAGER


def long_overdue(today):
    """Those overdue by as many working days as the plan of their workplace's group says; one statement."""
    late = Q(pk__in=[])
    days_of = dict(
        TierPlan.objects.filter(escalate_after_days__isnull=False).values_list("tier", "escalate_after_days")
    )
    if days_of:
        # What has no group yet is as patient as the most patient of them.
        days_of[None] = max(days_of.values())
        always = [kind.name for kind in all_kinds() if kind.always_escalates]
        late |= Q(kind__in=always, due_on__lte=working_days_before(today, days_of[None]))
    for tier, days in days_of.items():
        late |= Q(workplace__tier=tier, due_on__lte=working_days_before(today, days))
    return FollowUp.objects.open().filter(late)


def _in_the_team(users, today, most):
    """One line for each team that has some, told to its leader: figures are a team's, the list behind them says whose.

    To all managers where there is no leader to tell: without a team, no longer in the house, the leader away, or the
    leader's own.
    """
    managers = set(User.objects.working().filter(pk__in=users, groups__name=MANAGER).values_list("pk", flat=True))
    teams = list(Team.objects.filter(leader__in=users).values_list("pk", flat=True))
    if not managers and not teams:
        return {}
    late = long_overdue(today) if managers else long_overdue(today).filter(owner__team__in=teams)
    numbers = dict(late.order_by().values_list("owner").annotate(number=Count("pk")))
    people = User.objects.filter(pk__in=numbers).select_related("team__leader").in_bulk() if numbers else {}
    sums = {}
    for key, number in numbers.items():
        person = people[key]
        leader = person.is_active and person.team and person.team.leader
        if leader and leader.is_active and leader.pk != key and not leader.is_absent(today):
            told = {leader.pk} & set(users)
        else:
            told = managers - {key}
        for reader in told:
            of_teams = sums.setdefault(reader, {})
            of_teams[person.team] = of_teams.get(person.team, 0) + number
    return {reader: _told(of_teams, most) for reader, of_teams in sums.items()}


def _told(of_teams, most):
    ordered = sorted(of_teams.items(), key=lambda pair: (pair[0] is None, str(pair[0])))
    return Found(len(ordered), [_line(team, number) for team, number in ordered[:most]])


def _line(team, number):
    what = ngettext("%(n)s follow-up is long overdue", "%(n)s follow-ups are long overdue", number) % {"n": number}
    url = list_url(f"team-{team.pk}" if team else "all", when="overdue")
    return Line(what, url, str(team or _("Without a team")))


def declare():
    """The part of the leaders; once, when the app is ready."""
    register(Part(90, "team_overdue", _("Long overdue in the team"), _in_the_team, late=True, passed_on=False))
