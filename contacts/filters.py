"""What the contact log and the contact plans add to the register's filter."""

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from companies.filter_parts import CONTACT, ChoicePart, DatePart, ModelPart, MonthsPart
from companies.filters import WorkplaceFilter
from contacts.models import ContactPlan, ContactPlanTarget, Interaction, Service, ServiceUse
from jobcenter_crm.frame.widgets import DAY

# How far back is looked when nobody has said how far.
USUAL_MONTHS = 12
ANY = "any"
SERVICES = _("Services")
_SERVICE = {"error_messages": {"invalid_choice": _("There is no such service. Choose another one.")}}


class BarrierPart(ChoicePart):
    """Where a barrier stood in the way: in a contact of the last months, or on the days that are named.

    `barrier_months` says how many months; `barrier_from` and `barrier_until` are days, and take their place.
    """

    def filter(self, workplaces, barrier):
        if not barrier:
            return workplaces
        since = self._first or self.parent.today - relativedelta(months=self._months)
        met = Interaction.objects.met_barrier(since, "" if barrier == ANY else barrier, until=self._last)
        return workplaces.filter(pk__in=met.order_by().values("workplace"))

    def told(self, value, asked):
        when = ngettext("%(n)s month", "%(n)s months", self._months) % {"n": self._months}
        if self._first or self._last:
            days = [day and date_format(day, "SHORT_DATE_FORMAT") for day in (self._first, self._last)]
            when = " – ".join(day or "…" for day in days)
        return [(asked, f"{words}, {when}") for asked, words in super().told(value, asked)]

    @property
    def _first(self):
        return self.parent.chosen.get("barrier_from")

    @property
    def _last(self):
        return self.parent.chosen.get("barrier_until")

    @property
    def _months(self):
        return self.parent.chosen.get("barrier_months") or USUAL_MONTHS


class ContactPlanPart(ModelPart):
    """In a contact plan; `plan_state` says whether those contacted already, or those still to contact."""

    def filter(self, workplaces, plan):
        if plan is None:
            return workplaces
        targets = ContactPlanTarget.objects.filter(plan=plan)
        state = self.parent.chosen.get("plan_state")
        if state:
            targets = targets.contacted() if state == "contacted" else targets.waiting()
        return workplaces.filter(pk__in=targets.values("workplace"))

    def told(self, value, asked):
        states = dict(self.parent.filters["plan_state"].extra["choices"])
        state = states.get(self.parent.chosen.get("plan_state"))
        return [(asked, f"{words}, {state}" if state else words) for asked, words in super().told(value, asked)]


class ServicePart(ChoicePart):
    """By a service of the catalogue, or by any; those that have ended are among them, since what was told of them stays.

    All such parts of one filter ask for the catalogue once, and only where it is needed.
    """

    @property
    def field(self):
        self.extra["choices"] = self._catalogue
        return super().field

    def _catalogue(self):
        parent = self.parent
        if not hasattr(parent, "services"):
            parent.services = [(ANY, _("Any service"))]
            parent.services += [(one.code, self._words(one)) for one in Service.objects.all()]
        return parent.services

    def _words(self, service):
        is_ended = service.valid_to is not None and service.valid_to < self.parent.today
        return _("%(service)s (ended)") % {"service": service.name} if is_ended else service.name

    def filter(self, workplaces, code):
        if not code:
            return workplaces
        services = Service.objects.all() if code == ANY else Service.objects.filter(code=code)
        return self.narrowed(workplaces, services.order_by())


class ToldOfPart(ServicePart):
    """Told of it in a contact that was held; `told_months` says how far back that may be."""

    def narrowed(self, workplaces, services):
        told = Interaction.objects.told_of(services)
        if months := self._months:
            told = told.filter(on__gte=self.parent.today - relativedelta(months=months))
        return workplaces.filter(pk__in=told.order_by().values("workplace"))

    def told(self, value, asked):
        words = super().told(value, asked)
        if not (months := self._months):
            return words
        within = ngettext("%(n)s month", "%(n)s months", months) % {"n": months}
        return [(asked, f"{one}, {within}") for asked, one in words]

    @property
    def _months(self):
        return self.parent.chosen.get("told_months")


class NeverToldOfPart(ServicePart):
    """Told of it in no contact; not one in which nobody was told of anything is missing."""

    def narrowed(self, workplaces, services):
        # Not "not in": with so many told that they don't fit into memory, PostgreSQL would go through them for each row.
        return workplaces.exclude(Exists(Interaction.objects.told_of(services).filter(workplace=OuterRef("pk"))))


class UsesPart(ServicePart):
    """Uses it now."""

    def narrowed(self, workplaces, services):
        uses = ServiceUse.objects.current().filter(service__in=services)
        return workplaces.filter(pk__in=uses.order_by().values("workplace"))


def declare():
    """Add the parts; once, when the app is ready."""
    WorkplaceFilter.register(
        barrier=BarrierPart(
            label=_("Barrier met"), choices=[(ANY, _("Any barrier")), *Interaction.Barrier.choices], empty_label=_("All"),
            block=CONTACT, companions=["barrier_months", "barrier_from", "barrier_until"],
        ),
        barrier_months=MonthsPart(
            method="nothing", label=_("Barrier met within, months"), min_value=1, max_value=120, block=CONTACT,
            help_text=_("12 when it is left empty."),
        ),
        barrier_from=DatePart(
            method="nothing", label=_("Barrier met on or after"), widget=DAY, block=CONTACT,
            help_text=_("In place of the months."),
        ),
        barrier_until=DatePart(
            method="nothing", label=_("Barrier met on or before"), widget=DAY, block=CONTACT,
        ),
        plan=ContactPlanPart(
            label=_("Contact plan"), queryset=ContactPlan.objects.all(), empty_label=_("All"), block=CONTACT,
            companions=["plan_state"], permission="contacts.view_contactplan",
        ),
        plan_state=ChoicePart(
            method="nothing", label=_("In the contact plan"), empty_label=_("All of it"), block=CONTACT,
            choices=[("waiting", _("Not contacted yet")), ("contacted", _("Contacted"))],
            permission="contacts.view_contactplan",
        ),
        told_of=ToldOfPart(
            label=_("Was told of"), choices=[], empty_label=_("All"), block=SERVICES, companions=["told_months"], **_SERVICE
        ),
        told_months=MonthsPart(
            method="nothing", label=_("Told of within, months"), min_value=1, max_value=120, block=SERVICES,
            help_text=_("Ever, when it is left empty."),
        ),
        never_told_of=NeverToldOfPart(
            label=_("Never told of"), choices=[], empty_label=_("All"), block=SERVICES, **_SERVICE
        ),
        uses=UsesPart(label=_("Uses"), choices=[], empty_label=_("All"), block=SERVICES, **_SERVICE),
    )  # fmt: skip
