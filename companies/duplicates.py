"""Records that may be the same, found by what they share and never by comparing each with each.

A `Clue` groups the rows of a model by a key that is indexed: one statement finds the keys that more than one row has,
another the rows behind those with more than two. A key that many share says nothing (the telephone of an accountant
who runs two hundred firms): it is told once, with the number. Pairs that somebody has said are two are left out.
"""

from dataclasses import dataclass, field
from itertools import combinations

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import Count, Exists, F, Max, Min, OuterRef
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.models import KnownDifferent, Workplace

# So many keys of each clue are looked at: more than a steward comes to in a week.
KEYS = 500
# A key that more rows share is not compared: it would be 28 pairs and more.
MOST = 7
# So many of those are told.
TOLD = 5


@dataclass(frozen=True)
class Clue:
    """Rows that agree in `key` may be the same. `rows()` is where they are looked for, with no empty keys among them.

    `record` is the column that names the record, another than "pk" where the rows lead to it. Two records that both
    have a value in `told_apart` are two. `shared(key)` says what so many rows have in common; None keeps quiet of it.
    """

    rows: object
    key: tuple
    reason: object
    record: str = "pk"
    told_apart: str = ""
    most: int = MOST
    shared: object = None


@dataclass
class Pair:
    """Two records and what they share; `kept` is the one that would be kept."""

    low: int
    high: int
    reasons: list = field(default_factory=list)
    kept: object = None
    merged: object = None


@dataclass
class Found:
    """The pairs, the keys that too many share as (sentence, number), and whether there is more than was looked at."""

    pairs: list
    shared: list
    is_more: bool


_clues = {}


def register(kind, *clues):
    """Name the clues to duplicates of a kind; called from `AppConfig.ready()`."""
    _clues[kind] = clues


def find(kind):
    """What may be there twice of that `Kind`, in a fixed number of statements."""
    known = set(
        KnownDifferent.objects.filter(object_type=ContentType.objects.get_for_model(kind.model)).values_list(
            "low_id", "high_id"
        )
    )
    pairs, shared, is_more = {}, [], False
    for clue in _clues[kind.name]:
        groups = _groups(clue)
        is_more |= len(groups) > KEYS
        for low, high in _pairs(clue, groups[:KEYS]):
            if (low, high) not in known:
                pairs.setdefault((low, high), Pair(low, high)).reasons.append(clue.reason)
        if clue.shared:
            many = sorted((group for group in groups if group["n"] > clue.most), key=lambda group: -group["n"])
            shared += [(clue.shared(*(group[name] for name in clue.key)), group["n"]) for group in many[:TOLD]]
    found = sorted(pairs.values(), key=lambda pair: (-len(pair.reasons), pair.low, pair.high))
    return Found(found, shared, is_more)


def _groups(clue):
    """The keys that more than one record has; one more than are looked at, to tell that there are more."""
    rows, wanted = clue.rows().order_by(), None
    if clue.told_apart:
        # Those without a number are few in most registers: only they are asked for another one with their key.
        others = rows.filter(**{name: OuterRef(name) for name in clue.key}).exclude(pk=OuterRef("pk"))
        alone = rows.filter(Exists(others), **{clue.told_apart: None})
        wanted = set(alone.values_list(*clue.key).distinct()[: KEYS + 1])
        rows = rows.filter(**_parts(clue, wanted))
    groups = (
        rows.values(*clue.key)
        .annotate(n=Count("pk"), first=Min(clue.record), last=Max(clue.record))
        .filter(first__lt=F("last"))
        .order_by(*clue.key)
    )
    if wanted is None:
        return list(groups[: KEYS + 1])
    return [group for group in groups if tuple(group[name] for name in clue.key) in wanted]


def _parts(clue, keys):
    """Finds the rows of these keys, and those where the parts of two keys cross: these fall away where they are read."""
    return {f"{name}__in": {key[at] for key in keys} for at, name in enumerate(clue.key)}


def _pairs(clue, groups):
    """`(low, high)` of the records that share a key."""
    several = {}
    for group in groups:
        if group["n"] == 2:
            yield group["first"], group["last"]
        elif group["n"] <= clue.most:
            several[tuple(group[name] for name in clue.key)] = {}
    if not several:
        return
    told_apart = clue.told_apart or "pk"
    rows = clue.rows().filter(**_parts(clue, several)).values_list(*clue.key, clue.record, told_apart)
    for *key, record, number in rows:
        if (group := several.get(tuple(key))) is not None:
            group[record] = number if clue.told_apart else None
    for group in several.values():
        for low, high in combinations(sorted(group), 2):
            if not (group[low] and group[high]):
                yield low, high


def fill(kind, pairs):
    """Give the pairs of one page their rows; one whose rows are gone meanwhile is left out."""
    rows = kind.rows().in_bulk({pk for pair in pairs for pk in (pair.low, pair.high)})
    whole = [pair for pair in pairs if pair.low in rows and pair.high in rows]
    for pair in whole:
        pair.kept, pair.merged = kind.order(rows[pair.low], rows[pair.high])
    return whole


@transaction.atomic
def say_two(*, kind, first, second, by):
    """Remember that two records which look the same are two. Harmless twice."""
    low, high = sorted((first.pk, second.pk))
    return KnownDifferent.objects.get_or_create(
        object_type=ContentType.objects.get_for_model(kind.model), low_id=low, high_id=high, defaults={"by": by}
    )[0]


def _same_name():
    return Workplace.objects.active().exclude(name_key="").exclude(postcode="")


def _same_phone():
    return Workplace.objects.active().exclude(phone_key="")


def declare():
    """The register's own clues.

    Two P-numbers are two workplaces, says the register: the shops of a chain, a parent company and its daughter at
    one telephone. So one of a pair has none. That two companies have a workplace of one name at one postcode, be it
    with numbers of their own, is a clue to the companies: a firm that has changed its CVR number.
    """
    register(
        "workplace",
        Clue(
            _same_name, ("postcode", "name_key"), gettext_lazy("Same name and postcode"), told_apart="p_number",
            shared=lambda postcode, name: _("One name at postcode %(postcode)s") % {"postcode": postcode},
        ),
        Clue(
            _same_phone, ("phone_key",), gettext_lazy("Same telephone"), told_apart="p_number",
            shared=lambda phone: _("Telephone %(number)s") % {"number": phone},
        ),
    )  # fmt: skip
    register(
        "company",
        Clue(
            _same_name, ("postcode", "name_key"), gettext_lazy("A workplace each of the same name and postcode"),
            record="company",
        ),
    )  # fmt: skip
