from datetime import date, timedelta

import pytest

from jobcenter_crm.frame.working_days import (
    is_working_day,
    next_working_day,
    working_day_from,
    working_days_after,
    working_days_before,
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 11, 27), True),
        (date(2026, 11, 28), False),
        (date(2026, 4, 2), False),  # Maundy Thursday
        (date(2026, 4, 6), False),  # Easter Monday
        (date(2026, 5, 14), False),  # Ascension Day
        (date(2026, 5, 1), True),  # the Great Prayer Day's Friday, until 2023
        (date(2023, 5, 5), False),
        (date(2026, 6, 5), True),  # Constitution Day is not a holiday by law
        (date(2026, 12, 25), False),
    ],
)
def test_weekends_and_public_holidays_are_no_working_days(day, expected):
    assert is_working_day(day) is expected


def test_over_easter_the_next_working_day_is_the_tuesday():
    assert next_working_day(date(2026, 4, 1)) == date(2026, 4, 7)
    assert working_day_from(date(2026, 4, 2)) == date(2026, 4, 7)
    assert working_day_from(date(2026, 4, 7)) == date(2026, 4, 7)


def test_days_ahead_are_counted_in_working_days():
    assert working_days_after(date(2026, 11, 27), 2) == date(2026, 12, 1)
    assert working_days_after(date(2026, 11, 28), 0) == date(2026, 11, 30)


def test_days_back_are_the_working_days_that_have_passed():
    assert working_days_before(date(2026, 11, 30), 1) == date(2026, 11, 29)
    assert working_days_before(date(2026, 11, 30), 2) == date(2026, 11, 26)
    assert working_days_before(date(2026, 11, 29), 1) == date(2026, 11, 26)
    assert working_days_before(date(2026, 4, 7), 2) == date(2026, 3, 31)
    assert working_days_before(date(2026, 11, 30), 0) == date(2026, 11, 30)


def test_what_lies_so_many_days_back_is_that_many_working_days_late():
    for start in range(400):
        today = date(2026, 1, 1) + timedelta(days=start)
        since = working_days_before(today, 3)
        passed = [is_working_day(since + timedelta(days=n)) for n in range(1, (today - since).days + 1)]
        assert sum(passed) == 3
        assert passed[0]
