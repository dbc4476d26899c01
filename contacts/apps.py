from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ContactsConfig(AppConfig):
    """Who we know at the employers, what was said, and what somebody promised to do next."""

    name = "contacts"
    verbose_name = _("Contacts")

    def ready(self):
        from companies.register import kinds
        from contacts import duplicates, merging
        from contacts.past.kind import HISTORY

        kinds.register(HISTORY)
        merging.declare()
        duplicates.declare()
