"""Registrations: somebody wants to take part in a session."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from exchange.models.session import Session


class RegistrationQuerySet(models.QuerySet["Registration"]):
    def confirmed(self) -> "RegistrationQuerySet":
        """Those whose address was confirmed: only they have a place."""
        return self.filter(confirmed_at__isnull=False)


class Registration(models.Model):
    """One person, with the consent to be written to. Withdrawn, the row is gone; all go a month after the session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="registrations", verbose_name=_("session"))
    name = models.CharField(_("name"), max_length=200)
    place = models.CharField(_("city or organisation"), max_length=200, blank=True)
    email = models.EmailField(_("e-mail address"))
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", null=True, blank=True)
    language = models.CharField(max_length=2)
    consent_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    is_reminded = models.BooleanField(default=True)  # gets the letters before it begins

    objects = models.Manager.from_queryset(RegistrationQuerySet)()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        constraints = [
            models.UniqueConstraint(fields=["session", "email"], name="one_registration_per_session_and_address")
        ]

    def __str__(self) -> str:
        return self.name
