"""How full slots are, month by month: the numbers behind a drawing and its table.

Of one slot on its card, of all that a workplace has, and of all that belong to a company centre.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from partnerships import card
from partnerships.card import Part
from placements.models import Slot
from placements.occupancy import Span, most, taken, taken_of_each

MONTHS = 12
# The drawing, in units of its own.
STEP, BAR, LEFT, TOP, TALL = 50, 34, 8, 28, 110


@dataclass(frozen=True)
class Month:
    """The most who have a place on one day of the month, of so many places that there are in it, and how many stay free.

    Of several slots together `free` may be less than what is not `taken`: a place that is taken at the beginning and
    another one at the end are one at a time, and neither is free all month.
    """

    first: date
    taken: int
    places: int
    free: int


@dataclass(frozen=True)
class Bar:
    """One month as it is drawn: the frame is all places, the shade those that are taken; `words` stand above it."""

    month: Month
    words: str
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


@dataclass(frozen=True)
class Occupancy:
    """What `placements/_occupancy.html` shows of so many `slots`."""

    months: list
    chart: Chart
    slots: int


def of_slot(slot, today):
    """The `Occupancy` of one slot and who takes its places, in two statements."""
    spans = taken(slot)
    return of_months(months(slot, spans, today)), spans


def of_slots(slots, today, spans=None):
    """The `Occupancy` of several together; None where there are none.

    Who takes their places is asked in one statement, unless it is known already: `spans`, of `taken_of_each`.
    """
    if not slots:
        return None
    spans = taken_of_each(slots) if spans is None else spans
    each = [months(slot, spans[slot.pk], today) for slot in slots]
    everybody = [span for some in spans.values() for span in some]
    found = [
        Month(
            first=of_one[0].first,
            taken=most(everybody, _days_of(of_one[0].first, today)),
            places=sum(month.places for month in of_one),
            free=sum(month.free for month in of_one),
        )
        for of_one in zip(*each, strict=True)
    ]
    return of_months(found, len(slots))


def of_months(found, slots=1):
    return Occupancy(found, chart(found), slots)


def _days_of(first, today):
    """What is left of the month that begins on `first`."""
    return Span(max(first, today), first + relativedelta(months=1) - timedelta(days=1))


def months(slot, spans, today):
    """The twelve `Month`s from this one on, of what is left of each; `spans` are those who have its places."""
    begun = today.replace(day=1)
    found = []
    for number in range(MONTHS):
        first = begun + relativedelta(months=number)
        days = _days_of(first, today)
        offered = slot.starts_on <= days.last and (slot.ends_on is None or slot.ends_on >= days.first)
        places, there = slot.places if offered else 0, most(spans, days)
        found.append(Month(first, there, places, max(places - there, 0)))
    return found


def chart(found):
    """The months as a `Chart`; all bars are to one scale."""
    most_places = max(max(month.places, month.taken) for month in found) or 1
    foot = TOP + TALL
    bars = []
    for number, month in enumerate(found):
        x = LEFT + number * STEP
        frame, shade = (round(TALL * n / most_places) for n in (month.places, month.taken))
        # Two figures of two digits each would run into those of the next month.
        words = f"{month.taken}/{month.places}" if most_places < 10 else str(month.taken)
        bars.append(
            Bar(month, words, x, x + BAR // 2, foot - frame, frame, foot - shade, shade, foot - max(frame, shade) - 6)
        )
    return Chart(bars, LEFT + MONTHS * STEP, foot + 30, BAR, foot, foot + 22)


def _of_centre(agreement, user, today):
    """On the card of a company centre: how full its open and paused slots are together."""
    if not agreement.is_centre or not user.has_perm("placements.view_slot"):
        return None
    found = of_slots(list(Slot.objects.filter(agreement=agreement).not_over(today).order_by("pk")), today)
    return found and Part("placements/_occupancy.html", found)


def declare():
    """The part of the card of an agreement; once, when the app is ready."""
    card.register_part(_of_centre)
