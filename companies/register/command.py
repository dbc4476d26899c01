"""Files brought in on the command line, without a browser and without a worker; a command for each kind."""

from contextlib import ExitStack
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from companies.models import ColumnMapping
from companies.register import rejects, runs
from companies.register.kinds import kind_of
from companies.register.lines import in_words
from companies.register.readers import Unusable
from companies.register.reasons import sentence

SOME_REJECTED, UNUSABLE, BROKEN_OFF = 1, 2, 3
SHOWN = 10


class ImportCommand(BaseCommand):
    """What the commands have in common; each says the name of its `kind`.

    Exit code 0: every row is taken; 1: some rows are rejected, the good ones are in; 2: a file is unusable,
    and nothing is changed; 3: the database gave up, what is in is whole, and the same command again goes on.
    """

    kind = "register"

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", metavar="FILE", type=Path)
        parser.add_argument(
            "--columns",
            metavar="NAME",
            help="Read the columns as they were named in the browser and kept under this name.",
        )
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")
        parser.add_argument("--rejects", metavar="FILE", type=Path, help="Write the rejected rows to this CSV file.")

    def handle(self, *, files, dry_run, **options):
        self.import_kind = kind_of(self.kind)
        with ExitStack() as stack:
            target = self._open(options["rejects"], stack) if options["rejects"] else None
            mapping = self._mapping(options["columns"]) if options["columns"] else None
            self.answers = self.answered(options)
            readings = [(path, self._read(path, mapping, stack)) for path in files]
            if not dry_run:
                runs.give_up_the_dead()
            rejected = 0
            for path, reading in readings:
                counts, sample = self._go(path, reading, dry_run)
                rejected += counts.rejected
                self._tell(path, reading, counts, sample)
            if target:
                self._write_rejects(target, readings)
        if rejected:
            raise SystemExit(SOME_REJECTED)

    def answered(self, options):
        """What the options say of the whole of each file, for a kind that asks something."""
        return {}

    def _open(self, path, stack):
        try:
            return stack.enter_context(open(path, "w", encoding="utf-8", newline=""))
        except OSError as error:
            problem = _("The file for rejected rows can't be written: %(problem)s.") % {"problem": error.strerror}
            raise CommandError(problem, returncode=UNUSABLE) from error

    def _mapping(self, name):
        try:
            return ColumnMapping.objects.get(kind=self.kind, name=name).columns
        except ColumnMapping.DoesNotExist as error:
            problem = _("No columns are kept under the name %(name)s.") % {"name": name}
            raise CommandError(problem, returncode=UNUSABLE) from error

    def _read(self, path, mapping, stack):
        try:
            said = {"mapping": mapping, "answers": self.answers}
            return stack.enter_context(self.import_kind.reading(path, today=timezone.localdate(), **said))
        except Unusable as unusable:
            text = f"{path.name}: {sentence(unusable.reason, unusable.details)} {_('Nothing was changed.')}"
            raise CommandError(text, returncode=UNUSABLE) from unusable

    def _go(self, path, reading, dry_run):
        """`(Counts, Sample)` of one file; without a sample it has been taken in."""
        if dry_run:
            return self.import_kind.compare(reading)
        try:
            register_import = runs.take_in_at_once(reading, name=path.name, kind=self.kind)
        except DatabaseError as error:
            text = _("%(file)s: the database gave up (%(problem)s). What is in is whole; run the command again.")
            raise CommandError(
                text % {"file": path.name, "problem": type(error).__name__}, returncode=BROKEN_OFF
            ) from error
        return reading.counts(register_import.tally), None

    def _tell(self, path, reading, counts, sample):
        said = ngettext("%(file)s: %(rows)s row read", "%(file)s: %(rows)s rows read", counts.read)
        self.stdout.write(said % {"file": path.name, "rows": _number(counts.read)})
        for outcome, (word, _what) in self.import_kind.figures.items():
            self.stdout.write(f"  {_number(getattr(counts, outcome)):>11}  {word}")
        if sample and sample.new_ceased:
            ceased = _("of the new ones ceased already")
            self.stdout.write(f"  {_number(sample.new_ceased):>11}  {ceased}")
        if counts.warned:
            with_a_warning = _("of those taken with a warning")
            self.stdout.write(f"  {_number(counts.warned):>11}  {with_a_warning}")
        if reading.ignored_headings:
            self.stdout.write(
                _("Headings that are not used: %(headings)s") % {"headings": ", ".join(reading.ignored_headings)}
            )
        self._tell_remarks(reading, "rejected", _("Rejected rows:"))
        self._tell_remarks(reading, "repeated", _("Repeated rows:"))
        self._tell_remarks(reading, "warning", _("Warnings:"))
        if sample:
            self.stdout.write(_("This was a dry run: nothing was changed."))

    def _tell_remarks(self, reading, kind, heading):
        for position, remark in enumerate(reading.staging.remarks(kind)):
            if position == 0:
                self.stdout.write(heading)
            if position == SHOWN:
                self.stdout.write("  … " + _("and more"))
                return
            sheets = reading.reader.sheets
            where = _("line %(line)s") % {"line": in_words(remark.line, sheets)}
            what = ": ".join(filter(None, (remark.column, remark.value)))
            self.stdout.write(
                "  " + ", ".join(filter(None, (where, what))) + f". {sentence(remark.reason, remark.details, sheets)}"
            )

    def _write_rejects(self, target, readings):
        files = [
            (path.name, reading.reader.headings, reading.staging.remarks("rejected"), reading.reader.sheets)
            for path, reading in readings
        ]
        if len(files) == 1:
            target.writelines(rejects.lines(*files[0][1:]))
        else:
            target.writelines(rejects.lines_of_several(files))


def _number(number):
    return number_format(number, force_grouping=True)
