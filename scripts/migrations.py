"""What the released code does not survive in migrations that are newer than it: `check` tells, `release` moves the base.

While a release is brought in, the code of the release before goes on reading and writing a database that the new
migrations have been through. What each app's newest migration was in the newest release stands in pyproject.toml,
under `[tool.released]`. What to write instead is in docs/releases.md.

A migration that is right all the same says why, in a sentence:

    class Migration(migrations.Migration):
        old_code_survives = "Teams are a few dozen rows, so their index is built within milliseconds."
"""

import functools
import os
import pathlib
import re
import sys
import tomllib

import django
from django.db import migrations
from django.db.backends.postgresql.base import DatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.models import GeneratedField, UniqueConstraint
from django.db.models.fields import NOT_PROVIDED

ROOT = pathlib.Path(__file__).resolve().parent.parent

# Says of which type a column is on PostgreSQL; nothing connects.
POSTGRESQL = DatabaseWrapper({"NAME": "", "OPTIONS": {}, "TIME_ZONE": None}, alias="never")
SHORTEST_REASON = 20
WIDENED = re.compile(r"varchar\((\d+)\)")


def main():
    """Run what the command line names: `check` or `release`."""
    # What a migration does depends on no setting of this machine.
    from check import SETTINGS

    os.environ |= SETTINGS | {"DJANGO_SETTINGS_MODULE": "jobcenter_crm.settings"}
    sys.path.insert(0, str(ROOT))
    django.setup()
    sys.exit({"check": check, "release": release}[sys.argv[1]]())


def check():
    """Say what old code would not survive; the exit code is 1 then."""
    found = list(harms(loaded(), base()))
    for key, harm in found:
        print(f"{'.'.join(key)}: {harm}")
    if found:
        print("How to do it so that old code goes on, and how to say that it does: docs/releases.md")
    return bool(found)


def release():
    """Write down that all there is today is released."""
    newest = {app: name for app, name in sorted(loaded().leaves()) if app in own_apps()}
    path = ROOT / "pyproject.toml"
    before, heading, after = path.read_text().partition("[tool.released]\n")
    rest = after[after.index("\n[") :] if "\n[" in after else ""
    path.write_text(before + heading + "".join(f'{app} = "{name}"\n' for app, name in newest.items()) + rest)


def base():
    """The newest migration of each app in the newest release, as (app, name)."""
    return list(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["released"].items())


def own_apps():
    """The labels of the apps that are ours. The migrations of libraries are read by whoever takes in a new version."""
    site = pathlib.Path(django.__file__).parent.parent
    return {
        one.label
        for one in django.apps.apps.get_app_configs()
        if pathlib.Path(one.path).is_relative_to(ROOT) and not pathlib.Path(one.path).is_relative_to(site)
    }


class Loaded(MigrationLoader):
    """All migrations as they were written, one by one; those that only take the place of others are left out."""

    def __init__(self):
        super().__init__(None, replace_migrations=False)

    def load_disk(self):
        super().load_disk()
        for key, migration in list(self.disk_migrations.items()):
            if migration.replaces and self.disk_migrations.keys() >= set(migration.replaces):
                del self.disk_migrations[key]

    def leaves(self):
        """The newest migration of each app, as (app, name)."""
        return self.graph.leaf_nodes()

    def up_to(self, keys):
        """Those migrations and all that they need, in the order in which they run."""
        return list(dict.fromkeys(key for end in keys for key in self.graph.forwards_plan(end)))


def loaded():
    """All migrations of the product, as `Loaded`."""
    return Loaded()


def harms(loader, released):
    """What the code of the release would not survive, as pairs of (app, name) of a migration and a sentence.

    `released` are the (app, name) of the newest migration of each app in that release. Where a migration says why old
    code survives it, nothing is told of it.
    """
    old = loader.up_to(released)
    ours = own_apps()
    newer = [key for key in loader.up_to(loader.leaves()) if key not in set(old) and key[0] in ours]
    if not newer:
        return
    state = state_of(tuple(released))
    columns = columns_of(state)
    for key in newer:
        migration = loader.graph.nodes[key]
        told = list(harms_of(migration, state, columns))
        reason = getattr(migration, "old_code_survives", None)
        if reason is None:
            yield from ((key, harm) for harm in told)
        elif not isinstance(reason, str) or len(reason) < SHORTEST_REASON:
            yield key, "old_code_survives is to be a sentence that says why."
        elif not told:
            yield key, "old_code_survives gives a reason for nothing: take it away."
        state = migration.mutate_state(state)


@functools.cache
def state_of(released):
    """The models as they are after the migrations of those (app, name)."""
    loader = loaded()
    return loader.graph.make_state(nodes=list(released), at_end=True, real_apps=loader.unmigrated_apps)


def columns_of(state):
    """The tables of a state, each with its columns: {table: {column}}."""
    models = state.apps.get_models(include_auto_created=True)
    return {one._meta.db_table: {field.column for field in one._meta.local_concrete_fields} for one in models}


def harms_of(migration, state, released):
    """What old code would not survive in one migration that comes upon `state`; `released` as of `columns_of`."""
    kinds = set()
    for operation, before, after in steps(migration.operations, migration.app_label, state):
        kind = type(operation).__name__
        kinds.add(kind)
        if kind in RULES:
            yield from RULES[kind](Step(operation, migration.app_label, before, after, released))
        else:
            yield f"{operation.describe()}: nothing is known here of {kind}. Say why old code survives it."
    if "RunPython" in kinds and kinds - NO_SCHEMA:
        yield "It moves data and changes tables, which stay locked for as long as that takes. Make it two migrations."


def steps(operations, app, state):
    """Each operation that reaches the database, with the state before and after it."""
    for operation in operations:
        after = state.clone()
        operation.state_forwards(app, after)
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from steps(operation.database_operations, app, state)
        else:
            yield operation, state, after
        state = after


class Step:
    """One operation, and what stands before and after it."""

    def __init__(self, operation, app, before, after, released):
        self.operation, self.app, self.before, self.after, self.released = operation, app, before, after, released

    def model(self, state, name=None):
        """The model of that name as it is in `state`; without a name that of the operation."""
        return state.apps.get_model(self.app, name or self.operation.model_name)

    def field(self, state, name=None):
        """The field of that name as it is in `state`; without a name that of the operation."""
        return self.model(state)._meta.get_field(name or self.operation.name)

    @property
    def table(self):
        """The table that the operation comes upon."""
        return self.model(self.before)._meta.db_table

    @property
    def is_new(self):
        """The table is younger than the release: old code knows nothing of it."""
        return self.table not in self.released

    def is_released(self, column):
        """Old code knows this column of the table."""
        return column in self.released.get(self.table, ())

    def says(self, what):
        """A harm, with the operation that does it before it."""
        return f"{self.operation.describe()}: {what}"


def removed_table(step):
    """Of a model that goes."""
    table = step.model(step.before, step.operation.name)._meta.db_table
    if table in step.released:
        yield step.says("old code reads the table. Take it out of the code now, and drop it a release later.")


def renamed_table(step):
    """Of a table that is called otherwise afterwards."""
    old = getattr(step.operation, "old_name", None) or step.operation.name
    new = getattr(step.operation, "new_name", None) or step.operation.name
    table = step.model(step.before, old)._meta.db_table
    if table in step.released and table != step.model(step.after, new)._meta.db_table:
        yield step.says("old code knows the table by its old name. Keep it as `db_table`.")


def added_column(step):
    """Of a column that old code does not write."""
    field = step.field(step.after)
    if step.is_new or field.many_to_many:
        return
    if isinstance(field, GeneratedField):
        yield step.says("the whole table is written anew while everybody waits.")
    elif not field.null and not fills_itself(field):
        yield step.says("old code writes rows without it, which a NOT NULL column refuses. Give it a `db_default`.")
    if field.unique or field.db_index:
        yield step.says(
            "its index is built while everybody waits. Set `db_index=False`, and add the index concurrently after it."
        )


def removed_column(step):
    """Of a column, or a table between two, that goes."""
    field = step.field(step.before)
    if field.many_to_many:
        if field.m2m_db_table() in step.released:
            yield step.says("old code reads its table. Take it out of the code now, and drop it a release later.")
    elif step.is_released(field.column):
        yield step.says(
            "old code reads and writes the column. Take it out of the code now, and drop it a release later."
        )


def dropped_column(step):
    """Of `jobcenter_crm.migrating.DropColumn`."""
    _model, field = step.operation.as_it_was(step.app, step.before)
    if step.is_released(field.column):
        yield step.says("old code reads and writes the column. Drop it a release after it left the code.")


def renamed_column(step):
    """Of a column that is called otherwise afterwards."""
    old, new = step.field(step.before, step.operation.old_name), step.field(step.after, step.operation.new_name)
    if old.column != new.column and step.is_released(old.column):
        yield step.says("old code knows the column by its old name. Keep that as `db_column`.")


def altered_column(step):
    """Of another name, type, default, index or target of a column."""
    old, new = step.field(step.before), step.field(step.after)
    # Django itself refuses to make a table of its own of a column.
    if step.is_new or new.many_to_many:
        return
    if old.column != new.column:
        yield step.says("old code knows the column by its old name. Keep that as `db_column`.")
    if not keeps_type(old, new):
        yield step.says("another type writes the whole table anew while everybody waits. Add a column, and move over.")
    if old.null and not new.null:
        yield step.says("old code may write nothing there, and every row is looked at while everybody waits.")
    elif (
        fills_itself(old)
        and not (new.null or fills_itself(new))
        and not (step.is_released(old.column) and old.has_default())
    ):
        yield step.says("old code leaves its value to the database. Keep `db_default`.")
    if ((new.unique or new.db_index) and not (old.unique or old.db_index)) or new.unique > old.unique:
        yield step.says("its index is built while everybody waits. Add it concurrently.")
    if new.remote_field and (
        not old.remote_field
        or old.remote_field.model._meta.db_table != new.remote_field.model._meta.db_table
        or (new.db_constraint and not old.db_constraint)
    ):
        yield step.says("every row is looked up in the other table while everybody waits.")


def fills_itself(field):
    """The database fills the column where code says nothing of it."""
    return field.db_default is not NOT_PROVIDED and getattr(field.db_default, "value", field.db_default) is not None


def keeps_type(old, new):
    """Whether PostgreSQL keeps the rows as they are, and old code finds what it can read."""
    was, becomes = old.db_parameters(POSTGRESQL), new.db_parameters(POSTGRESQL)
    if was.get("collation") != becomes.get("collation"):
        return False
    if was["type"] == becomes["type"]:
        return True
    shorter, longer = WIDENED.fullmatch(was["type"]), WIDENED.fullmatch(becomes["type"])
    return bool(shorter) and (becomes["type"] == "text" or (bool(longer) and int(longer[1]) >= int(shorter[1])))


def added_index(step):
    """Of an index that is built while the table is locked."""
    if not step.is_new:
        yield step.says("nobody can write while it is built. Use AddIndexConcurrently of jobcenter_crm.migrating.")


def added_constraint(step):
    """Of a constraint that every row is held against."""
    if not step.is_new:
        yield step.says(
            "every row is looked at while everybody waits, and old code may write rows that break it. Use "
            "AddConstraintNotValid and ValidateConstraint of jobcenter_crm.migrating, once old code keeps to it."
        )


def added_constraint_of_new_rows(step):
    """Of `jobcenter_crm.migrating.AddConstraintNotValid`."""
    if not step.is_new:
        yield step.says("it holds for rows that old code writes. Say why that code keeps to it.")


def removed_constraint(step):
    """Of one that keeps rows apart."""
    constraint = step.before.models[step.app, step.operation.model_name_lower].get_constraint_by_name(
        step.operation.name
    )
    if not step.is_new and isinstance(constraint, UniqueConstraint):
        yield step.says("old code may rely on it to find what is there already (ON CONFLICT).")


def altered_together(step):
    """Of the old ways to keep columns together."""
    if step.model(step.before, step.operation.name)._meta.db_table in step.released:
        yield step.says("write it as a constraint or an index of its own.")


def unreadable(step):
    """Of SQL as it was written."""
    yield step.says("what it does can't be read from here. Say why old code survives it.")


def harmless(step):
    """Old code does not notice, and nobody waits."""
    return ()


RULES = {
    "CreateModel": harmless,
    "DeleteModel": removed_table,
    "RenameModel": renamed_table,
    "AlterModelTable": renamed_table,
    "AddField": added_column,
    "RemoveField": removed_column,
    "DropColumn": dropped_column,
    "RenameField": renamed_column,
    "AlterField": altered_column,
    "AddIndex": added_index,
    "AddIndexConcurrently": harmless,
    "RemoveIndex": harmless,
    "RenameIndex": harmless,
    "AddConstraint": added_constraint,
    "AddConstraintNotValid": added_constraint_of_new_rows,
    "ValidateConstraint": harmless,
    "RemoveConstraint": removed_constraint,
    "AlterConstraint": harmless,
    "AlterUniqueTogether": altered_together,
    "AlterIndexTogether": altered_together,
    "RunSQL": unreadable,
    "RunPython": harmless,
    "AlterModelOptions": harmless,
    "AlterModelManagers": harmless,
    "AlterModelTableComment": harmless,
}
# Of these no table gets another shape.
NO_SCHEMA = {"RunPython", "RunSQL", "AlterModelOptions", "AlterModelManagers", "AlterModelTableComment"}


if __name__ == "__main__":
    main()
