from django.db import migrations, models

from jobcenter_crm.migrating import AddIndexConcurrently


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("contacts", "0018_everything_handed_over_and_answers_given_along")]
    operations = [AddIndexConcurrently("person", models.Index(fields=["name", "id"], name="person_in_order"))]
