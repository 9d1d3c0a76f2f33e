"""The database refuses to alter evidence, and calls raise the version of public content."""

from django.db import migrations

# Truncating is left to whoever owns the tables; `manage.py verify_log` names what is then missing.
IMMUTABLE = ["event", "submission", "packversion"]
PUBLIC = ["call", "extension"]

FUNCTION = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'rows of % are evidence: they are neither changed nor deleted', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$"""


def immutable(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON applications_{table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()""",
        f"DROP TRIGGER refuse_change ON applications_{table}",
    )


def public(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON applications_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON applications_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0001_initial"), ("network", "0002_content_version")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION refuse_change()"),
        *(immutable(table) for table in IMMUTABLE),
        *(public(table) for table in PUBLIC),
    ]
