"""Who may speak for a city."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models.city import City


class TeamMember(models.Model):
    """A person in a city's team; one lead at most."""

    class Role(models.TextChoices):
        LEAD = "lead", _("lead")
        DEPUTY = "deputy", _("deputy")
        EDITOR = "editor", _("editor")

    city = models.ForeignKey(City, models.CASCADE, related_name="team", verbose_name=_("city"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="teams", verbose_name=_("person"))
    role = models.CharField(_("role"), max_length=8, choices=Role)
    since = models.DateField(_("since"), auto_now_add=True)

    class Meta:
        ordering = ["city", "role", "pk"]
        verbose_name = _("member of a city's team")
        verbose_name_plural = _("city teams")
        constraints = [
            models.UniqueConstraint(fields=["city", "user"], name="one_role_per_person_and_city"),
            models.UniqueConstraint(fields=["city"], condition=Q(role="lead"), name="one_lead_per_city"),
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.city} ({self.get_role_display()})"
