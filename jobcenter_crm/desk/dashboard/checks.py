"""What is shown before a target is set or changed, and kept with it: its baseline, and on what grounds it can be reached."""

from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta
from django.db import transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncMonth
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from companies import plans
from companies.capacity import DAYS_A_YEAR
from companies.models import TierPlan, Workplace
from contacts.actions import NotNow
from contacts.models import Interaction
from jobcenter_crm.desk.dashboard.counting import Ask, count
from jobcenter_crm.desk.dashboard.measures import MEASURES, SHARE, period_before
from jobcenter_crm.desk.dashboard.realism import Grounds, Realism, Through, Verdict
from jobcenter_crm.desk.dashboard.targets import Scope, asks_for, days_so_far, numbers_of, value_of, way_to
from jobcenter_crm.desk.models import Target
from jobcenter_crm.staff.models import Team, User

_DAY = timedelta(days=1)
# Where a visit or a meeting is what counts, these are the channels of a plan that bring one.
_MEETINGS = ("visit", "meeting")


@dataclass(frozen=True)
class Check:
    """What is shown before a target is set: the baseline, and the sums.

    `stands` is where it stands today or, of what is counted over a period, what as long a time before gave; a target that
    asks for less than that `is_worse`.
    """

    baseline: Decimal | None
    baseline_days: tuple | None
    realism: Realism | None
    scope: Scope
    measure: object
    stands: Decimal | None = None
    is_worse: bool = False

    @property
    def verdict(self):
        return self.realism.verdict if self.realism else Verdict.UNKNOWN

    @property
    def days_in_words(self):
        return self.baseline_days and " – ".join(date_format(day, "DATE_FORMAT") for day in self.baseline_days)


def check(target, scope, today):
    """The baseline of a target that is about to be set or changed, and whether it can be reached, from the data of today.

    The baseline of a figure of today is that of the day on which the target was set, and stays. One that is counted over
    a period is counted again: a later deadline is compared with a longer time before.
    """
    measure = MEASURES[target.measure]
    now = asks_for(measure, scope, *days_so_far(target, today), today, target.deadline)
    days = None
    asks = list(now)
    if measure.is_of_a_period:
        days = period_before(target.starts_on, target.deadline, target.set_on or today)
        asks += asks_for(measure, scope, *days, today, today)
    counted = count(asks)
    numbers = numbers_of(measure, counted[: len(now)], today, target.deadline)
    if days:
        baseline = value_of(measure, numbers_of(measure, counted[len(now) :], today, today))
    else:
        baseline = target.baseline if target.pk else value_of(measure, numbers)
    realism = None
    # A share of nothing has no number to reach.
    if measure.kind != SHARE or numbers.of:
        way = way_to(measure, numbers, goal=target.goal, start=target.starts_on, deadline=target.deadline, today=today)
        realism = Realism(way, _grounds(measure, scope, numbers, today))
    stands = baseline if days else value_of(measure, numbers)
    is_worse = stands is not None and stands != target.goal and target.is_enough(stands)
    return Check(baseline, days, realism, scope, measure, stands, is_worse)


def _grounds(measure, scope, numbers, today):
    """What the last twelve months gave there, and what there is time for, in a fixed number of statements.

    Of those contacted within the plan's time, what stands today was gained in that time: in twelve months a workplace of
    group 1 is contacted many times and counts once, so a part of the year would seem to have reached a part of them only.
    """
    since = today - relativedelta(months=12) + _DAY
    gained, best = _gained(measure, scope, since, today)
    if measure.through == Through.OUTCOME:
        asked = scope.asked(since, today, today)
        return Grounds(gained, best, *count([Ask(measure.source, measure.whole.count, asked, scope.tiers)]))
    if measure.through == Through.NOTHING:
        return Grounds(gained, best)
    tries = None
    if measure.through in (Through.CONTACTS, Through.MEETINGS):
        held = Interaction.objects.held().filter(on__range=(since, today))
        if measure.through == Through.MEETINGS:
            held = held.meetings()
        tries = _in_scope(held, scope, "workplace").count()
    time = _time(measure, scope, numbers.of)
    if measure.name == "in_time":
        return Grounds(numbers.now, best, tries, over=time["within"], **time)
    return Grounds(gained, best, tries, **time)


def _contacts_a_year(measure, load):
    """What a group takes a year: of a coverage one contact for each place and time that one counts, else what its plan asks for."""
    if measure.name == "in_year" or (measure.name == "in_time" and not load.cadence_days):
        return load.places
    return load.contacts_a_year


def _within(measure, loads, of):
    """How many days a contact counts of a coverage of so many places, the groups' own taken together; None of anything else.

    What is in no group, or asks to be left alone, counts for twelve months.
    """
    if measure.name == "in_year":
        return DAYS_A_YEAR
    if measure.name != "in_time":
        return None
    a_year = of + sum(_contacts_a_year(measure, load) - load.places for load in loads)
    return round(of * DAYS_A_YEAR / a_year) if a_year else DAYS_A_YEAR


def _in_scope(rows, scope, workplace):
    if scope.where:
        rows = scope.form.at(rows, workplace)
    return rows.filter(**{f"{workplace}__tier__in": scope.tiers}) if scope.tiers else rows


def _gained(measure, scope, since, today):
    """`(in the twelve months, in the best calendar month of them)`; a workplace counts once in each of the two."""
    gains = measure.gains
    if gains is None:
        return None, None
    rows = _in_scope(gains.rows(), scope, gains.workplace).filter(**{f"{gains.on}__range": (since, today)}).order_by()
    months = rows.annotate(month=TruncMonth(F(gains.on))).values("month").annotate(n=gains.count)
    return rows.aggregate(n=gains.count)["n"] or 0, max(
        (n for _month, n in months.values_list("month", "n")), default=0
    )


def _time(measure, scope, of):
    """What there is time for: the hours, what of them goes elsewhere, how long a contact takes, how many share them.

    The contacts of the plans at the target's own workplaces count for it; those at other workplaces, and where meetings
    are what counts those by telephone and letter, do not. A target of a team is measured by its own hours.
    """
    rows = list(TierPlan.objects.all())
    every = _of_team(scope, rows) or plans.reckon(plans=rows)
    inside = dict(_in_places(scope).values_list("tier").annotate(n=Count("pk")))
    ours = [plans.load_of(plan, inside.get(plan.tier, 0)) for plan in rows]
    within = _within(measure, ours, of)
    if measure.through == Through.MEETINGS:
        ours = [load for load in ours if load.channel in _MEETINGS] or ours
    contacts = sum(_contacts_a_year(measure, load) for load in ours)
    if contacts:
        minutes = sum(_contacts_a_year(measure, load) * load.minutes for load in ours) / contacts
    else:
        asked = [load.minutes for load in ours if not scope.tiers or load.tier in scope.tiers]
        minutes = sum(asked) / len(asked) if asked else None
    elsewhere = every.hours_a_week - sum(load.hours_a_week for load in ours)
    return {
        "hours": every.hours, "elsewhere": round(max(0, elsewhere), 4), "minutes": minutes,
        "consultants": every.consultants, "within": within,
    }  # fmt: skip


def _in_places(scope):
    """The workplaces of the plans at a scope."""
    places = scope.asked(None, None, None).workplaces().counted_in_plans().order_by()
    return places.filter(tier__in=scope.tiers) if scope.tiers else places


def _of_team(scope, rows):
    """The reckoning of the plans for one team: its workplaces, its hours, its consultants; None where no team is meant."""
    if "team" not in scope.where:
        return None
    team = scope.where["team"]
    places = Workplace.objects.counted_in_plans().filter(owner__team=team).order_by()
    counted = dict(places.values_list("tier").annotate(n=Count("pk")))
    hours = Team.objects.filter(pk=team).aggregate(all=Sum("outreach_hours"))["all"]
    return plans.Reckoning(
        tuple(plans.load_of(plan, counted.get(plan.tier, 0)) for plan in rows),
        None if hours is None else float(hours),
        User.objects.doing_outreach().filter(team=team).count(),
    )


def _take(target, found, today):
    """Write on a target what its check found."""
    target.baseline = found.baseline
    target.baseline_since, target.baseline_until = found.baseline_days or (None, None)
    target.verdict, target.reckoned_on = found.verdict, today
    target.grounds = {
        "way": asdict(found.realism.way) if found.realism else None,
        "grounds": asdict(found.realism.grounds) if found.realism else asdict(Grounds()),
    }
    if found.verdict != Verdict.INCOHERENT:
        target.why = ""


@transaction.atomic
def save(*, target, found, by, today):
    """Set a target, or change one, with what its check has found.

    Raises `NotNow` where a colleague has ended it meanwhile.
    """
    if target.pk and not Target.objects.select_for_update().open().filter(pk=target.pk).exists():
        raise NotNow(_("A colleague has ended this target meanwhile. Set a new one."))
    if not target.pk:
        target.set_on, target.set_by = today, by
    _take(target, found, today)
    target._history_user = by
    target.save()
    return target
