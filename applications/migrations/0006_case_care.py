"""What the coordination notes on a case: comments, flags, its formal check; and what its lists filter by."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models import Q

# The field that the latest submission names, for applications submitted before this column was there.
FIELDS = """UPDATE applications_application AS a SET field = s.content #>> ARRAY['answers', p.document ->> 'field_question']
FROM applications_packversion AS p, applications_submission AS s
WHERE p.id = a.pack_version_id AND s.application_id = a.id AND p.document ->> 'field_question' <> ''
  AND s.content #>> ARRAY['answers', p.document ->> 'field_question'] <> ''
  AND s.number = (SELECT max(number) FROM applications_submission WHERE application_id = a.id)"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0005_deciding"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
    operations = [
        migrations.AddField(
            "application",
            "check_state",
            models.CharField(
                choices=[("open", "not finished"), ("faulty", "something is not in order"), ("passed", "passed")],
                default="open", max_length=8, verbose_name="formal check",
            ),
        ),
        migrations.AddField(
            "application", "field", models.CharField(blank=True, max_length=120, verbose_name="field applied for")
        ),
        migrations.AddConstraint(
            "application",
            models.CheckConstraint(
                condition=Q(check_state__in=["open", "faulty", "passed"]), name="application_has_a_known_check_state"
            ),
        ),
        migrations.CreateModel(
            name="CheckMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("check_key", models.CharField(max_length=60, verbose_name="line of the check")),
                ("verdict", models.CharField(choices=[("fine", "in order"), ("faulty", "not in order"), ("not_applicable", "does not apply")], max_length=16, verbose_name="result")),
                ("note", models.CharField(blank=True, max_length=1000, verbose_name="note")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("at", models.DateTimeField(verbose_name="when")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by")),
                ("submission", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="applications.submission", verbose_name="submission")),
            ],
            options={
                "verbose_name": "mark of the formal check",
                "verbose_name_plural": "marks of the formal check",
                "ordering": ["submission", "check_key"],
                "constraints": [
                    models.UniqueConstraint(fields=("submission", "check_key"), name="one_mark_per_check_and_submission"),
                    models.CheckConstraint(condition=Q(verdict__in=["fine", "faulty", "not_applicable"]), name="mark_has_a_known_verdict"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Comment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("internal", "internal note"), ("to_city", "message to the city"), ("from_city", "answer of the city")], max_length=12, verbose_name="kind")),
                ("text", models.TextField(verbose_name="text")),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="comments", to="applications.application", verbose_name="application")),
                ("by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="by")),
            ],
            options={
                "verbose_name": "comment",
                "verbose_name_plural": "comments",
                "ordering": ["application", "at", "pk"],
                "constraints": [models.CheckConstraint(condition=Q(kind__in=["internal", "to_city", "from_city"]), name="comment_has_a_known_kind")],
            },
        ),
        migrations.CreateModel(
            name="Flag",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("due_on", models.DateField(verbose_name="by when")),
                ("raised_at", models.DateTimeField(auto_now_add=True, verbose_name="raised at")),
                ("resolution", models.CharField(blank=True, max_length=1000, verbose_name="how it was settled")),
                ("resolved_at", models.DateTimeField(blank=True, null=True, verbose_name="settled at")),
                ("application", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="flags", to="applications.application", verbose_name="application")),
                ("owner", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="owned_flags", to=settings.AUTH_USER_MODEL, verbose_name="who sees to it")),
                ("raised_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="raised by")),
                ("resolved_by", models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="settled by")),
            ],
            options={
                "verbose_name": "flag",
                "verbose_name_plural": "flags",
                "ordering": ["application", "due_on", "pk"],
                "indexes": [models.Index(condition=Q(resolved_at__isnull=True), fields=["owner", "due_on"], name="open_flags_of_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=Q(resolved_at__isnull=True, resolved_by__isnull=True, resolution="")
                        | Q(resolved_at__isnull=False, resolved_by__isnull=False, resolution__gt=""),
                        name="flag_is_open_or_settled_with_words",
                    )
                ],
            },
        ),
        # what is recorded for others than the city may come without a document
        migrations.RemoveConstraint("endorsement", "endorsement_is_prepared_or_whole"),
        migrations.AddConstraint(
            "endorsement",
            models.CheckConstraint(
                condition=Q(
                    document__isnull=True, signed_on__isnull=True, recorded_at__isnull=True, recorded_by__isnull=True
                )
                | Q(
                    signed_on__isnull=False, signatory__gt="", recorded_at__isnull=False, recorded_by__isnull=False
                ),
                name="endorsement_is_prepared_or_whole",
            ),
        ),
        migrations.RunSQL(FIELDS, migrations.RunSQL.noop),
    ]
