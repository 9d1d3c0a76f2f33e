"""Accounts: addresses in small letters, accounts that have ended, and the table of the cache that all processes share."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("network", "0003_letters")]

    operations = [
        migrations.AddField(
            "user",
            "deleted_at",
            models.DateTimeField("deleted", null=True, blank=True, editable=False),
        ),
        migrations.RunSQL(
            "UPDATE network_user SET email = lower(email) WHERE email <> lower(email)", migrations.RunSQL.noop
        ),
        # as `manage.py createcachetable` would make it
        migrations.RunSQL(
            """
            CREATE TABLE IF NOT EXISTS portal_cache (
                cache_key varchar(255) NOT NULL PRIMARY KEY,
                value text NOT NULL,
                expires timestamp with time zone NOT NULL
            );
            CREATE INDEX IF NOT EXISTS portal_cache_expires ON portal_cache (expires);
            """,
            "DROP TABLE IF EXISTS portal_cache",
        ),
    ]
