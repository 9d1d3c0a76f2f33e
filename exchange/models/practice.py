"""Practices: what a city did, why, with what, and what others need to know before they try it."""

from collections import namedtuple
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import connections, models
from django.db.models import OuterRef, Q
from django.db.models.expressions import RawSQL
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from cities.models import City, Country
from cities.names import fold
from cities.permissions import own_cities
from exchange.models.programme import Programme
from exchange.models.theme import GOALS, Theme
from network.models import Network, User
from network.models.network import PARTIAL_DATE
from network.permissions import keeps_content

KEYS = object()  # stands in a statement for the primary keys asked for
# A place of its own has a position or none; a city of the directory has its position there. Degrees.
ONE_POSITION = Q(latitude__isnull=True, longitude__isnull=True) | Q(
    city__isnull=True, latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180
)


class Stage(models.TextChoices):
    """How far a practice has come."""

    PLANNED = "planned", _("planned")
    RUNNING = "running", _("running")
    FINISHED = "finished", _("finished")
    STOPPED = "stopped", _("stopped")


class Staff(models.TextChoices):
    """How many people it takes, in full-time posts."""

    NONE = "none", _("no post of its own")
    HALF = "half", _("up to half a post")
    ONE = "one", _("up to one post")
    THREE = "three", _("up to three posts")
    MORE = "more", _("more than three posts")


class Money(models.TextChoices):
    """What it costs a year beside its staff, in euros."""

    NONE = "none", _("no money of its own")
    TEN = "10k", _("up to 10,000 euros a year")
    FIFTY = "50k", _("up to 50,000 euros a year")
    QUARTER = "250k", _("up to 250,000 euros a year")
    MORE = "more", _("more than 250,000 euros a year")


class Partners(models.TextChoices):
    """Whether a city looks for others to go on with."""

    WANTED = "wanted", _("looking for partners")
    TALKING = "talking", _("in talks with partners")
    FOUND = "found", _("partners found")


class PracticeQuerySet(models.QuerySet["Practice"]):
    """Practices; what is a draft or a demo is in no public list, count, feed or export."""

    def published(self) -> "PracticeQuerySet":
        """What everybody may read."""
        shown = self.filter(published_at__isnull=False, is_demo=False, visibility=Practice.Visibility.PUBLIC)
        return shown.exclude(city__is_demo=True)

    def moderated_by(self, user: User | AnonymousUser) -> "PracticeQuerySet":
        """Those in the person's charge: coordinators of the programme's networks, all coordinators where there is no
        programme or it has no networks, operators all. Never those of one's own city."""
        if not keeps_content(user):
            return self.none()
        others = self.exclude(city__in=own_cities(user).values("pk"))
        return others.filter(Q(programme=None) | Q(programme__in=Programme.objects.kept_by(user).values("pk")))

    def listed(self, keys: list[int]) -> dict[int, Any]:
        """What cards and files show of the published practices with these primary keys, by key: the columns `LISTED`,
        `programme_slug`, `network_slugs` (the networks it was told in) and `transfer_stages` (how far each other city
        has come with it, one value a city). The place is not read. One query."""
        sql, parameters = _statement()
        with connections[self.db].cursor() as cursor:
            cursor.execute(sql, [keys if value is KEYS else value for value in parameters])
            row = _row(tuple(column.name for column in cursor.description or ()))
            return {found.pk: found for found in map(row._make, cursor)}

    def for_page(self) -> "PracticeQuerySet":
        """What the page of one practice shows, in one query: `further_links`, `shown_pictures`, `shown_documents` and
        `trail` (the newest step of each city, newest first) are lists of dictionaries."""
        pages: PracticeQuerySet = self.select_related("city__country", "country", "programme").annotate(
            **_listed(), **_links(), **_pictures(), **_documents(), **_trail()
        )
        return pages.fetch_mode(models.FETCH_RAISE)


@cache
def _statement() -> tuple[str, tuple[Any, ...]]:
    """What listed() asks, with KEYS for the keys. Always the same text, and to write it takes longer than to ask it."""
    wanted = Practice.objects.published().filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [KEYS]))
    rows = wanted.order_by().annotate(**_listed()).values_list("pk", *Practice.LISTED, *_listed())
    sql, parameters = rows.query.sql_with_params()
    return sql, tuple(parameters)


@cache
def _row(columns: tuple[str, ...]) -> Any:
    """A row; its columns come in the order of the database's answer."""
    return namedtuple("PracticeRow", columns)


def _listed() -> dict[str, Any]:
    through = Practice.networks.through
    told = through._default_manager.filter(practice_id=OuterRef("pk")).order_by("network__position")
    return {
        "programme_slug": models.F("programme__slug"),
        "network_slugs": ArraySubquery(told.values("network__slug")),
        "transfer_stages": ArraySubquery(_newest_steps().values("stage")),
    }


def _links() -> dict[str, ArraySubquery]:
    links = PracticeLink.objects.filter(practice_id=OuterRef("pk")).order_by("position", "pk")
    return {"further_links": ArraySubquery(links.values(json=JSONObject(label="label", url="url")))}


def _pictures() -> dict[str, ArraySubquery]:
    pictures = apps.get_model("exchange", "PracticePicture")._default_manager
    shown = pictures.filter(proposal__practice_id=OuterRef("pk"), is_public=True).order_by("pk")
    names = ("pk", "alt_de", "alt_en", "credit", "licence", "width", "height")
    return {"shown_pictures": ArraySubquery(shown.values(json=JSONObject(**{name: name for name in names})))}


def _documents() -> dict[str, ArraySubquery]:
    documents = apps.get_model("exchange", "PracticeDocument")._default_manager
    shown = documents.filter(proposal__practice_id=OuterRef("pk"), is_public=True).order_by("pk")
    names = ("pk", "title_de", "title_en", "language", "credit", "licence", "kind", "size", "pages")
    return {"shown_documents": ArraySubquery(shown.values(json=JSONObject(**{name: name for name in names})))}


def _newest_steps() -> models.QuerySet[Any]:
    steps: models.QuerySet[Any] = apps.get_model("exchange", "TransferStep")._default_manager.public()
    of_practice = steps.filter(practice_id=OuterRef("pk"))
    return of_practice.order_by("city_id", "-pk").distinct("city_id")


def _trail() -> dict[str, ArraySubquery]:
    shown = JSONObject(
        pk="pk", stage="stage", note="note", language="language", at="at", city="city_id", slug="city__slug",
        name_de="city__name_de", name_en="city__name_en", country_de="city__country__name_de",
        country_en="city__country__name_en",
    )  # fmt: skip
    return {"trail": ArraySubquery(_newest_steps().values(json=shown))}


class Practice(models.Model):
    """One practice, in one format for all. Written in one language only, it is shown in that one everywhere."""

    class Original(models.TextChoices):
        DE = "de", _("German")
        EN = "en", _("English")
        BOTH = "both", _("German and English")

    class Visibility(models.TextChoices):
        PUBLIC = "public", _("public")
        REPORTED = "reported", _("reported, hidden until somebody has looked")
        HIDDEN = "hidden", _("hidden by a coordinator")
        WITHDRAWN = "withdrawn", _("withdrawn by its authors")

    TEXTS: ClassVar[tuple[str, ...]] = (
        "title", "summary", "problem", "measures", "preconditions", "evidence", "setbacks", "transfer", "contact",
        "partners_sought",
    )  # fmt: skip
    # columns that cards and files show
    LISTED: ClassVar[tuple[str, ...]] = (
        "slug", "title_de", "title_en", "summary_de", "summary_en", "languages", "original_language", "theme", "goals",
        "first_year", "last_year", "stage", "money", "partners", "licence",
        "source_url", "published_at", "changed_at",
    )  # fmt: skip

    slug = models.SlugField(_("short address"), max_length=200, unique=True)
    original_language = models.CharField(_("written in"), max_length=4, choices=Original)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("in one or two sentences"))
    city = models.ForeignKey(
        City, models.PROTECT, related_name="practices", null=True, blank=True, verbose_name=_("city")
    )
    authority = models.CharField(
        _("other territorial authority"), max_length=200, blank=True, help_text=_("Only where it is not in the list.")
    )
    country = models.ForeignKey(
        Country, models.PROTECT, related_name="practices", null=True, blank=True, verbose_name=_("its country")
    )
    latitude = models.FloatField(_("its latitude"), null=True, blank=True)
    longitude = models.FloatField(_("its longitude"), null=True, blank=True)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme)
    goals = ArrayField(
        models.PositiveSmallIntegerField(validators=[MinValueValidator(1), MaxValueValidator(17)]),
        verbose_name=_("Sustainable Development Goals"), default=list, blank=True,
    )  # fmt: skip
    first_year = models.PositiveSmallIntegerField(_("first year"), null=True, blank=True)
    last_year = models.PositiveSmallIntegerField(_("last year"), null=True, blank=True)
    stage = models.CharField(_("state"), max_length=8, choices=Stage, blank=True)
    problem = models.TextField(_("the problem"), blank=True)
    measures = models.TextField(_("what was done"), blank=True)
    preconditions = models.TextField(_("what must be there before"), blank=True)
    staff = models.CharField(_("staff"), max_length=8, choices=Staff, blank=True)
    money = models.CharField(_("money"), max_length=8, choices=Money, blank=True)
    evidence = models.TextField(_("evidence of success"), blank=True)
    setbacks = models.TextField(_("what went wrong, what would be done differently"), blank=True)
    transfer = models.TextField(_("potential for transfer"), blank=True)
    contact = models.CharField(_("office that answers questions"), max_length=200, blank=True)
    contact_email = models.EmailField(
        _("its address"), blank=True, help_text=_("The address of an office, never of a person.")
    )
    partners = models.CharField(_("partners"), max_length=8, choices=Partners, blank=True)
    partners_sought = models.TextField(_("which partners are wanted, and for what"), blank=True)
    licence = models.CharField(_("licence"), max_length=100, blank=True)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="practices", null=True, blank=True, verbose_name=_("programme")
    )
    networks: models.ManyToManyField[Network, models.Model] = models.ManyToManyField(
        Network, related_name="practices", blank=True, verbose_name=_("told in these networks")
    )
    source_label = models.CharField(_("source"), max_length=200, blank=True)
    source_url = models.URLField(_("address of the source"), max_length=1000, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    is_demo = models.BooleanField(_("demo, never shown in public"), default=False)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    visibility = models.CharField(_("shown"), max_length=9, choices=Visibility, default=Visibility.PUBLIC)
    confirmed_on = models.DateField(_("last confirmed as correct"), null=True, blank=True)
    asked_on = models.DateField(_("last asked whether it is still correct"), null=True, blank=True)
    changed_at = models.DateTimeField(auto_now=True)
    imported = models.JSONField(editable=False, default=dict)  # what the last import has written, by column
    folded_de = models.TextField(editable=False, default="")
    folded_en = models.TextField(editable=False, default="")
    # filled by prepare() for lists: the languages it is shown whole in, its title as pages in each language sort it
    languages = ArrayField(models.CharField(max_length=2), editable=False, default=list)
    sort_de = models.CharField(max_length=200, editable=False, default="")
    sort_en = models.CharField(max_length=200, editable=False, default="")
    title_de: str | None
    title_en: str | None
    summary_de: str | None
    summary_en: str | None
    # filled by for_page()
    programme_slug: str | None
    network_slugs: list[str]
    transfer_stages: list[str]
    # filled by for_page()
    further_links: list[dict[str, str]]
    shown_pictures: list[dict[str, Any]]
    shown_documents: list[dict[str, Any]]
    trail: list[dict[str, Any]]

    objects = MultilingualManager.from_queryset(PracticeQuerySet)()

    class Meta:
        ordering = ["slug"]
        verbose_name = _("practice")
        verbose_name_plural = _("practices")
        constraints = [
            models.CheckConstraint(
                condition=Q(original_language="en") | Q(title_de__gt="", summary_de__gt="", title_de__isnull=False,
                                                        summary_de__isnull=False),
                name="a_practice_is_there_in_german_if_written_so",
            ),
            models.CheckConstraint(
                condition=Q(original_language="de") | Q(title_en__gt="", summary_en__gt="", title_en__isnull=False,
                                                        summary_en__isnull=False),
                name="a_practice_is_there_in_english_if_written_so",
            ),
            models.CheckConstraint(
                condition=Q(city__isnull=False, authority="", country__isnull=True)
                | Q(city__isnull=True, authority__gt="", country__isnull=False),
                name="a_practice_has_one_place",
            ),
            models.CheckConstraint(condition=ONE_POSITION, name="a_practice_has_one_position"),
            models.CheckConstraint(condition=Q(goals__contained_by=list(GOALS)), name="goals_are_the_seventeen"),
            models.CheckConstraint(
                condition=Q(last_year__isnull=True) | Q(last_year__gte=models.F("first_year")),
                name="a_practice_ends_after_it_began",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.title_de or self.title_en or self.slug

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.prepare()
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("exchange:practice", args=[self.slug])

    def prepare(self) -> None:
        """Fill the columns that search and lists read; bulk writers call it themselves."""
        self.languages = [language for language in ("de", "en") if self.language_for(language) == language]
        for language in ("de", "en"):
            texts = (getattr(self, f"{name}_{language}") for name in self.TEXTS)
            setattr(self, f"folded_{language}", fold(" ".join(text for text in texts if text)))
            title = getattr(self, f"title_{self.language_for(language)}") or ""
            setattr(self, f"sort_{language}", fold(title)[:200])

    # --- language

    def is_whole_in(self, language: str) -> bool:
        """Whether everything that it says anywhere is there in this language."""
        said = [name for name in self.TEXTS if getattr(self, f"{name}_de") or getattr(self, f"{name}_en")]
        return all(getattr(self, f"{name}_{language}") for name in said)

    def language_for(self, language: str) -> str:
        """The one language that a page in `language` shows all texts in, `de` or `en`: never some of each."""
        if self.original_language in {language, self.Original.BOTH} or self.is_whole_in(language):
            return language
        return self.original_language


class PracticeLink(models.Model):
    """A further address about a practice."""

    practice = models.ForeignKey(Practice, models.CASCADE, related_name="links", verbose_name=_("practice"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    label = models.CharField(_("label"), max_length=200)
    url = models.URLField(_("address"), max_length=1000)

    class Meta:
        ordering = ["practice", "position", "pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")

    def __str__(self) -> str:
        return self.label
