"""What has happened at a workplace, for the timeline of its card: all kinds of events of all apps in one statement.

Each app registers the kinds that it knows. Contacts and what the register changed, of which a line says more, are not
among them: they are entries of their own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from django.db import connection
from django.db.models import CharField, DateField, F, IntegerField, Q, Value
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from companies.models import TierChange, Workplace
from jobcenter_crm.staff.models import NAME, User

# What the timeline can be narrowed to.
CONTACTS, PLACES, CHANGES = PARTS = ("contacts", "places", "changes")


@dataclass(frozen=True)
class Event:
    """One thing that happened: `words` lead to `url`, if there is one, and `about` says of what, `label` how it stands.

    `by` did it, as part of the sentence; `more` stands below, who and why; `note` is what somebody wrote of it.
    """

    day: date
    words: str
    icon: str
    url: str = ""
    about: str = ""
    label: str = ""
    by: str = ""
    more: str = ""
    note: str = ""


@dataclass(frozen=True)
class Kind:
    """One kind of event: in which part it stands, who may read of it, and how.

    `rows(today)` are the `columns` of all there are anywhere, `at(workplace)` is the condition that one is of a workplace,
    and `told(row, today)` makes an `Event` of a `Row`.
    """

    name: str
    part: str
    permissions: tuple
    rows: Callable
    at: Callable
    told: Callable


class Row(NamedTuple):
    """The columns in which every kind of event is read; those that a kind has no use for are empty.

    `key` orders those of one day, the latest first; the names are those of whoever did it.
    """

    day: date
    key: int
    of: int
    what: str
    about: str
    first_name: str
    last_name: str
    username: str
    before: str
    state: str
    why: str
    number: int
    first: date | None
    last: date | None
    kind: int

    @classmethod
    def read(cls, values):
        """From what the database answers; SQLite knows no dates."""
        row = cls(*values)
        days = {name: getattr(row, name) for name in ("day", "first", "last")}
        return row._replace(**{name: date.fromisoformat(day) for name, day in days.items() if isinstance(day, str)})

    @property
    def who(self):
        """The name of whoever did it; empty where nobody is known to have."""
        return str(User(first_name=self.first_name or "", last_name=self.last_name or "", username=self.username or ""))

    def said(self, what=""):
        """Who, and what there is to say besides."""
        return ": ".join(filter(None, [self.who, str(what)]))


_kinds = {}


def register(*kinds):
    """Say which kinds of events an app knows; of those of one day, the ones that were registered first stand first."""
    _kinds.update((kind.name, kind) for kind in kinds)


def at(workplace, user, today, most, part=""):
    """The `most` latest `Event`s at a workplace that `user` may read of, all of them with None, newest first; in one statement.

    `part` narrows them to one of `PARTS`.
    """
    kinds = list(_kinds.values())
    asked = [kind.name for kind in kinds if part in ("", kind.part) and user.has_perms(kind.permissions)]
    if not asked:
        return []
    sql, parameters = _statement(tuple(asked), today, most, get_language())
    here = {_SOMEWHERE.pk: workplace.pk, _SOMEWHERE.company_id: workplace.company_id}
    with connection.cursor() as cursor:
        cursor.execute(sql, [here.get(parameter, parameter) for parameter in parameters])
        rows = [Row.read(values) for values in cursor.fetchall()]
    return [kinds[row.kind].told(row, today) for row in rows]


# A workplace that there can't be: its keys stand in the parameters of a statement where those of a real one belong.
_SOMEWHERE = Workplace(pk=-1, company_id=-2)


@lru_cache(maxsize=200)
def _statement(asked, today, most, language):
    """The kinds that are `asked` for as SQL, and its parameters with `_SOMEWHERE` in them; the measures are in `language`.

    Django takes twice as long to put so long a statement together as the database to answer it, a sixth of the whole
    card: that is done once a day for all who may read the same. Nothing that was read is kept.
    """
    parts = [
        kind.rows(today).filter(kind.at(_SOMEWHERE)).annotate(kind=Value(number, IntegerField()))
        for number, kind in enumerate(_kinds.values())
        if kind.name in asked
    ]
    rows = parts[0].union(*parts[1:], all=True) if parts[1:] else parts[0]
    return rows.order_by("-day", "kind", "-key")[:most].query.sql_with_params()


NO_TEXT = Value("", CharField())
_NO_NUMBER = Value(0, IntegerField())
# A bare NULL would be a text to PostgreSQL.
_NO_DAY = Cast(Value(None), DateField())


def columns(
    rows, day, *, of="pk", key="pk", what=NO_TEXT, about=NO_TEXT, who="",
    before=NO_TEXT, state=NO_TEXT, why=NO_TEXT, number=_NO_NUMBER, first=_NO_DAY, last=_NO_DAY,
):  # fmt: skip
    """The columns of a `Row`, read from a queryset; `day` is an expression, and `who` leads to whoever did it."""
    names = [f"{who}__{column}" if who else NO_TEXT for column in NAME]
    return (
        rows.order_by()
        .annotate(day=day, key=F(key))
        .values_list("day", "key", of, what, about, *names, before, state, why, number, first, last)
    )


# Of this app: that a workplace was moved from one group to another.


def _moves(today):
    old, new = Coalesce("from_tier", 0), Coalesce("to_tier", 0)
    return columns(TierChange.objects, TruncDate("at"), of=old, number=new, who="by", why="why")


def _moved(row, today):
    groups = {"old": row.of, "new": row.number}
    if not row.number:
        words = _("Taken out of group %(old)s") % groups
    elif not row.of:
        words = _("Put in group %(new)s") % groups
    else:
        words = _("Moved from group %(old)s to %(new)s") % groups
    return Event(row.day, words, "arrow-up-right", by=row.who, more=row.why)


def declare():
    """The kind of this app; once, when the app is ready."""
    register(Kind("tier", CHANGES, (), _moves, lambda workplace: Q(workplace=workplace), _moved))
