"""The ratio of subsidised to ordinary employees (rimelighedskrav), as advice: VITAS decides.

The law counts full-time equivalents over four months, without those who are subsidised or under 18. Here only the
register's number of employees is known, often as an interval, and only the placements that are written here: what is
said is a range and "at least", never that there is room.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from placements.models import Placement


@dataclass(frozen=True)
class Rule:
    """How many subsidised there may be, from `valid_from` on until a later rule takes over.

    One for each `few_for_each` of the first `few` employees, at least `fewest`, and one for each `many_for_each` above.
    """

    valid_from: date
    fewest: int
    few: int
    few_for_each: int
    many_for_each: int
    source: str

    def most(self, employees):
        """The most subsidised for so many ordinary employees."""
        first = min(employees, self.few) // self.few_for_each
        return max(self.fewest, first) + max(employees - self.few, 0) // self.many_for_each


# The earliest first.
RULES = (Rule(date(2020, 1, 1), 1, 50, 5, 10, "Bekendtgørelse nr. 2636 af 28. december 2021, § 65"),)


def rule_on(day):
    """The rule that holds on `day`; None before there was one."""
    return next((rule for rule in reversed(RULES) if rule.valid_from <= day), None)


@dataclass(frozen=True)
class Advice:
    """From `low` to `high` may be subsidised at a workplace; `high` is None where no upper bound is known.

    `low` is None where nobody has counted the employees. `known` of them are known to us.
    """

    low: int | None
    high: int | None
    known: int
    employees: str
    source: str

    @property
    def is_exact(self):
        return self.low is not None and self.low == self.high

    @property
    def is_reached(self):
        """Whether those known to us are as many as the rule allows at the least, so that VITAS may well say no."""
        return self.low is not None and self.known >= self.low


def advice(workplace, today):
    """The `Advice` for a workplace, in one statement; None where there is no rule."""
    rule = rule_on(today)
    if rule is None:
        return None
    there = Placement.objects.begun(today).running().filter(slot__workplace=workplace)
    known = there.filter(slot__measure__counts_in_ratio=True).count()
    fewest, most = workplace.employees_min, workplace.employees_max
    return Advice(
        low=None if fewest is None else rule.most(fewest),
        high=None if most is None else rule.most(most),
        known=known,
        employees=workplace.employees,
        source=rule.source,
    )


class Reached:
    """At which workplaces those known to us are as many as the rule allows at the least, asked of many; one statement.

    The same question as `Advice.is_reached`, of days to come too: whoever has left by then does not count, and one whose
    planned end passed without a word is still there.
    """

    def __init__(self, today):
        self.rule = rule_on(today)
        self._there = defaultdict(list)
        if self.rule is None:
            return
        running = Placement.objects.running().filter(slot__measure__counts_in_ratio=True)
        for workplace, first, last in running.order_by().values_list("slot__workplace", "starts_on", "planned_end"):
            self._there[workplace].append((first, date.max if last < today else last))

    def __call__(self, workplace, employees_min, day):
        """Of a workplace by its key, with so many employees at the least, on `day`; never where nobody has counted them."""
        if self.rule is None or employees_min is None:
            return False
        known = sum(first <= day <= last for first, last in self._there[workplace])
        return known >= self.rule.most(employees_min)
