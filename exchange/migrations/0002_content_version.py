"""Every change of the exchange raises the version of public content."""

from django.db import migrations

TABLES = ["programme", "programme_networks", "programmepassage", "programmefigure", "practice", "practice_networks",
          "practicelink", "session", "session_networks", "speaker", "sessionlink"]


def trigger(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exchange_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON exchange_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("exchange", "0001_initial"), ("network", "0002_content_version")]
    operations = [trigger(table) for table in TABLES]
