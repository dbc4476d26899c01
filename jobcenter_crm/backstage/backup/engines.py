"""What differs between the two databases: how one snapshot is copied, counted and summed, and how a copy is put in.

Checksums do not depend on the order of the rows, and are an engine's own: those of SQLite are not those of PostgreSQL.
They find damage and what was changed by mistake; they are no signature.
"""

import hashlib
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from django.apps import apps
from django.db import transaction
from django.db.models import FileField

from jobcenter_crm.backstage.backup.archive import PIECE, Unusable
from jobcenter_crm.backstage.refusals import narrow_encoding

HOLDS_SOMETHING = (
    "The database holds something already (tables: {count}). Restore takes an empty one: make a new database, "
    "set DATABASE_URL to it, and do not run migrate first."
)


@dataclass(frozen=True)
class Contents:
    """What one snapshot of a database holds.

    `tables`: name: {"rows": number, "checksum": text}; `migrations`: "app.name" of those applied; `files`: the
    names in `FILES_DIR` that rows name.
    """

    tables: dict
    migrations: list
    files: set


def engine_of(connection):
    """The engine behind a connection of Django's."""
    return {"sqlite": SQLite, "postgresql": PostgreSQL}[connection.vendor](connection)


def _contents(cursor, tables, sum_of):
    """`Contents` as `cursor` sees them; `sum_of(table)` gives the number of rows and the checksum."""
    sums = {table: sum_of(table) for table in tables}
    migrations = []
    if "django_migrations" in tables:
        cursor.execute("SELECT app, name FROM django_migrations")
        migrations = sorted(f"{app}.{name}" for app, name in cursor.fetchall())
    return Contents(
        tables={table: {"rows": rows, "checksum": checksum} for table, (rows, checksum) in sums.items()},
        migrations=migrations,
        files=_files_named(cursor, tables),
    )


def _files_named(cursor, tables):
    """The code may be newer than the database: columns that are not there yet name nothing."""
    names = set()
    for model in apps.get_models():
        table, columns = model._meta.db_table, [f.column for f in model._meta.local_fields if isinstance(f, FileField)]
        if columns and table in tables:
            cursor.execute(f'SELECT * FROM "{table}" LIMIT 0')
            there = {column[0] for column in cursor.description}
            for column in there.intersection(columns):
                cursor.execute(f'SELECT "{column}" FROM "{table}" WHERE "{column}" <> \'\'')
                names.update(name for (name,) in cursor.fetchall())
    return names


class SQLite:
    """A file. A copy is made by SQLite's online backup, for which no writer waits."""

    name = "sqlite"

    def __init__(self, connection):
        if connection.is_in_memory_db():
            raise Unusable("A database in memory can't be backed up or restored.")
        self.path = Path(connection.settings_dict["NAME"])

    def dump(self, path):
        """Write a consistent copy to `path`; returns its `Contents`."""
        if not self.how_many_tables():
            raise Unusable("The database holds nothing.")
        with closing(self._open()) as original, closing(sqlite3.connect(path, isolation_level=None)) as copy:
            original.backup(copy)
            # One file, with nothing beside it; the product's own connections switch back.
            copy.execute("PRAGMA journal_mode=DELETE")
            return self._contents_of(copy)

    def contents(self):
        """`Contents` of the database now; writers go on meanwhile."""
        if not self.path.exists():
            return Contents({}, [], set())
        with closing(self._open()) as connection:
            connection.execute("BEGIN")
            return self._contents_of(connection)

    def files_named(self):
        """The names of files that rows name now."""
        with closing(self._open()) as connection:
            return _files_named(connection.cursor(), self._tables(connection))

    def how_many_tables(self):
        """0: the database is empty, or there is no file yet."""
        if not self.path.exists():
            return 0
        with closing(self._open()) as connection:
            return len(self._tables(connection))

    def ready_to_load(self):
        """Raises `Unusable` unless the database is empty and nobody has it open."""
        if count := self.how_many_tables():
            raise Unusable(HOLDS_SOMETHING.format(count=count))
        # Its log would be played back into the restored database.
        if any(self.path.with_name(self.path.name + end).exists() for end in ("-wal", "-shm", "-journal")):
            raise Unusable(
                f"{self.path.name} is open in another process, or the remains of one lie beside it (-wal, -shm, "
                "-journal). Stop web, worker and clock, or move the remains away."
            )

    def load(self, content):
        """Write the copy beside, then put it in place in one step."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        beside = self.path.with_name(self.path.name + ".restoring")
        try:
            handle = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError as problem:
            raise Unusable(f"Another restore is running, or one died: then delete {beside.name}.") from problem
        try:
            with open(handle, "wb") as file:
                shutil.copyfileobj(content, file, PIECE)
                file.flush()
                os.fsync(file.fileno())
            self.ready_to_load()
            os.replace(beside, self.path)
        finally:
            beside.unlink(missing_ok=True)

    def settle(self):
        """A copy of the file is all there is to it."""

    def _open(self):
        """Never makes a file that is not there."""
        uri = f"{self.path.resolve().as_uri()}?mode=rw"
        return sqlite3.connect(uri, uri=True, timeout=20, isolation_level=None)

    @staticmethod
    def _tables(connection):
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
        return [name for (name,) in names if not name.startswith("sqlite_")]

    def _contents_of(self, connection):
        def sum_of(table):
            rows = total = 0
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                # As ASCII: what `repr` leaves unescaped changes with the Unicode that a Python knows.
                digest = hashlib.sha256(ascii(row).encode("ascii")).digest()
                total += int.from_bytes(digest[:16], "big")
                rows += 1
            return rows, f"{total % 2**128:032x}"

        return _contents(connection.cursor(), self._tables(connection), sum_of)


class PostgreSQL:
    """A server. Copies are made and put in by its own `pg_dump` and `pg_restore`."""

    name = "postgresql"

    def __init__(self, connection):
        self.connection = connection

    def dump(self, path):
        """Write a consistent copy to `path`; returns the `Contents` of the same snapshot."""
        self._program("pg_dump")
        if not self.how_many_tables():
            raise Unusable("The database holds nothing.")
        with self._snapshot() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            [(snapshot,)] = cursor.fetchall()
            # Packed once, with the rest of the archive.
            self._run("pg_dump", "--format=custom", "--compress=0", f"--snapshot={snapshot}", f"--file={path}")
            return self._contents_of(cursor)

    def contents(self):
        """`Contents` of the database now; writers go on meanwhile."""
        with self._snapshot() as cursor:
            return self._contents_of(cursor)

    def files_named(self):
        """The names of files that rows name now."""
        with self._snapshot() as cursor:
            return _files_named(cursor, self._tables(cursor))

    def how_many_tables(self):
        """0: the database is empty."""
        with self.connection.cursor() as cursor:
            return len(self._tables(cursor))

    def ready_to_load(self):
        """Raises `Unusable` unless the database is empty, can hold every letter, and `pg_restore` is here."""
        if count := self.how_many_tables():
            raise Unusable(HOLDS_SOMETHING.format(count=count))
        if problem := narrow_encoding(self.connection):
            raise Unusable(problem)
        self._program("pg_restore")

    def load(self, content):
        """Put the copy in, in one transaction."""
        # A comment on an extension may be set by its owner only, who need not be ours.
        options = ["--single-transaction", "--no-owner", "--no-privileges", "--no-comments", "--dbname"]
        self._run("pg_restore", *options, content=content)

    def settle(self):
        """Statistics are not in a copy, and without them the first day would be slow."""
        with self.connection.cursor() as cursor:
            cursor.execute("ANALYZE")

    @contextmanager
    def _snapshot(self):
        """A cursor in a transaction that sees one moment, however long it takes, and writes rows as text in one way."""
        with transaction.atomic(self.connection.alias, durable=True), self.connection.cursor() as cursor:
            cursor.execute(
                "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY; "
                "SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0; "
                "SET LOCAL DateStyle = 'ISO, YMD'; SET LOCAL IntervalStyle = 'postgres'; SET LOCAL TimeZone = 'UTC'; "
                "SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = 'hex'"
            )
            yield cursor

    def _tables(self, cursor):
        return sorted(t.name for t in self.connection.introspection.get_table_list(cursor) if t.type in "tp")

    def _contents_of(self, cursor):
        def sum_of(table):
            cursor.execute(
                "SELECT count(*), coalesce(sum(('x' || left(encode(sha256(convert_to(whole_row::text, 'UTF8')), 'hex'), "
                f'16))::bit(64)::bigint), 0) FROM "{table}" AS whole_row'
            )
            [(rows, total)] = cursor.fetchall()
            return rows, f"{int(total) % 2**64:016x}"

        return _contents(cursor, self._tables(cursor), sum_of)

    def _program(self, name):
        """Raises `Unusable` where the program is missing, or older than the server."""
        server = self.connection.pg_version // 10000
        wanted = f"Install PostgreSQL's client programs, version {server} or newer, and put them on the PATH."
        if not shutil.which(name):
            raise Unusable(f"{name} is not on the PATH. {wanted}")
        said = subprocess.run([name, "--version"], capture_output=True, text=True).stdout
        version = re.search(r"\) (\d+)", said)
        if not version or int(version[1]) < server:
            raise Unusable(
                f"{name} is of version {version[1] if version else 'unknown'}, the server of {server}. {wanted}"
            )

    def _run(self, program, *options, content=None):
        """Let one of PostgreSQL's programs work on our database, with `content` as its input; the password is not seen.

        Raises `Unusable` with what it says is wrong, without any row's content.
        """
        options = ["--no-password", *options]
        arguments, secrets = self.connection.client.settings_to_cmd_args_env(self.connection.settings_dict, options)
        with TemporaryFile() as said:
            process = subprocess.Popen(
                [program, *arguments[1:]],
                env=os.environ | (secrets or {}),
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
            )
            try:
                _feed(process.stdin, content)
                failed = process.wait()
            except BaseException:
                # Before its input ends: it must not take what came for the whole.
                process.kill()
                process.wait()
                with suppress(BrokenPipeError):
                    process.stdin.close()
                raise
            if failed:
                said.seek(0)
                raise Unusable(f"{program} failed. {_told(program, said.read().decode(errors='replace'))}".strip())


def _feed(pipe, content):
    """What does not read to the end has said why."""
    with suppress(BrokenPipeError):
        if content:
            shutil.copyfileobj(content, pipe, PIECE)
    with suppress(BrokenPipeError):
        pipe.close()


def _told(program, lines):
    """The first line that tells of an error. What follows it may show a row, and so does the rest of a failed COPY."""
    error = re.search(rf"^{program}: error: (.*)$", lines, re.MULTILINE)
    return re.sub(r'(COPY failed for table "[^"]*").*', r"\1", error[1]) if error else ""
