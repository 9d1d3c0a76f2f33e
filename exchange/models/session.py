"""Sessions: online meetings in which cities told each other something, with what is kept of them."""

import datetime
import zoneinfo

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager

from cities.models import City
from exchange.models.practice import Practice
from exchange.models.programme import Programme
from exchange.models.theme import Theme
from network.models import Network, User
from network.models.network import PARTIAL_DATE, german_is_there
from network.permissions import keeps_content


def is_zone(name: str) -> None:
    """Refuses what is no name of the time zone database (IANA)."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("Write the name of a time zone, for example Europe/Berlin."))


def _still() -> Q:
    """Not over by the portal's calendar: a session's own day may end while it is still the day before elsewhere."""
    today = timezone.localdate()
    begin = timezone.make_aware(datetime.datetime.combine(today, datetime.time()))
    return Q(day__gte=today) | Q(starts_at__gte=begin) | Q(ends_at__gt=begin)


class SessionQuerySet(models.QuerySet["Session"]):
    """Sessions by day; a day is the day where the session took place."""

    def published(self) -> "SessionQuerySet":
        """What everybody may read."""
        return self.filter(published_at__isnull=False, is_demo=False)

    def kept_by(self, user: User | AnonymousUser) -> "SessionQuerySet":
        """Those the person writes: of the programmes the person keeps, and those of no programme; drafts too, and
        what a demo has made."""
        if not keeps_content(user):
            return self.none()
        own = Programme.objects.kept_by(user).values("pk")
        return self.filter(Q(programme=None) | Q(programme__in=own))

    def for_keepers(self) -> "SessionQuerySet":
        """What the keepers' list shows, latest first; `has_report` where something was written about it."""
        told = Q(Exists(BriefingSection.objects.filter(session=OuterRef("pk")))) | ~Q(briefing_de__in=["", None])
        rows = self.select_related("programme").annotate(has_report=told)
        return rows.order_by("-day", "-starts_at", "slug").fetch_mode(models.FETCH_RAISE)

    def with_page(self) -> "SessionQuerySet":
        """Those with a page of their own: published ones, also those made for a demo, which say so and are in no list,
        count, feed or archive."""
        return self.filter(published_at__isnull=False).select_related("programme").fetch_mode(models.FETCH_RAISE)

    def for_list(self) -> "SessionQuerySet":
        """Published ones with what their rows show."""
        return self.published().select_related("programme").fetch_mode(models.FETCH_RAISE)

    def upcoming(self) -> "SessionQuerySet":
        """Those of today and later, next first."""
        return self.for_list().filter(_still()).order_by("day", F("starts_at").asc(), "pk")

    def archive(self) -> "SessionQuerySet":
        """Those before today, latest first."""
        return self.for_list().exclude(_still()).order_by("-day", F("starts_at").desc(), "-pk")

    def for_page(self) -> "SessionQuerySet":
        """One session with speakers, links, sections, networks, and related practices and cities."""
        parts = ("speakers__city__country", "links", "networks", "sections", "cities__country")
        return self.with_page().prefetch_related(*parts)


class Session(models.Model):
    """One session. Where an announcement names only the day, so does the portal."""

    slug = models.SlugField(_("short address"), max_length=120, unique=True)
    title = models.CharField(_("title"), max_length=200)
    theme = models.CharField(_("theme"), max_length=12, choices=Theme)
    programme = models.ForeignKey(
        Programme, models.PROTECT, related_name="sessions", null=True, blank=True, verbose_name=_("programme")
    )
    networks: models.ManyToManyField[Network, models.Model] = models.ManyToManyField(
        Network, related_name="sessions", blank=True, verbose_name=_("networks")
    )
    day = models.DateField(_("day"))
    starts_at = models.DateTimeField(_("begins"), null=True, blank=True)
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    zone = models.CharField(_("time zone"), max_length=40, blank=True, validators=[is_zone])
    zone_announced = models.CharField(_("time zone in the words of the announcement"), max_length=20, blank=True)
    hosts = models.CharField(_("hosts"), max_length=300)
    partners = models.CharField(_("partners"), max_length=300, blank=True)
    languages = ArrayField(models.CharField(max_length=3), verbose_name=_("languages"), default=list, blank=True)
    summary = models.TextField(_("in one or two sentences"))
    briefing = models.TextField(_("session report"), blank=True)
    interpreted = ArrayField(
        models.CharField(max_length=3), verbose_name=_("interpreted into"), default=list, blank=True
    )
    contact_email = models.EmailField(_("address for questions"), blank=True)
    link = models.URLField(_("address of the meeting"), max_length=500, blank=True)
    link_minutes = models.PositiveSmallIntegerField(_("address shown so many minutes before"), default=30)
    takes_registrations = models.BooleanField(_("with registration"), default=False)
    places = models.PositiveSmallIntegerField(_("places"), null=True, blank=True)
    registration_until = models.DateTimeField(_("registration until"), null=True, blank=True)
    series = models.CharField(max_length=40, blank=True, editable=False)  # the same for all of a repeating series
    # which entry of a calendar it was read from, and what that said the last time
    calendar_key = models.CharField(max_length=64, blank=True, editable=False)
    imported = models.JSONField(default=dict, blank=True, editable=False)
    practices: models.ManyToManyField[Practice, models.Model] = models.ManyToManyField(
        Practice, related_name="sessions", blank=True, verbose_name=_("related practices")
    )
    cities: models.ManyToManyField[City, models.Model] = models.ManyToManyField(
        City, related_name="sessions", blank=True, verbose_name=_("related cities")
    )
    source_label = models.CharField(_("source"), max_length=200)
    source_url = models.URLField(_("address of the source"), max_length=500, blank=True)
    as_of = models.CharField(_("as of"), max_length=10, blank=True, validators=[PARTIAL_DATE])
    is_demo = models.BooleanField(_("demo, never shown in public"), default=False)
    published_at = models.DateTimeField(_("published on"), null=True, blank=True)
    cancelled_at = models.DateTimeField(_("cancelled on"), null=True, blank=True)
    cancelled_why = models.TextField(_("reason of the cancellation"), blank=True)
    changed_at = models.DateTimeField(auto_now=True, null=True)
    title_de: str
    title_en: str | None
    summary_de: str

    objects = MultilingualManager.from_queryset(SessionQuerySet)()

    class Meta:
        ordering = ["-day", "-starts_at", "slug"]
        verbose_name = _("session")
        verbose_name_plural = _("sessions")
        constraints = [
            german_is_there("title"),
            german_is_there("summary"),
            models.CheckConstraint(condition=Q(starts_at__isnull=True) | Q(zone__gt=""), name="a_time_has_its_zone"),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="a_session_ends_after_it_began"
            ),
            models.UniqueConstraint(
                fields=["programme", "calendar_key"], condition=Q(calendar_key__gt=""), name="one_session_per_entry"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("exchange:session", args=[self.slug])

    @property
    def zone_info(self) -> datetime.tzinfo:
        """The zone of the place; the portal's own where none is known (then there is no time either)."""
        return zoneinfo.ZoneInfo(self.zone) if self.zone else timezone.get_default_timezone()

    @property
    def is_over(self) -> bool:
        """Whether its day is over, by the calendar of the place and of the portal: a page is kept for a day."""
        moments = [timezone.localdate(at) for at in (self.starts_at, self.ends_at) if at]
        return max([self.day, *moments]) < timezone.localdate()

    @property
    def takes_new(self) -> bool:
        """Whether somebody may still register, as far as time goes."""
        end = self.registration_until or self.starts_at
        return self.takes_registrations and not self.cancelled_at and (end is None or timezone.now() < end)

    @property
    def link_from(self) -> datetime.datetime | None:
        """From when on the address of the meeting is shown; None where no time is known."""
        return self.starts_at and self.starts_at - datetime.timedelta(minutes=self.link_minutes)

    def shows_link(self, now: datetime.datetime) -> bool:
        """Whether the address of the meeting is shown: shortly before it begins until an hour after its end."""
        if not self.link or self.cancelled_at or self.starts_at is None or self.link_from is None:
            return False
        end = self.ends_at or self.starts_at + datetime.timedelta(hours=3)
        return self.link_from <= now <= end + datetime.timedelta(hours=1)


class Speaker(models.Model):
    """Who spoke in a session: the office counts, a name only where the source gives one."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="speakers", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    name = models.CharField(_("name"), max_length=200, blank=True)
    office = models.CharField(_("office, or the body spoken for"), max_length=300)
    has_agreed = models.BooleanField(_("has agreed to be named here"), default=False)
    city = models.ForeignKey(
        City, models.SET_NULL, related_name="+", null=True, blank=True, verbose_name=_("city in the directory")
    )
    office_de: str

    class Meta:
        ordering = ["session", "position", "pk"]
        verbose_name = _("speaker")
        verbose_name_plural = _("speakers")
        constraints = [german_is_there("office")]

    def __str__(self) -> str:
        return self.name or self.office


class BriefingSection(models.Model):
    """One part of the report on a session."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="sections", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    title = models.CharField(_("heading"), max_length=200)
    text = models.TextField(_("text"))
    title_de: str
    text_de: str

    class Meta:
        ordering = ["session", "position", "pk"]
        verbose_name = _("section of a session report")
        verbose_name_plural = _("sections of session reports")
        constraints = [german_is_there("title"), german_is_there("text")]

    def __str__(self) -> str:
        return self.title


class SessionLink(models.Model):
    """What is kept of a session elsewhere."""

    class Kind(models.TextChoices):
        ANNOUNCEMENT = "announcement", _("announcement")
        RECORDING = "recording", _("recording")
        SLIDES = "slides", _("slides")
        REPORT = "report", _("report")
        PRESS = "press", _("press release")
        MATERIAL = "material", _("material")

    session = models.ForeignKey(Session, models.CASCADE, related_name="links", verbose_name=_("session"))
    position = models.PositiveSmallIntegerField(_("position"), default=100)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    label = models.CharField(_("label"), max_length=200)
    language = models.CharField(_("language"), max_length=3, blank=True)
    url = models.URLField(_("address"), max_length=500)
    label_de: str

    class Meta:
        ordering = ["session", "position", "pk"]
        verbose_name = _("link")
        verbose_name_plural = _("links")
        constraints = [german_is_there("label")]

    def __str__(self) -> str:
        return self.label
