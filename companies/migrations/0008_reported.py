"""When the data stewards were told of what the nightly feed brought."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0007_merge_records'),
    ]

    operations = [
        migrations.AddField(
            model_name='registerimport',
            name='reported_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='stewards told'),
        ),
    ]
