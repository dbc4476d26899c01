from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("companies", "0023_indexes_in_the_order_of_the_register")]
    operations = [
        migrations.RemoveIndex(model_name="workplace", name="workplace_last_contact"),
        migrations.RemoveIndex(model_name="workplace", name="workplace_employees"),
    ]
