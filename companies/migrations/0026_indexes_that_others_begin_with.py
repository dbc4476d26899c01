"""The indexes of company and of responsible consultant go: two others begin with these columns.

Only the indexes are dropped, which takes no time: to alter the fields by the book PostgreSQL would check each row against
the company it points at, and SQLite would copy the table.
"""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def dropped(name, column):
    return migrations.RunSQL(
        f"DROP INDEX IF EXISTS {name}", f"CREATE INDEX IF NOT EXISTS {name} ON companies_workplace ({column})"
    )


class Migration(migrations.Migration):
    old_code_survives = "Dropping two indexes changes no answer, and two others answer what they were asked."
    dependencies = [
        ("companies", "0025_index_to_count_the_groups_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                dropped("companies_workplace_company_id_2aa1bc24", "company_id"),
                dropped("companies_workplace_owner_id_a4c637dc", "owner_id"),
            ],
            state_operations=[
                migrations.AlterField(
                    "workplace",
                    "company",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="workplaces",
                        to="companies.company", verbose_name="company",
                    ),
                ),
                migrations.AlterField(
                    "workplace",
                    "owner",
                    models.ForeignKey(
                        blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT,
                        related_name="workplaces", to=settings.AUTH_USER_MODEL, verbose_name="responsible consultant",
                    ),
                ),
            ],
        ),
    ]  # fmt: skip
