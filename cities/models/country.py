"""Countries by ISO 3166-1 and German Länder by the first two digits of the official municipality key (AGS)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from network.models.network import german_is_there


class WorldRegion(models.TextChoices):
    """Parts of the world, as GeoNames assigns countries to them."""

    AFRICA = "africa", _("Africa")
    ASIA = "asia", _("Asia")
    EUROPE = "europe", _("Europe")
    NORTH_AMERICA = "north-america", _("North and Central America")
    OCEANIA = "oceania", _("Oceania")
    SOUTH_AMERICA = "south-america", _("South America")


class Country(models.Model):
    """A country or territory with an ISO code."""

    iso2 = models.CharField(_("ISO code"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    region = models.CharField(_("world region"), max_length=16, choices=WorldRegion)
    name_de: str
    name_en: str | None

    class Meta:
        ordering = ["iso2"]
        verbose_name = _("country")
        verbose_name_plural = _("countries")
        constraints = [german_is_there("name")]

    def __str__(self) -> str:
        return self.name


class Land(models.Model):
    """A German Land."""

    key = models.CharField(_("first two digits of the AGS"), max_length=2, primary_key=True)
    name = models.CharField(_("name"), max_length=100)
    name_de: str
    name_en: str | None

    class Meta:
        ordering = ["key"]
        verbose_name = _("Land (German state)")
        verbose_name_plural = _("Länder (German states)")
        constraints = [german_is_there("name")]

    def __str__(self) -> str:
        return self.name
