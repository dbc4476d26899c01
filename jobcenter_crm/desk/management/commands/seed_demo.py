"""An invented municipality to look at and to try things in."""

import time
from datetime import date

from django.apps import apps
from django.conf import settings
from django.core.management import BaseCommand, CommandError
from django.utils import timezone

from companies.codes import CODE_LISTS, added_by_hand
from companies.models import Figure, Municipality, TargetGroup, TierPlan
from contacts.models import BarrierAnswer, Service
from jobcenter_crm.desk.demo import staff
from jobcenter_crm.desk.demo.build import FEWEST, build
from jobcenter_crm.desk.demo.numbers import MOST_COMPANIES
from jobcenter_crm.desk.demo.places import HOME
from jobcenter_crm.staff.models import User

OURS = ("staff", "backstage", "companies", "contacts")
# Made by `migrate`, and signs of life that a worker and a clock leave in any database.
NOT_DATA = {
    *CODE_LISTS,
    Figure,
    TargetGroup,
    TierPlan,
    BarrierAnswer,
    Service,
    *(apps.get_model("backstage", name) for name in ("Pulse", "ClockRun", "LastTick")),
}


class Command(BaseCommand):
    """Fills an empty database with Lindevig, its employers and a year of contacts. The same arguments give the same data.

    It refuses a database with anything else in it, and a production setting (DEBUG off) without
    `--known-passwords`: everybody knows the password that these log-ins have.
    """

    help = "Fills an empty database with an invented municipality, its employers and a year of contacts."

    def add_arguments(self, parser):
        parser.add_argument("--workplaces", type=int, default=1500, metavar="N", help="how many (1500)")
        parser.add_argument("--seed", default="1", metavar="S", help="another one gives other employers (1)")
        parser.add_argument("--today", type=day, metavar="YYYY-MM-DD", help="the day up to which it is told (today)")
        parser.add_argument("--known-passwords", action="store_true", help="yes, also where DEBUG is off")
        parser.add_argument("--logins", action="store_true", help="only print the log-ins of the demo")

    def handle(self, *, workplaces, seed, today, known_passwords, logins, **options):
        if logins:
            self._tell_log_ins()
            return
        if is_there():
            self.stdout.write("The demo is already there; nothing was changed.")
            return
        self._refuse(workplaces, known_passwords)
        begun = time.monotonic()
        build(workplaces=workplaces, seed=seed, today=today or timezone.localdate(), say=self.stdout.write)
        self.stdout.write(self.style.SUCCESS(f"Lindevig is ready ({time.monotonic() - begun:.0f} s)."))

    def _refuse(self, workplaces, known_passwords):
        if not settings.DEBUG and not known_passwords:
            raise CommandError(
                "DEBUG is off, and the demo's passwords are known to everybody. If that is what you want, "
                "add --known-passwords."
            )
        if not FEWEST <= workplaces <= MOST_COMPANIES:
            raise CommandError(f"--workplaces takes a number from {FEWEST} to {MOST_COMPANIES}.")
        if found := anything_else():
            raise CommandError(
                f"This database already holds something else ({found}). The demo takes an empty one: "
                "set DATABASE_URL to another, and run migrate first."
            )

    def _tell_log_ins(self):
        if is_there():
            for line in staff.log_ins():
                self.stdout.write(line)


def is_there():
    """Whether this database is the demo's: its municipality's code is nobody else's."""
    return Municipality.objects.filter(code=HOME).exists() and User.objects.filter(username="mette").exists()


def anything_else():
    """What the database holds that neither `migrate` nor the demo made, in a few words; empty if nothing."""
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            is_history = hasattr(model, "history_object")
            if not is_history and model not in NOT_DATA and (count := model.objects.count()):
                return f"{count} {model._meta.verbose_name_plural}"
    count = added_by_hand()
    return f"{count} rows added to the code lists" if count else ""


def day(text):
    """A date as ISO writes it; argparse says the name of this function when it is none."""
    return date.fromisoformat(text)
