"""Material: modules, films, guidelines, tools that help cities, and a sentence why each matters."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from exchange.models.programme import Programme
from exchange.models.theme import Theme
from network.models import Network, User
from network.models.network import german_is_there
from network.permissions import keeps_content


class ResourceQuerySet(models.QuerySet["Resource"]):
    def published(self) -> "ResourceQuerySet":
        """What everybody may read."""
        return self.filter(published_at__isnull=False)

    def kept_by(self, user: User | AnonymousUser) -> "ResourceQuerySet":
        """Those the person writes: of programmes the person keeps, and those of no programme."""
        if not keeps_content(user):
            return self.none()
        return self.filter(Q(programme=None) | Q(programme__in=Programme.objects.kept_by(user).values("pk")))

    def for_list(self) -> "ResourceQuerySet":
        """Published ones with what their rows show."""
        shown = self.published().select_related("programme").prefetch_related("networks")
        return shown.order_by("title_de", "pk").fetch_mode(models.FETCH_RAISE)


class Resource(models.Model):
    """One piece of material, kept where its makers keep it."""

    class Kind(models.TextChoices):
        MODULE = "module", _("training module")
        FILM = "film", _("film or tutorial")
        GUIDELINE = "guideline", _("guideline")
        TOOLKIT = "toolkit", _("toolkit")
        STUDY = "study", _("study or report")
        DATA = "data", _("data")

    class Level(models.TextChoices):
        FIRST = "first", _("to begin with")
        ADVANCED = "advanced", _("for those with experience")
        ALL = "all", _("for all")

    class Audience(models.TextChoices):
        STAFF = "staff", _("city staff")
        POLITICS = "politics", _("mayors and councils")
        TEACHERS = "teachers", _("people who teach")
        CITIZENS = "citizens", _("everybody in the city")

    title = models.CharField(_("title"), max_length=200)
    why = models.TextField(_("why it matters, in one or two sentences"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    level = models.CharField(_("level"), max_length=8, choices=Level, default=Level.ALL)
    audience = models.CharField(_("for whom"), max_length=8, choices=Audience, default=Audience.STAFF)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme, blank=True)
    languages = ArrayField(models.CharField(max_length=3), verbose_name=_("languages"), default=list)
    maker = models.CharField(_("made by"), max_length=200)
    url = models.URLField(_("address"), max_length=1000)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="resources", null=True, blank=True, verbose_name=_("programme")
    )
    networks: models.ManyToManyField[Network, models.Model] = models.ManyToManyField(
        Network, related_name="resources", blank=True, verbose_name=_("networks")
    )
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    keeper = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+")
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    dead_since = models.DateTimeField(null=True, blank=True, editable=False)
    trouble = models.CharField(max_length=200, blank=True, editable=False)  # why it counts as dead
    title_de: str
    why_de: str

    objects = MultilingualManager.from_queryset(ResourceQuerySet)()

    class Meta:
        ordering = ["pk"]
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        constraints = [german_is_there("title"), german_is_there("why")]

    def __str__(self) -> str:
        return self.title
