"""Requests, invitations and hand-overs of city teams; and their history, which nobody can change or delete afterwards."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


KEEP_HISTORY = """
CREATE FUNCTION refuse_to_change_team_history() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the history of a city team is only ever added to' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER keep_team_history BEFORE UPDATE OR DELETE ON cities_teamevent
  FOR EACH ROW EXECUTE FUNCTION refuse_to_change_team_history();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0003_content_version'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TeamInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(max_length=254)),
                ('role', models.CharField(choices=[('lead', 'lead'), ('deputy', 'deputy'), ('editor', 'editor')], max_length=8)),
                ('serial', models.PositiveSmallIntegerField(default=1)),
                ('state', models.CharField(choices=[('open', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('revoked', 'revoked')], default='open', max_length=8)),
                ('sent_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_invitations', to='cities.city')),
                ('invited_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='team_invitations_sent', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': "invitation into a city's team",
                'verbose_name_plural': "invitations into a city's team",
                'ordering': ['sent_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('kind', models.CharField(choices=[('asked', 'Asked'), ('confirmed', 'Confirmed'), ('declined', 'Declined'), ('withdrawn', 'Withdrawn'), ('invited', 'Invited'), ('invited_again', 'Invited Again'), ('revoked', 'Revoked'), ('accepted', 'Accepted'), ('turned_down', 'Turned Down'), ('role', 'Role'), ('removed', 'Removed'), ('left', 'Left'), ('proposed', 'Proposed'), ('not_taken', 'Not Taken'), ('taken_back', 'Taken Back'), ('became_lead', 'Became Lead'), ('was_lead', 'Was Lead')], max_length=13)),
                ('old_role', models.CharField(blank=True, choices=[('lead', 'lead'), ('deputy', 'deputy'), ('editor', 'editor')], max_length=8)),
                ('new_role', models.CharField(blank=True, choices=[('lead', 'lead'), ('deputy', 'deputy'), ('editor', 'editor')], max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='team_events', to='cities.city')),
                ('person', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('invitation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.teaminvitation')),
            ],
            options={
                'verbose_name': "act in a city's team",
                'verbose_name_plural': "acts in a city's team",
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('office', models.CharField(max_length=200)),
                ('proof', models.TextField()),
                ('email', models.EmailField(blank=True, max_length=254)),
                ('phone', models.CharField(blank=True, max_length=50)),
                ('message', models.TextField(blank=True)),
                ('state', models.CharField(choices=[('open', 'waits for an answer'), ('confirmed', 'confirmed'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', max_length=9)),
                ('role', models.CharField(blank=True, choices=[('lead', 'lead'), ('deputy', 'deputy'), ('editor', 'editor')], max_length=8)),
                ('reason', models.TextField(blank=True)),
                ('asked_at', models.DateTimeField(auto_now_add=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_requests', to='cities.city')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='decided_team_requests', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'request to speak for a city',
                'verbose_name_plural': 'requests to speak for a city',
                'ordering': ['asked_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='TeamHandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stays', models.BooleanField()),
                ('state', models.CharField(choices=[('open', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('withdrawn', 'withdrawn')], default='open', max_length=9)),
                ('proposed_at', models.DateTimeField(auto_now_add=True)),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('city', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_hand_overs', to='cities.city')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='team_hand_overs', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'hand-over of the lead',
                'verbose_name_plural': 'hand-overs of the lead',
                'ordering': ['proposed_at', 'pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('city',), name='one_open_hand_over_per_city'), models.CheckConstraint(condition=models.Q(('giver', models.F('taker')), _negated=True), name='a_hand_over_is_between_two_people'), models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined', 'withdrawn'])), name='a_hand_over_has_a_known_state'), models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_closed_hand_over_has_its_day')],
            },
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.UniqueConstraint(models.F('city'), django.db.models.functions.text.Lower('email'), condition=models.Q(('state', 'open')), name='one_open_invitation_per_address_and_city'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined', 'revoked'])), name='an_invitation_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['deputy', 'editor'])), name='nobody_is_invited_to_be_the_lead'),
        ),
        migrations.AddConstraint(
            model_name='teaminvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='a_closed_invitation_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('city', 'user'), name='one_open_request_per_person_and_city'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'confirmed', 'declined', 'withdrawn'])), name='a_request_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.CheckConstraint(condition=models.Q(('email', ''), ('phone', ''), _negated=True), name='a_request_names_an_official_contact'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='a_decided_request_has_its_day'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('role__in', ['lead', 'deputy', 'editor']), ('state', 'confirmed')), models.Q(models.Q(('state', 'confirmed'), _negated=True), ('role', '')), _connector='OR'), name='a_confirmed_request_has_its_role'),
        ),
        migrations.AddConstraint(
            model_name='teamrequest',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'declined'), _negated=True), name='a_declined_request_has_its_reason'),
        ),
        migrations.RunSQL(
            KEEP_HISTORY,
            "DROP TRIGGER keep_team_history ON cities_teamevent; DROP FUNCTION refuse_to_change_team_history()",
        ),
    ]
