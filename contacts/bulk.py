"""What contact plans add to the bar of the register: the chosen workplaces into one of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies import bulk_acts
from contacts import contact_plans
from contacts.actions import NotNow
from contacts.models import ContactPlan


class PlanChoiceForm(forms.Form):
    """The plan that many workplaces come into: one that runs, or a draft."""

    plan = forms.ModelChoiceField(
        label=_("Contact plan"),
        queryset=ContactPlan.objects.none(),
        empty_label=_("Choose a contact plan"),
        help_text=_("Those who are in it already stay as they are. Nobody has them until they are shared out there."),
        error_messages={"required": _("Choose the plan."), "invalid_choice": _("This plan has ended. Choose another.")},
    )

    def __init__(self, *args, workplaces, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["plan"].queryset = ContactPlan.objects.open()


def put_in(*, draft, workplaces, answer, by, basis):
    """Order that `workplaces` come into the chosen plan; the job, or None if all are in it."""
    try:
        return contact_plans.put_in(answer["plan"], workplaces, by, basis)
    except NotNow as not_now:
        # Ended in the second between the form's look and this one.
        return bulk_acts.Said(str(not_now))


def declare():
    """Add the act; once, when the app is ready."""
    bulk_acts.register(
        bulk_acts.BulkAct(
            30,
            "plan",
            _("Add to contact plan"),
            _("Add to a contact plan"),
            _("Add to the contact plan"),
            "list-check",
            "contacts.change_contactplan",
            put_in,
            form=PlanChoiceForm,
            is_contact=True,
        )
    )
