"""Making a backup, restoring it, and comparing what is here with it."""

import os
import tomllib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from jobcenter_crm.backstage.backup import archive
from jobcenter_crm.backstage.backup.archive import DATABASE, FILES, PIECE, Unusable
from jobcenter_crm.backstage.backup.engines import PostgreSQL, SQLite

PRODUCT = "jobcenter-crm"


@dataclass(frozen=True)
class Here:
    """What a backup is made of and restored to: the engine of a database, the folder of the uploaded files.

    `say` gets a line for a person who waits.
    """

    engine: SQLite | PostgreSQL
    folder: Path
    say: Callable[[str], None]


def version():
    """The version of the product that runs here."""
    return tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]["version"]


def make(path, here):
    """Write a backup of the database and of the uploaded files to `path`, while others work.

    Returns the manifest, and the names of files that rows name and that are not there. The files are read after the
    snapshot of the database: a file is written before the row that names it, so whatever the snapshot names is there.
    Raises `Unusable`, and leaves nothing behind then; an archive that exists is never overwritten.
    """
    if path.resolve().is_relative_to(here.folder.resolve()):
        raise Unusable("The archive can't lie among the files that it is to hold.")
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as problem:
        raise Unusable(f"{path} exists already, and a backup is never overwritten.") from problem
    try:
        with TemporaryDirectory(dir=path.parent, prefix=".backup-") as bench:
            dump, packed = Path(bench) / DATABASE, Path(bench) / "archive"
            here.say("Copying the database")
            contents = here.engine.dump(dump)
            with open(os.open(packed, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
                manifest = _pack(file, dump, contents, here)
                file.flush()
                os.fsync(file.fileno())
            gone = contents.files.difference(manifest["files"])
            # The nightly clearing takes row and file away together.
            missing = sorted(gone & here.engine.files_named()) if gone else []
            os.replace(packed, path)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return manifest, missing


def _pack(file, dump, contents, here):
    with archive.packing(file) as writer:
        here.say("Packing the files")
        files = {}
        for name in files_in(here.folder):
            # Deleted since the folder was listed.
            with suppress(FileNotFoundError), (here.folder / name).open("rb") as content:
                files[name] = writer.add(FILES + name, content)
        here.say("Packing the database")
        with dump.open("rb") as content:
            database = writer.add(DATABASE, content)
        manifest = {
            "format": archive.FORMAT,
            "product": PRODUCT,
            "version": version(),
            "made_at": timezone.now().isoformat(timespec="seconds"),
            "engine": here.engine.name,
            "migrations": contents.migrations,
            "tables": contents.tables,
            "database": database,
            "files": files,
        }
        writer.end(manifest)
    return manifest


def files_in(folder):
    """The names of all files below `folder`, relative to it; links are not followed."""
    for root, folders, names in os.walk(folder):
        folders.sort()
        for name in sorted(names):
            path = Path(root) / name
            if path.is_file() and not path.is_symlink():
                yield path.relative_to(folder).as_posix()


def read(path, here):
    """The manifest of the backup at `path`, which is whole and fits this database and this version.

    Raises `Unusable`.
    """
    here.say("Reading the archive")
    manifest = archive.prove(path)
    if manifest["product"] != PRODUCT:
        raise Unusable(f"{path.name} is no backup of Jobcenter CRM.")
    if manifest["engine"] != here.engine.name:
        raise Unusable(f"{path.name} was made from {manifest['engine']}, and this database is {here.engine.name}.")
    if unknown := set(manifest["migrations"]).difference(_known_migrations()):
        raise Unusable(
            f"{path.name} was made by a newer version of Jobcenter CRM ({manifest['version']}; this is {version()}): "
            f"{min(unknown)} is not known here. Restore it with that version."
        )
    if _as_numbers(manifest["version"]) > _as_numbers(version()):
        raise Unusable(
            f"{path.name} was made by Jobcenter CRM {manifest['version']}, and this is {version()}. "
            "Restore it with that version or a newer one."
        )
    return manifest


def _known_migrations():
    known, loader = set(), MigrationLoader(None, load=False)
    loader.load_disk()
    for (app, name), migration in loader.disk_migrations.items():
        known |= {f"{app}.{name}", *map(".".join, migration.replaces)}
    return known


def _as_numbers(text):
    return [int(part) for part in text.split(".")]


def restore(path, here):
    """Put a backup into an empty database and an empty folder; returns its manifest.

    Raises `Unusable`, and leaves both as empty as they were then. The database comes last, in one step.
    """
    here.engine.ready_to_load()
    _must_be_empty(here.folder)
    manifest = read(path, here)
    written = []
    try:
        with archive.members(path) as content_of:
            here.say("Putting the files in place")
            for name, mtime, content in content_of:
                if name == DATABASE:
                    here.say("Putting the database in place")
                    here.engine.load(content)
                    # It is restored now, and nothing may fail any more that takes the files back.
                    break
                if name.startswith(FILES):
                    _write(here.folder / name.removeprefix(FILES), content, mtime, written)
    except BaseException:
        _take_back(written, here.folder)
        raise
    here.engine.settle()
    return manifest


def _must_be_empty(folder):
    if folder.exists() and any(folder.iterdir()):
        raise Unusable(
            f"{folder} (FILES_DIR) is not empty. Restore takes an empty folder: move away what is there, or name another."
        )


def _write(path, content, mtime, written):
    path.parent.mkdir(parents=True, exist_ok=True)
    with open(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o640), "wb") as file:
        written.append(path)
        while piece := content.read(PIECE):
            file.write(piece)
    os.utime(path, (mtime, mtime))


def _take_back(written, folder):
    for path in written:
        path.unlink(missing_ok=True)
    for root, _folders, _names in os.walk(folder, topdown=False):
        if Path(root) != folder:
            with suppress(OSError):
                os.rmdir(root)


def compare(manifest, here):
    """What is here and not as in the manifest, a sentence for each table, and one for each kind of file; empty if equal."""
    here.say("Comparing with the archive")
    return [
        *_tables_that_differ(manifest["tables"], here.engine.contents().tables),
        *_files_that_differ(manifest, here.folder),
    ]


def _tables_that_differ(told, here):
    for table in sorted(told.keys() | here.keys()):
        if table not in here:
            yield f"{table}: missing here"
        elif table not in told:
            yield f"{table}: not in the archive"
        elif told[table]["rows"] != here[table]["rows"]:
            yield f"{table}: rows: {told[table]['rows']} in the archive, {here[table]['rows']} here"
        elif told[table] != here[table]:
            yield f"{table}: rows: {here[table]['rows']} in both, but not the same"


def _files_that_differ(manifest, folder):
    told, here = manifest["files"], {}
    for name in files_in(folder):
        with (folder / name).open("rb") as content:
            here[name] = archive.measure(content)
    for names, what in (
        (told.keys() - here.keys(), "missing here"),
        (here.keys() - told.keys(), "not in the archive"),
        ({name for name in told.keys() & here.keys() if told[name] != here[name]}, "not the same"),
    ):
        if names:
            yield f"files: {len(names)} {what} ({min(names)}{', ...' if len(names) > 1 else ''})"
