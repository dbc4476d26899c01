"""What is asked or written for the whole register at once, and the ORM can't say: it is compiled, and put together here.

Every piece is the SQL of a queryset, so that what is active, and what a selection finds, is said in one place;
what stands around the pieces is read by both databases. The number of statements never grows with the rows.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import IntegerField, Value
from django.db.models.expressions import RawSQL

from companies.models import TierMove, Workplace

# Large and prime: the squares of keys, brought down to where sums of them fit in every database's integers.
MODULUS = 1_000_003


class FirstMatch:
    """Which rule takes each workplace: the first of the `searches` (querysets of workplaces, in order) that finds it.

    Rules are counted from 1. Each search is read once, however many rules there are: together they are one
    list of workplace and rule, of which each workplace's lowest counts. (A condition for each rule, tried
    row by row, would be read for every workplace again once a search finds more than fits in memory.)
    """

    def __init__(self, searches, tiers):
        self.tiers = tiers
        found = [
            search.order_by().values_list("pk", Value(number, output_field=IntegerField()))
            for number, search in enumerate(searches, 1)
        ]
        self.found = _compiled(found[0].union(*found[1:], all=True)) if found else None
        self.found = self.found or ("SELECT id, 0 FROM companies_workplace WHERE 1 = 0", ())
        self.places = _compiled(
            Workplace.objects.active().order_by().values_list("pk", "tier", "tier_since", "tier_by_hand")
        )

    def fits(self):
        """`{rule: how many its selection finds}`; a rule that finds none is left out."""
        sql, params = self.found
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT rule, COUNT(*) FROM (WITH found(id, rule) AS ({sql}) SELECT id, rule FROM found) found GROUP BY rule",
                params,
            )
            return dict(cursor.fetchall())

    def cells(self):
        """Active workplaces as `(rule or None, tier, by hand, how many, sum of keys, sum of squared keys)`, all told.

        The sums tell whether the same number is still the same workplaces.
        """
        firsts, params = self._firsts()
        sql = (
            f"SELECT rule, tier, by_hand, COUNT(*), SUM(id), SUM(id * id %% {MODULUS}) FROM {firsts}"
            " GROUP BY rule, tier, by_hand"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return [
                (rule, tier, bool(by_hand), count, int(keys), int(squares))
                for rule, tier, by_hand, count, keys, squares in cursor.fetchall()
            ]

    def moving(self, *, was=None, becomes=None, number=None):
        """The workplaces that would move; only from group `was` (0: from none), to group `becomes`, or by one rule."""
        if not self.tiers:
            return Workplace.objects.none()
        firsts, params = self._firsts()
        sql = f"SELECT id FROM {firsts} WHERE {self._moves()}"
        params += self._tier_params()
        numbers = [
            one
            for one, tier in enumerate(self.tiers, 1)
            if becomes in (None, tier) and number in (None, one)
        ]  # fmt: skip
        if len(numbers) < len(self.tiers):
            sql += f" AND rule IN ({', '.join(['%s'] * len(numbers)) or 'NULL'})"
            params += numbers
        moving = Workplace.objects.filter(pk__in=RawSQL(sql, params))
        return moving if was is None else moving.filter(tier=was) if was else moving.filter(tier=None)

    def rules_of(self, pks):
        """`{primary key: rule}` for a few workplaces."""
        if not pks:
            return {}
        firsts, params = self._firsts()
        marks = ", ".join(["%s"] * len(pks))
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id, rule FROM {firsts} WHERE id IN ({marks})", [*params, *pks])
            return dict(cursor.fetchall())

    def write_moves(self, job, since):
        """Write down as `TierMove` what would move, with the day it would come to its group; returns how many."""
        firsts, params = self._firsts()
        columns = [
            "job_id", "workplace_id", "rule_number", "from_tier", "from_since", "to_tier", "to_since", "state",
        ]  # fmt: skip
        sql = (
            f"INSERT INTO {TierMove._meta.db_table} ({', '.join(columns)})"
            f" SELECT %s, id, rule, tier, since, {self._tier()}, %s, %s FROM {firsts} WHERE {self._moves()}"
        )
        given = [job.pk, *self._tier_params(), since, TierMove.State.WAITING]
        with connection.cursor() as cursor:
            cursor.execute(sql, [*given, *params, *self._tier_params()])
            return cursor.rowcount

    def _firsts(self):
        """`firsts`: those that are active, with the rule that takes each, NULL for none.

        Two lists laid on top of each other and grouped, never joined: a planner that takes one of them for
        short would go through it once for each row of the other.
        """
        found, found_params = self.found
        places, places_params = self.places
        sql = (
            f"(WITH places(id, tier, since, by_hand) AS ({places}), found(id, rule) AS ({found})"
            " SELECT id, MIN(rule) AS rule, MAX(tier) AS tier, MAX(since) AS since, MAX(by_hand) AS by_hand FROM ("
            "SELECT id, CAST(NULL AS integer) AS rule, tier, since, CASE WHEN by_hand THEN 1 ELSE 0 END AS by_hand"
            " FROM places UNION ALL SELECT id, rule, NULL, NULL, NULL FROM found"
            ") told GROUP BY id HAVING COUNT(by_hand) = 1) firsts"
        )
        return sql, [*places_params, *found_params]

    def _tier(self):
        """The group that a workplace's rule gives; its parameters are `_tier_params`."""
        return f"CASE rule {'WHEN %s THEN %s ' * len(self.tiers)}END" if self.tiers else "tier"

    def _tier_params(self):
        return [one for pair in enumerate(self.tiers, 1) for one in pair]

    def _moves(self):
        return f"by_hand = 0 AND rule IS NOT NULL AND (tier IS NULL OR tier <> {self._tier()})"


def read_once(keys):
    """The values of a queryset of one column, for `…__in`, found once and laid aside before anything is compared with them.

    Otherwise a planner that takes them for few, or that puts rows in order until a page is full, goes through their
    whole condition again for each row it tries.
    """
    compiled = _compiled(keys)
    if compiled is None:
        return []
    sql, params = compiled
    return RawSQL(f"WITH found(id) AS MATERIALIZED ({sql}) SELECT id FROM found", params)


def tally(rows, *names):
    """`{(value, ...): how many rows have these}` of a queryset, also where the columns of `names` are windows over other rows."""
    compiled = _compiled(rows.order_by().values_list(*names))
    if compiled is None:
        return {}
    sql, params = compiled
    columns = ", ".join(names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH found({columns}) AS ({sql}) SELECT {columns}, COUNT(*) FROM found GROUP BY {columns}", params
        )
        return {tuple(values): n for *values, n in cursor.fetchall()}


def lock(rows):
    """Lock the rows of a queryset until the end of the transaction, in the order of their keys, without reading them here."""
    compiled = _compiled(rows.select_for_update(of=["self"]).order_by("pk").values_list("pk"))
    if compiled is not None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT COUNT(*) FROM ({compiled[0]}) locked", compiled[1])


def give_groups(moves, tier, since):
    """Give the workplaces of `moves`, a queryset of `TierMove`, the group and day that these two columns of theirs hold.

    From the list of moves to the workplaces, by their key. A subquery for each workplace would be looked up by
    whatever the planner believes to be few: moves that were written a second ago count as none in its statistics,
    and 100,000 of them were gone through for each other.
    """
    compiled = _compiled(moves.order_by().values_list("workplace_id", tier, since))
    if compiled is not None:
        table = connection.ops.quote_name(Workplace._meta.db_table)
        with connection.cursor() as cursor:
            cursor.execute(
                f"WITH given(workplace_id, tier, since) AS ({compiled[0]}) UPDATE {table}"
                f" SET tier = given.tier, tier_since = given.since FROM given WHERE {table}.id = given.workplace_id",
                compiled[1],
            )


def _compiled(rows):
    """SQL and parameters of a queryset; None for one of which Django knows that it has no rows."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return None
