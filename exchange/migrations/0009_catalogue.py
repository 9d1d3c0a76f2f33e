"""What lists of practices read without their texts, and which practices a version of public content has touched."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
from django.db import migrations, models

from cities.names import fold

TEXTS = ("title", "summary", "problem", "measures", "preconditions", "evidence", "setbacks", "transfer", "contact",
         "partners_sought")
# Which practices a changed row of each table touches.
TOUCHED = {
    "exchange_practice": "SELECT id FROM changed",
    "exchange_practice_networks": "SELECT practice_id FROM changed",
    "exchange_transferstep": "SELECT practice_id FROM changed",
    "cities_city": """SELECT id FROM exchange_practice WHERE city_id IN (SELECT id FROM changed)
                      UNION SELECT practice_id FROM exchange_transferstep WHERE city_id IN (SELECT id FROM changed)""",
}
EVENTS = {"insert": ("INSERT", "NEW"), "update": ("UPDATE", "NEW"), "move": ("UPDATE", "OLD"), "delete": ("DELETE", "OLD")}


# The words of practices: a part of a word and a misspelt one are looked for among all words, not in all texts.
WORDS = """
CREATE FUNCTION keep_words_of_practice() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM exchange_practicewords WHERE practice = OLD.id;
    RETURN NULL;
  END IF;
  INSERT INTO exchange_practicewords (practice, words)
    VALUES (NEW.id, to_tsvector('german', NEW.folded_de) || to_tsvector('english', NEW.folded_en))
    ON CONFLICT (practice) DO UPDATE SET words = EXCLUDED.words;
  INSERT INTO exchange_searchword (word)
    SELECT DISTINCT word FROM regexp_split_to_table(NEW.folded_de || ' ' || NEW.folded_en, '[^[:alnum:]]+') AS word
    WHERE length(word) BETWEEN 3 AND 40 ORDER BY word
    ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER keep_words_at_insert AFTER INSERT OR DELETE ON exchange_practice
  FOR EACH ROW EXECUTE FUNCTION keep_words_of_practice();
CREATE TRIGGER keep_words_at_update AFTER UPDATE ON exchange_practice
  FOR EACH ROW WHEN (OLD.folded_de <> NEW.folded_de OR OLD.folded_en <> NEW.folded_en)
  EXECUTE FUNCTION keep_words_of_practice();
"""


def note(table, touched):
    """Triggers that note them. Raising the version locks its one row until the transaction ends, so that whoever sees a
    version sees every change noted up to it."""
    name = f"note_changes_of_{table}"
    function = f"""CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE raised bigint;
        BEGIN
          UPDATE network_contentversion SET number = number + 1 RETURNING number INTO raised;
          INSERT INTO exchange_practicechange (practice, number)
            SELECT DISTINCT touched, raised FROM ({touched}) AS found (touched)
            ON CONFLICT (practice) DO UPDATE SET number = EXCLUDED.number;
          RETURN NULL;
        END $$;
        """
    triggers = "".join(
        f"""CREATE TRIGGER note_changes_at_{name} AFTER {event} ON {table} REFERENCING {rows} TABLE AS changed
            FOR EACH STATEMENT EXECUTE FUNCTION note_changes_of_{table}();
        """
        for name, (event, rows) in EVENTS.items()
    )
    return migrations.RunSQL(function + triggers, f"DROP FUNCTION {name}() CASCADE")


def language_for(practice, language):
    """As Practice.language_for()."""
    said = [name for name in TEXTS if getattr(practice, f"{name}_de") or getattr(practice, f"{name}_en")]
    whole = all(getattr(practice, f"{name}_{language}") for name in said)
    return language if whole or practice.original_language in {language, "both"} else practice.original_language


def fill(apps, schema_editor):
    practices = apps.get_model("exchange", "Practice")._base_manager
    for practice in practices.all().iterator(chunk_size=500):
        shown = {language: language_for(practice, language) for language in ("de", "en")}
        titles = {f"sort_{wanted}": fold(getattr(practice, f"title_{given}") or "")[:200] for wanted, given in shown.items()}
        languages = [wanted for wanted, given in shown.items() if wanted == given]
        practices.filter(pk=practice.pk).update(languages=languages, **titles)
    schema_editor.execute("UPDATE exchange_practice SET folded_de = folded_de || ' '")  # the triggers keep its words


class Migration(migrations.Migration):
    dependencies = [("exchange", "0008_calendars"), ("network", "0002_content_version"), ("cities", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="PracticeChange",
            fields=[
                ("practice", models.BigIntegerField(primary_key=True, serialize=False)),
                ("number", models.BigIntegerField(db_index=True)),
            ],
            options={"verbose_name": "change of a practice", "verbose_name_plural": "changes of practices"},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[("word", models.CharField(max_length=40, primary_key=True, serialize=False))],
            options={
                "verbose_name": "word that practices use",
                "verbose_name_plural": "words that practices use",
                "indexes": [django.contrib.postgres.indexes.GinIndex(
                    django.contrib.postgres.indexes.OpClass("word", "gin_trgm_ops"), name="search_word_parts")],
            },
        ),
        migrations.RemoveIndex("practice", "practice_words"),
        migrations.CreateModel(
            name="PracticeWords",
            fields=[
                ("practice", models.BigIntegerField(primary_key=True, serialize=False)),
                ("words", django.contrib.postgres.search.SearchVectorField()),
            ],
            options={
                "verbose_name": "words of a practice",
                "verbose_name_plural": "words of practices",
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["words"], name="practice_words")],
            },
        ),
        migrations.RemoveIndex("practice", "practice_folded_de"),
        migrations.RemoveIndex("practice", "practice_folded_en"),
        migrations.AddField("practice", "languages", django.contrib.postgres.fields.ArrayField(
            base_field=models.CharField(max_length=2), default=list, editable=False)),
        migrations.AddField("practice", "sort_de", models.CharField(default="", editable=False, max_length=200)),
        migrations.AddField("practice", "sort_en", models.CharField(default="", editable=False, max_length=200)),
        *[note(table, touched) for table, touched in TOUCHED.items()],
        migrations.RunSQL(WORDS, "DROP FUNCTION keep_words_of_practice() CASCADE"),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
