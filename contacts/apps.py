from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class ContactsConfig(AppConfig):
    """Who we know at the employers, what was said, and what somebody promised to do next."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self):
        from companies.register import kinds
        from contacts import duplicates, filters, merging
        from contacts.past.kind import HISTORY

        kinds.register(HISTORY)
        merging.declare()
        duplicates.declare()
        filters.declare()
        rail.register(
            rail.Place(40, _("Contact plans"), "list-check", "contacts:contact_plans", "contacts.view_contactplan")
        )
