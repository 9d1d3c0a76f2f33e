"""What becomes of a practice elsewhere: cities that look at it, try it, have adapted or dropped it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models import City
from exchange.models.practice import Practice


class TransferStepQuerySet(models.QuerySet["TransferStep"]):
    """Steps; of each city the newest about a practice is the one that counts (exchange.models.practice)."""

    def public(self) -> "TransferStepQuerySet":
        """Without demo cities, and without what a coordinator has taken away."""
        return self.filter(city__is_demo=False, is_removed=False)


class TransferStep(models.Model):
    """One statement of a city's own team about a practice of another place. Written once; a later one supersedes it."""

    class Stage(models.TextChoices):
        INTERESTED = "interested", _("interested")
        TRYING = "trying", _("trying it out")
        ADAPTED = "adapted", _("adapted")
        DROPPED = "dropped", _("dropped")

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="transfers")
    city = models.ForeignKey(City, models.CASCADE, related_name="transfers")
    stage = models.CharField(max_length=10, choices=Stage)
    note = models.TextField(blank=True)
    language = models.CharField(max_length=2)  # of the note
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, null=True, db_constraint=False, related_name="+"
    )
    at = models.DateTimeField(auto_now_add=True)
    is_removed = models.BooleanField(default=False)

    objects = models.Manager.from_queryset(TransferStepQuerySet)()

    class Meta:
        ordering = ["-pk"]
        verbose_name = _("step of a transfer")
        verbose_name_plural = _("steps of transfers")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["interested", "trying", "adapted", "dropped"]),
                name="a_transfer_has_a_known_stage",
            ),
            models.CheckConstraint(condition=~Q(stage="dropped", note=""), name="who_drops_a_practice_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.city_id} {self.stage}"
