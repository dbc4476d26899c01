from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class DeskConfig(AppConfig):
    """Pages that show several apps together: my day, the card, search."""

    name = "jobcenter_crm.desk"

    def ready(self):
        from companies import listings, whole_register
        from jobcenter_crm.desk.dashboard import kept
        from jobcenter_crm.desk.moved import MovedList

        listings.register(MovedList)
        whole_register.read_from(kept.of_whole_register)
        rail.register(
            rail.Place(10, _("My day"), "sun", "desk:home", on_phone=True),
            rail.Place(65, _("Overview"), "bar-chart", "desk:dashboard", "desk.view_dashboard"),
            rail.Place(70, _("Groups"), "layers", "desk:segments", "companies.view_tierplan"),
            rail.Place(90, _("Data"), "sliders", "admin:index", "companies.change_workplace", apart=True),
        )
