"""News of one network, or of the portal."""

from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from network.models.network import Network, german_is_there


class NewsQuerySet(MultilingualQuerySet["News"]):
    """News, newest first."""

    def published(self) -> "NewsQuerySet":
        """What everybody may read today."""
        return self.filter(published_on__lte=timezone.localdate())

    def for_list(self) -> "NewsQuerySet":
        """Published news with their network, for the list and for one page."""
        return self.published().select_related("network").fetch_mode(models.FETCH_RAISE)


class News(models.Model):
    """A short message; without a network it is the portal's own."""

    network = models.ForeignKey(
        Network, models.CASCADE, related_name="news", null=True, blank=True, verbose_name=_("network")
    )
    slug = models.SlugField(_("short address"), unique=True)
    published_on = models.DateField(_("published on"), help_text=_("A later date keeps it hidden until then."))
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"), help_text=_("A blank line starts a new paragraph."))
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    title_de: str
    title_en: str | None
    text_de: str
    text_en: str | None

    objects = MultilingualManager.from_queryset(NewsQuerySet)()

    class Meta:
        ordering = ["-published_on", "slug"]
        verbose_name = _("news")
        verbose_name_plural = _("news")
        constraints = [german_is_there("title"), german_is_there("text")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("news:detail", args=[self.slug])
