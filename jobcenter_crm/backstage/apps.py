from importlib import import_module

from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class BackstageConfig(AppConfig):
    """What happens behind the pages: background jobs, outgoing mail, the clock, stored files."""

    name = "jobcenter_crm.backstage"
    verbose_name = _("Background work")

    def ready(self):
        # Every process knows every kind of work: the web to order and name it, the worker to do it.
        autodiscover_modules("tasks")
        # Celery's signals, not Django's: there is no other way to hear that its processes live.
        import_module("jobcenter_crm.backstage.pulse")
        rail.register(
            rail.Place(
                87,
                _("Documents"),
                "file-earmark-text",
                "backstage:templates",
                "backstage.change_documenttemplate",
                apart=True,
            ),
            rail.Place(900, _("Operations"), "activity", "backstage:clock", "backstage.view_clockrun", apart=True),
        )
