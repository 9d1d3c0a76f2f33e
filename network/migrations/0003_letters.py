"""Letters and the runs of the daily job. Private tables: they do not raise the content version."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('network', '0002_content_version'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='letters',
            field=models.CharField(choices=[('at_once', 'at once'), ('daily', 'once a day, gathered in one letter'), ('never', 'never: I read them in the portal')], db_default='at_once', default='at_once', max_length=8, verbose_name='letters by e-mail'),
        ),
        migrations.CreateModel(
            name='DailyRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('duty', models.CharField(max_length=60, verbose_name='duty')),
                ('started_at', models.DateTimeField(verbose_name='started')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished')),
                ('letters', models.PositiveIntegerField(default=0, verbose_name='letters')),
                ('error', models.TextField(blank=True, verbose_name='error')),
            ],
            options={
                'verbose_name': 'run of the daily job',
                'verbose_name_plural': 'runs of the daily job',
                'ordering': ['-started_at', '-pk'],
                'indexes': [models.Index(models.F('duty'), models.OrderBy(models.F('started_at'), descending=True), name='runs_by_duty')],
            },
        ),
        migrations.CreateModel(
            name='Letter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=60, verbose_name='kind')),
                ('key', models.CharField(max_length=200, unique=True)),
                ('address', models.EmailField(max_length=254, verbose_name='e-mail address')),
                ('reply_to', models.EmailField(blank=True, max_length=254, verbose_name='reply to')),
                ('language', models.CharField(choices=[('de', 'Deutsch'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('urgency', models.CharField(choices=[('account', 'about the account'), ('deadline', 'about a deadline'), ('case', 'about a case')], max_length=8, verbose_name='urgency')),
                ('secret', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True, verbose_name='written')),
                ('not_before', models.DateTimeField(blank=True, null=True, verbose_name='not before')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('sending', 'being sent'), ('sent', 'sent'), ('failed', 'failed'), ('unclear', 'unclear'), ('gathered', 'in a daily letter'), ('withheld', 'kept in the portal')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('next_try_at', models.DateTimeField(blank=True, null=True, verbose_name='next attempt')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent')),
                ('error', models.TextField(blank=True, verbose_name='error')),
                ('settled_at', models.DateTimeField(blank=True, null=True)),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='gathered', to='network.letter')),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='received_letters', to=settings.AUTH_USER_MODEL, verbose_name='to')),
            ],
            options={
                'verbose_name': 'letter',
                'verbose_name_plural': 'letters',
                'ordering': ['-created_at', '-pk'],
                'indexes': [models.Index(fields=['state', '-created_at'], name='letters_by_state'), models.Index(fields=['to', '-created_at'], name='letters_by_reader')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'failed', 'unclear', 'gathered', 'withheld'])), name='letter_state_is_known'), models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='a_sent_letter_has_its_time'), models.CheckConstraint(condition=models.Q(('secret', False), models.Q(('state__in', ['sent', 'failed']), _negated=True), ('text', ''), _connector='OR'), name='a_secret_ends_with_its_letter'), models.CheckConstraint(condition=models.Q(('digest', None), ('state', 'gathered'), _connector='OR'), name='only_gathered_letters_have_a_digest')],
            },
        ),
    ]
