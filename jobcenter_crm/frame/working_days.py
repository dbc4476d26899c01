"""Working days in Denmark: Monday to Friday, and no public holiday.

The holidays are the law's, as the library `holidays` keeps them: the Great Prayer Day is none since 2024.
"""

from datetime import timedelta
from functools import cache

import holidays


@cache
def _holidays(year):
    return frozenset(holidays.Denmark(years=year))


def is_working_day(day):
    """Neither a weekend nor a public holiday."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def working_day_from(day):
    """`day` if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def next_working_day(day):
    """The first working day after `day`."""
    return working_day_from(day + timedelta(days=1))


def working_days_after(day, number):
    """The working day that is `number` working days after `day`; with 0 the one that `working_day_from` gives."""
    day = working_day_from(day)
    for _one in range(number):
        day = next_working_day(day)
    return day


def end_of_view(today):
    """The last day of the week one looks at, and whether that is the next one.

    On a Friday or at the weekend the rest of the week would be blind: then it is the Sunday after.
    """
    is_next = today.weekday() >= 4
    return today + timedelta(days=6 - today.weekday() + (7 if is_next else 0)), is_next


def working_days_before(day, number):
    """The latest day after which `number` working days have come, `day` among them: what was due then is that late.

    What was due on Friday is one working day late on Monday, and not before.
    """
    while number > 0:
        number -= is_working_day(day)
        day -= timedelta(days=1)
    return day
