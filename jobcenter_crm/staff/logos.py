"""The logo of the organisation: a small picture, checked before it is kept, for the head of documents."""

import base64
import uuid
import warnings

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from PIL import Image

LIMIT = 500 * 1000
LARGEST = 4000
KINDS = {"PNG": "png", "JPEG": "jpg"}


def path_for(organisation, name):
    """A name of our own in `FILES_DIR`; which of the two kinds it is, its content says."""
    return f"organisation/{uuid.uuid4().hex}"


def check(file):
    """Raises `ValidationError` unless `file` is a whole PNG or JPEG of at most 500 kB and 4,000 pixels each way."""
    if getattr(file, "_committed", False):
        # It was checked when it was kept, and its file need not be there any more.
        return
    if file.size > LIMIT:
        raise ValidationError(_("The logo is too large: at most 500 kB are taken."), code="too_large")
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(file, formats=list(KINDS))
            too_many = max(image.size) > LARGEST
            if not too_many:
                image.load()
    except Exception as broken:  # a broken picture may fail in any way
        raise ValidationError(
            _("This is not a picture that can be read. Take a PNG or a JPEG."), code="broken"
        ) from broken
    finally:
        file.seek(0)
    if too_many:
        raise ValidationError(
            _("The logo has too many pixels: at most 4,000 each way are taken."), code="too_many_pixels"
        )


def read(file):
    """Its bytes; empty when the file is gone from the disk."""
    try:
        with file.open("rb") as opened:
            return opened.read()
    except OSError:
        return b""


def as_data_url(file):
    """The picture for a page of ours, which no address serves; empty without one."""
    data = read(file) if file else b""
    if not data:
        return ""
    kind = "png" if data.startswith(b"\x89PNG") else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
