"""What the leader of a team is told of follow-ups that have been overdue for so many working days."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.models import TierPlan
from contacts.follow_up_kinds import all_kinds
from contacts.follow_up_list import list_url
from contacts.models import FollowUp
from contacts.waiting import Found, Line, Part, register
from jobcenter_crm.frame.working_days import working_days_before
from jobcenter_crm.staff.models import Team, User


def long_overdue(today):
    """Those overdue by as many working days as the plan of their workplace's group says; one statement."""
    days_of = dict(
        TierPlan.objects.filter(escalate_after_days__isnull=False).values_list("tier", "escalate_after_days")
    )
    if not days_of:
        return FollowUp.objects.none()
    # What has no group yet is as patient as the most patient of them.
    days_of[None] = max(days_of.values())
    until = {tier: working_days_before(today, days) for tier, days in days_of.items()}
    late = Q(kind__in=[kind.name for kind in all_kinds() if kind.always_escalates], due_on__lte=until[None])
    for tier, day in until.items():
        late |= Q(workplace__tier=tier, due_on__lte=day)
    # The day of the least patient says nothing new, but keeps all that is due later from being looked at.
    return FollowUp.objects.open().filter(late, due_on__lte=max(until.values()))


def _in_the_team(asked, most):
    """One line for each team that has some, told to its leader: figures are a team's, the list behind them says whose.

    To all managers where there is no leader to tell: without a team, no longer in the house, the leader away, or the
    leader's own.
    """
    managers = asked.managers
    if not managers and not asked.leaders:
        return {}
    # Asked person by person: of all together, every workplace of the register would be read to find their groups.
    late = long_overdue(asked.today).filter(owner=OuterRef("pk")).order_by()
    number = Subquery(late.values("owner").annotate(n=Count("pk")).values("n")) if most else Exists(late)
    people = User.objects if managers else User.objects.filter(team__leader__in=asked.leaders)
    numbers = people.order_by().annotate(number=number)
    numbers = [row for row in numbers.values_list("pk", "is_active", "team", "number") if row[-1]]
    teams = Team.objects.select_related("leader").in_bulk({team for _key, _works, team, _number in numbers if team})
    sums = {}
    for key, is_active, team_key, number in numbers:
        team = teams.get(team_key)
        leader = is_active and team and team.leader
        if leader and leader.is_active and leader.pk != key and not leader.is_absent(asked.today):
            told = {leader.pk} & asked.leaders
        else:
            told = managers - {key}
        for reader in told:
            of_teams = sums.setdefault(reader, {})
            of_teams[team] = of_teams.get(team, 0) + number
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
