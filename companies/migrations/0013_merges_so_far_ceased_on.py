"""Of the merges so far nobody has kept whether the company had ceased before: what it has now counts as known then."""

from django.db import migrations


def fill(apps, schema_editor):
    Company, Merge = apps.get_model("companies", "Company"), apps.get_model("companies", "Merge")
    of_companies = Merge.objects.filter(object_type__app_label="companies", object_type__model="company", ceased_on=None)
    for merge in of_companies.iterator():
        if company := Company.objects.filter(pk=merge.merged_id).exclude(ceased_on=None).first():
            merge.ceased_on = company.ceased_on
            merge.save(update_fields=["ceased_on"])


class Migration(migrations.Migration):
    dependencies = [("companies", "0012_merge_ceased_on")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
