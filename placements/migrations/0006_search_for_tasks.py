"""An index for the search of what is done in a slot, which only PostgreSQL has; other databases read all of them."""

from django.db import migrations

from jobcenter_crm.migrating import patience


def build(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with patience(schema_editor):
            schema_editor.execute("DROP INDEX CONCURRENTLY IF EXISTS slot_search")
            schema_editor.execute(
                "CREATE INDEX CONCURRENTLY slot_search ON placements_slot USING gin (UPPER(tasks::text) gin_trgm_ops)"
            )


def drop(apps, schema_editor):
    schema_editor.execute("DROP INDEX IF EXISTS slot_search")


class Migration(migrations.Migration):
    atomic = False
    # The first brings the kind of index.
    dependencies = [("companies", "0003_postgresql"), ("placements", "0005_cases_by_reference")]
    operations = [migrations.RunPython(build, drop)]
