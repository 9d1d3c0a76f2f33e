"""Saved searches: somebody wants a letter when a practice is published that fits."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
