"""Notes for an application also when only the text changes by which its city is found."""

from django.db import migrations

COLUMNS = "slug, name_de, name_en, sort_de, sort_en, country_id, land_id"
TRIGGER = """
DROP TRIGGER note_application_of_cities_city ON cities_city;
CREATE TRIGGER note_application_of_cities_city AFTER UPDATE OF {columns} ON cities_city
FOR EACH ROW EXECUTE FUNCTION note_application_of_cities_city()"""


class Migration(migrations.Migration):
    dependencies = [("applications", "0008_case_changes")]
    operations = [
        migrations.RunSQL(TRIGGER.format(columns=f"{COLUMNS}, search_text"), TRIGGER.format(columns=COLUMNS)),
    ]
