"""Round trips on the database that the tests run on: `DATABASE_URL` says which."""

import io
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager

import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.utils import timezone

from jobcenter_crm.backstage import outbox
from jobcenter_crm.backstage.backup import archive, command, copies
from jobcenter_crm.backstage.backup.archive import Unusable
from jobcenter_crm.backstage.backup.copies import Here
from jobcenter_crm.backstage.backup.engines import SQLite, _told, engine_of
from jobcenter_crm.backstage.models import Job, Message, StoredFile
from jobcenter_crm.staff.models import Team
from tests.backstage.conftest import ROOT, database_url, wait_until
from tests.factories import MessageFactory, UserFactory, WorkplaceFactory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("migrations_on_disk")]


@pytest.fixture(autouse=True)
def _programs():
    if connection.vendor == "postgresql" and not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        pytest.skip("pg_dump and pg_restore are not on the PATH")


@pytest.fixture
def keep_files_in(settings):
    """Let the private files lie in another folder."""

    def move(place):
        default = settings.STORAGES["default"]
        options = default["OPTIONS"] | {"location": place}
        settings.STORAGES = settings.STORAGES | {"default": default | {"OPTIONS": options}}

    return move


@pytest.fixture(autouse=True)
def folder(keep_files_in, tmp_path):
    """An empty folder for private files."""
    place = tmp_path / "files"
    place.mkdir()
    keep_files_in(place)
    return place


@pytest.fixture
def path(tmp_path):
    return tmp_path / "backup.tar.gz"


def quiet(line):
    """Nobody waits."""


@pytest.fixture
def here(folder):
    return Here(engine_of(connection), folder, quiet)


@contextmanager
def connection_to(alias, name):
    """A connection of Django's to another database on the same engine."""
    other = connection.copy(alias)
    other.settings_dict["NAME"] = name
    connections[alias] = other
    try:
        yield other
    finally:
        other.close()
        del connections[alias]


@pytest.fixture
def elsewhere(tmp_path):
    """A connection to a database with nothing in it."""
    name = f"{connection.settings_dict['NAME']}_restored"
    if connection.vendor == "sqlite":
        with connection_to("restored", tmp_path / "restored.sqlite3") as other:
            yield other
        return
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
    with connection_to("restored", name) as other:
        yield other
    with connection.cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def there(elsewhere, tmp_path):
    """An empty place to restore to."""
    return Here(engine_of(elsewhere), tmp_path / "restored", quiet)


@pytest.fixture
def filled(owner):
    """What is hard to copy: Danish letters, JSON, binary, and files."""
    workplace = WorkplaceFactory(name="Ærø Bådværft & Søn 🚢 'citat' \\ \n linje")
    Job.objects.create(kind="x", arguments={"navn": "Ågård", "tal": [1, 2.5, None, True], "dybt": {"æ": ""}}, counts={})
    StoredFile.keep(ContentFile(bytes(range(256)) * 5000, name="Løn.xlsx"), by=owner)
    StoredFile.keep(ContentFile(b"", name="tom.csv"), by=owner)
    return workplace


def rows_of(other, table):
    with other.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
        return cursor.fetchall()


def in_place(there):
    """What a refused restore must not leave: tables and files."""
    return there.engine.how_many_tables(), list(copies.files_in(there.folder))


def with_a_table(other, content):
    with other.cursor() as cursor:
        kind = "BLOB" if other.vendor == "sqlite" else "bytea"
        cursor.execute(f"CREATE TABLE odd_content (id integer, raw {kind}, real double precision)")
        cursor.execute("INSERT INTO odd_content VALUES (1, %s, 0.1)", [content])


@pytest.fixture
def odd_content():
    with_a_table(connection, b"\x00\xff\x00NUL")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE odd_content")


def test_a_restored_copy_equals_the_original(filled, odd_content, here, there, elsewhere, path, folder):
    manifest, missing = copies.make(path, here)

    restored = copies.restore(path, there)

    assert restored == manifest
    assert missing == []
    assert copies.compare(manifest, there) == []
    assert copies.compare(manifest, here) == []
    for table in ("companies_workplace", "backstage_job", "staff_user", "odd_content"):
        assert rows_of(elsewhere, table) == rows_of(connection, table)
    for name in (stored.file.name for stored in StoredFile.objects.all()):
        assert (there.folder / name).read_bytes() == (folder / name).read_bytes()
        assert (there.folder / name).stat().st_mode & 0o007 == 0
        assert int((there.folder / name).stat().st_mtime) == int((folder / name).stat().st_mtime)


def test_a_restored_database_numbers_its_rows_on(filled, here, there, path):
    newest = UserFactory().pk
    copies.make(path, here)
    copies.restore(path, there)

    fresh = UserFactory.build()
    fresh.save(using="restored")

    assert fresh.pk > newest


def test_the_archive_is_for_nobody_elses_eyes_and_leaves_nothing_beside_it(filled, here, path, folder):
    before = os.umask(0)
    try:
        copies.make(path, here)
    finally:
        os.umask(before)

    assert path.stat().st_mode & 0o777 == 0o600
    assert {one.name for one in path.parent.iterdir()} == {path.name, folder.name}


def test_an_archive_that_exists_is_never_overwritten(here, path):
    path.write_text("last week's")

    with pytest.raises(Unusable, match="never overwritten"):
        copies.make(path, here)

    assert path.read_text() == "last week's"


def test_the_archive_does_not_lie_among_the_files(here, folder):
    with pytest.raises(Unusable, match="among the files"):
        copies.make(folder / "backup.tar.gz", here)


def test_a_backup_that_fails_leaves_nothing(here, path, folder, monkeypatch):
    def full(writer, name, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(archive.Writer, "add", full)

    with pytest.raises(OSError, match="No space left"):
        copies.make(path, here)

    assert list(path.parent.iterdir()) == [folder]


def test_a_database_with_nothing_in_it_is_not_backed_up(there, path):
    with pytest.raises(Unusable, match="holds nothing"):
        copies.make(path, there)

    assert not path.exists()


# The other process: files with their rows, and rows that name each other, one transaction after the other.
WRITER = """
import django; django.setup()
from django.core.files.base import ContentFile
from django.db import transaction
from jobcenter_crm.backstage.models import StoredFile
from jobcenter_crm.staff.models import Team, User
number = 0
while True:
    number += 1
    with transaction.atomic():
        team = Team.objects.create(name=f"Hold {number}")
        user = User.objects.create(username=f"writer{number}", team=team)
        StoredFile.keep(ContentFile(b"%d" % number * 1000, name="å.txt"), by=user)
        Team.objects.filter(pk=team.pk).update(name=f"Hold {number} æøå")
"""


@pytest.fixture
def writer(folder, tmp_path):
    """Another process that writes as fast as it can."""
    settled = {
        "DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings",
        "DATABASE_URL": database_url(),
        "FILES_DIR": str(folder),
        "PYTHONWARNINGS": "ignore",
    }
    with (tmp_path / "writer.log").open("wb") as said:
        process = subprocess.Popen([sys.executable, "-c", WRITER], cwd=ROOT, env=os.environ | settled, stderr=said)
        yield process
        process.kill()
        process.wait()


def test_a_backup_made_while_others_write_is_of_one_moment(writer, here, there, elsewhere, path):
    wait_until(lambda: Team.objects.count() > 5, "the other process to write")

    manifest, missing = copies.make(path, here)
    made_at = Team.objects.count()
    wait_until(lambda: Team.objects.count() > made_at, "the other process to have gone on")

    copies.restore(path, there)
    assert missing == []
    assert copies.compare(manifest, there) == []
    elsewhere.check_constraints()
    teams, files = (manifest["tables"][name]["rows"] for name in ("staff_team", "backstage_storedfile"))
    assert teams == files > 5
    assert not any(name == "" for _pk, name in Team.objects.using("restored").values_list("pk", "name"))
    assert set(StoredFile.objects.using("restored").values_list("file", flat=True)) <= set(manifest["files"])


def test_a_file_stored_after_the_snapshot_is_in_without_its_row(filled, here, there, path, owner, monkeypatch):
    dump = here.engine.dump

    def meanwhile(target):
        contents = dump(target)
        StoredFile.keep(ContentFile(b"late", name="late.txt"), by=owner)
        return contents

    monkeypatch.setattr(here.engine, "dump", meanwhile)

    manifest, missing = copies.make(path, here)

    assert missing == []
    assert len(manifest["files"]) == manifest["tables"]["backstage_storedfile"]["rows"] + 1


def test_a_file_that_a_row_names_and_nobody_has_is_told(filled, here, path, folder):
    lost = StoredFile.objects.first().file.name
    (folder / lost).unlink()

    _manifest, missing = copies.make(path, here)

    assert missing == [lost]


def test_a_file_that_is_deleted_with_its_row_meanwhile_is_not_told(filled, here, path, folder, monkeypatch):
    dump = here.engine.dump

    def meanwhile(target):
        contents = dump(target)
        stored = StoredFile.objects.first()
        (folder / stored.file.name).unlink()
        stored.delete()
        return contents

    monkeypatch.setattr(here.engine, "dump", meanwhile)

    assert copies.make(path, here)[1] == []


def test_a_database_that_holds_something_is_refused(here, there, elsewhere, path):
    copies.make(path, here)
    with_a_table(elsewhere, b"")
    elsewhere.close()

    with pytest.raises(Unusable, match=r"something already \(tables: 1\)"):
        copies.restore(path, there)

    assert in_place(there) == (1, [])


def test_a_folder_that_holds_something_is_refused(here, there, path):
    copies.make(path, here)
    there.folder.mkdir()
    (there.folder / "own.txt").write_text("own")

    with pytest.raises(Unusable, match="FILES_DIR"):
        copies.restore(path, there)

    assert in_place(there) == (0, ["own.txt"])


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        ({"engine": "other"}, "made from other"),
        ({"version": "99.0"}, "made by Jobcenter CRM 99.0"),
        ({"migrations": ["companies.9999_from_tomorrow"]}, "companies.9999_from_tomorrow is not known"),
        ({"product": "other"}, "no backup of Jobcenter CRM"),
    ],
)
def test_what_does_not_fit_here_is_refused(filled, here, there, path, facts, why, monkeypatch):
    end = archive.Writer.end
    monkeypatch.setattr(archive.Writer, "end", lambda writer, manifest: end(writer, manifest | facts))
    copies.make(path, here)

    with pytest.raises(Unusable, match=why):
        copies.restore(path, there)

    assert in_place(there) == (0, [])


def test_a_damaged_archive_changes_nothing(filled, here, there, path):
    copies.make(path, here)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])

    with pytest.raises(Unusable, match="damaged"):
        copies.restore(path, there)

    assert in_place(there) == (0, [])


def test_a_database_that_can_not_be_put_in_leaves_no_files(filled, here, there, path, monkeypatch):
    copies.make(path, here)
    load = there.engine.load
    # As much as half of it arrives.
    monkeypatch.setattr(there.engine, "load", lambda content: load(_Broken(content)))

    with pytest.raises(OSError, match="broken off"):
        copies.restore(path, there)

    assert in_place(there) == (0, [])
    monkeypatch.undo()
    assert copies.compare(copies.restore(path, there), there) == []


class _Broken:
    def __init__(self, content):
        self.content, self.pieces = content, 0

    def read(self, size=-1):
        self.pieces += 1
        if self.pieces > 1:
            raise OSError("broken off")
        return self.content.read(200_000)


@pytest.mark.slow
def test_each_difference_is_found(filled, here, there, elsewhere, path):
    manifest, _missing = copies.make(path, here)
    copies.restore(path, there)
    one, other = sorted(manifest["files"])
    with elsewhere.cursor() as cursor:
        cursor.execute("UPDATE companies_workplace SET name = %s", ["Ærø Bådværft"])
        cursor.execute("DELETE FROM backstage_job")
    (there.folder / one).write_bytes(b"changed")
    (there.folder / other).rename(there.folder / "new")

    assert copies.compare(manifest, there) == [
        "backstage_job: rows: 1 in the archive, 0 here",
        "companies_workplace: rows: 1 in both, but not the same",
        f"files: 1 missing here ({other})",
        "files: 1 not in the archive (new)",
        f"files: 1 not the same ({one})",
    ]


def test_missing_and_additional_tables_are_differences(here, path):
    manifest, _missing = copies.make(path, here)
    manifest["tables"]["gone"] = manifest["tables"].pop("staff_team")

    assert copies.compare(manifest, here) == ["gone: missing here", "staff_team: not in the archive"]


def test_two_rows_that_change_places_in_one_column_are_a_difference(here, path):
    one, other = Team.objects.create(name="A"), Team.objects.create(name="B")
    manifest, _missing = copies.make(path, here)
    Team.objects.filter(pk=one.pk).update(name="C")
    Team.objects.filter(pk=other.pk).update(name="A")
    Team.objects.filter(pk=one.pk).update(name="B")

    assert copies.compare(manifest, here) == ["staff_team: rows: 2 in both, but not the same"]


@pytest.fixture
def restored_by(monkeypatch, keep_files_in, elsewhere, there):
    """The command `restore`, as it works in a fresh installation; returns what it says."""

    def run(*arguments):
        monkeypatch.setattr(command, "connection", elsewhere)
        keep_files_in(there.folder)
        said = io.StringIO()
        call_command("restore", *map(str, arguments), stdout=said, stderr=said)
        return said.getvalue()

    return run


def test_the_commands_say_what_they_do_and_whether_it_is_equal(filled, path, restored_by, there):
    said = io.StringIO()
    call_command("backup", str(path), stdout=said)
    assert "files: 2" in said.getvalue()

    assert "Equal to the backup of" in restored_by(path)
    assert restored_by(path, "--check", "--verbosity=0") == ""

    (there.folder / "new").write_bytes(b"")
    with pytest.raises(SystemExit, match="1"):
        restored_by(path, "--check")
    with pytest.raises(CommandError, match="something already") as refused:
        restored_by(path)
    assert refused.value.returncode == 2


def states_of(database):
    return dict(Message.objects.using(database).values_list("key", "state"))


@pytest.fixture
def mail():
    """One mail in each state, and a backup of them; what became of each in the copy is told by its key."""
    facts = {"sent_at": timezone.now(), "claimed_at": timezone.now()}
    for state in Message.State:
        MessageFactory(key=state, state=state, **facts)


def test_mail_that_waited_is_in_doubt_once_it_is_restored_and_the_copy_was_equal_before(mail, path, restored_by):
    call_command("backup", str(path), verbosity=0)

    said = restored_by(path)

    assert "Equal to the backup of" in said
    assert "Mail that waited when the backup was made: 2." in said
    assert states_of("restored") == states_of("default") | {"waiting": "in_doubt", "sending": "in_doubt"}
    with pytest.raises(SystemExit, match="1"):
        restored_by(path, "--check")


def test_nothing_of_it_is_sent_by_the_first_sweep(mail, path, restored_by, mailoutbox):
    call_command("backup", str(path), verbosity=0)
    restored_by(path)
    kept = Message.objects.using("restored").values_list("key", "state", "problem")
    rows = {key: (state, problem) for key, state, problem in kept}

    for key, (state, problem) in rows.items():
        Message.objects.filter(key=key).update(state=state, problem=problem)
    outbox.sweep(timezone.now())

    assert mailoutbox == []
    assert "has been restored" in rows["waiting"][1]


def test_where_nothing_ran_since_mail_may_go_out_by_itself(mail, path, restored_by):
    call_command("backup", str(path), verbosity=0)

    restored_by(path, "--send-mail")

    assert states_of("restored") == states_of("default")
    assert "Equal to the backup of" in restored_by(path, "--check")


def test_mail_of_an_older_version_is_held_as_well(mail, path, restored_by):
    with connection.cursor() as cursor:
        # A column that a later version brought.
        cursor.execute("ALTER TABLE backstage_message RENAME COLUMN resent_at TO of_a_later_version")
    try:
        call_command("backup", str(path), verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE backstage_message RENAME COLUMN of_a_later_version TO resent_at")

    restored_by(path)

    assert states_of("restored")["waiting"] == "in_doubt"


def test_the_command_is_quiet_when_asked_and_tells_what_is_missing(filled, path, folder):
    (folder / StoredFile.objects.first().file.name).unlink()
    said, wrong = io.StringIO(), io.StringIO()

    with pytest.raises(SystemExit, match="1"):
        call_command("backup", str(path), verbosity=0, stdout=said, stderr=wrong)

    assert said.getvalue() == ""
    assert wrong.getvalue().startswith("Files that rows name and that are not in FILES_DIR: 1.")


@pytest.mark.parametrize("name", ["gone/backup.tar.gz", ""])
def test_a_place_that_can_not_be_written_is_a_sentence(tmp_path, name):
    for what in ("backup", "restore"):
        with pytest.raises(CommandError) as refused:
            call_command(what, str(tmp_path / name), verbosity=0)
        assert refused.value.returncode == 2


def test_what_postgresql_says_is_told_without_a_row():
    lines = (
        'pg_restore: while PROCESSING TOC:\npg_restore: error: COPY failed for table "p": ERROR:  "Mette" is no number\n'
        "CONTEXT:  COPY p, line 1: Mette\n"
    )

    assert _told("pg_restore", lines) == 'COPY failed for table "p"'


@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL in DATABASE_URL")
@pytest.mark.parametrize(
    ("program", "why"),
    [("", "not on the PATH"), ("#!/bin/sh\necho 'pg_dump (PostgreSQL) 9.6.1'\n", "is of version 9, the server of")],
)
def test_programs_of_postgresql_that_are_missing_or_too_old_are_refused(
    here, path, tmp_path, monkeypatch, program, why
):
    tools = tmp_path / "tools"
    tools.mkdir()
    if program:
        (tools / "pg_dump").write_text(program)
        (tools / "pg_dump").chmod(0o755)
    monkeypatch.setenv("PATH", str(tools))

    with pytest.raises(Unusable, match=why):
        copies.make(path, here)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite")
def test_a_database_that_another_process_has_open_is_refused(here, there, path):
    copies.make(path, here)
    with closing(sqlite3.connect(there.engine.path)) as other:
        other.execute("PRAGMA journal_mode=WAL")
        other.execute("SELECT * FROM sqlite_master").fetchall()

        with pytest.raises(Unusable, match="another process"):
            copies.restore(path, there)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="needs SQLite")
def test_text_with_a_nul_and_numbers_are_told_apart(tmp_path):
    def sum_of(*values):
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.sqlite3"
        with closing(sqlite3.connect(path)) as other:
            other.execute("CREATE TABLE t (a, b)")
            other.execute("INSERT INTO t VALUES (?, ?)", values)
            other.commit()
        with connection_to("other", path) as told:
            return SQLite(told).contents().tables["t"]["checksum"]

    rows = [
        ("a\0b", ""),
        ("a", "b"),
        ("1", ""),
        (1, ""),
        (1.5, ""),
        (None, ""),
        (b"", ""),
        ("", ""),
        ("å", ""),
        ("å", ""),
    ]
    assert len({sum_of(*row) for row in rows}) == len(set(rows))
