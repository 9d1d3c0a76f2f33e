"""Decisions, prepared quietly and released together; what was released is never changed."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# The function is there since 0002_guards.
KEPT = """CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON applications_outcome
    FOR EACH ROW WHEN (OLD.event_id IS NOT NULL) EXECUTE FUNCTION refuse_change()"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0004_reviewing"),
        ("network", "0004_accounts"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name='event',
            name='kind',
            field=models.CharField(choices=[('started', 'application started'), ('document_added', 'document added'), ('document_removed', 'document removed'), ('sheet_prepared', 'signing page prepared'), ('endorsement_recorded', 'signed page recorded'), ('submit', 'submitted'), ('return', 'more asked for'), ('review', 'given to review'), ('endorse', 'endorsed'), ('refuse', 'not endorsed'), ('forward', 'forwarded'), ('admit', 'admitted'), ('not_admit', 'not admitted'), ('correct', 'decision corrected'), ('withdraw', 'withdrawn'), ('lapse', 'lapsed'), ('late_allowed', 'late submission allowed'), ('deadline_moved', 'deadline moved'), ('pack_changed', 'questions of the call changed'), ('restored', 'earlier answer restored')], max_length=24, verbose_name='what'),
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(verbose_name='released at')),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='checked at')),
                ('released_at', models.DateTimeField(blank=True, null=True, verbose_name='carried out at')),
                ('taken_back_at', models.DateTimeField(blank=True, null=True, verbose_name='taken back at')),
                ('call', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='applications.call', verbose_name='call')),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='checked by')),
                ('taken_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='taken back by')),
            ],
            options={
                'verbose_name': 'release of decisions',
                'verbose_name_plural': 'releases of decisions',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(max_length=12, verbose_name='outcome')),
                ('old', models.CharField(choices=[('draft', 'In progress'), ('submitted', 'Submitted'), ('returned', 'More needed'), ('in_review', 'Under review'), ('endorsed', 'Endorsed'), ('not_endorsed', 'Not endorsed'), ('forwarded', 'Forwarded'), ('admitted', 'Admitted'), ('not_admitted', 'Not admitted'), ('withdrawn', 'Withdrawn'), ('lapsed', 'Lapsed')], max_length=12, verbose_name='state before')),
                ('reason_de', models.TextField(blank=True, verbose_name='reason, in German')),
                ('reason_en', models.TextField(blank=True, verbose_name='reason, in English')),
                ('without_quorum', models.TextField(blank=True, verbose_name='why it is decided with fewer reviews')),
                ('decided_on', models.DateField(blank=True, null=True, verbose_name='decided on')),
                ('source_label', models.CharField(blank=True, max_length=200, verbose_name='source')),
                ('source_url', models.URLField(blank=True, max_length=500, verbose_name='address of the source')),
                ('prepared_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='prepared at')),
                ('is_void', models.BooleanField(default=False, verbose_name='the application had moved before')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='applications.application', verbose_name='application')),
                ('event', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcome', to='applications.event', verbose_name='event')),
                ('fields', models.ManyToManyField(blank=True, related_name='+', to='network.field', verbose_name='fields')),
                ('prepared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='prepared by')),
                ('release', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='applications.release', verbose_name='release')),
                ('submission', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='applications.submission', verbose_name='submission')),
            ],
            options={
                'verbose_name': 'outcome',
                'verbose_name_plural': 'outcomes',
                'ordering': ['application', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='OutcomeText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(choices=[('de', 'German'), ('en', 'English')], max_length=2, verbose_name='language')),
                ('subject', models.CharField(max_length=200, verbose_name='subject')),
                ('text', models.TextField(verbose_name='text')),
                ('changed_at', models.DateTimeField(auto_now_add=True, verbose_name='changed at')),
                ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('outcome', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='texts', to='applications.outcome', verbose_name='outcome')),
            ],
            options={
                'verbose_name': 'words of a letter',
                'verbose_name_plural': 'words of letters',
                'ordering': ['outcome', 'language', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('taken_back_at__isnull', True), ('taken_back_by__isnull', True)), models.Q(('taken_back_at__isnull', False), ('taken_back_by__isnull', False)), _connector='OR'), name='release_taken_back_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='release',
            constraint=models.CheckConstraint(condition=models.Q(('released_at__isnull', True), ('taken_back_at__isnull', True), _connector='OR'), name='release_is_carried_out_or_taken_back'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.UniqueConstraint(condition=models.Q(('event__isnull', True), ('is_void', False)), fields=('application',), name='one_prepared_outcome_per_application'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('event__isnull', True), models.Q(('is_void', False), ('release__isnull', False)), _connector='OR'), name='outcome_counts_by_a_release'),
        ),
        migrations.AddConstraint(
            model_name='outcome',
            constraint=models.CheckConstraint(condition=models.Q(('action__in', ['endorse', 'refuse', 'admit', 'not_admit', 'correct'])), name='outcome_is_a_decision'),
        ),
        migrations.RunSQL(KEPT, "DROP TRIGGER refuse_change ON applications_outcome"),
    ]
