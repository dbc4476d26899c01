"""Fill the keys by which a place that looks the same is found; in batches, and harmless twice."""

from django.db import migrations, transaction

from companies.models.register import digits, name_key, phone_key

BATCH = 2000


def fill(apps, schema_editor):
    workplaces = apps.get_model("companies", "Workplace").objects.using(schema_editor.connection.alias)
    last = 0
    while rows := list(workplaces.filter(pk__gt=last).order_by("pk").only("pk", "name", "phone")[:BATCH]):
        for row in rows:
            row.name_key, row.phone_key = name_key(row.name), phone_key(digits(row.phone))
        with transaction.atomic(using=schema_editor.connection.alias):
            workplaces.bulk_update(rows, ["name_key", "phone_key"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    # Each batch by itself: a large register is not locked for as long as it takes.
    atomic = False
    dependencies = [("companies", "0004_files_and_news")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
