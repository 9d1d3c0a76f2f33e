"""Calls for applications: a pack in one version, and moments in a named time zone."""

import datetime
import zoneinfo
from functools import lru_cache
from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from modeltranslation.manager import MultilingualManager, MultilingualQuerySet

from applications.pack import Pack, read
from applications.workflow import GONE, State
from network.models import Network, Office, User
from network.permissions import is_operator

if TYPE_CHECKING:
    from django_stubs_ext.db.models.manager import RelatedManager

# A deadline names the last second that counts: 23:59:59 is in time until the next second begins.
LAST_SECOND = datetime.timedelta(seconds=1)


class PackVersion(models.Model):
    """One version of a pack; the database refuses to change it."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="packs", verbose_name=_("network"))
    key = models.CharField(_("key"), max_length=60)
    number = models.PositiveSmallIntegerField(_("version"))
    document = models.JSONField(_("document"))
    sha256 = models.CharField(_("fingerprint"), max_length=64)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("created by")
    )

    class Meta:
        ordering = ["network", "key", "-number"]
        verbose_name = _("version of a pack")
        verbose_name_plural = _("versions of packs")
        constraints = [
            models.UniqueConstraint(fields=["network", "key", "number"], name="one_pack_version_per_number"),
            models.UniqueConstraint(fields=["network", "key", "sha256"], name="one_pack_version_per_content"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.number}"

    @property
    def pack(self) -> Pack:
        """The pack as typed data; read once in a process, since a version never changes."""
        return _pack_of(self.pk, self.sha256)


@lru_cache(maxsize=64)
def _pack_of(pk: int, sha256: str) -> Pack:
    return read(PackVersion.objects.values_list("document", flat=True).get(pk=pk, sha256=sha256))


def a_time_zone(name: str) -> None:
    """Refuses what is no time zone of the IANA database."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("There is no time zone of this name. Example: Europe/Berlin"))


class CallQuerySet(MultilingualQuerySet["Call"]):
    """Calls a person may know of."""

    def published(self) -> "CallQuerySet":
        """What everybody may see now."""
        return self.filter(published_at__lte=timezone.now())

    def visible_to(self, user: User | AnonymousUser) -> "CallQuerySet":
        """Published calls; those being prepared only for coordinators of their network, and operators."""
        if not (isinstance(user, User) and user.is_active):
            return self.published()
        if is_operator(user):
            return self.all()
        own = user.offices.filter(role=Office.Role.COORDINATOR).values("network")
        return self.filter(Q(published_at__lte=timezone.now()) | Q(network__in=own))

    def cases_for(self, user: User | AnonymousUser) -> "CallQuerySet":
        """Those whose applications the person reads as coordination: of their own networks; all for operators."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        return self.all() if is_operator(user) else self.coordinated_by(user)

    def coordinated_by(self, user: User | AnonymousUser) -> "CallQuerySet":
        """Those of the networks the person coordinates."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        return self.filter(network__in=user.offices.filter(role=Office.Role.COORDINATOR).values("network"))

    def prepared_by(self, user: User | AnonymousUser) -> "CallQuerySet":
        """Those the person prepares and changes: of the networks they coordinate, unless a city of theirs applies."""
        if not (isinstance(user, User) and user.is_active):
            return self.none()
        competing = set(State.values) - GONE
        own = Call.objects.filter(applications__city__team__user=user, applications__state__in=competing)
        return self.coordinated_by(user).exclude(pk__in=own.order_by().values("pk"))

    def untouched(self) -> "CallQuerySet":
        """Those in preparation from which nothing was started yet: no application, no readiness check, no invitation
        to review, no further call, no moved date."""
        return self.filter(
            published_at=None, applications=None, readiness_results=None, reviewer_invitations=None, made_into=None,
            extensions=None, releases=None,
        )  # fmt: skip

    def for_list(self) -> "CallQuerySet":
        """With what a list shows: open ones first, by deadline."""
        return (
            self.select_related("network", "pack_version").defer("pack_version__document").order_by("closes_at", "pk")
        )


class Call(models.Model):
    """A network calls for applications. All deadlines are moments, shown in the call's own time zone."""

    network = models.ForeignKey(Network, models.PROTECT, related_name="calls", verbose_name=_("network"))
    pack_version = models.ForeignKey(PackVersion, models.PROTECT, related_name="calls", verbose_name=_("pack"))
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    title = models.CharField(_("title"), max_length=200)
    zone = models.CharField(_("time zone"), max_length=60, default="Europe/Berlin", validators=[a_time_zone])
    published_at = models.DateTimeField(_("published from"), null=True, blank=True)
    opens_at = models.DateTimeField(_("opens"))
    closes_at = models.DateTimeField(_("deadline for cities"), help_text=_("the last second that counts"))
    forwards_at = models.DateTimeField(_("deadline of the National Commission"), null=True, blank=True)
    decides_at = models.DateTimeField(_("decision expected"), null=True, blank=True)
    made_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="made_into", verbose_name=_("made from")
    )
    dates_confirmed_at = models.DateTimeField(_("dates confirmed at"), null=True, blank=True)
    dates_confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dates confirmed by"),
    )
    is_demo = models.BooleanField(_("made for a demo"), default=False)

    if TYPE_CHECKING:
        title_de: str
        title_en: str
        network_id: int
        pack_version_id: int
        made_from_id: int | None
        extensions: RelatedManager["Extension"]

    objects = MultilingualManager.from_queryset(CallQuerySet)()

    class Meta:
        ordering = ["-closes_at", "pk"]
        verbose_name = _("call for applications")
        verbose_name_plural = _("calls for applications")
        constraints = [
            models.CheckConstraint(
                condition=Q(title_de__isnull=False, title_de__gt=""), name="call_has_a_german_title"
            ),
            models.CheckConstraint(condition=Q(opens_at__lt=F("closes_at")), name="call_opens_before_it_closes"),
            models.CheckConstraint(
                condition=Q(forwards_at__isnull=True) | Q(forwards_at__gte=F("closes_at")),
                name="call_forwards_after_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(dates_confirmed_at__isnull=True, dates_confirmed_by__isnull=True)
                | Q(dates_confirmed_at__isnull=False, dates_confirmed_by__isnull=False),
                name="call_dates_confirmed_at_and_by",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("calls:detail", args=[self.slug])

    @property
    def pack(self) -> Pack:
        return self.pack_version.pack

    @property
    def zone_info(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)

    def is_open(self, at: datetime.datetime | None = None) -> bool:
        """Whether a city may submit at this moment (now): from the opening to the end of the last second."""
        return self.opens_at <= (at or timezone.now()) < self.closes_at + LAST_SECOND

    def has_opened(self, at: datetime.datetime | None = None) -> bool:
        return self.opens_at <= (at or timezone.now())

    def is_over(self, at: datetime.datetime | None = None) -> bool:
        return (at or timezone.now()) >= self.closes_at + LAST_SECOND


class Extension(models.Model):
    """A deadline was moved: from when to when, why and by whom. Public but for the person."""

    class Deadline(models.TextChoices):
        CLOSES = "closes_at", _("deadline for cities")
        FORWARDS = "forwards_at", _("deadline of the National Commission")
        DECIDES = "decides_at", _("decision expected")

    call = models.ForeignKey(Call, models.PROTECT, related_name="extensions", verbose_name=_("call"))
    deadline = models.CharField(_("deadline"), max_length=12, choices=Deadline)
    old = models.DateTimeField(_("before"), null=True)
    new = models.DateTimeField(_("now"))
    reason = models.TextField(_("reason"))
    at = models.DateTimeField(_("when"), auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by"))

    if TYPE_CHECKING:
        reason_de: str
        reason_en: str

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("moved deadline")
        verbose_name_plural = _("moved deadlines")

    def __str__(self) -> str:
        return gettext("%(deadline)s of “%(call)s”") % {"deadline": self.get_deadline_display(), "call": self.call}
