"""Days on which people work, and how Danes write them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
MONTHS = (
    "januar", "februar", "marts", "april", "maj", "juni",
    "juli", "august", "september", "oktober", "november", "december",
)  # fmt: skip
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")


def is_working_day(day):
    """Monday to Friday; not between Christmas and New Year, nor in the three weeks when everything is closed."""
    closed = (day.month, day.day) >= (12, 23) or (day.month, day.day) <= (1, 2)
    holiday = day.month == 7 and 6 <= day.day <= 26
    return day.weekday() < 5 and not closed and not holiday


def working_day(day, step=1):
    """`day`, or the nearest working day after it, or before it with `step` -1."""
    while not is_working_day(day):
        day += timedelta(days=step)
    return day


def moment(day, at):
    """An instant: that day and time in Denmark."""
    return datetime.combine(day, at, tzinfo=COPENHAGEN)


def in_words(day):
    """ "3. marts"."""
    return f"{day.day}. {MONTHS[day.month - 1]}"


def month_after(day, months):
    """The name of the month that is so many months after `day`."""
    return MONTHS[(day.month - 1 + months) % 12]


def end_of_view(today):
    """The last day that my day shows on `today`: Sunday, and from Friday on Sunday of the week after."""
    return today + timedelta(days=6 - today.weekday() + (7 if today.weekday() >= 4 else 0))


def coming_days(today):
    """The working days after `today` that my day shows; any weekday if all of them are holidays."""
    until = end_of_view(today)
    days = [today + timedelta(days=ahead) for ahead in range(1, (until - today).days + 1)]
    return [day for day in days if day.weekday() < 5] or days


def year_before(today):
    """The first day of the year that is told of."""
    return date(today.year - 1, today.month, min(today.day, 28))
