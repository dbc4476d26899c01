from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from jobcenter_crm.backstage import clock


class Command(BaseCommand):
    """Everything the clock does in a day, in this process: no worker, no broker, harmless twice."""

    help = (
        "Does all that the clock does on a day, as though the day were wholly passed, and sends the mail "
        "that waits. What was done for that day already is not done again."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="the day; today here in Denmark if left out"
        )

    def handle(self, *, date, **options):
        now = timezone.now()
        day = date or timezone.localdate(now)
        self.stdout.write(f"The day {day}:")
        outcomes = clock.run_day(day, now)
        for outcome in outcomes:
            counts = ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in outcome.result.items())
            self.stdout.write(f"  {outcome.name}: {outcome.failure or counts or 'done'}")
        if any(outcome.failure for outcome in outcomes):
            raise CommandError("Not everything could be done. Run the command again when the cause is gone.")
