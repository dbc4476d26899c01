from jobcenter_crm.backstage.backup import copies
from jobcenter_crm.backstage.backup.command import WANTING, BackupCommand, in_short
from jobcenter_crm.backstage.models import Message
from jobcenter_crm.backstage.outbox import hold_waiting


class Command(BackupCommand):
    """Puts a backup into an empty database and an empty `FILES_DIR`, and compares them with it afterwards.

    Mail that waited then is in doubt from then on, unless `--send-mail` says otherwise: it may have been sent since.

    Exit code 0: what is here equals the backup; 1: it differs; 2: the archive or the place is unusable, and nothing
    is changed.
    """

    help = "Restores a backup into an empty database and an empty folder, and proves that both equal it."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        which = parser.add_mutually_exclusive_group()
        which.add_argument("--check", action="store_true", help="only compare what is here with the backup")
        which.add_argument(
            "--send-mail",
            action="store_true",
            help="let mail that waited go out by itself: only where nothing ran since the backup was made",
        )

    def handle(self, *, file, check, send_mail, verbosity, **options):
        with self.here(verbosity) as here:
            manifest = copies.read(file, here) if check else copies.restore(file, here)
            differences = copies.compare(manifest, here)
            if not differences:
                here.say(self.style.SUCCESS(f"Equal to the backup of {manifest['made_at']}: {in_short(manifest)}"))
            if not (check or send_mail) and Message._meta.db_table in manifest["tables"]:
                # Once all is compared: it is the first change since.
                self.hold_mail(here)
        if differences:
            self.stderr.write(f"Not equal to the backup of {manifest['made_at']}:")
            for difference in differences:
                self.stderr.write(f"  {difference}")
            raise SystemExit(WANTING)

    def hold_mail(self, here):
        if held := hold_waiting(self.database):
            here.say(
                f"Mail that waited when the backup was made: {held}. It may have been sent since, so it is in doubt now: "
                "decide about it under Operations. --check tells of backstage_message from now on."
            )
