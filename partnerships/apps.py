from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class PartnershipsConfig(AppConfig):
    """Cooperation in writing: agreements, their goals and reviews, company centres and service agreements."""

    name = "partnerships"
    verbose_name = _("Partnerships")

    def ready(self):
        from partnerships import (
            absence,
            filters,
            goals,
            goes_along,
            merging,
            proposals,
            reminders,
            review_days,
            review_pages,
            timeline,
            word_templates,
            year_figures,
        )

        merging.declare()
        goals.declare()
        absence.declare()
        filters.declare()
        goes_along.declare()
        proposals.declare()
        year_figures.declare()
        review_days.declare()
        review_pages.declare()
        reminders.declare()
        timeline.declare()
        word_templates.declare()
        rail.register(
            rail.Place(
                35, _("Agreements"), "file-earmark-text", "partnerships:agreements", "partnerships.view_agreement"
            )
        )
