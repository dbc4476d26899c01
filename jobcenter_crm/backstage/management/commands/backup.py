from jobcenter_crm.backstage.backup import copies
from jobcenter_crm.backstage.backup.command import WANTING, BackupCommand, in_short


class Command(BackupCommand):
    """Writes the database and the uploaded files to one archive, while web, worker and clock go on.

    Exit code 0: made; 1: made, but some files that rows name are not there; 2: not made, and nothing is left of it.
    """

    help = "Backs up the database and the uploaded files as one archive, which nobody but you may read."

    def handle(self, *, file, verbosity, **options):
        with self.here(verbosity) as here:
            manifest, missing = copies.make(file, here)
            here.say(self.style.SUCCESS(f"{file}: {in_short(manifest)}"))
        if missing:
            self.stderr.write(
                f"Files that rows name and that are not in FILES_DIR: {len(missing)}. The first: {missing[0]}"
            )
            raise SystemExit(WANTING)
