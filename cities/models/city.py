"""Cities (any territorial authority), facts about them with year and source, and their pictures."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.contrib.postgres.search import TrigramWordSimilarity
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import connections, models
from django.db.models import Case, OuterRef, Q, Value, When
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from cities.models.country import Country, Land
from cities.names import fold, spellings, wanted_parts
from network.models.network import german_is_there

TYPO_LIKENESS = 0.4  # word similarity (pg_trgm) from which a misspelt name counts as meant


class CityQuerySet(models.QuerySet["City"]):
    """Cities; a demo city is never in the directory, in counts or exports."""

    def in_directory(self) -> "CityQuerySet":
        """Real cities with a membership, current or ended."""
        return self.filter(is_demo=False, memberships__isnull=False).distinct()

    def named(self, text: str) -> list[tuple[int, int]]:
        """(primary key, rank) of the cities whose name in either language holds every word; rank 0 is the exact name,
        1 the beginning of a name, 2 of a word in it (applications.register finds the same in memory)."""
        typed, everywhere = fold(text), Q()
        for parts in wanted_parts(text):
            everywhere &= reduce(or_, (Q(search_text__contains=part) for part in parts))
        rank = Case(
            When(search_text__contains=f"|{typed}|", then=Value(0)),
            When(search_text__contains=f"|{typed}", then=Value(1)),
            When(search_text__contains=f" {typed}", then=Value(2)),
            default=Value(3),
            output_field=models.SmallIntegerField(),
        )
        return list(self.filter(everywhere).annotate(found=rank).values_list("pk", "found"))

    def named_like(self, text: str) -> list[tuple[int, float]]:
        """(primary key, likeness from 0 to 1) of cities whose name is like the text, most like first."""
        typed = fold(text)
        with connections[self.db].cursor() as cursor:  # the index asks for this likeness, by itself for 0.6
            cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, false)", [str(TYPO_LIKENESS)])
        like = self.annotate(likeness=TrigramWordSimilarity(typed, "search_text")).filter(
            search_text__trigram_word_similar=typed
        )
        return list(like.order_by("-likeness", "pk").values_list("pk", "likeness")[:50])

    def for_page(self) -> "CityQuerySet":
        """What the page of one city shows of the city itself, in one query: `known_facts` and `shown_pictures` are
        lists of dictionaries."""
        pages: CityQuerySet = self.select_related("country", "land").annotate(**_of_page())
        return pages.fetch_mode(models.FETCH_RAISE)


def _of_page() -> dict[str, ArraySubquery]:
    facts = JSONObject(kind="kind", value="value", year="year", source="source_label", url="source_url", read="read_on")
    pictures = JSONObject(
        image="image",
        width="width",
        height="height",
        alt_de="alt_de",
        alt_en="alt_en",
        credit="credit",
        licence="licence",
    )
    of_city = {"city_id": OuterRef("pk")}
    return {
        "known_facts": ArraySubquery(Fact.objects.filter(**of_city).order_by("kind").values(json=facts)),
        # annotate() first: modeltranslation's values() would select the expression twice
        "shown_pictures": ArraySubquery(
            Picture.objects.filter(**of_city).order_by("position", "pk").annotate(json=pictures).values("json")
        ),
    }


class City(models.Model):
    """A territorial authority that belongs, belonged or may come to belong to a network."""

    class Kind(models.TextChoices):
        CITY = "city", _("city")
        DISTRICT = "district", _("city district")
        COUNTY = "county", _("county")
        REGION = "region", _("region")
        METROPOLITAN = "metropolitan", _("metropolitan area")
        CONSORTIUM = "consortium", _("consortium of municipalities")

    slug = models.SlugField(_("short address"), max_length=120, unique=True)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(
        _("kind"), max_length=12, choices=Kind, blank=True, help_text=_("Leave empty where it is not known.")
    )
    country = models.ForeignKey(Country, models.PROTECT, related_name="cities", verbose_name=_("country"))
    land = models.ForeignKey(
        Land, models.PROTECT, related_name="cities", null=True, blank=True, verbose_name=_("Land (German state)")
    )
    latitude = models.FloatField(_("latitude"), validators=[MinValueValidator(-90), MaxValueValidator(90)])
    longitude = models.FloatField(_("longitude"), validators=[MinValueValidator(-180), MaxValueValidator(180)])
    ags = models.CharField(
        _("official municipality key (AGS)"), max_length=8, blank=True,
        validators=[RegexValidator(r"^\d{8}$", _("The key has eight digits, for example 11000000."))],
    )  # fmt: skip
    geoname_id = models.PositiveIntegerField(_("GeoNames number"), null=True, blank=True)
    wikidata_id = models.CharField(
        _("Wikidata number"), max_length=16, blank=True,
        validators=[RegexValidator(r"^Q[1-9]\d*$", _("A Wikidata number looks like Q64."))],
    )  # fmt: skip
    website = models.URLField(_("official website"), blank=True)
    portrait = models.TextField(_("portrait"), blank=True, help_text=_("Two or three sentences about the city."))
    is_demo = models.BooleanField(_("demo city, never shown in public"), default=False)
    confirmed_on = models.DateField(_("last confirmed by the city on"), null=True, blank=True)
    search_text = models.TextField(editable=False, default="")
    sort_de = models.CharField(max_length=200, editable=False, default="")
    sort_en = models.CharField(max_length=200, editable=False, default="")
    name_de: str
    name_en: str | None
    portrait_de: str | None
    portrait_en: str | None
    # filled by for_page() and the view of one city
    known_facts: list[dict[str, Any]]
    shown_pictures: list[dict[str, Any]]
    people: int | None
    shown_memberships: list[Any]

    objects = MultilingualManager.from_queryset(CityQuerySet)()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("city")
        verbose_name_plural = _("cities")
        indexes = [GinIndex(OpClass("search_text", "gin_trgm_ops"), name="city_search_text")]
        constraints = [
            german_is_there("name"),
            models.CheckConstraint(condition=Q(latitude__range=(-90, 90)), name="a_latitude_is_possible"),
            models.CheckConstraint(condition=Q(longitude__range=(-180, 180)), name="a_longitude_is_possible"),
            models.UniqueConstraint(fields=["ags"], condition=~Q(ags=""), name="one_city_per_municipality_key"),
            models.UniqueConstraint(fields=["geoname_id"], name="one_city_per_geonames_number"),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("cities:detail", args=[self.slug])

    def prepare(self) -> None:
        """Fill the columns that search and order are made from; bulk writers call it themselves."""
        english = self.name_en or self.name_de
        self.search_text = "|" + "|".join(spellings(self.name_de, english)) + "|"
        self.sort_de, self.sort_en = fold(self.name_de), fold(english)


class Fact(models.Model):
    """One fact about a city, never without a source."""

    class Kind(models.TextChoices):
        POPULATION = "population", _("population")
        AREA = "area", _("area in km²")

    city = models.ForeignKey(City, models.CASCADE, related_name="facts", verbose_name=_("city"))
    kind = models.CharField(_("what"), max_length=20, choices=Kind)
    value = models.DecimalField(_("value"), max_digits=14, decimal_places=2, validators=[MinValueValidator(0)])
    year = models.PositiveSmallIntegerField(_("year of the value"), null=True, blank=True)
    source_label = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    read_on = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        ordering = ["city", "kind", "-year"]
        verbose_name = _("fact")
        verbose_name_plural = _("facts")
        constraints = [
            models.UniqueConstraint(fields=["city", "kind"], name="one_fact_per_kind"),
            models.CheckConstraint(
                condition=Q(year__isnull=True) | Q(year__range=(1800, 2100)), name="a_fact_has_a_possible_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.city}: {self.get_kind_display()} {self.value}"


class Picture(models.Model):
    """A picture of a city: never without alternative text, credit and licence."""

    city = models.ForeignKey(City, models.CASCADE, related_name="pictures", verbose_name=_("city"))
    image = models.ImageField(
        _("picture"), upload_to="cities/", width_field="width", height_field="height", max_length=200
    )
    width = models.PositiveIntegerField(editable=False, default=0)
    height = models.PositiveIntegerField(editable=False, default=0)
    alt = models.CharField(_("what the picture shows"), max_length=300)
    credit = models.CharField(_("credit"), max_length=200)
    licence = models.CharField(_("licence"), max_length=100)
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    added_at = models.DateTimeField(auto_now_add=True)
    alt_de: str

    class Meta:
        ordering = ["city", "position", "pk"]
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        constraints = [german_is_there("alt")]

    def __str__(self) -> str:
        return self.alt


class ProfileEdit(models.Model):
    """What a city's own team changed in its profile; an import never overwrites such a value without a choice."""

    FIELDS: ClassVar[tuple[str, ...]] = ("name_de", "name_en", "website", "population")

    city = models.ForeignKey(City, models.CASCADE, related_name="edits")
    field = models.CharField(max_length=30)
    old = models.TextField(blank=True)
    new = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="profile_edits")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "-pk"]
        verbose_name = _("change of a profile")
        verbose_name_plural = _("changes of profiles")

    def __str__(self) -> str:
        return f"{self.city}: {self.field}"
