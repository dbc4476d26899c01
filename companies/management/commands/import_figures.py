"""`manage.py import_figures FILE...`: figures of workplaces from files."""

from django.core.management.base import CommandError

from companies.importing import UploadForm
from companies.register.command import UNUSABLE, ImportCommand
from companies.register.kinds import kind_of


class Command(ImportCommand):
    kind = "figures"
    help = (
        "Take in what is counted at workplaces, such as sickness absence. All files are read to their end before the "
        "first row is written. What the options say holds for rows that do not say it themselves."
    )

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument(
            "--figure", metavar="CODE", default="", help="Which figure it is, such as sickness_absence."
        )
        parser.add_argument("--on", metavar="YYYY-MM-DD", default="", help="The day on which it was counted.")
        parser.add_argument("--source", metavar="TEXT", default="", help="Who has counted.")

    def answered(self, options):
        told = {"figure": options["figure"], "counted_on": options["on"], "source": options["source"]}
        form = UploadForm(told, kind=kind_of(self.kind))
        del form.fields["file"]
        if not form.is_valid():
            problems = [f"{form[name].label}: {error}" for name, errors in form.errors.items() for error in errors]
            raise CommandError(" ".join(problems), returncode=UNUSABLE)
        return form.answers
