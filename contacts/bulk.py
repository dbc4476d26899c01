"""What this app adds to the bar of the register: the chosen workplaces to a colleague, or into a contact plan."""

from django import forms
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, ngettext_lazy

from companies import bulk_acts
from contacts import contact_plans, handovers
from contacts.actions import NotNow
from contacts.handover_forms import ManyHandOverForm
from contacts.models import ContactPlan, HandoverItem
from jobcenter_crm.staff.models import User


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


def hand_over(*, draft, workplaces, answer, by, basis):
    """Offer the chosen workplaces to a colleague, one hand-over for each who is responsible for some; or assign them."""
    mine = handovers.not_offered(workplaces)
    mine = mine.exclude(owner=answer["to"]) if by.has_perm(handovers.ASSIGN) else mine.filter(owner=by)
    owners = list(mine.order_by().values_list("owner", flat=True).distinct())
    people = User.objects.in_bulk([owner for owner in owners if owner])
    facts = {"to": answer["to"], "note": answer["note"], "daily_contact": answer["daily_contact"], "by": by}
    offered, outcomes = [], []
    try:
        with transaction.atomic():
            for owner in owners:
                giver = people.get(owner)
                keys = list(mine.filter(owner=owner).order_by("pk").values_list("pk", flat=True))
                if answer.get("assign") or giver is None or not giver.is_active:
                    outcomes.append(handovers.assign(giver=giver, workplaces=keys, **facts))
                else:
                    offered.append(handovers.offer(giver=giver, workplaces=keys, **facts))
    except NotNow as not_now:
        return bulk_acts.Said(str(not_now))
    return _said(answer["to"], offered, outcomes)


def _said(to, offered, outcomes):
    items = HandoverItem.objects.filter(handover__in=offered).count() if offered else 0
    moved = sum(one.moved for one in outcomes)
    said, undo = [], ""
    if items:
        words = ngettext("%(n)s workplace offered to %(name)s.", "%(n)s workplaces offered to %(name)s.", items)
        said.append(words % {"n": items, "name": to})
        undo = reverse("contacts:withdraw_handover", args=[offered[0].pk]) if len(offered) == 1 and not moved else ""
    if moved:
        words = ngettext("%(n)s workplace handed over to %(name)s.", "%(n)s workplaces handed over to %(name)s.", moved)
        said.append(words % {"n": moved, "name": to})
        pks = "&".join(f"of={one.handover.pk}" for one in outcomes)
        undo = undo if items else f"{reverse('contacts:undo_handovers')}?{pks}"
    return bulk_acts.Said(" ".join(said), undo)


def declare():
    """Add the acts; once, when the app is ready."""
    bulk_acts.register(
        bulk_acts.BulkAct(
            15,
            "hand_over",
            _("Hand over"),
            _("Hand over to a colleague"),
            _("Hand over"),
            "arrow-left-right",
            "companies.set_owner",
            hand_over,
            form=ManyHandOverForm,
            now=lambda workplace: str(workplace.responsible or _("nobody")),
            now_label=_("Responsible now"),
        ),
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
            done=ngettext_lazy(
                "%(n)s workplace added to the contact plan.", "%(n)s workplaces added to the contact plan.", "n"
            ),
        ),
    )
