"""The figures of the dashboard, counted: in a fixed number of statements, as plain numbers that can be kept and read again."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Count, F, IntegerField, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from contacts.models import FollowUp
from jobcenter_crm.desk.dashboard.figures import GROUPS, SOURCES, WORKPLACES
from jobcenter_crm.staff.models import User

FOLLOW_UPS = "contacts.view_followup"
# What is late for longer than this is told apart.
LONG = timedelta(days=14)


@dataclass
class Reckoned:
    """What was counted.

    `figures`: `{name: {tier: number}}`, 0 for no group. `coverage`: `[[scheme, section, tier, places, contacted]]`, of
    those in a branch and a group. `teams`: `[[key, name, people, overdue, long overdue]]`, most first; a key of None is
    what is promised by those in no team; None where nobody counted it.
    """

    figures: dict = field(default_factory=dict)
    coverage: list = field(default_factory=list)
    teams: list | None = None

    def number(self, name, tier=None):
        """The number of a figure, in one group or in all of them together; None where nobody counted it."""
        groups = self.figures.get(name)
        if groups is None:
            return None
        return sum(groups.values()) if tier is None else groups.get(tier, 0)

    @classmethod
    def of(cls, kept):
        """The same again, of what was kept of it as JSON, in which a group is a text."""
        figures = {name: {int(tier): n for tier, n in groups.items()} for name, groups in kept["figures"].items()}
        return cls(figures, kept["coverage"], kept["teams"])

    def seen_by(self, may):
        """Without what `may(permission)` does not allow to be seen."""
        names = {figure.name for source in SOURCES if may(source.permission) for figure in source.figures}
        return Reckoned(
            {name: groups for name, groups in self.figures.items() if name in names},
            self.coverage if may(WORKPLACES.permission) else [],
            self.teams if may(FOLLOW_UPS) else None,
        )

    @property
    def has_ungrouped(self):
        """Whether any figure counts something that is in no group."""
        return any(groups.get(0) for groups in self.figures.values())


def reckon(asked, may=lambda permission: True):
    """Count what `may(permission)` allows to be seen, in a statement for each source."""
    told = Reckoned()
    for source in SOURCES:
        if not may(source.permission):
            continue
        if source is WORKPLACES:
            rows = _by_branch(asked)
            told.figures |= source.told(rows)
            told.coverage = sorted(
                [row["scheme"], row["section"], row["group"], row["n_places"], row["n_in_year"]]
                for row in rows
                if row["scheme"] and row["group"] in GROUPS
            )
        else:
            told.figures |= source.counted(asked)
    if may(FOLLOW_UPS):
        told.teams = overdue_by_team(asked)
    return told


def _by_branch(asked):
    """By branch as well as by group: the heat map and the figures come of the same statement."""
    rows = asked.workplaces().order_by()
    grouped = rows.values(group=Coalesce("tier", 0), scheme=F("branch__scheme"), section=F("branch__section"))
    return list(grouped.annotate(**{f"n_{figure.name}": figure.count(asked) for figure in WORKPLACES.figures}))


def overdue_by_team(asked):
    """Overdue follow-ups by the team of whoever has promised them, as `Reckoned.teams` has it, in one statement."""
    working = User.objects.working().filter(team=OuterRef("owner__team")).order_by()
    people = working.values("team").annotate(n=Count("pk")).values("n")
    late = asked.at(FollowUp.objects.overdue(asked.today)).order_by()
    rows = late.values("owner__team", "owner__team__name").annotate(
        people=Coalesce(Subquery(people, IntegerField()), 0),
        overdue=Count("pk"),
        long=Count("pk", filter=Q(due_on__lt=asked.today - LONG)),
    )
    told = [[row["owner__team"], row["owner__team__name"], row["people"], row["overdue"], row["long"]] for row in rows]
    return sorted(told, key=lambda row: (row[0] is None, -row[3], row[1] or ""))
