"""What the released code survives: `make check` tells it of migrations, and here a database says whether that is true.

Each case is a migration of a small app of two tables, `shop.Thing` and `shop.Other`, that are in the release; old code
is the two models as they were in it, working on the database after the migration.
"""

import threading
from runpy import run_path

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, migrations, models
from django.db.migrations.state import ProjectState
from django.db.models import F, Q

from jobcenter_crm.migrating import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    DropColumn,
    ValidateConstraint,
    in_batches,
)
from tests.test_project import ROOT

GUARD = run_path(str(ROOT / "scripts" / "migrations.py"))
ONLY_POSTGRESQL = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs PostgreSQL in DATABASE_URL")


pytestmark = pytest.mark.usefixtures("migrations_on_disk")


def key():
    return ("id", models.BigAutoField(primary_key=True))


RELEASED = [
    migrations.CreateModel("Other", [key()]),
    migrations.CreateModel(
        "Thing",
        [
            key(),
            ("name", models.CharField(max_length=50)),
            ("note", models.CharField(max_length=50, null=True)),
            ("number", models.IntegerField(db_default=0)),
        ],
        options={"constraints": [models.UniqueConstraint(fields=["name"], name="thing_name")]},
    ),
]
IN_CHECK = models.CheckConstraint(condition=Q(number__gte=100), name="thing_number")
IN_INDEX = models.Index(fields=["number"], name="thing_number_index")

# Old code breaks.
BREAKS = {
    "a column goes": [migrations.RemoveField("thing", "note")],
    "a column has another name": [migrations.RenameField("thing", "note", "remark")],
    "a field has another column": [
        migrations.AlterField("thing", "note", models.CharField(null=True, max_length=50, db_column="n"))
    ],
    "a table goes": [migrations.DeleteModel("Thing")],
    "a table has another name": [migrations.RenameModel("Thing", "Item")],
    "a column must be filled": [migrations.AddField("thing", "colour", models.CharField(max_length=9, default="red"))],
    "a column must be filled that could be empty": [
        migrations.AlterField("thing", "note", models.CharField(max_length=50, default=""))
    ],
    "the database fills a column no longer": [migrations.AlterField("thing", "number", models.IntegerField(default=0))],
    "the database fills a new column no longer": [
        migrations.AddField("thing", "colour", models.CharField(max_length=9, default="red", db_default="red")),
        migrations.AlterField("thing", "colour", models.CharField(max_length=9, default="red")),
    ],
    "a check that old code breaks": [migrations.AddConstraint("thing", IN_CHECK)],
    "a check of new rows that old code breaks": [AddConstraintNotValid("thing", IN_CHECK)],
    "one unique rule that old code relies on goes": [migrations.RemoveConstraint("thing", "thing_name")],
    "what left the state only is dropped too early": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "note")]),
        DropColumn("thing", "note", models.CharField(max_length=50, null=True)),
    ],
}
# Old code goes on, but a large table is locked for long.
WAITS = {
    "an index": [migrations.AddIndex("thing", IN_INDEX)],
    "a column with an index": [
        migrations.AddField("thing", "other", models.ForeignKey("shop.Other", null=True, on_delete=models.CASCADE))
    ],
    "an index on a column": [
        migrations.AlterField("thing", "note", models.CharField(null=True, max_length=50, db_index=True))
    ],
    "a wider number": [migrations.AlterField("thing", "number", models.BigIntegerField(db_default=0))],
    "a reckoned column": [
        migrations.AddField(
            "thing",
            "twice",
            models.GeneratedField(expression=F("number") * 2, output_field=models.IntegerField(), db_persist=True),
        )
    ],
    "what can't be read": [migrations.RunSQL("UPDATE shop_thing SET number = number", migrations.RunSQL.noop)],
    "data and tables at once": [
        migrations.AddField("thing", "colour", models.CharField(max_length=9, null=True)),
        migrations.RunPython(migrations.RunPython.noop),
    ],
}
if connection.vendor == "sqlite":
    # Stored columns can't be added there, and Django itself writes what the database would fill in.
    del WAITS["a reckoned column"]
    WAITS["the database fills a column no longer"] = BREAKS.pop("the database fills a column no longer")
# Nobody notices.
PASSES = {
    "a column that may be empty": [migrations.AddField("thing", "colour", models.CharField(max_length=9, null=True))],
    "a column that the database fills": [
        migrations.AddField("thing", "colour", models.CharField(max_length=9, default="red", db_default="red"))
    ],
    "a foreign key": [
        migrations.AddField(
            "thing", "other", models.ForeignKey("shop.Other", null=True, db_index=False, on_delete=models.CASCADE)
        )
    ],
    "many to many": [migrations.AddField("thing", "others", models.ManyToManyField("shop.Other"))],
    "a longer text": [migrations.AlterField("thing", "note", models.CharField(null=True, max_length=90))],
    "a text without end": [migrations.AlterField("thing", "note", models.TextField(null=True))],
    "a column that may be empty now": [
        migrations.AlterField("thing", "name", models.CharField(max_length=50, null=True))
    ],
    "words": [migrations.AlterField("thing", "note", models.CharField("remark", null=True, max_length=50))],
    "a name in the code": [
        migrations.AlterField("thing", "note", models.CharField(null=True, max_length=50, db_column="note")),
        migrations.RenameField("thing", "note", "remark"),
    ],
    "a field that leaves the code": [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField("thing", "note")])
    ],
    "a table with all that belongs to it": [
        migrations.CreateModel("Third", [key(), ("number", models.IntegerField())]),
        migrations.AddIndex("third", models.Index(fields=["number"], name="third_number")),
        migrations.AddConstraint("third", models.CheckConstraint(condition=Q(number__gte=0), name="third_check")),
        migrations.AddField("third", "thing", models.ForeignKey("shop.Thing", on_delete=models.CASCADE)),
        migrations.AddField("third", "colour", models.CharField(max_length=9, default="red", unique=True)),
        migrations.AlterField("third", "colour", models.IntegerField(default=0)),
        migrations.RemoveField("third", "colour"),
    ],
    "an index that is built meanwhile": [AddIndexConcurrently("thing", IN_INDEX)],
    "data": [migrations.RunPython(migrations.RunPython.noop)],
}


def after(*operations, state=None):
    """The state once these have been through it."""
    state = state.clone() if state else ProjectState()
    for operation in operations:
        operation.state_forwards("shop", state)
    return state


def migrate(state, operations):
    """Take the database through them; returns the state after."""
    for operation in operations:
        before, state = state, after(operation, state=state)
        with connection.schema_editor(atomic=operation.atomic is not False) as editor:
            operation.database_forwards("shop", editor, before, state)
    return state


@pytest.fixture
def released(transactional_db):
    """The state of the release, with its tables in the database and a row in each; whatever comes of them goes."""
    state = migrate(ProjectState(), RELEASED)
    state.apps.get_model("shop.Other").objects.create()
    state.apps.get_model("shop.Thing").objects.create(name="first", note="seen", number=100)
    yield state
    with connection.cursor() as cursor:
        tables = [name for name in connection.introspection.table_names(cursor) if name.startswith("shop_")]
        for table in sorted(tables, key=lambda name: (name in ("shop_thing", "shop_other"), name == "shop_other")):
            cursor.execute(f'DROP TABLE "{table}"')


def old_code_works(state):
    """All that the released code does with its tables, and expects of them."""
    things = state.apps.get_model("shop.Thing").objects
    things.create(name="second")
    thing = things.get(name="first", note="seen", number=100)
    thing.number += 1
    thing.save()
    things.bulk_create(
        [things.model(name="first", number=7)], update_conflicts=True, update_fields=["number"], unique_fields=["name"]
    )
    assert list(things.order_by("pk").values_list("name", "note", "number")) == [
        ("first", "seen", 7),
        ("second", None, 0),
    ]
    things.filter(name="second").delete()


def told(state, operations, **facts):
    migration = type("Migration", (migrations.Migration,), {"operations": operations, **facts})("0002", "shop")
    return list(GUARD["harms_of"](migration, state, GUARD["columns_of"](state)))


@pytest.mark.parametrize("name", BREAKS)
def test_what_breaks_old_code_is_told(released, name):
    assert told(released, BREAKS[name])
    migrate(released, BREAKS[name])

    with pytest.raises(DatabaseError):
        old_code_works(released)


@pytest.mark.parametrize("name", WAITS)
def test_what_makes_everybody_wait_is_told(released, name):
    assert told(released, WAITS[name])
    migrate(released, WAITS[name])

    old_code_works(released)


@pytest.mark.parametrize("name", PASSES)
def test_what_nobody_notices_passes(released, name):
    assert told(released, PASSES[name]) == []
    migrate(released, PASSES[name])

    old_code_works(released)


def test_a_column_is_dropped_a_release_after_it_left_the_code(released):
    note = models.CharField(max_length=50, null=True)
    left = migrate(released, PASSES["a field that leaves the code"])

    assert told(left, [DropColumn("thing", "note", note)]) == []
    dropped = migrate(left, [DropColumn("thing", "note", note)])

    thing = dropped.apps.get_model("shop.Thing").objects.create(name="third")
    assert "note" not in columns_of("shop_thing")
    # And back: old code finds its column again, empty.
    with connection.schema_editor() as editor:
        DropColumn("thing", "note", note).database_backwards("shop", editor, left, dropped)
    assert released.apps.get_model("shop.Thing").objects.get(pk=thing.pk).note is None


def test_a_check_is_added_first_for_new_rows_and_looks_at_the_old_ones_later(released):
    migrate(released, [AddConstraintNotValid("thing", IN_CHECK), ValidateConstraint("thing", "thing_number")])

    with pytest.raises(DatabaseError):
        released.apps.get_model("shop.Thing").objects.create(name="second", number=1)


@ONLY_POSTGRESQL
def test_a_check_of_new_rows_leaves_the_old_ones_until_they_are_looked_at(released):
    released.apps.get_model("shop.Thing").objects.create(name="second", number=1)
    migrate(released, [AddConstraintNotValid("thing", IN_CHECK)])

    with pytest.raises(DatabaseError):
        migrate(released, [ValidateConstraint("thing", "thing_number")])


@ONLY_POSTGRESQL
def test_while_an_index_waits_for_somebody_nobody_waits_for_the_index(released):
    began, built = threading.Event(), threading.Event()

    def build():
        began.set()
        migrate(released, [AddIndexConcurrently("thing", IN_INDEX)])
        connection.close()
        built.set()

    reader = connection.copy()
    reader.set_autocommit(False)
    with reader.cursor() as cursor:
        # It has written, and has not ended.
        cursor.execute("UPDATE shop_thing SET number = 200 WHERE name = 'first'")
        builder = threading.Thread(target=build)
        builder.start()
        began.wait(5)
        # Longer than an index of one row takes.
        waited = not built.wait(1)
        with connection.cursor() as other:
            other.execute("SET lock_timeout = '1s'")
            other.execute("INSERT INTO shop_thing (name) VALUES ('second')")
            other.execute("SET lock_timeout = 0")
    reader.rollback()
    reader.close()
    builder.join(20)

    assert waited
    assert built.is_set()


@ONLY_POSTGRESQL
def test_an_index_that_was_broken_off_is_built_anew(released):
    released.apps.get_model("shop.Thing").objects.create(name="second", number=100)
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("CREATE UNIQUE INDEX CONCURRENTLY thing_number_index ON shop_thing (number)")

    migrate(released, [AddIndexConcurrently("thing", IN_INDEX)])

    with connection.cursor() as cursor:
        cursor.execute("SELECT indisvalid, indisunique FROM pg_index WHERE indexrelid = 'thing_number_index'::regclass")
        assert cursor.fetchone() == (True, False)


def test_data_is_moved_in_batches_that_stay_when_it_is_broken_off(released):
    things = released.apps.get_model("shop.Thing").objects
    things.bulk_create(things.model(name=str(n)) for n in range(24))
    left = things.filter(note=None)

    for batch, rows in enumerate(in_batches(left, 10)):
        assert connection.in_atomic_block
        rows.update(note="done")
        if batch == 1:
            break
    # The one under way is taken back.
    assert left.count() == 14

    for rows in in_batches(left, 10):
        rows.update(note="done")
    assert left.count() == 0


def test_a_row_that_stays_to_be_done_is_not_come_back_to(released):
    things = released.apps.get_model("shop.Thing").objects
    things.bulk_create(things.model(name=str(n)) for n in range(24))

    assert [len(rows) for rows in in_batches(things.filter(note=None), 10)] == [10, 10, 4]


def columns_of(table):
    """What the database has: {column: whether a row may be written without it}."""
    with connection.cursor() as cursor:
        description = connection.introspection.get_table_description(cursor, table)
    return {column.name: column.null_ok or column.default is not None for column in description}


class Migrations:
    """Of one app, in place of what is on disk."""

    unmigrated_apps = set()

    def __init__(self, *operations, **facts):
        loader = GUARD["loaded"]()
        self.graph, last = loader.graph, loader.up_to(loader.leaves())[-1]
        self.newest = ("companies", "9999_next")
        facts = {"operations": operations, "dependencies": [last], **facts}
        self.graph.add_node(self.newest, type("Migration", (migrations.Migration,), facts)("9999_next", "companies"))
        self.graph.add_dependency(None, self.newest, last)
        self.up_to, self.leaves = loader.up_to, self.graph.leaf_nodes

    def harms(self):
        return [harm for _key, harm in GUARD["harms"](self, GUARD["base"]())]


INDEX = migrations.AddIndex("postcode", models.Index(fields=["town"], name="postcode_town"))


def test_a_migration_of_ours_is_looked_at_and_may_say_why_it_is_right():
    [harm] = Migrations(INDEX).harms()

    assert "nobody can write while it is built" in harm
    assert Migrations(INDEX, old_code_survives="About 600 postcodes: built in a moment.").harms() == []


@pytest.mark.parametrize("reason", ["", "fine", True])
def test_a_reason_is_a_sentence(reason):
    assert Migrations(INDEX, old_code_survives=reason).harms() == [
        "old_code_survives is to be a sentence that says why."
    ]


def test_a_reason_for_nothing_is_told():
    assert Migrations(old_code_survives="It would have been right all the same.").harms() == [
        "old_code_survives gives a reason for nothing: take it away."
    ]


def test_an_operation_that_nobody_knows_is_told():
    class Surprise(migrations.RunPython):
        """One that a library brought."""

    assert "nothing is known here of Surprise" in Migrations(Surprise(migrations.RunPython.noop)).harms()[0]


def test_no_migration_newer_than_the_release_breaks_its_code():
    loader = GUARD["loaded"]()

    assert list(GUARD["harms"](loader, GUARD["base"]())) == []


def test_the_release_is_told_by_migrations_that_there_are():
    assert set(GUARD["base"]()) <= GUARD["loaded"]().disk_migrations.keys()


def test_what_came_of_this_projects_own_past_would_have_been_told():
    before = {**dict(GUARD["base"]()), "contacts": "0017_services"}

    harms = {harm.split(":")[0] for _key, harm in GUARD["harms"](GUARD["loaded"](), list(before.items()))}

    assert harms == {
        "Add field is_everything to handover",
        "Add field answered_along to interaction",
        "Create constraint handover_everything_is_somebodys on model handover",
    }


@pytest.mark.django_db
def test_the_released_code_reads_every_table_and_writes_rows_without_what_is_new():
    """Each table of the release is there with all its columns, and each column that came since fills itself."""
    loader = GUARD["loaded"]()
    old = loader.graph.make_state(nodes=GUARD["base"](), at_end=True, real_apps=loader.unmigrated_apps)
    ours = {one.label for one in apps.get_app_configs()} & {app for app, _name in GUARD["base"]()}

    for model in old.apps.get_models(include_auto_created=True):
        if model._meta.app_label in ours:
            known, there = (
                {field.column for field in model._meta.local_concrete_fields},
                columns_of(model._meta.db_table),
            )
            assert known <= there.keys(), model
            assert [column for column in there if column not in known and not there[column]] == [], model
            list(model._base_manager.all()[:1])
