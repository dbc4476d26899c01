"""Which record was merged into which, what a merge moved, and which pairs are two things after all."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('companies', '0006_news_of_the_trail'),
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='KnownDifferent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('low_id', models.PositiveBigIntegerField()),
                ('high_id', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
            ],
            options={
                'verbose_name': 'pair that is two',
                'verbose_name_plural': 'pairs that are two',
                'ordering': ['-at', '-pk'],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('low_id__lt', models.F('high_id'))), name='knowndifferent_in_order'),
                ],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kept_id', models.PositiveBigIntegerField()),
                ('merged_id', models.PositiveBigIntegerField()),
                ('fields', models.JSONField(blank=True, default=dict, verbose_name='chosen')),
                ('moved', models.JSONField(blank=True, default=dict, verbose_name='moved along')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
            ],
            options={
                'verbose_name': 'merge',
                'verbose_name_plural': 'merges',
                'ordering': ['-at', '-pk'],
                'permissions': [('merge_records', 'Can merge two records of one thing')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('kept_id', models.F('merged_id')), _negated=True), name='merge_of_two'),
                ],
            },
        ),
        migrations.RemoveConstraint(
            model_name='workplace',
            name='workplace_without_p_number_once_an_address',
        ),
        migrations.AddField(
            model_name='company',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='companies.company', verbose_name='merged into'),
        ),
        migrations.AddField(
            model_name='workplace',
            name='merged_into',
            field=models.ForeignKey(blank=True, db_index=False, editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='merged', to='companies.workplace', verbose_name='merged into'),
        ),
        migrations.AddIndex(
            model_name='company',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='company_merged_into'),
        ),
        migrations.AddIndex(
            model_name='workplace',
            index=models.Index(condition=models.Q(('merged_into__isnull', False)), fields=['merged_into'], name='workplace_merged_into'),
        ),
        migrations.AddConstraint(
            model_name='company',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='company_not_merged_into_itself'),
        ),
        migrations.AddConstraint(
            model_name='workplace',
            constraint=models.UniqueConstraint(condition=models.Q(('merged_into', None), ('p_number', None)), fields=('company', 'address_key'), name='workplace_without_p_number_once_an_address'),
        ),
        migrations.AddConstraint(
            model_name='workplace',
            constraint=models.CheckConstraint(condition=models.Q(('merged_into', models.F('id')), _negated=True), name='workplace_not_merged_into_itself'),
        ),
        migrations.AddField(
            model_name='knowndifferent',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='knowndifferent',
            name='object_type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='merge',
            name='object_type',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype'),
        ),
        migrations.AddField(
            model_name='merge',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by'),
        ),
        migrations.AddConstraint(
            model_name='knowndifferent',
            constraint=models.UniqueConstraint(fields=('object_type', 'low_id', 'high_id'), name='knowndifferent_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at', None)), fields=('object_type', 'merged_id'), name='merge_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='merge_undone_at_and_by_together'),
        ),
    ]
