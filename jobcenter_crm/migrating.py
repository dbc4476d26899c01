"""Operations for migrations of large tables: nobody waits on PostgreSQL, and SQLite gets the same schema.

When to use which is in docs/releases.md.
"""

from contextlib import contextmanager, suppress

from django.contrib.postgres import operations as postgresql
from django.db import Error, migrations, transaction
from django.db.migrations.operations.base import Operation


class AddIndexConcurrently(postgresql.AddIndexConcurrently):
    """Builds an index while others write. Needs `atomic = False`, and a migration of its own.

    Run again after it was broken off, it begins anew: what was left is of no use to PostgreSQL.
    """

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return migrations.AddIndex.database_forwards(self, app_label, schema_editor, from_state, to_state)
        self._ensure_not_in_transaction(schema_editor)
        # It waits for everybody who is at work, and nobody waits for it: it may take its time.
        with patience(schema_editor):
            schema_editor.execute(f"DROP INDEX CONCURRENTLY IF EXISTS {schema_editor.quote_name(self.index.name)}")
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return migrations.AddIndex.database_backwards(self, app_label, schema_editor, from_state, to_state)
        with patience(schema_editor):
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class AddConstraintNotValid(postgresql.AddConstraintNotValid):
    """Adds a check that holds from now on; what is there already is looked at by `ValidateConstraint`."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor != "postgresql":
            return migrations.AddConstraint.database_forwards(self, app_label, schema_editor, from_state, to_state)
        super().database_forwards(app_label, schema_editor, from_state, to_state)


class ValidateConstraint(postgresql.ValidateConstraint):
    """Looks at the rows that were there before the check, while others read and write. In a migration of its own."""

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        # Elsewhere all was looked at when it was added.
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)


class DropColumn(Operation):
    """Drops the column of a field that left the code, and the state of migrations, a release ago.

    `field` is the one that was taken away, as its last migration has it.
    """

    reversible = True

    def __init__(self, model_name, name, field):
        self.model_name, self.name, self.field = model_name, name, field

    def deconstruct(self):
        return type(self).__name__, [], {"model_name": self.model_name, "name": self.name, "field": self.field}

    def describe(self):
        return f"Drop the column of {self.name}, which left {self.model_name}"

    def state_forwards(self, app_label, state):
        """The field left it before."""

    def as_it_was(self, app_label, state):
        """The model with the field that left it, and that field."""
        state = state.clone()
        state.add_field(app_label, self.model_name.lower(), self.name, self.field, preserve_default=True)
        model = state.apps.get_model(app_label, self.model_name)
        return model, model._meta.get_field(self.name)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        model, field = self.as_it_was(app_label, from_state)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.remove_field(model, field)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        _model, field = self.as_it_was(app_label, to_state)
        model = from_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            schema_editor.add_field(model, field)


def in_batches(rows, size=1000):
    """What a query finds, so many rows at a time, each time in a transaction of its own: nobody waits for long.

    For `RunPython` in a migration with `atomic = False`. The query is to find what is left to do: a migration that was
    broken off is then run again, and goes on from there.
    """
    last = 0
    while keys := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:size]):
        last = keys[-1]
        with transaction.atomic(using=rows.db):
            yield rows.filter(pk__in=keys)


def patience(schema_editor):
    """Waits for locks for as long as it takes, where `migrate` would give up soon."""
    return waiting_for_locks(schema_editor.connection, "0")


@contextmanager
def waiting_for_locks(connection, limit):
    """Waits for locks for so long ("5s", "0" for as long as it takes), and then again for as long as before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('lock_timeout')")
        [before] = cursor.fetchone()
        cursor.execute("SELECT set_config('lock_timeout', %s, false)", [limit])
    try:
        yield
    finally:
        # An error may have taken the connection with it: that error is the one to tell.
        with suppress(Error), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('lock_timeout', %s, false)", [before])
