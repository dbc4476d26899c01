from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class ContactsConfig(AppConfig):
    """Who we know at the employers, what was said, and what somebody promised to do next."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self):
        from companies import listings
        from companies.register import kinds
        from contacts import (
            bulk,
            duplicates,
            escalation,
            filters,
            follow_up_kinds,
            goes_along,
            handover_parts,
            left_behind,
            merging,
            reminders,
            waiting,
        )
        from contacts.listings import DueList, PlanList
        from contacts.past.kind import HISTORY

        kinds.register(HISTORY)
        merging.declare()
        duplicates.declare()
        filters.declare()
        bulk.declare()
        follow_up_kinds.declare()
        waiting.declare()
        listings.register(DueList, PlanList)
        reminders.declare()
        escalation.declare()
        goes_along.declare()
        handover_parts.declare()
        left_behind.declare()
        post_migrate.connect(_load_answers, sender=self, dispatch_uid="contacts.load_answers")
        post_migrate.connect(_load_services, sender=self, dispatch_uid="contacts.load_services")
        rail.register(
            rail.Place(45, _("Hand-overs"), "arrow-left-right", "contacts:handovers", "contacts.view_handover"),
            rail.Place(
                30, _("Follow-ups"), "check2-square", "contacts:follow_ups", "contacts.view_followup", on_phone=True
            ),
            rail.Place(40, _("Contact plans"), "list-check", "contacts:contact_plans", "contacts.view_contactplan"),
            rail.Place(60, _("Services"), "card-checklist", "contacts:services", "contacts.view_service"),
        )


def _load_answers(using, apps=global_apps, **kwargs):
    from contacts.answers import load_answers

    # The table is gone after `migrate contacts zero`; `apps` is the state that was migrated to.
    if "barrieranswer" in apps.all_models["contacts"]:
        load_answers(using=using)


def _load_services(using, apps=global_apps, **kwargs):
    from contacts.declarations import load_services

    if "service" in apps.all_models["contacts"]:
        load_services(using=using)
