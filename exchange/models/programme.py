"""Programmes of exchange. The list of programmes is data: a fifth one needs no code."""

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from network.models import Network, Office, User
from network.models.network import PARTIAL_DATE, german_is_there
from network.permissions import coordinates_any, is_operator


class ProgrammeQuerySet(models.QuerySet["Programme"]):
    """Programmes in their order."""

    def for_list(self) -> "ProgrammeQuerySet":
        """All programmes with what their rows show."""
        return self.fetch_mode(models.FETCH_RAISE)

    def kept_by(self, user: User | AnonymousUser) -> "ProgrammeQuerySet":
        """Those whose entries the person checks and keeps: coordinators of its networks, every coordinator where it has
        none, operators all."""
        if is_operator(user):
            return self.all()
        if not isinstance(user, User) or not coordinates_any(user):
            return self.none()
        offices = Office.objects.filter(user=user, role=Office.Role.COORDINATOR).values("network_id")
        return self.filter(models.Q(networks__in=offices) | models.Q(networks=None)).distinct()

    def for_page(self) -> "ProgrammeQuerySet":
        """One programme with its texts, figures and networks."""
        return self.prefetch_related("passages", "figures", "networks").fetch_mode(models.FETCH_RAISE)


class Programme(models.Model):
    """A frame in which cities exchange what they know: a series of sessions, a collection of practices, an award."""

    slug = models.SlugField(_("short address"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=200)
    lead = models.TextField(_("in one or two sentences"))
    about = models.TextField(_("purpose"), help_text=_("A blank line starts a new paragraph."))
    hosts = models.CharField(_("hosts"), max_length=300)
    period = models.CharField(_("period"), max_length=200)
    website = models.URLField(_("official website"), blank=True)
    source_label = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    networks: models.ManyToManyField[Network, models.Model] = models.ManyToManyField(
        Network, related_name="programmes", blank=True, verbose_name=_("networks")
    )
    name_de: str
    name_en: str | None

    objects = MultilingualManager.from_queryset(ProgrammeQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("programme")
        verbose_name_plural = _("programmes")
        constraints = [german_is_there("name"), german_is_there("lead"), german_is_there("about")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("exchange:programme", args=[self.slug])


class ProgrammePassage(models.Model):
    """One point of what a programme is."""

    class Kind(models.TextChoices):
        PART = "part", _("what it consists of")
        CONDITION = "condition", _("who may take part, and how")
        LESSON = "lesson", _("what there is to learn from it")
        LINK = "link", _("official address")

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="passages", verbose_name=_("programme"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    url = models.URLField(_("address"), max_length=500, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    class Meta:
        ordering = ["programme", "kind", "position", "pk"]
        verbose_name = _("text about a programme")
        verbose_name_plural = _("texts about programmes")

    def __str__(self) -> str:
        return self.title or self.text[:60]


class ProgrammeFigure(models.Model):
    """A number that somebody publishes about a programme, quoted with its date and source."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="figures", verbose_name=_("programme"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    label = models.CharField(_("what is counted"), max_length=100)
    value = models.PositiveIntegerField(_("number"))
    at_least = models.BooleanField(_("the source says “more than”"), default=False)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    source_label = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    label_de: str

    class Meta:
        ordering = ["programme", "position", "pk"]
        verbose_name = _("quoted figure")
        verbose_name_plural = _("quoted figures")
        constraints = [german_is_there("label")]

    def __str__(self) -> str:
        return f"{self.value} {self.label}"
