"""Whether a target can be reached: pure sums over what the last year gave and what there is time for.

The limits below are choices, and each is one of these reasons (docs/strategy.md tells it for managers):

- `USUAL`: what a year gives swings by a tenth without anybody doing anything differently, so up to a tenth more a week
  than in the last year is what can be expected.
- `MOST`: twice as much a week as in the last year has to be kept up for the whole period; where even the best month of
  the year was less than what is needed, every month would have to be better than the best. Beyond either, it does not
  hang together.
- `ROOM`: a tenth of the time is left for what comes in between, as in the plans of the groups.
- `LUCK`: aimed well, a quarter more of the contacts may lead to something than last year. Who needs more than that of
  all contacts that there is time for counts on something that has not happened.
- `FEWEST`: of fewer results a rate says nothing; it would move by a fifth with one of them.
"""

from dataclasses import dataclass
from functools import cached_property
from operator import sub, truediv

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from companies.capacity import DAYS_A_YEAR, NARROW, WEEKS_A_YEAR, figure, written
from jobcenter_crm.frame.rounding import half_up

USUAL = 1.1
MOST = 2
ROOM = 1 - NARROW
LUCK = 1.25
FEWEST = 5


class Verdict(TextChoices):
    """Whether a target can be reached; "unknown" where something is missing to tell by."""

    REALISTIC = "realistic", pgettext_lazy("of a target", "Realistic")
    STRETCH = "stretch", pgettext_lazy("of a target", "A stretch")
    INCOHERENT = "incoherent", pgettext_lazy("of a target", "Does not hang together")
    UNKNOWN = "unknown", pgettext_lazy("of a target", "Can't be said")


class Through(TextChoices):
    """What leads to a result.

    Contacts or meetings, of which some succeed; one contact for each, which is a matter of making it; nothing that
    contacts are counted for; or what comes of placements.
    """

    CONTACTS = "contacts", gettext_lazy("contacts")
    MEETINGS = "meetings", gettext_lazy("visits and meetings")
    EACH = "each", gettext_lazy("one contact each")
    NOTHING = "nothing", gettext_lazy("no contacts")
    OUTCOME = "outcome", gettext_lazy("what comes of placements")


@dataclass(frozen=True)
class Grounds:
    """What the last twelve months gave and what there is time for: plain numbers, kept with the target.

    `gained`: results in the last `over` days, None where nobody counts them. `best_month`: the most in one calendar month.
    `tries`: contacts or meetings held then or, of an outcome, placements of which it is known. `hours`: for outreach, a
    week, None where nobody has said; `elsewhere`: what of them the plans take for other workplaces, or for contacts of
    another kind. `minutes`: for one contact. `consultants` share them. `within`: days that a contact counts, of a coverage.
    """

    gained: int | None = None
    best_month: int | None = None
    tries: int | None = None
    hours: float | None = None
    elsewhere: float = 0
    minutes: float | None = None
    consultants: int = 0
    within: int | None = None
    over: int = DAYS_A_YEAR


@dataclass(frozen=True)
class Way:
    """From now to the target, as numbers of what is counted; of a share, of its part.

    `idle`: how many there will be by the deadline if nothing more is done: contacts grow old, slots close, reviews fall
    due. `days` are left, today and the deadline counted. `percent` and `of`: what the target was made of, of a share.
    """

    through: str
    now: int
    goal: int
    idle: int
    days: int
    is_less: bool = False
    percent: float | None = None
    of: int | None = None


@dataclass(frozen=True)
class Step:
    """One line of the sums: what it is, how it is reckoned, and what it says of the target, if it does."""

    words: str
    sum: str
    verdict: Verdict | None = None


@dataclass(frozen=True)
class Realism:
    """A way judged by its grounds."""

    way: Way
    grounds: Grounds

    @property
    def days(self):
        """Days that are left and count: of a coverage, contacts that are too old by the deadline do not."""
        return min(self.way.days, self.grounds.within or self.way.days)

    @cached_property
    def expected(self):
        """Of an outcome: how many placements will be known by the deadline, at last year's pace."""
        return (self.grounds.tries or 0) * self.days / DAYS_A_YEAR

    @property
    def wanted(self):
        """Of an outcome: how many of those known by the deadline must have succeeded."""
        return (self.way.percent or 0) / 100 * ((self.way.of or 0) + self.expected)

    @cached_property
    def need(self):
        """How many are missing; 0 where nothing is."""
        way = self.way
        if way.through == Through.OUTCOME:
            return max(0, self.wanted - way.now)
        return max(0, way.idle - way.goal if way.is_less else way.goal - way.idle)

    @property
    def weeks(self):
        """Weeks of work until the deadline: so many of 52 as there are in a year."""
        return self.days * WEEKS_A_YEAR / DAYS_A_YEAR

    @property
    def weeks_before(self):
        """Weeks of work in which `gained` came."""
        return self.grounds.over * WEEKS_A_YEAR / DAYS_A_YEAR

    @property
    def a_week(self):
        return self.need / self.weeks

    @property
    def usual_a_week(self):
        return None if self.grounds.gained is None else self.grounds.gained / self.weeks_before

    @property
    def best_a_week(self):
        """What the best month gave a week of work."""
        return None if self.grounds.best_month is None else self.grounds.best_month * 12 / WEEKS_A_YEAR

    @property
    def usual(self):
        """What as long a time gave, at last year's pace."""
        return None if self.grounds.gained is None else self.usual_a_week * self.weeks

    @property
    def rate(self):
        """Results for each contact last year; None where there were too few to tell."""
        grounds = self.grounds
        if self.way.through == Through.EACH:
            return 1
        counted = grounds.tries if self.way.through == Through.OUTCOME else grounds.gained
        if not grounds.tries or (counted or 0) < FEWEST:
            return None
        return grounds.gained / grounds.tries

    @property
    def implied(self):
        """Contacts that what is missing takes, at last year's rate."""
        return None if self.rate is None else self.need / self.rate

    @property
    def hours_left(self):
        return None if self.grounds.hours is None else max(0, self.grounds.hours - self.grounds.elsewhere)

    @property
    def time_a_week(self):
        """Contacts a week that there is time for; None where nobody has said."""
        return (
            self.hours_left * 60 / self.grounds.minutes
            if self.hours_left is not None and self.grounds.minutes
            else None
        )

    @property
    def time_for(self):
        """Contacts until the deadline that there is time for."""
        return None if self.time_a_week is None else self.time_a_week * self.weeks

    @property
    def required_rate(self):
        """Results for each of all contacts that there is time for; for each placement, of an outcome."""
        tries = self.expected if self.way.through == Through.OUTCOME else self.time_for
        return self.need / tries if tries else None

    @cached_property
    def by_pace(self):
        """The verdict by what was reached a week."""
        if not self.need:
            return Verdict.REALISTIC
        if self.way.through == Through.OUTCOME or not self.grounds.gained:
            return Verdict.UNKNOWN
        if self.need <= self.usual * USUAL:
            return Verdict.REALISTIC
        best = self.best_a_week
        if self.need > self.usual * MOST or (best is not None and self.a_week > best):
            return Verdict.INCOHERENT
        return Verdict.STRETCH

    @cached_property
    def by_time(self):
        """The verdict by the contacts that it takes and those that there is time for; None where it takes none."""
        if not self.need:
            return Verdict.REALISTIC
        if self.way.through == Through.NOTHING:
            return None
        if self.way.through == Through.OUTCOME:
            if self.rate is None or self.required_rate is None:
                return Verdict.UNKNOWN
            over, room = (self.required_rate / self.rate if self.rate else float("inf")), USUAL
        else:
            if self.implied is None or self.time_for is None:
                return Verdict.UNKNOWN
            over, room = (self.implied / self.time_for if self.time_for else float("inf")), ROOM
        if over <= room:
            return Verdict.REALISTIC
        if self.way.through == Through.EACH:
            # No luck makes one contact two. But what as long a time gave was given, whatever hours have been entered.
            is_possible = over <= 1 or (self.usual is not None and self.need <= self.usual)
        else:
            is_possible = over <= LUCK
        return Verdict.STRETCH if is_possible else Verdict.INCOHERENT

    @cached_property
    def verdict(self):
        """The worse of the two. What does not hang together by one is not mended by not knowing the other."""
        if self.way.through == Through.OUTCOME:
            return self.by_time
        found = {self.by_pace, self.by_time}
        for one in (Verdict.INCOHERENT, Verdict.UNKNOWN, Verdict.STRETCH):
            if one in found:
                return one
        return Verdict.REALISTIC

    @property
    def lacks(self):
        """What is missing to tell by, in sentences."""
        said, grounds, through = [], self.grounds, self.way.through
        if not self.need:
            return said
        if through == Through.OUTCOME:
            if self.rate is None:
                said.append(
                    _("In the last twelve months it is known of fewer than %(n)s placements: too few to tell by.")
                    % {"n": FEWEST}
                )
            return said
        if grounds.gained is None:
            said.append(_("How many this is done for in a year is not counted anywhere."))
        elif not grounds.gained:
            said.append(_("In the last twelve months there was none, so there is nothing to compare with."))
        if through == Through.NOTHING:
            return said
        if self.rate is None and grounds.gained:
            said.append(
                _("Fewer than %(n)s in the last twelve months: how many contacts one takes can't be told.") % {"n": FEWEST}
                if grounds.tries
                else _("No contact was held there in the last twelve months: how many one takes can't be told.")
            )  # fmt: skip
        if grounds.hours is None:
            said.append(_("Nobody has entered the teams' hours for outreach."))
        elif not grounds.minutes:
            said.append(_("The plans of the groups do not say how long a contact takes."))
        return said

    @property
    def in_short(self):
        """The sum behind the verdict, in one line of a table."""
        if not self.need:
            return _("nothing more is needed")
        if self.verdict == Verdict.UNKNOWN:
            return self.lacks[0]
        if self.way.through == Through.OUTCOME:
            return self._short_outcome()
        if self.by_time == self.verdict and self.by_pace != self.verdict:
            return self._short_time()
        if self.by_pace == Verdict.INCOHERENT and self.need > self.usual * MOST:
            return _("needs %(times)s times as many a week as the last year gave") % {
                "times": figure(self.need / self.usual)
            }
        if self.by_pace == Verdict.INCOHERENT:
            return _("%(needs)s; the best month gave %(best)s in as many") % {
                "needs": self._needs(), "best": figure(self.best_a_week * self.weeks),
            }  # fmt: skip
        if self.grounds.over < DAYS_A_YEAR:
            return _("%(needs)s; the time just before gave %(usual)s in as many") % {
                "needs": self._needs(), "usual": figure(self.usual),
            }  # fmt: skip
        return _("%(needs)s; the last year gave %(usual)s in as many") % {
            "needs": self._needs(), "usual": figure(self.usual),
        }  # fmt: skip

    def _needs(self):
        return _("needs %(need)s in %(weeks)s") % {"need": figure(self.need), "weeks": in_weeks(self.days / 7)}

    def _short_time(self):
        if self.grounds.consultants:
            return _("takes %(takes)s contacts a week of each consultant; there is time for %(time)s") % {
                "takes": figure(self.each(self.implied / self.weeks)), "time": figure(self.each(self.time_a_week)),
            }  # fmt: skip
        return _("takes %(takes)s contacts a week; there is time for %(time)s") % {
            "takes": figure(self.implied / self.weeks), "time": figure(self.time_a_week),
        }  # fmt: skip

    def _short_outcome(self):
        return _("%(needed)s of 100 must succeed; %(were)s did in the last year") % {
            "needed": figure(100 * self.required_rate), "were": figure(100 * self.rate),
        }  # fmt: skip

    def each(self, number):
        """Of each consultant."""
        return number / self.grounds.consultants

    @property
    def steps(self):
        """The sums line by line, each with the verdict that it gives, if it does."""
        if self.way.through == Through.OUTCOME:
            return list(self._outcome())
        return [*self._missing(), *self._pace(), *self._time()]

    def _missing(self):
        way = self.way
        if way.percent is not None:
            numbers, sign, part = printed(lambda percent, of: percent / 100 * of, way.percent, way.of)
            said = {"percent": numbers[0], "of": numbers[1], "sign": sign, "part": part, "goal": figure(way.goal)}
            yield Step(
                _("The target as a number"),
                _("%(percent)s %% of %(of)s %(sign)s %(part)s") % said
                if part == said["goal"]
                else _("%(percent)s %% of %(of)s %(sign)s %(part)s, so %(goal)s") % said,
            )
        yield Step(_("Now"), figure(way.now))
        if way.idle != way.now:
            yield Step(_("At the deadline, if nothing more is done"), figure(way.idle))
        sides = (way.idle, way.goal) if way.is_less else (way.goal, way.idle)
        left = f"{figure(sides[0])} − {figure(sides[1])} = {figure(sides[0] - sides[1])}"
        if not self.need:
            yield Step(_("What is missing"), _("%(sum)s: nothing") % {"sum": left}, Verdict.REALISTIC)
            return
        yield Step(_("What is missing"), left)
        if self.days < way.days:
            yield Step(
                _("Days before the deadline in which a contact counts"),
                _("%(days)s of the %(left)s that are left") % {"days": figure(self.days), "left": figure(way.days)},
            )
        yield Step(
            _("Weeks of work until the deadline"),
            _("%(days)s days × %(weeks)s / 365 = %(left)s")
            % {"days": figure(self.days), "weeks": WEEKS_A_YEAR, "left": written(self.weeks, 2)},
        )

    def _pace(self):
        if not self.need:
            return
        grounds = self.grounds
        yield Step(_("Needed a week"), divided(self.need, self.weeks), self.by_pace)
        is_a_year = grounds.over == DAYS_A_YEAR
        if grounds.gained is not None:
            words = _("Reached a week in the last twelve months")
            if not is_a_year:
                words = _("Reached a week in the last %(n)s days, in which a contact counts") % {
                    "n": figure(grounds.over)
                }
            yield Step(words, divided(grounds.gained, self.weeks_before))
        if grounds.best_month is not None and grounds.gained:
            (best,), sign, a_week = printed(lambda best: best * 12 / WEEKS_A_YEAR, grounds.best_month)
            yield Step(
                _("Reached a week in the best month of the last twelve"),
                f"{best} × 12 / {WEEKS_A_YEAR} {sign} {a_week}",
            )
        if grounds.gained:
            over = self.need / self.usual
            (need, usual), sign, _over = printed(truediv, self.need, self.usual, places=1 if over >= MOST else 2)
            yield Step(
                _("Needed against the last twelve months") if is_a_year else _("Needed against the time just before"),
                _("%(a)s / %(b)s %(sign)s %(times)s times as many a week")
                % {"a": need, "b": usual, "sign": sign, "times": times(over)},
            )

    def _time(self):
        through, grounds = self.way.through, self.grounds
        if not self.need or through == Through.NOTHING:
            return
        if through == Through.EACH:
            yield Step(_("Contacts that it takes, one each"), figure(self.need))
        elif self.rate is not None:
            yield Step(
                _("Contacts for each result, in the last twelve months")
                if through == Through.CONTACTS
                else _("Visits and meetings for each result, in the last twelve months"),
                divided(grounds.tries, grounds.gained),
            )
            (need, tries, gained), sign, implied = printed(
                lambda need, tries, gained: need * tries / gained, self.need, grounds.tries, grounds.gained, places=0
            )
            yield Step(
                _("Contacts that it takes, as things went then"), f"{need} × {tries} / {gained} {sign} {implied}"
            )
        if self.implied is not None:
            yield self._implied_a_week()
        if self.time_a_week is None:
            return
        yield from self._there_is_time_for()
        if through != Through.EACH and self.rate is not None and self.time_for:
            yield Step(
                _("If all that time is used, there are so many for each result"),
                _("%(sum)s; in the last twelve months it took %(took)s")
                % {"sum": divided(self.time_for, self.need), "took": figure(1 / self.rate)},
            )

    def _implied_a_week(self):
        places = self._places(self.implied / self.weeks)
        sum_ = divided(self.implied, self.weeks, places=places)
        if not self.grounds.consultants:
            return Step(_("Contacts a week that it takes"), sum_, self.by_time)
        each = self._of_each(self.implied / self.weeks, places)
        return Step(_("Contacts a week that it takes, of each consultant"), f"{sum_}; {each}", self.by_time)

    def _places(self, number):
        """With how many decimals a number is printed that is then divided among the consultants."""
        if not self.grounds.consultants:
            return 1
        told = half_up(self.each(number), 1)
        return next((n for n in (1, 2, 3) if half_up(self.each(float(half_up(number, n))), 1) == told), 3)

    def _of_each(self, number, places):
        each = figure(self.each(number))
        return f"{written(number, places)} / {self.grounds.consultants} = {each}"

    def _there_is_time_for(self):
        grounds = self.grounds
        (hours, elsewhere), sign, left = printed(sub, grounds.hours, grounds.elsewhere, places=2)
        yield Step(
            _("Hours for outreach a week, less what the plans of the groups take for others"),
            f"{hours} − {elsewhere} {sign} {left}",
        )
        places = self._places(self.time_a_week)
        (hours, minutes), sign, n = printed(
            lambda hours, minutes: hours * 60 / minutes, self.hours_left, grounds.minutes, places=places
        )
        sum_ = _("%(hours)s × 60 / %(minutes)s minutes %(sign)s %(n)s") % {
            "hours": hours, "minutes": minutes, "sign": sign, "n": n
        }  # fmt: skip
        if not grounds.consultants:
            yield Step(_("Contacts a week that there is time for"), sum_)
            return
        yield Step(
            _("Contacts a week that there is time for, of each consultant"),
            f"{sum_}; {self._of_each(self.time_a_week, places)}",
        )

    def _outcome(self):
        way, grounds = self.way, self.grounds
        of = way.of or 0
        few = _("known of fewer than %(n)s placements: too few to tell") % {"n": FEWEST}
        yield Step(_("Now"), _("%(n)s of %(of)s") % {"n": figure(way.now), "of": figure(of)} if of >= FEWEST else few)
        if (grounds.tries or 0) < FEWEST:
            # What would be reckoned from them gives them away.
            yield Step(_("In the last twelve months it was"), few)
            return
        yield Step(
            _("Placements of which it will be known by the deadline, as many a day as in the last twelve months"),
            f"{figure(grounds.tries or 0)} × {figure(self.days)} / {DAYS_A_YEAR} = {written(self.expected, 2)}",
        )
        (percent, of, more), sign, wanted = printed(
            lambda percent, of, more: percent / 100 * (of + more), way.percent or 0, of, self.expected, places=2
        )
        yield Step(
            _("The target as a number"),
            _("%(percent)s %% of (%(of)s + %(more)s) %(sign)s %(goal)s")
            % {"percent": percent, "of": of, "more": more, "sign": sign, "goal": wanted},
        )
        _two, sign, missing = printed(sub, self.wanted, way.now, places=2)
        yield Step(_("What is missing"), f"{wanted} − {figure(way.now)} {sign} {missing}")
        if self.required_rate is not None:
            yield Step(
                _("Of 100 placements so many must succeed"), _per_hundred(self.need, self.expected), self.by_time
            )
        if self.rate is not None:
            yield Step(_("In the last twelve months it was"), _per_hundred(grounds.gained, grounds.tries))


# More decimals than these nobody types into a calculator.
MOST_DECIMALS = 5


def printed(reckon, *numbers, places=1):
    """`(numbers, sign, result)` as texts: the result with so many decimals, the numbers so that those printed give it.

    They have two decimals at most, none from a hundred on, and more only where that would give another result. Where no
    number of decimals does, the sign is "≈" in place of "=".
    """
    numbers = [float(number) for number in numbers]
    result = half_up(reckon(*numbers), places)
    ways = [[0 if abs(number) >= 100 else 2 for number in numbers]]
    ways += [[decimals] * len(numbers) for decimals in range(2, MOST_DECIMALS + 1)]
    for way in ways:
        shown = [float(half_up(number, decimals)) for number, decimals in zip(numbers, way, strict=True)]
        # What is not nought is not divided by as though it were.
        is_there = list(map(bool, shown)) == list(map(bool, numbers))
        if is_there and half_up(reckon(*shown), places) == result:
            return _texts(numbers, way), "=", written(result, places)
    return _texts(numbers, ways[0]), "≈", written(result, places)


def _texts(numbers, decimals):
    return [written(number, n) for number, n in zip(numbers, decimals, strict=True)]


def divided(part, by, *, places=1):
    """ "1,200 / 44 = 27.3", as `printed` prints it."""
    (one, other), sign, result = printed(truediv, part, by, places=places)
    return f"{one} / {other} {sign} {result}"


def _per_hundred(part, whole):
    (one, other), sign, result = printed(lambda part, whole: part / whole * 100, part, whole)
    return f"{one} / {other} × 100 {sign} {result}"


def times(number):
    """How many times as many: two decimals where it is near one, for "1 times as many" would hide what is judged."""
    return figure(number) if number >= MOST else number_format(half_up(number, 2), 2)


def in_weeks(number):
    """So many calendar weeks in words, rounded; at least one."""
    n = max(1, half_up(number))
    return ngettext("%(n)s week", "%(n)s weeks", n) % {"n": figure(n)}
