"""The version of all public content: one number that the database itself raises with every change."""

from django.db import connection, models


class ContentVersion(models.Model):
    """One row. Triggers (migration 0002 of each app) raise `number` in the transaction that changes public content,
    so that two readers with the same number see the same content, however it was changed."""

    number = models.BigIntegerField(default=1)

    class Meta:
        verbose_name = "content version"

    def __str__(self) -> str:
        return str(self.number)


def content_version() -> int:
    """The number in force now; one query of one row."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT number FROM network_contentversion")
        row = cursor.fetchone()
    assert row is not None, "the migrations make this row"
    number: int = row[0]
    return number
