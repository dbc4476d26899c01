"""Fill the keys by which somebody who is there twice is found; in batches, and harmless twice."""

from django.db import migrations, transaction

from companies.models.register import digits, phone_key
from jobcenter_crm.frame.danish import search_key

BATCH = 2000


def fill(apps, schema_editor):
    people = apps.get_model("contacts", "Person").objects.using(schema_editor.connection.alias)
    last = 0
    while rows := list(people.filter(pk__gt=last).order_by("pk").only("pk", "name", "phone")[:BATCH]):
        for row in rows:
            row.name_key = search_key(row.name).replace(" ", "")[:150]
            row.phone_key = phone_key(digits(row.phone))
        with transaction.atomic(using=schema_editor.connection.alias):
            people.bulk_update(rows, ["name_key", "phone_key"])
        last = rows[-1].pk


class Migration(migrations.Migration):
    # Each batch by itself: a large table is not locked for as long as it takes.
    atomic = False
    dependencies = [("contacts", "0005_merge_people")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
