"""Who did what with a call and when; the database refuses to change it afterwards."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0006_case_care"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CallEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("made", "Call made"),
                            ("dated", "Title and dates saved, not confirmed yet"),
                            ("confirmed", "Title and dates confirmed"),
                            ("published", "Call published"),
                            ("scheduled", "Publication planned"),
                            ("taken_back", "Publishing taken back"),
                            ("changed", "Changes of the questions taken over"),
                        ],
                        max_length=10,
                        verbose_name="what",
                    ),
                ),
                ("at", models.DateTimeField(auto_now_add=True, verbose_name="when")),
                ("moment", models.DateTimeField(blank=True, null=True, verbose_name="published from")),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "call",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="history",
                        to="applications.call",
                        verbose_name="call",
                    ),
                ),
                (
                    "pack_version",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="applications.packversion",
                        verbose_name="pack",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a call",
                "verbose_name_plural": "changes of calls",
                "ordering": ["call", "-at", "-pk"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["made", "dated", "confirmed", "published", "scheduled", "taken_back", "changed"],
                            )
                        ),
                        name="call_event_has_a_known_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "scheduled"), ("moment__isnull", False)),
                            models.Q(models.Q(("kind", "scheduled"), _negated=True), ("moment", None)),
                            _connector="OR",
                        ),
                        name="scheduled_call_event_has_its_moment",
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """CREATE TRIGGER refuse_change BEFORE UPDATE ON applications_callevent
               FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
            "DROP TRIGGER refuse_change ON applications_callevent",
        ),
    ]
