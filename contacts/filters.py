"""What contact plans add to the register's filter: in which plan, and whether it has been contacted for it."""

import django_filters
from django.utils.translation import gettext_lazy as _

from companies.filters import CONTACT, ChoicePart, Part, WorkplaceFilter
from contacts.models import ContactPlan, ContactPlanTarget


class ContactPlanPart(Part, django_filters.ModelChoiceFilter):
    """In a contact plan; `plan_state` says whether those contacted already, or those still to contact."""

    def filter(self, workplaces, plan):
        if plan is None:
            return workplaces
        targets = ContactPlanTarget.objects.filter(plan=plan)
        state = self.parent.chosen.get("plan_state")
        if state:
            targets = targets.contacted() if state == "contacted" else targets.waiting()
        return workplaces.filter(pk__in=targets.values("workplace"))


def declare():
    WorkplaceFilter.register(
        plan=ContactPlanPart(
            label=_("Contact plan"), queryset=ContactPlan.objects.all(), empty_label=_("All"), block=CONTACT,
            companions=["plan_state"],
        ),
        plan_state=ChoicePart(
            method="nothing", label=_("In the contact plan"), empty_label=_("All of it"), block=CONTACT,
            choices=[("waiting", _("Not contacted yet")), ("contacted", _("Contacted"))],
        ),
    )  # fmt: skip
