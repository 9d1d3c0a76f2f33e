"""What searches stand on: the words that practices use, and searches that somebody has saved to get letters."""

import struct

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import SearchVectorField
from django.db import connection, connections, models, transaction
from django.utils.translation import gettext_lazy as _

from cities.models.city import TYPO_LIKENESS

KNOWN = """
    SELECT typed, word FROM unnest(%(typed)s::text[]) AS typed
    LEFT JOIN LATERAL (SELECT word FROM exchange_searchword
                       WHERE word LIKE CASE WHEN length(typed) < 3 THEN '' ELSE '%%' END || typed || '%%'
                       ORDER BY length(word), word LIMIT 200) AS known ON true
    WHERE to_tsvector('german', typed) <> '' AND to_tsvector('english', typed) <> ''
"""
LIKE = """
    SELECT typed, word FROM unnest(%(typed)s::text[]) AS typed
    CROSS JOIN LATERAL (
      SELECT word, rank() OVER (ORDER BY round(word_similarity(typed, word)::numeric, 1) DESC) AS place
      FROM exchange_searchword WHERE word %%> typed) AS near
    WHERE place = 1
"""
# The queries are worked out before the rest is planned: who knows that a word is frequent reads the whole table instead
# of the index, and with it all texts. One query a word, because the index asks many in one again for every practice.
# One value and not a row a practice: a frequent word is in tens of thousands.
SAYING = """
    SELECT string_agg(int8send(practice), '') FROM (
      WITH asked AS MATERIALIZED (
        SELECT ARRAY(SELECT DISTINCT to_tsquery(language, word) FROM unnest(%(words)s::text[]) AS word,
                     unnest('{german,english}'::regconfig[]) AS language) AS queries)
      SELECT practice FROM exchange_practicewords, asked WHERE words @@ ANY (queries)) AS found
"""

# as the trigger of migration 0009 tells words apart
UNUSED = """
    DELETE FROM exchange_searchword WHERE NOT EXISTS (
      SELECT 1 FROM exchange_practice,
        regexp_split_to_table(folded_de || ' ' || folded_en, '[^[:alnum:]]+') AS used
      WHERE used = word)
"""


class SearchWordQuerySet(models.QuerySet["SearchWord"]):
    def holding(self, typed: list[str]) -> dict[str, list[str]]:
        """For each typed word, folded, the words that hold it, of one or two letters those that begin with it, the
        shortest first, at most 200; words that say nothing (`und`, `the`) are left out. One query."""
        return self._asked(KNOWN, typed)

    def like(self, typed: list[str]) -> dict[str, list[str]]:
        """For each typed word the words most like it, or with a part like it, if there are any. Two queries."""
        with connections[self.db].cursor() as cursor:  # the index asks for this likeness, by itself for 0.6
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(TYPO_LIKENESS)])
        return self._asked(LIKE, typed)

    def forget_unused(self) -> None:
        """Throws away words that no practice uses any more. Whoever writes a practice waits meanwhile, lest a word that
        it uses anew be taken for an unused one."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("LOCK TABLE exchange_searchword IN SHARE ROW EXCLUSIVE MODE")
            cursor.execute(UNUSED)

    def _asked(self, query: str, typed: list[str]) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        with connections[self.db].cursor() as cursor:
            cursor.execute(query, {"typed": typed})
            for word, known in cursor.fetchall():
                found.setdefault(word, []).extend([known] if known else [])
        return found


class SearchWord(models.Model):
    """A word, folded, that some practice uses, or used today. Only a trigger writes it (migration 0009)."""

    word = models.CharField(max_length=40, primary_key=True)

    objects = models.Manager.from_queryset(SearchWordQuerySet)()

    class Meta:
        verbose_name = "word that practices use"
        verbose_name_plural = "words that practices use"
        # at once (fastupdate): entries that wait are read through by every search until the database tidies up
        indexes = [GinIndex(OpClass("word", "gin_trgm_ops"), name="search_word_parts", fastupdate=False)]

    def __str__(self) -> str:
        return self.word


class PracticeWordsQuerySet(models.QuerySet["PracticeWords"]):
    def saying(self, words: list[str]) -> tuple[int, ...]:
        """The primary keys of practices, also of those not published, in which one of the words, folded, occurs in any
        form that German or English gives it. One query."""
        with connections[self.db].cursor() as cursor:
            cursor.execute(SAYING, {"words": words})
            (keys,) = cursor.fetchone()
        return struct.unpack(f">{len(keys) // 8}q", keys) if keys else ()


class PracticeWords(models.Model):
    """The words of a practice in both languages, without their endings. Only a trigger writes it (migration 0009)."""

    practice = models.BigIntegerField(primary_key=True)
    words = SearchVectorField()

    objects = models.Manager.from_queryset(PracticeWordsQuerySet)()

    class Meta:
        verbose_name = "words of a practice"
        verbose_name_plural = "words of practices"
        indexes = [GinIndex(fields=["words"], name="practice_words", fastupdate=False)]

    def __str__(self) -> str:
        return str(self.practice)


class SavedSearchQuerySet(models.QuerySet["SavedSearch"]):
    def confirmed(self) -> "SavedSearchQuerySet":
        """Those whose address was confirmed: only they get letters."""
        return self.filter(confirmed_at__isnull=False)


class SavedSearch(models.Model):
    """What is looked for, as the query string of the list, and an address. Ended, the row is gone."""

    email = models.EmailField()
    language = models.CharField(max_length=2)
    query = models.CharField(max_length=1000, blank=True)  # empty: every new practice
    asked_at = models.DateTimeField(auto_now_add=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    last_letter_at = models.DateTimeField(null=True, blank=True)

    objects = models.Manager.from_queryset(SavedSearchQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("saved search")
        verbose_name_plural = _("saved searches")
        constraints = [
            models.UniqueConstraint(
                fields=["email", "query", "language"], name="one_saved_search_per_address_and_query"
            )
        ]

    def __str__(self) -> str:
        return f"{self.query}"
