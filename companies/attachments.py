"""Files that people attach: their kind and size checked, and their text read for CPR numbers, before they are kept."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from companies import cpr
from jobcenter_crm.backstage.documents import text, uploads

# Of the numbers of one file that may be P-numbers; with more, somebody is asked to look it through.
MOST_LOOKED_UP = 10_000


class Scanned(models.TextChoices):
    """What is known of a kept file's text. One in which a CPR number was found is never kept."""

    CLEAN = "clean", _("Read: no CPR number in it")
    PARTLY = "partly", _("Only partly read for CPR numbers: some pages are pictures")
    UNREADABLE = "unreadable", _("Could not be read for CPR numbers")


class AttachmentField(forms.FileField):
    """An upload of a kind, and within a size, that may be kept, and without a CPR number as far as it can be read.

    What comes out of `clean` carries `kind` (of `uploads.KINDS`), `scanned` (of `Scanned`), `why_not` (in words, why
    it was not read; may be empty) and `maybe_cpr`: ten digits that read as a date. The form then asks with
    `refuse_maybe_cpr`, as for free text. Errors never repeat the number.
    """

    widget = forms.FileInput

    def __init__(self, *, kinds=uploads.KINDS, limit=uploads.LIMIT, **kwargs):
        self.kinds, self.limit = kinds, limit
        super().__init__(max_length=255, **kwargs)

    def widget_attrs(self, widget):
        accepted = ",".join(ending for kind in self.kinds for ending in kind.endings)
        return super().widget_attrs(widget) | {"accept": accepted}

    def clean(self, data, initial=None):
        upload = super().clean(data, initial)
        if not upload or upload is initial:
            return upload
        upload.kind = uploads.kind_of(upload, kinds=self.kinds, limit=self.limit)
        reading = text.read(upload.kind.name, upload.read())
        upload.seek(0)
        upload.scanned, upload.why_not, upload.maybe_cpr = scanned(reading), reading.why_not, False
        # What a file is called is shown wherever it is listed.
        worst = max(
            (cpr.read(said, _known_p_numbers) for said in (reading.text, upload.name)), key=lambda found: found.value
        )
        if worst is cpr.Reading.CPR:
            raise ValidationError(
                _("The file holds a CPR number. Take it out, and attach the file again; it was not kept."), code="cpr"
            )
        upload.maybe_cpr = worst is cpr.Reading.MAYBE_CPR
        return upload


def _known_p_numbers(candidates):
    """Those of a file's ten-digit numbers that are P-numbers; a file may hold more of them than one statement takes."""
    numbers, known = sorted(candidates), set()
    for first in range(0, min(len(numbers), MOST_LOOKED_UP), 500):
        known |= cpr.known_p_numbers(numbers[first : first + 500])
    return known


def scanned(reading):
    """What is to be noted of a file whose text was read so."""
    if reading.state != "read":
        return Scanned.UNREADABLE
    return Scanned.CLEAN if reading.is_whole else Scanned.PARTLY


def refuse_maybe_cpr(upload):
    """Raises `ValidationError`, code "maybe_cpr", for an upload that may hold a CPR number."""
    if upload and getattr(upload, "maybe_cpr", False):
        raise ValidationError(
            _(
                "The file holds ten digits that may be a CPR number. Look it through; take them out, or say below that they are not."
            ),
            code="maybe_cpr",
        )
