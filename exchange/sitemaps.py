"""What search engines find of the exchange, in both languages."""

from django.db.models import QuerySet
from django.urls import reverse

from cities.sitemaps import Bilingual
from exchange.models import Practice, Programme, Session


class ExchangeSitemap(Bilingual):
    """The lists."""

    def items(self) -> tuple[str, ...]:
        return ("exchange:list", "exchange:programmes", "exchange:sessions", "exchange:resources")

    def location(self, item: str) -> str:
        return reverse(item)


class ProgrammeSitemap(Bilingual):
    """Programmes."""

    def items(self) -> "QuerySet[Programme]":
        return Programme.objects.order_by("position", "slug")


class PracticeSitemap(Bilingual):
    """Published practices."""

    limit = 10_000

    def items(self) -> "QuerySet[Practice]":
        return Practice.objects.published().order_by("slug")


class SessionSitemap(Bilingual):
    """Published sessions."""

    def items(self) -> "QuerySet[Session]":
        return Session.objects.published().order_by("slug")


PARTS = {
    "exchange": ExchangeSitemap,
    "programmes": ProgrammeSitemap,
    "practices": PracticeSitemap,
    "sessions": SessionSitemap,
}
