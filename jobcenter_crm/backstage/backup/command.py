"""What the commands `backup` and `restore` have in common."""

import sqlite3
from contextlib import contextmanager
from pathlib import Path

from django.core.files.storage import default_storage
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection

from jobcenter_crm.backstage.backup.archive import Unusable
from jobcenter_crm.backstage.backup.copies import Here
from jobcenter_crm.backstage.backup.engines import engine_of

WANTING, UNUSABLE = 1, 2


class BackupCommand(BaseCommand):
    """Works on the database and the files that the settings name. `--verbosity 0` tells only what is wrong."""

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the archive, for instance backup.tar.gz")

    @property
    def database(self):
        """The alias of the database that is backed up, or restored to."""
        return connection.alias

    @contextmanager
    def here(self, verbosity):
        """What the deeds in `copies` work on. What goes wrong in them becomes a sentence and exit code 2."""
        try:
            say = self.stdout.write if verbosity else _nothing
            yield Here(engine_of(connection), Path(default_storage.location), say)
        except Unusable as unusable:
            raise CommandError(str(unusable), returncode=UNUSABLE) from unusable
        except OSError as problem:
            text = f"{problem.filename or 'A file'}: {problem.strerror or problem}."
            raise CommandError(text, returncode=UNUSABLE) from problem
        except (DatabaseError, sqlite3.Error) as problem:
            # Its own words may show a row.
            text = f"The database can't be reached, or gave up ({type(problem).__name__})."
            raise CommandError(text, returncode=UNUSABLE) from problem


def _nothing(line):
    """In place of a line for a person, where nobody wants to read."""


def in_short(manifest):
    """What a backup holds, in one line."""
    rows = sum(table["rows"] for table in manifest["tables"].values())
    return f"tables: {len(manifest['tables'])}, rows: {rows}, files: {len(manifest['files'])}"
