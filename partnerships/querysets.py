"""Questions about agreements and their reviews; today is an argument."""

from datetime import timedelta

from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

# So many days before its day a review becomes a follow-up of the responsible consultant.
PLANNED_AHEAD = timedelta(days=30)
# Before its day a review counts as due so long.
DUE_WITHIN = timedelta(days=60)


class AgreementQuerySet(models.QuerySet):
    """Questions about agreements."""

    def drafts(self):
        return self.filter(state="draft")

    def proposed(self):
        return self.filter(state="proposed")

    def active(self):
        return self.filter(state="active")

    def standing(self):
        """Not over: what somebody is at work on, and what holds."""
        return self.filter(state__in=["draft", "proposed", "active"])

    def binding(self, today):
        """Those that a further one of their kind may not overlap: proposed, active, or ended on a day to come."""
        return self.filter(Q(state__in=["proposed", "active"]) | Q(state="ended", ends_on__gt=today))

    def at(self, workplace):
        """Those that hold, or would, at `workplace`."""
        named = self.model.places.through.objects.filter(agreement=OuterRef("pk"), workplace=workplace)
        return self.filter(Q(covers_all=True, company=workplace.company_id) | Exists(named))

    def held_at(self):
        """The condition that one of these holds at a workplace, for a queryset of workplaces."""
        named = self.model.places.through.objects.filter(agreement__in=self.order_by().values("pk"))
        return Q(pk__in=named.order_by().values("workplace")) | Q(
            company__in=self.filter(covers_all=True).order_by().values("company")
        )

    def at_any_of(self, company, workplaces):
        """Those that hold at one of `workplaces`, keys, of `company`; None for all of the company's.

        Asked of the workplaces, not of the company they were at when it was made: the register may have moved one since.
        """
        named = self.model.places.through.objects.filter(agreement=OuterRef("pk"))
        if workplaces is None:
            return self.filter(Q(company=company) | Exists(named.filter(workplace__company=company)))
        return self.filter(Q(covers_all=True, company=company) | Exists(named.filter(workplace__in=workplaces)))

    def within(self, starts_on, ends_on, today):
        """Those whose period has a day in common with this one; without a beginning, one begins `today`."""
        found = self.annotate(begins=Coalesce("starts_on", models.Value(today, models.DateField())))
        if ends_on:
            found = found.filter(begins__lte=ends_on)
        return found.filter(Q(ends_on=None) | Q(ends_on__gte=starts_on or today))

    def review_due(self, today):
        """Active, with a review within 60 days or overdue."""
        return self.active().filter(next_review_on__lte=today + DUE_WITHIN)

    def review_overdue(self, today):
        return self.active().filter(next_review_on__lt=today)

    def of(self, user):
        """Those `user` is responsible for."""
        return self.filter(owner=user)

    def in_force(self, today):
        """Active, and the last day has not passed."""
        return self.active().filter(Q(ends_on=None) | Q(ends_on__gte=today))

    def follow_workplaces(self):
        """Let those whose workplace the register has given another company be that one's; how many, in one statement."""
        company = Subquery(
            self.model.workplace.field.related_model.everything.filter(pk=OuterRef("workplace")).values("company")[:1]
        )
        return self.exclude(company=F("workplace__company")).update(company=company)

    def run_out(self, today):
        """Active still, though the last day has passed: somebody has to prolong or end them."""
        return self.active().filter(ends_on__lt=today)

    def without_open_review(self):
        """Active, and nothing says when they are reviewed: that should not be."""
        open_ones = self.model.reviews.rel.related_model.objects.open().filter(agreement=OuterRef("pk"))
        return self.active().filter(~Exists(open_ones))

    def without_owner(self):
        """Those whose responsible consultant no longer works here."""
        return self.filter(owner__is_active=False)


class ReviewQuerySet(models.QuerySet):
    """Questions about reviews."""

    def open(self):
        return self.filter(held_on=None, dropped_at=None)

    def held(self):
        return self.filter(held_on__isnull=False)

    def to_plan(self, today):
        """Open ones that are near enough to become a follow-up, or overdue."""
        return self.open().filter(due_on__lte=today + PLANNED_AHEAD)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)

    def newest_first(self):
        """What was held last comes first."""
        return self.order_by("-held_on", "-pk")
