"""The rules for the groups on the command line: what they would move, or moving it."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from companies import segmentation
from companies.models import TIERS
from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.models import Job

FAILED, BROKEN = 1, 2


class Command(BaseCommand):
    """Follows the rules as a person at the page of the groups would, without a worker. The clock never runs it.

    Exit code 0: done, or there was nothing to do; 1: the work failed, and what it moved is told by its job; 2: there
    are no rules, or one of them can't be followed, and nothing is changed.
    """

    help = "Moves workplaces between the groups as the rules say."

    def add_arguments(self, parser):
        parser.add_argument("--dry-run", action="store_true", help="Say what would happen, and change nothing.")

    def handle(self, *, dry_run, **options):
        try:
            rules = segmentation.Rules(timezone.localdate())
            preview = rules.preview()
        except segmentation.RulesBroken as broken:
            raise CommandError(f"{broken} {_('Nothing was changed.')}", returncode=BROKEN) from broken
        if not preview.rules:
            raise CommandError(_("There are no rules. Nothing was changed."), returncode=BROKEN)
        self._tell(preview)
        if dry_run:
            self.stdout.write(_("This was a dry run: nothing was changed."))
        elif preview.total:
            self._do(preview)
        else:
            self.stdout.write(_("The rules move nobody."))

    def _do(self, preview):
        try:
            job = segmentation.order(mark=preview.mark, calculated_at=preview.at, by=None, queue_it=False)
        except (segmentation.Stale, segmentation.RulesBroken) as problem:
            raise CommandError(f"{problem} {_('Nothing was changed.')}", returncode=FAILED) from problem
        jobs.run(job.pk)
        job.refresh_from_db()
        if job.state != Job.State.DONE:
            raise CommandError(job.failure or _("Job %(number)s did not come to its end.") % {"number": job.pk})
        self.stdout.write(
            _("Moved: %(moved)s. Left, because somebody changed them meanwhile: %(left)s. Job %(number)s.")
            % {"moved": _n(job.counts["moved"]), "left": _n(job.counts["left"]), "number": job.pk}
        )

    def _tell(self, preview):
        for rule in preview.rules:
            number = rule.number
            self.stdout.write(
                _("%(number)s. %(name)s → group %(tier)s: fits %(fits)s, takes %(takes)s, moves %(moves)s")
                % {
                    "number": number,
                    "name": rule.selection.name,
                    "tier": rule.tier,
                    "fits": _n(preview.fits.get(number, 0)),
                    "takes": _n(preview.takes[number]),
                    "moves": _n(preview.moves[number]),
                }
            )
        names = {0: _("No group"), **dict(TIERS)}
        for (old, new), count in sorted(preview.matrix.items()):
            if old != new:
                self.stdout.write(f"  {_n(count):>9}  {names[old]} → {names[new]}")
        self.stdout.write(
            _("%(all)s active workplaces; set by hand, and left there: %(by_hand)s; still in no group: %(without)s.")
            % {"all": _n(preview.workplaces), "by_hand": _n(preview.by_hand), "without": _n(preview.without)}
        )


def _n(number):
    return number_format(number, force_grouping=True)
