"""What waits for each colleague: the morning overview, the bell and later apps all read it here.

It comes in parts. Each app registers its own, and each is asked once for many people, so that the overview of a
hundred of them takes as many statements as that of one. The bell, which follows every page, counts the rows of most
parts together in one statement.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time

from django.db.models import Count, Exists, F, OuterRef, Q, Value, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _

from contacts import handovers
from contacts.follow_up_kinds import kinds_told_apart, page_of
from contacts.models import FollowUp
from jobcenter_crm.staff.absence import stood_in_for
from jobcenter_crm.staff.models import Team, User
from jobcenter_crm.staff.roles import MANAGER

# Lines of a part that are told one by one; of the rest, how many they are.
TOLD = 10


@dataclass(frozen=True)
class Line:
    """One thing that waits: what, where it is done, and by when if there is a day."""

    what: str
    url: str
    where: str = ""
    day: date | None = None
    at: time | None = None


@dataclass
class Found:
    """What of a part waits for one person: how much in all, and the first lines of it."""

    count: int = 0
    lines: list = field(default_factory=list)

    @property
    def more(self):
        """How many are counted and not told."""
        return max(self.count - len(self.lines), 0)


class Asked:
    """For whom it is asked what waits on a day: `users`, keys of colleagues who work here, and who of them leads others.

    The latter is asked once for all parts, and only where one wants to know.
    """

    def __init__(self, users, today, asked_with=None):
        self.users, self.today, self._asked_with = list(users), today, asked_with

    def alone(self, user):
        """The same of one of them; nothing is asked anew."""
        return Asked([user], self.today, asked_with=self)

    @property
    def may_assign(self):
        """Those who may hand over what is a colleague's."""
        return self._those("may_assign")

    @property
    def managers(self):
        """Those in the role of a manager."""
        return self._those("is_manager")

    @property
    def leaders(self):
        """Those who lead a team, or are a colleague's manager."""
        return self._those("is_leader")

    def _those(self, what):
        return {pk for pk in self.users if what in self._positions.get(pk, ())}

    @cached_property
    def _positions(self):
        if self._asked_with:
            return self._asked_with._positions
        in_role = User.groups.through.objects.filter(user=OuterRef("pk"), group__name=MANAGER)
        teams, reports = Team.objects.filter(leader=OuterRef("pk")), User.objects.filter(manager=OuterRef("pk"))
        whether = {
            "may_assign": Q(pk__in=handovers.managers().order_by().values("pk")),
            "is_manager": Exists(in_role),
            "is_leader": Exists(teams) | Exists(reports),
        }
        here = User.objects.working().filter(pk__in=self.users).order_by().annotate(**whether)
        return {row["pk"]: {what for what in whether if row[what]} for row in here.values("pk", *whether)}


@dataclass(frozen=True)
class Part:
    """One heading of what waits.

    `find(asked, most)` takes an `Asked` and returns `{key: Found}` with at most `most` lines each, in a fixed number of
    statements; those for whom nothing waits may be left out. Where each thing is a row (`of_rows`), `rows(asked)` is the
    queryset of them, and is what is counted; any other part is counted by finding it with 0 lines.

    One that is not `urgent` is told with the others, but does not by itself make an overview worth sending, nor count at
    the bell. `url()` is the page with all of it. What is `late` stands out. One that is not `passed_on` is told to
    nobody but the person, also when they are absent.
    """

    position: int
    name: str
    label: str | Promise
    find: Callable
    url: Callable | None = None
    urgent: bool = True
    late: bool = False
    passed_on: bool = True
    rows: Callable | None = None


def of_rows(position, name, label, rows, tell, **more):
    """A `Part` whose things are the rows of `rows(asked)`, told by `tell(rows, asked, most)`: what is told is what is counted.

    Each row is one person's. A part that tells the same rows to several is not `passed_on`: the bell counts it for one.
    """
    return Part(position, name, label, lambda asked, most: tell(rows(asked), asked, most), rows=rows, **more)


@dataclass
class Section:
    """What waits for one person, told to its `reader`; `person` is empty where that is the reader's own."""

    person: User | None
    parts: list

    @property
    def is_urgent(self):
        return any(part.urgent for part, _found in self.parts)


_parts = []


def register(*parts):
    """Add parts; called from `AppConfig.ready()`."""
    _parts.extend(part for part in parts if part not in _parts)
    _parts.sort(key=lambda part: part.position)


def all_parts():
    """Every part, in order."""
    return list(_parts)


def waiting(users, today, most=TOLD):
    """`{user key: [(Part, Found)]}` for those of `users` (keys) for whom anything waits, in the order of the parts."""
    return _told(_parts, Asked(users, today), most)


def _told(parts, asked, most):
    told = {}
    for part in parts:
        for user, found in part.find(asked, most).items():
            if found.count:
                told.setdefault(user, []).append((part, found))
    return told


def sections(reader, people, told):
    """The `Section`s in which `reader` is told what waits for each of `people`, out of what `waiting` gave; none empty."""
    found = []
    for person in people:
        is_own = person.pk == reader.pk
        parts = [(part, what) for part, what in told.get(person.pk, []) if is_own or part.passed_on]
        if parts:
            found.append(Section(None if is_own else person, parts))
    return found


def for_reader(reader, today):
    """All that `reader` is to see: their own first, then what they stand in for."""
    people = [reader, *stood_in_for(reader, today)]
    asked = Asked([person.pk for person in people], today)
    # Of one person most parts tell nothing: which do is asked in one statement.
    rows = {part.name: part.rows(asked) for part in _parts if part.rows}
    numbers = dict(zip(rows, _how_many(rows.values()), strict=True))
    with_something = [part for part in _parts if numbers.get(part.name, 1)]
    return sections(reader, people, _told(with_something, asked, TOLD))


def count_for(reader, today):
    """How many urgent things `reader` is to see; the bell's number."""
    everybody = Asked([reader.pk, *(person.pk for person in stood_in_for(reader, today))], today)
    own = everybody.alone(reader.pk)
    urgent = [part for part in _parts if part.urgent]
    return sum(_counts([(part, everybody if part.passed_on else own) for part in urgent]))


def counts(parts, asked):
    """How much of each of `parts` waits for all who are asked for together."""
    return _counts([(part, asked) for part in parts])


def _counts(pairs):
    """For each pair of a part and whom it is asked for: those whose things are rows together, in one statement."""
    rows = iter(_how_many([part.rows(asked) for part, asked in pairs if part.rows]))
    return [
        next(rows) if part.rows else sum(found.count for found in part.find(asked, 0).values()) for part, asked in pairs
    ]


def _how_many(several):
    """How many rows each of these querysets has, in one statement."""
    numbers = [0] * len(several)
    counted = [
        rows.order_by().values(place=Value(place)).annotate(n=Count("pk")).values_list("place", "n")
        for place, rows in enumerate(several)
    ]
    for place, number in counted[0].union(*counted[1:], all=True) if counted else ():
        numbers[place] = number
    return numbers


def first_of_each(rows, whose, order, most):
    """The first `most` of `rows` for each value of the column `whose`, and `in_all`: how many each has.

    `order` are the columns to sort by; one statement, however many people.
    """
    ranked = rows.annotate(
        in_all=Window(Count("pk"), partition_by=F(whose)),
        place=Window(RowNumber(), partition_by=F(whose), order_by=order),
    )
    return ranked.filter(place__lte=most).order_by(whose, "place")


def _promised(asked):
    return FollowUp.objects.open().filter(owner__in=asked.users).exclude(kind__in=kinds_told_apart())


def _overdue(asked):
    return _promised(asked).overdue(asked.today)


def _due_today(asked):
    return _promised(asked).filter(due_on=asked.today)


def _tell(rows, asked, most):
    found = {}
    for one in first_of_each(rows.select_related("workplace"), "owner", ["due_on", "pk"], most):
        told = found.setdefault(one.owner_id, Found(one.in_all))
        told.lines.append(Line(one.title, page_of(one), one.workplace.name, one.due_on))
    return found


def declare():
    """The parts of this app; once, when the app is ready."""
    register(
        of_rows(
            10, "overdue", _("Overdue follow-ups"), _overdue, _tell,
            url=lambda: f"{reverse('desk:home')}#overdue", late=True,
        ),
        of_rows(20, "today", _("Follow-ups for today"), _due_today, _tell, url=lambda: f"{reverse('desk:home')}#today"),
    )  # fmt: skip
