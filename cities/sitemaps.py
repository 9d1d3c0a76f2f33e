"""The public pages for search engines, each in both languages (hreflang)."""

from typing import ClassVar

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.urls import reverse

from cities.models import City
from network.models import Network, News


class Bilingual(Sitemap):
    i18n = True
    alternates = True
    x_default = False
    protocol = "https"


class PageSitemap(Bilingual):
    """Pages without an object."""

    NAMES: ClassVar[tuple[str, ...]] = (
        "home", "networks:list", "cities:list", "cities:germany", "news:list", "legal:imprint", "legal:privacy",
        "legal:accessibility", "legal:easy", "legal:sign", "legal:sources",
    )  # fmt: skip

    def items(self) -> tuple[str, ...]:
        return self.NAMES

    def location(self, item: str) -> str:
        return reverse(item)


class NetworkSitemap(Bilingual):
    """Networks."""

    def items(self) -> "QuerySet[Network]":
        return Network.objects.order_by("position", "slug")


class CitySitemap(Bilingual):
    """Cities of the directory."""

    limit = 10_000

    def items(self) -> "QuerySet[City]":
        return City.objects.in_directory().order_by("slug").only("slug")


class NewsSitemap(Bilingual):
    """Published news."""

    def items(self) -> "QuerySet[News]":
        return News.objects.published().order_by("pk")


SITEMAPS: dict[str, type[Sitemap]] = {
    "pages": PageSitemap,
    "networks": NetworkSitemap,
    "cities": CitySitemap,
    "news": NewsSitemap,
}
