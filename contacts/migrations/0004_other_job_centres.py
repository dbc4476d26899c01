"""Other job centres that talk with the same employers."""

import django.db.models.deletion
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0005_how_places_are_known_again'),
        ('contacts', '0003_postgresql'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HistoricalOtherJobCentre',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='their colleague')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('remark', models.CharField(blank=True, max_length=150, verbose_name='good to know')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended')),
                ('created_at', models.DateTimeField(blank=True, editable=False, verbose_name='added')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('company', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.company', verbose_name='company')),
                ('created_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('municipality', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.municipality', verbose_name='municipality')),
                ('workplace', models.ForeignKey(blank=True, db_constraint=False, help_text='Empty: the whole company.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='companies.workplace', verbose_name='workplace')),
            ],
            options={
                'verbose_name': 'historical other job centre',
                'verbose_name_plural': 'historical other job centres',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='OtherJobCentre',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(blank=True, max_length=150, verbose_name='their colleague')),
                ('phone', models.CharField(blank=True, max_length=30, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('remark', models.CharField(blank=True, max_length=150, verbose_name='good to know')),
                ('since', models.DateField(blank=True, null=True, verbose_name='since')),
                ('ended_on', models.DateField(blank=True, null=True, verbose_name='ended')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='added')),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='other_job_centres', to='companies.company', verbose_name='company')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='added by')),
                ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='companies.municipality', verbose_name='municipality')),
                ('workplace', models.ForeignKey(blank=True, help_text='Empty: the whole company.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='other_job_centres', to='companies.workplace', verbose_name='workplace')),
            ],
            options={
                'verbose_name': 'other job centre',
                'verbose_name_plural': 'other job centres',
                'ordering': ['municipality__sort_name', 'name', 'pk'],
                'indexes': [models.Index(fields=['company', 'ended_on'], name='contacts_ot_company_b8ca3d_idx'), models.Index(fields=['workplace', 'ended_on'], name='contacts_ot_workpla_bad6d5_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('since', None), ('ended_on', None), ('ended_on__gte', models.F('since')), _connector='OR'), name='otherjobcentre_ends_after_it_begins', violation_error_message="It can't end before it begins.")],
            },
        ),
    ]
