from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class PlacementsConfig(AppConfig):
    """Slots, who takes them, what came of it, and job orders."""

    name = "placements"
    verbose_name = _("Placements")

    def ready(self):
        from companies.register import kinds
        from placements import (
            asked,
            debt,
            effect,
            filters,
            finder,
            follow_ups,
            goals,
            goes_along,
            job_order_days,
            merging,
            occupancy_chart,
            reminders,
            reservations,
            timeline,
        )
        from placements.case_list.kind import KIND

        merging.declare()
        asked.declare()
        filters.declare()
        debt.declare()
        effect.declare()
        occupancy_chart.declare()
        finder.declare()
        reservations.declare()
        reminders.declare()
        follow_ups.declare()
        job_order_days.declare()
        goals.declare()
        goes_along.declare()
        timeline.declare()
        kinds.register(KIND)
        rail.register(
            rail.Place(36, _("Slots"), "pin-map", "placements:slots", "placements.view_slot"),
            rail.Place(37, _("Placements"), "people", "placements:placements", "placements.view_placement"),
            rail.Place(38, _("Job orders"), "briefcase", "placements:job_orders", "placements.view_joborder"),
        )
        post_migrate.connect(_load_reference_data, sender=self, dispatch_uid="placements.load_reference_data")


def _load_reference_data(using, apps=global_apps, **kwargs):
    from placements.reference_data import load

    # The tables are gone after `migrate placements zero`; `apps` is the state that was migrated to.
    if "consideration" in apps.all_models["placements"]:
        load(using=using)
