"""What the plans of the groups take, against the hours there are: places, contacts and hours, as plain sums.

A plan asks for one contact in so many days at each place of its group, so a group takes places x 365 / days contacts a
year. They are made in the weeks in which there is time for it, and each takes so many minutes.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from math import ceil

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jobcenter_crm.frame.rounding import half_up

DAYS_A_YEAR = 365
# Of 52 weeks, six are holiday, and public holidays, courses and illness take about two more.
WEEKS_A_YEAR = 44
# With less than this share of the hours left, what comes in between is not allowed for.
NARROW = 0.1
# A group that is contacted less than once a year has no cadence worth the name.
SELDOM = DAYS_A_YEAR


@dataclass(frozen=True)
class Load:
    """What one group's plan takes. `cadence_days` empty: no contact is planned, only answered."""

    tier: int
    places: int
    cadence_days: int | None
    minutes: int
    channel: str = ""

    @property
    def contacts_a_year(self):
        return self.places * DAYS_A_YEAR / self.cadence_days if self.cadence_days else 0

    @property
    def hours_a_week(self):
        return self.contacts_a_year / WEEKS_A_YEAR * self.minutes / 60


@dataclass(frozen=True)
class Reckoning:
    """All groups together. `hours` is what the teams have a week, None when nobody has said; `consultants` share it."""

    loads: tuple
    hours: float | None
    consultants: int

    @property
    def places(self):
        return sum(load.places for load in self.loads)

    @property
    def contacts_a_year(self):
        return sum(load.contacts_a_year for load in self.loads)

    @cached_property
    def hours_a_week(self):
        return sum(load.hours_a_week for load in self.loads)

    @cached_property
    def verdict(self):
        """ "unknown" without hours; "short", "narrow" or "fits", judged by the figures as they are shown."""
        if self.hours is None:
            return "unknown"
        takes, have = (float(half_up(hours, 1)) for hours in (self.hours_a_week, self.hours))
        if takes > have:
            return "short"
        return "narrow" if takes > have * (1 - NARROW) else "fits"

    def each_a_week(self, load=None):
        """Contacts a week for each consultant, in one group or in all; None when nobody shares them."""
        if not self.consultants:
            return None
        return (load or self).contacts_a_year / WEEKS_A_YEAR / self.consultants

    def with_load(self, changed):
        """The same with another plan for one group."""
        return replace(self, loads=tuple(changed if load.tier == changed.tier else load for load in self.loads))

    def cadence_that_fits(self, tier):
        """The fewest days between contacts in group `tier` with which all fits to the minute, the other plans as they are.

        None when it fits already, when no number of days would do, or when nobody has said what hours there are.
        """
        load = next(load for load in self.loads if load.tier == tier)
        if self.verdict != "short" or not load.cadence_days:
            return None
        left = self.hours - (self.hours_a_week - load.hours_a_week)
        if left <= 0:
            return None
        days = ceil(load.hours_a_week * load.cadence_days / left)
        return days if days <= SELDOM else None

    def in_words(self):
        """What the sums say, in a sentence or two."""
        takes = in_hours(self.hours_a_week)
        if self.hours is None:
            return _(
                "It takes %(takes)s a week. Nobody has entered the teams' hours, so nobody can say whether it fits."
            ) % {"takes": takes}
        said = _("It takes %(takes)s a week; the teams have %(have)s.") % {"takes": takes, "have": figure(self.hours)}
        left = abs(half_up(self.hours, 1) - half_up(self.hours_a_week, 1))
        how_many = {"left": in_hours(left)}
        if self.verdict == "short":
            missing = ngettext(
                "It does not fit: %(left)s a week is missing.",
                "It does not fit: %(left)s a week are missing.",
                1 if left == 1 else 2,
            )
            time_for = _("There is time for %(n)s of 100 contacts.") % {"n": int(100 * self.hours / self.hours_a_week)}
            more = f"{missing % how_many} {time_for}"
        elif self.verdict == "narrow" and not left:
            more = _("It fits, but only just: there is nothing left for what comes in between.")
        elif self.verdict == "narrow":
            more = _("It fits, but only just: %(left)s are left for all that comes in between.") % how_many
        else:
            more = _("It fits, with %(left)s to spare.") % how_many
        return f"{said} {more}"


def figure(number):
    """A number with at most one decimal, as it is written here: "1.234,5", "60"."""
    return written(number, 1)


def written(number, decimals):
    """A number with at most so many decimals, without noughts at the end."""
    rounded = half_up(number, decimals)
    used = len(f"{rounded:f}".partition(".")[2].rstrip("0"))
    return number_format(rounded, decimal_pos=used, force_grouping=True)


def in_hours(number):
    """So many hours, in words."""
    one = half_up(number, 1) == 1
    return ngettext("%(n)s hour", "%(n)s hours", 1 if one else 2) % {"n": figure(number)}
