"""Private files on disk: how they are named, measured, handed out and cleared away."""

import hashlib
import unicodedata
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path, PurePosixPath

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.template.defaultfilters import filesizeformat
from django.utils import timezone
from django.utils.translation import gettext as _

# All stored files lie under this folder of `FILES_DIR`; what else may come to lie beside it is left alone.
FOLDER = "kept"
# A file is written before the row that names it is committed: what has no row after this long never gets one.
ORPHAN_AGE = timedelta(days=7)


PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "private, no-store",
}


class FileTooLarge(ValidationError):
    """The file is larger than its purpose allows; the text says both sizes."""


def path_for(stored_file, name):
    """Where a new file goes: a name of our own, because what the sender called it is not to be trusted."""
    return f"{FOLDER}/{timezone.now():%Y/%m}/{uuid.uuid4().hex}"


def plain_name(name):
    """What the sender called the file, fit to be shown and offered: no folders, no control characters, 255 at most."""
    last = PurePosixPath(str(name).replace("\\", "/")).name
    shown = "".join(c for c in unicodedata.normalize("NFC", last) if unicodedata.category(c)[0] != "C").strip(" .")
    stem, dot, suffix = shown.rpartition(".")
    if len(shown) > 255:
        shown = f"{stem[: 254 - len(suffix)]}.{suffix}" if dot and len(suffix) <= 20 else shown[:255]
    return shown or "file"


def measure(file, limit):
    """Size in bytes and SHA-256 in hexadecimal, read piece by piece.

    Raises `FileTooLarge` as soon as the file turns out to be larger than `limit` bytes.
    """
    digest, size = hashlib.sha256(), 0
    for chunk in file.chunks():
        size += len(chunk)
        if limit is not None and size > limit:
            raise FileTooLarge(
                _("The file is too large: at most %(limit)s are taken.") % {"limit": filesizeformat(limit)}
            )
        digest.update(chunk)
    file.seek(0)
    return size, digest.hexdigest()


def hand_out(stored_file):
    """The file as a download under the name its sender gave it. The caller has asked for permission.

    Never shown in the browser as a page of ours, never kept by a cache in between.
    """
    try:
        content = stored_file.file.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file is no longer there.")) from None
    return FileResponse(content, as_attachment=True, filename=stored_file.name, headers=PRIVATE)


def hand_out_made(data, name, *, content_type):
    """The bytes `data`, made for this one request, as a download under `name`. The caller has asked for permission."""
    return FileResponse(
        BytesIO(data), as_attachment=True, filename=plain_name(name), content_type=content_type, headers=PRIVATE
    )


def show_pdf(data, name):
    """A PDF made for this one request, opened by the browser and kept by no cache. The caller has asked for permission.

    A policy for pages would shut out the browser's own reader, and a PDF is no page.
    """
    headers = {name: value for name, value in PRIVATE.items() if name != "Content-Security-Policy"}
    answer = FileResponse(BytesIO(data), filename=plain_name(name), content_type="application/pdf", headers=headers)
    answer._csp_exempt = True
    return answer


def clear_orphans(known, now):
    """Delete files older than `ORPHAN_AGE` that no row names; returns how many.

    `known(names)` says which of the given names have a row. They come from transactions that were
    rolled back, or from a process that died between the file and its row.
    """
    oldest = (now - ORPHAN_AGE).timestamp()
    root = Path(default_storage.path(FOLDER))
    deleted = 0
    for folder in sorted(root.glob("*/*")):
        old = sorted(path for path in folder.iterdir() if path.is_file() and path.stat().st_mtime < oldest)
        names = [f"{FOLDER}/{path.relative_to(root).as_posix()}" for path in old]
        for first in range(0, len(names), 500):
            some = set(names[first : first + 500])
            for name in some - set(known(some)):
                default_storage.delete(name)
                deleted += 1
    return deleted
