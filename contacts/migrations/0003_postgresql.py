"""The search for people on PostgreSQL; other databases skip it."""

from django.db import migrations


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("CREATE INDEX person_search ON contacts_person USING gin (search_text gin_trgm_ops)")


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX person_search")


class Migration(migrations.Migration):
    # The extension comes with the register's own migration.
    dependencies = [("contacts", "0002_initial"), ("companies", "0003_postgresql")]

    operations = [migrations.RunPython(add, remove)]
