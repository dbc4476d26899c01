"""What slots, placements and job orders add to the register's filter."""

from dateutil.relativedelta import relativedelta
from django.db.models import Exists, OuterRef
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from companies.filter_parts import CONTACT, EMPLOYER, ChoicePart, DatePart, ModelPart
from companies.filters import WorkplaceFilter
from companies.models import TargetGroup
from jobcenter_crm.frame.widgets import DAY
from placements.models import HostingProfile, JobOrder, Placement, Slot

ANY, FREE, NONE = "any", "free", "none"
NOW, YEAR, EVER, NEVER = "now", "year", "ever", "never"


def having(period, today):
    """The condition that somebody is in a placement at a workplace now, was in the last 12 months, or was ever."""
    if period == EVER:
        return Placement.objects.begun(today).at_workplaces(today)
    first = today if period == NOW else today - relativedelta(years=1) + relativedelta(days=1)
    return Placement.objects.within(first, today).at_workplaces(today, first)


class SlotPart(ChoicePart):
    """Whether a workplace has open slots; `free` where one of them has a free place, today or from the day it begins."""

    def filter(self, workplaces, asked):
        if not asked:
            return workplaces
        today = self.parent.today
        coming = Slot.objects.coming(today).order_by()
        if asked == FREE:
            return workplaces.filter(pk__in=coming.with_a_free_place(today).values("workplace"))
        if asked == NONE:
            # Asked of each: a long list to stand in none of is gone through for every workplace.
            return workplaces.filter(~Exists(coming.filter(workplace=OuterRef("pk"))))
        return workplaces.filter(pk__in=coming.values("workplace"))


class HostPart(ModelPart):
    """Whom a workplace can host, as its hosting profile or one of its open slots says."""

    def filter(self, workplaces, group):
        if not group:
            return workplaces
        today = self.parent.today
        profiles = HostingProfile.target_groups.through.objects.filter(targetgroup=group)
        offered = Slot.target_groups.through.objects.filter(
            targetgroup=group, slot__in=Slot.objects.coming(today).order_by().values("pk")
        )
        can = workplaces.filter(pk__in=profiles.values("hostingprofile__workplace"))
        return can | workplaces.filter(pk__in=offered.values("slot__workplace"))


class PlacementPart(ChoicePart):
    """Where somebody is in a placement now, was in the last 12 months, was ever, or never; also as a stay of a company centre."""

    def tells_of_work(self, value):
        # A period, as days are.
        return value == YEAR

    def filter(self, workplaces, asked):
        if not asked:
            return workplaces
        today = self.parent.today
        if asked == NEVER:
            return workplaces.exclude(having(EVER, today))
        return workplaces.filter(having(asked, today))


class JobOrderPart(ChoicePart):
    """Whether a workplace asks us for people now, has ever done so, or never has."""

    def filter(self, workplaces, asked):
        if not asked:
            return workplaces
        orders = JobOrder.objects.order_by()
        if asked == NOW:
            return workplaces.filter(pk__in=orders.open().values("workplace"))
        if asked == EVER:
            return workplaces.filter(pk__in=orders.values("workplace"))
        return workplaces.filter(~Exists(orders.filter(workplace=OuterRef("pk"))))


class PlacedPart(DatePart):
    """Where a placement in one of its slots began on that day or later; `placed_until` says until when.

    One that came to nothing, or whose first day is still to come, has not begun.
    """

    def filter(self, workplaces, first):
        if not first:
            return workplaces
        begun = Placement.objects.begun(self.parent.today).filter(starts_on__gte=first)
        if last := self._last:
            begun = begun.filter(starts_on__lte=last)
        return workplaces.filter(pk__in=begun.order_by().values("slot__workplace"))

    def told(self, value, asked):
        if not value:
            return []
        days = (value, self._last)
        return [(asked, " – ".join(date_format(day, "SHORT_DATE_FORMAT") if day else "…" for day in days))]

    @property
    def _last(self):
        return self.parent.chosen.get("placed_until")


def declare():
    """Add the parts; once, when the app is ready."""
    WorkplaceFilter.register(
        slots=SlotPart(
            label=_("Slots"), empty_label=_("All"), block=CONTACT, permission="placements.view_slot",
            choices=[
                (ANY, _("Has open ones")), (FREE, _("Has a free place")), (NONE, _("Has none that is open")),
            ],
        ),
        hosts=HostPart(
            label=_("Can host"), empty_label=_("All"), block=EMPLOYER, permission="placements.view_slot",
            queryset=TargetGroup.objects.all(),
            error_messages={"invalid_choice": _("There is no such target group.")},
        ),
        placement=PlacementPart(
            label=_("Placement"), empty_label=_("All"), block=CONTACT, permission="placements.view_placement",
            choices=[
                (NOW, _("Has a placement now")), (YEAR, _("Had a placement in the last 12 months")),
                (EVER, _("Has or has had a placement")), (NEVER, _("Has never had a placement")),
            ],
        ),
        placed_from=PlacedPart(
            label=_("A placement began on or after"), told_as=_("A placement began"), widget=DAY, block=CONTACT,
            permission="placements.view_placement", companions=["placed_until"], is_of_work=True,
        ),
        placed_until=DatePart(
            method="nothing", label=_("A placement began on or before"), widget=DAY, block=CONTACT,
            permission="placements.view_placement",
        ),
        job_orders=JobOrderPart(
            label=_("Job orders"), empty_label=_("All"), block=CONTACT, permission="placements.view_joborder",
            choices=[(NOW, _("Has open ones")), (EVER, _("Has or has had one")), (NEVER, _("Has never had one"))],
        ),
    )  # fmt: skip
