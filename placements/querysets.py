"""Questions about measures, slots, reservations, placements and job orders; today is an argument."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, Count, DateField, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest

# After so many days without a word, the next contact asks whether the places are still open.
ASKED_AFTER = timedelta(days=60)
# A place is free from a day on which, and on so many days after it, nobody has it: it is worth starting there.
WORTH_STARTING = timedelta(days=27)
# A promised place that has been empty so long is our debt.
OWED_AFTER = timedelta(days=21)
# So long after the end it is asked what came of a placement.
EFFECT_AFTER = timedelta(weeks=4)


class DaysAfter(Func):
    """The date that lies a `timedelta` of whole days after another one, as a date in both databases."""

    output_field = DateField()

    def __init__(self, day, length):
        super().__init__(day, Value(length.days))

    def as_sqlite(self, compiler, connection, **context):
        return self.as_sql(
            compiler, connection, template="date(%(expressions)s || ' days')", arg_joiner=", '+' || ", **context
        )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" + ", **context)


class MeasureQuerySet(models.QuerySet):
    """Questions about measures."""

    def valid(self, day):
        """Those that the law knows on `day`."""
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class SlotQuerySet(models.QuerySet):
    """Questions about slots."""

    def open(self):
        return self.filter(state="open")

    def standing(self):
        """Open or paused."""
        return self.exclude(state="closed")

    def promised(self):
        """Those that an employer has promised: without the slots that begin closed, for what the case system's list brings."""
        begun_closed = self.model.history.filter(id=OuterRef("pk"), history_type="+", state="closed")
        return self.filter(~Exists(begun_closed.order_by()))

    def on(self, day):
        """Open ones whose period has that day."""
        return self.open().filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def coming(self, day):
        """Open ones that have not run out by `day`."""
        return self.open().filter(Q(ends_on=None) | Q(ends_on__gte=day))

    def to_confirm(self, today):
        """Open ones of which nobody has heard for 60 days whether they are."""
        return self.coming(today).filter(confirmed_on__lt=today - ASKED_AFTER)

    def not_over(self, today):
        """Open or paused, and not past their last day."""
        return self.standing().filter(Q(ends_on=None) | Q(ends_on__gte=today))

    def with_free(self, today):
        """Each with `taken`, the most of its places that anybody has on one of four weeks' days, and `free`, the rest.

        The four weeks begin `today`, or on the first day of a slot that begins later: its free places are free from then
        on. None is free where the employer is in a labour conflict or the workplace has ceased. The number taken changes
        only where somebody begins, so no other days are looked at.
        """
        taken = Greatest(*(self._most(rows) for rows in self.takers()))
        none = Q(workplace__labour_conflict=True) | Q(workplace__ceased_on__isnull=False)
        weeks = self.alias(four_weeks_from=Greatest("starts_on", Value(today, DateField())))
        return weeks.annotate(taken=taken).annotate(
            free=Case(When(none, then=Value(0)), default=F("places") - F("taken"))
        )

    def with_a_free_place(self, today):
        return self.with_free(today).filter(free__gt=0)

    def takers(self):
        """All who have places of slots, two querysets: open reservations, and placements; each row with its `last` day."""
        reservations = self.model.reservations.rel.related_model.objects.open().annotate(last=F("planned_end"))
        placements = self.model.placements.rel.related_model.objects.standing()
        placements = placements.annotate(last=Coalesce("ended_on", "planned_end"))
        return [reservations.order_by(), placements.order_by()]

    def _most(self, rows):
        """The most who have a place on the first day of the four weeks, or on one of theirs on which one of `rows` begins."""
        first = OuterRef("four_weeks_from")
        beginning = rows.filter(slot=OuterRef("pk"), last__gte=first, starts_on__lte=DaysAfter(first, WORTH_STARTING))
        beginning = beginning.annotate(day=Greatest("starts_on", first))
        there = [
            Coalesce(
                Subquery(
                    takers.filter(slot=OuterRef("slot"), starts_on__lte=OuterRef("day"), last__gte=OuterRef("day"))
                    .values("slot")
                    .annotate(n=Count("pk"))
                    .values("n")
                ),
                0,
            )
            for takers in self.takers()
        ]
        together = beginning.annotate(there=there[0] + there[1]).order_by("-there").values("there")[:1]
        return Coalesce(Subquery(together), 0)

    def owed(self, owed):
        """Those that we owe a candidate or a call; `owed` are the open follow-ups that say so."""
        return self.filter(pk__in=owed.order_by().values("cause_id"))


class ReservationQuerySet(models.QuerySet):
    """Questions about reservations."""

    def open(self):
        return self.filter(state__in=["reserved", "met"])

    def run_out(self, today):
        """Open ones that are held no longer."""
        return self.open().filter(held_until__lt=today)


class PlacementQuerySet(models.QuerySet):
    """Questions about placements."""

    def standing(self):
        """Those that take or took a place: without the ones that came to nothing before they had begun."""
        return self.filter(withdrawn_on=None)

    def begun(self, today):
        """Those that are placements by `today`: what is counted as one, and where somebody is or has been."""
        return self.standing().filter(starts_on__lte=today)

    def withdrawn(self):
        return self.filter(withdrawn_on__isnull=False)

    def running(self):
        """Not ended, also where the planned end has passed and nobody has told, or the start is still to come."""
        return self.standing().filter(ended_on=None)

    def ended(self):
        return self.filter(ended_on__isnull=False)

    def on(self, day):
        """In a place on that day."""
        return self.within(day, day)

    def within(self, first, last):
        """In a place on one of these days."""
        return self.begun(last).filter(Q(ended_on=None, planned_end__gte=first) | Q(ended_on__gte=first))

    def there_on(self, workplace, day):
        """Those who are at a workplace on `day`: in a slot there, or where they stay in a company centre."""
        stays = self._stays(day, day).filter(placement=OuterRef("pk"))
        at_home = Q(slot__workplace=workplace) & ~Exists(stays)
        return self.filter(at_home | Exists(stays.filter(workplace=workplace)), starts_on__lte=day)

    def started_in(self, start, until):
        """Begun on a day of the period, both ends counted."""
        return self.standing().filter(starts_on__range=(start, until))

    def ended_in(self, start, until):
        """Ended on a day of the period, both ends counted."""
        return self.filter(ended_on__range=(start, until))

    def of_outcome(self, outcome):
        """Of which that came; "known": of which it was said; "supporting": self-supporting, "said": it was said."""
        if outcome == "known":
            return self.filter(effect__isnull=False).exclude(effect__outcome="unknown")
        if outcome == "supporting":
            return self.filter(effect__self_supporting=True)
        if outcome == "said":
            return self.filter(effect__self_supporting__isnull=False)
        return self.filter(effect__outcome=outcome)

    def overdue(self, today):
        """Past the planned end, and nobody has said that it ended."""
        return self.running().filter(planned_end__lt=today)

    def effect_due(self, today):
        """Ended four weeks ago, and nobody has said what came of it; without a case reference nobody can."""
        return self.ended().filter(ended_on__lte=today - EFFECT_AFTER, effect=None, reference_erased_at=None)

    def at_workplaces(self, last, first=date.min):
        """The condition that one of these is at a workplace, for a queryset of workplaces.

        It is at that of its slot, and at another one where a stay there has one of the days from `first` to `last`.
        """
        rows = self.order_by()
        stays = self._stays(first, last).filter(placement__in=rows.values("pk"))
        return Q(pk__in=rows.values("slot__workplace")) | Q(pk__in=stays.values("workplace"))

    def _stays(self, first, last):
        """Stays, of whatever placement, that have one of these days."""
        stays = self.model.stays.rel.related_model.objects.order_by()
        return stays.filter(Q(ends_on=None) | Q(ends_on__gte=first), starts_on__lte=last)


class JobOrderQuerySet(models.QuerySet):
    """Questions about job orders."""

    def open(self):
        return self.filter(state="open")

    def ordinary(self):
        """Vacancies: ordinary recruitment, which comes first."""
        return self.filter(measure=None)

    def closed(self):
        """Filled or withdrawn."""
        return self.exclude(state="open")

    def with_waiting(self):
        """Each with `waiting`: how many candidates have been referred and not been answered for."""
        referrals = self.model.referrals.rel.related_model.objects.filter(job_order=OuterRef("pk"), state="referred")
        counted = referrals.order_by().values("job_order").annotate(n=Count("pk")).values("n")
        return self.annotate(waiting=Coalesce(Subquery(counted), 0))
