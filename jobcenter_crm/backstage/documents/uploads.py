"""Which files may be uploaded to something: told by their content as well as by their name, and how large."""

import zipfile
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

LIMIT = 15 * 1024 * 1024
# Of what a packed file unfolds to; far more than a contract needs.
UNPACKED_LIMIT = 200 * 1024 * 1024
MOST_PARTS = 5000


@dataclass(frozen=True)
class Kind:
    """`name` is what the text reader calls it; `endings` are those of file names, in small letters."""

    name: str
    label: str
    endings: tuple


PDF = Kind("pdf", "PDF", (".pdf",))
WORD = Kind("docx", "Word (.docx)", (".docx",))
PICTURES = {
    "PNG": Kind("png", "PNG", (".png",)),
    "JPEG": Kind("jpeg", "JPEG", (".jpg", ".jpeg")),
}
KINDS = (PDF, WORD, *PICTURES.values())
ACCEPT = ",".join(ending for kind in KINDS for ending in kind.endings)


def kind_of(file, *, kinds=KINDS, limit=LIMIT):
    """The `Kind` of an upload; leaves it at its beginning.

    Raises `ValidationError` in words: empty, too large (more than `limit` bytes), none of `kinds`, or a name that says
    another kind than the content.
    """
    if not file.size:
        raise ValidationError(_("The file is empty."), code="empty")
    if file.size > limit:
        said = _("The file is too large: at most %(limit)s are taken.") % {"limit": filesizeformat(limit)}
        raise ValidationError(said, code="too_large")
    try:
        kind = _by_content(file)
    finally:
        file.seek(0)
    if kind not in kinds:
        said = _("This kind of file is not taken. Use one of these: %(kinds)s.")
        raise ValidationError(said % {"kinds": ", ".join(one.label for one in kinds)}, code="kind")
    if not str(file.name).lower().endswith(kind.endings):
        said = _("The file is a %(kind)s, but its name does not end in %(ending)s. Rename it, and try again.")
        raise ValidationError(said % {"kind": kind.label, "ending": kind.endings[0]}, code="name")
    return kind


def _by_content(file):
    file.seek(0)
    start = file.read(1024)
    if b"%PDF-" in start:
        return PDF
    if start.startswith(b"PK"):
        return WORD if open_word(file) else None
    if start.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")):
        file.seek(0)
        try:
            with Image.open(file, formats=list(PICTURES)) as image:
                return PICTURES[image.format]
        except Exception:  # a broken picture may fail in any way
            return None
    return None


def open_word(file):
    """Whether it is a Word document (one that may hold macros is not taken for one).

    Raises `ValidationError` if it would unfold to more than `UNPACKED_LIMIT`.
    """
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > UNPACKED_LIMIT:
                raise ValidationError(_("The file unfolds to far more than a document holds."), code="bomb")
            names = {part.filename.lower() for part in parts}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        return False
    has_macros = any(name.endswith("vbaproject.bin") for name in names)
    return {"[content_types].xml", "word/document.xml"} <= names and not has_macros
