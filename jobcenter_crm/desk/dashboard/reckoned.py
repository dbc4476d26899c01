"""The figures of the dashboard, counted: in a fixed number of statements, as plain numbers that can be kept and read again."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import F

from jobcenter_crm.desk.dashboard.figures import (
    CONTACTS,
    FOLLOW_UPS,
    GROUPS,
    NOBODY,
    SOURCES,
    WORKPLACES,
    contacts_by,
    contacts_of_several_teams,
    team_of_owner,
)

# What is told of each team, and of each colleague where that is switched on.
BY_TEAM = ("places", "in_time", "contacts", "late", "late_long")


@dataclass
class Reckoned:
    """What was counted.

    `figures`: `{name: {tier: number}}`, 0 for no group. `coverage`: `[[scheme, section, tier, places, contacted]]`, of
    those in a branch and a group. `teams`: `[[key, {name: number}]]` of the figures `BY_TEAM`; a key of None is what
    those have who are in no team. `shared`: `[[keys, number]]` of the contacts that those of several teams held together,
    which each of these teams has in its number.
    """

    figures: dict = field(default_factory=dict)
    coverage: list = field(default_factory=list)
    teams: list = field(default_factory=list)
    shared: list = field(default_factory=list)

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
        return cls(figures, kept["coverage"], kept["teams"], kept["shared"])

    def seen_by(self, may):
        """Without what `may(permission)` does not allow to be seen."""
        names = {figure.name for source in SOURCES if may(source.permission) for figure in source.seen_by(may).figures}
        return Reckoned(
            {name: groups for name, groups in self.figures.items() if name in names},
            self.coverage if may(WORKPLACES.permission) else [],
            _listed({key: {name: n for name, n in has.items() if name in names} for key, has in self.teams}),
            self.shared if may(CONTACTS.permission) else [],
        )

    def counted_twice(self, keys):
        """How many contacts too many the numbers of those teams have together: each counts once for every team in it."""
        return sum(n * max(0, len(keys & set(teams)) - 1) for teams, n in self.shared)

    @property
    def has_ungrouped(self):
        """Whether any figure counts something that is in no group."""
        return any(groups.get(0) for groups in self.figures.values())


def reckon(asked, may=lambda permission: True):
    """Count what `may(permission)` allows to be seen, in a statement for each source."""
    told, teams = Reckoned(), {}
    for source in SOURCES:
        if not may(source.permission):
            continue
        if source is WORKPLACES:
            # By branch and by team as well: the heat map, the teams and the figures come of the same statement.
            rows = source.by_group_and(
                asked, scheme=F("branch__scheme"), section=F("branch__section"), team=team_of_owner()
            )
            told.coverage = _coverage(rows)
        elif source is FOLLOW_UPS:
            rows = source.by_group_and(asked, team=F("owner__team"))
        else:
            told.figures |= source.seen_by(may).counted(asked)
            continue
        told.figures |= source.told(rows)
        _add(teams, source, rows)
    if may(CONTACTS.permission):
        for key, n in contacts_by(asked, "staff__team").items():
            teams.setdefault(key, {})["contacts"] = n
        told.shared = [[list(keys), n] for keys, n in contacts_of_several_teams(asked).items()]
    told.teams = _listed(teams)
    return told


def _coverage(rows):
    places, contacted = Counter(), Counter()
    for row in rows:
        if row["scheme"] and row["group"] in GROUPS:
            key = row["scheme"], row["section"], row["group"]
            places[key] += row["n_places"]
            contacted[key] += row["n_in_year"]
    return sorted([*key, n, contacted[key]] for key, n in places.items())


def _add(teams, source, rows):
    """Add what the rows of `source` say of each team to `{key: {name: number}}`."""
    names = [figure.name for figure in source.figures if figure.name in BY_TEAM]
    for row in rows:
        if row["team"] != NOBODY:
            has = teams.setdefault(row["team"], {})
            for name in names:
                has[name] = has.get(name, 0) + row[f"n_{name}"]


def _listed(teams):
    """`{key: {name: number}}` as `Reckoned.teams` has it."""
    return sorted(([key, has] for key, has in teams.items() if has), key=lambda one: (one[0] is None, one[0] or 0))


def by_colleague(asked, may):
    """`{key of a colleague: {name: number}}` of the figures `BY_TEAM` that `may(permission)` allows, in three statements."""
    people = {}
    for source in (WORKPLACES.only(*BY_TEAM), FOLLOW_UPS):
        if may(source.permission):
            for row in source.grouped(asked, key=F(source.colleague)):
                has = people.setdefault(row["key"], {})
                has.update({figure.name: row[f"n_{figure.name}"] for figure in source.figures})
    if may(CONTACTS.permission):
        for key, n in contacts_by(asked, CONTACTS.colleague).items():
            people.setdefault(key, {})["contacts"] = n
    return people
