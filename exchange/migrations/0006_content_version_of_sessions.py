"""What is public of sessions and material raises the version of public content as well; registrations are not public."""

from django.db import migrations

TABLES = ["briefingsection", "session_practices", "session_cities", "resource", "resource_networks"]


def trigger(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exchange_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON exchange_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("exchange", "0005_sessions_and_material"), ("network", "0002_content_version")]
    operations = [trigger(table) for table in TABLES]
