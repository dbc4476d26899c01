"""What a company was when it was merged: whether its end has come since is known when the merge is undone."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("companies", "0011_find_news"),
    ]

    operations = [
        migrations.AddField(
            model_name='merge',
            name='ceased_on',
            field=models.DateField(blank=True, editable=False, null=True, verbose_name='ceased'),
        ),
    ]
