from jobcenter_crm.backstage.backup import copies
from jobcenter_crm.backstage.backup.command import WANTING, BackupCommand, in_short


class Command(BackupCommand):
    """Puts a backup into an empty database and an empty `FILES_DIR`, and compares them with it afterwards.

    Exit code 0: what is here equals the backup; 1: it differs; 2: the archive or the place is unusable, and nothing
    is changed.
    """

    help = "Restores a backup into an empty database and an empty folder, and proves that both equal it."

    def add_arguments(self, parser):
        super().add_arguments(parser)
        parser.add_argument("--check", action="store_true", help="only compare what is here with the backup")

    def handle(self, *, file, check, verbosity, **options):
        with self.here(verbosity) as here:
            manifest = copies.read(file, here) if check else copies.restore(file, here)
            differences = copies.compare(manifest, here)
            if not differences:
                here.say(self.style.SUCCESS(f"Equal to the backup of {manifest['made_at']}: {in_short(manifest)}"))
        if differences:
            self.stderr.write(f"Not equal to the backup of {manifest['made_at']}:")
            for difference in differences:
                self.stderr.write(f"  {difference}")
            raise SystemExit(WANTING)
