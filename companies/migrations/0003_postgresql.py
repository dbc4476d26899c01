"""What only PostgreSQL can do for a large register; other databases skip it.

A trigram index serves the search for a part of a name, and the sort keys are compared byte by byte: with a
language's collation the signs that stand for æ, ø and å would be passed over.
"""

from django.db import migrations

FORWARD = [
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    'ALTER TABLE companies_workplace ALTER COLUMN sort_name TYPE varchar(600) COLLATE "C"',
    'ALTER TABLE companies_municipality ALTER COLUMN sort_name TYPE varchar(200) COLLATE "C"',
    "CREATE INDEX workplace_search ON companies_workplace USING gin (search_text gin_trgm_ops)",
]
BACK = [
    "DROP INDEX workplace_search",
    "ALTER TABLE companies_municipality ALTER COLUMN sort_name TYPE varchar(200)",
    "ALTER TABLE companies_workplace ALTER COLUMN sort_name TYPE varchar(600)",
]


def run(statements):
    def on_postgresql(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            for statement in statements:
                schema_editor.execute(statement)

    return on_postgresql


class Migration(migrations.Migration):
    dependencies = [("companies", "0002_initial")]

    operations = [migrations.RunPython(run(FORWARD), run(BACK))]
