"""What is public of the writing side raises the version of public content as well."""

from django.db import migrations

TABLES = ["transferstep", "practicepicture"]


def trigger(table):
    return migrations.RunSQL(
        f"""CREATE TRIGGER raise_content_version AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON exchange_{table}
            FOR EACH STATEMENT EXECUTE FUNCTION raise_content_version()""",
        f"DROP TRIGGER raise_content_version ON exchange_{table}",
    )


class Migration(migrations.Migration):
    dependencies = [("exchange", "0003_writing"), ("network", "0002_content_version")]
    operations = [trigger(table) for table in TABLES]
