"""The case system's list as it may be stored until somebody says that it is to be taken in: our columns, and nothing else."""

import csv
import io
import tempfile
from pathlib import Path

from django import forms
from django.core.files.base import ContentFile
from django.utils.translation import gettext as _

from companies.register.readers import Unusable, open_file
from companies.register.reasons import sentence
from placements.case_list.columns import PLACEMENTS, OnlyOurs

# Some 200,000 placements.
LARGEST = 20 * 1024 * 1024


def before_keeping(upload):
    """The file with only our columns, as CSV, and `{heading: how many}` of the CPR numbers that it had.

    Raises `ValidationError` for one that can't be read, or whose columns are not known: nobody knows what stands in it.
    """
    if upload.size > LARGEST:
        raise forms.ValidationError(_("The file is larger than 20 MB. Take in a part of it at a time."))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list"
        with path.open("wb") as target:
            for chunk in upload.chunks():
                target.write(chunk)
        try:
            reader = OnlyOurs(open_file(path, layout=PLACEMENTS))
            content = _as_csv(reader)
        except Unusable as unusable:
            raise forms.ValidationError(sentence(unusable.reason, unusable.details)) from unusable
    return ContentFile(content, name=f"{Path(upload.name).stem}.csv"), reader.deleted


def _as_csv(reader):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(reader.headings)
    writer.writerows(row.cells for row in reader.rows())
    return out.getvalue().encode()


def details_of(deleted):
    """What the sentence about CPR numbers says, of `{heading: how many}`."""
    return {"columns": ", ".join(f"{heading} ({n})" for heading, n in deleted.items())}


def told(deleted):
    """That CPR numbers stood in the file, and how many in which column, in a sentence."""
    return sentence("cpr_deleted", details_of(deleted))
