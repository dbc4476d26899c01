import datetime
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
import jobcenter_crm.staff.logos
import jobcenter_crm.staff.models
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    replaces = [
        ('staff', '0001_initial'),
        ('staff', '0002_team_outreach_hours'),
        ('staff', '0003_morning_overview_as_wished'),
        ('staff', '0004_who_may_deactivate'),
        ('staff', '0005_calendars'),
        ('staff', '0006_logo'),
        ('staff', '0007_figures_by_colleague'),
    ]

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Team',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, unique=True, verbose_name='name')),
            ],
            options={
                'verbose_name': 'team',
                'verbose_name_plural': 'teams',
                'ordering': ['name'],
                'permissions': [('set_hours', 'Can enter how many hours a team has for outreach')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='title')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='direct telephone')),
                ('language', models.CharField(blank=True, choices=[('da', 'Dansk'), ('en', 'English')], help_text="Empty: the browser's language.", max_length=2, verbose_name='language')),
                ('theme', models.CharField(blank=True, choices=[('light', 'Light'), ('dark', 'Dark')], help_text='Empty: as the device.', max_length=5, verbose_name='colours')),
                ('digest_at', models.TimeField(default=datetime.time(7, 0), verbose_name='morning overview at')),
                ('absent_until', models.DateField(blank=True, help_text='The last day away; your deputy is shown until then.', null=True, verbose_name='absent until')),
                ('deputy', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='deputy_for', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('manager', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='reports', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                ('team', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='members', to='staff.team', verbose_name='team')),
                ('digest_on_days_off', models.BooleanField(default=False, verbose_name='morning overview also at weekends and on public holidays')),
                ('digest_wanted', models.BooleanField(default=True, verbose_name='morning overview by mail')),
                ('feed_hash', models.CharField(blank=True, editable=False, max_length=64, null=True, unique=True)),
                ('invitations', models.CharField(choices=[('all', 'All'), ('others', 'Those that others plan for me'), ('none', 'None')], default='all', max_length=6, verbose_name='invitations by mail')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'ordering': ['first_name', 'last_name', 'username'],
                'abstract': False,
                'constraints': [models.CheckConstraint(condition=models.Q(('deputy', None), models.Q(('deputy', models.F('id')), _negated=True), _connector='OR'), name='user_is_not_own_deputy'), models.CheckConstraint(condition=models.Q(('manager', None), models.Q(('manager', models.F('id')), _negated=True), _connector='OR'), name='user_is_not_own_manager')],
                'permissions': [('deactivate_user', 'Can let a colleague who leaves no longer log in, and let them in again')],
            },
            managers=[
                ('objects', jobcenter_crm.staff.models.StaffManager()),
            ],
        ),
        migrations.AddField(
            model_name='team',
            name='leader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='leads', to=settings.AUTH_USER_MODEL, verbose_name='team leader'),
        ),
        migrations.AddField(
            model_name='team',
            name='outreach_hours',
            field=models.DecimalField(blank=True, decimal_places=1, help_text='All members together. Empty: nobody has said.', max_digits=5, null=True, verbose_name='hours a week for outreach'),
        ),
        migrations.AddConstraint(
            model_name='team',
            constraint=models.CheckConstraint(condition=models.Q(('outreach_hours', None), ('outreach_hours__gte', 0), _connector='OR'), name='team_outreach_hours_not_negative'),
        ),
        migrations.CreateModel(
            name='HistoricalOrganisation',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(help_text='What employers know you as.', max_length=100, verbose_name='name')),
                ('municipality_name', models.CharField(blank=True, max_length=100, verbose_name='municipality')),
                ('municipality_code', models.CharField(blank=True, help_text='Four digits, as in the register.', max_length=4, verbose_name='municipality code')),
                ('street', models.CharField(blank=True, max_length=200, verbose_name='street and number')),
                ('postcode', models.CharField(blank=True, max_length=4, verbose_name='postcode')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='town')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('advertising_position', models.TextField(blank=True, help_text='On what basis you contact advertising-protected workplaces. Until it is written here, a first contact asks.', verbose_name='legal position on advertising protection')),
                ('advertising_position_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('advertising_position_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('calendar_feeds', models.BooleanField(default=True, help_text='Each colleague may read their planned contacts in Outlook or on the telephone without logging in.', verbose_name='calendars by a secret address')),
                ('logo', models.TextField(blank=True, help_text='At the head of letters and agreements. PNG or JPEG, at most 500 kB.', max_length=100, validators=[jobcenter_crm.staff.logos.check], verbose_name='logo')),
                ('staff_figures_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='switched on by')),
                ('staff_figures_reference', models.CharField(blank=True, max_length=200, verbose_name='by which agreement with the staff')),
                ('staff_figures_since', models.DateField(blank=True, help_text='Empty: each colleague alone sees their own, and managers see teams.', null=True, verbose_name='figures by colleague are shown to managers from')),
            ],
            options={
                'verbose_name': 'historical organisation',
                'verbose_name_plural': 'historical organisation',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalTeam',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('name', models.CharField(db_index=True, max_length=100, verbose_name='name')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('leader', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='team leader')),
                ('outreach_hours', models.DecimalField(blank=True, decimal_places=1, help_text='All members together. Empty: nobody has said.', max_digits=5, null=True, verbose_name='hours a week for outreach')),
            ],
            options={
                'verbose_name': 'historical team',
                'verbose_name_plural': 'historical teams',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='HistoricalUser',
            fields=[
                ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(db_index=True, error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('title', models.CharField(blank=True, max_length=100, verbose_name='title')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='direct telephone')),
                ('language', models.CharField(blank=True, choices=[('da', 'Dansk'), ('en', 'English')], help_text="Empty: the browser's language.", max_length=2, verbose_name='language')),
                ('theme', models.CharField(blank=True, choices=[('light', 'Light'), ('dark', 'Dark')], help_text='Empty: as the device.', max_length=5, verbose_name='colours')),
                ('digest_at', models.TimeField(default=datetime.time(7, 0), verbose_name='morning overview at')),
                ('absent_until', models.DateField(blank=True, help_text='The last day away; your deputy is shown until then.', null=True, verbose_name='absent until')),
                ('history_id', models.AutoField(primary_key=True, serialize=False)),
                ('history_date', models.DateTimeField(db_index=True)),
                ('history_change_reason', models.CharField(max_length=100, null=True)),
                ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                ('deputy', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='deputy')),
                ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('manager', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='manager')),
                ('team', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='staff.team', verbose_name='team')),
                ('digest_on_days_off', models.BooleanField(default=False, verbose_name='morning overview also at weekends and on public holidays')),
                ('digest_wanted', models.BooleanField(default=True, verbose_name='morning overview by mail')),
                ('invitations', models.CharField(choices=[('all', 'All'), ('others', 'Those that others plan for me'), ('none', 'None')], default='all', max_length=6, verbose_name='invitations by mail')),
            ],
            options={
                'verbose_name': 'historical user',
                'verbose_name_plural': 'historical users',
                'ordering': ('-history_date', '-history_id'),
                'get_latest_by': ('history_date', 'history_id'),
            },
            bases=(simple_history.models.HistoricalChanges, models.Model),
        ),
        migrations.CreateModel(
            name='Organisation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='What employers know you as.', max_length=100, verbose_name='name')),
                ('municipality_name', models.CharField(blank=True, max_length=100, verbose_name='municipality')),
                ('municipality_code', models.CharField(blank=True, help_text='Four digits, as in the register.', max_length=4, verbose_name='municipality code')),
                ('street', models.CharField(blank=True, max_length=200, verbose_name='street and number')),
                ('postcode', models.CharField(blank=True, max_length=4, verbose_name='postcode')),
                ('town', models.CharField(blank=True, max_length=100, verbose_name='town')),
                ('phone', models.CharField(blank=True, max_length=20, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('advertising_position', models.TextField(blank=True, help_text='On what basis you contact advertising-protected workplaces. Until it is written here, a first contact asks.', verbose_name='legal position on advertising protection')),
                ('advertising_position_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('advertising_position_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('calendar_feeds', models.BooleanField(default=True, help_text='Each colleague may read their planned contacts in Outlook or on the telephone without logging in.', verbose_name='calendars by a secret address')),
                ('logo', models.FileField(blank=True, help_text='At the head of letters and agreements. PNG or JPEG, at most 500 kB.', upload_to=jobcenter_crm.staff.logos.path_for, validators=[jobcenter_crm.staff.logos.check], verbose_name='logo')),
                ('staff_figures_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='switched on by')),
                ('staff_figures_reference', models.CharField(blank=True, max_length=200, verbose_name='by which agreement with the staff')),
                ('staff_figures_since', models.DateField(blank=True, help_text='Empty: each colleague alone sees their own, and managers see teams.', null=True, verbose_name='figures by colleague are shown to managers from')),
            ],
            options={
                'verbose_name': 'organisation',
                'verbose_name_plural': 'organisation',
                'constraints': [models.CheckConstraint(condition=models.Q(('pk', 1)), name='organisation_is_one_row'), models.CheckConstraint(condition=models.Q(('advertising_position', ''), models.Q(('advertising_position_by__isnull', False), ('advertising_position_on__isnull', False)), _connector='OR'), name='organisation_position_has_date_and_person'), models.CheckConstraint(condition=models.Q(models.Q(('staff_figures_by', None), ('staff_figures_reference', ''), ('staff_figures_since', None)), models.Q(('staff_figures_by__isnull', False), ('staff_figures_since__isnull', False), models.Q(('staff_figures_reference', ''), _negated=True)), _connector='OR'), name='organisation_staff_figures_all_or_none')],
                'permissions': [('switch_staff_figures', 'Can switch figures by colleague on and off')],
            },
        ),
    ]
