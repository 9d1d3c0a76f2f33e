"""Reviewers, their assignments, conflicts of interest and scores."""

import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0003_call_editor"),
        ("cities", "0004_teams"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name='Assignment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('invited', 'not answered yet'), ('accepted', 'in progress'), ('done', 'review finished'), ('declined', 'declined'), ('recused', 'conflict of interest'), ('taken_back', 'taken back')], default='invited', max_length=10, verbose_name='state')),
                ('due_at', models.DateTimeField(verbose_name='due by')),
                ('assigned_at', models.DateTimeField(verbose_name='assigned at')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to='applications.application', verbose_name='application')),
                ('assigned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('reviewer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assignments', to=settings.AUTH_USER_MODEL, verbose_name='reviewer')),
            ],
            options={
                'verbose_name': 'assignment',
                'verbose_name_plural': 'assignments',
                'ordering': ['application', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Conflict',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reason', models.TextField(verbose_name='reason')),
                ('at', models.DateTimeField(auto_now_add=True, verbose_name='when')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to='applications.application', verbose_name='application')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='declared by')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='conflicts', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'conflict of interest',
                'verbose_name_plural': 'conflicts of interest',
                'ordering': ['application', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('private_note', models.TextField(blank=True, verbose_name='private note')),
                ('general', models.TextField(blank=True, verbose_name='words for the city')),
                ('general_released_at', models.DateTimeField(blank=True, null=True, verbose_name='released for the city')),
                ('changed_at', models.DateTimeField(verbose_name='changed at')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('assignment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='review', to='applications.assignment', verbose_name='assignment')),
                ('general_released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['assignment'],
            },
        ),
        migrations.CreateModel(
            name='ReviewerInvitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail address')),
                ('serial', models.PositiveSmallIntegerField(default=1, verbose_name='letter')),
                ('state', models.CharField(choices=[('open', 'waits for an answer'), ('accepted', 'accepted'), ('declined', 'declined'), ('revoked', 'revoked')], default='open', max_length=8, verbose_name='state')),
                ('sent_at', models.DateTimeField(verbose_name='sent')),
                ('expires_at', models.DateTimeField(verbose_name='open until')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reviewer_invitations', to='applications.call', verbose_name='call')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('person', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reviewer_invitations', to=settings.AUTH_USER_MODEL, verbose_name='accepted by')),
            ],
            options={
                'verbose_name': 'invitation to review',
                'verbose_name_plural': 'invitations to review',
                'ordering': ['sent_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ReviewerStatement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.TextField(blank=True, verbose_name='cities in their own words')),
                ('confirmed_at', models.DateTimeField(verbose_name='confirmed at')),
                ('cities', models.ManyToManyField(blank=True, related_name='reviewer_statements', to='cities.city', verbose_name='cities they work or worked for')),
                ('country', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.country', verbose_name='country')),
                ('land', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cities.land', verbose_name='Land (German state)')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='reviewer_statement', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'statement of a reviewer',
                'verbose_name_plural': 'statements of reviewers',
            },
        ),
        migrations.CreateModel(
            name='Score',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('criterion', models.CharField(max_length=60, verbose_name='criterion')),
                ('value', models.SmallIntegerField(blank=True, null=True, verbose_name='score')),
                ('abstained', models.BooleanField(default=False, verbose_name='abstained')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('confirmed', models.BooleanField(default=False, verbose_name='stands')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='released for the city')),
                ('released_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='released by')),
                ('review', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scores', to='applications.review', verbose_name='review')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='scores', to='applications.submission', verbose_name='submission it judges')),
            ],
            options={
                'verbose_name': 'score',
                'verbose_name_plural': 'scores',
                'ordering': ['review', 'pk'],
            },
        ),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['reviewer', 'state', 'due_at'], name='assignments_of_reviewer'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.UniqueConstraint(fields=('application', 'reviewer'), name='one_assignment_per_pair'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['invited', 'accepted', 'done', 'declined', 'recused', 'taken_back'])), name='assignment_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), ('state', 'recused'), _negated=True), name='recused_assignment_has_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='assignment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'invited')), ('state', 'taken_back'), models.Q(models.Q(('state__in', ['invited', 'taken_back']), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='answered_assignment_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.UniqueConstraint(fields=('application', 'person'), name='one_conflict_per_person_and_application'),
        ),
        migrations.AddConstraint(
            model_name='conflict',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='conflict_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('general_released_at', None), ('general_released_by', None)), models.Q(('general__gt', ''), ('general_released_at__isnull', False), ('general_released_by__isnull', False)), _connector='OR'), name='released_words_have_moment_and_person'),
        ),
        migrations.AddConstraint(
            model_name='reviewerinvitation',
            constraint=models.UniqueConstraint(models.F('call'), django.db.models.functions.text.Lower('email'), condition=models.Q(('state', 'open')), name='one_open_invitation_per_address_and_call'),
        ),
        migrations.AddConstraint(
            model_name='reviewerinvitation',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['open', 'accepted', 'declined', 'revoked'])), name='invitation_to_review_has_a_known_state'),
        ),
        migrations.AddConstraint(
            model_name='reviewerinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at', None), ('state', 'open')), models.Q(models.Q(('state', 'open'), _negated=True), ('answered_at__isnull', False)), _connector='OR'), name='answered_invitation_to_review_has_its_moment'),
        ),
        migrations.AddConstraint(
            model_name='reviewerinvitation',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('person__isnull', False), ('state', 'accepted')), models.Q(models.Q(('state', 'accepted'), _negated=True), ('person', None)), _connector='OR'), name='accepted_invitation_to_review_has_its_person'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.UniqueConstraint(fields=('review', 'criterion'), name='one_score_per_criterion'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('value', None), ('abstained', False), _connector='OR'), name='score_is_a_value_or_abstains'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed', False), models.Q(('abstained', False), ('reason__gt', ''), ('value__isnull', False)), models.Q(('abstained', True), ('value', None)), _connector='OR'), name='confirmed_score_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='score',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('released_at', None), ('released_by', None)), models.Q(('reason__gt', ''), ('released_at__isnull', False), ('released_by__isnull', False)), _connector='OR'), name='released_reason_has_moment_and_person'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(condition=models.Q(('role__in', ['editor', 'lead'])), fields=['actor', 'application'], name='acts_for_cities'),
        ),
    ]
