"""Bulk work on exactly the rows somebody decided about, each with its value before and after.

The rows are written down (`JobTarget`) in the transaction that orders the work. A batch of them and the
state of their targets are one transaction, so that the work can be killed anywhere and resumed without
doing anything twice; and what the job gave can be taken back where nobody has changed it since.
"""

import json
from itertools import islice

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import EmptyResultSet
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.models import BigIntegerField, Count, F, Q, Value
from django.db.models.functions import Cast, JSONObject
from django.utils.translation import gettext_lazy as _

from jobcenter_crm.backstage import jobs
from jobcenter_crm.backstage.kinds import UnknownKind, job_kind
from jobcenter_crm.backstage.models import JobTarget

# Rows in one transaction: small enough that a page waits less than a second for the writer on SQLite.
BATCH = 200
# The same where a batch is a few statements, however many its rows are.
SET_BATCH = 2000
# More rows than this are a worker's; fewer are done while the browser waits.
ROWS_AT_ONCE = 200

_changes = {}


def bulk_kind(name, *, label, model, fields, permission="", result=None, origin="", about=None, batch=BATCH):
    """Register the decorated `change(row, values, *, job, by)` as bulk work on rows of `model`.

    `fields` are the columns it gives values to, a foreign key by its "_id". `change` gets the row,
    locked, and `values` as column -> Python value, and saves it, with its history; it is called with the
    values to give, and by undo with those from before. One that finds that it may not returns False: the
    row is left as it is.
    """

    told = {"label": label, "result": result, "permission": permission, "origin": origin, "about": about}
    return lambda change: _register(name, change, Change(change, model, fields, batch), told)


def set_kind(name, *, label, model, permission="", result=None, batch=SET_BATCH):
    """Register the decorated `change(keys, *, job, by)` as bulk work that takes many rows of `model` in each statement.

    `change` gets the primary keys of a batch, and locks what it has to: something else may have to be locked before
    the rows. It returns the keys of those that it changed, also when undo calls it, which `job.state` tells.
    """
    told = {"label": label, "result": result, "permission": permission}
    return lambda change: _register(name, change, SetChange(change, model, (), batch), told)


def _register(name, change, rows, told):
    counts = {"changed": _("Changed"), "left": _("Left as they were: changed by somebody meanwhile")}
    job_kind(name, counts=counts, undo=rows.take_back, **told)(rows.carry_out)
    _changes[name] = rows
    return change


@transaction.atomic
def start(kind, *, by, rows, values, arguments=None, queue_it=True):
    """Order a change of the rows that the queryset `rows` has now: these and no others.

    `values` is column -> new value, or a database expression over the row; or a function from primary key to values.
    Without a function the targets are written by one statement. With `queue_it=False` the caller runs the job
    (`jobs.run(job.pk)`) in its own process. Raises `UnknownKind`.
    """
    try:
        change = _changes[kind]
    except KeyError:
        raise UnknownKind(kind) from None
    job = jobs.start(kind, by=by, arguments=arguments, queue_it=queue_it)
    if callable(values):
        job.total = 0
        targets = change.targets(job, rows, values)
        while some := list(islice(targets, 1000)):
            job.total += len(JobTarget.objects.bulk_create(some))
    else:
        job.total = change.insert_targets(job, rows, values)
    job.save(update_fields=["total"])
    return job


def insert_from(model, rows, columns):
    """Insert a row of `model` for each of the queryset `rows`, in its order, by one statement; returns how many.

    `columns` is field of `model` -> database expression over the row.
    """
    # Under names of their own: the row may have columns that are called the same.
    named = {f"to_{column}": expression for column, expression in columns.items()}
    try:
        select, params = rows.annotate(**named).values_list(*named).query.sql_with_params()
    except EmptyResultSet:
        return 0
    quoted = ", ".join(connection.ops.quote_name(model._meta.get_field(name).column) for name in columns)
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO {connection.ops.quote_name(model._meta.db_table)} ({quoted}) {select}", params)
        return cursor.rowcount


def write_history(rows, *, at, by, why=""):
    """The line in its history that saving each of `rows` would have written, by one statement; `by` may be None."""
    history = rows.model.history.model
    kept = {column.name: F(column.attname) for column in history.tracked_fields}
    told = {
        "history_date": Value(at),
        "history_change_reason": Value(why[:100]),
        "history_type": Value("~"),
        "history_user": Value(by and by.pk, output_field=BigIntegerField()),
    }
    insert_from(history, rows.order_by(), kept | told)


class Change:
    """A function that changes one row, with what it takes to let it loose on many."""

    def __init__(self, change, model, columns, batch):
        self.change, self.model, self.batch = change, model, batch
        self.fields = {column: model._meta.get_field(column) for column in columns}

    def insert_targets(self, job, rows, values):
        """Write the targets of `rows`, all of them given the same `values`; how many. Raises `ValueError` as below."""
        self._refuse_others(job, values)
        return insert_from(
            JobTarget,
            rows.order_by("pk"),
            {
                "job_id": Value(job.pk),
                "object_type_id": Value(ContentType.objects.get_for_model(self.model).pk),
                "object_id": F("pk"),
                "old": JSONObject(**{column: F(column) for column in self.fields}),
                "new": JSONObject(**{column: self._typed(column, value) for column, value in values.items()}),
                "state": Value(JobTarget.State.WAITING),
            },
        )

    def _typed(self, column, value):
        """The value as the database must have it told: PostgreSQL can't guess the type of a bare parameter."""
        field = self.fields[column]
        field = getattr(field, "target_field", field)
        return Cast(value if hasattr(value, "resolve_expression") else Value(value, field), field)

    def _refuse_others(self, job, values):
        if set(values) != set(self.fields):
            raise ValueError(f"{job.kind} gives values to {sorted(self.fields)}, not to {sorted(values)}.")

    def targets(self, job, rows, value_of):
        """The unsaved targets of `rows`, read in pieces. Raises `ValueError` for a value of another column."""
        object_type = ContentType.objects.get_for_model(self.model)
        for row in rows.order_by("pk").values("pk", *self.fields).iterator(chunk_size=1000):
            pk = row.pop("pk")
            new = value_of(pk)
            self._refuse_others(job, new)
            yield JobTarget(job=job, object_type=object_type, object_id=pk, old=as_json(row), new=as_json(new))

    def carry_out(self, job, progress):
        """Give the waiting targets their new value; one that no longer has its old value is left alone."""
        while self._batch(
            job.targets.filter(state=JobTarget.State.WAITING),
            progress,
            expected="old",
            given="new",
            states=(JobTarget.State.DONE, JobTarget.State.SKIPPED),
            deed={"job": job, "by": job.created_by},
        ):
            pass
        return job.targets.aggregate(
            changed=Count("pk", filter=Q(state=JobTarget.State.DONE)),
            left=Count("pk", filter=Q(state=JobTarget.State.SKIPPED)),
        )

    def take_back(self, job, progress):
        """Give the targets their old value back where they still have what `job` gave them."""
        changed = job.targets.filter(state__in=[JobTarget.State.DONE, JobTarget.State.UNDONE])
        progress(done=changed.filter(state=JobTarget.State.UNDONE).count(), total=changed.count())
        last = 0
        while last := self._batch(
            job.targets.filter(state=JobTarget.State.DONE, pk__gt=last),
            progress,
            expected="new",
            given="old",
            states=(JobTarget.State.UNDONE, JobTarget.State.DONE),
            deed={"job": job, "by": job.undone_by},
        ):
            pass
        return job.targets.aggregate(
            restored=Count("pk", filter=Q(state=JobTarget.State.UNDONE)),
            left=Count("pk", filter=Q(state=JobTarget.State.DONE)),
        )

    def _batch(self, targets, progress, *, expected, given, states, deed):
        """Change the next targets in one transaction; the last one's key, or 0 when there was none.

        A row with the `expected` values is given the others and its target the first of `states`; a
        row that is gone, or has other values by now, is left alone and its target gets the second.
        """
        with progress.saving():
            some = list(targets.order_by("pk")[: self.batch])
            if not some:
                return 0
            # In one order everywhere, so that two jobs on the same rows wait for each other and never lock each other out.
            named = self.model._base_manager.filter(pk__in=[target.object_id for target in some])
            rows = {row.pk: row for row in named.select_for_update().order_by("pk")}
            for target in some:
                row = rows.get(target.object_id)
                changing = row is not None and self._values(row) == getattr(target, expected)
                if changing:
                    changing = self.change(row, self._python(getattr(target, given)), **deed) is not False
                target.state = states[0] if changing else states[1]
            JobTarget.objects.bulk_update(some, ["state"])
            progress(done=progress.done + len(some))
        return some[-1].pk

    def _values(self, row):
        return as_json({column: getattr(row, field.attname) for column, field in self.fields.items()})

    def _python(self, values):
        return {column: self.fields[column].to_python(value) for column, value in values.items()}


class SetChange(Change):
    """A function that changes many rows in a few statements."""

    def _batch(self, targets, progress, *, states, deed, **_values):
        with progress.saving():
            some = dict(targets.order_by("pk").values_list("object_id", "pk")[: self.batch])
            if not some:
                return 0
            changed = set(self.change(list(some), **deed))
            for state, is_changed in zip(states, (True, False), strict=True):
                keys = [pk for row, pk in some.items() if (row in changed) is is_changed]
                JobTarget.objects.filter(pk__in=keys).update(state=state)
            progress(done=progress.done + len(some))
        return max(some.values())


def as_json(values):
    """`values` as they come back from a JSON column, so that the two can be compared."""
    plain = {name: value.pk if isinstance(value, models.Model) else value for name, value in values.items()}
    return json.loads(json.dumps(plain, cls=DjangoJSONEncoder))
