from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class StaffConfig(AppConfig):
    """Who works here and what each role may do."""

    name = "jobcenter_crm.staff"
    verbose_name = _("Colleagues")

    def ready(self):
        rail.register(rail.Place(80, _("Colleagues"), "people", "staff:colleagues"))
        # Without a sender: roles name permissions of every app, and an app's permissions exist
        # only after its own post_migrate. Harmless twice.
        post_migrate.connect(_load_roles, dispatch_uid="staff.load_roles")


def _load_roles(using, **kwargs):
    from jobcenter_crm.staff.roles import load_roles

    load_roles(using=using)
