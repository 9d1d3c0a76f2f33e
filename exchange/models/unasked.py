"""Addresses in entries of practices whose office wants no yearly question any more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unasked(models.Model):
    """An address, in small letters. Kept as long as a practice names it, so that nobody writes to it again."""

    email = models.EmailField(primary_key=True)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("address that is not asked any more")
        verbose_name_plural = _("addresses that are not asked any more")

    def __str__(self) -> str:
        return self.email
