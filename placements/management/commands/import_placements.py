"""`manage.py import_placements FILE...`: the case system's list of placements."""

from django.core.management.base import CommandError

from companies.register.command import UNUSABLE, ImportCommand
from jobcenter_crm.staff.models import User


class Command(ImportCommand):
    kind = "placements"
    help = (
        "Take in the case system's list of placements. Only workplace, measure, days and case reference are read of it. "
        "All files are read to their end before the first row is written."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--consultant",
            metavar="LOG-IN",
            required=True,
            help="Who follows up at workplaces that have no responsible consultant.",
        )

    def answered(self, options):
        user = User.objects.working().who_may("placements.change_placement").filter(username=options["consultant"])
        found = user.first()
        if found is None:
            raise CommandError("No colleague with this log-in follows up on placements.", returncode=UNUSABLE)
        return {"consultant": str(found.pk)}
