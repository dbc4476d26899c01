"""Files of agreements: kept outside the web root, looked through for CPR numbers, erased with a reason."""

from functools import partial

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from contacts.actions import NotNow
from jobcenter_crm.backstage.models import StoredFile
from partnerships import steps
from partnerships.models import Document, Filing


@transaction.atomic
def add(*, agreement, upload, kind, by, title=""):
    """Keep `upload`, as `companies.attachments.AttachmentField` gives it, with the agreement; returns the `Document`."""
    stored = StoredFile.keep(upload, by=by)
    return Document.objects.create(
        agreement=agreement, kind=kind, title=title, stored=stored, name=stored.name, sha256=stored.sha256,
        scanned=upload.scanned, added_by=by,
    )  # fmt: skip


@transaction.atomic
def erase(*, document, by, why):
    """Erase the content of a file that should not be here; that it was here, and `why` it went, stays.

    The bytes leave the disk when the transaction is committed. The signed file of an agreement that holds goes only
    where another signed one takes its place. Raises `NotNow`.
    """
    agreement = steps.locked(document.agreement)
    found = Document.objects.select_for_update(of=["self"]).select_related("erased_by")
    document = found.get(pk=document.pk)
    if document.is_erased:
        raise NotNow(_("%(name)s has erased it already.") % {"name": document.erased_by})
    if agreement.is_active and agreement.signed_document_id == document.pk:
        _put_another_in_place(agreement, document, by)
    stored, document.stored = document.stored, None
    document.erased_at, document.erased_by, document.erased_why = timezone.now(), by, why
    document.save()
    stored.delete()
    transaction.on_commit(partial(stored.file.storage.delete, stored.file.name))
    return document


def _put_another_in_place(agreement, document, by):
    others = agreement.documents.filter(kind=Document.Kind.SIGNED, erased_at=None).exclude(pk=document.pk)
    other = others.first()
    if other is None:
        raise NotNow(
            _(
                "The agreement holds, and this is its signed file. Add the right one as a signed agreement first; it then takes the place of this one."
            )
        )
    agreement.signed_document, agreement._history_user = other, by
    agreement.save(update_fields=["signed_document"])
    agreement.versions.filter(document=document).update(document=other)


@transaction.atomic
def note_filing(*, agreement, filed_on, number, sha256, by, **paper):
    """Note that a paper has been filed: `paper` is one of `version`, `review` or `document`; returns the `Filing`.

    `sha256` is of the very file that was handed out for it.
    """
    return Filing.objects.create(agreement=agreement, filed_on=filed_on, number=number, sha256=sha256, by=by, **paper)
