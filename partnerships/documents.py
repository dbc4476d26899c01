"""Files of agreements: kept outside the web root, looked through for CPR numbers, erased with a reason."""

from django.db import transaction

from jobcenter_crm.backstage.models import StoredFile
from partnerships.models import Document


@transaction.atomic
def add(*, agreement, upload, kind, title, by, is_read=True):
    """Keep `upload` with the agreement, and return the `Document`."""
    stored = StoredFile.keep(upload, by=by)
    return Document.objects.create(
        agreement=agreement, kind=kind, title=title, stored=stored, name=stored.name, sha256=stored.sha256,
        is_read=is_read, added_by=by,
    )  # fmt: skip
