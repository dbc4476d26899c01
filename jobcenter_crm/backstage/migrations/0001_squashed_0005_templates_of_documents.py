import django.core.serializers.json
import django.db.models.deletion
import django.utils.timezone
import jobcenter_crm.backstage.files
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('backstage', '0001_initial'),
        ('backstage', '0002_initial'),
        ('backstage', '0003_last_ticks'),
        ('backstage', '0004_mail_of_one_thread'),
        ('backstage', '0005_templates_of_documents'),
    ]

    initial = True

    dependencies = [
        ('contenttypes', '0002_remove_content_type_name'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='kind')),
                ('arguments', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='arguments')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed'), ('undone', 'Undone')], default='waiting', max_length=10, verbose_name='state')),
                ('done', models.PositiveIntegerField(default=0, verbose_name='done')),
                ('total', models.PositiveIntegerField(blank=True, help_text='Empty while it is not known.', null=True, verbose_name='of')),
                ('counts', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='counts')),
                ('failure', models.TextField(blank=True, help_text='In words for the person who started it.', verbose_name='failure')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='ordered')),
                ('queued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='queued')),
                ('started_at', models.DateTimeField(blank=True, null=True, verbose_name='started')),
                ('heartbeat_at', models.DateTimeField(blank=True, null=True, verbose_name='last sign of life')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('undone_at', models.DateTimeField(blank=True, null=True, verbose_name='undone')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('undoes', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='undone_in', to='backstage.job', verbose_name='undoes')),
                ('undone_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='undone by')),
            ],
            options={
                'verbose_name': 'job',
                'verbose_name_plural': 'jobs',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('view_every_job', 'Can see the jobs that others ordered')],
                'indexes': [models.Index(fields=['state', 'heartbeat_at'], name='backstage_j_state_4c4b42_idx')],
                'constraints': [models.CheckConstraint(condition=models.Q(('total', None), ('done__lte', models.F('total')), _connector='OR'), name='job_done_within_total'), models.CheckConstraint(condition=models.Q(models.Q(('undone_at', None), ('undone_by', None)), models.Q(('undone_at__isnull', False), ('undone_by__isnull', False)), _connector='OR'), name='job_undone_at_and_by_together'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), _negated=True), models.Q(('failure', ''), _negated=True), _connector='OR'), name='job_failure_is_told')],
            },
        ),
        migrations.CreateModel(
            name='JobTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('object_id', models.PositiveBigIntegerField()),
                ('old', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('new', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('skipped', 'Left alone'), ('undone', 'Undone')], default='waiting', max_length=10)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='targets', to='backstage.job')),
                ('object_type', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contenttypes.contenttype')),
            ],
            options={
                'ordering': ['pk'],
                'indexes': [models.Index(fields=['job', 'state'], name='backstage_j_job_id_4e0dd1_idx')],
                'constraints': [models.UniqueConstraint(fields=('job', 'object_type', 'object_id'), name='jobtarget_once_a_job')],
            },
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=200, unique=True, verbose_name='key')),
                ('to', models.EmailField(max_length=254, verbose_name='to')),
                ('language', models.CharField(default='da', max_length=2, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('html', models.TextField(blank=True, verbose_name='HTML')),
                ('message_id', models.CharField(max_length=200, unique=True, verbose_name='Message-ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sending', 'Being sent'), ('sent', 'Sent'), ('failed', 'Given up'), ('in_doubt', 'In doubt'), ('replaced', 'Replaced by a later one')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(verbose_name='next try')),
                ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='claimed')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('problem', models.TextField(blank=True, verbose_name='last problem')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written')),
                ('resent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent again')),
                ('resent_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent again by')),
                ('calendar', models.TextField(blank=True, verbose_name='calendar part')),
                ('calendar_method', models.CharField(blank=True, max_length=10, verbose_name='method of the calendar part')),
                ('thread', models.CharField(blank=True, max_length=100, verbose_name='thread')),
            ],
            options={
                'verbose_name': 'message',
                'verbose_name_plural': 'messages',
                'ordering': ['-created_at', '-pk'],
                'permissions': [('resend_message', 'Can send a message again')],
                'indexes': [models.Index(fields=['state', 'next_try_at'], name='backstage_m_state_71c897_idx'), models.Index(condition=models.Q(('thread', ''), _negated=True), fields=['thread'], name='message_thread')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(('state', 'sent'), _negated=True), _connector='OR'), name='message_sent_has_time'), models.CheckConstraint(condition=models.Q(models.Q(('claimed_at__isnull', False), ('state', 'sending')), models.Q(('state', 'sending'), _negated=True), _connector='OR'), name='message_sending_is_claimed'), models.CheckConstraint(condition=models.Q(models.Q(('resent_at', None), ('resent_by', None)), models.Q(('resent_at__isnull', False), ('resent_by__isnull', False)), _connector='OR'), name='message_resent_at_and_by_together'), models.CheckConstraint(condition=models.Q(models.Q(('calendar', ''), ('calendar_method', '')), models.Q(models.Q(('calendar', ''), _negated=True), models.Q(('calendar_method', ''), _negated=True)), _connector='OR'), name='message_calendar_has_method')],
            },
        ),
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('name', models.CharField(max_length=20, primary_key=True, serialize=False)),
                ('beat_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='StoredFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.FileField(max_length=200, upload_to=jobcenter_crm.backstage.files.path_for, verbose_name='file')),
                ('name', models.CharField(help_text='As the sender called it.', max_length=255, verbose_name='name')),
                ('size', models.PositiveBigIntegerField(verbose_name='bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='stored')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'stored file',
                'verbose_name_plural': 'stored files',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ClockRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=50, verbose_name='work')),
                ('date', models.DateField(verbose_name='day')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('attempts', models.PositiveSmallIntegerField(default=1, verbose_name='attempts')),
                ('result', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='result')),
                ('failure', models.TextField(blank=True, verbose_name='failure')),
            ],
            options={
                'verbose_name': 'run of the clock',
                'verbose_name_plural': 'runs of the clock',
                'ordering': ['-date', 'name'],
                'constraints': [models.UniqueConstraint(fields=('name', 'date'), name='clockrun_once_a_day')],
            },
        ),
        migrations.CreateModel(
            name='LastTick',
            fields=[
                ('name', models.CharField(max_length=50, primary_key=True, serialize=False)),
                ('at', models.DateTimeField()),
                ('seconds', models.FloatField()),
                ('result', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('failure', models.TextField(blank=True)),
                ('failing_since', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='DocumentTemplate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=50, verbose_name='kind')),
                ('language', models.CharField(choices=[('da', 'Danish'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('fields', models.JSONField(default=list, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='fields')),
                ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='uploaded')),
                ('replaced_at', models.DateTimeField(blank=True, null=True, verbose_name='replaced')),
                ('replaced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='replaced by')),
                ('stored', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='backstage.storedfile', verbose_name='file')),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'template of documents',
                'verbose_name_plural': 'templates of documents',
                'ordering': ['-uploaded_at', '-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('replaced_at', None)), fields=('kind', 'language'), name='documenttemplate_one_in_use'), models.CheckConstraint(condition=models.Q(models.Q(('replaced_at', None), ('replaced_by', None)), models.Q(('replaced_at__isnull', False), ('replaced_by__isnull', False)), _connector='OR'), name='documenttemplate_replaced_at_and_by_together')],
            },
        ),
    ]
