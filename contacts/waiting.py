"""What waits for each colleague: the morning overview, the bell and later apps all read it here.

It comes in parts. Each app registers its own, and each is asked once for many people, so that the overview of a
hundred of them takes as many statements as that of one.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from contacts.follow_up_kinds import kinds_told_apart, page_of
from contacts.models import FollowUp
from jobcenter_crm.staff.absence import Readers
from jobcenter_crm.staff.models import User

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


@dataclass(frozen=True)
class Part:
    """One heading of what waits.

    `find(users, today, most)` takes keys of users and returns `{key: Found}` with at most `most` lines each, in a
    fixed number of statements; those for whom nothing waits may be left out. One that is not `urgent` is told with
    the others, but does not by itself make an overview worth sending, nor count at the bell. `url()` is the page with
    all of it. What is `late` stands out. One that is not `passed_on` is told to nobody but the person, also when they
    are absent.
    """

    position: int
    name: str
    label: str | Promise
    find: Callable
    url: Callable | None = None
    urgent: bool = True
    late: bool = False
    passed_on: bool = True


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
    told = {}
    for part in _parts:
        for user, found in part.find(users, today, most).items():
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
    people = [reader, *Readers(today).stood_in_for(reader)]
    return sections(reader, people, waiting([person.pk for person in people], today))


def count_for(reader, today):
    """How many urgent things `reader` is to see; the bell's number."""
    people = [reader.pk, *(person.pk for person in Readers(today).stood_in_for(reader))]
    counted = 0
    for part in _parts:
        if part.urgent:
            found = part.find(people if part.passed_on else people[:1], today, 1)
            counted += sum(one.count for one in found.values())
    return counted


def first_of_each(rows, whose, order, most):
    """The first `most` of `rows` for each value of the column `whose`, and `in_all`: how many each has.

    `order` are the columns to sort by; one statement, however many people.
    """
    ranked = rows.annotate(
        in_all=Window(Count("pk"), partition_by=F(whose)),
        place=Window(RowNumber(), partition_by=F(whose), order_by=order),
    )
    return ranked.filter(place__lte=most).order_by(whose, "place")


def _promised(rows, most):
    found = {}
    rows = rows.exclude(kind__in=kinds_told_apart()).select_related("workplace")
    ordered = first_of_each(rows, "owner", ["due_on", "pk"], most)
    for one in ordered:
        told = found.setdefault(one.owner_id, Found(one.in_all))
        told.lines.append(Line(one.title, page_of(one), one.workplace.name, one.due_on))
    return found


def _overdue(users, today, most):
    return _promised(FollowUp.objects.overdue(today).filter(owner__in=users), most)


def _due_today(users, today, most):
    return _promised(FollowUp.objects.open().filter(owner__in=users, due_on=today), most)


def declare():
    """The parts of this app; once, when the app is ready."""
    register(
        Part(
            10, "overdue", _("Overdue follow-ups"), _overdue, url=lambda: f"{reverse('desk:home')}#overdue", late=True
        ),
        Part(20, "today", _("Follow-ups for today"), _due_today, url=lambda: f"{reverse('desk:home')}#today"),
    )
