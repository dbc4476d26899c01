"""What a search for duplicates asks of each workplace stands in the index, so that it reads no rows."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("companies", "0013_merges_so_far_ceased_on"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='workplace',
            name='workplace_same_name',
        ),
        migrations.AddIndex(
            model_name='workplace',
            index=models.Index(fields=['postcode', 'name_key', 'company', 'ceased_on', 'merged_into', 'id'], name='workplace_same_name'),
        ),
    ]
