"""Every change of the directory raises the version of public content."""

from django.db import migrations

TABLES = ["city", "country", "land", "fact", "picture", "source", "membership", "membership_fields",
          "membership_sources", "membershipchange"]


def trigger(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON cities_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON cities_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("cities", "0002_relations"), ("network", "0002_content_version")]
    operations = [trigger(table) for table in TABLES]
