"""The working copy of a call's pack, where a call came from, and the database's refusal of a forbidden change."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# The same rules as in applications.pack_changes (tests hold that both agree), as far as one property says it alone.
# Left to Python: whether something required hangs on a condition that became wider, whether a section or question that
# moved changes what an endorser signs, and the report, which nobody has begun while a call is open.
FORBIDDEN_CHANGE = """
CREATE FUNCTION forbidden_change(old_pack jsonb, new_pack jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
-- Names the first thing of a pack that may not change once its call is announced; NULL where nothing of that kind has.
DECLARE
  found text;
BEGIN
  WITH documents (age, pack) AS (VALUES ('old', old_pack), ('new', new_pack)),
  questions (age, body) AS (
    SELECT age, question FROM documents, jsonb_path_query(pack, '$.steps[*].sections[*].questions[*]') AS question
  ),
  parts (age, part, key, body) AS (
    SELECT age, 'pack', '', pack FROM documents
    UNION ALL SELECT age, 'question', body ->> 'key', body FROM questions
    UNION ALL SELECT age, 'choice', concat_ws('.', body ->> 'key', choice ->> 'key'),
                     choice || jsonb_build_object('required', body -> 'kind' = '"rating"' AND coalesce((body ->> 'required')::boolean, true))
              FROM questions, jsonb_path_query(body, '$.choices[*]') AS choice
    UNION ALL SELECT age, 'column', concat_ws('.', body ->> 'key', field ->> 'key'), field
              FROM questions, jsonb_path_query(body, '$.columns[*]') AS field
    UNION ALL SELECT age, 'criterion', criterion ->> 'key', criterion
              FROM documents, jsonb_path_query(pack, '$.criteria[*]') AS criterion
    UNION ALL SELECT age, 'endorsement', link ->> 'key', link
              FROM documents, jsonb_path_query(pack, '$.endorsements[*]') AS link
    UNION ALL SELECT age, single, '', pack -> single
              FROM documents, unnest(ARRAY['quota', 'reporting', 'retention']) AS single
              WHERE jsonb_typeof(pack -> single) = 'object'
  ),
  -- Which property follows which rule, and what it is where it is left out.
  rules (part, property, rule, otherwise) AS (VALUES
    ('pack', 'format', 'stays', NULL), ('pack', 'key', 'stays', NULL), ('pack', 'network', 'stays', NULL),
    ('pack', 'answer_languages', 'loses nothing', NULL), ('pack', 'field_question', 'stays', '""'),
    ('pack', 'outside', 'stays', 'false'), ('pack', 'national', 'stays', 'false'), ('pack', 'next_pack', 'stays', '""'),
    ('pack', 'names_hidden', 'not switched off', 'false'), ('pack', 'max_bytes', 'not less', NULL),
    ('question', 'kind', 'stays', NULL), ('question', 'required', 'not switched on', 'true'),
    ('question', 'public', 'not switched on', 'false'), ('question', 'only_if', 'not narrower', NULL),
    ('question', 'words', 'not less', NULL), ('question', 'characters', 'not less', '300'),
    ('question', 'unit', 'stays', NULL), ('question', 'minimum', 'not more', NULL),
    ('question', 'maximum', 'not less', NULL), ('question', 'with_year', 'not switched on', 'false'),
    ('question', 'choices_from_fields', 'stays', 'false'), ('question', 'fact', 'stays', '""'),
    ('question', 'at_least', 'not more', '1'), ('question', 'at_most', 'not less', NULL),
    ('question', 'accepts', 'loses nothing', '["pdf"]'), ('question', 'max_bytes', 'not less', '10485760'),
    ('question', 'max_pages', 'not less', NULL), ('question', 'min_pixels', 'not more', NULL),
    ('question', 'one_for_each', 'stays', '""'), ('question', 'statement', 'stays in its version', NULL),
    ('column', 'kind', 'stays', '"text"'), ('column', 'required', 'not switched on', 'true'),
    ('endorsement', 'pledge', 'stays', NULL), ('endorsement', 'days', 'not less', NULL),
    ('endorsement', 'by_city', 'stays', 'true'), ('endorsement', 'covers', 'stays', '[]'),
    ('criterion', 'weight', 'stays', NULL), ('criterion', 'lowest', 'stays', '0'), ('criterion', 'highest', 'stays', '5'),
    ('criterion', 'questions', 'gains new questions only', NULL),
    ('quota', 'count', 'stays', NULL), ('quota', 'per_country', 'stays', 'false'),
    ('quota', 'different_fields', 'stays', 'false'), ('quota', 'tie_break', 'stays', '[]'),
    ('reporting', 'months', 'not less', NULL),
    ('retention', 'admitted', 'not more', NULL), ('retention', 'not_admitted', 'not more', NULL),
    ('retention', 'draft', 'not more', NULL)
  ),
  pairs (part, key, was, becomes) AS (
    SELECT part, key, before.body, after.body
    FROM (SELECT * FROM parts WHERE age = 'old') AS before
    FULL JOIN (SELECT * FROM parts WHERE age = 'new') AS after USING (part, key)
  ),
  properties (place, rule, was, becomes, old_part, new_part) AS (
    SELECT concat_ws(' ', part, nullif(key, ''), property), rule,
           coalesce(nullif(was -> property, 'null'), otherwise::jsonb),
           coalesce(nullif(becomes -> property, 'null'), otherwise::jsonb), was, becomes
    FROM pairs JOIN rules USING (part)
    WHERE was IS NOT NULL AND becomes IS NOT NULL
  )
  SELECT place INTO found FROM (
    SELECT place FROM properties WHERE was IS DISTINCT FROM becomes AND CASE rule
      WHEN 'stays' THEN true
      WHEN 'loses nothing' THEN NOT becomes @> was
      WHEN 'not less' THEN becomes IS NOT NULL AND (was IS NULL OR becomes < was)
      WHEN 'not more' THEN becomes IS NOT NULL AND (was IS NULL OR becomes > was)
      WHEN 'not switched on' THEN becomes = 'true'
      WHEN 'not switched off' THEN was = 'true'
      WHEN 'stays in its version' THEN coalesce(old_part ->> 'version', '') = coalesce(new_part ->> 'version', '')
      WHEN 'not narrower' THEN becomes IS NOT NULL AND (
        was IS NULL OR becomes -> 'question' <> was -> 'question' OR NOT becomes -> 'any_of' @> (was -> 'any_of'))
      WHEN 'gains new questions only' THEN NOT becomes @> was OR EXISTS (
        SELECT FROM jsonb_array_elements(becomes) AS fed WHERE NOT was @> fed
        AND fed IN (SELECT body -> 'key' FROM questions WHERE age = 'old'))
    END
    UNION ALL
    SELECT concat_ws(' ', part, nullif(key, ''), 'is gone') FROM pairs
    WHERE becomes IS NULL AND part IN ('question', 'choice', 'column', 'criterion', 'endorsement', 'quota')
    UNION ALL
    SELECT concat_ws(' ', part, nullif(key, ''), 'is new') FROM pairs
    WHERE was IS NULL AND (part IN ('criterion', 'endorsement', 'quota', 'reporting')
      OR (part IN ('question', 'choice', 'column') AND coalesce((becomes ->> 'required')::boolean, true)))
    UNION ALL
    SELECT list || ' stand in another order' FROM unnest(ARRAY['steps', 'endorsements']) AS list
    WHERE jsonb_path_query_array(old_pack, ('$.' || list || '[*].key')::jsonpath)
       <> jsonb_path_query_array(new_pack, ('$.' || list || '[*].key')::jsonpath)
  ) AS everything LIMIT 1;
  RETURN found;
END $$"""

REFUSE = """
CREATE FUNCTION refuse_forbidden_change() RETURNS trigger LANGUAGE plpgsql AS $$
-- What was announced holds: for a call that is published, also against plain SQL.
DECLARE
  found text;
BEGIN
  IF OLD.published_at IS NULL OR OLD.published_at > clock_timestamp() THEN
    RETURN NEW;
  END IF;
  IF OLD.opens_at <= clock_timestamp() AND (NEW.published_at IS NULL OR NEW.published_at > clock_timestamp()) THEN
    found := 'it has opened and stays published';
  ELSIF OLD.opens_at <= clock_timestamp() AND NEW.opens_at <> OLD.opens_at THEN
    found := 'it has opened already';
  ELSIF NEW.closes_at < OLD.closes_at THEN
    found := 'its deadline only ever moves to a later moment';
  ELSIF NEW.pack_version_id <> OLD.pack_version_id THEN
    SELECT forbidden_change(was.document, becomes.document) INTO found
    FROM applications_packversion AS was, applications_packversion AS becomes
    WHERE was.id = OLD.pack_version_id AND becomes.id = NEW.pack_version_id;
  END IF;
  IF found IS NOT NULL THEN
    RAISE EXCEPTION 'call % is announced: %', OLD.slug, found USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$"""

TRIGGER = """
CREATE TRIGGER refuse_forbidden_change
BEFORE UPDATE OF published_at, opens_at, closes_at, pack_version_id ON applications_call
FOR EACH ROW EXECUTE FUNCTION refuse_forbidden_change()"""


class Migration(migrations.Migration):
    dependencies = [
        ("applications", "0002_guards"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PackDraft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("document", models.JSONField(verbose_name="document")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="version")),
                ("changed_at", models.DateTimeField(verbose_name="changed at")),
                ("call", models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name="draft", to="applications.call", verbose_name="call")),
                ("changed_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="changed by")),
            ],
            options={"verbose_name": "working copy of a pack", "verbose_name_plural": "working copies of packs"},
        ),
        migrations.AddField(
            model_name="call",
            name="made_from",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="made_into", to="applications.call", verbose_name="made from"),
        ),
        migrations.AddField(
            model_name="call",
            name="dates_confirmed_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="dates confirmed at"),
        ),
        migrations.AddField(
            model_name="call",
            name="dates_confirmed_by",
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL, verbose_name="dates confirmed by"),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.CheckConstraint(
                condition=models.Q(("dates_confirmed_at__isnull", True), ("dates_confirmed_by__isnull", True))
                | models.Q(("dates_confirmed_at__isnull", False), ("dates_confirmed_by__isnull", False)),
                name="call_dates_confirmed_at_and_by",
            ),
        ),
        migrations.RunSQL(FORBIDDEN_CHANGE, "DROP FUNCTION forbidden_change(jsonb, jsonb)"),
        migrations.RunSQL(REFUSE, "DROP FUNCTION refuse_forbidden_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER refuse_forbidden_change ON applications_call"),
    ]
