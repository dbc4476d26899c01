from django.apps import AppConfig
from django.apps import apps as global_apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.frame import rail


class CompaniesConfig(AppConfig):
    """The register: companies, their places of work, and the group each place is in."""

    name = "companies"
    verbose_name = _("Companies")

    def ready(self):
        from companies import (
            among,
            bulk_acts,
            duplicates,
            listings,
            merging_register,
            plans,
            quality,
            timeline,
            whole_register,
        )
        from companies.figures.kind import KIND
        from companies.register import kinds

        among.declare()
        timeline.declare()
        merging_register.declare()
        duplicates.declare()
        kinds.register(KIND)
        bulk_acts.register(*bulk_acts.OWN)
        whole_register.register(plans.WHOLE, quality.WHOLE)
        listings.register(listings.RegisterList)
        rail.register(
            rail.Place(20, _("Companies"), "building", "companies:register", "companies.view_workplace", on_phone=True),
            rail.Place(80, _("Import"), "upload", "companies:imports", apart=True, may=kinds.may_import),
            rail.Place(85, _("Duplicates"), "intersect", "companies:duplicates", "companies.merge_records", apart=True),
            rail.Place(
                82, _("Data quality"), "clipboard-check", "companies:quality", "companies.change_workplace", apart=True
            ),
        )
        post_migrate.connect(_load_codes, sender=self, dispatch_uid="companies.load_codes")


def _load_codes(using, apps=global_apps, **kwargs):
    from companies.codes import load_codes

    # Not all tables are there after `migrate` to an earlier state; `apps` is the one that was migrated to.
    if "targetgroup" in apps.all_models["companies"]:
        load_codes(using=using)
