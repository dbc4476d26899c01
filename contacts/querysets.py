"""Questions about people, contacts and follow-ups; today is an argument."""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from companies.querysets import position, search_words

# A colleague's planned contact this near makes new outreach ask first.
NEAR = timedelta(days=14)


class AtEmployerQuerySet(models.QuerySet):
    """Questions about what belongs to a company, or to one workplace of it."""

    def at(self, workplace):
        """Those of `workplace` and those of its company as a whole."""
        return self.filter(Q(workplace=workplace) | Q(company=workplace.company_id, workplace=None))


class PersonQuerySet(AtEmployerQuerySet):
    """Questions about the people we know."""

    def at_any_of(self, workplaces):
        """Those of `workplaces`, and those of their companies as a whole."""
        return self.filter(
            Q(workplace__in=[workplace.pk for workplace in workplaces])
            | Q(company__in={workplace.company_id for workplace in workplaces}, workplace=None)
        )

    def current(self):
        return self.filter(left_on=None)

    def matching(self, text):
        """Where every word of `text` is found in name, telephone or e-mail."""
        found = self
        for word in search_words(text):
            found = found.filter(search_text__contains=word)
        return found


class OtherJobCentreQuerySet(AtEmployerQuerySet):
    """Questions about other job centres that talk with our employers."""

    def current(self):
        return self.filter(ended_on=None)


class InteractionQuerySet(models.QuerySet):
    """Questions about the contact log."""

    def held(self):
        return self.filter(state="held")

    def planned(self):
        return self.filter(state="planned")

    def newest_first(self):
        return self.order_by("-on", "-at", "-pk")

    def soonest_first(self):
        return self.order_by("on", models.F("at").asc(nulls_last=True), "pk")

    def at_company_of(self, workplace):
        """At `workplace` or at one of the company's other workplaces."""
        return self.filter(workplace__company=workplace.company_id)

    def with_staff(self, user):
        return self.filter(staff=user)

    def at_companies_of(self, workplaces):
        """At one of `workplaces`, or at another workplace of their companies."""
        return self.filter(workplace__company__in={workplace.company_id for workplace in workplaces})

    def colleagues_plans(self, user, day):
        """Contacts that others than `user` have planned within 14 days of `day`."""
        return self.planned().filter(on__range=(day - NEAR, day + NEAR)).exclude(staff=user)

    def colleagues_plans_near(self, workplace, user, day):
        """Those at the company of `workplace`."""
        return self.colleagues_plans(user, day).at_company_of(workplace)

    def with_position(self):
        """`lies_north` and `lies_east`: where the workplace is, in degrees."""
        latitude, longitude = position("workplace__")
        return self.annotate(lies_north=latitude, lies_east=longitude)

    def with_people(self):
        """With the names that a line of the timeline shows."""
        return self.select_related("created_by").prefetch_related("staff", "persons", "amendments__by")


class FollowUpQuerySet(models.QuerySet):
    """Questions about what has been promised."""

    def open(self):
        return self.filter(done_at=None)

    def of(self, user):
        return self.filter(owner=user)

    def overdue(self, today):
        return self.open().filter(due_on__lt=today)

    def due_until(self, day):
        return self.open().filter(due_on__lte=day)

    def caused_by(self, cause):
        return self.filter(
            cause_type__app_label=cause._meta.app_label, cause_type__model=cause._meta.model_name, cause_id=cause.pk
        )
