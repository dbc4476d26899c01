"""The lists of this app that can be taken out as Excel: who waits for contact, and the workplaces of a contact plan."""

from django.db.models.functions import Coalesce
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies import listings
from companies.filters import BrokenSelection
from companies.listings import GROUP, LAST_CONTACT, NAME, NEXT_STEP, REACH, RESPONSIBLE, Column
from companies.models import Workplace
from companies.querysets import position
from contacts import due
from contacts.models import Channel, ContactPlan, ContactPlanTarget
from contacts.querysets import still_to_contact
from jobcenter_crm.frame.addresses import number


class DueList(listings.Listing):
    """Who waits for contact: whose, and near where. Whom we know there stays in the house."""

    name = "contacts.due"
    label = gettext_lazy("Due for contact")
    permission = "contacts.view_interaction"
    BESIDES = frozenset(due.DueForm.BESIDES)

    def __init__(self, data, *, user, today):
        super().__init__(data, user=user, today=today)
        self.form = due.DueForm(data, user=user, today=today)

    @classmethod
    def url(cls, query):
        here = reverse("contacts:due")
        return f"{here}?{query}" if query else here

    @cached_property
    def plans(self):
        return due.plans_with_cadence()

    def rows(self):
        if not self.form.is_valid():
            raise BrokenSelection([str(problem) for problems in self.form.errors.values() for problem in problems])
        return self.form.rows(due.cadences_of(self.plans))

    def order(self):
        if start := self.form.start:
            return [start.km_squared_to(*position()).asc(nulls_last=True), "sort_name", "pk"]
        return ["tier", Coalesce("last_contact_on", "tier_since"), "sort_name", "pk"]

    def words(self):
        said = self.form.whose_in_words
        if start := self.form.start:
            return _("%(whose)s, the nearest to %(place)s first") % {"whose": said, "place": start.name}
        return said

    def columns(self):
        away = [Column(gettext_lazy("Kilometres away"), 11, lambda one: one.km_away, "km")] if self.form.start else []
        return [
            NAME,
            GROUP,
            Column(gettext_lazy("Waiting since"), 13, lambda one: one.waiting_since, "date"),
            Column(gettext_lazy("Due on"), 13, lambda one: one.due_on, "date"),
            LAST_CONTACT,
            Column(gettext_lazy("How"), 16, lambda one: one.plan_channel and str(Channel(one.plan_channel).label)),
            RESPONSIBLE,
            *away,
            *REACH,
        ]

    def annotated(self, workplaces):
        workplaces = workplaces.annotate_waiting()
        return workplaces.annotate_km_from(self.form.start) if self.form.start else workplaces

    def dress(self, workplaces):
        due.say_when(workplaces, self.plans)


# Value in the URL -> words and the rows that it shows.
SHOWN = {
    "mine": gettext_lazy("Mine"),
    "waiting": gettext_lazy("Not contacted yet"),
    "contacted": gettext_lazy("Contacted"),
    "left_out": gettext_lazy("Left out"),
    "all": gettext_lazy("All"),
}


def shown(targets, show, user):
    """Those of a plan's `targets` that the value `show` of the address shows to `user`."""
    return {
        "mine": lambda: targets.waiting().of(user),
        "waiting": targets.waiting,
        "contacted": targets.contacted,
        "left_out": lambda: targets.filter(contact=None).exclude(still_to_contact()),
        "all": lambda: targets,
    }[show]()


def _of_target(heading, width, value, kind="text"):
    return Column(heading, width, lambda one: value(one.target) if one.target else None, kind)


class PlanList(listings.Listing):
    """The workplaces of the contact plan `plan` of the address, as far as `show` shows them."""

    name = "contacts.plan"
    label = gettext_lazy("Contact plan")
    permission = "contacts.view_contactplan"

    @classmethod
    def url(cls, query):
        data = QueryDict(query)
        if not cls._number(data):
            return reverse("contacts:contact_plans")
        return f"{reverse('contacts:contact_plan', args=[cls._number(data)])}?show={cls._shown(data)}#workplaces"

    @staticmethod
    def _number(data):
        return number(data.get("plan")) or 0

    @staticmethod
    def _shown(data):
        return data.get("show") if data.get("show") in SHOWN else "all"

    @cached_property
    def plan(self):
        plan = ContactPlan.objects.filter(pk=self._number(self.data)).first()
        if plan is None:
            raise BrokenSelection([_("There is no such contact plan.")])
        return plan

    def rows(self):
        targets = shown(self.plan.targets.standing(), self._shown(self.data), self.user)
        return Workplace.objects.filter(pk__in=targets.order_by().values("workplace"))

    def words(self):
        return f"{self.plan.name}: {SHOWN[self._shown(self.data)]}"

    def columns(self):
        return [
            NAME,
            GROUP,
            _of_target(gettext_lazy("Who contacts"), 24, lambda target: str(target.consultant or "")),
            RESPONSIBLE,
            _of_target(gettext_lazy("State"), 20, lambda target: str(target.state.label)),
            _of_target(gettext_lazy("Contacted on"), 13, lambda target: target.contact and target.contact.on, "date"),
            _of_target(
                gettext_lazy("How"), 16, lambda target: target.contact and str(target.contact.get_channel_display())
            ),
            _of_target(
                gettext_lazy("Why it is left out"),
                34,
                lambda target: "" if target.contact else str(target.why_left_out),
            ),
            NEXT_STEP,
            *REACH,
        ]

    def dress(self, workplaces):
        targets = ContactPlanTarget.objects.filter(plan=self.plan, workplace__in=workplaces)
        found = {target.workplace_id: target for target in targets.select_related("consultant", "contact")}
        for workplace in workplaces:
            # None for one that was taken out of the plan since it was chosen.
            workplace.target = found.get(workplace.pk)
            if workplace.target:
                workplace.target.workplace = workplace
