"""What the database notes of changes, so that a process that holds practices in memory reads only what is new."""

from django.db import models


class PracticeChange(models.Model):
    """The content version that last touched a practice, also one that is gone. Only triggers write it (migration 0009):
    changes of the row itself, its networks, its transfers and its city."""

    practice = models.BigIntegerField(primary_key=True)  # a number, because the row outlives the practice
    number = models.BigIntegerField(db_index=True)

    class Meta:
        verbose_name = "change of a practice"
        verbose_name_plural = "changes of practices"

    def __str__(self) -> str:
        return f"{self.practice} in {self.number}"
