"""Questions about people, contacts and follow-ups; today is an argument."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce

from companies.querysets import position, search_words

# A colleague's planned contact this near makes new outreach ask first.
NEAR = timedelta(days=14)


def overdue_by(day):
    """That a promise is overdue on `day`: what is promised for the day itself is not."""
    return Q(due_on__lt=day)


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

    def called_up_on(self, phone_key):
        """With this telephone, however it is written; none for an empty key."""
        # Said twice, because SQLite looks into the index of those that have one only when it is told so.
        return self.filter(phone_key=phone_key).exclude(phone_key="") if phone_key else self.none()


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

    def planned_or_cancelled(self):
        return self.filter(state__in=["planned", "cancelled"])

    def met_barrier(self, since, barrier="", until=None):
        """Held on `since` or later, and not after `until`, with that barrier in the way; with any, if none is named."""
        # Both said of the barrier, because SQLite looks into the index of those that have one only when it is told so.
        met = self.held().filter(on__gte=since).exclude(barrier="")
        met = met.filter(on__lte=until) if until else met
        return met.filter(barrier=barrier) if barrier else met

    def told_of(self, services):
        """Held, with one of `services`, a queryset, presented."""
        return self.held().filter(services__in=services)

    def meetings(self):
        """Face to face, at their place or ours."""
        return self.filter(channel__in=["visit", "meeting"])

    def newest_first(self):
        return self.order_by("-on", models.F("at").desc(nulls_last=True), "-pk")

    def soonest_first(self):
        return self.order_by("on", models.F("at").asc(nulls_last=True), "pk")

    def at_company_of(self, workplace):
        """At `workplace` or at one of the company's other workplaces."""
        return self.filter(workplace__company=workplace.company_id)

    def with_staff(self, user):
        return self.filter(staff=user)

    def without_staff(self):
        """Those to which nobody goes who still works here."""
        going = self.model.staff.through.objects.filter(interaction=models.OuterRef("pk"), user__is_active=True)
        return self.filter(~models.Exists(going))

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

    def for_list(self):
        """All that one row of the list of contacts shows, in three queries."""
        return self.select_related("workplace").prefetch_related("staff", "persons")


class InvitationQuerySet(models.QuerySet):
    """Questions about what calendars have been told."""

    def of(self, user):
        return self.filter(user=user)


class FollowUpQuerySet(models.QuerySet):
    """Questions about what has been promised."""

    def open(self):
        return self.filter(done_at=None)

    def of(self, user):
        return self.filter(owner=user)

    def without_owner(self):
        """Those of colleagues who no longer work here."""
        return self.filter(owner__is_active=False)

    def overdue(self, today):
        return self.open().filter(overdue_by(today))

    def for_list(self):
        """All that one row of a list shows, in one query."""
        return self.select_related("workplace", "person", "owner", "given_by", "done_by")

    def due_until(self, day):
        return self.open().filter(due_on__lte=day)

    def caused_by(self, cause):
        return self.filter(
            cause_type__app_label=cause._meta.app_label, cause_type__model=cause._meta.model_name, cause_id=cause.pk
        )


class ContactPlanQuerySet(models.QuerySet):
    """Questions about contact plans."""

    def drafts(self):
        return self.filter(state="draft")

    def running(self):
        return self.filter(state="running")

    def open(self):
        """Those that something can still be added to."""
        return self.filter(state__in=["draft", "running"])

    def annotate_progress(self):
        """`contacted` and `in_all`: how many workplaces have been contacted, and how many there are to contact."""
        targets = {"targets__workplace__merged_into": None}
        waiting = still_to_contact("targets__") & Q(**targets)
        contacted = Q(targets__contact__isnull=False, **targets)
        return self.annotate(
            contacted=models.Count("targets", filter=contacted),
            in_all=models.Count("targets", filter=contacted | waiting),
        )

    def waiting_for(self, user):
        """The running ones in which `user` still has somebody to contact; `waiting` is how many."""
        theirs = still_to_contact("targets__") & Q(targets__consultant=user, targets__workplace__merged_into=None)
        return self.running().filter(theirs).annotate(waiting=models.Count("targets"))


class ContactPlanTargetQuerySet(models.QuerySet):
    """Questions about the workplaces of contact plans."""

    def standing(self):
        """Without workplaces that were merged into another one."""
        return self.filter(workplace__merged_into=None)

    def contacted(self):
        return self.standing().filter(contact__isnull=False)

    def waiting(self):
        return self.standing().filter(still_to_contact())

    def running(self):
        return self.filter(plan__state="running")

    def of(self, user):
        return self.filter(consultant=user)

    def adrift(self):
        """Given to nobody, or to somebody who has left the house or the plan."""
        taking_part = self.model.plan.field.related_model.participants.through.objects.filter(
            contactplan=models.OuterRef("plan"), user=models.OuterRef("consultant")
        )
        return self.filter(Q(consultant=None) | Q(consultant__is_active=False) | ~models.Exists(taking_part))

    def for_plan_page(self):
        """All that one row of a plan's page shows, in one query."""
        return self.select_related("workplace__owner", "consultant", "contact")


class HandoverQuerySet(models.QuerySet):
    """Questions about hand-overs."""

    def offered(self):
        """Those that nobody has answered."""
        return self.filter(state="offered")

    def offered_to(self, user):
        return self.offered().filter(to=user)

    def given_by(self, user):
        """Theirs to give, or offered by them for somebody else."""
        return self.filter(Q(giver=user) | Q(offered_by=user))

    def escalated(self):
        """Those that nobody has answered in time, or that nobody can answer: the colleague has left."""
        return self.offered().filter(Q(escalated_at__isnull=False) | Q(to__is_active=False))

    def with_count(self):
        """Each with `count`: how many things it is about."""
        items = self.model.items.rel.related_model.objects.filter(handover=models.OuterRef("pk")).order_by()
        counted = items.values("handover").annotate(n=models.Count("pk")).values("n")
        return self.annotate(count=Coalesce(models.Subquery(counted), 0))

    def for_page(self):
        """With the people that a line shows, and `count`."""
        return self.select_related("giver", "to", "answered_by", "offered_by").with_count()


class HandoverItemQuerySet(models.QuerySet):
    """Questions about the things of a hand-over."""

    def open(self):
        return self.filter(state="open")

    def moved(self):
        return self.filter(state="moved")

    def with_things(self):
        """All that one row of a hand-over's page shows, in one query."""
        return self.select_related(
            "workplace__company", "workplace__owner", "follow_up__workplace", "follow_up__owner", "visit__workplace"
        )


class ColleagueRoleQuerySet(models.QuerySet):
    """Questions about whom of us to call."""

    def current(self):
        return self.filter(ended_on=None)

    def opened_the_door(self):
        return self.filter(role="opened")

    def daily_contacts(self):
        return self.filter(role="daily")


class ServiceQuerySet(models.QuerySet):
    """Questions about what we offer employers."""

    def valid(self, today):
        """Those offered on `today`; the last day counts."""
        return self.filter(self._valid_on(today))

    def presentable(self, day, contact=None, asked=()):
        """Those that a contact of `day` may have told of, what `contact` tells of already, and those of the keys `asked`.

        `is_told`: whether `contact` does.
        """
        told = self.model.interactions.through.objects.filter(
            interaction=contact.pk if contact else 0, service=models.OuterRef("pk")
        )
        found = self._valid_on(day) | Q(is_told=True) | Q(pk__in=asked)
        return self.annotate(is_told=models.Exists(told)).filter(found)

    def _valid_on(self, day):
        return Q(valid_from__lte=day) & (Q(valid_to=None) | Q(valid_to__gte=day))


class ServiceUseQuerySet(models.QuerySet):
    """Questions about which services are in use."""

    def current(self):
        return self.filter(until=None)


def still_to_contact(to=""):
    """Nobody has contacted it, and nothing speaks against it; `to` is the way to the target from where it is asked."""
    return Q(**{f"{to}contact": None, f"{to}left_out_why": "", f"{to}workplace__ceased_on": None}) & (
        Q(**{f"{to}workplace__do_not_contact": False}) | ~Q(**{f"{to}basis": ""})
    )
