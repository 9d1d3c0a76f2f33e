"""Networks of cities and what is said about them. The list of networks is data: a sixth one needs no code."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

PARTIAL_DATE = RegexValidator(r"^\d{4}(-\d{2}(-\d{2})?)?$", _("Write the date as 2025, 2025-12 or 2025-12-04."))


class Shape(models.TextChoices):
    """The mark of a network on maps; shape and name carry the meaning, colour only helps."""

    CIRCLE = "circle", _("circle")
    DIAMOND = "diamond", _("diamond")
    SQUARE = "square", _("square")
    TRIANGLE = "triangle", _("triangle")
    RING = "ring", _("ring")
    PENTAGON = "pentagon", _("pentagon")
    CROSS = "cross", _("cross")
    HALF_DISC = "half-disc", _("half disc")


class Accent(models.TextChoices):
    """The colours whose contrast was computed for every ground; there is no free choice."""

    PETROL = "petrol", _("petrol")
    RASPBERRY = "raspberry", _("raspberry")
    AMBER = "amber", _("amber")
    VIOLET = "violet", _("violet")
    GREEN = "green", _("green")
    STEEL = "steel", _("steel")
    BRICK = "brick", _("brick")
    OLIVE = "olive", _("olive")


def german_is_there(field: str) -> models.CheckConstraint:
    """A check that the German text of a field is never missing (`German required` holds in forms only)."""
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}_de__isnull": False, f"{field}_de__gt": ""}),
        name=f"%(app_label)s_%(class)s_{field}_de_is_there",
    )


class NetworkQuerySet(MultilingualQuerySet["Network"]):
    """Networks in the order coordinators gave them."""

    def for_list(self) -> "NetworkQuerySet":
        """All networks with their official figures, for the overview and the legend of the home page."""
        return self.prefetch_related("figures").fetch_mode(models.FETCH_RAISE)

    def for_page(self) -> "NetworkQuerySet":
        """One network with all that its page says."""
        return self.prefetch_related("figures", "passages", "fields").fetch_mode(models.FETCH_RAISE)


class Network(models.Model):
    """A network in which cities work together."""

    slug = models.SlugField(_("short address"), unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    name = models.CharField(_("full name"), max_length=200)
    short_name = models.CharField(_("short name"), max_length=80)
    member_name = models.CharField(
        _("word for one member"), max_length=80, help_text=_("for example Learning City, or the abbreviation")
    )
    abbreviation = models.CharField(_("abbreviation"), max_length=20)
    founded = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    host = models.CharField(_("host organisation"), max_length=200, blank=True)
    secretariat_city = models.CharField(_("seat"), max_length=100, blank=True)
    website = models.URLField(_("official website"), blank=True)
    email = models.EmailField(_("official e-mail address"), blank=True)
    shape = models.CharField(_("mark"), max_length=12, choices=Shape, default=Shape.CIRCLE)
    accent = models.CharField(_("colour"), max_length=12, choices=Accent, default=Accent.STEEL)
    lead = models.TextField(_("in one or two sentences"), blank=True)
    about = models.TextField(_("about the network"), blank=True, help_text=_("A blank line starts a new paragraph."))
    fields_name = models.CharField(
        _("what its fields are called"), max_length=80, blank=True, help_text=_("for example creative fields")
    )
    name_de: str
    name_en: str | None
    short_name_de: str
    member_name_de: str
    member_name_en: str | None

    objects = MultilingualManager.from_queryset(NetworkQuerySet)()

    class Meta:
        ordering = ["position", "slug"]
        verbose_name = _("network")
        verbose_name_plural = _("networks")
        constraints = [german_is_there("name"), german_is_there("short_name"), german_is_there("member_name")]

    def __str__(self) -> str:
        return self.short_name

    def get_absolute_url(self) -> str:
        return reverse("networks:detail", args=[self.slug])


class OfNetwork(models.Model):
    """Something that belongs to one network and is kept by its coordinators."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="%(class)ss", verbose_name=_("network"))

    class Meta:
        abstract = True


class Field(OfNetwork):
    """A creative field or thematic cluster: what a membership is about."""

    slug = models.SlugField(_("short address"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=100)
    name_de: str
    name_en: str | None

    class Meta:
        ordering = ["network", "position", "slug"]
        verbose_name = _("field")
        verbose_name_plural = _("fields")
        constraints = [
            models.UniqueConstraint(fields=["network", "slug"], name="one_field_per_network_and_slug"),
            german_is_there("name"),
        ]

    def __str__(self) -> str:
        return self.name


class Figure(OfNetwork):
    """An official number of a network, with date and source."""

    class Kind(models.TextChoices):
        MEMBERS = "members", _("members")
        COUNTRIES = "countries", _("countries")

    kind = models.CharField(_("what is counted"), max_length=20, choices=Kind, default=Kind.MEMBERS)
    value = models.PositiveIntegerField(_("number"))
    as_of = models.CharField(_("as of"), max_length=10, validators=[PARTIAL_DATE])
    note = models.CharField(_("note"), max_length=200, blank=True)
    source_label = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    class Meta:
        ordering = ["network", "kind", "as_of"]
        verbose_name = _("official figure")
        verbose_name_plural = _("official figures")
        constraints = [
            models.UniqueConstraint(fields=["network", "kind", "as_of"], name="one_figure_per_kind_and_date")
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.as_of})"


class Passage(OfNetwork):
    """One point of what a network says of itself: a goal, a benefit, one of the four steps and so on."""

    class Kind(models.TextChoices):
        GOAL = "goal", _("goal")
        COMMITMENT = "commitment", _("what members commit to")
        BENEFIT = "benefit", _("benefit")
        DEMAND = "demand", _("what it costs and demands")
        STEP = "step", _("step of joining")
        AFTER = "after", _("after submitting")
        DOCUMENT = "document", _("guiding document")
        AGENDA = "agenda", _("place in the world's agendas")
        GERMAN = "german", _("for German cities")
        NOTE = "note", _("correction or note")
        LINK = "link", _("official address")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    title = models.CharField(_("title"), max_length=200, blank=True)
    text = models.TextField(_("text"), blank=True)
    actor = models.CharField(_("who acts"), max_length=200, blank=True)
    number = models.PositiveSmallIntegerField(
        _("number"), null=True, blank=True, help_text=_("of the step or Sustainable Development Goal, or a year")
    )
    url = models.URLField(_("address"), max_length=500, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)

    class Meta:
        ordering = ["network", "kind", "position", "pk"]
        verbose_name = _("text about a network")
        verbose_name_plural = _("texts about networks")

    def __str__(self) -> str:
        return self.title or self.text[:60]
