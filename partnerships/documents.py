"""Files of agreements: kept outside the web root, looked through for CPR numbers, erased with a reason."""

from django.db import transaction

from jobcenter_crm.backstage.models import StoredFile
from partnerships.models import Document


@transaction.atomic
def add(*, agreement, upload, kind, by, title=""):
    """Keep `upload`, as `companies.attachments.AttachmentField` gives it, with the agreement; returns the `Document`."""
    stored = StoredFile.keep(upload, by=by)
    return Document.objects.create(
        agreement=agreement, kind=kind, title=title, stored=stored, name=stored.name, sha256=stored.sha256,
        scanned=upload.scanned, added_by=by,
    )  # fmt: skip
