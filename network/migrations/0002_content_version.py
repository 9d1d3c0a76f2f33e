"""The version of public content: one row, raised by triggers in the transaction that changes the content."""

from django.db import migrations

FUNCTION = """
INSERT INTO network_contentversion (number) VALUES (1);
CREATE FUNCTION raise_content_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE network_contentversion SET number = number + 1;
  RETURN NULL;
END $$;
"""
TABLES = ["network_network", "network_field", "network_figure", "network_passage", "network_news"]


def trigger(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON {table}",
    )


class Migration(migrations.Migration):
    dependencies = [("network", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION raise_content_version(); DELETE FROM network_contentversion"),
        *[trigger(table) for table in TABLES],
    ]
