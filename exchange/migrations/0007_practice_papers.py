"""Documents and places of practices."""

import django.db.models.deletion
from django.db import migrations, models

import exchange.models.document

POSITION = models.Q(latitude__isnull=True, longitude__isnull=True) | models.Q(
    city__isnull=True, latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
)
KINDS = [
    ("begun", "begun"), ("suggested", "suggested by a visitor"), ("proposed", "proposed"),
    ("taken_back", "taken back to go on writing"), ("edited", "edited by a coordinator"), ("returned", "sent back"),
    ("published", "published"), ("declined", "declined"), ("withdrawn", "withdrawn"), ("hidden", "hidden"),
    ("shown", "shown again"), ("added", "file added"), ("removed", "file removed"),
]


class Migration(migrations.Migration):
    dependencies = [("exchange", "0006_content_version_of_sessions"), ("network", "0002_content_version")]
    operations = [
        migrations.CreateModel(
            name="PracticeDocument",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("file", models.FileField(max_length=200, upload_to=exchange.models.document.private_path)),
                ("title_de", models.CharField(blank=True, max_length=200)),
                ("title_en", models.CharField(blank=True, max_length=200)),
                (
                    "language",
                    models.CharField(
                        choices=[("de", "German"), ("en", "English"), ("other", "another language")], max_length=5
                    ),
                ),
                ("credit", models.CharField(max_length=200)),
                ("licence", models.CharField(max_length=100)),
                ("name", models.CharField(max_length=200)),
                ("kind", models.CharField(max_length=8)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("pages", models.PositiveIntegerField(null=True)),
                ("virus_checked", models.BooleanField(default=False)),
                ("is_public", models.BooleanField(default=False)),
                ("added_at", models.DateTimeField(auto_now_add=True)),
                ("removed_at", models.DateTimeField(null=True)),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="documents", to="exchange.proposal"
                    ),
                ),
            ],
            options={
                "verbose_name": "document of a practice",
                "verbose_name_plural": "documents of practices",
                "ordering": ["pk"],
            },
        ),
        migrations.AddConstraint(
            model_name="practicedocument",
            constraint=models.CheckConstraint(
                condition=models.Q(removed_at__isnull=True) | models.Q(is_public=False),
                name="a_removed_document_is_not_public",
            ),
        ),
        migrations.RunSQL(
            """CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE
               ON exchange_practicedocument FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
            "DROP TRIGGER raise_content_version ON exchange_practicedocument",
        ),
        migrations.AlterField("practicepicture", "alt_de", models.CharField(blank=True, max_length=300)),
        migrations.AddField("practicepicture", "sha256", models.CharField(blank=True, default="", max_length=64), False),
        migrations.AddField("practicepicture", "virus_checked", models.BooleanField(default=False)),
        migrations.AddField(
            "practice", "latitude", models.FloatField(blank=True, null=True, verbose_name="its latitude")
        ),
        migrations.AddField(
            "practice", "longitude", models.FloatField(blank=True, null=True, verbose_name="its longitude")
        ),
        migrations.AddField("proposal", "latitude", models.FloatField(blank=True, null=True)),
        migrations.AddField("proposal", "longitude", models.FloatField(blank=True, null=True)),
        migrations.AddField("proposal", "is_guest", models.BooleanField(default=False)),
        migrations.AlterField("proposalnote", "kind", models.CharField(choices=KINDS, max_length=10)),
        migrations.AddConstraint(
            "practice", models.CheckConstraint(condition=POSITION, name="a_practice_has_one_position")
        ),
        migrations.AddConstraint(
            "proposal", models.CheckConstraint(condition=POSITION, name="a_proposal_has_one_position")
        ),
    ]
