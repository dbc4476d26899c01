"""The database as it was migrated: kept once, and put back after each test that commits.

Django would empty every table and load code lists, permissions and roles anew, which takes longer than most tests.
"""

from django.db import transaction

KEPT = "kept_"


def keep(connection):
    """Copies every table that has rows."""
    unlogged, tables = "UNLOGGED" if connection.vendor == "postgresql" else "", tables_of(connection)
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'DROP TABLE IF EXISTS "{KEPT}{table}"')
        for table in those_with(cursor, "EXISTS (SELECT * FROM {table})", tables):
            cursor.execute(f'CREATE {unlogged} TABLE "{KEPT}{table}" AS SELECT * FROM "{table}"')


def put_back(connection):
    """Empties what has rows and had none when it was kept, and fills again what is no longer its copy."""
    existing, tables = set(connection.introspection.table_names()), tables_of(connection)
    copied = [table for table in tables if KEPT + table in existing]
    # Keys from table to table are looked at when all of it is done.
    with connection.constraint_checks_disabled(), transaction.atomic(connection.alias), connection.cursor() as cursor:
        filled = those_with(cursor, "EXISTS (SELECT * FROM {table})", [one for one in tables if one not in copied])
        changed = those_with(
            cursor,
            "EXISTS (SELECT * FROM {table} EXCEPT SELECT * FROM {copy}) "
            "OR (SELECT count(*) FROM {table}) <> (SELECT count(*) FROM {copy})",
            copied,
        )
        for table in filled + changed:
            cursor.execute(f'DELETE FROM "{table}"')
        for table in changed:
            cursor.execute(f'INSERT INTO "{table}" SELECT * FROM "{KEPT}{table}"')


def tables_of(connection):
    """The names of all tables that belong to models."""
    return sorted(connection.introspection.django_table_names(only_existing=True, include_views=False))


def those_with(cursor, condition, tables):
    """Those of the tables of which `condition` holds; all are asked about at once."""
    asked = [f"SELECT '{one}' WHERE " + condition.format(table=f'"{one}"', copy=f'"{KEPT}{one}"') for one in tables]
    cursor.execute(" UNION ALL ".join(asked))
    return [name for (name,) in cursor.fetchall()]
