"""Who coordinates or reviews for which network."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.network import Network


class Office(models.Model):
    """A person's office in one network."""

    class Role(models.TextChoices):
        COORDINATOR = "coordinator", _("coordinator")
        REVIEWER = "reviewer", _("reviewer")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="offices", verbose_name=_("person"))
    network = models.ForeignKey(Network, models.CASCADE, related_name="offices", verbose_name=_("network"))
    role = models.CharField(_("office"), max_length=12, choices=Role)

    class Meta:
        ordering = ["network", "role", "user"]
        verbose_name = _("office")
        verbose_name_plural = _("offices")
        constraints = [
            models.UniqueConstraint(fields=["user", "network", "role"], name="one_office_per_person_and_role")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.get_role_display()}, {self.network}"
