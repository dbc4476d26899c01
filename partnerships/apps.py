from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class PartnershipsConfig(AppConfig):
    """Cooperation in writing: agreements, their goals and reviews, company centres and service agreements."""

    name = "partnerships"
    verbose_name = _("Partnerships")

    def ready(self):
        from partnerships import filters, goals, goes_along, merging, word_templates

        merging.declare()
        goals.declare()
        filters.declare()
        goes_along.declare()
        word_templates.declare()
        rail.register(
            rail.Place(
                35, _("Agreements"), "file-earmark-text", "partnerships:agreements", "partnerships.view_agreement"
            )
        )
