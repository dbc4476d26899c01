"""`migrate`, which refuses a database that can't hold every letter, and lets nobody wait for a table that is held."""

from contextlib import contextmanager

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands import migrate
from django.db import OperationalError, connections

from jobcenter_crm.backstage.refusals import narrow_encoding
from jobcenter_crm.migrating import waiting_for_locks

LOCK_NOT_AVAILABLE = "55P03"  # PostgreSQL, appendix A: error codes


class Command(migrate.Command):
    """Django's, which on PostgreSQL gives up after `MIGRATE_LOCK_TIMEOUT` seconds on a table that somebody else holds.

    A change of a table waits for whoever reads it, and everybody who comes later waits behind the change: one long
    report would keep every page waiting.
    """

    def handle(self, *arguments, database, **options):
        connection = connections[database]
        if connection.vendor != "postgresql":
            return super().handle(*arguments, database=database, **options)
        only_utf8(connection)
        with impatient(connection):
            return super().handle(*arguments, database=database, **options)


def only_utf8(connection):
    """Raises `CommandError` where the database has another encoding."""
    if problem := narrow_encoding(connection):
        raise CommandError(problem)


@contextmanager
def impatient(connection):
    """Waits for locks for `MIGRATE_LOCK_TIMEOUT` seconds. Raises `CommandError` where that is not enough."""
    seconds = settings.MIGRATE_LOCK_TIMEOUT
    try:
        with waiting_for_locks(connection, f"{seconds}s"):
            yield
    except OperationalError as problem:
        if getattr(problem.__cause__, "pgcode", None) != LOCK_NOT_AVAILABLE:
            raise
        raise CommandError(
            f"Somebody has used a table for longer than {seconds} seconds that this migration has to change, so it gave "
            f"up before everybody had to wait. {longest(connection)}What was under way is taken back, the migrations "
            "before it stay, and the product runs on. Run migrate again when that is over; a backup (pg_dump) is such "
            "a long look, too."
        ) from problem


def longest(connection):
    """Who has been at it for longest, in a sentence; empty if nobody is any more."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid, extract(epoch FROM clock_timestamp() - xact_start)::int FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start IS NOT NULL "
            "ORDER BY xact_start LIMIT 1"
        )
        row = cursor.fetchone()
    return f"The longest transaction is that of process {row[0]}, since {row[1]} seconds. " if row else ""
