"""How full a slot is, month by month: the numbers behind a drawing and its table."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from placements.occupancy import Span

MONTHS = 12
# The drawing, in units of its own.
STEP, BAR, LEFT, TOP, TALL = 50, 34, 8, 28, 110


@dataclass(frozen=True)
class Month:
    """The most who have a place on one day of the month, and whether the slot has that month at all."""

    first: date
    taken: int
    places: int

    @property
    def free(self):
        return max(self.places - self.taken, 0)


@dataclass(frozen=True)
class Bar:
    """One month as it is drawn: the frame is all places, the shade those that are taken."""

    month: Month
    x: int
    middle: int
    frame_y: int
    frame_height: int
    y: int
    height: int
    words_y: int


@dataclass(frozen=True)
class Chart:
    bars: list
    width: int
    height: int
    bar: int
    foot: int
    label_y: int


def months(slot, spans, today):
    """The twelve `Month`s from this one on, of what is left of each; `spans` are those who have its places."""
    begun = today.replace(day=1)
    found = []
    for number in range(MONTHS):
        first = begun + relativedelta(months=number)
        last = first + relativedelta(months=1) - timedelta(days=1)
        offered = slot.starts_on <= last and (slot.ends_on is None or slot.ends_on >= max(first, today))
        found.append(Month(first, most(spans, Span(max(first, today), last)), slot.places if offered else 0))
    return found


def most(spans, within):
    """The most of `spans` that there are on one day of `within`."""
    days = {within.first, *(span.first for span in spans if within.first < span.first <= within.last)}
    return max(sum(span.first <= day <= span.last for span in spans) for day in days)


def free_again(slot, spans, today):
    """The first day from which a place is free for good, where none is now; None if it is not before the slot ends."""
    for day in sorted({span.last + timedelta(days=1) for span in spans if span.last >= today}):
        if most(spans, Span(day, date.max)) < slot.places:
            return None if slot.ends_on and day > slot.ends_on else day
    return None


def chart(found):
    """The months as a `Chart`; all bars are to one scale."""
    most_places = max(max(month.places, month.taken) for month in found) or 1
    foot = TOP + TALL
    bars = []
    for number, month in enumerate(found):
        x = LEFT + number * STEP
        frame, shade = (round(TALL * n / most_places) for n in (month.places, month.taken))
        bars.append(Bar(month, x, x + BAR // 2, foot - frame, frame, foot - shade, shade, foot - max(frame, shade) - 6))
    return Chart(bars, LEFT + MONTHS * STEP, foot + 30, BAR, foot, foot + 22)
