"""What the desk knows of an application may have changed, or what makes somebody conflicted: noted for each application
and each person, with the transaction that did it.

A process that holds all of them in memory (applications/register.py, applications/results.py) asks which transactions
its last look did not see yet. So no writer waits for another but where both write on one application, or as one person.
"""

from django.db import migrations, models

TABLES = """
CREATE TABLE applications_casechange (
  application bigint PRIMARY KEY,  -- a number, because the row outlives the application
  changed_in xid8 NOT NULL
);
CREATE INDEX applications_casechange_changed_in ON applications_casechange (changed_in);
CREATE TABLE applications_personchange (
  person bigint PRIMARY KEY,
  changed_in xid8 NOT NULL
);
CREATE INDEX applications_personchange_changed_in ON applications_personchange (changed_in);
"""

EVENTS = "INSERT OR DELETE OR UPDATE"
OF_THE_ROW = (
    "call_id, city_id, pack_version_id, earlier_id, state, field, check_state, submitted_at, late_until, returned_until"
)
OF_THE_CITY = "slug, name_de, name_en, sort_de, sort_en, country_id, land_id"
CASES = [
    ("applications_application", f"{EVENTS} OF {OF_THE_ROW}", "SELECT ROW.id"),
    ("applications_flag", EVENTS, "SELECT ROW.application_id"),
    ("applications_submission", EVENTS, "SELECT ROW.application_id"),
    ("applications_assignment", EVENTS, "SELECT ROW.application_id"),
    ("applications_review", EVENTS, "SELECT application_id FROM applications_assignment WHERE id = ROW.assignment_id"),
    (
        "applications_score",
        EVENTS,
        "SELECT a.application_id FROM applications_review r JOIN applications_assignment a ON a.id = r.assignment_id"
        " WHERE r.id = ROW.review_id",
    ),
    ("cities_city", f"UPDATE OF {OF_THE_CITY}", "SELECT id FROM applications_application WHERE city_id = ROW.id"),
]
PEOPLE = [
    ("cities_teammember", EVENTS, "SELECT ROW.user_id"),
    ("cities_teamevent", EVENTS, "SELECT ROW.person_id"),
    ("applications_reviewerstatement", EVENTS, "SELECT ROW.user_id"),
    (
        "applications_reviewerstatement_cities",
        EVENTS,
        "SELECT user_id FROM applications_reviewerstatement WHERE id = ROW.reviewerstatement_id",
    ),
    ("applications_conflict", EVENTS, "SELECT ROW.person_id"),
    (
        "cities_city",
        "UPDATE OF country_id, land_id",
        "SELECT user_id FROM cities_teammember WHERE city_id = ROW.id",
    ),
    ("applications_event", "INSERT", "SELECT ROW.actor_id"),
    ("applications_answerversion", "INSERT OR DELETE", "SELECT ROW.by_id"),
]


def trigger(notes, key, table, events, touched):
    """Notes, after each change of a row of the table, what that row touches and has touched."""
    name = f"note_{key}_of_{table}"

    def note(row):
        found = touched.replace("ROW", row)
        return f"""INSERT INTO {notes} SELECT touched, pg_current_xact_id() FROM ({found}) AS found (touched)
            WHERE touched IS NOT NULL ORDER BY touched
            ON CONFLICT ({key}) DO UPDATE SET changed_in = EXCLUDED.changed_in;"""

    return migrations.RunSQL(
        f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF TG_OP <> 'INSERT' THEN
            {note("OLD")}
          END IF;
          IF TG_OP <> 'DELETE' THEN
            {note("NEW")}
          END IF;
          RETURN NULL;
        END $$;
        CREATE TRIGGER {name} AFTER {events} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();""",
        f"DROP FUNCTION {name}() CASCADE",
    )


class Migration(migrations.Migration):
    dependencies = [("applications", "0007_rounds"), ("cities", "0004_teams")]
    operations = [
        migrations.RunSQL(TABLES, "DROP TABLE applications_casechange, applications_personchange"),
        *(trigger("applications_casechange", "application", *one) for one in CASES),
        *(trigger("applications_personchange", "person", *one) for one in PEOPLE),
        migrations.AddIndex(
            "application",
            models.Index(condition=models.Q(state="draft"), fields=["call"], name="drafts_of_call"),
        ),
    ]
