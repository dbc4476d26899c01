"""The seam for a nightly refresh: whatever can yield the register's documents.

A feed has a name and says which deliveries it has, the oldest first; that is all. What is done with them, and
that each is taken once, is `companies/register/nightly.py`. A folder with files is one small class, a
service that yields documents another (`docs/importing.md` has a whole one).
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder

# A file that was written to within this many seconds may not be finished.
AT_REST = 60
# What programs call a file while they write it.
_UNFINISHED = (".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".swp", "~")
_PIECE = 1024 * 1024


class DeliveryGone(Exception):
    """What was to be delivered is no longer there, or is not what it was."""


@dataclass(frozen=True)
class Delivery:
    """One file's worth of the register.

    `key` names it for ever, in at most 200 characters: what has a known key is never taken again. `name` is
    what people see. `write(target)` writes all of it to a binary file that is open; it may raise
    `DeliveryGone`. It is called in a job, once or, after a lost worker, anew.
    """

    key: str
    name: str
    write: Callable[[BinaryIO], None]


class Feed(Protocol):
    """Somewhere that deliveries come from. `deliveries()` is asked each night, and must be cheap for what is known."""

    name: str

    def deliveries(self) -> Iterable[Delivery]: ...


_feeds = {}


def register(feed):
    """Make a feed known; called from `AppConfig.ready()`."""
    _feeds[feed.name] = feed
    return feed


def all_feeds():
    """Those that apps have registered, and the folder, if the settings name one."""
    folder = settings.REGISTER_FEED_DIR
    return [*([FolderFeed(folder)] if folder else []), *_feeds.values()]


def find(name, key):
    """The delivery `key` of the feed `name`. Raises `DeliveryGone`."""
    for feed in all_feeds():
        if feed.name == name:
            for delivery in feed.deliveries():
                if delivery.key == key:
                    return delivery
    raise DeliveryGone


def spool(documents, target):
    """Write documents (dicts, as the register's interface yields them) to the binary file `target`, one a line."""
    for document in documents:
        line = json.dumps(document, ensure_ascii=False, cls=DjangoJSONEncoder)
        target.write(line.encode("utf-8", "surrogatepass") + b"\n")


class FolderFeed:
    """A folder where somebody drops files of the register; it is only read, nothing in it is moved or deleted.

    A file counts when it is finished: at rest for a minute, and under no name that means "being written".
    Links are passed over, so that nothing outside the folder is read, and so are folders within it. The key is
    the content: the same file under another name is the same delivery.
    """

    name = "folder"

    def __init__(self, folder):
        self.folder = Path(folder)

    def deliveries(self):
        """The finished files, oldest first. Raises `OSError` for a folder that can't be read."""
        for path, status in self._finished():
            try:
                sha256 = _sha256(path, status.st_size, status.st_mtime_ns)
            except OSError:
                # Taken away, or closed to us, since the folder was listed; tomorrow is another night.
                continue
            yield Delivery(f"{self.name}:{sha256}", path.name, partial(_copy, path, sha256))

    def _finished(self):
        limit = time.time() - AT_REST
        found = []
        with os.scandir(self.folder) as entries:
            for entry in entries:
                if entry.name.startswith(".") or entry.name.lower().endswith(_UNFINISHED):
                    continue
                if entry.is_file(follow_symlinks=False):
                    status = entry.stat(follow_symlinks=False)
                    if status.st_mtime <= limit:
                        found.append((Path(entry.path), status))
        return sorted(found, key=lambda one: (one[1].st_mtime_ns, one[0].name))


def _open(path):
    # Not through a link that somebody has put in the file's place.
    return open(path, "rb", opener=lambda name, flags: os.open(name, flags | getattr(os, "O_NOFOLLOW", 0)))


# Kept by size and time, so that a folder that nobody empties is read through once a process.
@lru_cache(4096)
def _sha256(path, size, changed):
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _copy(path, sha256, target):
    """Copy the file. Raises `DeliveryGone` if it is not the one with that SHA-256 (any more)."""
    digest = hashlib.sha256()
    try:
        with _open(path) as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
                target.write(piece)
    except FileNotFoundError:
        raise DeliveryGone from None
    if digest.hexdigest() != sha256:
        raise DeliveryGone
