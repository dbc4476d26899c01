"""An import from its file to its end, as the database remembers it: previewed, taken in, cancelled.

The file itself is deleted as soon as nothing is left to do with it: its name and its SHA-256 say which it
was, and what it told beyond the register is none of ours to keep.
"""

from dataclasses import asdict
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from companies.models import RegisterImport, RejectedRow
from companies.register.importer import BATCH, OUTCOMES, Quietly
from companies.register.kinds import kind_of
from companies.register.readers import Unusable

State = RegisterImport.State


def preview(register_import, *, today, progress=None):
    """Read the stored file and keep what taking it in would do. Harmless when run again; writes nothing else.

    An unusable file is remembered as such and deleted.
    """
    progress = progress or Quietly()
    if register_import.state != State.READING:
        return
    try:
        kind = kind_of(register_import.kind)
        path, mapping = _path(register_import), register_import.mapping
        with kind.reading(path, today=today, mapping=mapping, progress=progress) as reading:
            counts, sample = kind.compare(reading, progress)
            _describe(register_import, reading, counts)
            register_import.sample = sample.as_json()
            _keep_remarks(register_import, reading.staging)
    except Unusable as unusable:
        register_import.problem, register_import.problem_details = unusable.reason, unusable.details
        _end(register_import, State.UNUSABLE, progress)
        return
    with progress.saving():
        register_import.state = State.PREVIEWED
        register_import.save()


def apply(register_import, *, today, progress=None):
    """Take in the stored file of a previewed import; goes on from where a run that died has come to.

    Raises `Unusable` if the file is gone or no longer the one that was previewed.
    """
    progress = progress or Quietly()
    if register_import.state != State.APPLYING:
        return
    with progress.beating():  # the bar is for what is taken in, which the preview has counted
        kind = kind_of(register_import.kind)
        reading = kind.reading(_path(register_import), today=today, mapping=register_import.mapping)
    with reading:
        if reading.reader.sha256 != register_import.sha256:
            raise Unusable("gone")
        counts = kind.take_in(reading, register_import, progress)
        previewed = {kind: getattr(register_import, f"rows_{kind}") for kind in OUTCOMES}
        if any(getattr(counts, kind) != number for kind, number in previewed.items()):
            register_import.sample["previewed"] = previewed
        _set_counts(register_import, counts, warned=register_import.rows_warned)
    register_import.applied_at = timezone.now()
    _end(register_import, State.APPLIED, progress)


def take_in_at_once(reading, *, name, by=None, kind="register"):
    """Take in a file that was just read, without a preview; returns the finished `RegisterImport`."""
    register_import = RegisterImport(name=name, by=by, state=State.APPLYING, kind=kind)
    _describe(register_import, reading, None)
    register_import.save()
    counts = kind_of(kind).take_in(reading, register_import)
    _set_counts(register_import, counts, warned=counts.warned)
    _keep_remarks(register_import, reading.staging)
    register_import.applied_at = timezone.now()
    _end(register_import, State.APPLIED, Quietly())
    return register_import


def cancel(register_import):
    """Forget a file that was previewed. Returns False if it is too late for that."""
    with transaction.atomic():
        waiting = RegisterImport.objects.filter(pk=register_import.pk, state=State.PREVIEWED)
        if not waiting.update(state=State.CANCELLED):
            return False
        register_import.refresh_from_db()
        _save_without_file(register_import)
    return True


def give_up_the_dead():
    """Say of imports that a command began and never ended that they were broken off.

    Nothing waits for them. One that is alive after all says so itself when it ends.
    """
    begun = RegisterImport.objects.filter(state__in=[State.READING, State.APPLYING], job=None, file=None)
    begun.update(state=State.BROKEN_OFF)


def _path(register_import):
    if register_import.file is None:
        raise Unusable("gone")
    path = Path(register_import.file.file.path)
    if not path.exists():
        raise Unusable("gone")
    return path


def _describe(register_import, reading, counts):
    reader = reading.reader
    register_import.sha256 = reader.sha256
    register_import.headings = reader.headings
    register_import.columns = {reader.headings[at]: column for column, at in reader.columns.items()}
    register_import.ignored_headings = reading.ignored_headings
    register_import.sheets = reader.sheets
    if counts:
        _set_counts(register_import, counts, warned=counts.warned)


def _set_counts(register_import, counts, *, warned):
    for kind, number in asdict(counts).items():
        if kind != "warned":
            setattr(register_import, f"rows_{kind}", number)
    register_import.rows_warned = warned


def _keep_remarks(register_import, staging):
    register_import.remarks.all().delete()
    remarks = staging.remarks("rejected", "repeated", "warning")
    while some := list(islice(remarks, BATCH)):
        RejectedRow.objects.bulk_create(
            [RejectedRow(register_import=register_import, **remark._asdict()) for remark in some]
        )


def _end(register_import, state, progress):
    with progress.saving():
        register_import.state = state
        _save_without_file(register_import)


def _save_without_file(register_import):
    stored, register_import.file = register_import.file, None
    register_import.save()
    if stored is not None:
        stored.delete()
        # After the commit: a file that was deleted before a rollback would be gone for good.
        transaction.on_commit(lambda: stored.file.delete(save=False))
