"""Sessions read from calendars."""

import django.db.models.deletion
import exchange.models.session
from django.conf import settings
from django.db import migrations, models

THEMES = [('learning', 'learning'), ('culture', 'culture'), ('inclusion', 'inclusion'), ('health', 'health'), ('economy', 'economy'), ('governance', 'governance'), ('mobility', 'mobility'), ('food', 'food'), ('climate', 'climate')]


class Migration(migrations.Migration):
    dependencies = [
        ("exchange", "0007_practice_papers"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='CalendarImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.URLField(blank=True, max_length=1000)),
                ('name', models.CharField(max_length=200)),
                ('zone', models.CharField(max_length=40, validators=[exchange.models.session.is_zone])),
                ('theme', models.CharField(choices=THEMES, max_length=12)),
                ('language', models.CharField(choices=[('de', 'Deutsch'), ('en', 'English')], max_length=2)),
                ('content', models.BinaryField(blank=True)),
                ('is_daily', models.BooleanField(default=False)),
                ('trouble', models.CharField(blank=True, max_length=200)),
                ('read_at', models.DateTimeField(auto_now_add=True)),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('told', models.JSONField(blank=True, default=list)),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('programme', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_imports', to='exchange.programme')),
            ],
            options={
                'verbose_name': 'import of a calendar',
                'verbose_name_plural': 'imports of calendars',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddField(
            model_name='registration',
            name='is_reminded',
            field=models.BooleanField(default=True),
        ),
        migrations.AddField(
            model_name='session',
            name='calendar_key',
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddField(
            model_name='session',
            name='imported',
            field=models.JSONField(blank=True, default=dict, editable=False),
        ),
        migrations.AddConstraint(
            model_name='session',
            constraint=models.UniqueConstraint(condition=models.Q(('calendar_key__gt', '')), fields=('programme', 'calendar_key'), name='one_session_per_entry'),
        ),
        migrations.AddConstraint(
            model_name='calendarimport',
            constraint=models.UniqueConstraint(condition=models.Q(('done_at__isnull', False), ('is_daily', True)), fields=('programme',), name='one_daily_calendar'),
        ),
        migrations.AddConstraint(
            model_name='calendarimport',
            constraint=models.CheckConstraint(condition=models.Q(('is_daily', False), ('address__gt', ''), _connector='OR'), name='a_daily_calendar_is_asked'),
        ),
        migrations.AddConstraint(
            model_name='calendarimport',
            constraint=models.CheckConstraint(condition=models.Q(('done_at', None), ('content', b''), _connector='OR'), name='a_calendar_that_is_done_is_gone'),
        ),
    ]
