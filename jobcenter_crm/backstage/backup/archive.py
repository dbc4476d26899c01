"""One backup as one file: a tar packed by gzip. First the uploaded files, then the database, last the manifest.

What was broken off has no manifest, and so is never taken for a backup.
"""

import gzip
import hashlib
import json
import os
import tarfile
import zlib
from contextlib import contextmanager
from io import BytesIO
from pathlib import PurePosixPath

FORMAT = 1
FILES, DATABASE, MANIFEST = "files/", "database", "manifest.json"
TOLD = {"format", "product", "version", "made_at", "engine", "migrations", "tables", "database", "files"}
PIECE = 1 << 20


class Unusable(Exception):
    """Nothing can be made or restored as things stand, and nothing was changed; says why in a sentence."""


@contextmanager
def packing(file):
    """A `Writer` whose archive goes into the open `file`, and ends with the block."""
    with (
        gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=file) as packed,
        tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar,
    ):
        yield Writer(tar)


class Writer:
    """Packs an archive member by member, and measures each for the manifest."""

    def __init__(self, tar):
        self.tar = tar

    def add(self, name, content):
        """The size and the SHA-256 of what was packed of `content`, a file open on disk.

        What is written at its end meanwhile is left out. Raises `OSError` where it becomes shorter.
        """
        facts = os.fstat(content.fileno())
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = facts.st_size, int(facts.st_mtime), 0o600
        measured = _Measured(content)
        self.tar.addfile(member, measured)
        return measured.measures()

    def end(self, manifest):
        """Put the manifest in, the last member."""
        content = json.dumps(manifest, indent=1, sort_keys=True).encode()
        member = tarfile.TarInfo(MANIFEST)
        member.size, member.mode = len(content), 0o600
        self.tar.addfile(member, BytesIO(content))


class _Measured:
    """Another reader, whose bytes are counted and summed as they go by."""

    def __init__(self, content):
        self.content, self.size, self.digest = content, 0, hashlib.sha256()

    def read(self, size=PIECE):
        piece = self.content.read(size)
        self.size += len(piece)
        self.digest.update(piece)
        return piece

    def measures(self):
        return {"size": self.size, "sha256": self.digest.hexdigest()}


def measure(content):
    """The size in bytes and the SHA-256 of an open file, read to its end piece by piece."""
    measured = _Measured(content)
    while measured.read():
        pass
    return measured.measures()


@contextmanager
def members(path):
    """An iterable of `(name, mtime, open content)` of the archive at `path`; each content is read before the next.

    Raises `Unusable`, also in the middle of a content, where the archive is damaged or names what no backup names.
    """
    try:
        with gzip.open(path) as packed, tarfile.open(fileobj=packed, mode="r|") as tar:
            yield _fitting(tar, packed)
    except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as problem:
        raise Unusable(f"{path.name} is damaged, or no backup.") from problem


def _fitting(tar, packed):
    for member in tar:
        if not (member.isreg() and _may_be_named(member.name)):
            raise Unusable("The archive holds something that no backup of Jobcenter CRM holds.")
        yield member.name, member.mtime, tar.extractfile(member)
    # The checksum that gzip keeps stands behind the last byte.
    while packed.read(PIECE):
        pass


def _may_be_named(name):
    if name in (DATABASE, MANIFEST):
        return True
    below = name.removeprefix(FILES)
    parts = PurePosixPath(below).parts
    return (
        below not in (name, "")
        and below == "/".join(parts)
        and not {"/", ".."}.intersection(parts)
        and "\0" not in name
    )


def prove(path):
    """The manifest of the archive at `path`, which was read to its end and is whole: each member is as it tells.

    Raises `Unusable`.
    """
    seen, manifest = {}, None
    with members(path) as content_of:
        for name, _mtime, content in content_of:
            if name in seen or manifest is not None:
                raise Unusable(f"{path.name} is damaged: it holds {name} twice, or after its end.")
            if name == MANIFEST:
                manifest = _read(path, content.read())
            else:
                seen[name] = measure(content)
    if manifest is None:
        raise Unusable(f"{path.name} is damaged: its end is missing.")
    told = {DATABASE: manifest["database"]} | {FILES + name: facts for name, facts in manifest["files"].items()}
    if seen != told:
        raise Unusable(f"{path.name} is damaged: what it holds is not what its manifest tells.")
    return manifest


def _read(path, content):
    try:
        manifest = json.loads(content)
    except ValueError as problem:
        raise Unusable(f"{path.name} is damaged: its manifest can't be read.") from problem
    if not isinstance(manifest, dict) or not isinstance(manifest.get("format"), int):
        raise Unusable(f"{path.name} is no backup of Jobcenter CRM.")
    if manifest["format"] > FORMAT:
        raise Unusable(f"{path.name} was made by a newer version of Jobcenter CRM. Restore it with that version.")
    if not manifest.keys() >= TOLD or not all(
        isinstance(manifest[one], dict) for one in ("tables", "database", "files")
    ):
        raise Unusable(f"{path.name} is no backup of Jobcenter CRM.")
    return manifest
