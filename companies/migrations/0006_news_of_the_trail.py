"""Say of the changes that are there already which are news; in batches, and harmless twice."""

from django.db import migrations, transaction

from companies.register.news import news

BATCH = 2000
FLAGS = ["closed", "reopened", "moved", "renamed", "grown", "shrunk"]


def fill(apps, schema_editor):
    changes = apps.get_model("companies", "RegisterChange").objects.using(schema_editor.connection.alias)
    last = 0
    while rows := list(changes.filter(pk__gt=last).order_by("pk").only("pk", "kind", "before", "after")[:BATCH]):
        last = rows[-1].pk
        told = []
        for row in rows:
            if row.kind != "new" and (kinds := news(row.before, row.after)):
                for flag in FLAGS:
                    setattr(row, flag, flag in kinds)
                told.append(row)
        with transaction.atomic(using=schema_editor.connection.alias):
            changes.bulk_update(told, FLAGS)


class Migration(migrations.Migration):
    # Each batch by itself: a long trail is not locked for as long as it takes.
    atomic = False
    dependencies = [("companies", "0005_how_places_are_known_again")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
