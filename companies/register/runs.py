"""An import from its file to its end, as the database remembers it: previewed, taken in, cancelled.

The file itself is deleted as soon as nothing is left to do with it: its name and its SHA-256 say which it
was, and what it told beyond the register is none of ours to keep.
"""

from dataclasses import asdict
from datetime import timedelta
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from companies.models import RegisterImport, RejectedRow
from companies.register import mappings
from companies.register.importer import BATCH, OUTCOMES, Counts, Quietly
from companies.register.kinds import kind_of
from companies.register.readers import Unnamed, Unusable, samples
from jobcenter_crm.backstage.models import Job

State = RegisterImport.State
WAITING = [State.UNNAMED, State.PREVIEWED]
# So long a file waits for somebody to say that it is to be taken in: the next one tells all of it anew, and until then
# somebody may be away.
KEPT_FOR = timedelta(days=30)


def preview(register_import, *, today, progress=None):
    """Read the stored file and keep what taking it in would do. Harmless when run again; writes nothing else.

    An unusable file is remembered as such and deleted; one whose columns must be named waits for that.
    """
    progress = progress or Quietly()
    if register_import.state != State.READING:
        return
    try:
        kind = kind_of(register_import.kind)
        with _reading(register_import, kind, today, progress) as reading:
            counts, sample = kind.compare(reading, progress)
            _describe(register_import, reading, counts)
            register_import.sample |= sample.as_json()
            register_import.sample["columns"] = samples(
                reading.reader.headings,
                (row.cells for row in reading.reader.rows()),
                reading.reader.columns.get("p_number"),
            )
            _keep_remarks(register_import, reading.staging)
    except Unnamed as unnamed:
        _wait_for_names(register_import, unnamed, progress)
        return
    except Unusable as unusable:
        register_import.problem, register_import.problem_details = unusable.reason, unusable.details
        _end(register_import, State.UNUSABLE, progress)
        return
    with progress.saving():
        register_import.state = State.PREVIEWED
        register_import.save()


def _reading(register_import, kind, today, progress):
    """The file read to its end; where it does not say what its columns are, as a remembered mapping says."""
    register_import.sample = _begun_with(register_import)
    try:
        return _read(kind, register_import, today, progress)
    except Unnamed as unnamed:
        known = None if register_import.mapping else mappings.fitting(kind, unnamed.headings)
        if known is None:
            raise
    register_import.sample["mapping"], register_import.mapping = known
    return _read(kind, register_import, today, progress)


def _read(kind, register_import, today, progress=None):
    said = {"mapping": register_import.mapping, "answers": register_import.answers}
    return kind.reading(_path(register_import), today=today, progress=progress, **said)


def _begun_with(register_import):
    """What the sample held before the file was read for the first time."""
    return {name: told for name, told in register_import.sample.items() if name == "left_out"}


def _wait_for_names(register_import, unnamed, progress):
    register_import.sha256, register_import.headings = unnamed.sha256, unnamed.headings
    register_import.problem, register_import.problem_details = unnamed.reason, unnamed.details
    register_import.sample = _begun_with(register_import) | {"columns": unnamed.samples}
    register_import.columns, register_import.ignored_headings = {}, []
    _set_counts(register_import, Counts(), warned=0)
    with progress.saving():
        register_import.remarks.all().delete()
        register_import.state = State.UNNAMED
        register_import.save()


def name_columns(register_import, mapping):
    """Have the file read anew as `mapping` says. Returns False if it is too late for that.

    The caller orders the reading in the same transaction.
    """
    facts = {"state": State.READING, "mapping": mapping, "problem": "", "problem_details": {}}
    waiting = RegisterImport.objects.filter(pk=register_import.pk, state__in=WAITING)
    return bool(waiting.update(**facts))


def apply(register_import, *, today, progress=None):
    """Take in the stored file of a previewed import; goes on from where a run that died has come to.

    Raises `Unusable` if the file is gone or no longer the one that was previewed.
    """
    progress = progress or Quietly()
    if register_import.state != State.APPLYING:
        return
    with progress.beating():  # the bar is for what is taken in, which the preview has counted
        kind = kind_of(register_import.kind)
        reading = _read(kind, register_import, today)
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
    register_import = RegisterImport(name=name, by=by, state=State.APPLYING, kind=kind, answers=reading.answers)
    _describe(register_import, reading, None)
    register_import.save()
    counts = kind_of(kind).take_in(reading, register_import)
    _set_counts(register_import, counts, warned=counts.warned)
    _keep_remarks(register_import, reading.staging)
    register_import.applied_at = timezone.now()
    _end(register_import, State.APPLIED, Quietly())
    return register_import


def cancel(register_import, **why):
    """Forget a file that waits for somebody's word. Returns False if it is too late for that.

    The rows that it brings again can be corrected and brought once more. `why` are `problem` and `problem_details`, where
    nobody asked for it.
    """
    with transaction.atomic():
        waiting = RegisterImport.objects.filter(pk=register_import.pk, state__in=WAITING)
        if not waiting.update(state=State.CANCELLED, **why):
            return False
        register_import.refresh_from_db()
        register_import.brought_again.update(taken_with=None)
        _save_without_file(register_import)
    return True


def kept_until(register_import):
    """The last day on which a file waits for somebody's word."""
    return timezone.localdate(register_import.created_at) + KEPT_FOR


def let_go(now):
    """Delete the files that have waited for too long; returns how many. Harmless twice.

    One whose reading or taking in has failed waits for somebody to try again: it is broken off.
    """
    left = RegisterImport.objects.filter(created_at__lte=now - KEPT_FOR).order_by("pk")
    why = {"problem": "left", "problem_details": {"days": KEPT_FOR.days}}
    gone = sum(cancel(one, **why) for one in left.filter(state__in=WAITING))
    failed = left.filter(state__in=[State.READING, State.APPLYING], job__state=Job.State.FAILED)
    return gone + sum(_break_off(one) for one in failed)


def _break_off(register_import):
    with transaction.atomic():
        # Whoever tries again at this moment waits here, and finds nothing to do.
        if not Job.objects.select_for_update().filter(pk=register_import.job_id, state=Job.State.FAILED).exists():
            return False
        register_import.refresh_from_db()
        register_import.state = State.BROKEN_OFF
        register_import.brought_again.update(taken_with=None)
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
        if state == State.UNUSABLE:
            register_import.brought_again.update(taken_with=None)
        register_import.state = state
        _save_without_file(register_import)


def _save_without_file(register_import):
    """Forget the file, and with it the cells that were shown of it; what was taken in keeps its sample of changes."""
    register_import.sample.pop("columns", None)
    if register_import.state != State.APPLIED:
        register_import.sample.pop("rows", None)
    stored, register_import.file = register_import.file, None
    register_import.save()
    if stored is not None:
        stored.delete()
        # After the commit: a file that was deleted before a rollback would be gone for good.
        transaction.on_commit(lambda: stored.file.delete(save=False))
